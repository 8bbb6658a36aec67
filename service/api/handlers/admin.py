"""Changing what is followed and polled: stories, feeds, and the reload of files. The router asks for the admin token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from service.api.bodies import bad_document, raw_body, read_body
from service.api.handlers.answers import JSON, found, send_json
from service.api.handlers.stories import story_out
from service.api.keys import CLOCK, CONFIG, LINKS, STEERING, STORE
from service.api.problems import BadBody, BodyFault, ReadOnly
from service.api.text import redact_url
from service.api.wire_admin import FeedIn, ReloadOut
from service.api.wire_stories import FeedOut
from service.core.errors import Conflict, InvalidDocument
from service.core.ids import feed_id
from service.core.model import Feed, FeedSpec, FeedState
from service.core.urls import safe_link

if TYPE_CHECKING:
    from service.api.keys import Steering
    from service.api.params import Query
    from service.api.wire import Wire

STORY_LIMIT_BYTES = 2 * 1024 * 1024
STORY_MEDIA = ("application/json", "application/yaml")


def _steering(request: web.Request) -> Steering:
    """Return what can change stories and feeds.

    Raises:
        ReadOnly: This process cannot.
    """
    steering = request.app[STEERING]
    if steering is None:
        raise ReadOnly(f"this process only reads; {request.app[CONFIG].writer()} writes, ask that one")
    return steering


def _answer(value: Wire, status: int = 200, **headers: str) -> web.Response:
    named = {"Content-Type": JSON, "Cache-Control": "no-store", **headers}
    return web.Response(status=status, body=value.model_dump_json().encode(), headers=named)


async def reload(request: web.Request, _query: Query) -> web.StreamResponse:
    """Take over what changed in files and settings."""
    return _answer(ReloadOut.from_model(await _steering(request).reload()))


# -- stories


async def _saved(request: web.Request, named: str | None) -> web.StreamResponse:
    steering = _steering(request)
    body = await raw_body(request, STORY_MEDIA, STORY_LIMIT_BYTES)
    try:
        story, is_new = await steering.save_story(body, request.content_type, named)
    except InvalidDocument as error:
        raise bad_document(error) from error
    where = request.app[LINKS].url(f"/v1/stories/{story.id}")
    return _answer(await story_out(request, story), 201 if is_new else 200, Location=where)


async def create_story(request: web.Request, _query: Query) -> web.StreamResponse:
    """Follow a new story."""
    return await _saved(request, None)


async def put_story(request: web.Request, _query: Query) -> web.StreamResponse:
    """Follow a story, or replace the one of that id."""
    return await _saved(request, request.match_info["story"])


async def delete_story(request: web.Request, _query: Query) -> web.StreamResponse:
    """Follow a story no more; what was published stays readable."""
    await _steering(request).delete_story(request.match_info["story"])
    return web.Response(status=204)


# -- feeds


async def one_feed(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve one polled feed and its health."""
    return await send_json(request, FeedOut.from_model(await _feed(request)))


async def _feed(request: web.Request) -> Feed:
    name = request.match_info["id"]
    feed = await request.app[STORE].feed(name)
    return found(feed if feed is not None and feed.state is not FeedState.DELETED else None, f"feed {name!r}")


async def create_feed(request: web.Request, _query: Query) -> web.StreamResponse:
    """Poll a feed; one that is polled already is answered as it is.

    Raises:
        BadBody: Its address is not one that can be polled.
    """
    _steering(request)
    body = await read_body(request, FeedIn)
    link = safe_link(body.url)
    if link is None:
        message = "must be an http or https address, without user name and password"
        raise BadBody(f"#/url: {message}", (BodyFault("#/url", message),))
    store = request.app[STORE]
    spec = FeedSpec(url=link, title=body.title or redact_url(link), lang=body.lang, pole=body.pole, source="api")
    added = await store.add_feeds([spec], request.app[CLOCK].now())
    feed = found(await store.feed(feed_id(link)), "such feed")
    where = request.app[LINKS].url(f"/v1/feeds/{feed.id}")
    return _answer(FeedOut.from_model(feed), 201 if added else 200, Location=where)


async def delete_feed(request: web.Request, _query: Query) -> web.StreamResponse:
    """Poll a feed no more, even if the file lists it; what it brought stays."""
    _steering(request)
    feed = await _feed(request)
    await request.app[STORE].delete_feed(feed.id)
    return web.Response(status=204)


async def poll_feed(request: web.Request, _query: Query) -> web.StreamResponse:
    """Make a feed due now.

    Raises:
        Conflict: It is not active, or waits after failures: hammering a server that fails helps nobody.
    """
    _steering(request)
    feed, store = await _feed(request), request.app[STORE]
    if not await store.poll_now(feed.id, request.app[CLOCK].now()):
        if feed.state is not FeedState.ACTIVE:
            raise Conflict(f"feed {feed.id} is {feed.state.value} ({feed.next_poll_reason}), so it is not polled")
        until = f"{feed.next_poll_at:%Y-%m-%dT%H:%M:%SZ}" if feed.next_poll_at else "its next poll"
        raise Conflict(
            f"feed {feed.id} is left alone until {until} ({feed.next_poll_reason}; failures: {feed.failures})"
        )
    return _answer(FeedOut.from_model(await _feed(request)), 202)
