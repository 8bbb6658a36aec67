"""Who may append to a ledger, and at which position: everything about `seq` in PostgreSQL is in this file.

A sequence would give positions in the order of asking and show them in the order of committing: a reader that has seen
2 never looks at a 1 that comes later. So a ledger has one row that says where it stands, and who appends holds that row
to the commit. SQLite does the same with its table of AUTOINCREMENT values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from service.storage.postgres_connections import Connection

Ledger = Literal["entries", "deltas", "facts"]


async def lock_ledger(db: Connection, ledger: Ledger) -> int:
    """Wait for the right to append, which lasts to the end of the transaction; return the last position given."""
    row = await (
        await db.execute("SELECT seq FROM ledger_positions WHERE ledger = %(ledger)s FOR UPDATE", {"ledger": ledger})
    ).fetchone()
    assert row is not None  # made with the table
    return int(row["seq"])


async def give_positions(db: Connection, ledger: Ledger, last: int) -> None:
    """Say that all positions up to `last` are taken."""
    await db.execute(
        "UPDATE ledger_positions SET seq = %(last)s WHERE ledger = %(ledger)s AND seq < %(last)s",
        {"ledger": ledger, "last": last},
    )


async def touch(db: Connection) -> None:
    """Write what changes nothing: whether writing works."""
    await db.execute("UPDATE ledger_positions SET seq = seq WHERE ledger = 'facts'")
