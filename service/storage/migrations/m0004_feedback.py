"""Keep what editors say of entries, apart from the decisions: it outlives them, and new revisions obey it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0004_feedback(db: Database) -> None:
    """Keep what editors say of entries, apart from the decisions: it outlives them, and new revisions obey it.

    `judged` moves when a judgement changes decisions made before: whoever counts them as they come must begin anew.
    """
    db.executescript("""
        CREATE TABLE judgements (
            story TEXT NOT NULL,
            entry_id TEXT NOT NULL,
            revision INTEGER NOT NULL, -- the newest when it was judged
            relevant INTEGER NOT NULL,
            note TEXT NOT NULL,
            judged_at TEXT NOT NULL,
            PRIMARY KEY (story, entry_id),
            FOREIGN KEY (entry_id, revision) REFERENCES entries (entry_id, revision)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE story_versions ADD COLUMN judged INTEGER NOT NULL DEFAULT 0;
    """)
