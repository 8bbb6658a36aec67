"""The cursor API: deltas of a story, single deltas, and the rules of reading on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from service.api.caching import Drawn
from service.api.cursors import Scope
from service.api.handlers.answers import JSON, entities_of, found, resource_key, send_json, send_kept, story_asked
from service.api.keys import LINKS, STORE
from service.api.problems import BadParameter
from service.api.wire import DeltaOut
from service.api.wire_opinions import OpinionOut
from service.api.wire_pages import DeltaPage
from service.core.errors import CursorGone
from service.ports import DeltaFilter, LedgerState

if TYPE_CHECKING:
    from aiohttp import web

    from service.api.params import Query
    from service.core.model import Story

FILTERS = ("thread", "type", "entity", "lang", "min_score")
NOW = "now"


def delta_filter(query: Query, story: Story) -> DeltaFilter:
    """Return which deltas are asked for.

    Raises:
        BadParameter: A thread or entity the story does not have.
    """
    for name, known in (("thread", story.threads), ("entity", story.entities)):
        wanted = query.text(name)
        if wanted is not None and wanted not in {each.id for each in known}:
            listed = ", ".join(each.id for each in known)
            raise BadParameter(name, f"story {story.id} has no {name} {wanted!r}; it has: {listed}")
    return DeltaFilter(
        thread=query.text("thread"),
        type=query.text("type"),
        entity=query.text("entity"),
        lang=query.text("lang"),
        min_score=query.number("min_score"),
    )


def delta_scope(story: Story, query: Query, state: LedgerState, *, descending: bool) -> Scope:
    """Return what a cursor over these deltas is bound to."""
    filters = tuple(sorted(query.pairs(*FILTERS).items()))
    listing = "deltas newest first" if descending else "deltas"
    return Scope(listing=listing, story=story.id, epoch=state.epoch, filters=filters)


def delta_position(scope: Scope, cursor: str, state: LedgerState) -> int:
    """Return the position an ascending cursor stands for.

    Raises:
        CursorInvalid: Not a cursor for this list.
        CursorGone: From before a restore: another epoch, or beyond what the ledger holds.
    """
    if cursor == NOW:
        return state.seq
    position = scope.decode(cursor)
    if position > state.seq:
        raise CursorGone("the cursor is ahead of the ledger, which was restored", scope.encode(0))
    return position


async def list_deltas(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a page of deltas after a cursor."""
    story = story_asked(request)
    where = delta_filter(query, story)
    descending = query.text("order") == "desc"
    limit = query.limit()
    store = request.app[STORE]
    state = await store.ledger_state(story.id)
    scope = delta_scope(story, query, state, descending=descending)
    cursor = query.text("after")
    if descending and cursor == NOW:
        raise BadParameter("after", "order=desc starts at the newest by itself; leave `after` out")
    position = 0
    if cursor is not None:
        position = scope.decode(cursor) if descending else delta_position(scope, cursor, state)

    async def draw() -> Drawn:
        deltas = await store.deltas_after(story.id, position, limit + 1, where, descending=descending)
        shown = deltas[:limit]
        next_cursor = scope.encode(shown[-1].seq if shown else position)
        entities = entities_of(request, story.id)
        page = DeltaPage(
            items=[DeltaOut.from_model(delta, entities) for delta in shown],
            next_cursor=next_cursor,
            has_more=len(deltas) > limit,
        )
        natural_at = max((delta.created_at for delta in shown), default=state.changed_at or story.as_of)
        body = page.model_dump_json().encode()
        return Drawn(body=body, content_type=JSON, natural_at=natural_at, headers=next_link(request, next_cursor))

    return await send_kept(request, resource_key(request), (story.digest, state.epoch, state.seq), draw)


def next_link(request: web.Request, next_cursor: str) -> dict[str, str]:
    """Return a Link header to the next page, with the filters of this one."""
    links = request.app[LINKS]
    pairs = {name: text for name, text in request.query.items() if name not in {"after", "token"}}
    path = request.path.removeprefix(links.prefix)
    return {"Link": f'<{links.url(path)}?{urlencode({**pairs, "after": next_cursor})}>; rel="next"'}


async def one_delta(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve one delta."""
    name = request.match_info["id"]
    delta = found(await request.app[STORE].delta(name), f"delta {name!r}")
    out = DeltaOut.from_model(delta, entities_of(request, delta.story))
    return await send_json(request, out, natural_at=delta.created_at)


async def delta_opinion(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve the second opinion on one delta."""
    name = request.match_info["id"]
    opinion = found(await request.app[STORE].opinions.opinion(name), f"opinion on delta {name!r}")
    return await send_json(request, OpinionOut.from_model(opinion), natural_at=opinion.asked_at)
