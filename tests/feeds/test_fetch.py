"""One HTTP exchange with a feed: validators, limits, redirects, and every way to fail."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # it has no stubs
import pytest
from aiohttp import web
from backports import zstd
from news_site import Item, NewsSite, rss
from patience import patient

from service.core.errors import ParseError
from service.core.model import FailureKind, Feed, Fetched, FetchFailure, NotModified
from service.feeds.fetch import HttpFetcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LOOPBACK = [ip_network("127.0.0.0/8")]
LIMIT = 1_000_000
RSS = rss([Item("Bridge closed")]).encode()


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with NewsSite() as running:
        running.serve("/rss", RSS)
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    async with HttpFetcher(
        contact="mailto:desk@news.test", timeout_s=1.0, body_limit_bytes=LIMIT, allowed=LOOPBACK
    ) as running:
        yield running


def a_feed(site: NewsSite, path: str = "/rss", etag: str | None = None, last_modified: str | None = None) -> Feed:
    return Feed(id="f-1", url=site.url(path), title="Test", etag=etag, last_modified=last_modified)


async def failure(fetcher: HttpFetcher, feed: Feed) -> FetchFailure:
    outcome = await fetcher.fetch(feed)
    assert isinstance(outcome, FetchFailure)
    assert feed.url in outcome.message
    assert "\n" not in outcome.message
    return outcome


async def test_a_feed_is_fetched_with_its_validators(site: NewsSite, fetcher: HttpFetcher) -> None:
    outcome = await fetcher.fetch(a_feed(site))
    assert isinstance(outcome, Fetched)
    assert (outcome.body, outcome.url) == (RSS, site.url("/rss"))
    assert outcome.etag is not None
    assert outcome.etag.startswith('W/"')
    assert outcome.last_modified == outcome.headers["last-modified"]


@pytest.mark.parametrize("etag", ['W/"abc"', '"a b"', "abc", '""', '"quo\\"ted"', "'x'", 'W/"a","b"'])
async def test_validators_go_back_byte_for_byte(etag: str, site: NewsSite, fetcher: HttpFetcher) -> None:
    date = "Mon, 16 dec 2024 10:00:00 +0000"

    async def odd(request: web.Request) -> web.Response:
        status = 304 if "If-None-Match" in request.headers else 200
        return web.Response(
            status=status, body=None if status == 304 else RSS, headers={"ETag": etag, "Last-Modified": date}
        )

    site.answer("/odd", odd)
    first = await fetcher.fetch(a_feed(site, "/odd"))
    assert isinstance(first, Fetched)
    assert first.etag is not None
    assert first.last_modified is not None
    second = await fetcher.fetch(a_feed(site, "/odd", etag=first.etag, last_modified=first.last_modified))
    assert isinstance(second, NotModified)
    assert "If-None-Match" not in site.requests[0].headers
    assert site.requests[1].headers["If-None-Match"] == etag
    assert site.requests[1].headers["If-Modified-Since"] == date


async def test_a_changed_feed_is_fetched_whole_again(site: NewsSite, fetcher: HttpFetcher) -> None:
    first = await fetcher.fetch(a_feed(site))
    assert isinstance(first, Fetched)
    assert first.etag is not None
    assert isinstance(await fetcher.fetch(a_feed(site, etag=first.etag)), NotModified)
    site.publish("/rss", [Item("Bridge open")])
    assert isinstance(await fetcher.fetch(a_feed(site, etag=first.etag)), Fetched)


async def test_a_304_that_nobody_asked_for_is_a_failure(site: NewsSite, fetcher: HttpFetcher) -> None:
    assert (await failure(fetcher, a_feed(site, "/status/304"))).kind is FailureKind.HTTP


async def test_we_say_who_we_are_and_send_no_cookies_or_referrer(site: NewsSite, fetcher: HttpFetcher) -> None:
    async def sticky(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/rss", "Set-Cookie": "id=1; Path=/"})

    site.answer("/sticky", sticky)
    await fetcher.fetch(a_feed(site, "/sticky"))
    await fetcher.fetch(a_feed(site))
    for seen in site.requests:
        assert seen.headers["User-Agent"].startswith("Aftermath/")
        assert seen.headers["User-Agent"].endswith("(+mailto:desk@news.test)")
        assert "Cookie" not in seen.headers
        assert "Referer" not in seen.headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, FailureKind.RATE_LIMITED),
        (503, FailureKind.RATE_LIMITED),
        (404, FailureKind.NOT_FOUND),
        (410, FailureKind.GONE),
        (401, FailureKind.HTTP),
        (403, FailureKind.HTTP),
        (500, FailureKind.HTTP),
        (502, FailureKind.HTTP),
        (204, FailureKind.HTTP),
        (206, FailureKind.HTTP),
        (302, FailureKind.HTTP),
    ],
)
async def test_every_status_has_its_class(status: int, kind: FailureKind, site: NewsSite, fetcher: HttpFetcher) -> None:
    outcome = await failure(fetcher, a_feed(site, f"/status/{status}"))
    assert (outcome.kind, outcome.status, outcome.retry_after) == (kind, status, None)
    assert str(status) in outcome.message


async def test_retry_after_is_read_as_seconds_or_as_a_date(site: NewsSite, fetcher: HttpFetcher) -> None:
    seconds = await failure(fetcher, a_feed(site, "/status/429?retry-after=120"))
    assert seconds.retry_after == timedelta(seconds=120)
    later = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True).replace(" ", "%20")
    date = await failure(fetcher, a_feed(site, f"/status/503?retry-after={later}"))
    assert date.retry_after is not None
    assert timedelta(minutes=118) < date.retry_after <= timedelta(hours=2)
    for garbage, expected in (("soon", None), ("-5", None), ("9" * 5000, timedelta(days=365))):
        odd = await failure(fetcher, a_feed(site, f"/status/429?retry-after={garbage}"))
        assert odd.retry_after == expected


async def test_up_to_five_redirects_are_followed(site: NewsSite, fetcher: HttpFetcher) -> None:
    outcome = await fetcher.fetch(a_feed(site, "/hops/5/rss"))
    assert isinstance(outcome, Fetched)
    assert outcome.url == site.url("/rss")
    assert (await failure(fetcher, a_feed(site, "/hops/6/rss"))).kind is FailureKind.REDIRECTS


async def test_a_redirect_loop_ends(site: NewsSite, fetcher: HttpFetcher) -> None:
    assert (await failure(fetcher, a_feed(site, "/loop"))).kind is FailureKind.REDIRECTS
    assert len(site.to("/loop")) == 6


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "file:///etc/passwd", "http://[::ffff:a9fe:a9fe]/", "http://u@127.0.0.1/"]
)
async def test_a_redirect_to_a_forbidden_address_is_refused(target: str, site: NewsSite, fetcher: HttpFetcher) -> None:
    outcome = await fetcher.fetch(a_feed(site, f"/to?url={target}"))
    assert isinstance(outcome, FetchFailure)
    assert outcome.kind is FailureKind.REFUSED


@pytest.mark.parametrize("path", ["/slow", "/silent"])
async def test_a_slow_server_is_given_up_in_time(path: str, site: NewsSite, fetcher: HttpFetcher) -> None:
    async with asyncio.timeout(patient(5)):
        outcome = await failure(fetcher, a_feed(site, path))
    assert outcome.kind is FailureKind.TIMEOUT
    assert "AFTERMATH_FETCH_TIMEOUT_S" in outcome.message


@pytest.mark.parametrize("path", ["/huge", "/bomb"])
async def test_a_body_beyond_the_limit_is_given_up(path: str, site: NewsSite, fetcher: HttpFetcher) -> None:
    outcome = await failure(fetcher, a_feed(site, path))
    assert outcome.kind is FailureKind.TOO_LARGE
    assert "AFTERMATH_FEED_BODY_LIMIT_BYTES" in outcome.message


async def test_a_body_of_exactly_the_limit_is_taken(site: NewsSite, fetcher: HttpFetcher) -> None:
    site.serve("/full", b"x" * LIMIT)
    assert isinstance(await fetcher.fetch(a_feed(site, "/full")), Fetched)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(RSS)),
        ("deflate", zlib.compress(RSS)),
        ("br", brotli.compress(RSS)),
        ("zstd", zstd.compress(RSS)),
        ("identity", RSS),
    ],
)
async def test_compressed_bodies_are_read(encoding: str, body: bytes, site: NewsSite, fetcher: HttpFetcher) -> None:
    async def packed(_: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": encoding})

    site.answer("/packed", packed)
    outcome = await fetcher.fetch(a_feed(site, "/packed"))
    assert isinstance(outcome, Fetched)
    assert outcome.body == RSS


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "compress", "x-unknown"])
async def test_a_wrong_encoding_is_a_failure(encoding: str, site: NewsSite, fetcher: HttpFetcher) -> None:
    async def wrong(_: web.Request) -> web.Response:
        return web.Response(body=b"not compressed at all", headers={"Content-Encoding": encoding})

    site.answer("/wrong", wrong)
    assert (await failure(fetcher, a_feed(site, "/wrong"))).kind in {FailureKind.HTTP, FailureKind.CONNECTION}


async def test_a_connection_that_breaks_is_a_failure(site: NewsSite, fetcher: HttpFetcher) -> None:
    assert (await failure(fetcher, a_feed(site, "/reset"))).kind is FailureKind.CONNECTION


async def test_a_closed_port_is_a_failure(fetcher: HttpFetcher) -> None:
    async with NewsSite() as gone:
        feed = a_feed(gone)
    assert (await failure(fetcher, feed)).kind is FailureKind.CONNECTION


async def test_plain_http_behind_https_is_a_tls_failure(site: NewsSite, fetcher: HttpFetcher) -> None:
    feed = Feed(id="f-1", url=site.url("/rss").replace("http:", "https:"), title="Test")
    assert (await failure(fetcher, feed)).kind is FailureKind.TLS


@pytest.mark.parametrize(
    "answer",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nETag: \xff\xfe\r\nContent-Length: 5\r\n\r\n<rss/",
        b"",
    ],
)
async def test_what_is_hardly_http_is_a_value_too(answer: bytes, fetcher: HttpFetcher) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        outcome = await fetcher.fetch(
            Feed(id="f", url=f"http://127.0.0.1:{port}/", title="T", etag="\ud800", last_modified="a\nb")
        )
    if isinstance(outcome, Fetched):
        assert outcome.etag is None
    else:
        assert isinstance(outcome, FetchFailure)
        outcome.message.encode()


async def test_cancelling_a_fetch_cancels_it(site: NewsSite, fetcher: HttpFetcher) -> None:
    task = asyncio.create_task(fetcher.fetch(a_feed(site, "/slow")))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert isinstance(await fetcher.fetch(a_feed(site)), Fetched)


async def test_what_was_fetched_is_parsed(site: NewsSite, fetcher: HttpFetcher) -> None:
    feed = a_feed(site)
    outcome = await fetcher.fetch(feed)
    assert isinstance(outcome, Fetched)
    assert [entry.title for entry in (await fetcher.parse(outcome, feed)).entries] == ["Bridge closed"]


async def test_a_page_or_broken_document_raises_a_parse_error(site: NewsSite, fetcher: HttpFetcher) -> None:
    site.serve("/page", "<!doctype html><html><body>Hello</body></html>", "text/html")
    site.serve("/broken", "<rss version='2.0'><<<")
    for path in ("/page", "/broken"):
        outcome = await fetcher.fetch(a_feed(site, path))
        assert isinstance(outcome, Fetched)
        if path == "/page":
            with pytest.raises(ParseError, match="HTML page"):
                await fetcher.parse(outcome, a_feed(site, path))
        else:
            assert (await fetcher.parse(outcome, a_feed(site, path))).entries == ()


async def test_only_permanent_redirects_all_the_way_say_that_a_feed_has_moved(
    site: NewsSite, fetcher: HttpFetcher
) -> None:
    lasting = await fetcher.fetch(a_feed(site, f"/to?url={site.url('/rss')}"))
    assert isinstance(lasting, Fetched)
    assert lasting.moved_to == site.url("/rss")
    mixed = await fetcher.fetch(a_feed(site, f"/to?url={site.url('/hops/1/rss')}"))
    assert isinstance(mixed, Fetched)
    assert mixed.moved_to is None
    straight = await fetcher.fetch(a_feed(site))
    assert isinstance(straight, Fetched)
    assert straight.moved_to is None
    same = await fetcher.fetch(a_feed(site, f"/to?url={site.url('/rss')}", etag=straight.etag))
    assert isinstance(same, NotModified)
    assert same.moved_to == site.url("/rss")


async def test_access_is_given_to_the_feeds_own_host_only(site: NewsSite) -> None:
    access = {"f-1": {"Authorization": "Bearer s3cret", "User-Agent": "as agreed"}}
    async with NewsSite() as elsewhere, HttpFetcher(timeout_s=2, allowed=LOOPBACK, access=access) as fetcher:
        elsewhere.serve("/rss", RSS)
        await fetcher.fetch(a_feed(site, "/hops/1/rss"))
        await fetcher.fetch(a_feed(site, f"/to?url={elsewhere.url('/rss')}"))
        refused = await failure(fetcher, a_feed(site, "/status/401"))
        await fetcher.fetch(Feed(id="f-2", url=site.url("/other"), title="Open"))
    assert "s3cret" not in repr(refused)
    for seen in [*site.to("/hops/1/rss"), *site.to("/rss"), *site.to("/to"), *site.to("/status/401")]:
        assert (seen.headers["Authorization"], seen.headers["User-Agent"]) == ("Bearer s3cret", "as agreed")
    for seen in [*elsewhere.requests, *site.to("/other")]:
        assert "Authorization" not in seen.headers
        assert seen.headers["User-Agent"].startswith("Aftermath/")


async def test_polls_go_through_the_proxy_that_is_set_and_spelt_out_inner_addresses_are_refused() -> None:
    asked: list[str] = []

    async def relay(request: web.BaseRequest) -> web.Response:
        asked.append(str(request.url))
        return web.Response(body=RSS)

    runner = web.ServerRunner(web.Server(relay))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        async with HttpFetcher(timeout_s=2, proxy=f"http://127.0.0.1:{port}") as fetcher:
            outcome = await fetcher.fetch(Feed(id="f-1", url="http://news.test/rss", title="Test"))
            assert isinstance(outcome, Fetched)
            for inner in ("127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "10.0.0.1."):
                refused = await fetcher.fetch(Feed(id="f-1", url=f"http://{inner}/rss", title="Test"))
                assert isinstance(refused, FetchFailure)
                assert refused.kind is FailureKind.REFUSED
    finally:
        await runner.cleanup()
    assert asked == ["http://news.test/rss"]
