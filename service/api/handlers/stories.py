"""Stories over the API: what is followed, its facts, developments and decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from service.api.caching import Drawn
from service.api.cursors import ForgetfulScope, Scope
from service.api.handlers.answers import JSON as JSON_TYPE
from service.api.handlers.answers import followed, resource_key, send_json, send_kept, story_asked, story_state
from service.api.handlers.deltas import next_link
from service.api.keys import CLOCK, LINKS, STORE, TALLIES
from service.api.links import FORMATS
from service.api.wire import DecisionOut
from service.api.wire_coverage import CoverageOut
from service.api.wire_pages import DecisionPage, DevelopmentPage, FactPage, StoryPage
from service.api.wire_stories import DevelopmentOut, FactOut, StoryOut
from service.core.polls.coverage import coverage_of

if TYPE_CHECKING:
    from aiohttp import web

    from service.api.params import Query
    from service.core.model import Development, Story
    from service.ports import Store

_OUTAGES_BACK = timedelta(days=30)
_MOST_OUTAGES = 5000
_MOMENT = timedelta(microseconds=1)
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
_NEWEST = (datetime(9999, 1, 1, tzinfo=UTC) - _ORIGIN) // _MOMENT  # the position before the newest development


async def story_out(request: web.Request, story: Story) -> StoryOut:
    """Return a story with where its ledger stands."""
    links = request.app[LINKS]
    state = await request.app[STORE].ledger_state(story.id)
    names = ["", *(thread.id for thread in story.threads)]
    feeds = {
        name: {fmt: links.url(links.feed_path(fmt, story.id, {"thread": name} if name else {})) for fmt in FORMATS}
        for name in names
    }
    return StoryOut.from_model(
        story,
        followed=story.id in followed(request),
        latest_seq=state.seq,
        changed_at=state.changed_at,
        page=links.url(f"/stories/{story.id}"),
        deltas=links.url(f"/v1/stories/{story.id}/deltas"),
        feeds=feeds,
    )


async def list_stories(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve what is followed."""
    stories = followed(request).values()
    return await send_json(request, StoryPage(items=[await story_out(request, story) for story in stories]))


async def one_story(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve one story."""
    return await send_json(request, await story_out(request, story_asked(request)))


async def list_facts(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve the baseline and what deltas that still stand have brought, as known at `as_of`."""
    story = story_asked(request)
    as_of = query.instant("as_of")
    store = request.app[STORE]
    tally = await request.app[TALLIES].look(story, await store.ledger_state(story.id))
    later = [fact for fact in await store.facts(story.id) if fact.delta not in tally.withdrawals.ids]
    facts = [*story.facts, *later]
    shown = [fact for fact in facts if as_of is None or fact.as_of <= as_of]
    return await send_json(request, FactPage(items=[FactOut.from_model(fact) for fact in shown]))


async def coverage(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve what is and was heard of a story: outages that last or ended at or after `since`, a month back by default."""
    story = story_asked(request)
    store, now = request.app[STORE], request.app[CLOCK].now()
    feeds = await store.feeds()
    outages = await store.outages(query.instant("since") or now - _OUTAGES_BACK, _MOST_OUTAGES)
    found = coverage_of(story, feeds, outages, now)
    return await send_json(request, CoverageOut.from_model(story.id, found, {feed.id: feed for feed in feeds}))


async def list_decisions(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve decisions in order of arrival: what was published, and the near misses."""
    story = story_asked(request)
    store = request.app[STORE]
    state = await store.ledger_state(story.id)
    filters = tuple(sorted(query.pairs("outcome", "min_score").items()))
    scope = ForgetfulScope(
        scope=Scope(listing="decisions", story=story.id, epoch=state.epoch, filters=filters),
        forgotten=await store.forgotten_up_to(),
    )
    limit = query.limit()
    cursor = query.text("after")
    if cursor == "now":
        position = await _newest_decision(store, story.id)
    else:
        position = scope.decode(cursor) if cursor else 0
    pairs = await store.decisions(story.id, position, limit + 1, query.text("outcome"), query.number("min_score"))
    shown = pairs[:limit]
    next_cursor = scope.encode(shown[-1][0].entry_seq if shown else position)
    page = DecisionPage(
        items=[DecisionOut.from_model(decision, entry) for decision, entry in shown],
        next_cursor=next_cursor,
        has_more=len(pairs) > limit,
    )
    return await send_json(request, page, headers=next_link(request, next_cursor))


async def _newest_decision(store: Store, story: str) -> int:
    # The port reads forward only. Doubling steps find the end in few calls, however long the ledger is.
    low, step = 0, 1
    while await store.decisions(story, low + step, 1):
        low, step = low + step, step * 2
    high = low + step  # nothing after `high`; something after `low`, unless the ledger is empty
    while low < high:
        middle = (low + high) // 2
        if await store.decisions(story, middle, 1):
            low = middle + 1
        else:
            high = middle
    return low


async def list_developments(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve developments with their deltas, outlets and origins, the last reported first."""
    story = story_asked(request)
    store = request.app[STORE]
    state = await store.ledger_state(story.id)
    scope = Scope(listing="developments", story=story.id, epoch=state.epoch)
    cursor = query.text("after")
    before = _ORIGIN + scope.decode(cursor, _NEWEST) * _MOMENT if cursor else None

    async def draw() -> Drawn:
        tally = await request.app[TALLIES].look(story, state)
        shown, has_more = await _stretch(store, story.id, query.limit(), before)
        page = DevelopmentPage(
            items=[DevelopmentOut.from_model(each, tally.of_development.get(each.id, ())) for each in shown],
            next_cursor=scope.encode((shown[-1].last_at - _ORIGIN) // _MOMENT)
            if shown
            else cursor or scope.encode(_NEWEST),
            has_more=has_more,
        )
        return Drawn(body=page.model_dump_json().encode(), content_type=JSON_TYPE)

    return await send_kept(request, resource_key(request), story_state(story, state), draw)


async def _stretch(store: Store, story: str, limit: int, before: datetime | None) -> tuple[list[Development], bool]:
    """Return about `limit` developments: those with one `last_at` stay together, since the next page is after it."""
    while True:
        found = await store.developments(story, limit + 1, before)
        if len(found) <= limit:
            return found, False
        border = found[limit].last_at
        whole = [each for each in found if each.last_at > border]
        if whole:
            return whole, True
        limit *= 2
