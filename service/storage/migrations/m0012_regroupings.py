"""Keep the orders of editors to split and merge developments, in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0012_regroupings(db: Database) -> None:
    """Keep the orders of editors to split and merge developments, in the order in which they came.

    An order whose delta is in the ledger has been followed. Rows are only ever added.
    """
    db.executescript("""
        CREATE TABLE regroupings (
            id TEXT PRIMARY KEY, -- of the delta that tells of it
            seq INTEGER NOT NULL UNIQUE,
            story TEXT NOT NULL,
            kind TEXT NOT NULL, -- "split" or "merge"
            development TEXT NOT NULL, -- whose reports move
            target TEXT NOT NULL, -- the development they move into
            entries TEXT NOT NULL, -- JSON array; empty for a merge, which moves all
            note TEXT NOT NULL,
            ordered_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX regroupings_by_story ON regroupings (story, seq);
    """)
