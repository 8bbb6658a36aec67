"""What handlers find on the application, by typed key. There is no other shared state."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from aiohttp import web

from service.api.caching import RenderCache
from service.api.config import SiteConfig
from service.api.links import Links
from service.api.metrics import Metrics
from service.api.notices import Notices
from service.api.pages import Pages
from service.api.tally import Tallies
from service.api.watch import Watch
from service.core.changes import Changes
from service.core.model import Entry, Judgement, Match, Regrouping, Story
from service.ports import Clock, Store

Stories = Callable[[], Mapping[str, Story]]
Explain = Callable[[Story, Entry], Awaitable[Match]]
Health = Callable[[], Awaitable[Sequence[str]]]
Judge = Callable[[Judgement | Regrouping], Awaitable[None]]


class Steering(Protocol):
    """Changes what is followed, and reloads; service.steering keeps the promises."""

    async def reload(self) -> Changes:
        """Take over what changed in files and settings; raises Invalid, with nothing changed."""
        ...

    async def save_story(self, body: bytes, media: str, named: str | None) -> tuple[Story, bool]:
        """Follow a story; return it and whether it is new. Raises InvalidDocument and Conflict."""
        ...

    async def delete_story(self, story_id: str) -> None:
        """Follow a story no more. Raises NotFound and Conflict."""
        ...


class Receivers(Protocol):
    """What the API must know of where webhooks go; the app knows it."""

    def refusal(self, url: str) -> str | None:
        """Return why nothing may be sent to an address, None when only its name is left to check."""
        ...

    def new_secret(self) -> str:
        """Return a secret to sign with."""
        ...

    def secret_fault(self, secret: str) -> str | None:
        """Return what is wrong with a secret, None when nothing is."""
        ...


STORE: web.AppKey[Store] = web.AppKey("STORE", Store)
STORIES: web.AppKey[Stories] = web.AppKey("STORIES")
CONFIG = web.AppKey("CONFIG", SiteConfig)
CLOCK: web.AppKey[Clock] = web.AppKey("CLOCK", Clock)
LINKS = web.AppKey("LINKS", Links)
CACHE = web.AppKey("CACHE", RenderCache)
READER_TOKEN = web.RequestKey("READER_TOKEN", str)  # a reader's own, that let a request in by its address
TALLIES = web.AppKey("TALLIES", Tallies)
PAGES = web.AppKey("PAGES", Pages)
NOTICES = web.AppKey("NOTICES", Notices)
EXPLAIN: web.AppKey[Explain | None] = web.AppKey("EXPLAIN")
HEALTH: web.AppKey[Health | None] = web.AppKey("HEALTH")
STEERING: web.AppKey[Steering | None] = web.AppKey("STEERING")
ENDED: web.AppKey[Stories] = web.AppKey("ENDED")
JUDGE: web.AppKey[Judge | None] = web.AppKey("JUDGE")
RECEIVERS: web.AppKey[Receivers | None] = web.AppKey("RECEIVERS")
METRICS = web.AppKey("METRICS", Metrics)
OPENAPI: web.AppKey[dict[str, Any]] = web.AppKey("OPENAPI")
SCHEMA_FILES: web.AppKey[Mapping[str, Mapping[str, Any]]] = web.AppKey("SCHEMA_FILES")
STOPPING = web.AppKey("STOPPING", asyncio.Event)
WATCH = web.AppKey("WATCH", Watch)
