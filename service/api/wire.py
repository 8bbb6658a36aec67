"""The JSON shapes of the API. The core may move; these may only grow.

Each model is made from a value of the core in one function, `from_model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.core.model import (
    Decision,
    Delta,
    DeltaType,
    Entity,
    Entry,
    Event,
    Mention,
    Outcome,
    Quote,
    Reason,
)


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


Instant = Annotated[datetime, AfterValidator(_utc)]
Share = Annotated[float, Field(ge=0, le=1)]
Entities = Mapping[str, Entity]


class Wire(BaseModel):
    """Base of what goes over the wire."""

    model_config = ConfigDict(frozen=True)


class QuoteOut(Wire):
    """Words that carry what is new: an exact substring of the entry's field."""

    quote: str
    field: Literal["title", "summary"]
    start: int
    end: int

    @classmethod
    def from_model(cls, quote: Quote) -> QuoteOut:
        """Convert a quote."""
        return cls(quote=quote.quote, field=quote.span.field, start=quote.span.start, end=quote.span.end)


class ChangeOut(Wire):
    """What happened to one fact."""

    fact: str
    before: str
    after: str
    stance: Literal["contradicts", "confirms", "develops"]


class EventOut(Wire):
    """What is said to have happened."""

    action: str
    plover: str | None
    actor: str | None
    target: str | None
    negated: bool
    modality: str
    quantity: str | None
    date: str | None

    @classmethod
    def from_model(cls, event: Event, plover: str | None) -> EventOut:
        """Convert an event and its PLOVER code."""
        return cls(
            action=event.action,
            plover=plover,
            actor=event.actor,
            target=event.target,
            negated=event.negated,
            modality=event.modality,
            quantity=event.quantity,
            date=event.date,
        )


class MentionOut(Wire):
    """One occurrence of an entity."""

    id: str
    name: str
    type: str
    surface: str
    field: Literal["title", "summary"]
    start: int
    end: int

    @classmethod
    def from_model(cls, mention: Mention, entities: Entities) -> MentionOut:
        """Convert a mention; an entity that has left its story file keeps its id as name."""
        entity = entities.get(mention.entity)
        return cls(
            id=mention.entity,
            name=entity.name if entity else mention.entity,
            type=entity.type if entity else "unknown",
            surface=mention.surface,
            field=mention.span.field,
            start=mention.span.start,
            end=mention.span.end,
        )


class DeltaDevelopmentOut(Wire):
    """The happening a delta belongs to, as it stood when the delta was made."""

    id: str
    title: str
    first_report: bool


class DeltaOut(Wire):
    """One published change to what is known about a story. Immutable."""

    id: str
    seq: int
    story: str
    threads: list[str]
    type: DeltaType
    line: str
    headline: str
    url: str | None
    outlet: str | None
    feed: str
    pole: str | None
    lang: str | None
    published_at: Instant | None
    first_seen_at: Instant
    created_at: Instant
    score: Share
    novelty: Share
    reason: str
    added: list[QuoteOut]
    changes: list[ChangeOut]
    event: EventOut | None
    entities: list[MentionOut]
    development: DeltaDevelopmentOut
    origin: str
    entry: str
    supersedes: str | None
    by: Literal["publisher", "editor"]
    rules_version: str

    @classmethod
    def from_model(cls, delta: Delta, entities: Entities) -> DeltaOut:
        """Convert a delta; `entities` are those of its story, for names and types."""
        return cls(
            id=delta.id,
            seq=delta.seq,
            story=delta.story,
            threads=list(delta.threads),
            type=delta.type,
            line=delta.line,
            headline=delta.headline,
            url=delta.url,
            outlet=delta.outlet,
            feed=delta.feed,
            pole=delta.pole,
            lang=delta.lang,
            published_at=delta.published_at,
            first_seen_at=delta.first_seen_at,
            created_at=delta.created_at,
            score=delta.score,
            novelty=delta.novelty,
            reason=delta.reason,
            added=[QuoteOut.from_model(quote) for quote in delta.added],
            changes=[
                ChangeOut(fact=change.fact, before=change.before, after=change.after, stance=change.stance)
                for change in delta.changes
            ],
            event=EventOut.from_model(delta.event, delta.plover) if delta.event else None,
            entities=[MentionOut.from_model(mention, entities) for mention in delta.entities],
            development=DeltaDevelopmentOut(
                id=delta.development, title=delta.development_title, first_report=delta.first_report
            ),
            origin=delta.origin,
            entry=delta.entry,
            supersedes=delta.supersedes,
            by=delta.by,
            rules_version=delta.rules_version,
        )


class EntryOut(Wire):
    """One item of a polled feed in one revision; quotes and mentions are offsets into `title` and `summary`."""

    id: str
    revision: int
    seq: int
    feed: str
    title: str
    summary: str
    url: str | None
    outlet: str | None
    lang: str | None
    pole: str | None
    published_at: Instant | None
    date_only: bool
    clamped: bool
    first_seen_at: Instant
    seen_at: Instant
    backlog: bool

    @classmethod
    def from_model(cls, entry: Entry) -> EntryOut:
        """Convert an entry."""
        return cls(
            id=entry.id,
            revision=entry.revision,
            seq=entry.seq,
            feed=entry.feed_id,
            title=entry.title,
            summary=entry.summary,
            url=entry.url,
            outlet=entry.outlet,
            lang=entry.lang,
            pole=entry.pole,
            published_at=entry.published_at,
            date_only=entry.date_only,
            clamped=entry.clamped,
            first_seen_at=entry.first_seen_at,
            seen_at=entry.seen_at,
            backlog=entry.backlog,
        )


class ReasonOut(Wire):
    """One term of a score."""

    feature: str
    weight: float
    field: Literal["title", "summary"] | None
    start: int | None
    end: int | None
    text: str | None

    @classmethod
    def from_model(cls, reason: Reason) -> ReasonOut:
        """Convert a reason."""
        span = reason.span
        return cls(
            feature=reason.feature,
            weight=reason.weight,
            field=span.field if span else None,
            start=span.start if span else None,
            end=span.end if span else None,
            text=reason.text,
        )


class DecisionOut(Wire):
    """Why an entry was or was not published in a story; `id` is the entry's."""

    id: str
    revision: int
    story: str
    title: str
    url: str | None
    outlet: str | None
    lang: str | None
    published_at: Instant | None
    relevant: bool
    score: Share
    threads: list[str]
    outcome: Outcome
    type: DeltaType | None
    delta: str | None
    development: str | None
    duplicate_of: str | None
    origin: str | None
    novelty: Share | None
    reasons: list[ReasonOut]
    decided_at: Instant
    rules_version: str
    stored: bool

    @classmethod
    def from_model(cls, decision: Decision, entry: Entry, *, stored: bool = True) -> DecisionOut:
        """Convert a decision and the entry it is about; `stored` is false for one made just now."""
        return cls(
            id=decision.entry,
            revision=decision.revision,
            story=decision.story,
            title=entry.title,
            url=entry.url,
            outlet=entry.outlet,
            lang=entry.lang,
            published_at=entry.published_at,
            relevant=decision.relevant,
            score=decision.score,
            threads=list(decision.threads),
            outcome=decision.outcome,
            type=decision.type,
            delta=decision.delta,
            development=decision.development,
            duplicate_of=decision.duplicate_of,
            origin=decision.origin,
            novelty=decision.novelty,
            reasons=[ReasonOut.from_model(reason) for reason in decision.reasons],
            decided_at=decision.decided_at,
            rules_version=decision.rules_version,
            stored=stored,
        )
