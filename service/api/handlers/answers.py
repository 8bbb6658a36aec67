"""What every handler does: find the story, and send a value with its validators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from service.api.caching import API_POLICY, Drawn, respond
from service.api.keys import CACHE, CONFIG, ENDED, STORIES
from service.api.params import TOKEN
from service.core.errors import NotFound
from service.core.model import Story

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable
    from datetime import datetime

    from service.api.wire import Wire
    from service.core.model import Entity
    from service.ports import LedgerState

T = TypeVar("T")
JSON = "application/json"


_FOLLOWED: web.RequestKey[Mapping[str, Story]] = web.RequestKey("followed")


def followed(request: web.Request) -> Mapping[str, Story]:
    """Return the stories that are followed, by id, as they stood when this request first asked.

    A reload meanwhile must not give one answer two sets.
    """
    if _FOLLOWED not in request:
        request[_FOLLOWED] = request.app[STORIES]()
    return request[_FOLLOWED]


def story_known(request: web.Request, name: str) -> Story | None:
    """Return a story that is followed, or was: what it published is still served."""
    return followed(request).get(name) or request.app[ENDED]().get(name)


def story_named(request: web.Request, name: str) -> Story:
    """Return a story that is followed, or was.

    Raises:
        NotFound: There is no such story.
    """
    story = story_known(request, name)
    if story is None:
        raise NotFound(f"no story {name!r} is followed here; /v1/stories lists those that are")
    return story


def story_asked(request: web.Request) -> Story:
    """Return the story in the path."""
    return story_named(request, request.match_info["story"])


def found(value: T | None, what: str) -> T:
    """Return the value.

    Raises:
        NotFound: It is None.
    """
    if value is None:
        raise NotFound(f"there is no {what}")
    return value


def entities_of(request: web.Request, story: str) -> Mapping[str, Entity]:
    """Return the entities of a story by id; none when it has left."""
    held = story_known(request, story)
    return {entity.id: entity for entity in held.entities} if held else {}


def resource_key(request: web.Request) -> Hashable:
    """Return what tells one answer from another: path and query, without the token."""
    return (request.path, tuple(sorted((name, text) for name, text in request.query.items() if name != TOKEN)))


def story_state(story: Story, state: LedgerState) -> Hashable:
    """Return all that a rendering of a story's deltas, developments and decisions depends on."""
    return (story.digest, state)


def is_private(request: web.Request) -> bool:
    """Say whether shared caches must not keep answers."""
    return request.app[CONFIG].read_token is not None


async def send(
    request: web.Request,
    drawn: Drawn,
    *,
    policy: str = API_POLICY,
    headers: dict[str, str] | None = None,
) -> web.StreamResponse:
    """Send bytes that were made for this request only."""
    rendering = request.app[CACHE].rendering(resource_key(request), drawn)
    return await respond(request, rendering, policy, private=is_private(request), headers=headers)


async def send_json(
    request: web.Request, value: Wire, *, natural_at: datetime | None = None, headers: dict[str, str] | None = None
) -> web.StreamResponse:
    """Send a wire value."""
    body = value.model_dump_json().encode()
    return await send(request, Drawn(body=body, content_type=JSON, natural_at=natural_at), headers=headers)


async def send_kept(
    request: web.Request,
    key: Hashable,
    state: Hashable,
    draw: Callable[[], Awaitable[Drawn]],
    *,
    policy: str = API_POLICY,
    headers: dict[str, str] | None = None,
) -> web.StreamResponse:
    """Send what the cache keeps for this state, drawing it when it keeps none."""
    rendering = await request.app[CACHE].get(key, state, draw)
    return await respond(request, rendering, policy, private=is_private(request), headers=headers)
