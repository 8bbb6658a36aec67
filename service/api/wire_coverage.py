"""The JSON shape of a story's coverage: what its feeds hear, and when they did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.api.text import redact_url
from service.api.wire import Instant, Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.core.model import Feed, Outage
    from service.core.polls.coverage import Coverage, Group


class GroupOut(Wire):
    """The feeds of one language or pole; `down_since` while none of them answers."""

    name: str | None
    feeds: int
    answering: int
    covered_since: Instant | None
    down_since: Instant | None

    @classmethod
    def from_model(cls, group: Group) -> GroupOut:
        """Convert a group."""
        return cls(
            name=group.name,
            feeds=group.feeds,
            answering=group.answering,
            covered_since=group.covered_since,
            down_since=group.down_since,
        )


class OutageOut(Wire):
    """A time in which nothing was heard from a feed; `ended_at` is null while it lasts."""

    feed: str
    title: str
    lang: str | None
    pole: str | None
    began_at: Instant
    ended_at: Instant | None
    error_class: str
    error: str

    @classmethod
    def from_model(cls, outage: Outage, feed: Feed) -> OutageOut:
        """Convert an outage of a feed."""
        return cls(
            feed=feed.id,
            title=feed.title,
            lang=feed.lang,
            pole=feed.pole,
            began_at=outage.began_at,
            ended_at=outage.ended_at,
            error_class=outage.error_class,
            error=outage.error.replace(feed.url, redact_url(feed.url)),
        )


class CoverageOut(Wire):
    """What is and was heard of a story: silence with feeds answering means that nothing was reported."""

    story: str
    covered_since: Instant | None
    feeds: int
    answering: int
    down_since: Instant | None
    languages: list[GroupOut]
    poles: list[GroupOut]
    outages: list[OutageOut]
    notices: list[str]

    @classmethod
    def from_model(cls, story: str, coverage: Coverage, feeds: Mapping[str, Feed]) -> CoverageOut:
        """Convert a coverage; `feeds` are those it names, by id."""
        return cls(
            story=story,
            covered_since=coverage.covered_since,
            feeds=coverage.feeds,
            answering=coverage.answering,
            down_since=coverage.down_since,
            languages=[GroupOut.from_model(group) for group in coverage.languages],
            poles=[GroupOut.from_model(group) for group in coverage.poles],
            outages=[OutageOut.from_model(outage, feeds[outage.feed_id]) for outage in coverage.outages],
            notices=list(coverage.notices),
        )
