"""The entry ledger in SQLite: appended by polls, read after cursors. The caller holds the transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from service.storage.rows import entry_from, entry_params, head_params, known_entry_from
from service.storage.sqlite_feeds import leave_host_alone, save_feed, save_outages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlite_utils import Database

    from service.core.model import Entry, KnownEntry, PollWrite


def known_entries(db: Database, feed_id: str, keys: Iterable[str]) -> Mapping[str, KnownEntry]:
    """Return key → entry for those of `keys` that this feed has shown before."""
    # CROSS JOIN fixes the order of the loops: for each key one look into the index, not for each key the feed ever had one
    # into the list. A row for each entry instead of each key, since every row is a hand-over between threads.
    rows = db.execute(
        """
        SELECT json_group_array(entry_keys.key) AS keys, entry_id, revision, content_hash, first_seen_at, backlog
        FROM json_each(:keys) AS wanted
        CROSS JOIN entry_keys ON entry_keys.feed_id = :feed_id AND entry_keys.key = wanted.value
        JOIN entry_heads USING (entry_id)
        GROUP BY entry_id
        """,
        {"feed_id": feed_id, "keys": json.dumps(list(keys), ensure_ascii=True)},
    )
    known: dict[str, KnownEntry] = {}
    for row in rows:
        known.update(dict.fromkeys(json.loads(row["keys"]), known_entry_from(row)))
    return known


def save_poll(db: Database, write: PollWrite) -> int:
    """Write poll state, entries and keys; return how many entries were appended."""
    save_feed(db, write.feed, write.began)
    if write.outages:
        save_outages(db, write.outages)
    if write.host_wait is not None:
        leave_host_alone(db, write.host_wait)
    if not write.entries and not write.keys:
        return 0
    appended = db.conn.executemany(
        """
        INSERT INTO entries (
            entry_id, revision, feed_id, title, summary, url, outlet, lang, pole, published_at, date_only, clamped,
            first_seen_at, seen_at, backlog
        ) VALUES (
            :entry_id, :revision, :feed_id, :title, :summary, :url, :outlet, :lang, :pole, :published_at, :date_only,
            :clamped, :first_seen_at, :seen_at, :backlog
        ) ON CONFLICT (entry_id, revision) DO NOTHING
        """,
        [entry_params(each.entry) for each in write.entries],
    ).rowcount
    # Only a newer revision moves the head: a revision told again keeps the hash of the text that was stored.
    db.conn.executemany(
        """
        INSERT INTO entry_heads (entry_id, feed_id, revision, content_hash, search_text, first_seen_at, backlog)
        VALUES (:entry_id, :feed_id, :revision, :content_hash, :search_text, :first_seen_at, :backlog)
        ON CONFLICT (entry_id) DO UPDATE SET
            revision = excluded.revision,
            content_hash = excluded.content_hash,
            search_text = excluded.search_text
        WHERE excluded.revision > revision
        """,
        [head_params(each) for each in write.entries],
    )
    keys = [(key, each.entry.id) for each in write.entries for key in each.keys]
    db.conn.executemany(
        """
        INSERT INTO entry_keys (feed_id, key, entry_id) VALUES (:feed_id, :key, :entry_id)
        ON CONFLICT (feed_id, key) DO NOTHING
        """,
        [{"feed_id": write.feed.id, "key": key, "entry_id": entry_id} for key, entry_id in (*keys, *write.keys)],
    )
    return appended


def entry(db: Database, entry_id: str, revision: int | None = None) -> Entry | None:
    """Return an entry's revision, the newest by default."""
    row = db.execute(
        """
        SELECT * FROM entries
        WHERE entry_id = :entry_id AND (:revision IS NULL OR revision = :revision)
        ORDER BY revision DESC
        LIMIT 1
        """,
        {"entry_id": entry_id, "revision": revision},
    ).fetchone()
    return None if row is None else entry_from(row)


def revisions(db: Database, entry_id: str) -> list[Entry]:
    """Return all revisions of an entry, oldest first."""
    rows = db.execute("SELECT * FROM entries WHERE entry_id = :entry_id ORDER BY revision", {"entry_id": entry_id})
    return [entry_from(row) for row in rows]


def search_entries(db: Database, query: str, after: int, limit: int) -> list[Entry]:
    """Return newest revisions that contain `query`, ascending by seq after `after`.

    `instr` on folded text instead of LIKE: LIKE ignores case in ASCII only, and its wildcards need escaping.
    """
    # CROSS JOIN fixes the order of the loops: down the ledger, so that LIMIT ends the walk early.
    rows = db.execute(
        """
        SELECT entries.* FROM entries CROSS JOIN entry_heads USING (entry_id, revision)
        WHERE entries.seq > :after AND instr(entry_heads.search_text, :query) > 0
        ORDER BY entries.seq
        LIMIT :limit
        """,
        {"query": query.casefold(), "after": after, "limit": limit},
    )
    return [entry_from(row) for row in rows]


def unmatched_entries(db: Database, stories_key: str, limit: int) -> list[Entry]:
    """Return entries after the cursor `stories_key` (0 when it was never set), ascending."""
    rows = db.execute(
        """
        SELECT * FROM entries
        WHERE seq > coalesce((SELECT seq FROM cursors WHERE name = :name), 0)
        ORDER BY seq
        LIMIT :limit
        """,
        {"name": stories_key, "limit": limit},
    )
    return [entry_from(row) for row in rows]
