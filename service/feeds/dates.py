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

_YEAR_FIRST = re.compile(r"^(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4}),?(?!\d)")  # with dots; with slashes it may be the month
_NOON = re.compile(r"(\d{1,2})(:\d\d(?::\d\d)?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_OFFSET = re.compile(r"(?<=\d)\s*(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?(?:\s*\([^)]*\))?$", re.IGNORECASE)
_ZONES: Final = {  # those that mean one thing and that email.utils takes for UTC; BST and IST mean several
    "MSK": "+0300",
    "TRT": "+0300",
    "EET": "+0200",
    "EEST": "+0300",
    "CET": "+0100",
    "CEST": "+0200",
    "JST": "+0900",
    "KST": "+0900",
    "HKT": "+0800",
}
_ZONE = re.compile(rf"(?<=\d)\s+({'|'.join(_ZONES)})$")
# feedparser 6.0.14 fills in what is missing, with the first of a month: this one's for "2024年12月13日" and "2024/12/13".
_MISREAD = re.compile(r"\d{4}(-\d{1,2})?$|\d{4}\s*[年/.]")


def read_date(text: str | None, parsed: time.struct_time | None = None) -> tuple[datetime | None, bool]:
    """Return the instant and whether it is a date without a time.

    Args:
        text: The date as written.
        parsed: What feedparser made of it, in UTC.
    """
    text = (text or "").strip()
    moment = _from_text(text)
    if moment is None and not _MISREAD.match(text):
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
    usual = _as_usual(text)
    for read in (datetime.fromisoformat, parsedate_to_datetime, _from_chinese):
        try:
            return in_utc(read(usual))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _as_usual(text: str) -> str:
    """Return a date with its parts as the readers of ISO 8601 and RFC 5322 know them.

    The latter would pass over what it does not know: PM, the colon of "+03:00", the hours of "GMT+3".
    """
    text = _YEAR_FIRST.sub(lambda m: f"{m[1]}-{int(m[3]):02}-{int(m[4]):02}", text)
    text = _DAY_FIRST.sub(lambda m: f"{m[3]}-{int(m[2]):02}-{int(m[1]):02}", text)
    text = _NOON.sub(lambda m: f"{int(m[1]) % 12 + (12 if m[3] in 'pP' else 0):02}{m[2]}", text)
    text = _ZONE.sub(lambda m: f" {_ZONES[m[1]]}", text)
    if ":" not in text:  # the hyphens of a date are no offset
        return text
    gap = "" if text[:4].isdecimal() else " "  # ISO 8601 has none
    return _OFFSET.sub(lambda m: f"{gap}{m[1]}{int(m[2]):02}{m[3] or '00'}", text)


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
