"""Copies the ledgers of a SQLite file into PostgreSQL: ids, positions, cursors and the epoch stay what they are.

The file is read in one transaction, so it is copied as it stood at one moment, while its service runs on; what comes
later is brought by copying again. The database is written in one transaction, so it holds all of a copy or none.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import sql

from service.core.errors import Conflict, StorageError
from service.storage import postgres_schema
from service.storage.postgres_connections import connect, label_of, translated
from service.storage.postgres_ledger import COPY_MARK
from service.storage.sqlite_connections import connect_reader
from service.storage.sqlite_connections import translated as sqlite_translated
from service.storage.sqlite_versions import refuse_newer, refuse_unmigrated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from service.storage.postgres_connections import Connection

_OF_POSTGRES: Final = frozenset({"migrations", "ledger_positions"})  # what has no counterpart in SQLite
_LEDGERS: Final = ("entries", "deltas", "facts")


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]


async def copy_ledgers(file: Path, url: str, *, copied: Callable[[str, int], None]) -> None:
    """Make a PostgreSQL database hold what a SQLite file holds now.

    Args:
        file: The database of a service, running or not.
        url: A database that is empty or holds an earlier copy of the same file.
        copied: Called with each table and its rows.

    Raises:
        Conflict: The database holds other ledgers, or a service has already worked on the copy.
        StorageError: One of the two does not answer, or the file is not of this version.
    """
    label = label_of(url)
    with sqlite_translated(str(file)):
        source = connect_reader(file)
    try:
        async with await connect(url) as target:
            await target.set_autocommit(False)
            await postgres_schema.migrate(target)
            await target.commit()
            with closing(source), sqlite_translated(str(file)):
                source.execute("BEGIN")
                refuse_newer(source, str(file))
                refuse_unmigrated(source, str(file))
                await _copy(source, target, label, copied)
            await target.commit()
    except psycopg.Error as error:
        raise translated(label, error) from error


async def _copy(source: Database, target: Connection, label: str, copied: Callable[[str, int], None]) -> None:
    for timeout in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        await target.execute(f"SET LOCAL {timeout} = 0")
    epoch = str(source.execute("SELECT value FROM settings WHERE name = 'epoch'").fetchone()["value"])
    await _refuse_foreign(target, epoch, label)
    tables = await _tables(target)
    _refuse_unlike(source, tables)
    for table in tables:
        copied(table.name, await _stage(source, target, table))
        await _bring(target, table)
    for table in reversed(tables):
        await _drop_missing(target, table)
    for ledger in _LEDGERS:
        row = source.execute("SELECT seq FROM sqlite_sequence WHERE name = :name", {"name": ledger}).fetchone()
        await target.execute(
            "UPDATE ledger_positions SET seq = %(seq)s WHERE ledger = %(ledger)s",
            {"ledger": ledger, "seq": row["seq"] if row else 0},
        )
    await _continue_numbers(source, target)
    await target.execute(
        "INSERT INTO settings (name, value) VALUES (%(name)s, %(epoch)s)", {"name": COPY_MARK, "epoch": epoch}
    )


async def _refuse_foreign(target: Connection, epoch: str, label: str) -> None:
    """Refuse a database that is neither empty nor an untouched copy of the same ledgers."""
    row = await (
        await target.execute("SELECT value FROM settings WHERE name = %(name)s", {"name": COPY_MARK})
    ).fetchone()
    if row is not None:
        if row["value"] != epoch:
            raise Conflict(f"{label} holds a copy of other ledgers; name an empty database")
        return
    held = await (
        await target.execute(
            "SELECT EXISTS (SELECT 1 FROM feeds) OR EXISTS (SELECT 1 FROM entries) OR EXISTS (SELECT 1 FROM stories) "
            "AS something"
        )
    ).fetchone()
    if held is not None and held["something"]:
        raise Conflict(f"a service has written to {label}; name an empty database, so that nothing of it is lost")


async def _tables(target: Connection) -> list[_Table]:
    """Return the tables of our schema, each after those it refers to."""
    rows = await (await target.execute(_COLUMNS)).fetchall()
    refers: dict[str, set[str]] = {row["name"]: set(row["refers"]) - {row["name"]} for row in rows}
    found = {row["name"]: _Table(row["name"], tuple(row["columns"]), tuple(row["keys"])) for row in rows}
    ordered: list[_Table] = []
    while refers:
        ready = sorted(name for name, others in refers.items() if not others & refers.keys())
        assert ready, refers  # tables that refer to each other in a circle: there are none
        ordered += [found[name] for name in ready]
        for name in ready:
            del refers[name]
    return [table for table in ordered if table.name not in _OF_POSTGRES]


_COLUMNS = """
    SELECT tables.relname AS name,
        (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = tables.oid AND attnum > 0 AND NOT attisdropped) AS columns,
        (SELECT array_agg(attname::text) FROM pg_attribute JOIN pg_index ON indrelid = attrelid AND attnum = ANY (indkey)
            WHERE attrelid = tables.oid AND indisprimary) AS keys,
        coalesce((SELECT array_agg(others.relname::text) FROM pg_constraint JOIN pg_class AS others ON others.oid = confrelid
            WHERE conrelid = tables.oid AND contype = 'f'), '{}') AS refers
    FROM pg_class AS tables
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname NOT LIKE 'procrastinate%'
"""


def _refuse_unlike(source: Database, tables: Sequence[_Table]) -> None:
    """Refuse to copy if a table or column had no place to go to: nothing may be lost silently."""
    rows = source.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_sqlite_*'"
    )
    here = {row["name"]: {column.name for column in source[row["name"]].columns} for row in rows.fetchall()}
    there = {table.name: set(table.columns) for table in tables}
    if here != there:
        differing = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
        raise StorageError(f"the two schemas differ in {', '.join(differing)}; use versions that belong together")


async def _stage(source: Database, target: Connection, table: _Table) -> int:
    """Copy all rows of a table beside it; return how many."""
    names = ", ".join(table.columns)
    await target.execute(
        sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(
            _staged(table), _listed(table.columns), sql.Identifier(table.name)
        )
    )
    count = 0
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(_staged(table), _listed(table.columns))
    async with target.cursor() as cursor, cursor.copy(copy) as lines:
        for row in source.execute(f"SELECT {names} FROM {table.name}"):  # noqa: S608 (names are those of our schema)
            await lines.write_row(tuple(row))
            count += 1
    return count


async def _bring(target: Connection, table: _Table) -> None:
    """Insert what is new, and bring up to date what differs."""
    changing = [column for column in table.columns if column not in table.keys]
    update: sql.Composable = sql.SQL("NOTHING")
    if changing:
        update = sql.SQL("UPDATE SET {} WHERE ({}) IS DISTINCT FROM ({})").format(
            sql.SQL(", ").join(
                sql.SQL("{} = excluded.{}").format(sql.Identifier(name), sql.Identifier(name)) for name in changing
            ),
            _listed(changing, table.name),
            _listed(changing, "excluded"),
        )
    await target.execute(
        sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} ON CONFLICT ({}) DO {}").format(
            sql.Identifier(table.name),
            _listed(table.columns),
            _listed(table.columns),
            _staged(table),
            _listed(table.keys),
            update,
        )
    )


async def _drop_missing(target: Connection, table: _Table) -> None:
    """Delete what the file holds no more since an earlier copy."""
    same = sql.SQL(" AND ").join(
        sql.SQL("staged.{} = held.{}").format(sql.Identifier(key), sql.Identifier(key)) for key in table.keys
    )
    await target.execute(
        sql.SQL("DELETE FROM {} AS held WHERE NOT EXISTS (SELECT 1 FROM {} AS staged WHERE {})").format(
            sql.Identifier(table.name), _staged(table), same
        )
    )


async def _continue_numbers(source: Database, target: Connection) -> None:
    """Let columns that number themselves go on after the highest number ever given."""
    row = source.execute("SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'").fetchone()
    if row is not None and row["seq"]:
        await target.execute(
            "SELECT setval(pg_get_serial_sequence('deliveries', 'number'), %(seq)s)", {"seq": row["seq"]}
        )


def _staged(table: _Table) -> sql.Identifier:
    return sql.Identifier(f"staged_{table.name}")


def _listed(names: Sequence[str], of: str | None = None) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(*([of] if of else []), name) for name in names)
