"""The polled feeds for people: which report, which are silent because nothing happened, and which because they are down.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from service.api.text import redact_url
from service.core.model import Feed, FeedState, FeedYield

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import date, datetime


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
    rate: str  # how much it brings, in words
    last_report: date | None  # the day of its newest report on a story; None where it had none


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsView:
    """All polled feeds, the ones in trouble first."""

    rows: tuple[FeedRow, ...]

    def those(self, *standings: str) -> tuple[FeedRow, ...]:
        """Return the feeds of some standings."""
        return tuple(row for row in self.rows if row.standing in standings)

    def group(self, name: str) -> tuple[FeedRow, ...]:
        """Return the feeds of a group (`_GROUPS`)."""
        match name:
            case "down":
                return self.down
            case "reporting":
                return self.reporting
            case "quiet":
                return self.quiet
            case _:
                return self.those(name)

    @property
    def total(self) -> int:
        """Return how many feeds there are, paused ones included."""
        return len(self.rows)

    @property
    def reporting(self) -> tuple[FeedRow, ...]:
        """Return those that answer and have reported."""
        return tuple(row for row in self.those("answers") if row.last_report)

    @property
    def quiet(self) -> tuple[FeedRow, ...]:
        """Return those that answer and had nothing to report: silent because nothing happened."""
        return tuple(row for row in self.those("answers") if not row.last_report)

    @property
    def down(self) -> tuple[FeedRow, ...]:
        """Return those that fail or are gone: silent because we do not hear them."""
        return self.those("fails", "gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedGroup:
    """The feeds of one kind as far as one page shows them."""

    id: str
    title: str
    words: str
    rows: tuple[FeedRow, ...]
    total: int
    page: int | None  # from 1; None where the first feeds of every group are shown

    @property
    def first(self) -> int:
        """Return the number of the first row, from 1."""
        return ((self.page or 1) - 1) * PER_PAGE + 1

    @property
    def is_cut(self) -> bool:
        """Say whether there are feeds after those shown."""
        return self.first - 1 + len(self.rows) < self.total


PER_PAGE = 80
_SHOWN_DOWN, _SHOWN = 60, 15  # of each group on the first page, which must stay light with thousands of feeds
_GROUPS = {
    "down": ("Down", "Silent because we do not hear them. Each is tried again by itself."),
    "waiting": ("Not polled yet", ""),
    "reporting": ("Reporting", "They answer, and have brought reports on a story."),
    "quiet": ("Quiet", "They answer; nothing of what they brought was on a story."),
    "paused": ("Paused", "Kept with their history, but not polled."),
}


def feed_groups(view: FeedsView, wanted: str | None, page: int) -> list[FeedGroup]:
    """Return what one page shows: the first feeds of every group, or one page of the group that is `wanted`."""
    groups = []
    for name, (title, words) in _GROUPS.items():
        rows = view.group(name)
        if not rows or wanted not in {None, name}:
            continue
        if wanted is None:
            # those in trouble matter most; a few more than shown are shown, too, rather than a link for them
            most = _SHOWN_DOWN if name == "down" else _SHOWN
            shown = rows if len(rows) <= most + 5 else rows[:most]
        else:
            shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        groups.append(
            FeedGroup(
                id=name,
                title=title,
                words=words,
                rows=shown,
                total=len(rows),
                page=None if wanted is None else page,
            )
        )
    return groups


_NOTHING = FeedYield()
NOTHING_YIELDED: Mapping[str, FeedYield] = MappingProxyType({})
_RANK = {"fails": 0, "gone": 1, "waiting": 2, "answers": 3, "paused": 4}


def _standing(feed: Feed) -> tuple[str, str]:
    if feed.state is FeedState.PAUSED:
        return "paused", "paused"
    if feed.state is FeedState.GONE:
        return "gone", "gone for good (410)"
    if feed.failures:
        return "fails", "down" if feed.failures == 1 else f"down, {feed.failures} polls in a row"
    if feed.last_success_at is None:
        return "waiting", "not polled yet"
    return "answers", "answers"


def rate_words(feed: Feed, yielded: FeedYield) -> str:
    """Return how much a feed brings: entries a day, follow-ups, and how many of them told nothing new."""
    daily = f"{feed.items_per_day:.0f} entries a day" if feed.items_per_day >= 1 else "less than one entry a day"
    words = [daily] if feed.first_success_at else []
    reports = yielded.deltas + yielded.repeats
    if reports:
        words.append(f"{reports} follow-up{'s' if reports > 1 else ''}, {yielded.repeats / reports:.0%} told before")
    return "; ".join(words)


def _row(feed: Feed, last_report: date | None, yielded: FeedYield) -> FeedRow:
    standing, words = _standing(feed)
    url = redact_url(feed.url)
    return FeedRow(
        title=feed.title,
        url=url,
        lang=feed.lang,
        pole=feed.pole,
        standing=standing,
        words=words,
        error=feed.error.replace(feed.url, "its address") if feed.error else None,  # which stands beside it
        last_success_at=feed.last_success_at,
        next_poll_at=feed.next_poll_at if feed.state is FeedState.ACTIVE else None,
        next_poll_reason=feed.next_poll_reason,
        rate=rate_words(feed, yielded),
        last_report=last_report,
    )


def feeds_view(
    feeds: Sequence[Feed], last_of_feed: Mapping[str, date], yields: Mapping[str, FeedYield] = NOTHING_YIELDED
) -> FeedsView:
    """Return the view of all polled feeds.

    Args:
        feeds: All of them.
        last_of_feed: Feed → day of its newest report on a story.
        yields: Feed → what its entries led to.
    """
    rows = [_row(feed, last_of_feed.get(feed.id), yields.get(feed.id, _NOTHING)) for feed in feeds]
    return FeedsView(
        rows=tuple(sorted(rows, key=lambda row: (_RANK[row.standing], row.title.casefold(), row.url))),
    )


def health_state(feeds: Sequence[Feed]) -> Hashable:
    """Return what a summary of the feeds depends on: polls that change no standing leave it as it is."""
    return tuple((feed.id, _standing(feed)[0], feed.last_success_at if feed.failures else None) for feed in feeds)
