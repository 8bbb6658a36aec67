"""When to poll a feed next, and what a poll makes of its state: everything about it is in this file.

A publisher's wish (Retry-After, ttl, max-age) is never undercut; within it the rhythm of the feed decides.
Jitter is an argument, so that the same poll always gives the same answer.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, assert_never

from service.core.model import FailureKind, Feed, FeedState, Fetched, FetchFailure, FetchOutcome, NotModified

if TYPE_CHECKING:
    from collections.abc import Mapping

NONE: Final = timedelta(0)
DAY: Final = timedelta(days=1)
RATE_LIMIT_CAP: Final = timedelta(hours=6)  # a throttled feed must not starve for a week (PEERS §3b)
QUIET_FACTOR: Final = 4  # a feed without news is polled at least every 4 × default
FULL_FETCH_EVERY: Final = 100  # polls: some servers answer 304 for ever (FreshRSS #5149)
MISSING_FACTOR: Final = 4  # 404 waits so many times longer than a failure that may pass
_QUICKER: Final = 0.75
_SLOWER: Final = 1.25

REASON_NEW: Final = "new entries: polled more often"
REASON_QUIET: Final = "nothing new: polled less often"
REASON_TTL: Final = "asked for by the feed's own ttl"
REASON_CACHE: Final = "asked for by the server's Cache-Control or Expires"
REASON_RETRY_AFTER: Final = "asked for by the server's Retry-After"
_RHYTHM: Final = frozenset({REASON_NEW, REASON_QUIET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """Bounds of the wait between polls of one feed."""

    shortest: timedelta = timedelta(minutes=5)
    longest: timedelta = DAY
    default: timedelta = timedelta(minutes=15)
    jitter: float = 0.1  # share of the wait, 0..1

    def within(self, wait: timedelta) -> timedelta:
        """Return the wait moved into the bounds."""
        return max(self.shortest, min(wait, self.longest))


def decide_poll(
    feed: Feed,
    outcome: FetchOutcome,
    parsed_wait: timedelta,
    new_count: int,
    now: datetime,
    cadence: Cadence,
    jitter: float,
) -> Feed:
    """Return the feed with its poll state after `outcome`.

    Args:
        feed: State before the poll.
        outcome: What the fetch brought; a document that could not be parsed is a FetchFailure.
        parsed_wait: Wait that the document asks for (ttl, sy:updatePeriod); zero if none.
        new_count: Entries of this document that were not known before.
        now: Time of the answer, UTC.
        cadence: Bounds of the wait.
        jitter: In -1..1; moves the wait by at most `cadence.jitter`, never below what the publisher asked for.

    Source: RFC 9110 §10.2.3 (Retry-After), RFC 9111 §5.2.2.1 (max-age) and §5.3 (Expires), RSS 2.0 `ttl`,
    RFC 9110 §15.5.11 (410), RFC 6585 §4 (429).
    """
    before = feed
    feed = replace(feed, last_attempt_at=now, polls=feed.polls + 1, entries_seen=feed.entries_seen + new_count)
    match outcome:
        case FetchFailure():
            return _after_failure(feed, outcome, now, cadence, jitter)
        case Fetched():
            feed = replace(
                feed, etag=outcome.etag, last_modified=outcome.last_modified, body_hash=body_hash(outcome.body)
            )
            unchanged = feed.body_hash == before.body_hash
        case NotModified():
            feed = _validators_after_304(feed, outcome)
            unchanged = True
        case _:
            assert_never(outcome)
    policy, reason = _rhythm(before, new_count, cadence)
    asked, asked_reason = max((parsed_wait, REASON_TTL), (cache_wait(outcome.headers, now), REASON_CACHE))
    if unchanged and not parsed_wait and before.next_poll_reason == REASON_TTL and _planned_wait(before) > asked:
        asked, asked_reason, jitter = _planned_wait(before), REASON_TTL, 0.0  # not parsed again, still asked for
    asked = min(asked, cadence.longest)  # beyond the operator's longest wait a hint is more often a mistake
    wait, reason = _longer(cadence, policy, reason, asked=asked, asked_reason=asked_reason, jitter=jitter)
    return replace(
        feed,
        failures=0,
        error_class=None,
        error=None,
        last_success_at=now,
        first_success_at=feed.first_success_at or now,
        next_poll_at=now + wait,
        next_poll_reason=reason,
    )


def body_hash(body: bytes) -> str:
    """Return the fingerprint by which an unchanged document is recognised without parsing it."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def cache_wait(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how long the answer stays fresh by its own headers (lower-case names); zero if they do not say.

    Source: RFC 9111 §4.2.1: max-age wins over Expires; §5.1: Age counts against it.
    """
    directives = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(?:cache|store)\b", directives):
        return NONE
    found = re.search(r"\bmax-age\s*=\s*\"?(\d{1,10})", directives)
    if found:
        age = re.fullmatch(r"\s*(\d{1,10})\s*", headers.get("age", ""))
        return max(NONE, timedelta(seconds=int(found[1]) - (int(age[1]) if age else 0)))
    expires = http_date(headers.get("expires", ""))
    if expires is None:
        return NONE
    return max(NONE, expires - (http_date(headers.get("date", "")) or now))


def http_date(text: str) -> datetime | None:
    """Return an HTTP date as an aware UTC instant, or None when it is none (`Expires: 0`)."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _validators_after_304(feed: Feed, outcome: NotModified) -> Feed:
    if feed.polls % FULL_FETCH_EVERY == 0:
        return replace(feed, etag=None, last_modified=None)
    return replace(feed, etag=outcome.etag or feed.etag, last_modified=outcome.last_modified or feed.last_modified)


def _rhythm(feed: Feed, new_count: int, cadence: Cadence) -> tuple[timedelta, str]:
    default = cadence.within(cadence.default)
    before = (_planned_wait(feed) or default) if feed.next_poll_reason in _RHYTHM else default
    if new_count:
        return cadence.within(min(before, default) * _QUICKER), REASON_NEW
    return cadence.within(min(before * _SLOWER, default * QUIET_FACTOR)), REASON_QUIET


def _planned_wait(feed: Feed) -> timedelta:
    if feed.next_poll_at is None or feed.last_success_at is None:
        return NONE
    return max(NONE, feed.next_poll_at - feed.last_success_at)


def _after_failure(feed: Feed, failure: FetchFailure, now: datetime, cadence: Cadence, jitter: float) -> Feed:
    failures = feed.failures + 1
    feed = replace(feed, failures=failures, error_class=failure.kind.value, error=failure.message)
    if failure.kind is FailureKind.GONE:
        return replace(
            feed,
            state=FeedState.GONE,
            next_poll_at=None,
            next_poll_reason="the server says that this feed is gone for good (410): polled no more",
        )
    base = cadence.within(cadence.default)
    times = "once" if failures == 1 else f"{failures} times in a row"
    match failure.kind:
        case FailureKind.RATE_LIMITED:
            policy = min(base * _doubled(failures), RATE_LIMIT_CAP)
            reason = f"the server is busy or limits us, {times}: waiting longer"
        case FailureKind.NOT_FOUND:
            policy = cadence.within(base * MISSING_FACTOR * _doubled(failures))
            reason = f"not found, {times}: polled seldom"
        case FailureKind.REFUSED:
            policy = cadence.longest
            reason = "this address must not be polled: tried again in case the settings changed"
        case _:
            policy = cadence.within(base * _doubled(failures))
            reason = f"failed {times}: waiting longer"
    asked = min(failure.retry_after or NONE, DAY)
    wait, reason = _longer(cadence, policy, reason, asked=asked, asked_reason=REASON_RETRY_AFTER, jitter=jitter)
    return replace(feed, next_poll_at=now + wait, next_poll_reason=reason)


def _doubled(failures: int) -> int:
    factor: int = 2 ** min(failures, 20)
    return factor // 2


def _longer(
    cadence: Cadence, policy: timedelta, reason: str, *, asked: timedelta, asked_reason: str, jitter: float
) -> tuple[timedelta, str]:
    share = cadence.jitter * max(-1.0, min(1.0, jitter))
    if asked > policy:
        return asked * (1 + abs(share)), asked_reason
    return max(policy * (1 + share), cadence.shortest, asked), reason
