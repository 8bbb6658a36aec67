"""A real news site on loopback for tests: mutable feeds with validators, and every way a server misbehaves.

`async with NewsSite() as site: site.publish("/world.rss", [Item("A title")]); site.url("/world.rss")`. Fixed paths:
/slow /huge /bomb /loop /silent /reset, /status/{code}, /to?url=… (redirect), /hops/{n}/{path}. `site.answer` sets any
other answer; `site.requests` records what came.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Self
from xml.sax.saxutils import escape

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed; what is None is left out."""

    title: str
    summary: str | None = None
    link: str | None = None
    guid: str | None = None
    published: datetime | str | None = None
    extra: str = ""  # raw XML


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]  # case-insensitive
    status: int  # of our answer


@dataclass(slots=True)
class _Document:
    body: bytes
    content_type: str
    etag: str | None
    last_modified: str | None
    headers: dict[str, str]


@dataclass(slots=True)
class NewsSite:
    """The server; `canary` counts requests that must never be made."""

    host: str = "127.0.0.1"
    port: int = 0
    requests: list[Seen] = field(default_factory=list)
    slow_s: float = 30.0
    _documents: dict[str, _Document] = field(default_factory=dict)
    _answers: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._recorded()])
        app.router.add_get("/slow", self._slow)
        app.router.add_get("/huge", self._huge)
        app.router.add_get("/bomb", self._bomb)
        app.router.add_get("/silent", self._silent)
        app.router.add_get("/reset", self._reset)
        app.router.add_get("/loop", self._redirect("/loop"))
        app.router.add_get("/to", self._to)
        app.router.add_get("/hops/{left:\\d+}/{path:.*}", self._hops)
        app.router.add_get("/status/{code:\\d+}", self._status)
        app.router.add_get("/{path:.*}", self._document)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://{self.host}:{self.port}{path}"

    def to(self, path: str) -> list[Seen]:
        """Return the requests of one path, in order."""
        return [seen for seen in self.requests if seen.path == path]

    def publish(
        self, path: str, items: Sequence[Item], *, channel: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        """Serve these items as RSS from now on, with an ETag and a Last-Modified of their own."""
        self.serve(path, rss(items, channel=channel), headers=headers)

    def serve(
        self,
        path: str,
        body: str | bytes,
        content_type: str = "application/rss+xml",
        *,
        validators: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Serve this body from now on."""
        content = body.encode() if isinstance(body, str) else body
        before = self._documents.get(path)
        version = 1 if before is None else int(before.headers["X-Version"]) + 1
        self._documents[path] = _Document(
            body=content,
            content_type=content_type,
            etag=f'W/"{hashlib.sha256(content).hexdigest()[:12]}"' if validators else None,
            last_modified=f"Mon, 16 Dec 2024 10:{version % 60:02}:00 GMT" if validators else None,
            headers={**(headers or {}), "X-Version": str(version)},
        )

    def answer(self, path: str, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> None:
        """Let `handler` answer a path."""
        self._answers[path] = handler

    def _recorded(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        @web.middleware
        async def record(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            status = 0
            try:
                response = await handler(request)
                status = response.status
                return response
            finally:
                self.requests.append(Seen(request.path, request.headers, status))

        return record

    async def _document(self, request: web.Request) -> web.StreamResponse:
        if request.path in self._answers:
            return await self._answers[request.path](request)
        document = self._documents.get(request.path)
        if document is None:
            return web.Response(status=404, text="no such feed")
        headers = dict(document.headers)
        if document.etag and document.last_modified:
            headers |= {"ETag": document.etag, "Last-Modified": document.last_modified}
            asked = request.headers
            same = asked.get("If-None-Match") == document.etag
            if "If-None-Match" not in asked:
                same = asked.get("If-Modified-Since") == document.last_modified
            if same:
                return web.Response(status=304, headers=headers)
        return web.Response(body=document.body, content_type=document.content_type, headers=headers)

    async def _slow(self, _: web.Request) -> web.StreamResponse:
        await self._pause(self.slow_s)
        return web.Response(text=rss([]))

    async def _silent(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"<rss><channel>")
        await self._pause(self.slow_s)
        return response

    async def _huge(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while not self._closing.is_set():
                await response.write(b"<!-- and so on -->" * 4000)
        except (ConnectionError, asyncio.CancelledError):
            pass
        return response

    async def _bomb(self, _: web.Request) -> web.StreamResponse:
        body = gzip.compress(bytes(16_000_000), 1)
        return web.Response(body=body, headers={"Content-Encoding": "gzip", "Content-Type": "application/rss+xml"})

    async def _reset(self, request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _redirect(self, target: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def redirect(_: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": target})

        return redirect

    async def _to(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=301, headers={"Location": request.query["url"]})

    async def _hops(self, request: web.Request) -> web.StreamResponse:
        left, path = int(request.match_info["left"]), request.match_info["path"]
        target = f"/hops/{left - 1}/{path}" if left > 1 else f"/{path}"
        return web.Response(status=302, headers={"Location": target})

    async def _status(self, request: web.Request) -> web.StreamResponse:
        wanted = request.query.get("retry-after")
        headers = {"Retry-After": wanted} if wanted else {}
        return web.Response(status=int(request.match_info["code"]), headers=headers, text="as you asked")

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            pass


def rss(items: Sequence[Item], *, title: str = "Test news", channel: str = "") -> str:
    """Return an RSS 2.0 document; `channel` is raw XML for its head."""
    body = "".join(_item(item) for item in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>https://news.test/</link><description/>{channel}{body}</channel></rss>"
    )


def _item(item: Item) -> str:
    published = item.published
    if isinstance(published, datetime):
        published = format_datetime(published.astimezone(UTC), usegmt=True)
    fields = {
        "title": item.title,
        "description": item.summary,
        "link": item.link,
        "guid": item.guid,
        "pubDate": published,
    }
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value is not None)
    return f"<item>{inside}{item.extra}</item>"
