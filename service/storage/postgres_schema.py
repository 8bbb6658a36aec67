"""Brings a PostgreSQL database to the schema of this version, and says what it lacks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from procrastinate.schema import SchemaManager

from service.core.errors import StorageError
from service.storage.postgres_connections import OLDEST
from service.storage.postgres_migrations import steps

if TYPE_CHECKING:
    from service.storage.postgres_connections import Connection

_NOTES = """
    CREATE TABLE IF NOT EXISTS migrations (
        name text COLLATE "C" PRIMARY KEY,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


_QUEUE = "procrastinate "  # its files are noted as "procrastinate 03.04.00_01_pre_…"


async def migrate(db: Connection) -> None:
    """Run the steps that are missing, all in the transaction of the caller; processes that start together take turns.

    Steps that only a newer version knows are left alone: while a deployment is being renewed, both versions run.
    """
    _refuse_old(db)
    await db.execute("SET LOCAL lock_timeout = 0")  # the other process may be at it for long
    await db.execute("SET LOCAL statement_timeout = 0")
    await db.execute("SELECT pg_advisory_xact_lock(hashtext('aftermath: migrate'))")
    if not _missing(await _done(db)):
        return
    await db.execute(_NOTES)
    if not any(name.startswith(_QUEUE) for name in await _done(db)):
        await db.execute(SchemaManager.get_schema())  # what all of the library's files lead to
        await _note(db, [name for name, _ in _queue_steps()])
    for name, sql in _missing(await _done(db)):
        await db.execute(sql)
        await _note(db, [name])


async def missing_steps(db: Connection) -> list[str]:
    """Return the names of the steps this database still needs."""
    return [name for name, _ in _missing(await _done(db))]


async def _done(db: Connection) -> set[str]:
    row = await (await db.execute("SELECT to_regclass('migrations') IS NOT NULL AS there")).fetchone()
    if row is None or not row["there"]:
        return set()
    return {row["name"] async for row in await db.execute("SELECT name FROM migrations")}


async def _note(db: Connection, names: list[str]) -> None:
    await db.cursor().executemany("INSERT INTO migrations (name) VALUES (%(name)s)", [{"name": name} for name in names])


def _missing(done: set[str]) -> list[tuple[str, str]]:
    """Return our steps and those of the queue's library that are not done yet.

    The library calls a step "post" that must wait until its older versions are gone. At the end of the list it is left
    out: it runs before the first step of the next version.
    """
    ours = [(step.name, step.sql) for step in steps() if step.name not in done]
    queue = [(name, sql) for name, sql in _queue_steps() if name not in done]
    while queue and "_post_" in queue[-1][0]:
        queue.pop()
    return ours + queue


@cache
def _queue_steps() -> tuple[tuple[str, str], ...]:
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return tuple((_QUEUE + file.stem, file.read_text(encoding="utf-8")) for file in files)


def _refuse_old(db: Connection) -> None:
    if db.info.server_version < OLDEST:
        raise StorageError(
            f"PostgreSQL {db.info.server_version // 10000} is too old; use version {OLDEST // 10000} or newer"
        )
