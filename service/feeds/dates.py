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

_MAX_CHARS: Final = 100
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
_ZONES: Final = {  # those that mean one thing, to RFC 5322 or in feeds: BST, IST and AST mean several
    name: offset
    for offset, names in {
        "-1000": "HST",
        "-0900": "AKST",
        "-0800": "PST AKDT",
        "-0700": "MST PDT",
        "-0600": "CST MDT",
        "-0500": "EST CDT",
        "-0400": "EDT",
        "-0300": "ART BRT",
        "+0000": "GMT UT UTC WET Z",
        "+0100": "CET WAT WEST",
        "+0200": "CAT CEST EET SAST",
        "+0300": "EAT EEST IDT MSK TRT",
        "+0330": "IRST",
        "+0500": "PKT",
        "+0545": "NPT",
        "+0700": "ICT WIB",
        "+0800": "AWST HKT SGT WITA",
        "+0900": "JST KST WIT",
        "+1000": "AEST",
        "+1100": "AEDT",
        "+1200": "NZST",
        "+1300": "NZDT",
    }.items()
    for name in names.split()
}
_ZONE = re.compile(r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?)\s*(?P<zone>[A-Za-z][\w/]*)(?P<year>\s\d{4})?$", re.ASCII)
_UNIX = re.compile(r"\d{10}")  # seconds
# feedparser 6.0.14 fills in what is missing, with the first of a month: this one's for "2024年12月13日" and "2024/12/13".
_MISREAD = re.compile(r"\d+(-\d{1,2})?$|\d{4}\s*[年/.]")


def read_date(text: str | None, parsed: time.struct_time | None = None) -> tuple[datetime | None, bool]:
    """Return the instant and whether it is a date without a time.

    A time without a zone is in UTC. One in a zone whose name is unknown or means several is passed over: a date that
    means the whole day is better than a wrong hour.

    Args:
        text: The date as written.
        parsed: What feedparser made of it, in UTC.
    """
    text = _NOON.sub(_from_noon, (text or "").strip())
    if len(text) > _MAX_CHARS:
        return None, False
    has_time = bool(_HAS_TIME.search(text) or _UNIX.fullmatch(text))
    named = None if text.endswith(("GMT", "Z")) else _ZONE.search(text)  # most do, and are read as they stand
    if named:
        offset = _ZONES.get(named["zone"].upper())
        has_time = offset is not None
        year = f"{named['year']} " if named["year"] else ""
        text = f"{text[: named.start()]}{year}{named['clock'] if offset else '00:00'} {offset or '+0000'}"
    moment = _from_text(text)
    if moment is None and not named and not _MISREAD.match(text):
        moment = _from_parsed(parsed)
    if moment is None or moment < EARLIEST:
        return None, False
    return moment.replace(microsecond=0), not has_time


def _from_parsed(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _from_text(text: str) -> datetime | None:
    usual = _as_usual(text)
    for read in (_from_unix, datetime.fromisoformat, parsedate_to_datetime, _from_chinese):
        try:
            return in_utc(read(usual))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _as_usual(text: str) -> str:
    """Return a date with its parts as the readers of ISO 8601 and RFC 5322 know them.

    The latter would pass over what it does not know: the colon of "+03:00", the hours of "GMT+3".
    """
    text = _YEAR_FIRST.sub(lambda m: f"{m[1]}-{int(m[3]):02}-{int(m[4]):02}", text)
    text = _DAY_FIRST.sub(lambda m: f"{m[3]}-{int(m[2]):02}-{int(m[1]):02}", text)
    if ":" not in text:  # the hyphens of a date are no offset
        return text
    gap = "" if text[:4].isdecimal() else " "  # ISO 8601 has none
    return _OFFSET.sub(lambda m: f"{gap}{m[1]}{int(m[2]):02}{m[3] or '00'}", text)


def _from_noon(found: re.Match[str]) -> str:
    return f"{int(found[1]) % 12 + (12 if found[3] in 'pP' else 0):02}{found[2]}"


def _from_unix(text: str) -> datetime:
    if not _UNIX.fullmatch(text):
        raise ValueError(text)
    return datetime.fromtimestamp(int(text), UTC)


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
