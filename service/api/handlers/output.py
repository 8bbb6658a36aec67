"""The feeds we offer, in three formats, their archives and their list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from service.api.atom import render_atom
from service.api.caching import ARCHIVE_POLICY, FEED_POLICY, Drawn, respond, tags_held
from service.api.cursors import Scope
from service.api.documents import LONGEST_FEED, FeedDocument, Place, feed_document
from service.api.handlers.answers import followed, is_private, resource_key, send, send_kept, story_asked
from service.api.handlers.deltas import delta_filter
from service.api.jsonfeed import render_jsonfeed
from service.api.keys import CACHE, CONFIG, LINKS, NOTICES, READER_TOKEN, STORE
from service.api.links import FORMATS, is_web_url
from service.api.opml import our_feeds, polled_feeds
from service.api.params import FEED_FILTERS, Query
from service.api.problems import BadParameter
from service.api.rss import render_rss
from service.api.text import redact_url
from service.core.errors import CursorGone, CursorInvalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from aiohttp import web

    from service.api.caching import Rendering
    from service.core.model import Delta, Story
    from service.ports import DeltaFilter, LedgerState

OPML = "text/x-opml; charset=utf-8"
# Who asks for a part gets no other's answer, and the others none of theirs (RFC 3229 §10.6).
_VARY = "Accept-Encoding, A-IM"
# feedparser asks for parts on behalf of programs that know nothing of it: rss2email 3.13 takes a 226 for a failure.
_TAKES_NO_PARTS = ("feedparser/", "UniversalFeedParser/")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One feed in one format, as a request names it."""

    request: web.Request
    fmt: str
    story: Story
    filters: dict[str, str]
    where: DeltaFilter
    state: LedgerState
    notices: tuple[str, ...]
    tombstones: bool

    @property
    def token(self) -> str | None:
        """Return the token in the address the reader has: what it reads on from must carry it, too."""
        return self.request.get(READER_TOKEN)

    @property
    def scope(self) -> Scope:
        """Return what a position in the feed is bound to."""
        return Scope(
            listing="feed", story=self.story.id, epoch=self.state.epoch, filters=tuple(sorted(self.filters.items()))
        )

    def key(self, *rest: Hashable) -> Hashable:
        """Return the key of a rendering."""
        return (
            "feed",
            self.fmt,
            self.story.id,
            tuple(sorted(self.filters.items())),
            self.token,
            self.tombstones,
            *rest,
        )

    def current(self) -> Hashable:
        """Return what a rendering depends on."""
        return (self.story.digest, self.state.epoch, self.state.seq, self.notices)

    async def document(self, newest_first: Sequence[Delta], place: Place) -> FeedDocument:
        """Return the document of some deltas."""
        config = self.request.app[CONFIG]
        return feed_document(
            newest_first,
            story=self.story,
            filters=self.filters,
            links=self.request.app[LINKS],
            demo=config.demo,
            notices=self.notices,
            place=replace(place, token=self.token, tombstones=self.tombstones),
            sources=await self._sources(newest_first),
            hub=None if is_private(self.request) else config.hub,  # a hub has no token
        )

    async def _sources(self, deltas: Sequence[Delta]) -> dict[str, str]:
        """Return the addresses of the feeds that brought some reports; one with a secret in it is not given away."""
        store = self.request.app[STORE]
        feeds = [await store.feed(each) for each in dict.fromkeys(delta.feed for delta in deltas)]
        return {
            feed.id: feed.url for feed in feeds if feed and is_web_url(feed.url) and redact_url(feed.url) == feed.url
        }

    def drawn(self, document: FeedDocument, *, mark: str = "") -> Drawn:
        """Return a document in the format asked for."""
        match self.fmt:
            case "rss":
                body = render_rss(document)
            case "atom":
                body = render_atom(document, tombstones=self.tombstones)
            case _:
                body = render_jsonfeed(document)
        content_type = FORMATS[self.fmt] if self.fmt == "json" else f"{FORMATS[self.fmt]}; charset=utf-8"
        headers = self._headers(document)
        return Drawn(body=body, content_type=content_type, natural_at=document.updated, mark=mark, headers=headers)

    def _headers(self, document: FeedDocument) -> dict[str, str]:
        """Return the links of a document as a header (RFC 8288)."""
        links = document.links(self.fmt)
        named = [f'<{address}>; rel="{rel}"' + (f'; type="{kind}"' if kind else "") for rel, kind, address in links]
        return {"Link": ", ".join(named), "Vary": _VARY}


async def _asked(request: web.Request, query: Query, fmt: str) -> _Asked:
    story = story_asked(request)
    return _Asked(
        request=request,
        fmt=fmt,
        story=story,
        filters=query.pairs(*FEED_FILTERS),
        where=delta_filter(query, story),
        state=await request.app[STORE].ledger_state(story.id),
        notices=await request.app[NOTICES].of(story),
        tombstones=query.text("tombstones") is not None,
    )


async def _feed(request: web.Request, query: Query, fmt: str) -> web.StreamResponse:
    asked = await _asked(request, query, fmt)
    store, cache = request.app[STORE], request.app[CACHE]

    async def draw() -> Drawn:
        deltas = await store.deltas_after(asked.story.id, 0, LONGEST_FEED, asked.where, descending=True)
        count = await store.delta_count(asked.story.id, asked.where) if len(deltas) == LONGEST_FEED else len(deltas)
        document = await asked.document(deltas, Place(count=count))
        return asked.drawn(document, mark=asked.scope.encode(deltas[0].seq if deltas else 0))

    whole = await cache.get(asked.key(), asked.current(), draw)
    newer = await _newer(asked, whole) if _wants_newer_only(request) else None
    return await respond(request, whole, FEED_POLICY, private=is_private(request), newer=newer)


def _wants_newer_only(request: web.Request) -> bool:
    """Say whether the reader takes a feed in parts (RFC 3229, with the instance manipulation `feed`)."""
    if request.headers.get("User-Agent", "").startswith(_TAKES_NO_PARTS):
        return False
    wanted = [part.strip().partition(";")[0].strip() for part in request.headers.get("A-IM", "").lower().split(",")]
    return "feed" in wanted


async def _newer(asked: _Asked, whole: Rendering) -> Rendering | None:
    """Return what came since the reader's copy; None when that is unknown, nothing, or more than a feed holds."""
    marks = [tag.partition(".")[2][:_MARK] for tag in tags_held(asked.request)]  # what follows names the encoding
    position = next((place for mark in marks if (place := _position(asked.scope, mark)) is not None), None)
    if position is None or position >= asked.state.seq:
        return None
    store = asked.request.app[STORE]
    deltas = await store.deltas_after(asked.story.id, position, LONGEST_FEED, asked.where)
    if not deltas or len(deltas) == LONGEST_FEED:
        return None

    async def draw() -> Drawn:
        return asked.drawn(await asked.document(deltas[::-1], Place()))

    newer = await asked.request.app[CACHE].get(asked.key("after", position), asked.current(), draw)
    return newer if len(newer.body) < len(whole.body) else None


_MARK = 39  # length of a cursor


def _position(scope: Scope, mark: str) -> int | None:
    try:
        return scope.decode(mark)
    except (CursorInvalid, CursorGone):
        return None


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


async def _archive(request: web.Request, query: Query, fmt: str) -> web.StreamResponse:
    asked = await _asked(request, query, fmt)
    page = _page_asked(request)
    deltas = await request.app[STORE].deltas_at(asked.story.id, (page - 1) * LONGEST_FEED, LONGEST_FEED, asked.where)
    if len(deltas) < LONGEST_FEED:
        raise NotFound(f"page {page} of the archive is not full yet; what would be in it is in the feed")

    async def draw() -> Drawn:
        return asked.drawn(await asked.document(deltas[::-1], Place(page=page)))

    key, current = asked.key("page", page), (asked.story.digest, asked.state.epoch)
    return await send_kept(request, key, current, draw, policy=ARCHIVE_POLICY)


def _page_asked(request: web.Request) -> int:
    text = request.match_info["page"]
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0 and text == str(int(text))):
        raise NotFound(f"there is no page {text!r} of the archive; the feed links to its newest full page")
    return int(text)


async def archive_rss(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a page of the archive as RSS."""
    return await _archive(request, query, "rss")


async def archive_atom(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a page of the archive as Atom."""
    return await _archive(request, query, "atom")


async def archive_jsonfeed(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve a page of the archive as JSON Feed."""
    return await _archive(request, query, "json")


async def our_opml(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve the list of our feeds."""
    token = request.get(READER_TOKEN)
    stories = list(followed(request).values())
    body = our_feeds(stories, request.app[LINKS], query.text("format") or "rss", token)
    drawn = Drawn(body=body, content_type=OPML)
    rendering = request.app[CACHE].rendering((resource_key(request), token), drawn)
    return await respond(request, rendering, "no-cache", private=is_private(request))


async def polled_opml(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve the list of polled feeds."""
    body = polled_feeds(await request.app[STORE].feeds())
    return await send(request, Drawn(body=body, content_type=OPML))
