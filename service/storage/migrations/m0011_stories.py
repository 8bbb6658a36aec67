"""Keep the stories themselves: those made over the API, and how those looked that are followed no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0011_stories(db: Database) -> None:
    """Keep the stories themselves: those made over the API, and how those looked that are followed no more.

    What was published stays readable after its story has left, and a feed needs its title and threads.
    """
    db.executescript("""
        CREATE TABLE stories (
            id TEXT PRIMARY KEY,
            source TEXT NOT NULL, -- "file" or "api"
            document TEXT NOT NULL, -- the story file as JSON
            followed INTEGER NOT NULL,
            changed_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
    """)
