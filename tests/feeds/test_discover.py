"""From a page to its feeds, over a real site on loopback."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest
from news_site import Item, NewsSite, rss

from service.core.errors import Invalid, NotFound
from service.feeds.discover import MAX_CANDIDATES, discover, links_in
from service.feeds.fetch import HttpFetcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LINK = '<link rel="alternate" type="application/rss+xml" title="x" href="{}">'


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with NewsSite() as running:
        running.serve("/world.rss", rss([Item("One"), Item("Two")], title="World", channel="<language>fr</language>"))
        running.serve("/sport.rss", rss([], title="Sport"))
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    async with HttpFetcher(timeout_s=2, allowed=[ip_network("127.0.0.0/8")]) as running:
        yield running


def page(site: NewsSite, head: str) -> str:
    site.serve("/", f"<!doctype html><html><head>{head}</head><body>News</body></html>", "text/html")
    return site.url("/")


async def test_a_feed_is_found_at_its_own_address(site: NewsSite, fetcher: HttpFetcher) -> None:
    (found,) = await discover(fetcher, f" {site.url('/world.rss')} ")
    assert (found.url, found.title, found.lang, found.items) == (site.url("/world.rss"), "World", "fr", 2)


async def test_the_feed_of_a_page_is_found(site: NewsSite, fetcher: HttpFetcher) -> None:
    (found,) = await discover(fetcher, page(site, LINK.format("/world.rss")))
    assert (found.url, found.title) == (site.url("/world.rss"), "World")


async def test_several_feeds_come_in_the_order_of_the_page_and_broken_ones_are_left_out(
    site: NewsSite, fetcher: HttpFetcher
) -> None:
    links = "".join(map(LINK.format, ("/sport.rss", "/gone.rss", "world.rss", "/sport.rss", "http://10.0.0.1/rss")))
    found = await discover(fetcher, page(site, links))
    assert [feed.title for feed in found] == ["Sport", "World"]


@pytest.mark.parametrize(
    ("path", "word"),
    [("/", "names no feed"), ("/status/404", "404"), ("/only-broken", "none can be read"), ("/loop", "redirects")],
)
async def test_what_leads_to_no_feed_says_why(path: str, word: str, site: NewsSite, fetcher: HttpFetcher) -> None:
    page(site, '<link rel="stylesheet" href="/style.css">')
    site.serve("/only-broken", f"<html><head>{LINK.format('/status/500')}</head></html>", "text/html")
    with pytest.raises(NotFound, match=word):
        await discover(fetcher, site.url(path))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "news.example", "http://u:p@news.example/", ""])
async def test_what_is_no_address_is_refused(address: str, fetcher: HttpFetcher) -> None:
    with pytest.raises(Invalid, match="no http or https address"):
        await discover(fetcher, address)


async def test_the_guard_holds_for_pages_and_for_what_they_name(site: NewsSite) -> None:
    async with HttpFetcher(timeout_s=2) as guarded:
        with pytest.raises(NotFound, match="AFTERMATH_ALLOW_PRIVATE_NETWORKS"):
            await discover(guarded, site.url("/world.rss"))


def test_links_are_resolved_and_only_those_to_feeds_count() -> None:
    html = (
        '<base href="/de/"><link rel="alternate" type="application/atom+xml;charset=utf-8" href="atom">'
        '<LINK REL="Alternate Feed" HREF="//cdn.test/f?a=1&amp;b=2">'
        '<link rel="alternate" hreflang="en" href="/en/"><link rel="alternate" type="text/html" href="/amp">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
        '<link rel="alternate" type="application/feed+json">'
    )
    assert links_in(html.encode(), "https://news.test/x") == ["https://news.test/de/atom", "https://cdn.test/f?a=1&b=2"]


def test_an_address_that_is_none_hides_no_other() -> None:
    html = '<base href="http://[news.test">' + LINK.format("http://[::1") + LINK.format("//[") + LINK.format("/rss")
    assert links_in(html.encode(), "https://news.test/x") == ["https://news.test/rss"]


def test_a_page_full_of_links_is_bounded() -> None:
    html = "".join(LINK.format(f"/{n}") for n in range(1000))
    assert len(links_in(html.encode(), "https://news.test/")) == MAX_CANDIDATES
