"""No feed leads to an address of an inner network, however it is spelt."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from news_site import Item, NewsSite

from service.core.model import FailureKind, Feed, Fetched, FetchFailure
from service.feeds.fetch import HttpFetcher
from service.feeds.guard import effective_address, is_allowed, url_refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# {p} is the port of a server on loopback that must never be reached.
SPELLINGS = [
    "http://127.0.0.1:{p}/",
    "http://localhost:{p}/",
    "http://LOCALHOST.:{p}/",
    "http://localhost.:{p}/",
    "http://[::1]:{p}/",
    "http://[0:0:0:0:0:0:0:1]:{p}/",
    "http://[::ffff:127.0.0.1]:{p}/",
    "http://[::ffff:7f00:1]:{p}/",
    "http://[::127.0.0.1]:{p}/",
    "http://[64:ff9b::7f00:1]:{p}/",
    "http://[64:ff9b:1::7f00:1]:{p}/",
    "http://[2002:7f00:1::]:{p}/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:{p}/",
    "http://2130706433:{p}/",
    "http://0x7f000001:{p}/",
    "http://0x7f.0.0.1:{p}/",
    "http://0177.0.0.1:{p}/",
    "http://017700000001:{p}/",
    "http://127.1:{p}/",
    "http://127.0.1:{p}/",
    "http://127.255.255.254:{p}/",
    "http://0:{p}/",
    "http://0.0.0.0:{p}/",
    "http://[::]:{p}/",
    "http://user:word@127.0.0.1:{p}/",
    "http://public.test@127.0.0.1:{p}/",
    "http://127.0.0.1%2f@public.test/",
    "http://127.0.0.1\\@public.test:{p}/",
    "http://%31%32%37.0.0.1:{p}/",
    "http://①②⑦.⓪.⓪.①:{p}/",
    "http://127。0。0。1:{p}/",
    "http://１２７.0.0.1:{p}/",
    "http://127.0.0.1\t:{p}/",
    "http://127.0.0.1\n:{p}/",
    "http://rebound.test:{p}/",
    "http:127.0.0.1:{p}/",
    "//127.0.0.1:{p}/",
    "127.0.0.1:{p}/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{p}/",
    "gopher://127.0.0.1:{p}/_x",
    "data:text/xml,<rss/>",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1%25lo]/",
    "http://[fec0::1]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[ff02::1]/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
    "http://",
    "",
]


class Attempts:
    """Records every attempt to connect; none goes further than loopback, so that a hole is seen and does no harm."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.addresses: list[str] = []
        loop = asyncio.get_running_loop()
        connect = loop.sock_connect

        async def recorded(sock: socket.socket, address: Any) -> None:
            self.addresses.append(address[0])
            if not effective_address(address[0]).is_loopback:
                raise ConnectionRefusedError(address)
            await connect(sock, address)

        async def resolved(host: str, port: Any, **options: Any) -> list[Any]:
            if host == "rebound.test":
                host = "127.0.0.1"
            elif not host.lower().startswith("localhost"):  # never ask a name server
                options["flags"] = options.get("flags", 0) | socket.AI_NUMERICHOST
            return socket.getaddrinfo(host, port, **options)

        monkeypatch.setattr(loop, "sock_connect", recorded)
        monkeypatch.setattr(loop, "getaddrinfo", resolved)


@pytest.fixture
async def canary() -> AsyncIterator[NewsSite]:
    async with NewsSite() as site:
        site.publish("/", [Item("Inside")])
        yield site


def a_feed(url: str) -> Feed:
    return Feed(id="f-1", url=url, title="Test")


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_spelling_of_an_inner_address_is_ever_connected_to(
    spelling: str, canary: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = Attempts(monkeypatch)
    async with HttpFetcher(timeout_s=3) as fetcher:
        outcome = await fetcher.fetch(a_feed(spelling.replace("{p}", str(canary.port))))
    assert isinstance(outcome, FetchFailure)
    assert outcome.kind in {FailureKind.REFUSED, FailureKind.DNS}
    assert "\n" not in outcome.message
    assert attempts.addresses == []
    assert canary.requests == []


@pytest.mark.parametrize("spelling", [url for url in SPELLINGS if url])
async def test_no_redirect_leads_inside(spelling: str, canary: NewsSite, monkeypatch: pytest.MonkeyPatch) -> None:
    async with NewsSite(host="127.0.0.2") as outside:
        attempts = Attempts(monkeypatch)

        async def away(_: aiohttp.web.Request) -> aiohttp.web.Response:
            target = spelling.replace("{p}", str(canary.port)).replace("\n", "").replace("\t", "")
            return aiohttp.web.Response(status=302, headers={"Location": target})

        outside.answer("/away", away)
        async with HttpFetcher(timeout_s=3, allowed=[ip_network("127.0.0.2/32")]) as fetcher:
            outcome = await fetcher.fetch(a_feed(outside.url("/away")))
    assert isinstance(outcome, FetchFailure)
    assert set(attempts.addresses) == {"127.0.0.2"}
    assert canary.requests == []


async def test_a_name_that_changes_to_an_inner_address_is_refused_at_the_socket(
    canary: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = Attempts(monkeypatch)
    async with HttpFetcher() as fetcher:
        outcome = await fetcher.fetch(a_feed(f"http://rebound.test:{canary.port}/"))
    assert isinstance(outcome, FetchFailure)
    assert outcome.kind is FailureKind.REFUSED
    assert "127.0.0.1" in outcome.message
    assert "AFTERMATH_ALLOW_PRIVATE_NETWORKS" in outcome.message
    assert attempts.addresses == []


async def test_an_allowed_network_is_polled(canary: NewsSite) -> None:
    async with HttpFetcher(allowed=[ip_network("127.0.0.0/8")]) as fetcher:
        assert isinstance(await fetcher.fetch(a_feed(canary.url("/"))), Fetched)


async def test_environment_proxies_are_ignored(canary: NewsSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", canary.url(""))
    monkeypatch.setenv("http_proxy", canary.url(""))
    attempts = Attempts(monkeypatch)
    async with HttpFetcher(timeout_s=3) as fetcher:
        await fetcher.fetch(a_feed("http://10.1.2.3/rss"))
    assert attempts.addresses == []
    assert canary.requests == []


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address, ())


@pytest.mark.parametrize(
    ("address", "inner"),
    [
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("64:ff9b::10.0.0.1", "10.0.0.1"),
        ("2002:a00:1::", "10.0.0.1"),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "10.0.0.1"),
        ("::10.0.0.1", "10.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::1", "::1"),
        ("10.0.0.1", "10.0.0.1"),
    ],
)
def test_an_address_inside_an_address_is_what_counts(address: str, inner: str) -> None:
    assert effective_address(address) == ip_address(inner)
    assert not is_allowed(address, ())
    assert is_allowed(address, [ip_network("10.0.0.0/8"), ip_network("::1/128"), ip_network("fe80::/10")])


def test_a_plain_web_address_has_only_its_address_left_to_check() -> None:
    assert url_refusal("https://news.test/rss?x=1") is None
    assert url_refusal("http://[::1]:80/") is None
