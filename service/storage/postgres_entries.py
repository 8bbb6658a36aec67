"""The entry ledger in PostgreSQL: appended by polls, read after cursors. The caller holds the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.storage.postgres_feeds import leave_host_alone, save_feed, save_outages
from service.storage.postgres_positions import give_positions, lock_ledger
from service.storage.rows import entry_from, entry_params, head_params, known_entry_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from service.core.model import Entry, KnownEntry, PollWrite
    from service.storage.postgres_connections import Connection


async def known_entries(db: Connection, feed_id: str, keys: Iterable[str]) -> Mapping[str, KnownEntry]:
    """Return key → entry for those of `keys` that this feed has shown before."""
    rows = await db.execute(
        """
        SELECT entry_keys.key, entry_id, revision, content_hash, first_seen_at, backlog
        FROM entry_keys JOIN entry_heads USING (entry_id)
        WHERE entry_keys.feed_id = %(feed_id)s AND entry_keys.key = ANY (%(keys)s)
        """,
        {"feed_id": feed_id, "keys": sorted(set(keys))},
    )
    return {row["key"]: known_entry_from(row) async for row in rows}


async def save_poll(db: Connection, write: PollWrite) -> int:
    """Write poll state, outages, entries and keys; return how many entries were appended."""
    await save_feed(db, write.feed, write.began)
    if write.outages:
        await save_outages(db, write.outages)
    if write.host_wait is not None:
        await leave_host_alone(db, write.host_wait)
    appended = await _append(db, write) if write.entries else 0
    # Only a newer revision moves the head: a revision told again keeps the hash of the text that was stored.
    await db.cursor().executemany(
        """
        INSERT INTO entry_heads (entry_id, feed_id, revision, content_hash, search_text, first_seen_at, backlog)
        VALUES (
            %(entry_id)s, %(feed_id)s, %(revision)s, %(content_hash)s, %(search_text)s, %(first_seen_at)s, %(backlog)s
        ) ON CONFLICT (entry_id) DO UPDATE SET
            revision = excluded.revision,
            content_hash = excluded.content_hash,
            search_text = excluded.search_text
        WHERE excluded.revision > entry_heads.revision
        """,
        [head_params(each) for each in write.entries],
    )
    keys = [(key, each.entry.id) for each in write.entries for key in each.keys]
    await db.cursor().executemany(
        """
        INSERT INTO entry_keys (feed_id, key, entry_id) VALUES (%(feed_id)s, %(key)s, %(entry_id)s)
        ON CONFLICT (feed_id, key) DO NOTHING
        """,
        [{"feed_id": write.feed.id, "key": key, "entry_id": entry_id} for key, entry_id in (*keys, *write.keys)],
    )
    return appended


async def _append(db: Connection, write: PollWrite) -> int:
    """Append the revisions that the ledger lacks; return how many."""
    last = await lock_ledger(db, "entries")
    rows = await db.execute(
        "SELECT entry_id, revision FROM entries WHERE entry_id = ANY (%(ids)s)",
        {"ids": [each.entry.id for each in write.entries]},
    )
    there = {(row["entry_id"], row["revision"]) async for row in rows}
    new = {(each.entry.id, each.entry.revision): each.entry for each in reversed(write.entries)}
    entries = [entry for key, entry in reversed(new.items()) if key not in there]
    await db.cursor().executemany(
        """
        INSERT INTO entries (
            seq, entry_id, revision, feed_id, title, summary, url, outlet, lang, pole, published_at, date_only, clamped,
            first_seen_at, seen_at, backlog
        ) VALUES (
            %(seq)s, %(entry_id)s, %(revision)s, %(feed_id)s, %(title)s, %(summary)s, %(url)s, %(outlet)s, %(lang)s,
            %(pole)s, %(published_at)s, %(date_only)s, %(clamped)s, %(first_seen_at)s, %(seen_at)s, %(backlog)s
        )
        """,
        [entry_params(entry) | {"seq": last + place} for place, entry in enumerate(entries, start=1)],
    )
    await give_positions(db, "entries", last + len(entries))
    return len(entries)


async def entry(db: Connection, entry_id: str, revision: int | None = None) -> Entry | None:
    """Return an entry's revision, the newest by default."""
    row = await (
        await db.execute(
            """
            SELECT * FROM entries
            WHERE entry_id = %(entry_id)s AND (%(revision)s::integer IS NULL OR revision = %(revision)s::integer)
            ORDER BY revision DESC
            LIMIT 1
            """,
            {"entry_id": entry_id, "revision": revision},
        )
    ).fetchone()
    return None if row is None else entry_from(row)


async def revisions(db: Connection, entry_id: str) -> list[Entry]:
    """Return all revisions of an entry, oldest first."""
    rows = await db.execute(
        "SELECT * FROM entries WHERE entry_id = %(entry_id)s ORDER BY revision", {"entry_id": entry_id}
    )
    return [entry_from(row) async for row in rows]


async def search_entries(db: Connection, query: str, after: int, limit: int) -> list[Entry]:
    """Return newest revisions that contain `query`, ascending by seq after `after`.

    `strpos` on text that Python folded instead of ILIKE: its folding depends on the server's locale, and its wildcards
    need escaping.
    """
    rows = await db.execute(
        """
        SELECT entries.* FROM entries JOIN entry_heads USING (entry_id, revision)
        WHERE entries.seq > %(after)s AND strpos(entry_heads.search_text, %(query)s) > 0
        ORDER BY entries.seq
        LIMIT %(limit)s
        """,
        {"query": query.casefold(), "after": after, "limit": limit},
    )
    return [entry_from(row) async for row in rows]


async def unmatched_entries(db: Connection, stories_key: str, limit: int) -> list[Entry]:
    """Return entries after the cursor `stories_key` (0 when it was never set), ascending."""
    rows = await db.execute(
        """
        SELECT * FROM entries
        WHERE seq > coalesce((SELECT seq FROM cursors WHERE name = %(name)s), 0)
        ORDER BY seq
        LIMIT %(limit)s
        """,
        {"name": stories_key, "limit": limit},
    )
    return [entry_from(row) async for row in rows]
