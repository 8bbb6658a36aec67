"""The JSON shapes of what stands around deltas: stories, facts, developments and polled feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from service.api.text import redact_url
from service.api.wire import Instant, Wire
from service.core.model import FeedState, FeedYield

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from service.core.model import Development, Fact, Feed, Story


class AttributionOut(Wire):
    """Who says so; `origin` is the one source it rests on."""

    text: str
    origin: str
    on_record: bool


class FactOut(Wire):
    """One atomic statement: of the stored article (`baseline`) or brought by a delta."""

    id: str
    thread: str
    statement: str
    actor: str | None
    action: str | None
    object: str | None
    place: str | None
    value: str | None
    negated: bool
    modality: str
    attribution: AttributionOut
    as_of: Instant
    baseline: bool
    delta: str | None

    @classmethod
    def from_model(cls, fact: Fact) -> FactOut:
        """Convert a fact."""
        return cls(
            id=fact.id,
            thread=fact.thread,
            statement=fact.statement,
            actor=fact.actor,
            action=fact.action,
            object=fact.object,
            place=fact.place,
            value=fact.value,
            negated=fact.negated,
            modality=fact.modality,
            attribution=AttributionOut(
                text=fact.attribution.text, origin=fact.attribution.origin, on_record=fact.attribution.on_record
            ),
            as_of=fact.as_of,
            baseline=fact.delta is None,
            delta=fact.delta,
        )


class ArticleOut(Wire):
    """The stored article a story follows. Its text is not kept."""

    headline: str
    outlet: str
    url: str | None
    published_at: Instant
    lang: str


class ThreadOut(Wire):
    """A sub-story with its own question and feeds."""

    id: str
    title: str
    question: str
    feeds: dict[str, str]


class EntityOut(Wire):
    """A person, place, facility … of a story."""

    id: str
    name: str
    type: str
    role: str
    wikidata: str | None


class StoryOut(Wire):
    """A story that is followed, and where its ledger stands."""

    id: str
    title: str
    followed: bool  # false: it has ended here; what it published stays
    as_of: Instant
    article: ArticleOut
    threads: list[ThreadOut]
    entities: list[EntityOut]
    facts: int
    latest_seq: int
    changed_at: Instant | None
    page: str
    feeds: dict[str, str]
    deltas: str

    @classmethod
    def from_model(
        cls,
        story: Story,
        *,
        followed: bool,
        latest_seq: int,
        changed_at: datetime | None,
        page: str,
        deltas: str,
        feeds: Mapping[str, Mapping[str, str]],
    ) -> StoryOut:
        """Convert a story; `feeds` holds the feed addresses by thread id, "" for the whole story."""
        return cls(
            id=story.id,
            title=story.title,
            followed=followed,
            as_of=story.as_of,
            article=ArticleOut(
                headline=story.headline,
                outlet=story.outlet,
                url=story.url,
                published_at=story.published_at,
                lang=story.lang,
            ),
            threads=[
                ThreadOut(id=thread.id, title=thread.title, question=thread.question, feeds=dict(feeds[thread.id]))
                for thread in story.threads
            ],
            entities=[
                EntityOut(
                    id=entity.id, name=entity.name, type=entity.type, role=entity.role.value, wikidata=entity.wikidata
                )
                for entity in story.entities
            ],
            facts=len(story.facts),
            latest_seq=latest_seq,
            changed_at=changed_at,
            page=page,
            feeds=dict(feeds[""]),
            deltas=deltas,
        )


class FeedOut(Wire):
    """A polled feed and its health. Credentials in the address are redacted."""

    id: str
    url: str
    title: str
    lang: str | None
    pole: str | None
    source: Literal["file", "command", "api"]
    state: FeedState
    last_success_at: Instant | None
    last_attempt_at: Instant | None
    first_success_at: Instant | None
    error_class: str | None
    error: str | None
    failures: int
    next_poll_at: Instant | None
    next_poll_reason: str
    entries_seen: int
    polls: int
    failing_since_at: Instant | None
    moved_to: str | None
    items_per_day: float
    deltas: int
    repeats: int
    duplicate_share: float | None

    @classmethod
    def from_model(cls, feed: Feed, yielded: FeedYield | None = None) -> FeedOut:
        """Convert a feed; `yielded` is what its entries led to."""
        url = redact_url(feed.url)
        yielded = yielded or FeedYield()
        reports = yielded.deltas + yielded.repeats
        return cls(
            id=feed.id,
            url=url,
            title=feed.title,
            lang=feed.lang,
            pole=feed.pole,
            source=feed.source,
            state=feed.state,
            last_success_at=feed.last_success_at,
            last_attempt_at=feed.last_attempt_at,
            first_success_at=feed.first_success_at,
            error_class=feed.error_class,
            error=feed.error.replace(feed.url, url) if feed.error else None,
            failures=feed.failures,
            next_poll_at=feed.next_poll_at,
            next_poll_reason=feed.next_poll_reason,
            entries_seen=feed.entries_seen,
            polls=feed.polls,
            failing_since_at=feed.failing_since_at,
            moved_to=redact_url(feed.moved_to) if feed.moved_to else None,
            items_per_day=round(feed.items_per_day, 2),
            deltas=yielded.deltas,
            repeats=yielded.repeats,
            duplicate_share=round(yielded.repeats / reports, 3) if reports else None,
        )


class DevelopmentOut(Wire):
    """A happening and who reports it. Counts move; deltas do not."""

    id: str
    story: str
    threads: list[str]
    title: str
    lang: str | None
    line: str
    first_entry: str
    first_at: Instant
    last_at: Instant
    reports: int
    outlets: list[str]
    origins: list[str]
    independent_origins: int
    deltas: list[str]

    @classmethod
    def from_model(cls, development: Development, deltas: tuple[str, ...]) -> DevelopmentOut:
        """Convert a development; `deltas` are the ids it has brought, oldest first."""
        return cls(
            id=development.id,
            story=development.story,
            threads=list(development.threads),
            title=development.title,
            lang=development.lang,
            line=development.line,
            first_entry=development.first_entry,
            first_at=development.first_at,
            last_at=development.last_at,
            reports=development.reports,
            outlets=list(development.outlets),
            origins=list(development.origins),
            independent_origins=len(set(development.origins)),
            deltas=list(deltas),
        )
