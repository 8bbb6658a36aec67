"""What a jump of the clock makes of the plans for the next polls: neither a burst nor a stop. Pure.

Plans are instants, so a clock set back by a day would stop polling for a day, and one set forward, or a machine that
slept, would make everything due at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from service.core.model import Feed

REASON_JUMP: Final = "the clock jumped or the machine slept: polls are spread"
_NONE: Final = timedelta(0)


def replanned(feeds: Iterable[Feed], now: datetime, spread: timedelta) -> list[Feed]:
    """Return the feeds whose plan changes, with their new plans.

    A feed last polled after `now`, by a clock that was ahead, keeps its wait, counted from now; so does one planned
    further ahead than anything polled before now can be. Feeds overdue by more than `spread` are planned evenly over
    `spread`, the most overdue first; with a spread of zero they are left as they are: due.
    """
    changed: list[Feed] = []
    overdue: list[Feed] = []
    for feed in feeds:
        if feed.last_attempt_at is not None and feed.last_attempt_at > now:
            wait = max(_NONE, (feed.next_poll_at or now) - feed.last_attempt_at)
            changed.append(
                replace(
                    feed,
                    next_poll_at=now + wait,
                    last_attempt_at=now,
                    last_success_at=_at_most(feed.last_success_at, now),
                    first_success_at=_at_most(feed.first_success_at, now),
                    failing_since_at=_at_most(feed.failing_since_at, now),
                    moved_since_at=_at_most(feed.moved_since_at, now),
                )
            )
        elif feed.last_attempt_at is None and feed.next_poll_at is not None and feed.next_poll_at > now:
            changed.append(replace(feed, next_poll_at=now))  # added by a clock that was ahead
        elif spread > _NONE and feed.next_poll_at is not None and now - feed.next_poll_at > spread:
            overdue.append(feed)
    overdue.sort(key=lambda feed: (feed.next_poll_at or now, feed.id))
    changed += [
        replace(feed, next_poll_at=now + spread * place / len(overdue), next_poll_reason=REASON_JUMP)
        for place, feed in enumerate(overdue)
    ]
    return changed


def _at_most(at: datetime | None, now: datetime) -> datetime | None:
    return None if at is None else min(at, now)
