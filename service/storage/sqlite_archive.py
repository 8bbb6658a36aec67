"""The ledgers of a SQLite file to and from the lines of archive.py."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from service.core.errors import StorageError
from service.storage.archive import RowClash
from service.storage.ledger_tables import POSITIONED, TABLES, Column, LedgerRow, Table
from service.storage.rows import to_json
from service.storage.sqlite_connections import connect_reader, translated
from service.storage.sqlite_versions import refuse_newer, refuse_unmigrated

if TYPE_CHECKING:
    from sqlite_utils import Database

_BATCH: Final = 500  # rows in memory

# Which rows of a table the deltas after :since rest on.
_OF_ENTRIES = "entry_id IN (SELECT json_extract(payload, '$.entry') FROM deltas WHERE seq > :since)"
_SINCE: Final = {
    "deltas": "seq > :since",
    "facts": "delta IN (SELECT id FROM deltas WHERE seq > :since)",
    "developments": "id IN (SELECT json_extract(payload, '$.development') FROM deltas WHERE seq > :since)",
    "entries": _OF_ENTRIES,
    "decisions": _OF_ENTRIES,
    "judgements": _OF_ENTRIES,
    "regroupings": "id IN (SELECT id FROM deltas WHERE seq > :since)",
    "opinions": "delta IN (SELECT id FROM deltas WHERE seq > :since)",
    "feeds": f"id IN (SELECT feed_id FROM entries WHERE {_OF_ENTRIES})",  # noqa: S608 (constants)
}


class SqliteSource:
    """A `LedgerSource` over an open connection inside a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def positions(self) -> dict[str, int]:
        """Return the highest `seq` ever given out."""
        given = {row["name"]: row["seq"] for row in self._db.execute("SELECT name, seq FROM sqlite_sequence")}
        return {name: int(given.get(name, 0)) for name in POSITIONED}

    def rows(self, table: Table, since: int) -> Iterator[LedgerRow]:
        """Return rows by key."""
        if since and table.name not in _SINCE:
            return
        where = f"WHERE {_SINCE[table.name]}" if since else ""
        if table.name == "settings":
            where = "WHERE name <> 'write probe'"  # a trial of the disk, there for a moment
        names = ", ".join(column.name for column in table.columns)
        found = self._db.execute(
            f"SELECT {names} FROM {table.name} {where} ORDER BY {', '.join(table.key)}",  # noqa: S608 (constants)
            {"since": since},
        )
        while batch := found.fetchmany(_BATCH):
            for row in batch:
                yield {column.name: _out(row[column.name], column) for column in table.columns}


@contextmanager
def sqlite_source(path: Path) -> Iterator[SqliteSource]:
    """Read the ledgers of a file as they stand now, while others may write to it.

    Raises:
        StorageError: The file is missing, not migrated, of a newer version, or damaged where it is read.
    """
    if not path.is_file():
        raise StorageError(f"{path} does not exist; AFTERMATH_DATABASE_URL names the store")
    with translated(str(path)):
        db = connect_reader(path)
        try:
            db.execute("BEGIN")
            refuse_newer(db, str(path))  # whose columns would be left out without a word
            refuse_unmigrated(db, str(path))
            yield SqliteSource(db)
        finally:
            db.close()


def is_empty(db: Database) -> bool:
    """Whether a migrated file holds no ledger yet: feeds that were never polled do not count."""
    found = db.execute("""
        SELECT EXISTS (SELECT 1 FROM entries) OR EXISTS (SELECT 1 FROM deltas) OR EXISTS (SELECT 1 FROM decisions)
            OR EXISTS (SELECT 1 FROM entry_keys) OR EXISTS (SELECT 1 FROM feeds WHERE polls > 0)
    """).fetchone()[0]
    return not found


class SqliteTarget:
    """A `LedgerTarget` over a connection; the caller holds the transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def load(self, rows: Iterable[tuple[Table, LedgerRow]], positions: Callable[[], dict[str, int]]) -> None:
        """Write all rows as they are."""
        for table in reversed(TABLES):  # what a new store begins with: its own epoch, feeds nobody polled
            self._db.execute(f"DELETE FROM {table.name}")  # noqa: S608 (a constant)
        statements = {table.name: _insert(table) for table in TABLES}
        for table, row in rows:
            values = [_in(row[column.name], column) for column in table.columns]
            try:
                self._db.conn.execute(statements[table.name], values)
            except sqlite3.IntegrityError as error:
                raise RowClash(f"the row of {table.name} does not fit the others ({error})") from error
        for name, seq in positions().items():
            self._db.execute("DELETE FROM sqlite_sequence WHERE name = :name", {"name": name})
            self._db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)", {"name": name, "seq": seq})


def _insert(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608 (constants)


def _out(value: Any, column: Column) -> Any:
    if value is None:
        return None
    match column.kind:
        case "json":
            return json.loads(value)
        case "boolean":
            return bool(value)
        case _:
            return value


def _in(value: Any, column: Column) -> Any:
    if value is None:
        return None
    match column.kind:
        case "json":
            return to_json(value)
        case "boolean":
            return int(value)
        case "real":
            return float(value)
        case _:
            return value
