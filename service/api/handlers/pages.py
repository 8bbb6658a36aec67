"""The pages: loads what a view needs, and renders it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.api.caching import Drawn
from service.api.handlers.answers import followed, found, send, send_kept, story_asked, story_known, story_state
from service.api.handlers.deltas import delta_filter, delta_scope
from service.api.keys import LINKS, NOTICES, PAGES, STORE, TALLIES
from service.api.links import FORMATS
from service.api.pages.health_view import feed_groups, feeds_view, health_state
from service.api.pages.marks import Mark, Stretch, stretches
from service.api.pages.standing_view import answers
from service.api.pages.story_view import SHOWN_DEVELOPMENTS, StoryData, story_view
from service.api.params import Query
from service.core.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from aiohttp import web

    from service.core.model import Delta, Entry, Story, TextField
    from service.ports import Store

HTML = "text/html; charset=utf-8"
_LOOKED_AT = 200  # newest deltas from which the timeline takes its quotes
_FILTERS = ("thread", "type", "lang")


async def index(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve the list of stories, or the page of the only one."""
    stories = list(followed(request).values())
    if len(stories) == 1:
        return await _story(request, stories[0], query)
    store = request.app[STORE]
    rows = []
    for story in stories:
        state = await store.ledger_state(story.id)
        tally = await request.app[TALLIES].look(story, state)
        cards = [(thread, next(iter(answers(story, tally, thread)), None)) for thread in story.threads]
        rows.append((story, state, cards))
    body = request.app[PAGES].render("stories.html", title="Stories", rows=rows)
    return await send(request, Drawn(body=body, content_type=HTML))


async def story_page(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve the page of a story."""
    return await _story(request, story_asked(request), query)


async def _story(request: web.Request, story: Story, query: Query) -> web.StreamResponse:
    store, links = request.app[STORE], request.app[LINKS]
    filters = query.pairs(*_FILTERS)
    where = delta_filter(query, story)
    state = await store.ledger_state(story.id)
    feeds = await store.feeds()
    notices = await request.app[NOTICES].of(story)

    async def draw() -> Drawn:
        tally = await request.app[TALLIES].look(story, state)
        data = StoryData(
            story=story,
            tally=tally,
            newest_at=state.changed_at,
            seq=state.seq,
            cursor=delta_scope(story, Query({}), state, descending=False).encode(state.seq),
            newest=await _newest(store, tally.newest),
            deltas=await store.deltas_after(story.id, 0, _LOOKED_AT, where, descending=True),
            developments=await store.developments(story.id, SHOWN_DEVELOPMENTS if not filters else _LOOKED_AT),
            feeds=feeds_view(feeds, tally.last_of_feed),
            filters=filters,
        )
        view = story_view(data, links)
        names = {entity.id: entity.name for entity in story.entities}
        body = request.app[PAGES].render(
            "story.html", title=story.title, view=view, story=story, names=names, notices=notices
        )
        return Drawn(body=body, content_type=HTML)

    key = ("story", story.id, tuple(sorted(filters.items())))
    current = (story_state(story, state), health_state(feeds), notices)
    return await send_kept(request, key, current, draw, headers=_discovery(request, story))


def _discovery(request: web.Request, story: Story) -> dict[str, str]:
    links = request.app[LINKS]
    named = [
        f'<{links.url(links.feed_path(fmt, story.id, {}))}>; rel="alternate"; type="{FORMATS[fmt]}"' for fmt in FORMATS
    ]
    return {"Link": ", ".join([*named, f'<{links.url("/openapi.json")}>; rel="service-desc"'])}


async def _newest(store: Store, ids: dict[str, str]) -> dict[str, Delta]:
    found_deltas = {thread: await store.delta(each) for thread, each in ids.items()}
    return {thread: delta for thread, delta in found_deltas.items() if delta is not None}


async def delta_page(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve the permalink of a delta: both sides, the text with its spans, reasons and development."""
    store, links = request.app[STORE], request.app[LINKS]
    name = request.match_info["id"]
    delta = found(await store.delta(name), f"delta {name!r}")
    story = story_known(request, delta.story)
    entry = await store.entry(delta.entry, delta.revision)
    decision = await store.decision(delta.story, delta.entry, delta.revision)
    names = {entity.id: entity.name for entity in story.entities} if story else {}
    body = request.app[PAGES].render(
        "delta.html",
        title=delta.line,
        delta=delta,
        story=story,
        entry=entry,
        texts={field: _marked(delta, entry, field, names) for field in ("title", "summary")} if entry else {},
        reasons=sorted(decision.reasons, key=lambda reason: -abs(reason.weight)) if decision else [],
        development=await store.development(delta.development),
        threads={thread.id: thread.title for thread in story.threads} if story else {},
        feeds={fmt: links.url(links.feed_path(fmt, story.id, {})) for fmt in FORMATS} if story else {},
        formats=FORMATS,
        names=names,
    )
    return await send(request, Drawn(body=body, content_type=HTML))


def _marked(delta: Delta, entry: Entry, field: TextField, names: dict[str, str]) -> list[Stretch]:
    marks = [
        Mark(start=quote.span.start, end=quote.span.end, kind="quote")
        for quote in delta.added
        if quote.span.field == field
    ]
    marks += [
        Mark(start=each.span.start, end=each.span.end, kind="entity", label=names.get(each.entity, each.entity))
        for each in delta.entities
        if each.span.field == field
    ]
    return stretches(entry.text(field), marks)


async def feeds_page(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve the health of the polled feeds: the first of every group, or a page of one group.

    Raises:
        NotFound: The group has no such page.
    """
    store = request.app[STORE]
    last_of_feed: dict[str, date] = {}
    for story in followed(request).values():
        tally = await request.app[TALLIES].look(story, await store.ledger_state(story.id))
        for feed, day in tally.last_of_feed.items():
            last_of_feed[feed] = max(day, last_of_feed.get(feed, day))
    view = feeds_view(await store.feeds(), last_of_feed, await store.feed_yields())
    wanted, page = query.text("group"), int(query.number("page") or 1)
    groups = feed_groups(view, wanted, page)
    if page > 1 and not any(group.rows for group in groups):
        raise NotFound(f"there is no page {page} of these feeds")
    body = request.app[PAGES].render("feeds.html", title="Sources", view=view, groups=groups)
    return await send(request, Drawn(body=body, content_type=HTML))
