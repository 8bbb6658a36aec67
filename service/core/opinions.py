"""Second opinions on deltas: what is kept of one, and what an attempt to get it leads to.

An opinion stands beside its delta and changes nothing: neither the delta, nor a feed, nor what is told next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from service.core.model import DeltaType
from service.core.webhooks import Sent, was_received

# Waits after failed attempts; one more failure and no opinion is asked for any more.
RETRY_WAITS: Final = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
_PAUSE: Final = timedelta(minutes=10)  # where the endpoint does not say how long
_LONGEST_PAUSE: Final = timedelta(days=1)
_NOT_ABOUT_THE_DELTA: Final = frozenset(
    {401, 403, 404, 429}
)  # key, model or quota: the next delta would fare no better

OpinionOutcome = Literal["waiting", "given", "invalid", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a model said of a delta."""

    agrees: bool
    type: DeltaType | None  # the one it would have given
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one model was asked of one delta, and what came of it."""

    delta: str
    model: str
    outcome: OpinionOutcome = "waiting"
    verdict: Verdict | None = None  # where it was given
    error: str | None = None  # what was wrong with the last attempt
    attempts: int = 0  # those that said something of the delta
    next_attempt_at: datetime | None = None  # while it waits
    asked_at: datetime


def after_asking(
    opinion: Opinion, sent: Sent, verdict: Verdict | None, now: datetime, waits: Sequence[timedelta] = RETRY_WAITS
) -> tuple[Opinion, timedelta | None]:
    """Return the opinion as it stands after an attempt, and for how long nothing may be asked at all.

    Args:
        opinion: As it was claimed, this attempt counted.
        sent: What came of the request.
        verdict: What the answer held, None when it was not of the form asked for.
        now: The end of the attempt.
        waits: After failed attempts.
    """
    if was_received(sent):
        settled = replace(opinion, verdict=verdict, error=None, next_attempt_at=None)
        if verdict is not None:
            return replace(settled, outcome="given"), None
        return replace(settled, outcome="invalid", error="the answer was not of the form asked for"), None
    pause = None if sent.retry_after is None else min(sent.retry_after, _LONGEST_PAUSE)
    if sent.status in _NOT_ABOUT_THE_DELTA:
        pause = pause or _PAUSE
        return replace(opinion, attempts=opinion.attempts - 1, error=sent.error, next_attempt_at=now + pause), pause
    if opinion.attempts > len(waits):
        return replace(opinion, outcome="failed", error=sent.error, next_attempt_at=None), pause
    wait = max(waits[opinion.attempts - 1], pause or timedelta(0))
    return replace(opinion, error=sent.error, next_attempt_at=now + wait), pause
