"""Builds the web application: routes from the table of operations, middlewares, and what handlers find on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import web

from service.api.access import access, add_headers, require_admin
from service.api.caching import RenderCache
from service.api.clients import observed
from service.api.config import SiteConfig
from service.api.keys import (
    CACHE,
    CLOCK,
    CONFIG,
    ENDED,
    EXPLAIN,
    HEALTH,
    JUDGE,
    LINKS,
    METRICS,
    NOTICES,
    OPENAPI,
    PAGES,
    RECEIVERS,
    SCHEMA_FILES,
    STEERING,
    STOPPING,
    STORE,
    STORIES,
    TALLIES,
    WATCH,
    Explain,
    Health,
    Judge,
    Receivers,
    Steering,
    Stories,
)
from service.api.links import Links
from service.api.metrics import Metrics
from service.api.notices import Notices
from service.api.openapi import openapi_document
from service.api.operation import Operation
from service.api.operations import OPERATIONS
from service.api.pages import Pages
from service.api.params import read_query
from service.api.problems import Handler, expectation, problems
from service.api.tally import Tallies
from service.api.watch import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from service.ports import Clock, Store

BODY_LIMIT_BYTES = 256 * 1024

__all__ = ["SiteConfig", "build_app"]


def build_app(
    *,
    store: Store,
    stories: Stories,
    config: SiteConfig,
    clock: Clock,
    explain: Explain | None = None,
    health: Health | None = None,
    judge: Judge | None = None,
    steering: Steering | None = None,
    ended: Stories = dict,
    receivers: Receivers | None = None,
    metrics: Metrics | None = None,
    schemas: Mapping[str, Mapping[str, Any]] | None = None,
) -> web.Application:
    """Return the application. It opens and closes nothing: the store stays the caller's.

    Args:
        store: The only way to data.
        stories: Returns the stories as loaded now, by id; called per request, so a reload shows at once.
        config: How this process serves.
        clock: For Last-Modified of what has no time of its own.
        explain: Judges an entry against a story, where no decision was stored.
        health: Returns further reasons, in plain words, why this process is not ready.
        judge: Keeps an editor's judgement and wakes the step that acts on it; None where this process only reads.
        steering: Changes what is followed; None where this process only reads.
        ended: Returns the stories that are followed no more, by id: what they published is still served.
        receivers: Which addresses webhooks may have, and their secrets; None where this process only reads.
        metrics: Where this process counts; absent: a set of its own.
        schemas: Further documents for /schemas/{name}.json, such as the one of story files.
    """
    app = web.Application(middlewares=[observed, problems, access], client_max_size=BODY_LIMIT_BYTES)
    links = Links.of(config.public_base_url, config.tag_authority)
    app[STORE] = store
    app[STORIES] = stories
    app[CONFIG] = config
    app[CLOCK] = clock
    app[LINKS] = links
    app[CACHE] = RenderCache(clock)
    app[TALLIES] = Tallies(store)
    app[PAGES] = Pages(links, demo=config.demo)
    app[NOTICES] = Notices(store, clock)
    app[EXPLAIN] = explain
    app[HEALTH] = health
    app[JUDGE] = judge
    app[STEERING] = steering
    app[ENDED] = ended
    app[RECEIVERS] = receivers
    app[METRICS] = metrics or Metrics()
    app[OPENAPI] = openapi_document(OPERATIONS, config)
    app[SCHEMA_FILES] = dict(schemas or {})
    app[STOPPING] = asyncio.Event()
    app[WATCH] = Watch(store, config.stream_poll_s)
    for operation in OPERATIONS:
        handler = _with_query(operation)
        # A proxy may strip the sub-path of the public base URL or pass it on; both work.
        # The public base URL itself has no slash at its end, and a person who types it wants the first page.
        base = [links.prefix] if links.prefix and operation.path == "/" else []
        for path in dict.fromkeys([operation.path, links.prefix + operation.path, *base]):
            if operation.method == "GET":
                app.router.add_get(path, handler, expect_handler=expectation)
            else:
                app.router.add_route(operation.method, path, handler, expect_handler=expectation)
    app.cleanup_ctx.append(app[METRICS].watching_loop)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_hear_of_deltas)
    app.on_shutdown.append(_end_streams)
    app.on_cleanup.append(_end_watch)
    return app


def _with_query(operation: Operation) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if operation.needs_admin:
            require_admin(request)
        query = read_query(request, operation.params, lenient=operation.is_page)
        return await operation.handler(request, query)

    return handle


async def _end_streams(app: web.Application) -> None:
    app[STOPPING].set()
    app[WATCH].told(None)


async def _end_watch(app: web.Application) -> None:
    await app[WATCH].close()


async def _hear_of_deltas(app: web.Application) -> AsyncIterator[None]:
    deaf = app[STORE].on_delta(app[WATCH].told)
    yield
    deaf()
