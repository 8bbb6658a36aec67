"""The feeds we offer, in three formats, and their list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.api.atom import render_atom
from service.api.caching import FEED_POLICY, Drawn
from service.api.documents import LONGEST_FEED, FeedDocument, feed_document
from service.api.handlers.answers import send, send_kept, story_asked
from service.api.handlers.deltas import delta_filter
from service.api.jsonfeed import render_jsonfeed
from service.api.keys import CONFIG, LINKS, STORE, STORIES
from service.api.links import FORMATS
from service.api.opml import our_feeds, polled_feeds
from service.api.params import Query
from service.api.problems import BadParameter
from service.api.rss import render_rss
from service.core.errors import NotFound

if TYPE_CHECKING:
    from aiohttp import web

OPML = "text/x-opml; charset=utf-8"


def _render(fmt: str, document: FeedDocument) -> bytes:
    match fmt:
        case "rss":
            return render_rss(document)
        case "atom":
            return render_atom(document)
        case _:
            return render_jsonfeed(document)


async def _feed(request: web.Request, query: Query, fmt: str) -> web.StreamResponse:
    story = story_asked(request)
    filters = query.pairs("thread", "type", "lang")
    where = delta_filter(query, story)
    store, links = request.app[STORE], request.app[LINKS]
    state = await store.ledger_state(story.id)

    async def draw() -> Drawn:
        deltas = await store.deltas_after(story.id, 0, LONGEST_FEED, where, descending=True)
        document = feed_document(deltas, story=story, filters=filters, links=links, demo=request.app[CONFIG].demo)
        return Drawn(
            body=_render(fmt, document),
            content_type=f"{FORMATS[fmt]}; charset=utf-8" if fmt != "json" else FORMATS[fmt],
            natural_at=document.updated,
        )

    key = ("feed", fmt, story.id, tuple(sorted(filters.items())))
    current = (story.digest, state.epoch, state.seq)
    return await send_kept(request, key, current, draw, policy=FEED_POLICY)


def _of_thread(request: web.Request, query: Query) -> Query:
    """Return the query with the thread of the path.

    Raises:
        NotFound: The story has no such thread.
        BadParameter: The query names a thread, too.
    """
    story = story_asked(request)
    thread = request.match_info["thread"]
    if thread not in {each.id for each in story.threads}:
        listed = ", ".join(each.id for each in story.threads)
        raise NotFound(f"story {story.id} has no thread {thread!r}; it has: {listed}")
    if "thread" in query.values:
        raise BadParameter("thread", "the path names the thread already")
    return Query({**query.values, "thread": thread})


async def story_rss(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a story as RSS."""
    return await _feed(request, query, "rss")


async def story_atom(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a story as Atom."""
    return await _feed(request, query, "atom")


async def story_jsonfeed(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a story as JSON Feed."""
    return await _feed(request, query, "json")


async def thread_rss(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a thread as RSS."""
    return await _feed(request, _of_thread(request, query), "rss")


async def thread_atom(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a thread as Atom."""
    return await _feed(request, _of_thread(request, query), "atom")


async def thread_jsonfeed(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a thread as JSON Feed."""
    return await _feed(request, _of_thread(request, query), "json")


async def our_opml(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve the list of our feeds."""
    body = our_feeds(list(request.app[STORIES]().values()), request.app[LINKS])
    return await send(request, Drawn(body=body, content_type=OPML))


async def polled_opml(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve the list of polled feeds."""
    body = polled_feeds(await request.app[STORE].feeds())
    return await send(request, Drawn(body=body, content_type=OPML))
