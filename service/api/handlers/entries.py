"""Entries over the API: what the polled feeds said, and why it was or was not published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.api.cursors import ForgetfulScope, Scope
from service.api.handlers.answers import followed, found, send_json, story_named
from service.api.handlers.deltas import next_link
from service.api.keys import EXPLAIN, STORE
from service.api.wire import DecisionOut, EntryOut
from service.api.wire_pages import EntryPage, RevisionPage
from service.core.errors import NotFound
from service.core.model import Decision, Entry, Match, Outcome, Story

if TYPE_CHECKING:
    from aiohttp import web

    from service.api.params import Query


async def _entry(request: web.Request) -> Entry:
    name = request.match_info["id"]
    return found(await request.app[STORE].entry(name), f"entry {name!r}")


async def search_entries(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve entries that contain a text, in order of arrival."""
    store = request.app[STORE]
    stories = list(followed(request))
    epoch = (await store.ledger_state(stories[0])).epoch if stories else ""
    text = query.text("q") or ""
    scope = ForgetfulScope(
        scope=Scope(listing="entries", story="", epoch=epoch, filters=(("q", text),)),
        forgotten=await store.forgotten_up_to(),
    )
    cursor = query.text("after")
    position = scope.decode(cursor) if cursor else 0
    limit = query.limit()
    entries = await store.search_entries(text, position, limit + 1)
    shown = entries[:limit]
    next_cursor = scope.encode(shown[-1].seq if shown else position)
    page = EntryPage(
        items=[EntryOut.from_model(entry) for entry in shown],
        next_cursor=next_cursor,
        has_more=len(entries) > limit,
    )
    return await send_json(request, page, headers=next_link(request, next_cursor))


async def one_entry(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve an entry's newest revision."""
    entry = await _entry(request)
    return await send_json(request, EntryOut.from_model(entry), natural_at=entry.seen_at)


async def list_revisions(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve all revisions of an entry, oldest first."""
    name = request.match_info["id"]
    revisions = await request.app[STORE].revisions(name)
    if not revisions:
        raise NotFound(f"there is no entry {name!r}")
    page = RevisionPage(items=[EntryOut.from_model(entry) for entry in revisions])
    return await send_json(request, page, natural_at=revisions[-1].seen_at)


async def entry_decision(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve why an entry was or was not published: the stored decision, or one made now."""
    entry = await _entry(request)
    name = query.text("story")
    stories = [story_named(request, name)] if name else list(followed(request).values())
    if not stories:
        raise NotFound("no story is followed here, so nothing was decided")
    stored = [await request.app[STORE].decision(story.id, entry.id) for story in stories]
    kept = [decision for decision in stored if decision is not None]
    if kept:
        best = max(kept, key=lambda decision: (decision.relevant, decision.score))
        return await send_json(request, DecisionOut.from_model(best, entry))
    made = [await _decide(request, story, entry) for story in stories]
    return await send_json(request, DecisionOut.from_model(max(made, key=lambda each: each.score), entry, stored=False))


async def _decide(request: web.Request, story: Story, entry: Entry) -> Decision:
    """Return the decision that was not stored because nothing of the story was found in the entry."""
    explain = request.app[EXPLAIN]
    if explain is None:
        match = Match(story=story.id, relevant=False, score=0.0, threads=(), reasons=(), touched=False)
    else:
        match = await explain(story, entry)
    return Decision(
        story=story.id,
        entry=entry.id,
        revision=entry.revision,
        entry_seq=entry.seq,
        relevant=match.relevant,
        score=match.score,
        outcome=Outcome.PENDING if match.relevant else Outcome.REJECTED,
        threads=match.threads,
        reasons=match.reasons,
        mentions=match.mentions,
        decided_at=entry.seen_at,
        rules_version="",
    )
