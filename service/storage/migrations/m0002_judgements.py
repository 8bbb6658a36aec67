"""Decisions, developments and the delta ledger: what became of the entries in each story."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


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
