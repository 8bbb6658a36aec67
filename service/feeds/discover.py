"""From an address that a person has, such as a newspaper's front page, to the feeds behind it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from service.core.errors import Invalid, NotFound, ParseError
from service.core.ids import feed_id
from service.core.model import Feed, Fetched, FetchFailure
from service.core.urls import linked_from, safe_link
from service.feeds.document import Document

if TYPE_CHECKING:
    from service.feeds.fetch import HttpFetcher

MAX_CANDIDATES: Final = 12
_HTML_BYTES: Final = 500_000  # links to feeds stand in the head of a page
_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/json",
        "application/xml",
        "text/xml",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that answers and can be read."""

    url: str
    title: str
    lang: str | None
    items: int


async def discover(fetcher: HttpFetcher, address: str) -> tuple[FoundFeed, ...]:
    """Return the feeds at an address: itself where it is one, else those that its page names, in the page's order.

    Every request goes through the fetcher, and so through its guard and limits.

    Raises:
        Invalid: It is no address.
        NotFound: It does not answer, or leads to no feed that can be read; says which.
    """
    url = safe_link(address)
    if url is None:
        raise Invalid(f"{address!r} is no http or https address that can be polled")
    fetched = await _fetched(fetcher, url)
    try:
        return (_found(url, await fetcher.read(fetched, _feed(url))),)
    except ParseError as error:
        if error.code != "not_a_feed":
            raise NotFound(error.message) from error
        candidates = await asyncio.to_thread(links_in, fetched.body, fetched.url)
        if not candidates:
            raise NotFound(f"{error.message}; it names no feed in a <link rel=alternate>") from error
    results = await asyncio.gather(*(_checked(fetcher, candidate) for candidate in candidates))
    found = [result for result in results if isinstance(result, FoundFeed)]
    if not found:
        raise NotFound(f"{url} names {len(candidates)} feeds, but none can be read; the first: {results[0]}")
    return tuple({feed.url: feed for feed in found}.values())


def links_in(body: bytes, url: str) -> list[str]:
    """Return the addresses of feeds that an HTML page names, without repetition.

    Source: HTML standard §4.6.6.1 (`alternate` with the type of a feed).
    """
    reader = _Links()
    reader.feed(body[:_HTML_BYTES].decode("utf-8", "replace"))
    base = linked_from(url, reader.base or "") or url
    links = (linked_from(base, href) for href in reader.found)
    return list(dict.fromkeys(link for link in links if link))[:MAX_CANDIDATES]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base: str | None = None
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"link", "base"}:
            return
        values = {name: (value or "").strip() for name, value in attrs}
        href = values.get("href", "")
        if tag == "base":
            self.base = self.base or href
            return
        relations = values.get("rel", "").lower().split()
        media = values.get("type", "").lower().partition(";")[0].strip()
        if href and (("alternate" in relations and media in _TYPES) or "feed" in relations):
            self.found.append(href)


async def _checked(fetcher: HttpFetcher, url: str) -> FoundFeed | str:
    try:
        fetched = await _fetched(fetcher, url)
        return _found(url, await fetcher.read(fetched, _feed(url)))
    except (NotFound, ParseError) as error:
        return error.message


async def _fetched(fetcher: HttpFetcher, url: str) -> Fetched:
    outcome = await fetcher.fetch(_feed(url))
    match outcome:
        case Fetched():
            return outcome
        case FetchFailure():
            raise NotFound(outcome.message)
        case _:  # nothing was asked that 304 could answer
            raise NotFound(f"{url} answered with nothing")


def _found(url: str, document: Document) -> FoundFeed:
    parsed = document.feed()
    return FoundFeed(url=url, title=parsed.title or url, lang=parsed.lang, items=len(parsed.entries))


def _feed(url: str) -> Feed:
    return Feed(id=feed_id(url), url=url, title=url)
