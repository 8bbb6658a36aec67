"""Feeds, what a poll of one brings, and the entries that it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

TextField = Literal["title", "summary"]
POLE = "^[a-z0-9]+(-[a-z0-9]+)*$"  # whose view a feed gives, as its operator calls it


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
    body_hash: str = ""  # of `core.polls.cadence.body_hash`, where whoever fetched has computed it


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
