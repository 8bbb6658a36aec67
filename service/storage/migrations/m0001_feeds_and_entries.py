"""Poll state and the entry ledger: what was read, kept so that every later step can be repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0001_feeds_and_entries(db: Database) -> None:
    """Poll state and the entry ledger: what was read, kept so that every later step can be repeated.

    AUTOINCREMENT, because without it SQLite hands out the highest `seq` again after a delete, and a cursor that
    stands there would never see the new row.
    """
    db.executescript("""
        CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;

        CREATE TABLE feeds (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            lang TEXT,
            pole TEXT,
            source TEXT NOT NULL,
            state TEXT NOT NULL,
            etag TEXT,
            last_modified TEXT,
            body_hash TEXT,
            last_attempt_at TEXT,
            last_success_at TEXT,
            first_success_at TEXT,
            next_poll_at TEXT,
            next_poll_reason TEXT NOT NULL,
            failures INTEGER NOT NULL,
            error_class TEXT,
            error TEXT,
            entries_seen INTEGER NOT NULL,
            polls INTEGER NOT NULL
        ) STRICT;

        -- due_feeds: active feeds, most overdue first
        CREATE INDEX feeds_due ON feeds (next_poll_at, id) WHERE state = 'active';

        CREATE TABLE entries (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            entry_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            url TEXT,
            outlet TEXT,
            lang TEXT,
            pole TEXT,
            published_at TEXT,
            date_only INTEGER NOT NULL,
            clamped INTEGER NOT NULL,
            first_seen_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            backlog INTEGER NOT NULL,
            UNIQUE (entry_id, revision)
        ) STRICT;

        CREATE TABLE entry_heads (
            entry_id TEXT PRIMARY KEY,
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            revision INTEGER NOT NULL, -- the newest
            content_hash TEXT NOT NULL,
            search_text TEXT NOT NULL, -- title and summary of the newest revision, case folded
            first_seen_at TEXT NOT NULL,
            backlog INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE entry_keys (
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            key TEXT NOT NULL,
            entry_id TEXT NOT NULL REFERENCES entry_heads (entry_id),
            PRIMARY KEY (feed_id, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE cursors (
            name TEXT PRIMARY KEY,
            seq INTEGER NOT NULL
        ) STRICT;
    """)
