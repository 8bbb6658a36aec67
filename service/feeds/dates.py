"""Publishers' dates as aware UTC instants. What cannot be read is None, never a guess of today."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from service.core.instants import in_utc

if TYPE_CHECKING:
    import time

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)  # Meduza's items of 1970 mean "no date"

_HAS_TIME = re.compile(r"\d\s*[:：h]\s*\d\d|\d[Tt ]\d{4}|\d\s*[时時点點]")
_CHINESE = re.compile(  # "2024 年 12 月 13 日星期五 22:13:24 GMT"
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\D*?"
    r"(?:(上午|下午|晚上)?\s*(\d{1,2})\s*[:：时時]\s*(\d{2})(?:\s*[:：分]\s*(\d{2}))?)?\s*"
    r"(GMT|UTC|Z|[+-]\d{2}:?\d{2})?\s*$",
    re.IGNORECASE,
)


def read_date(text: str | None, parsed: time.struct_time | None = None) -> tuple[datetime | None, bool]:
    """Return the instant and whether it is a date without a time.

    Args:
        text: The date as written.
        parsed: What feedparser made of it, in UTC.
    """
    text = (text or "").strip()
    moment = _from_text(text)
    if (
        moment is None and "年" not in text
    ):  # feedparser makes 1 November of "2024年12月13日" (6.0.14, told in November)
        moment = _from_parsed(parsed)
    if moment is None or moment < EARLIEST:
        return None, False
    return moment.replace(microsecond=0), not _HAS_TIME.search(text)


def _from_parsed(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _from_text(text: str) -> datetime | None:
    if not text or len(text) > 100:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime, _from_chinese):
        try:
            return in_utc(read(text))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _from_chinese(text: str) -> datetime:
    found = _CHINESE.search(text)
    if found is None:
        raise ValueError(text)
    year, month, day, half, hour, minute, second, zone = found.groups()
    hours = int(hour or 0)
    if half in {"下午", "晚上"} and hours < 12:
        hours += 12
    return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=_zone(zone))


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
