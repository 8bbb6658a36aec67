"""The story page as values: what stands now, what changed, the newest deltas, the timeline. Pure.

Everything shown is taken from ledgers and story file: no clock, so the same state gives the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from service.api.languages import language_name
from service.api.links import FORMATS, Links
from service.api.pages.coverage_view import Coverage, axis_of, coverage
from service.api.pages.sparkline import Axis, Sparkline, sparkline
from service.api.pages.standing_view import FactRow, answers, touched_facts
from service.api.text import type_label
from service.core.model import DeltaType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from service.api.pages.health_view import FeedsView
    from service.api.tally import Tally
    from service.core.facts.withdrawals import Withdrawals
    from service.core.model import Delta, Development, Story, Thread

SHOWN_DELTAS = 5
SHOWN_DEVELOPMENTS = 40
SHOWN_FACTS = 24
FACTS_AT_ONCE = 6  # the rest is folded away
_FOLLOWERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryData:
    """What the page is made from."""

    story: Story
    tally: Tally
    newest_at: datetime | None
    seq: int  # of the newest delta of the story
    cursor: str  # of the newest delta: the stream reads on from it
    newest: Mapping[str, Delta]  # thread → its newest delta
    deltas: Sequence[Delta]  # newest first, filtered
    developments: Sequence[Development]
    feeds: FeedsView
    filters: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """An address in one format."""

    name: str
    media: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a filter."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A thread: its question, and where it stands."""

    thread: Thread
    answers: tuple[FactRow, ...]
    latest: Delta | None
    spark: Sparkline
    feeds: tuple[FeedLink, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A development with the delta that first told it and those that followed."""

    development: Development
    first: Delta | None
    others: tuple[Delta, ...]
    more: int
    threads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Developments first reported on one day."""

    at: datetime
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """The story page."""

    data: StoryData
    cards: tuple[Card, ...]
    changed: tuple[FactRow, ...]  # facts that no longer say what they said
    known_better: tuple[FactRow, ...]  # facts that stand, with more known or confirmed
    more_facts: int  # touched, but not shown
    developments: Mapping[str, Development]  # those shown, by id: who reported what changed a fact
    coverage: Coverage
    latest: tuple[Delta, ...]
    days: tuple[Day, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    feeds: tuple[FeedLink, ...]
    stream: str
    filtered: bool
    at_once: int = FACTS_AT_ONCE


def story_view(data: StoryData, links: Links) -> StoryView:
    """Return the page of a story."""
    story = data.story
    titles = {thread.id: thread.title for thread in story.threads}
    whole = _feed_links(story, {}, story.title, links)
    if data.filters:
        whole = _feed_links(story, dict(data.filters), f"{story.title} ({', '.join(data.filters.values())})", links)
    axis = axis_of(data.tally, story.as_of.date())
    facts = touched_facts(story, data.tally)
    return StoryView(
        data=data,
        cards=tuple(_card(thread, data, axis, links) for thread in story.threads),
        changed=tuple(row for row in facts[:SHOWN_FACTS] if row.standing.changed),
        known_better=tuple(row for row in facts[:SHOWN_FACTS] if not row.standing.changed),
        more_facts=max(0, len(facts) - SHOWN_FACTS),
        developments={each.id: each for each in data.developments},
        coverage=coverage(data.tally, axis, lambda lang: _of_filters(data, links, {**data.filters, "lang": lang})),
        latest=tuple(data.deltas[:SHOWN_DELTAS]),
        days=_days(data, titles),
        choices=_choices(data, links) if data.tally.deltas or data.filters else {},
        feeds=whole,
        stream=links.path(f"/v1/stories/{story.id}/stream?after={data.cursor}"),
        filtered=bool(data.filters),
    )


def _feed_links(story: Story, filters: dict[str, str], title: str, links: Links) -> tuple[FeedLink, ...]:
    names = {"rss": "RSS", "atom": "Atom", "json": "JSON"}
    return tuple(
        FeedLink(name=names[fmt], media=media, title=title, url=links.url(links.feed_path(fmt, story.id, filters)))
        for fmt, media in FORMATS.items()
    )


def _card(thread: Thread, data: StoryData, axis: Axis, links: Links) -> Card:
    story, tally = data.story, data.tally
    return Card(
        thread=thread,
        answers=answers(story, tally, thread),
        latest=data.newest.get(thread.id),
        spark=sparkline(tally.of_thread.get(thread.id, {}), axis),
        feeds=_feed_links(story, {"thread": thread.id}, f"{story.title}: {thread.title}", links),
        href=links.path(f"/stories/{story.id}?{urlencode({'thread': thread.id})}") + "#reports",
    )


def _stands(delta: Delta, withdrawals: Withdrawals) -> bool:
    return delta.type is not DeltaType.RETRACTION and delta.id not in withdrawals.ids


def _days(data: StoryData, titles: Mapping[str, str]) -> tuple[Day, ...]:
    by_development: dict[str, list[Delta]] = {}
    for delta in reversed(data.deltas):  # oldest first
        by_development.setdefault(delta.development, []).append(delta)
    happenings = []
    for development in data.developments:
        deltas = by_development.get(development.id, [])
        if data.filters and not deltas:
            continue
        if not development.reports and any(_stands(delta, data.tally.withdrawals) for delta in deltas):
            continue  # an editor has merged it into another
        others = deltas[1:]
        happenings.append(
            Happening(
                development=development,
                first=deltas[0] if deltas else None,
                others=tuple(others[-_FOLLOWERS:]),
                more=max(0, len(others) - _FOLLOWERS),
                threads=", ".join(titles.get(name, name) for name in development.threads),
            )
        )
    happenings.sort(key=lambda each: (each.development.first_at, each.development.id), reverse=True)
    grouped = groupby(happenings, key=lambda each: each.development.first_at.date())
    days = [tuple(each) for _, each in grouped]
    return tuple(Day(at=each[0].development.first_at, happenings=each) for each in days)


def _choices(data: StoryData, links: Links) -> dict[str, tuple[Choice, ...]]:
    threads = {thread.id: thread.title for thread in data.story.threads}
    values = {
        "thread": threads,
        "type": {str(name): type_label(name) for name in sorted(data.tally.types)},
        "lang": {name: language_name(name) for name in sorted(data.tally.languages, key=language_name)},
    }
    return {
        name: (
            _choice(data, links, name, None, "all"),
            *(_choice(data, links, name, value, label) for value, label in labels.items()),
        )
        for name, labels in values.items()
        if len(labels) > 1 or name in data.filters
    }


def _choice(data: StoryData, links: Links, name: str, value: str | None, label: str) -> Choice:
    filters = {key: text for key, text in data.filters.items() if key != name} | ({name: value} if value else {})
    return Choice(label=label, href=_of_filters(data, links, filters), current=data.filters.get(name) == value)


def _of_filters(data: StoryData, links: Links, filters: Mapping[str, str]) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return links.path(f"/stories/{data.story.id}{query}") + "#reports"
