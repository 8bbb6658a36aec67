"""Keep second opinions on deltas, and how many were asked for on each day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0013_opinions(db: Database) -> None:
    """Keep second opinions on deltas, and how many were asked for on each day.

    A question that was settled is never asked again, so the table is the cache as well.
    """
    db.executescript("""
        CREATE TABLE opinions (
            delta TEXT NOT NULL,
            model TEXT NOT NULL,
            outcome TEXT NOT NULL, -- "waiting", "given", "invalid" or "failed"
            verdict TEXT, -- JSON object, where it was given
            error TEXT,
            attempts INTEGER NOT NULL,
            next_attempt_at TEXT, -- while it waits
            asked_at TEXT NOT NULL,
            PRIMARY KEY (delta, model)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE opinion_days (
            day TEXT PRIMARY KEY, -- UTC, 2025-02-01
            requests INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
    """)
