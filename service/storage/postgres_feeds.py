"""Feeds in PostgreSQL: what is polled, and its poll state. The caller holds the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.errors import Stale
from service.core.model import FeedYield
from service.core.polls.cadence import REASON_HOST
from service.core.polls.replanning import replanned
from service.storage.feed_rows import DELETED_BY_HAND, LEFT_THE_FILE, new_feeds
from service.storage.rows import feed_from, feed_params, instant_text, outage_from, outage_params

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from service.core.model import Feed, FeedSpec, HostWait, Outage
    from service.storage.postgres_connections import Connection

_INSERT = """
    INSERT INTO feeds (
        id, url, title, lang, pole, source, state, etag, last_modified, body_hash, last_attempt_at, last_success_at,
        first_success_at, next_poll_at, next_poll_reason, failures, error_class, error, entries_seen, polls,
        host, hints, failing_since_at, moved_to, moved_since_at, items_per_day
    ) VALUES (
        %(id)s, %(url)s, %(title)s, %(lang)s, %(pole)s, %(source)s, %(state)s, %(etag)s, %(last_modified)s,
        %(body_hash)s, %(last_attempt_at)s, %(last_success_at)s, %(first_success_at)s, %(next_poll_at)s,
        %(next_poll_reason)s, %(failures)s, %(error_class)s, %(error)s, %(entries_seen)s, %(polls)s,
        %(host)s, %(hints)s, %(failing_since_at)s, %(moved_to)s, %(moved_since_at)s, %(items_per_day)s
    )
"""


async def sync_feeds(db: Connection, specs: Sequence[FeedSpec], now: datetime) -> None:
    """Make the `file` feeds those of `specs`; see `Store.sync_feeds`."""
    rows = sorted(new_feeds(specs, now, source="file"), key=lambda row: str(row["id"]))
    # Replicas that start together do this at once: one after another, or they would wait for each other's rows.
    await db.execute("SELECT pg_advisory_xact_lock(hashtext('aftermath: sync_feeds'))")
    await db.cursor().executemany(
        f"""{_INSERT}
        ON CONFLICT (id) DO UPDATE SET
            title = excluded.title,
            lang = excluded.lang,
            pole = excluded.pole,
            state = CASE WHEN {_HAD_LEFT} THEN 'active' ELSE feeds.state END,
            next_poll_at = coalesce(feeds.next_poll_at, excluded.next_poll_at),
            next_poll_reason = CASE WHEN {_HAD_LEFT} THEN 'returned to the feeds file' ELSE feeds.next_poll_reason END
        WHERE feeds.source = 'file'
        """,
        [row | {"left": LEFT_THE_FILE} for row in rows],
    )
    await db.execute(
        """
        UPDATE feeds SET state = 'paused', next_poll_reason = %(left)s
        WHERE source = 'file' AND state = 'active' AND id <> ALL (%(ids)s)
        """,
        {"left": LEFT_THE_FILE, "ids": [row["id"] for row in rows]},
    )


_HAD_LEFT = "feeds.state = 'paused' AND feeds.next_poll_reason = %(left)s"


async def add_feeds(db: Connection, specs: Sequence[FeedSpec], now: datetime) -> int:
    """Add feeds that are not there yet or were deleted by hand; return how many."""
    cursor = db.cursor()
    await cursor.executemany(
        f"""{_INSERT}
        ON CONFLICT (id) DO UPDATE SET
            title = excluded.title,
            lang = excluded.lang,
            pole = excluded.pole,
            source = excluded.source,
            state = excluded.state,
            next_poll_at = excluded.next_poll_at,
            next_poll_reason = 'added again',
            failures = 0
        WHERE feeds.state = 'deleted'
        """,
        new_feeds(specs, now),
    )
    return max(0, cursor.rowcount)


async def delete_feed(db: Connection, feed_id: str) -> bool:
    """Take a feed out of polling and listing for good; what it brought refers to it, so its row stays."""
    changed = await db.execute(
        """
        UPDATE feeds SET state = 'deleted', next_poll_reason = %(reason)s, error_class = NULL, error = NULL
        WHERE id = %(id)s AND state <> 'deleted'
        """,
        {"id": feed_id, "reason": DELETED_BY_HAND},
    )
    return bool(changed.rowcount)


async def poll_now(db: Connection, feed_id: str, now: datetime) -> bool:
    """Make a feed due, unless it or its host must be left alone for now, or it is not active."""
    changed = await db.execute(
        """
        UPDATE feeds SET next_poll_at = %(now)s::timestamptz, next_poll_reason = 'asked for by hand'
        WHERE id = %(id)s AND state = 'active' AND (
            (failures = 0 AND next_poll_reason <> %(host)s)
            OR next_poll_at IS NULL OR next_poll_at <= %(now)s::timestamptz
        )
        """,
        {"id": feed_id, "now": instant_text(now), "host": REASON_HOST},
    )
    return bool(changed.rowcount)


async def save_feed(db: Connection, feed: Feed, began: int | None) -> None:
    """Write a feed after a poll, new or not; see `Store.save_poll`.

    Raises:
        Stale: The feed had other polls since it had `began` of them.
    """
    if began is not None:
        row = await (
            await db.execute("SELECT polls FROM feeds WHERE id = %(id)s FOR UPDATE", {"id": feed.id})
        ).fetchone()
        if row is not None and row["polls"] != began:
            raise Stale(f"feed {feed.id} was polled by another process since this poll began")
    await db.execute(
        f"""{_INSERT}
        ON CONFLICT (id) DO UPDATE SET
            url = excluded.url,
            title = excluded.title,
            lang = excluded.lang,
            pole = excluded.pole,
            source = excluded.source,
            state = CASE WHEN {_OUT_MEANWHILE} THEN feeds.state ELSE excluded.state END,
            etag = excluded.etag,
            last_modified = excluded.last_modified,
            body_hash = excluded.body_hash,
            last_attempt_at = excluded.last_attempt_at,
            last_success_at = excluded.last_success_at,
            first_success_at = excluded.first_success_at,
            next_poll_at = excluded.next_poll_at,
            next_poll_reason =
                CASE WHEN {_OUT_MEANWHILE} THEN feeds.next_poll_reason ELSE excluded.next_poll_reason END,
            failures = excluded.failures,
            error_class = excluded.error_class,
            error = excluded.error,
            entries_seen = excluded.entries_seen,
            polls = excluded.polls,
            host = excluded.host,
            hints = excluded.hints,
            failing_since_at = excluded.failing_since_at,
            moved_to = excluded.moved_to,
            moved_since_at = excluded.moved_since_at,
            items_per_day = excluded.items_per_day
        """,
        feed_params(feed),
    )


# A write that counts one more poll comes from a poll; one that does not is a person switching the feed on again.
_OUT_MEANWHILE = (
    "excluded.polls > feeds.polls"
    " AND (feeds.state = 'deleted' OR (feeds.state = 'paused' AND excluded.state = 'active'))"
)


async def save_outages(db: Connection, found: Sequence[Outage]) -> None:
    """Write outages; one that is there already is brought up to date."""
    await db.cursor().executemany(
        """
        INSERT INTO outages (feed_id, began_at, ended_at, error_class, error)
        VALUES (%(feed_id)s, %(began_at)s, %(ended_at)s, %(error_class)s, %(error)s)
        ON CONFLICT (feed_id, began_at) DO UPDATE SET
            ended_at = excluded.ended_at, error_class = excluded.error_class, error = excluded.error
        """,
        [outage_params(outage) for outage in found],
    )


async def leave_host_alone(db: Connection, wait: HostWait) -> None:
    """Put off the feeds of a host that are planned before it wants to be asked again."""
    await db.execute(
        """
        UPDATE feeds SET next_poll_at = %(until)s::timestamptz, next_poll_reason = %(reason)s
        WHERE state = 'active' AND host = %(host)s AND (next_poll_at IS NULL OR next_poll_at < %(until)s::timestamptz)
        """,
        {"host": wait.host, "until": instant_text(wait.until_at), "reason": wait.reason},
    )


async def outages(db: Connection, since: datetime, limit: int) -> list[Outage]:
    """Return outages that last or ended at or after `since`, newest beginning first."""
    rows = await db.execute(
        """
        SELECT * FROM outages WHERE ended_at IS NULL OR ended_at >= %(since)s::timestamptz
        ORDER BY began_at DESC, feed_id
        LIMIT %(limit)s
        """,
        {"since": instant_text(since), "limit": limit},
    )
    return [outage_from(row) async for row in rows]


async def feed_yields(db: Connection) -> dict[str, FeedYield]:
    """Return feed → what its entries led to; a feed that led to nothing is not in it."""
    rows = await db.execute(
        """
        SELECT entries.feed_id,
            count(*) FILTER (WHERE outcome = 'delta') AS deltas,
            count(*) FILTER (WHERE outcome = 'repeat') AS repeats
        FROM decisions JOIN entries ON entries.seq = decisions.entry_seq
        WHERE relevant AND outcome IN ('delta', 'repeat')
        GROUP BY entries.feed_id
        """
    )
    return {row["feed_id"]: FeedYield(deltas=row["deltas"], repeats=row["repeats"]) async for row in rows}


async def feeds(db: Connection, *, deleted: bool = False) -> list[Feed]:
    """Return all feeds, ordered by title and id; those deleted by hand too, if so asked."""
    rows = await db.execute(
        "SELECT * FROM feeds WHERE %(deleted)s OR state <> 'deleted' ORDER BY title, id", {"deleted": deleted}
    )
    return [feed_from(row) async for row in rows]


async def feeds_after(db: Connection, feed_id: str, limit: int) -> list[Feed]:
    """Return the next listed feeds in order of id."""
    rows = await db.execute(
        "SELECT * FROM feeds WHERE id > %(after)s AND state <> 'deleted' ORDER BY id LIMIT %(limit)s",
        {"after": feed_id, "limit": limit},
    )
    return [feed_from(row) async for row in rows]


async def feed(db: Connection, feed_id: str) -> Feed | None:
    """Return one feed or None."""
    row = await (await db.execute("SELECT * FROM feeds WHERE id = %(id)s", {"id": feed_id})).fetchone()
    return None if row is None else feed_from(row)


async def follow_clock(db: Connection, now: datetime, spread: timedelta) -> int:
    """Change plans after a jump of the clock; return how many."""
    rows = await (await db.execute("SELECT * FROM feeds WHERE state = 'active' ORDER BY id FOR UPDATE")).fetchall()
    changed = replanned(map(feed_from, rows), now, spread)
    await db.cursor().executemany(
        """
        UPDATE feeds SET
            next_poll_at = %(next_poll_at)s, next_poll_reason = %(next_poll_reason)s,
            last_attempt_at = %(last_attempt_at)s, last_success_at = %(last_success_at)s,
            first_success_at = %(first_success_at)s, failing_since_at = %(failing_since_at)s,
            moved_since_at = %(moved_since_at)s
        WHERE id = %(id)s
        """,
        [feed_params(feed) for feed in changed],
    )
    return len(changed)


async def due_feeds(db: Connection, now: datetime, limit: int, prefix: str = "") -> list[str]:
    """Return ids of active feeds whose next poll is due, most overdue first; never scheduled counts as due."""
    rows = await db.execute(
        """
        SELECT id FROM feeds
        WHERE state = 'active' AND (next_poll_at IS NULL OR next_poll_at <= %(now)s::timestamptz)
            AND starts_with(id, %(prefix)s)
        ORDER BY next_poll_at NULLS FIRST, id
        LIMIT %(limit)s
        """,
        {"now": instant_text(now), "limit": limit, "prefix": prefix},
    )
    return [row["id"] async for row in rows]
