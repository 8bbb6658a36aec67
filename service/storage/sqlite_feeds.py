"""Feeds in SQLite: what is polled, and its poll state. Functions on a connection; the caller holds the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.errors import Stale
from service.core.model import FeedYield
from service.core.polls.cadence import REASON_HOST
from service.core.polls.replanning import replanned
from service.storage.feed_rows import DELETED_BY_HAND, LEFT_THE_FILE, new_feeds
from service.storage.rows import feed_from, feed_params, instant_text, outage_from, outage_params, to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlite_utils import Database

    from service.core.model import Feed, FeedSpec, HostWait, Outage

_INSERT = """
    INSERT INTO feeds (
        id, url, title, lang, pole, source, state, etag, last_modified, body_hash, last_attempt_at, last_success_at,
        first_success_at, next_poll_at, next_poll_reason, failures, error_class, error, entries_seen, polls,
        host, hints, failing_since_at, moved_to, moved_since_at, items_per_day
    ) VALUES (
        :id, :url, :title, :lang, :pole, :source, :state, :etag, :last_modified, :body_hash, :last_attempt_at,
        :last_success_at, :first_success_at, :next_poll_at, :next_poll_reason, :failures, :error_class, :error,
        :entries_seen, :polls, :host, :hints, :failing_since_at, :moved_to, :moved_since_at, :items_per_day
    )
"""
# A write that counts one more poll comes from a poll; one that does not is a person switching the feed on again.
_OUT_MEANWHILE = ":polls > polls AND (state = 'deleted' OR (state = 'paused' AND :state = 'active'))"
# Not an upsert, which takes SQLite twice as long: after a poll the feed is nearly always there.
_UPDATE = f"""
    UPDATE feeds SET
        url = :url,
        title = :title,
        lang = :lang,
        pole = :pole,
        source = :source,
        state = iif({_OUT_MEANWHILE}, state, :state),
        etag = :etag,
        last_modified = :last_modified,
        body_hash = :body_hash,
        last_attempt_at = :last_attempt_at,
        last_success_at = :last_success_at,
        first_success_at = :first_success_at,
        next_poll_at = :next_poll_at,
        next_poll_reason = iif({_OUT_MEANWHILE}, next_poll_reason, :next_poll_reason),
        failures = :failures,
        error_class = :error_class,
        error = :error,
        entries_seen = :entries_seen,
        polls = :polls,
        host = :host,
        hints = :hints,
        failing_since_at = :failing_since_at,
        moved_to = :moved_to,
        moved_since_at = :moved_since_at,
        items_per_day = :items_per_day
    WHERE id = :id AND (:began IS NULL OR polls = :began)
"""  # noqa: S608 (both parts are ours)


def sync_feeds(db: Database, specs: Sequence[FeedSpec], now: datetime) -> None:
    """Make the `file` feeds those of `specs`; see `Store.sync_feeds`."""
    rows = new_feeds(specs, now, source="file")
    left = {"left": LEFT_THE_FILE}
    db.conn.executemany(
        f"""{_INSERT}
        ON CONFLICT (id) DO UPDATE SET
            title = excluded.title,
            lang = excluded.lang,
            pole = excluded.pole,
            state = iif(state = 'paused' AND next_poll_reason = :left, 'active', state),
            next_poll_at = coalesce(next_poll_at, excluded.next_poll_at),
            next_poll_reason = iif(
                state = 'paused' AND next_poll_reason = :left, 'returned to the feeds file', next_poll_reason
            )
        WHERE source = 'file'
        """,
        [row | left for row in rows],
    )
    db.execute(
        """
        UPDATE feeds SET state = 'paused', next_poll_reason = :left
        WHERE source = 'file' AND state = 'active' AND id NOT IN (SELECT value FROM json_each(:ids))
        """,
        left | {"ids": to_json([row["id"] for row in rows])},
    )


def add_feeds(db: Database, specs: Sequence[FeedSpec], now: datetime) -> int:
    """Add feeds that are not there yet or were deleted by hand; return how many."""
    rows = new_feeds(specs, now)
    return db.conn.executemany(
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
        WHERE state = 'deleted'
        """,
        rows,
    ).rowcount


def delete_feed(db: Database, feed_id: str) -> bool:
    """Take a feed out of polling and listing for good; what it brought refers to it, so its row stays."""
    changed = db.execute(
        """
        UPDATE feeds SET state = 'deleted', next_poll_reason = :reason, error_class = NULL, error = NULL
        WHERE id = :id AND state <> 'deleted'
        """,
        {"id": feed_id, "reason": DELETED_BY_HAND},
    )
    return bool(changed.rowcount)


def poll_now(db: Database, feed_id: str, now: datetime) -> bool:
    """Make a feed due, unless it or its host must be left alone for now, or it is not active."""
    changed = db.execute(
        """
        UPDATE feeds SET next_poll_at = :now, next_poll_reason = 'asked for by hand'
        WHERE id = :id AND state = 'active'
            AND ((failures = 0 AND next_poll_reason <> :host) OR next_poll_at IS NULL OR next_poll_at <= :now)
        """,
        {"id": feed_id, "now": instant_text(now), "host": REASON_HOST},
    )
    return bool(changed.rowcount)


def save_feed(db: Database, feed: Feed, began: int | None) -> None:
    """Write a feed after a poll, new or not; see `Store.save_poll`.

    A feed that was paused or deleted while its poll was under way stays so: the poll began from the older state.

    Raises:
        Stale: The feed had other polls since it had `began` of them.
    """
    params = feed_params(feed) | {"began": began}
    if db.conn.execute(_UPDATE, params).rowcount:
        return
    if db.execute("SELECT 1 FROM feeds WHERE id = :id", {"id": feed.id}).fetchone() is not None:
        raise Stale(f"feed {feed.id} was polled by another process since this poll began")
    db.execute(_INSERT, params)


def save_outages(db: Database, found: Sequence[Outage]) -> None:
    """Write outages; one that is there already is brought up to date."""
    db.conn.executemany(
        """
        INSERT INTO outages (feed_id, began_at, ended_at, error_class, error)
        VALUES (:feed_id, :began_at, :ended_at, :error_class, :error)
        ON CONFLICT (feed_id, began_at) DO UPDATE SET
            ended_at = excluded.ended_at, error_class = excluded.error_class, error = excluded.error
        """,
        [outage_params(outage) for outage in found],
    )


def leave_host_alone(db: Database, wait: HostWait) -> None:
    """Put off the feeds of a host that are planned before it wants to be asked again."""
    db.execute(
        """
        UPDATE feeds SET next_poll_at = :until, next_poll_reason = :reason
        WHERE state = 'active' AND host = :host AND (next_poll_at IS NULL OR next_poll_at < :until)
        """,
        {"host": wait.host, "until": instant_text(wait.until_at), "reason": wait.reason},
    )


def outages(db: Database, since: datetime, limit: int) -> list[Outage]:
    """Return outages that last or ended at or after `since`, newest beginning first."""
    rows = db.execute(
        """
        SELECT * FROM outages WHERE ended_at IS NULL OR ended_at >= :since
        ORDER BY began_at DESC, feed_id
        LIMIT :limit
        """,
        {"since": instant_text(since), "limit": limit},
    )
    return [outage_from(row) for row in rows]


def feed_yields(db: Database) -> dict[str, FeedYield]:
    """Return feed → what its entries led to; a feed that led to nothing is not in it."""
    rows = db.execute(
        """
        SELECT entries.feed_id AS feed_id, sum(outcome = 'delta') AS deltas, sum(outcome = 'repeat') AS repeats
        FROM decisions JOIN entries ON entries.seq = decisions.entry_seq
        WHERE relevant = 1 AND outcome IN ('delta', 'repeat')
        GROUP BY entries.feed_id
        """
    )
    return {row["feed_id"]: FeedYield(deltas=row["deltas"], repeats=row["repeats"]) for row in rows}


def feeds(db: Database, *, deleted: bool = False) -> list[Feed]:
    """Return all feeds, ordered by title and id; those deleted by hand too, if so asked."""
    rows = db.execute(
        "SELECT * FROM feeds WHERE :deleted OR state <> 'deleted' ORDER BY title, id", {"deleted": deleted}
    )
    return [feed_from(row) for row in rows]


def feeds_after(db: Database, feed_id: str, limit: int) -> list[Feed]:
    """Return the next listed feeds in order of id."""
    rows = db.execute(
        "SELECT * FROM feeds WHERE id > :after AND state <> 'deleted' ORDER BY id LIMIT :limit",
        {"after": feed_id, "limit": limit},
    )
    return [feed_from(row) for row in rows]


def feed(db: Database, feed_id: str) -> Feed | None:
    """Return one feed or None."""
    row = db.execute("SELECT * FROM feeds WHERE id = :id", {"id": feed_id}).fetchone()
    return None if row is None else feed_from(row)


def follow_clock(db: Database, now: datetime, spread: timedelta) -> int:
    """Change plans after a jump of the clock; return how many."""
    rows = db.execute("SELECT * FROM feeds WHERE state = 'active'").fetchall()
    changed = replanned(map(feed_from, rows), now, spread)
    db.conn.executemany(
        """
        UPDATE feeds SET
            next_poll_at = :next_poll_at, next_poll_reason = :next_poll_reason, last_attempt_at = :last_attempt_at,
            last_success_at = :last_success_at, first_success_at = :first_success_at,
            failing_since_at = :failing_since_at, moved_since_at = :moved_since_at
        WHERE id = :id
        """,
        [feed_params(feed) for feed in changed],
    )
    return len(changed)


def due_feeds(db: Database, now: datetime, limit: int, prefix: str = "") -> list[str]:
    """Return ids of active feeds whose next poll is due, most overdue first; never scheduled counts as due."""
    rows = db.execute(
        """
        SELECT id FROM feeds
        WHERE state = 'active' AND (next_poll_at IS NULL OR next_poll_at <= :now)
            AND substr(id, 1, length(:prefix)) = :prefix
        ORDER BY next_poll_at, id
        LIMIT :limit
        """,
        {"now": instant_text(now), "limit": limit, "prefix": prefix},
    )
    return [row["id"] for row in rows]
