"""The web site of the invented outlets: a real HTTP server on loopback whose feeds move on by editions.

It knows validators, so the demonstration shows conditional polling as well: a feed without news answers 304.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Self

from aiohttp import web

from service.demo.feed_forms import CONTENT_TYPES, feed_body, item_page

if TYPE_CHECKING:
    from service.demo.samples import Edition, Samples

HOST = "127.0.0.1"
_SHUTDOWN_S = 1.0


class SampleSite:
    """Serves the sample feeds between `async with` and its end.

    Attributes:
        address: Where it listens, without a trailing slash; "" before the start.
        number: Which edition it shows, 0 for the first.
    """

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self.address = ""
        self.number = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{feed}/feed.{form:rss|atom|json}", self._feed)
        app.router.add_get("/{feed}/{item}", self._item)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.address = f"http://{HOST}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def edition(self) -> Edition:
        """Return the edition it shows."""
        return self.samples.editions[self.number]

    def advance(self) -> bool:
        """Show the next edition; False when the last one stands already."""
        if self.number + 1 >= len(self.samples.editions):
            return False
        self.number += 1
        return True

    async def _feed(self, request: web.Request) -> web.Response:
        feed = self.samples.feed(request.match_info["feed"])
        if feed is None or feed.form != request.match_info["form"]:
            raise web.HTTPNotFound(text="no such feed")
        body = feed_body(feed, self.samples.showing(feed.id, self.number), self.address)
        etag = hashlib.sha256(body).hexdigest()[:16]
        asked = request.if_none_match or ()
        known = any(tag.value in {etag, "*"} for tag in asked)
        response = web.Response(status=304) if known else web.Response(body=body, content_type=CONTENT_TYPES[feed.form])
        response.etag = etag
        return response

    async def _item(self, request: web.Request) -> web.Response:
        feed = self.samples.feed(request.match_info["feed"])
        shown = self.samples.showing(feed.id, self.number) if feed else []
        for each in shown:
            if feed and each.item.id == request.match_info["item"]:
                return web.Response(text=item_page(feed, each), content_type="text/html")
        raise web.HTTPNotFound(text="no such item")
