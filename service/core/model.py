"""The values everything else is written in.

Frozen dataclasses only. Instants are aware and UTC and end in `_at`; scores are in 0..1;
text offsets count Unicode code points. The words are those of the glossary in README.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from service.core.reports import Report

TextField = Literal["title", "summary"]


# --- feeds and entries -------------------------------------------------------------------


class FeedState(StrEnum):
    """What the scheduler may do with a feed."""

    ACTIVE = "active"
    PAUSED = "paused"  # left the OPML file, or was switched off by hand; history is kept
    GONE = "gone"  # answered 410; polled no more
    DELETED = "deleted"  # by hand: polled and listed no more, even if the file still has it


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed as configured: what an OPML line says."""

    url: str
    title: str
    lang: str | None = None
    pole: str | None = None
    source: Literal["file", "command", "api"] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollHints:
    """What a feed document asks of those who poll it."""

    wait: timedelta = timedelta(0)  # largest of ttl and sy:update*
    skip_hours: tuple[int, ...] = ()  # hours of the day, UTC
    skip_days: tuple[int, ...] = ()  # days of the week, UTC; 0 is Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed and its poll state."""

    id: str
    url: str
    title: str
    lang: str | None = None
    pole: str | None = None
    source: Literal["file", "command", "api"] = "file"
    state: FeedState = FeedState.ACTIVE
    etag: str | None = None  # byte for byte as received
    last_modified: str | None = None  # byte for byte as received
    body_hash: str | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    first_success_at: datetime | None = None  # None until the first successful poll: what comes then is context
    next_poll_at: datetime | None = None
    next_poll_reason: str = "new feed"
    failures: int = 0  # failed polls in a row
    error_class: str | None = None  # of the last poll, None after a success
    error: str | None = None  # one plain sentence
    entries_seen: int = 0
    polls: int = 0
    hints: PollHints = PollHints()  # of the document parsed last
    failing_since_at: datetime | None = None  # when the present outage began, None while polls succeed
    moved_to: str | None = None  # where permanent redirects lead
    moved_since_at: datetime | None = None  # since when they have, without a break
    items_per_day: float = 0.0  # running mean over about a week; what the first poll brings is not counted


class FailureKind(StrEnum):
    """Error classes of a poll, shown in `/v1/feeds`."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TLS = "tls"
    DNS = "dns"
    REFUSED = "refused"  # an address that must not be polled
    REDIRECTS = "redirects"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"  # 429, 503
    NOT_FOUND = "not_found"  # 404
    GONE = "gone"  # 410
    HTTP = "http"  # any other status
    NOT_A_FEED = "not_a_feed"
    PARSE = "parse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body that came with status 200."""

    url: str  # after redirects
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)  # lower-case names
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None  # the final address, where every redirect on the way was a permanent one
    body_hash: str = ""  # of `core.cadence.body_hash`, where whoever fetched has computed it


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """Status 304: nothing to parse."""

    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None  # as in Fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """Why a poll brought nothing. A value, because it is stored and scheduled by."""

    kind: FailureKind
    message: str  # plain words for an operator
    status: int | None = None
    retry_after: timedelta | None = None  # what the server asked for


FetchOutcome = Fetched | NotModified | FetchFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One item of a feed document, cleaned: plain text, http(s) links only, aware dates."""

    guid: str | None
    url: str | None
    title: str
    summary: str
    lang: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None
    date_only: bool = False  # published_at is a date without a time: it means the whole day


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document as values."""

    title: str
    lang: str | None
    entries: tuple[ParsedEntry, ...]
    hints: PollHints = PollHints()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed in one revision, as it stands in the entry ledger."""

    id: str
    revision: int  # 1 for the first text we saw, then 2, 3, …
    feed_id: str
    title: str
    summary: str
    url: str | None
    outlet: str | None
    lang: str | None
    pole: str | None = None
    published_at: datetime | None = None  # clamped when it lay more than an hour in the future
    date_only: bool = False
    clamped: bool = False
    first_seen_at: datetime  # of the entry; never changes with revisions
    seen_at: datetime  # of this revision
    backlog: bool = False  # came with the first successful poll of its feed
    seq: int = 0  # position in the ledger; 0 until appended

    def text(self, name: TextField) -> str:
        """Return the title or the summary."""
        return self.title if name == "title" else self.summary


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """What ingest needs to know of an entry seen before."""

    id: str
    revision: int
    content_hash: str
    first_seen_at: datetime
    backlog: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWrite:
    """An entry revision to append, with the keys by which it is recognised next time."""

    entry: Entry
    keys: tuple[str, ...]
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A time in which nothing was heard from a feed. Told apart by feed and beginning."""

    feed_id: str
    began_at: datetime  # the last success before it; the first failed poll where there was none
    ended_at: datetime | None  # the next success; None while it lasts
    error_class: str  # a FailureKind, or "not_polled" where we did not ask
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostWait:
    """A host (scheme, name and port) that wants to be left alone."""

    host: str  # as `core.urls.host_key` writes it
    until_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollWrite:
    """All that one poll changes, committed in one transaction."""

    feed: Feed
    entries: tuple[EntryWrite, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()  # further (key, entry id) pairs of entries already known
    outages: tuple[Outage, ...] = ()
    host_wait: HostWait | None = None  # for all active feeds of a host that are planned earlier
    began: int | None = None  # polls the feed had had when this one began; None: it is no poll, or nobody else polls


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedYield:
    """What the entries of a feed led to, over all stories."""

    deltas: int = 0
    repeats: int = 0  # followed up on a story, but said what was told already


# --- stories -----------------------------------------------------------------------------


class Role(StrEnum):
    """What a mention of an entity is worth."""

    CORE = "core"  # the story is about it
    CONTEXT = "context"  # it takes part
    BACKGROUND = "background"  # an analogy or setting: never makes a match
    PUBLISHER = "publisher"  # it reports: never makes a match


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A person, place, facility … of a story with its names per language."""

    id: str
    name: str  # English display name
    type: str
    role: Role
    names: dict[str, tuple[str, ...]]  # language → base forms
    titles: dict[str, tuple[str, ...]] = field(default_factory=dict)  # language → descriptions that stand for it
    veto: dict[str, tuple[str, ...]] = field(default_factory=dict)  # phrases in which a name means something else
    wikidata: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A conjunction of slots; each slot is a set of entity or word-class ids, any of which fills it."""

    slots: tuple[frozenset[str], ...]
    text: str  # as the author wrote it, for explanations


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A sub-story with its own question and feed."""

    id: str
    title: str
    question: str
    belongs: tuple[Pattern, ...]
    answered_by: tuple[str, ...] = ()  # facts that answer the question, the one that says most first


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says so, and whether they stand by it with their name."""

    text: str
    origin: str  # the one source it rests on, however many outlets repeat it
    on_record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """What an event must say to touch a fact, and what that does to it."""

    actions: frozenset[str]
    slots: tuple[frozenset[str], ...]  # entities or word classes that must be there
    stance: Literal["contradicts", "confirms", "develops"]
    type: str  # the delta type it gives
    after: str  # what is then known, one English sentence
    negated: bool | None = None  # None: either
    modality: frozenset[str] = frozenset()  # empty: any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One atomic statement: slots, attribution, modality, and what would change it."""

    id: str
    thread: str
    statement: str
    actor: str | None = None
    action: str | None = None
    object: str | None = None
    place: str | None = None
    value: str | None = None
    negated: bool = False
    modality: str = "reported"
    attribution: Attribution
    as_of: datetime
    changed_by: tuple[ChangeRule, ...] = ()
    delta: str | None = None  # id of the delta that brought it; None for a baseline fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionClass:
    """A class of events, with the words that put it in an English line."""

    id: str
    plover: str | None
    family: str  # actions of one family can confirm, develop or contradict each other
    active: str  # "withdraws from"
    noun: str  # "withdrawal"
    in_country: str | None = None  # the active form where only a country is named: "keeps its forces in"
    noun_with: str = "of"  # joins the noun to what it is done to: "withdrawal from"
    alone: str | None = None  # the active form without an object, where that is not just the verb: "holds a meeting"
    passive: str | None = None  # the form of what it is done to, where nobody is known to do it: "is attacked"
    undone: str | None = None  # the active form of what has not happened: "has not met"
    carries: str | None = None  # the active form that takes what is moved as its object: "withdraws"
    opposes: frozenset[str] = frozenset()
    derived_from: str | None = None  # has no words of its own: this action in that modality
    derived_modality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What one configuration follows."""

    id: str
    title: str
    as_of: datetime
    headline: str
    outlet: str
    url: str | None
    published_at: datetime
    lang: str
    entities: tuple[Entity, ...]
    threads: tuple[Thread, ...]
    facts: tuple[Fact, ...]
    digest: str  # of the file: part of rules_version
    words: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=dict
    )  # own word classes: class → lang → phrases
    actions: tuple[ActionClass, ...] = ()  # own actions


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStory:
    """A story as the store keeps it, so that what was published can be served when it is followed no more."""

    id: str
    source: Literal["file", "api"]
    document: str  # the story file as JSON
    followed: bool = True
    changed_at: datetime


# --- judgements --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
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
    touched: bool = True  # an entity or cue of the story was found: only then is it stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a sentence says happened."""

    action: str
    actor: str | None = None
    target: str | None = None
    negated: bool = False
    modality: str = "reported"  # reported, confirmed, denied, planned, possible, demanded
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
    trace: str | None = None  # what later comparisons need of it (JSON of core.memory.Report)


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


# --- jobs --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ingest:
    """Poll one feed."""

    feed_id: str

    @property
    def lane(self) -> str:
        """Jobs of one lane run one at a time."""
        return f"feed:{self.feed_id}"


@dataclass(frozen=True, slots=True)
class IngestBatch:
    """Poll those feeds of a batch that are due. Replicas share polling by batches, not by feeds: there are fewer."""

    prefix: str  # of the ids of its feeds, which are hashes

    @property
    def lane(self) -> str:
        """Jobs of one lane run one at a time."""
        return f"feeds:{self.prefix}"


@dataclass(frozen=True, slots=True)
class MatchEntries:
    """Match the entries after the cursor. A wake-up: it carries no data, so losing it only delays."""

    lane: str = "match"


@dataclass(frozen=True, slots=True)
class CompareMatches:
    """Compare the pending matches of one story."""

    story_id: str

    @property
    def lane(self) -> str:
        """Jobs of one lane run one at a time."""
        return f"story:{self.story_id}"


Step = Ingest | MatchEntries | CompareMatches
Job = Step | IngestBatch
