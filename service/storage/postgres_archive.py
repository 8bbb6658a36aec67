"""The ledgers of a PostgreSQL database to and from the lines of archive.py. Blocking: it works for commands alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb

from service.core.errors import Conflict
from service.storage.archive import Reading, RowClash, read_into
from service.storage.ledger_tables import POSITIONED, TABLES, Column, LedgerRow, Table
from service.storage.postgres_connections import label_of, translated
from service.storage.rows import instant_text

Session = psycopg.Connection[DictRow]

_BATCH: Final = 500  # rows in memory
# Which rows of a table the deltas after %(since)s rest on.
_OF_ENTRIES: Final = "entry_id IN (SELECT payload ->> 'entry' FROM deltas WHERE seq > %(since)s)"
_SINCE: Final = {
    "deltas": "seq > %(since)s",
    "facts": "delta IN (SELECT id FROM deltas WHERE seq > %(since)s)",
    "developments": "id IN (SELECT payload ->> 'development' FROM deltas WHERE seq > %(since)s)",
    "entries": _OF_ENTRIES,
    "decisions": _OF_ENTRIES,
    "judgements": _OF_ENTRIES,
    "regroupings": "id IN (SELECT id FROM deltas WHERE seq > %(since)s)",
    "opinions": "delta IN (SELECT id FROM deltas WHERE seq > %(since)s)",
    "feeds": f"id IN (SELECT feed_id FROM entries WHERE {_OF_ENTRIES})",  # noqa: S608 (constants)
}


class PostgresSource:
    """A `LedgerSource` over a session inside a transaction that sees one moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def positions(self) -> dict[str, int]:
        """Return the highest `seq` ever given out."""
        rows = self._session.execute("SELECT ledger, seq FROM ledger_positions").fetchall()
        given = {row["ledger"]: int(row["seq"]) for row in rows}
        return {name: given.get(name, 0) for name in POSITIONED}

    def rows(self, table: Table, since: int) -> Iterator[LedgerRow]:
        """Return rows by key."""
        if since and table.name not in _SINCE:
            return
        kinds = {column.name: column.kind for column in table.columns}
        order = ", ".join(f'{key} COLLATE "C"' if kinds[key] == "text" else key for key in table.key)
        query = f"SELECT {', '.join(kinds)} FROM {table.name}"  # noqa: S608 (constants)
        if since:
            query += f" WHERE {_SINCE[table.name]}"
        with self._session.cursor(name=f"export_{table.name}") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(f"{query} ORDER BY {order}", {"since": since} if since else None)
            for row in cursor:
                yield {column.name: _out(row[column.name], column) for column in table.columns}


@contextmanager
def postgres_source(url: str) -> Iterator[PostgresSource]:
    """Read the ledgers of a database as they stand now, while others write to it.

    Raises:
        StorageError: The server does not answer, or the schema is another.
    """
    with _session(url) as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session.read_only = True
        yield PostgresSource(session)


class PostgresTarget:
    """A `LedgerTarget` over a session; the caller holds the transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def load(self, rows: Iterable[tuple[Table, LedgerRow]], positions: Callable[[], dict[str, int]]) -> None:
        """Write all rows as they are."""
        for table in reversed(TABLES):  # what a new store begins with: its own epoch, feeds nobody polled
            self._session.execute(f"DELETE FROM {table.name}")  # noqa: S608 (a constant)
        statements = {table.name: _insert(table) for table in TABLES}
        for table, row in rows:
            values = [_in(row[column.name], column) for column in table.columns]
            try:
                self._session.execute(statements[table.name], values)
            except (psycopg.IntegrityError, psycopg.DataError) as error:
                reason = str(error).splitlines()[0]
                raise RowClash(f"the row of {table.name} does not fit the others ({reason})") from error
        for name, seq in positions().items():
            self._session.execute(
                "UPDATE ledger_positions SET seq = %(seq)s WHERE ledger = %(name)s", {"name": name, "seq": seq}
            )


def load(url: str, reading: Reading) -> None:
    """Fill a migrated database, which must be empty, with exported ledgers: all or nothing.

    Raises:
        Conflict: The database holds something.
        Invalid: With file and line of what is wrong.
        StorageError: The server does not answer.
    """
    with _session(url) as session:
        if _holds_something(session):
            raise Conflict(f"{label_of(url)} holds ledgers already; import into an empty database")
        read_into(PostgresTarget(session), reading)


def _holds_something(session: Session) -> bool:
    row = session.execute("""
        SELECT EXISTS (SELECT 1 FROM entries) OR EXISTS (SELECT 1 FROM deltas) OR EXISTS (SELECT 1 FROM decisions)
            OR EXISTS (SELECT 1 FROM entry_keys) OR EXISTS (SELECT 1 FROM feeds WHERE polls > 0) AS something
    """).fetchone()
    return row is None or bool(row["something"])


@contextmanager
def _session(url: str) -> Iterator[Session]:
    """Hold a session, and with it a transaction that an error undoes."""
    try:
        with psycopg.Connection.connect(url, row_factory=dict_row, connect_timeout=5) as session:
            yield session
    except psycopg.Error as error:
        raise translated(label_of(url), error) from error


def _insert(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(['%s'] * len(table.columns))})"  # noqa: S608 (constants)


def _out(value: Any, column: Column) -> Any:
    return instant_text(value) if value is not None and column.kind == "instant" else value


def _in(value: Any, column: Column) -> Any:
    return Jsonb(value) if value is not None and column.kind == "json" else value
