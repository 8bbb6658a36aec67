"""What handlers find on the application, by typed key. There is no other shared state."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from service.api.caching import RenderCache
from service.api.config import SiteConfig
from service.api.links import Links
from service.api.pages import Pages
from service.api.tally import Tallies
from service.api.watch import Watch
from service.core.model import Entry, Judgement, Match, Story
from service.ports import Clock, Store

Stories = Callable[[], Mapping[str, Story]]
Explain = Callable[[Story, Entry], Awaitable[Match]]
Health = Callable[[], Awaitable[Sequence[str]]]
Judge = Callable[[Judgement], Awaitable[None]]

STORE: web.AppKey[Store] = web.AppKey("STORE", Store)
STORIES: web.AppKey[Stories] = web.AppKey("STORIES")
CONFIG = web.AppKey("CONFIG", SiteConfig)
CLOCK: web.AppKey[Clock] = web.AppKey("CLOCK", Clock)
LINKS = web.AppKey("LINKS", Links)
CACHE = web.AppKey("CACHE", RenderCache)
READER_TOKEN = web.RequestKey("READER_TOKEN", str)  # that let a request in by its address; echoed to nobody else
TALLIES = web.AppKey("TALLIES", Tallies)
PAGES = web.AppKey("PAGES", Pages)
EXPLAIN: web.AppKey[Explain | None] = web.AppKey("EXPLAIN")
HEALTH: web.AppKey[Health | None] = web.AppKey("HEALTH")
JUDGE: web.AppKey[Judge | None] = web.AppKey("JUDGE")
OPENAPI: web.AppKey[dict[str, Any]] = web.AppKey("OPENAPI")
SCHEMA_FILES: web.AppKey[Mapping[str, Mapping[str, Any]]] = web.AppKey("SCHEMA_FILES")
STOPPING = web.AppKey("STOPPING", asyncio.Event)
WATCH = web.AppKey("WATCH", Watch)
