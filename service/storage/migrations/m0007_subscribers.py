"""Keep who is told of deltas: webhooks with what became of each delivery, and tokens of readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0007_subscribers(db: Database) -> None:
    """Keep who is told of deltas: webhooks with what became of each delivery, and tokens of readers.

    What is still to be told is no queue of its own: it is what the delta ledger holds after `position`.
    """
    db.executescript("""
        CREATE TABLE webhooks (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            story TEXT NOT NULL,
            filters TEXT NOT NULL, -- JSON
            secret TEXT NOT NULL,
            position INTEGER NOT NULL, -- seq of the last delta that was delivered or given up
            disabled TEXT, -- why; NULL while it works
            leased_until TEXT, -- another process is at it
            created_at TEXT NOT NULL
        ) STRICT;

        CREATE TABLE deliveries (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            webhook TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
            delta TEXT NOT NULL,
            seq INTEGER NOT NULL,
            state TEXT NOT NULL, -- waiting, delivered, dead
            attempts INTEGER NOT NULL,
            status INTEGER,
            error TEXT,
            next_attempt_at TEXT,
            last_attempt_at TEXT,
            UNIQUE (webhook, delta)
        ) STRICT;

        -- deliveries: those of one state, and the oldest delivered ones to forget
        CREATE INDEX deliveries_state ON deliveries (webhook, state, number);

        CREATE TABLE reader_tokens (
            id TEXT PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE, -- SHA-256; the token itself is nowhere
            story TEXT,
            note TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
    """)
