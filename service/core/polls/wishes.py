"""What publishers ask of those who poll them, in headers and documents: everything about reading such wishes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from service.core.instants import http_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.core.model import PollHints

_NONE: Final = timedelta(0)
_HOUR: Final = timedelta(hours=1)
_HOURS_A_WEEK: Final = 7 * 24


def cache_wait(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how long the answer stays fresh by its own headers (lower-case names); zero if they do not say.

    Source: RFC 9111 §4.2.1: max-age wins over Expires; §5.1: Age counts against it.
    """
    directives = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(?:cache|store)\b", directives):
        return _NONE
    found = re.search(r"\bmax-age\s*=\s*\"?(\d{1,10})", directives)
    if found:
        age = re.fullmatch(r"\s*(\d{1,10})\s*", headers.get("age", ""))
        return max(_NONE, timedelta(seconds=int(found[1]) - (int(age[1]) if age else 0)))
    expires = http_date(headers.get("expires", ""))
    if expires is None:
        return _NONE
    return max(_NONE, expires - (http_date(headers.get("date", "")) or now))


def after_skips(planned: datetime, hints: PollHints) -> datetime:
    """Return the first instant from `planned` on that lies in no hour or day the feed asks to skip.

    A feed that skips every hour of the week means nothing by it: `planned` stands.

    Source: RSS 2.0 `skipHours` (GMT) and `skipDays`.
    """
    if not hints.skip_hours and not hints.skip_days:
        return planned
    at = planned.astimezone(UTC)
    for _ in range(_HOURS_A_WEEK):
        if at.hour not in hints.skip_hours and at.weekday() not in hints.skip_days:
            return at
        at = at.replace(minute=0, second=0, microsecond=0) + _HOUR
    return planned
