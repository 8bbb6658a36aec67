"""What is made of an entry: decisions, events, developments and deltas, and what editors say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from service.core.model.feeds import TextField
from service.core.model.stories import Fact

if TYPE_CHECKING:
    from service.core.developments.reports import Report


class Span(NamedTuple):
    """A stretch of an entry's text."""

    field: TextField
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One term of a score; the weights of a judgement add up to its log-odds."""

    feature: str
    weight: float
    span: Span | None = None
    text: str | None = None


class Mention(NamedTuple):
    """One occurrence of an entity in an entry."""

    entity: str
    span: Span
    surface: str


class Outcome(StrEnum):
    """What became of an entry in a story."""

    DELTA = "delta"
    REPEAT = "repeat"
    CONTEXT = "context"
    REJECTED = "rejected"
    PENDING = "pending"  # relevant, not compared yet


class DeltaType(StrEnum):
    """The closed vocabulary, in order of precedence where several fit."""

    RETRACTION = "retraction"
    CORRECTION = "correction"
    CONTRADICTION = "contradiction"
    STATUS_CHANGE = "status_change"
    VALUE_CHANGE = "value_change"
    CONFIRMATION = "confirmation"
    NEW_DEVELOPMENT = "new_development"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The judgement that an entry concerns a story, with its reasons."""

    story: str
    relevant: bool
    score: float
    threads: tuple[str, ...]
    reasons: tuple[Reason, ...]
    mentions: tuple[Mention, ...] = ()
    outcome: Outcome = Outcome.REJECTED  # pending when it goes on to comparing
    touched: bool = True  # a core entity of the story or a pattern was found: only then is it stored (DESIGN 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a sentence says happened."""

    action: str
    actor: str | None = None
    target: str | None = None
    negated: bool = False
    modality: str = "reported"  # reported, confirmed, denied, planned, possible, demanded, attempted
    quantity: str | None = None  # "3 soldiers"
    date: str | None = None
    place: str | None = None
    speaker: str | None = None  # who says so
    on_record: bool = False
    span: Span | None = None  # the sentence it was read from


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A match as stored, and what comparing made of it."""

    story: str
    entry: str
    revision: int
    entry_seq: int
    relevant: bool
    score: float
    outcome: Outcome
    threads: tuple[str, ...]
    reasons: tuple[Reason, ...]
    mentions: tuple[Mention, ...] = ()
    type: DeltaType | None = None
    delta: str | None = None
    development: str | None = None
    duplicate_of: str | None = None  # entry id of the first of its copies
    origin: str | None = None
    novelty: float | None = None
    decided_at: datetime
    rules_version: str
    trace: str | None = None  # what later comparisons need of it (JSON of core.facts.memory.Report)


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """A cluster of entries that report the same happening. A projection: counts move."""

    id: str
    story: str
    threads: tuple[str, ...]
    title: str
    lang: str | None
    line: str
    first_entry: str
    first_at: datetime
    last_at: datetime
    reports: int = 1
    outlets: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of an entry that carry what is new; an exact substring at its offsets."""

    quote: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to one fact."""

    fact: str
    before: str
    after: str
    stance: Literal["contradicts", "confirms", "develops"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One published change to what is known about a story. Immutable, append-only."""

    id: str
    story: str
    threads: tuple[str, ...]
    type: DeltaType
    line: str
    headline: str
    url: str | None
    outlet: str | None
    feed: str
    pole: str | None
    lang: str | None
    published_at: datetime | None
    first_seen_at: datetime
    created_at: datetime
    score: float
    novelty: float
    reason: str
    added: tuple[Quote, ...]
    changes: tuple[Change, ...]
    event: Event | None
    plover: str | None
    entities: tuple[Mention, ...]
    development: str
    development_title: str
    first_report: bool
    origin: str
    entry: str
    revision: int
    supersedes: str | None
    by: Literal["publisher", "editor"]
    rules_version: str
    seq: int = 0  # position in the ledger; 0 until appended

    @property
    def reported_at(self) -> datetime:
        """When this was reported. Feeds date the first version of a report, so of what came later: when it was seen."""
        came_later = self.revision > 1 or self.type in {DeltaType.RETRACTION, DeltaType.CORRECTION}
        return self.created_at if came_later else self.published_at or self.first_seen_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that comparing one entry changes, committed in one transaction."""

    decision: Decision
    development: Development | None = None
    delta: Delta | None = None
    facts: tuple[Fact, ...] = ()  # later facts that the delta brings
    others: tuple[Decision, ...] = ()  # on other revisions of the entry, where an editor's judgement changes them too
    by_editor: bool = False  # it follows a judgement, not a report
    report: Report | None = field(default=None, compare=False, repr=False)  # what the decision's trace holds, unwritten


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an editor says of an entry in a story. It holds for later revisions too, until they judge again."""

    story: str
    entry: str
    revision: int  # the newest when it was judged
    relevant: bool
    note: str = ""  # published with what follows from it
    judged_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouping:
    """An editor's order to split a development or to merge it into another; orders count in the order they came."""

    id: str  # of the delta that will tell of it
    story: str
    kind: Literal["split", "merge"]
    development: str  # whose reports move
    into: str  # where to; a split makes it
    entries: tuple[str, ...] = ()  # which ones; of a merge all
    note: str = ""  # published with what follows from it
    ordered_at: datetime
