"""The catch-up brief over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.api.handlers.answers import send_json, story_asked
from service.api.handlers.deltas import delta_position, delta_scope, next_link
from service.api.keys import STORE, TALLIES
from service.api.wire_brief import BriefOut
from service.core.deltas.brief import make_brief
from service.ports import DeltaFilter

if TYPE_CHECKING:
    from aiohttp import web

    from service.api.params import Query


async def story_brief(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve what changed after a cursor of the deltas."""
    story = story_asked(request)
    store = request.app[STORE]
    state = await store.ledger_state(story.id)
    scope = delta_scope(story, query, state, descending=False)
    cursor = query.text("after")
    position = delta_position(scope, cursor, state) if cursor is not None else 0
    limit = query.limit()
    deltas = await store.deltas_after(story.id, position, limit + 1, DeltaFilter())
    shown, has_more = deltas[:limit], len(deltas) > limit
    tally = await request.app[TALLIES].look(story, state)
    names = dict.fromkeys(delta.development for delta in shown)
    found = [await store.development(name) for name in names]
    developments = {development.id: development for development in found if development is not None}
    next_cursor = scope.encode(shown[-1].seq if shown else position)
    brief = make_brief(story, shown, tally.withdrawals, developments)
    out = BriefOut.from_model(story.id, brief, next_cursor=next_cursor, has_more=has_more)
    natural_at = max((delta.created_at for delta in shown), default=state.changed_at or story.as_of)
    return await send_json(request, out, natural_at=natural_at, headers=next_link(request, next_cursor))
