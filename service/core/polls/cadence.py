"""When to poll a feed next, and what a poll makes of its state: everything about it is in this file.

A publisher's wish (Retry-After, ttl, max-age) is never undercut; within it the rhythm of the feed decides.
Jitter is an argument, so that the same poll always gives the same answer.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from service.core.model import (
    FailureKind,
    Feed,
    FeedState,
    Fetched,
    FetchFailure,
    FetchOutcome,
    HostWait,
    NotModified,
    Outage,
    PollHints,
)
from service.core.polls.wishes import after_skips, cache_wait
from service.core.urls import host_key

NONE: Final = timedelta(0)
DAY: Final = timedelta(days=1)
RATE_LIMIT_CAP: Final = timedelta(hours=6)  # a throttled feed must not starve for a week
PASSING_CAP: Final = timedelta(hours=4)  # time-outs, names and connections: what comes back is seen the same day
UNDEAD_AFTER: Final = timedelta(days=60)  # without a single success …
UNDEAD_FAILURES: Final = 10  # … and with so many failures, so that our own long sleep condemns no feed
UNDEAD_WAIT: Final = timedelta(days=30)  # … a feed is only probed
ADOPT_AFTER: Final = timedelta(days=7)  # a permanent redirect must last before it is believed
MISSED_AFTER: Final = timedelta(hours=1)  # a poll so late means that we did not poll
RATE_DAYS: Final = 7.0  # over which items a day are averaged
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
REASON_SKIPS: Final = "asked for by the feed's skipHours or skipDays"
REASON_HOST: Final = "asked for by Retry-After of another feed on the same host"
NOT_POLLED: Final = "not_polled"
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
    hints: PollHints | None,
    new_count: int,
    now: datetime,
    cadence: Cadence,
    jitter: float,
) -> Feed:
    """Return the feed with its poll state after `outcome`.

    Args:
        feed: State before the poll.
        outcome: What the fetch brought; a document that could not be parsed is a FetchFailure.
        hints: What the document asks for; None when it was not parsed, then what it asked last time holds.
        new_count: Entries of this document that were not known before.
        now: Time of the answer, UTC.
        cadence: Bounds of the wait.
        jitter: In -1..1; moves the wait by at most `cadence.jitter`, never below what the publisher asked for.

    Source: RFC 9110 §10.2.3 (Retry-After), RFC 9111 §5.2.2.1 (max-age) and §5.3 (Expires), RSS 2.0 `ttl`,
    RFC 9110 §15.4.2, §15.4.9 (301, 308) and §15.5.11 (410), RFC 6585 §4 (429).
    """
    polls, entries_seen = feed.polls + 1, feed.entries_seen + new_count
    etag, last_modified, fingerprint = feed.etag, feed.last_modified, feed.body_hash
    match outcome:
        case FetchFailure():
            attempted = replace(feed, last_attempt_at=now, polls=polls, entries_seen=entries_seen)
            return _after_failure(attempted, outcome, now, cadence, jitter)
        case Fetched():
            etag, last_modified, fingerprint = (
                outcome.etag,
                outcome.last_modified,
                outcome.body_hash or body_hash(outcome.body),
            )
        case NotModified() if polls % FULL_FETCH_EVERY == 0:
            etag, last_modified = None, None
        case NotModified():
            etag, last_modified = outcome.etag or etag, outcome.last_modified or last_modified
        case _:
            assert_never(outcome)
    hints = feed.hints if hints is None else hints
    policy, reason = _rhythm(feed, new_count, cadence)
    asked, asked_reason = max((hints.wait, REASON_TTL), (cache_wait(outcome.headers, now), REASON_CACHE))
    asked = min(asked, cadence.longest)  # beyond the operator's longest wait a hint is more often a mistake
    wait, reason = _longer(cadence, policy, reason, asked=asked, asked_reason=asked_reason, jitter=jitter)
    planned = now + wait
    open_at = min(after_skips(planned, hints), max(planned, now + cadence.longest))
    if open_at > planned:
        planned, reason = open_at + wait * cadence.jitter * abs(jitter), REASON_SKIPS
    polled = replace(  # once: it copies two dozen fields, a thousand times a second
        feed,
        etag=etag,
        last_modified=last_modified,
        body_hash=fingerprint,
        last_attempt_at=now,
        polls=polls,
        entries_seen=entries_seen,
        failures=0,
        error_class=None,
        error=None,
        last_success_at=now,
        first_success_at=feed.first_success_at or now,
        next_poll_at=planned,
        next_poll_reason=reason,
        hints=hints,
        failing_since_at=None,
        items_per_day=_rate(feed, new_count, now),
    )
    return polled if outcome.moved_to is None and feed.moved_to is None else _moved(polled, outcome.moved_to, now)


def outages_of(before: Feed, after: Feed) -> tuple[Outage, ...]:
    """Return the outages that a poll began, went on with or ended.

    Args:
        before: The feed as it was planned.
        after: The same feed after `decide_poll`.
    """
    now = after.last_attempt_at
    assert now is not None  # it was polled
    if after.failing_since_at is not None:
        ended_at = now if after.state is FeedState.GONE else None
        return (_outage(after, after.failing_since_at, ended_at, after.error_class or "", after.error or ""),)
    if before.failing_since_at is not None:
        return (_outage(after, before.failing_since_at, now, before.error_class or "", before.error or ""),)
    heard_at = before.last_success_at
    if heard_at is None or before.next_poll_at is None or now - before.next_poll_at < MISSED_AFTER:
        return ()
    words = "nobody asked: the service was stopped, slept, or could not keep up"
    return (_outage(after, heard_at, now, NOT_POLLED, words),)


def host_wait_of(feed: Feed, outcome: FetchOutcome, now: datetime) -> HostWait | None:
    """Return until when the host of a feed wants no polls at all; None where it did not say so.

    Source: RFC 9110 §10.2.3 with RFC 6585 §4: who is limited is the client, and to the host that is all our polls.
    """
    if not isinstance(outcome, FetchFailure) or outcome.kind is not FailureKind.RATE_LIMITED or not outcome.retry_after:
        return None
    return HostWait(host=host_key(feed.url), until_at=now + min(outcome.retry_after, DAY), reason=REASON_HOST)


def is_planned(feed: Feed, now: datetime) -> bool:
    """Whether the next poll lies in the future."""
    return feed.next_poll_at is not None and feed.next_poll_at > now


def body_hash(body: bytes | bytearray) -> str:
    """Return the fingerprint by which an unchanged document is recognised without parsing it."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


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


def _rate(before: Feed, new_count: int, now: datetime) -> float:
    """Return items a day as a running mean whose weight falls by two thirds in a week."""
    if before.last_success_at is None:
        return 0.0
    days = max(0.0, (now - before.last_success_at) / DAY)
    kept = math.exp(-days / RATE_DAYS)
    share = (1 - kept) / days if days > 1e-6 else 1 / RATE_DAYS
    return before.items_per_day * kept + new_count * share


def _moved(feed: Feed, moved_to: str | None, now: datetime) -> Feed:
    """Return the feed with a permanent redirect noted, forgotten, or adopted when it has lasted long enough."""
    if moved_to is None or moved_to == feed.url or (feed.url.startswith("https:") and moved_to.startswith("http:")):
        return replace(feed, moved_to=None, moved_since_at=None)
    if moved_to != feed.moved_to or feed.moved_since_at is None:
        return replace(feed, moved_to=moved_to, moved_since_at=now)
    if now - feed.moved_since_at < ADOPT_AFTER:
        return feed
    return replace(
        feed,
        url=moved_to,  # the id stays: history, keys and the feeds file go by it
        moved_to=None,
        moved_since_at=None,
        next_poll_reason=f"{feed.next_poll_reason}; moved for good, now polled at its new address",
    )


def _outage(feed: Feed, began_at: datetime, ended_at: datetime | None, error_class: str, error: str) -> Outage:
    return Outage(feed_id=feed.id, began_at=began_at, ended_at=ended_at, error_class=error_class, error=error)


def _after_failure(feed: Feed, failure: FetchFailure, now: datetime, cadence: Cadence, jitter: float) -> Feed:
    failures = feed.failures + 1
    began_at = feed.failing_since_at or min(feed.last_success_at or now, now)
    feed = replace(
        feed,
        failures=failures,
        error_class=failure.kind.value,
        error=failure.message,
        failing_since_at=began_at,
    )
    if failure.kind is FailureKind.GONE:
        return replace(
            feed,
            state=FeedState.GONE,
            next_poll_at=None,
            next_poll_reason="the server says that this feed is gone for good (410): polled no more",
        )
    policy, reason = _ladder(failure.kind, failures, now - began_at, cadence)
    asked = min(failure.retry_after or NONE, DAY)
    wait, reason = _longer(cadence, policy, reason, asked=asked, asked_reason=REASON_RETRY_AFTER, jitter=jitter)
    return replace(feed, next_poll_at=now + wait, next_poll_reason=reason)


def _ladder(kind: FailureKind, failures: int, lasting: timedelta, cadence: Cadence) -> tuple[timedelta, str]:
    """Return the wait after so many failures in a row, and why: one ladder per kind of failure."""
    base = cadence.within(cadence.default)
    times = "once" if failures == 1 else f"{failures} times in a row"
    if lasting >= UNDEAD_AFTER and failures >= UNDEAD_FAILURES:
        return UNDEAD_WAIT, f"has failed for {lasting.days} days: probed once a month"
    match kind:
        case FailureKind.RATE_LIMITED:
            return min(base * _doubled(failures), RATE_LIMIT_CAP), (
                f"the server is busy or limits us, {times}: waiting longer"
            )
        case FailureKind.NOT_FOUND:
            return cadence.within(base * MISSING_FACTOR * _doubled(failures)), f"not found, {times}: polled seldom"
        case FailureKind.REFUSED:
            return cadence.longest, "this address must not be polled: tried again in case the settings changed"
        case FailureKind.TIMEOUT | FailureKind.CONNECTION | FailureKind.DNS:
            policy = min(cadence.within(base * _doubled(failures)), max(PASSING_CAP, base))
            return policy, f"failed {times} in a way that may pass: waiting longer"
        case _:
            return cadence.within(base * _doubled(failures)), f"failed {times}: waiting longer"


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
