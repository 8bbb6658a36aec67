"""Brings a PostgreSQL database to the schema of this version, and says what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.errors import StorageError
from service.storage.postgres_connections import OLDEST
from service.storage.postgres_migrations import steps

if TYPE_CHECKING:
    from service.storage.postgres_connections import Connection

_DONE = """
    CREATE TABLE IF NOT EXISTS migrations (
        name text COLLATE "C" PRIMARY KEY,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


async def migrate(db: Connection) -> None:
    """Run the steps that are missing, all in the transaction of the caller; processes that start together take turns.

    Steps that only a newer version knows are left alone: while a deployment is being renewed, both versions run.
    """
    _refuse_old(db)
    await db.execute("SET LOCAL lock_timeout = 0")  # the other process may be at it for long
    await db.execute("SET LOCAL statement_timeout = 0")
    await db.execute("SELECT pg_advisory_xact_lock(hashtext('aftermath: migrate'))")
    missing = await missing_steps(db)
    if not missing:
        return
    await db.execute(_DONE)
    for step in steps():
        if step.name in missing:
            await db.execute(step.sql)
            await db.execute("INSERT INTO migrations (name) VALUES (%(name)s)", {"name": step.name})


async def missing_steps(db: Connection) -> list[str]:
    """Return the names of the steps this database still needs."""
    row = await (await db.execute("SELECT to_regclass('migrations') IS NOT NULL AS there")).fetchone()
    done: set[str] = set()
    if row is not None and row["there"]:
        done = {row["name"] async for row in await db.execute("SELECT name FROM migrations")}
    return [step.name for step in steps() if step.name not in done]


def _refuse_old(db: Connection) -> None:
    if db.info.server_version < OLDEST:
        raise StorageError(
            f"PostgreSQL {db.info.server_version // 10000} is too old; use version {OLDEST // 10000} or newer"
        )
