"""Feeds and their entries."""

from __future__ import annotations

from datetime import timedelta

from service.core.model import Entry, EntryWrite, Feed, FeedState, KnownEntry, Outage, PollHints
from service.core.urls import host_key
from service.storage.rows.values import (
    Params,
    Row,
    from_json,
    instant_from,
    instant_text,
    optional_instant,
    optional_text,
    to_json,
)


def feed_params(feed: Feed) -> Params:
    """Return the columns of a feed."""
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "lang": feed.lang,
        "pole": feed.pole,
        "source": feed.source,
        "state": feed.state.value,
        "etag": feed.etag,
        "last_modified": feed.last_modified,
        "body_hash": feed.body_hash,
        "last_attempt_at": optional_text(feed.last_attempt_at),
        "last_success_at": optional_text(feed.last_success_at),
        "first_success_at": optional_text(feed.first_success_at),
        "next_poll_at": optional_text(feed.next_poll_at),
        "next_poll_reason": feed.next_poll_reason,
        "failures": feed.failures,
        "error_class": feed.error_class,
        "error": feed.error,
        "entries_seen": feed.entries_seen,
        "polls": feed.polls,
        "host": host_key(feed.url),
        "hints": _hints_out(feed.hints),
        "failing_since_at": optional_text(feed.failing_since_at),
        "moved_to": feed.moved_to,
        "moved_since_at": optional_text(feed.moved_since_at),
        "items_per_day": feed.items_per_day,
    }


def feed_from(row: Row) -> Feed:
    """Return the feed of a row."""
    return Feed(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        lang=row["lang"],
        pole=row["pole"],
        source=row["source"],
        state=FeedState(row["state"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        last_attempt_at=optional_instant(row["last_attempt_at"]),
        last_success_at=optional_instant(row["last_success_at"]),
        first_success_at=optional_instant(row["first_success_at"]),
        next_poll_at=optional_instant(row["next_poll_at"]),
        next_poll_reason=row["next_poll_reason"],
        failures=row["failures"],
        error_class=row["error_class"],
        error=row["error"],
        entries_seen=row["entries_seen"],
        polls=row["polls"],
        hints=_hints_in(row["hints"]),
        failing_since_at=optional_instant(row["failing_since_at"]),
        moved_to=row["moved_to"],
        moved_since_at=optional_instant(row["moved_since_at"]),
        items_per_day=row["items_per_day"],
    )


_NO_HINTS = PollHints()


def _hints_out(hints: PollHints) -> str:
    if hints == _NO_HINTS:
        return "{}"
    return to_json({"wait_s": hints.wait.total_seconds(), "skip_hours": hints.skip_hours, "skip_days": hints.skip_days})


def _hints_in(stored: object) -> PollHints:
    if stored in ("{}", {}):
        return _NO_HINTS
    values = from_json(stored)
    return PollHints(
        wait=timedelta(seconds=values["wait_s"]),
        skip_hours=tuple(values["skip_hours"]),
        skip_days=tuple(values["skip_days"]),
    )


def outage_params(outage: Outage) -> Params:
    """Return the columns of an outage."""
    return {
        "feed_id": outage.feed_id,
        "began_at": instant_text(outage.began_at),
        "ended_at": optional_text(outage.ended_at),
        "error_class": outage.error_class,
        "error": outage.error,
    }


def outage_from(row: Row) -> Outage:
    """Return the outage of a row."""
    return Outage(
        feed_id=row["feed_id"],
        began_at=instant_from(row["began_at"]),
        ended_at=optional_instant(row["ended_at"]),
        error_class=row["error_class"],
        error=row["error"],
    )


def entry_params(entry: Entry) -> Params:
    """Return the columns of an entry revision, without `seq`, which the ledger gives."""
    return {
        "entry_id": entry.id,
        "revision": entry.revision,
        "feed_id": entry.feed_id,
        "title": entry.title,
        "summary": entry.summary,
        "url": entry.url,
        "outlet": entry.outlet,
        "lang": entry.lang,
        "pole": entry.pole,
        "published_at": optional_text(entry.published_at),
        "date_only": entry.date_only,
        "clamped": entry.clamped,
        "first_seen_at": instant_text(entry.first_seen_at),
        "seen_at": instant_text(entry.seen_at),
        "backlog": entry.backlog,
    }


def entry_from(row: Row) -> Entry:
    """Return the entry revision of a row."""
    return Entry(
        id=row["entry_id"],
        revision=row["revision"],
        feed_id=row["feed_id"],
        title=row["title"],
        summary=row["summary"],
        url=row["url"],
        outlet=row["outlet"],
        lang=row["lang"],
        pole=row["pole"],
        published_at=optional_instant(row["published_at"]),
        date_only=bool(row["date_only"]),
        clamped=bool(row["clamped"]),
        first_seen_at=instant_from(row["first_seen_at"]),
        seen_at=instant_from(row["seen_at"]),
        backlog=bool(row["backlog"]),
        seq=row["seq"],
    )


def head_params(write: EntryWrite) -> Params:
    """Return the columns of what is kept once per entry: its newest revision, and the text that is searched."""
    params = entry_params(write.entry)
    return {
        **{name: params[name] for name in ("entry_id", "feed_id", "revision", "first_seen_at", "backlog")},
        "content_hash": write.content_hash,
        # The separator keeps a query from matching the end of a title and the start of its summary as one.
        "search_text": f"{write.entry.title}\x1f{write.entry.summary}".casefold(),
    }


def known_entry_from(row: Row) -> KnownEntry:
    """Return what ingest needs to know of an entry, from a row of its head."""
    return KnownEntry(
        id=row["entry_id"],
        revision=row["revision"],
        content_hash=row["content_hash"],
        first_seen_at=instant_from(row["first_seen_at"]),
        backlog=bool(row["backlog"]),
    )
