"""Feedback over the API: what an editor says is kept and answered at once; the compare step acts on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp import web

from service.api.bodies import bad_document, read_body
from service.api.handlers.answers import JSON, followed, found
from service.api.keys import CLOCK, CONFIG, JUDGE, STORE
from service.api.problems import BadBody, BodyFault, ReadOnly
from service.api.wire import DecisionOut
from service.api.wire_feedback import FeedbackIn, FeedbackOut, JudgementOut, MergeIn, RegroupingOut, SplitIn
from service.core.deltas.editing import plain_note, story_judged
from service.core.deltas.regrouping import ordered_merge, ordered_split
from service.core.errors import Conflict, Invalid, InvalidDocument
from service.core.model import Judgement

if TYPE_CHECKING:
    from service.api.keys import Judge
    from service.api.params import Query
    from service.api.wire import Wire
    from service.core.model import Development, Regrouping

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def _judge(request: web.Request) -> Judge:
    """Return who keeps what an editor says.

    Raises:
        ReadOnly: This process has no pipeline to wake.
    """
    judge = request.app[JUDGE]
    if judge is None:
        raise ReadOnly(f"this process only reads; {request.app[CONFIG].writer()} writes, ask that one")
    return judge


def _taken(out: Wire) -> web.Response:
    headers = {"Content-Type": JSON, "Cache-Control": "no-store"}
    return web.Response(status=202, body=out.model_dump_json().encode(), headers=headers)


async def judge_entry(request: web.Request, _query: Query) -> web.StreamResponse:
    """Keep a judgement on an entry.

    Raises:
        ReadOnly: This process has no pipeline to wake.
        BadBody: The story is none, or none could be told.
    """
    judge, store = _judge(request), request.app[STORE]
    body = await read_body(request, FeedbackIn)
    name = request.match_info["id"]
    entry = found(await store.entry(name), f"entry {name!r}")
    decisions = {story: await store.decision(story, entry.id) for story in followed(request)}
    try:
        story = story_judged(decisions, body.story)
    except Invalid as error:
        raise BadBody(error.message, (BodyFault("#/story", error.message),)) from error
    judgement = Judgement(
        story=story,
        entry=entry.id,
        revision=entry.revision,
        relevant=body.relevant,
        note=plain_note(body.note),
        judged_at=request.app[CLOCK].now(),
    )
    await judge(judgement)
    decision = await store.decision(story, entry.id)
    out = FeedbackOut(
        judgement=JudgementOut.from_model(judgement),
        decision=DecisionOut.from_model(decision, entry) if decision else None,
    )
    return _taken(out)


async def split_development(request: web.Request, _query: Query) -> web.StreamResponse:
    """Keep the order to move reports out of a development into a new one.

    Raises:
        ReadOnly: This process has no pipeline to wake.
        Conflict: The development's story is followed no more, or all its reports have moved or been withdrawn.
        BadBody: An entry is no report of it, or none would stay.
    """
    judge, store = _judge(request), request.app[STORE]
    body = await read_body(request, SplitIn)
    development = await _regroupable(request)
    after = (await store.ledger_state(development.story)).judged
    decisions = await store.traces(development.story, _EVER)
    try:
        order = ordered_split(
            development, body.entries, decisions, after, plain_note(body.note), request.app[CLOCK].now()
        )
    except InvalidDocument as error:
        raise bad_document(error) from error
    return await _ordered(judge, order)


async def merge_development(request: web.Request, _query: Query) -> web.StreamResponse:
    """Keep the order to move all reports of a development into another.

    Raises:
        ReadOnly: This process has no pipeline to wake.
        Conflict: The development's story is followed no more, or all its reports have moved or been withdrawn.
        BadBody: The other is unknown, the same, of another story, or has no reports.
    """
    judge, store = _judge(request), request.app[STORE]
    body = await read_body(request, MergeIn)
    development = await _regroupable(request)
    after = (await store.ledger_state(development.story)).judged
    into = await store.development(body.into)
    try:
        order = ordered_merge(development, into, body.into, after, plain_note(body.note), request.app[CLOCK].now())
    except InvalidDocument as error:
        raise bad_document(error) from error
    return await _ordered(judge, order)


async def _ordered(judge: Judge, order: Regrouping) -> web.Response:
    await judge(order)
    return _taken(RegroupingOut.from_model(order))


async def _regroupable(request: web.Request) -> Development:
    name = request.match_info["id"]
    development = found(await request.app[STORE].development(name), f"development {name!r}")
    if development.story not in followed(request):
        raise Conflict(f"story {development.story} is followed no more, so its developments stay as they are")
    if not development.reports:
        raise Conflict(f"development {name} has no reports left: they have been moved or withdrawn")
    return development
