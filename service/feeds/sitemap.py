"""News sitemaps: `urlset` documents whose pages carry `news:news`. Small publishers have no other feed.

Source: https://www.sitemaps.org/protocol.html and Google's news extension (sitemap-news/0.9).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Final

from service.core.errors import ParseError

_ROOT: Final = re.compile(rb"<(?:[\w-]+:)?(urlset|sitemapindex)[\s>]")
_NEWS: Final = "{http://www.google.com/schemas/sitemap-news/0.9}"


def is_sitemap(body: bytes) -> bool:
    """Whether the root element is one of a sitemap."""
    flat = body[:20_000].replace(b"\0", b"")  # UTF-16 shows its markup, too
    first = re.search(rb"<[A-Za-z]", flat)
    return first is not None and _ROOT.match(flat, first.start()) is not None


def read_sitemap(body: bytes, url: str) -> tuple[str, str | None, list[tuple[str, dict[str, str]]]]:
    """Return the publication's name and language, and (address, fields) of each page with news in it.

    Raises:
        ParseError: It is broken, an index of sitemaps, or has no news.
    """
    try:
        root = ET.fromstring(body)  # noqa: S314 (the caller has refused entities)
    except (ET.ParseError, LookupError, ValueError) as error:
        raise ParseError(f"{url} is broken XML: {error}") from error
    if root.tag.rpartition("}")[2] == "sitemapindex":
        raise ParseError(f"{url} is an index of sitemaps; follow the one in it that holds news")
    pages = []
    name, lang = "", None
    for page in root:
        news = page.find(f"{_NEWS}news")
        if news is None:
            continue
        address = next((child.text or "" for child in page if child.tag.rpartition("}")[2] == "loc"), "")
        fields = {
            part: (news.findtext(path) or "").strip()
            for part, path in {
                "title": f"{_NEWS}title",
                "date": f"{_NEWS}publication_date",
                "name": f"{_NEWS}publication/{_NEWS}name",
                "lang": f"{_NEWS}publication/{_NEWS}language",
            }.items()
        }
        name, lang = name or fields["name"], lang or fields["lang"] or None
        pages.append((address.strip(), fields))
    if not pages:
        raise ParseError(f"{url} is a sitemap without news; it names pages, but not their titles and dates")
    return name, lang, pages
