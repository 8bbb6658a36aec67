"""Name this ledger: cursors carry the name, so that one from a ledger that lost rows is told from a good one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0003_epoch(db: Database) -> None:
    """Name this ledger: cursors carry the name, so that one from a ledger that lost rows is told from a good one."""
    db.execute("INSERT INTO settings (name, value) VALUES ('epoch', :epoch)", {"epoch": uuid.uuid4().hex})
