"""One conditional GET of a feed, within limits; everything that can go wrong becomes a `FetchFailure` in plain words.

Redirects are followed by hand so that every hop is checked. No cookies, no referrer, no proxy from the environment.
What gives access to a feed is sent to the feed's own host only, and appears in no message.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import TYPE_CHECKING, Final, Self

import aiohttp
from yarl import URL

from service import __version__
from service.core.model import FailureKind, Feed, Fetched, FetchOutcome, NotModified, ParsedFeed
from service.core.polls.cadence import body_hash
from service.core.urls import host_key
from service.feeds.delta_parse import ParseMemory
from service.feeds.failures import as_failure, failure, one_line, status_failure
from service.feeds.guard import Network, literal_refusal, socket_factory, url_refusal
from service.feeds.parse_pool import ParsePool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from multidict import CIMultiDictProxy

    from service.feeds.document import Document

MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_ENCODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate", "br", "zstd"})
_CHUNK_BYTES: Final = 64 * 1024
_PARSE_MEMORY_BYTES: Final = 80_000_000  # address space; an idle worker takes 35 MB
_PARSE_MEMORY_PER_BYTE: Final = 8  # 20,000 small items, the worst of usual documents, take 12 bytes a byte in all
_DNS_CACHE_S: Final = 900  # about the interval of polling
_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
log = logging.getLogger(__name__)


class HttpFetcher:
    """Implements `ports.Fetcher` over one client session and a small pool of parsing processes.

    Use as `async with HttpFetcher(...) as fetcher`, or call `close()`.

    Args:
        contact: Address or URL of whoever runs this, for the User-Agent.
        timeout_s: For the whole exchange, redirects and body included.
        body_limit_bytes: Of the decompressed body.
        allowed: Networks that may be polled though they are not public.
        connections: At most that many at the same time.
        access: Feed id → headers that open this feed; a header that is sent anyway is replaced.
        proxy: Address of an HTTP proxy that all polls go through. The connection is then the proxy's to guard: here
            only IP addresses that are written out are checked.
        parse_workers: Processes that parse.
        parse_timeout_s: For one document.
    """

    def __init__(
        self,
        *,
        contact: str = "",
        timeout_s: float = 20.0,
        body_limit_bytes: int = 5 * 1024 * 1024,
        allowed: Sequence[Network] = (),
        connections: int = 64,
        access: Mapping[str, Mapping[str, str]] | None = None,
        proxy: str | None = None,
        parse_workers: int = 1,
        parse_timeout_s: float = 20.0,
    ) -> None:
        self._timeout_s = timeout_s
        self._body_limit_bytes = body_limit_bytes
        self._allowed = tuple(allowed)
        self._connections = connections
        self._access = dict(access or {})
        self._proxy = proxy
        self._headers = {
            "User-Agent": f"Aftermath/{__version__}" + (f" (+{one_line(contact)})" if contact.strip() else ""),
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, deflate, br, zstd",
        }
        self._session: aiohttp.ClientSession | None = None
        self.memory = ParseMemory()  # its counts are for metrics
        self._pool = ParsePool(
            workers=parse_workers,
            timeout_s=parse_timeout_s,
            memory_limit_bytes=_PARSE_MEMORY_BYTES + _PARSE_MEMORY_PER_BYTE * body_limit_bytes,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close connections and end the parsing processes."""
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._pool.close()

    async def fetch(self, feed: Feed) -> FetchOutcome:
        """Do one conditional GET of the feed within the limits.

        Source: RFC 9110 §13.1 (If-None-Match, If-Modified-Since, both byte for byte as received).
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._follow(feed)
        except TimeoutError:
            return failure(
                FailureKind.TIMEOUT,
                f"{feed.url} did not answer completely within {self._timeout_s:g} s (AFTERMATH_FETCH_TIMEOUT_S)",
            )
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            return as_failure(feed.url, error)
        except Exception as error:  # the port promises a value; a bug in a library must cost one poll only
            log.exception("fetch failed unexpectedly", extra={"feed": feed.url})
            return failure(FailureKind.CONNECTION, f"{feed.url} could not be fetched: {type(error).__name__}")

    async def parse(self, fetched: Fetched, feed: Feed) -> ParsedFeed:
        """Parse what is new in the body in a worker process, which is killed when it overruns.

        Raises:
            ParseError: The body is not a feed (`code` is `not_a_feed`), or exceeded the limits.
        """
        return (await self.read(fetched, feed)).feed()

    async def read(self, fetched: Fetched, feed: Feed) -> Document:
        """Parse as `parse` does; return the document with its items in their places."""
        return await self.memory.parse(
            feed.id, fetched.body, fetched.headers, fetched.url or feed.url, self._pool.parse
        )

    async def _follow(self, feed: Feed) -> FetchOutcome:
        url, home, lasting = feed.url.strip(), host_key(feed.url), True
        common = _conditions(feed)
        access = self._access.get(feed.id, {})
        for hop in range(MAX_REDIRECTS + 1):
            refusal = url_refusal(url)
            if refusal is None and self._proxy:
                refusal = literal_refusal(url, self._allowed)
            if refusal is not None:
                return failure(FailureKind.REFUSED, refusal)
            headers = {**common, **access} if access and host_key(url) == home else common
            async with self._opened().get(
                URL(url), headers=headers, allow_redirects=False, proxy=self._proxy
            ) as response:
                target = response.headers.get("Location", "").strip()
                if response.status not in _REDIRECTS or not target:
                    return await self._outcome(response, feed, moved_to=str(response.url) if hop and lasting else None)
                lasting = lasting and response.status in _PERMANENT
                url = str(URL(url).join(URL(target)))
        return failure(
            FailureKind.REDIRECTS, f"{feed.url} redirects more than {MAX_REDIRECTS} times; find its new address"
        )

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections,
                    ttl_dns_cache=_DNS_CACHE_S,
                    socket_factory=None if self._proxy else socket_factory(self._allowed),
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=self._headers,
                trust_env=False,
                auto_decompress=True,
                timeout=aiohttp.ClientTimeout(total=None),  # `fetch` bounds the whole exchange
            )
        return self._session

    async def _outcome(self, response: aiohttp.ClientResponse, feed: Feed, *, moved_to: str | None) -> FetchOutcome:
        headers = _plain_headers(response.headers)
        etag, last_modified = _validator(headers.get("etag")), _validator(headers.get("last-modified"))
        if response.status == 304 and (feed.etag or feed.last_modified):
            return NotModified(headers=headers, etag=etag, last_modified=last_modified, moved_to=moved_to)
        if response.status != 200:
            return status_failure(feed.url, response.status, headers)
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            return failure(
                FailureKind.HTTP, f"{feed.url} is compressed as {encoding[:40]!r}, which was not asked for", status=200
            )
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            body += chunk
            if len(body) > self._body_limit_bytes:
                response.close()
                limit = f"{self._body_limit_bytes / 1e6:.3g} MB"
                return failure(
                    FailureKind.TOO_LARGE,
                    f"{feed.url} is larger than {limit}; the limit is AFTERMATH_FEED_BODY_LIMIT_BYTES",
                    status=200,
                )
        return Fetched(
            url=str(response.url),
            body=bytes(body),
            headers=headers,
            etag=etag,
            last_modified=last_modified,
            moved_to=moved_to,
            body_hash=body_hash(body),
        )


def _conditions(feed: Feed) -> dict[str, str]:
    found = {"If-None-Match": _validator(feed.etag), "If-Modified-Since": _validator(feed.last_modified)}
    return {name: value for name, value in found.items() if value}


def _validator(value: str | None) -> str | None:
    # What cannot be stored and sent back byte for byte is no validator.
    return value if value and value.isascii() and value.isprintable() and len(value) <= 1000 else None


def _plain_headers(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    plain: dict[str, str] = {}
    for name, value in headers.items():
        text = value.encode("ascii", "replace").decode() if name.lower() not in {"etag", "last-modified"} else value
        lower = name.lower()
        plain[lower] = f"{plain[lower]}, {text}" if lower in plain else text
    return plain
