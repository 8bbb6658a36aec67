"""Webhooks and reader tokens: what is kept of them, and what an attempt to deliver a delta leads to.

A webhook is one more cursor on the delta ledger: it is told one delta after the other, and the next one only when the
one before was delivered or given up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

# Waits after failed attempts, about a day and a half in all; after the last one a delivery is given up.
RETRY_WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=20),
)
_GONE = 410
_OK = range(200, 300)

DeliveryState = Literal["waiting", "delivered", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A standing request to be told of a story's deltas."""

    id: str
    url: str
    story: str
    filters: Mapping[str, str | float] = field(default_factory=dict)  # fields of a DeltaFilter
    secret: str  # signs what is sent
    position: int  # seq of the last delta that was delivered or given up, or of the newest when it was set up
    disabled: str | None = None  # why nothing is sent any more
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delta on its way to one webhook."""

    webhook: str
    delta: str
    seq: int  # of the delta
    state: DeliveryState = "waiting"
    attempts: int = 0
    status: int | None = None  # of the last answer
    error: str | None = None  # what was wrong with the last attempt
    next_attempt_at: datetime | None = None  # while it waits
    last_attempt_at: datetime | None = None
    number: int = 0  # position in the list of deliveries; 0 until kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of one POST. `error` says in plain words what was wrong, None when it was received."""

    status: int | None = None
    error: str | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderToken:
    """What is kept of a token that lets one reader in: never the token."""

    id: str
    digest: str  # SHA-256 of the token, hexadecimal; it holds 256 random bits, so it needs no salt
    story: str | None  # the only story it opens; None: all
    note: str
    created_at: datetime


def was_received(sent: Sent) -> bool:
    """Say whether the receiver has taken the delta."""
    return sent.error is None and sent.status is not None and sent.status in _OK


def is_unwanted(sent: Sent) -> bool:
    """Say whether the receiver wants no more, for good (410)."""
    return sent.status == _GONE


def after_attempt(delivery: Delivery, sent: Sent, now: datetime, waits: Sequence[timedelta] = RETRY_WAITS) -> Delivery:
    """Return the delivery as it stands after an attempt.

    A receiver may ask for a longer wait, up to the longest of `waits`. After the last wait, or when the receiver wants
    no more, the delivery is dead: it can be sent again by hand.
    """
    attempts = delivery.attempts + 1
    tried = replace(
        delivery, attempts=attempts, status=sent.status, error=sent.error, last_attempt_at=now, next_attempt_at=None
    )
    if was_received(sent):
        return replace(tried, state="delivered")
    if is_unwanted(sent) or attempts > len(waits):
        return replace(tried, state="dead")
    wait = max(waits[attempts - 1], min(sent.retry_after or timedelta(0), max(waits)))
    return replace(tried, state="waiting", next_attempt_at=now + wait)
