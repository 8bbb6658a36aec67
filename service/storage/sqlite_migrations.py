"""The SQLite schema, as numbered steps that lead to it.

Forward only: a released step is never edited, a change is a new step at the end, and each says why it exists.
Steps run in one transaction each, on the writer's thread, when the store is opened for writing.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

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


def m0002_judgements(db: Database) -> None:
    """Decisions, developments and the delta ledger: what became of the entries in each story.

    `compared_seq` keeps the order in which entries were compared, which `traces` must give back exactly:
    memory rebuilt in another order would cluster differently. `story_versions` moves with every change that a
    page of the story shows, so that a request can be answered 304 after one look.
    """
    db.executescript("""
        CREATE TABLE decisions (
            story TEXT NOT NULL,
            entry_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            entry_seq INTEGER NOT NULL,
            relevant INTEGER NOT NULL,
            score REAL NOT NULL,
            outcome TEXT NOT NULL,
            threads TEXT NOT NULL, -- JSON array of ids
            reasons TEXT NOT NULL, -- JSON
            mentions TEXT NOT NULL, -- JSON
            type TEXT,
            delta TEXT,
            development TEXT,
            duplicate_of TEXT,
            origin TEXT,
            novelty REAL,
            decided_at TEXT NOT NULL,
            rules_version TEXT NOT NULL,
            trace TEXT,
            compared_seq INTEGER, -- order of comparison within the story; NULL until compared
            PRIMARY KEY (story, entry_id, revision),
            FOREIGN KEY (entry_id, revision) REFERENCES entries (entry_id, revision)
        ) STRICT;

        -- decisions: one story's, ascending from a cursor
        CREATE INDEX decisions_by_seq ON decisions (story, entry_seq);

        -- pending: one story's, in order of arrival; the few rows that still wait
        CREATE INDEX decisions_pending ON decisions (story, entry_seq) WHERE outcome = 'pending';

        -- traces: one story's, in order of comparison; save_comparisons: the highest so far
        CREATE INDEX decisions_compared ON decisions (story, compared_seq) WHERE compared_seq IS NOT NULL;

        CREATE TABLE developments (
            id TEXT PRIMARY KEY,
            story TEXT NOT NULL,
            threads TEXT NOT NULL, -- JSON array of ids
            title TEXT NOT NULL,
            lang TEXT,
            line TEXT NOT NULL,
            first_entry TEXT NOT NULL,
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL,
            reports INTEGER NOT NULL,
            outlets TEXT NOT NULL, -- JSON array
            origins TEXT NOT NULL -- JSON array
        ) STRICT;

        -- developments: one story's, newest report first
        CREATE INDEX developments_by_last ON developments (story, last_at, id);

        CREATE TABLE deltas (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            story TEXT NOT NULL,
            type TEXT NOT NULL,
            lang TEXT,
            score REAL NOT NULL,
            created_at TEXT NOT NULL,
            threads TEXT NOT NULL, -- JSON array of ids, for filters
            entities TEXT NOT NULL, -- JSON array of ids, for filters
            payload TEXT NOT NULL -- JSON of the whole delta but its seq
        ) STRICT;

        -- deltas_after, ledger_state: one story's, from a cursor, either way
        CREATE INDEX deltas_by_story ON deltas (story, seq);

        CREATE TABLE facts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            story TEXT NOT NULL,
            delta TEXT NOT NULL, -- '' when none is named
            payload TEXT NOT NULL, -- JSON
            UNIQUE (story, id, delta)
        ) STRICT;

        -- facts: one story's, oldest first
        CREATE INDEX facts_by_story ON facts (story, seq);

        CREATE TABLE story_versions (
            story TEXT PRIMARY KEY,
            version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
    """)


def m0003_epoch(db: Database) -> None:
    """Name this ledger: cursors carry the name, so that one from a ledger that lost rows is told from a good one."""
    db.execute("INSERT INTO settings (name, value) VALUES ('epoch', :epoch)", {"epoch": uuid.uuid4().hex})


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


# The one list of steps, in order. A new step is one more line here.
STEPS = (m0001_feeds_and_entries, m0002_judgements, m0003_epoch, m0004_feedback)
MIGRATIONS = Migrations("aftermath")
for _step in STEPS:
    MIGRATIONS()(_step)


def migrate(db: Database) -> None:
    """Bring the schema up to date; does nothing when it is."""
    MIGRATIONS.apply(db)


def missing_steps(db: Database) -> list[str]:
    """Return the names of the steps this file still needs. Reads only."""
    return [step.name for step in MIGRATIONS.pending(db)]


def unknown_steps(db: Database) -> list[str]:
    """Return the names of steps that only a newer version of the service knows. Reads only."""
    known = {step.__name__ for step in STEPS}
    return [step.name for step in MIGRATIONS.applied(db) if step.name not in known]
