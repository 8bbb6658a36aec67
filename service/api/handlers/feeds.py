"""The polled feeds over the API: all at once, or read on with a cursor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from service.api.cursors import Scope
from service.api.handlers.answers import send_json
from service.api.handlers.deltas import next_link
from service.api.keys import STORE
from service.api.wire_pages import FeedPage
from service.api.wire_stories import FeedOut

if TYPE_CHECKING:
    from aiohttp import web

    from service.api.params import Query
    from service.core.model import Feed

# Feeds are no ledger: nothing of the cursor is lost by a restore, so it is bound to no epoch.
_SCOPE = Scope(listing="feeds", story="", epoch="")
_DIGITS = 12  # hexadecimal, of a feed's id
_HEXADECIMAL = re.compile(r"[0-9a-f]{12}")
_BEYOND = 16**_DIGITS  # the position after the ids that are no number, such as that of a replay


async def list_polled_feeds(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve the polled feeds and their health.

    Without `limit` and `after` all of them, by title. Else a page in order of id: titles change with the feeds file,
    and a feed that is renamed meanwhile must be neither left out nor listed twice.
    """
    store, cursor = request.app[STORE], query.text("after")
    yields = await store.feed_yields()
    if cursor is None and query.number("limit") is None:
        page = FeedPage(items=[FeedOut.from_model(feed, yields.get(feed.id)) for feed in await store.feeds()])
        return await send_json(request, page)
    position = _SCOPE.decode(cursor) if cursor else None
    limit = query.limit()
    held = await store.feeds_after(_id_at(position), limit + 1)
    shown = held[:limit]
    next_cursor = _SCOPE.encode(_position(shown[-1]) if shown else position or 0)
    page = FeedPage(
        items=[FeedOut.from_model(feed, yields.get(feed.id)) for feed in shown],
        next_cursor=next_cursor,
        has_more=len(held) > limit,
    )
    return await send_json(request, page, headers=next_link(request, next_cursor))


def _position(feed: Feed) -> int:
    digits = feed.id.removeprefix("f-")
    return int.from_bytes(bytes.fromhex(digits), "big") if _HEXADECIMAL.fullmatch(digits) else _BEYOND


def _id_at(position: int | None) -> str:
    if position is None:
        return ""
    return "g" if position >= _BEYOND else f"f-{position:0{_DIGITS}x}"
