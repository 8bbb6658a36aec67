"""The polled feeds for people: how many answer, and for each one what is wrong in plain words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.api.text import redact_url
from service.core.model import Feed, FeedState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One polled feed."""

    title: str
    url: str
    lang: str | None
    pole: str | None
    standing: str  # "answers", "fails", "waiting", "paused", "gone"
    words: str
    error: str | None
    last_success_at: datetime | None
    next_poll_at: datetime | None
    next_poll_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsView:
    """All polled feeds, the ones in trouble first."""

    rows: tuple[FeedRow, ...]
    answering: int
    failing: int
    waiting: int

    @property
    def total(self) -> int:
        """Return how many feeds there are, paused ones included."""
        return len(self.rows)

    @property
    def troubled(self) -> tuple[str, ...]:
        """Return the titles of those that fail."""
        return tuple(row.title for row in self.rows if row.standing == "fails")


_RANK = {"fails": 0, "gone": 1, "waiting": 2, "answers": 3, "paused": 4}


def _standing(feed: Feed) -> tuple[str, str]:
    if feed.state is FeedState.PAUSED:
        return "paused", "paused"
    if feed.state is FeedState.GONE:
        return "gone", "gone for good (410)"
    if feed.failures:
        return "fails", "fails" if feed.failures == 1 else f"fails, {feed.failures} times in a row"
    if feed.last_success_at is None:
        return "waiting", "not polled yet"
    return "answers", "answers"


def _row(feed: Feed) -> FeedRow:
    standing, words = _standing(feed)
    url = redact_url(feed.url)
    return FeedRow(
        title=feed.title,
        url=url,
        lang=feed.lang,
        pole=feed.pole,
        standing=standing,
        words=words,
        error=feed.error.replace(feed.url, url) if feed.error else None,
        last_success_at=feed.last_success_at,
        next_poll_at=feed.next_poll_at if feed.state is FeedState.ACTIVE else None,
        next_poll_reason=feed.next_poll_reason,
    )


def feeds_view(feeds: Sequence[Feed]) -> FeedsView:
    """Return the view of all polled feeds."""
    rows = sorted(map(_row, feeds), key=lambda row: (_RANK[row.standing], row.title.casefold(), row.url))
    count = [row.standing for row in rows].count
    return FeedsView(rows=tuple(rows), answering=count("answers"), failing=count("fails"), waiting=count("waiting"))
