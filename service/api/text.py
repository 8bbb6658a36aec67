"""Text and instants on their way out: what XML and plain-text fields may hold, and how dates are written."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from service.core.model import DeltaType

# XML 1.0 §2.2, and what is allowed but only ever does harm: C1 controls and bidirectional overrides.
_ILLEGAL = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_REFERENCE = re.compile(r"&(?=#?\w+;)")
_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_RTL = frozenset({"ar", "he", "fa", "ur", "ps", "yi", "ckb", "dv", "ug", "sd"})
_SECRET = re.compile(r"(?i)(key|token|secret|passw|pwd|auth|sig|signature|session|credential)")

REDACTED = "REDACTED"


def clean(text: str) -> str:
    """Return the text without characters XML forbids or that would reorder what follows."""
    return _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def plain(text: str) -> str:
    """Return one line of plain text without anything that looks like markup.

    Readers disagree on whether an RSS title is HTML, so a title must read the same both ways.
    """
    before = None
    while before != text:
        before = text
        text = _TAG.sub("", html.unescape(clean(text)))
    return " ".join(_REFERENCE.sub("& ", text).split())


def shorten(text: str, longest: int) -> str:
    """Return at most `longest` characters, cut at a space where one is near, with an ellipsis."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    space = cut.rfind(" ", longest - 40)
    return (cut[:space] if space > 0 else cut).rstrip() + "…"


def lang_tag(lang: str | None) -> str | None:
    """Return a language tag that is safe in an attribute, else None."""
    return lang if lang and _LANG.fullmatch(lang) else None


def direction(lang: str | None) -> str:
    """Return `rtl`, `ltr`, or `auto` where the language is not known."""
    tag = lang_tag(lang)
    if tag is None:
        return "auto"
    return "rtl" if tag.split("-")[0].lower() in _RTL else "ltr"


def type_label(delta_type: DeltaType | str) -> str:
    """Return a delta type in words: `status change`."""
    return str(delta_type).replace("_", " ")


def rfc3339(instant: datetime) -> str:
    """Return `2024-12-16T10:00:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_moment(instant: datetime) -> str:
    """Return `16 Dec 2024, 10:00 UTC`, for people."""
    utc = instant.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"


def rfc822(instant: datetime) -> str:
    """Return `Mon, 16 Dec 2024 10:00:00 +0000`, as RSS wants it."""
    return format_datetime(instant.astimezone(UTC))


def as_http_date(instant: datetime) -> str:
    """Return `Mon, 16 Dec 2024 10:00:00 GMT`."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def redact_url(url: str) -> str:
    """Return the URL without credentials: user part and secret-looking query values are replaced."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return REDACTED
    netloc = parts.netloc
    if "@" in netloc:
        netloc = f"{REDACTED}@{netloc.rpartition('@')[2]}"
    query = parts.query
    if any(_SECRET.search(name) for name, _ in pairs):
        query = urlencode([(name, REDACTED if _SECRET.search(name) else value) for name, value in pairs])
    if netloc == parts.netloc and query == parts.query:
        return url
    return urlunsplit(parts._replace(netloc=netloc, query=query))
