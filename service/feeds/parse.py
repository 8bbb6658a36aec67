"""Bytes to values: RSS, Atom, RDF, JSON Feed and news sitemaps as a `Document`.

Runs in a worker process that may die (`parse_pool.py`): feedparser is neither total nor bounded, see
RELIABILITY §0.2. Imports stay few so that the idle worker stays small.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import feedparser

from service.core.errors import ParseError
from service.core.model import ParsedEntry, PollHints
from service.core.urls import linked_from, safe_link, without_version
from service.feeds.clean import MAX_SUMMARY_CHARS, MAX_TITLE_CHARS, plain_text, shorten, visible
from service.feeds.dates import read_date
from service.feeds.document import MAX_ENTRIES, Document
from service.feeds.salvage import is_well_formed, read_xml
from service.feeds.sitemap import is_sitemap, read_sitemap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MAX_ASKED_WAIT: Final = timedelta(hours=24)
_MAX_GUID_CHARS: Final = 4096
_HEADLINE_CHARS: Final = 120  # of the summary, for items without a title
_PERIODS: Final = {  # RSS 1.0 module Syndication
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}

_DAYS: Final = (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")
_SKIPPED: Final = {
    b"skipHours": re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE),
    b"skipDays": re.compile(rb"<day>\s*((?:mon|tues|wednes|thurs|fri|satur|sun)day)\s*</day>", re.IGNORECASE),
}
_ROOT = re.compile(rb"<(?:[\w-]+:)?(rss|feed|rdf|html|channel|head|body)\b", re.IGNORECASE)
_HTML_DOCTYPE = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z]")
_BARE_LINK = re.compile(  # <link/>https://…<guid>: seen in raw-polls bbc-front-page, scmp, reuters-china
    rb"<link\s*/>\s*(?:<!\[CDATA\[\s*(https?://[^\]<]{1,4000}?)\s*\]\]>|(https?://[^<]{1,4000}?))\s*(?=<)",
    re.IGNORECASE,
)
_CHARACTER_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")


class NotAFeedError(ParseError):
    """The answer is something else than a feed: an HTML page, an empty body."""

    code = "not_a_feed"


def read_document(body: bytes, headers: Mapping[str, str], url: str) -> Document:
    """Return the document as values.

    Args:
        body: As received, decompressed.
        headers: Of the answer, lower-case names; `content-type` may name the charset.
        url: Where it came from, after redirects: names the feed in errors and resolves relative links.

    Raises:
        ParseError: It cannot be read.
        NotAFeedError: It is something else than a feed.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise NotAFeedError(f"{url} answered with an empty body; check the address in a browser")
    try:
        if start.startswith(b"{"):
            return _from_json(start, url)
        _refuse_what_is_no_feed(body, url)
        if is_sitemap(start):
            return _from_sitemap(start, url)
        return _from_xml(body, headers, url)
    except ParseError:
        raise
    except Exception as error:  # feedparser raises OverflowError, UnicodeEncodeError, RecursionError, …
        raise ParseError(f"{url} could not be parsed: {type(error).__name__}") from error


# --- XML ---------------------------------------------------------------------------------


def _refuse_what_is_no_feed(body: bytes, url: str) -> None:
    flat = body[:200_000].replace(b"\0", b"")  # UTF-16 shows its markup, too
    root = _ROOT.search(flat)
    if _HTML_DOCTYPE.search(flat[: root.start() if root else 2000]) or (
        root and root[1].lower() in {b"html", b"head", b"body"}
    ):
        raise NotAFeedError(f"{url} is an HTML page, not a feed; look for the address of its RSS or Atom feed")
    first = _FIRST_ELEMENT.search(flat)
    prolog = flat[: first.start() if first else len(flat)]
    if b"<!DOCTYPE" in prolog.upper() and b"<!ENTITY" in prolog.upper():
        raise ParseError(f"{url} declares XML entities in its DOCTYPE, which is refused; the publisher must drop them")


def _from_xml(body: bytes, headers: Mapping[str, str], url: str) -> Document:
    body, charset = _decoded_well(body, headers.get("content-type", ""))
    body = _BARE_LINK.sub(lambda found: b"<link>" + _escaped(found[1] or found[2]) + b"</link>", body)
    body = _CHARACTER_REFERENCE.sub(_valid_reference, body)
    document = read_xml(body, f"application/xml; charset={charset}" if charset else "application/xml")
    items = document.get("entries", [])
    if not document.get("version") and not items:
        problem = document.get("bozo_exception")
        if problem is not None and _ROOT.search(body[:200_000]):
            raise ParseError(f"{url} is broken XML: {shorten(visible(str(problem)), 200)}")
        raise NotAFeedError(f"{url} is not a feed: no RSS, Atom or JSON Feed was found in it")
    channel = document.get("feed", {})
    lang = _language(_text(channel, "language"))
    return Document(
        title=plain_text(_text(channel, "title"), MAX_TITLE_CHARS),
        lang=lang,
        items=tuple(_entry(item, url, lang) for item in items[:MAX_ENTRIES]),
        hints=_hints(channel, body),
        sound=is_well_formed(document) and len(items) <= MAX_ENTRIES,
    )


def _from_sitemap(body: bytes, url: str) -> Document:
    name, language, pages = read_sitemap(body, url)
    lang = _language(language or "")
    items = []
    for address, fields in pages[:MAX_ENTRIES]:
        published, date_only = read_date(fields["date"])
        own = _language(fields["lang"])
        items.append(
            _built(
                guid=address,
                links=[address],
                title=fields["title"],
                bodies=[],
                base=url,
                lang=None if own == lang else own,
                outlet=fields["name"],
                published_at=published,
                date_only=date_only,
            )
        )
    return Document(title=plain_text(name, MAX_TITLE_CHARS), lang=lang, items=tuple(items))


def _decoded_well(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Return the body and its charset; "" leaves it to the XML declaration.

    Valid UTF-8 beyond ASCII is UTF-8, whatever header and declaration say, and UTF-8 with a few broken characters (a
    cut-off headline) is no reason to read all of it as windows-1252, as feedparser would.
    """
    named = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.IGNORECASE)
    if not body.isascii():
        text = body.decode("utf-8", "replace")
        beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
        if text.count("\ufffd") * 20 <= beyond_ascii:
            return text.encode(), "utf-8"
    return body, named[1] if named else ""


def _escaped(link: bytes) -> bytes:
    return re.sub(rb"&(?!#?\w+;)", b"&amp;", link)


def _valid_reference(found: re.Match[bytes]) -> bytes:
    # One impossible character must not cost the whole document (feedparser raises on &#xD800; and &#99999999999;).
    digits = found[1] or found[2]
    number = int(digits, 16 if found[1] else 10) if len(digits) < 12 else -1
    allowed = (
        number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    )
    return found[0] if allowed else b"&#65533;"


def _entry(item: Any, base: str, feed_lang: str | None) -> ParsedEntry | None:
    bodies = [_text(item, "summary"), *(_text(part, "value") for part in _list(item, "content"))]
    published, date_only = _date(item)
    detail = item.get("title_detail") or {}
    lang = _language(_text(item, "language") or _text(detail, "language"))
    source = item.get("source")
    return _built(
        guid=_text(item, "id"),
        links=[_text(item, "feedburner_origlink"), _text(item, "link"), *_alternates(item)],
        title=_text(item, "title"),
        bodies=bodies,
        base=base,
        lang=None if lang == feed_lang else lang,
        outlet=_text(source, "title") if isinstance(source, dict) else "",
        published_at=published,
        date_only=date_only,
    )


def _date(item: Any) -> tuple[datetime | None, bool]:
    # dict.get: feedparser's own lookup answers `updated` with `published` and warns.
    for name in ("published", "updated", "created"):
        moment, date_only = read_date(_text(item, name), dict.get(item, f"{name}_parsed"))
        if moment is not None:
            return moment, date_only
    return None, False


def _alternates(item: Any) -> list[str]:
    return [_text(link, "href") for link in _list(item, "links") if link.get("rel", "alternate") == "alternate"]


def _hints(channel: Any, body: bytes) -> PollHints:
    hours, days = (
        _SKIPPED[kind].findall(block[1]) if block else []
        for kind, block in (
            (kind, re.search(rb"<%s\b[^>]*>(.{0,2000}?)</%s>" % (kind, kind), body, re.DOTALL | re.IGNORECASE))
            for kind in (b"skipHours", b"skipDays")
        )
    )
    return PollHints(
        wait=_asked_wait(channel),
        skip_hours=tuple(sorted({int(hour) % 24 for hour in hours if int(hour) <= 24})),
        skip_days=tuple(sorted({_DAYS.index(day[:3].lower()) for day in days})),
    )


def _asked_wait(channel: Any) -> timedelta:
    minutes = re.fullmatch(r"\s*(\d{1,6})(?:\.0*)?\s*", _text(channel, "ttl"))
    ttl = timedelta(minutes=int(minutes[1])) if minutes else timedelta(0)
    period = _PERIODS.get(_text(channel, "sy_updateperiod").strip().lower(), timedelta(0))
    often = re.fullmatch(r"\s*(\d{1,6})\s*", _text(channel, "sy_updatefrequency"))
    return min(max(ttl, period / max(1, int(often[1]) if often else 1)), MAX_ASKED_WAIT)


def _text(values: Any, name: str) -> str:
    found = dict.get(values, name) if isinstance(values, dict) else None
    if found is None and isinstance(values, feedparser.FeedParserDict) and name in {"summary", "id", "title", "link"}:
        found = values.get(name)  # these have aliases (guid, description, …)
    return found if isinstance(found, str) else ""


def _list(values: Any, name: str) -> list[Any]:
    found = dict.get(values, name)
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


# --- JSON Feed ---------------------------------------------------------------------------


def _from_json(body: bytes, url: str) -> Document:
    """Source: https://www.jsonfeed.org/version/1.1/ (1.0 differs in authors only)."""
    document = json.loads(body)
    version = document.get("version")
    if not isinstance(version, str) or urlsplit(version).path.rstrip("/") not in {"/version/1", "/version/1.1"}:
        raise NotAFeedError(f"{url} is JSON but no JSON Feed 1.0 or 1.1: its `version` does not say so")
    lang = _language(_string(document, "language"))
    items = document.get("items")
    if not isinstance(items, list):
        raise NotAFeedError(f"{url} is no JSON Feed: its `items` are missing or no list")
    found = [_json_entry(item, url, lang) for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    return Document(title=plain_text(_string(document, "title"), MAX_TITLE_CHARS), lang=lang, items=tuple(found))


def _json_entry(item: dict[str, Any], base: str, feed_lang: str | None) -> ParsedEntry | None:
    published, date_only = read_date(_string(item, "date_published"))
    if published is None:
        published, date_only = read_date(_string(item, "date_modified"))
    lang = _language(_string(item, "language"))
    return _built(
        guid=_string(item, "id"),
        links=[_string(item, "url"), _string(item, "external_url")],
        title=_string(item, "title"),
        bodies=[_string(item, "summary"), _string(item, "content_text"), _string(item, "content_html")],
        base=base,
        lang=None if lang == feed_lang else lang,
        outlet="",
        published_at=published,
        date_only=date_only,
    )


def _string(values: dict[str, Any], name: str) -> str:
    found = values.get(name)
    if isinstance(found, int | float) and not isinstance(found, bool) and name == "id":
        return str(found)
    return found if isinstance(found, str) else ""


# --- both --------------------------------------------------------------------------------


def _built(
    *,
    guid: str,
    links: list[str],
    title: str,
    bodies: list[str],
    base: str,
    lang: str | None,
    outlet: str,
    published_at: datetime | None,
    date_only: bool,
) -> ParsedEntry | None:
    name = visible(guid)[:_MAX_GUID_CHARS] or None
    headline = plain_text(title, MAX_TITLE_CHARS)
    summary = max((plain_text(body, MAX_SUMMARY_CHARS) for body in bodies), key=len, default="")
    if not headline and not summary:
        return None
    return ParsedEntry(
        guid=name,
        url=_first_link([*links, without_version(name or "")], base),
        title=headline or shorten(summary, _HEADLINE_CHARS),
        summary=summary,
        lang=lang,
        outlet=plain_text(outlet, MAX_TITLE_CHARS) or None,
        published_at=published_at,
        date_only=date_only,
    )


def _first_link(candidates: list[str], base: str) -> str | None:
    *links, guid = candidates
    for link in links:
        text = link.strip()
        # Only a path is resolved: "t.me/x" or a number would become a page of the feed's own site.
        found = linked_from(base, text) if text.startswith(("/", "?", "./", "../")) else safe_link(text)
        if found is not None:
            return found
    return safe_link(guid)


def _language(tag: str) -> str | None:
    """Return the primary subtag of a language tag (RFC 5646), lower-case: `en-gb` → `en`."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag)
    return found[1].lower() if found else None
