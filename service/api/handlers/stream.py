"""Server-sent events: new deltas of a story as they come. The id of an event is a cursor of the deltas list.

A stream ends when the process stops; the reader comes back by itself with Last-Event-ID and misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from service.api.handlers.answers import entities_of, story_asked
from service.api.handlers.deltas import delta_filter, delta_position, delta_scope
from service.api.keys import CONFIG, STOPPING, STORE, WATCH
from service.api.problems import TooManyStreams
from service.api.wire import DeltaOut
from service.core.errors import StorageError

if TYPE_CHECKING:
    from service.api.cursors import Scope
    from service.api.params import Query
    from service.core.model import Story
    from service.ports import DeltaFilter

_STRETCH = 100
_RETRY_MS = 5000
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


async def stream(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve the stream of a story, from Last-Event-ID, else `after`, else from now on."""
    story = story_asked(request)
    where = delta_filter(query, story)
    state = await request.app[STORE].ledger_state(story.id)
    scope = delta_scope(story, query, state, descending=False)
    cursor = request.headers.get("Last-Event-ID") or query.text("after") or "now"
    position = delta_position(scope, cursor, state)
    response = web.StreamResponse(headers=_HEADERS)
    if request.method == "HEAD":
        return response
    streams, me = request.app[WATCH].open, object()
    if len(streams) >= request.app[CONFIG].max_streams:
        raise TooManyStreams("as many streams are open as this process takes; poll the deltas list instead")
    streams.add(me)
    try:
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):
            await _follow(request, response, story, where=where, scope=scope, position=position)
    finally:
        streams.discard(me)
    return response


@dataclass(frozen=True, slots=True)
class _News:
    """What came after a position, as it goes over the wire."""

    position: int  # of the last delta
    count: int
    frames: bytes


async def _news(request: web.Request, story: Story, where: DeltaFilter, scope: Scope, position: int) -> _News:
    deltas = await request.app[STORE].deltas_after(story.id, position, _STRETCH, where)
    entities = entities_of(request, story.id)
    frames = [
        f"id: {scope.encode(delta.seq)}\nevent: delta\ndata: {DeltaOut.from_model(delta, entities).model_dump_json()}\n\n"
        for delta in deltas
    ]
    return _News(deltas[-1].seq if deltas else position, len(deltas), "".join(frames).encode())


async def _follow(
    request: web.Request,
    response: web.StreamResponse,
    story: Story,
    *,
    where: DeltaFilter,
    scope: Scope,
    position: int,
) -> None:
    config, stopping, watch = request.app[CONFIG], request.app[STOPPING], request.app[WATCH]
    loop = asyncio.get_running_loop()
    await response.write(f"retry: {_RETRY_MS}\nid: {scope.encode(position)}\n\n".encode())
    spoke_at = loop.time()
    while not stopping.is_set():
        move = watch.next_move(story.id)
        try:
            state = await watch.state(story.id)
            if state.epoch != scope.epoch:
                return  # the reader reconnects and is told 410 with the oldest cursor
            news = _News(position, 0, b"")
            if state.seq > position:  # all who have read as far get the same bytes, made once
                key = (story.id, story.digest, scope, position, state.seq)
                news = await watch.shared(key, partial(_news, request, story, where, scope, position))
        except StorageError:
            return  # the reader reconnects, and is told 503 as long as the store does not answer
        position = news.position
        if news.count:
            await response.write(news.frames)
            spoke_at = loop.time()
        elif loop.time() - spoke_at >= config.heartbeat_s:
            await response.write(b": still here\n\n")
            spoke_at = loop.time()
        if news.count < _STRETCH:
            position = max(position, state.seq)  # the state was read first: up to it, what passes the filter was seen
            await watch.wait(story.id, move, max(0.01, spoke_at + config.heartbeat_s - loop.time()))
