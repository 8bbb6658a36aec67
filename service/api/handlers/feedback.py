"""Feedback over the API: an editor's judgement is kept and answered at once; the compare step acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from service.api.bodies import read_body
from service.api.handlers.answers import JSON, followed, found
from service.api.keys import CLOCK, CONFIG, JUDGE, STORE
from service.api.problems import BadBody, BodyFault, ReadOnly
from service.api.wire import DecisionOut
from service.api.wire_feedback import FeedbackIn, FeedbackOut, JudgementOut
from service.core.editing import plain_note, story_judged
from service.core.errors import Invalid
from service.core.model import Judgement

if TYPE_CHECKING:
    from service.api.params import Query


async def judge_entry(request: web.Request, _query: Query) -> web.StreamResponse:
    """Keep a judgement on an entry.

    Raises:
        ReadOnly: This process has no pipeline to wake.
        BadBody: The story is none, or none could be told.
    """
    judge, store = request.app[JUDGE], request.app[STORE]
    if judge is None:
        raise ReadOnly(f"this process only reads; {request.app[CONFIG].writer()} writes, ask that one")
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
    headers = {"Content-Type": JSON, "Cache-Control": "no-store"}
    return web.Response(status=202, body=out.model_dump_json().encode(), headers=headers)
