"""Count the commits of comparisons of a story: by it a memory that missed one is told from one that is current."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0005_compared(db: Database) -> None:
    """Count the commits of comparisons of a story: by it a memory that missed one is told from one that is current."""
    db.execute("ALTER TABLE story_versions ADD COLUMN compared INTEGER NOT NULL DEFAULT 0")
