"""Find the decisions and judgements on one entry: what leads nowhere is to be forgotten entry by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0006_retention(db: Database) -> None:
    """Find the decisions and judgements on one entry: what leads nowhere is to be forgotten entry by entry.

    Without these, each entry that is deleted would have SQLite look through all decisions for one that refers to it.
    """
    db.executescript("""
        -- age_out, and what the foreign key asks when an entry goes
        CREATE INDEX decisions_by_entry ON decisions (entry_id, revision);
        CREATE INDEX judgements_by_entry ON judgements (entry_id, revision);
    """)
