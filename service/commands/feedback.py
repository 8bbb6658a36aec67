"""feedback: an editor's judgement on an entry, through the running service or, where none runs, into the store itself."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from service.commands.running_service import handed_over
from service.commands.setup import opened_store, settings_of, utc_now
from service.core.deltas.editing import LONGEST_NOTE, plain_note
from service.core.errors import Invalid, NotFound, StoreLocked
from service.storage.opening import is_missing

if TYPE_CHECKING:
    from service.settings import Settings


def register(commands: Any) -> None:
    """Add the commands of this file."""
    feedback = commands.add_parser(
        "feedback", help="judge an entry: withdraw what it told, or publish a near miss; follows later revisions too"
    )
    feedback.add_argument("entry", metavar="ENTRY", help="id of the entry, as deltas and /v1/entries give it")
    feedback.add_argument("--relevant", required=True, choices=("yes", "no"), help="does it follow up on the story?")
    feedback.add_argument("--note", default="", help="why; published with what follows from it")
    feedback.add_argument("--story", metavar="ID", help="default: where the entry scored highest")
    feedback.add_argument("--json", action="store_true", help="print judgement and decision as JSON")
    feedback.set_defaults(run=_feedback)


def _feedback(args: argparse.Namespace) -> int:
    if len(args.note) > LONGEST_NOTE:
        raise Invalid(f"--note has {len(args.note)} characters; the limit is {LONGEST_NOTE}")
    settings = settings_of()
    try:
        result, place = asyncio.run(_judged_here(args, settings)), "the store"
    except StoreLocked as error:
        result, place = _judged_by_service(args, settings, error), "the running service, which now acts on it"
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    judgement, decision = result["judgement"], result["decision"]
    verdict = "relevant" if judgement["relevant"] else "not relevant"
    print(f"{judgement['entry']}: judged {verdict} in {judgement['story']}; kept by {place}")
    if decision is not None:
        delta = f", {decision['type'].replace('_', ' ')} {decision['delta']}" if decision["delta"] else ""
        print(f"decision: {decision['outcome']}, score {decision['score']:.2f}{delta}")
    return 0


async def _judged_here(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    """Keep the judgement and run the step that acts on it."""
    from service.api.wire import DecisionOut
    from service.api.wire_feedback import FeedbackOut, JudgementOut
    from service.app import SystemClock
    from service.core.deltas.editing import story_judged
    from service.core.model import Judgement
    from service.steering import Steering, read_plan
    from service.worker import offline_pipeline

    if await asyncio.to_thread(is_missing, settings.store):
        raise NotFound(f"{settings.shown_database} does not exist yet; AFTERMATH_DATABASE_URL names the store")
    plan, clock = read_plan(settings), SystemClock()
    async with opened_store(settings.store) as store:
        steering = Steering(plan, store, clock, writes=True)
        await steering.begin()
        rules = steering.rules
        entry = await store.entry(args.entry)
        if entry is None:
            raise NotFound(f"there is no entry {args.entry!r} in {settings.shown_database}")
        decisions = {story: await store.decision(story, entry.id) for story in rules.stories}
        judgement = Judgement(
            story=story_judged(decisions, args.story),
            entry=entry.id,
            revision=entry.revision,
            relevant=args.relevant == "yes",
            note=plain_note(args.note),
            judged_at=utc_now(),
        )
        pipeline = offline_pipeline(rules, store, clock)
        await pipeline.record(judgement)
        await pipeline.compare(judgement.story)
        decision = await store.decision(judgement.story, entry.id)
    out = FeedbackOut(
        judgement=JudgementOut.from_model(judgement),
        decision=DecisionOut.from_model(decision, entry) if decision else None,
    )
    return out.model_dump(mode="json")


def _judged_by_service(args: argparse.Namespace, settings: Settings, locked: StoreLocked) -> dict[str, Any]:
    """Hand the judgement to the process that writes to the store."""
    path = f"/v1/entries/{quote(args.entry, safe='')}/feedback"
    body: dict[str, object] = {"relevant": args.relevant == "yes", "note": args.note}
    if args.story is not None:
        body["story"] = args.story
    return handed_over(settings, locked, "POST", path, body, what="the judgement")
