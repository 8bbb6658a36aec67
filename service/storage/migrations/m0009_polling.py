"""Keep what a polite poller remembers between polls, and when nothing was heard from a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.urls import host_key

if TYPE_CHECKING:
    from sqlite_utils import Database


def m0009_polling(db: Database) -> None:
    """Keep what a polite poller remembers between polls, and when nothing was heard from a feed.

    `host` is scheme, name and port of the address: a host that asks for a pause means all of its feeds. Outages tell
    silence from deafness afterwards.
    """
    db.executescript("""
        ALTER TABLE feeds ADD COLUMN host TEXT NOT NULL DEFAULT '';
        ALTER TABLE feeds ADD COLUMN hints TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE feeds ADD COLUMN failing_since_at TEXT;
        ALTER TABLE feeds ADD COLUMN moved_to TEXT;
        ALTER TABLE feeds ADD COLUMN moved_since_at TEXT;
        ALTER TABLE feeds ADD COLUMN items_per_day REAL NOT NULL DEFAULT 0;

        -- save_poll: the other feeds of a host that wants to be left alone
        CREATE INDEX feeds_host ON feeds (host, next_poll_at) WHERE state = 'active';

        CREATE TABLE outages (
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            began_at TEXT NOT NULL,
            ended_at TEXT, -- NULL while it lasts
            error_class TEXT NOT NULL,
            error TEXT NOT NULL,
            PRIMARY KEY (feed_id, began_at)
        ) STRICT, WITHOUT ROWID;

        -- outages: those that last, and those that ended since
        CREATE INDEX outages_ended ON outages (ended_at);
    """)
    rows = db.execute("SELECT id, url FROM feeds").fetchall()
    db.conn.executemany("UPDATE feeds SET host = ? WHERE id = ?", [(host_key(row[1]), row[0]) for row in rows])
