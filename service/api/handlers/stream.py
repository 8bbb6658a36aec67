"""Server-sent events: new deltas of a story as they come. The id of an event is a cursor of the deltas list.

A stream ends when the process stops; the reader comes back by itself with Last-Event-ID and misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
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


async def _follow(
    request: web.Request,
    response: web.StreamResponse,
    story: Story,
    *,
    where: DeltaFilter,
    scope: Scope,
    position: int,
) -> None:
    store, config, stopping = request.app[STORE], request.app[CONFIG], request.app[STOPPING]
    watch = request.app[WATCH]
    loop = asyncio.get_running_loop()
    await response.write(f"retry: {_RETRY_MS}\nid: {scope.encode(position)}\n\n".encode())
    spoke_at = loop.time()
    while not stopping.is_set():
        move = watch.next_move(story.id)
        try:
            state = await watch.state(story.id)
            if state.epoch != scope.epoch:
                return  # the reader reconnects and is told 410 with the oldest cursor
            deltas = await store.deltas_after(story.id, position, _STRETCH, where) if state.seq > position else []
        except StorageError:
            return  # the reader reconnects, and is told 503 as long as the store does not answer
        for delta in deltas:
            position = delta.seq
            out = DeltaOut.from_model(delta, entities_of(request, story.id)).model_dump_json()
            await response.write(f"id: {scope.encode(position)}\nevent: delta\ndata: {out}\n\n".encode())
        if deltas:
            spoke_at = loop.time()
        elif loop.time() - spoke_at >= config.heartbeat_s:
            await response.write(b": still here\n\n")
            spoke_at = loop.time()
        if len(deltas) < _STRETCH:
            position = max(position, state.seq)  # the state was read first: up to it, what passes the filter was seen
            await watch.wait(move)
