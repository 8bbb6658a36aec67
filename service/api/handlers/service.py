"""The service about itself: probes, its OpenAPI document, schemas and static files."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from aiohttp import web

from service.api.caching import PROBE_POLICY, STATIC_POLICY, Drawn
from service.api.handlers.answers import JSON, found, send
from service.api.keys import (
    CONFIG,
    HEALTH,
    LINKS,
    METRICS,
    OPENAPI,
    PAGES,
    SCHEMA_FILES,
    STORE,
    STORIES,
    TALLIES,
    WATCH,
)
from service.api.problems import STATUS, NotReady, problem_title
from service.api.wire_pages import SCHEMAS, Health
from service.core.errors import StorageError
from service.core.model import DeltaType, FeedState

if TYPE_CHECKING:
    from service.api.params import Query
    from service.api.wire import Wire

HTML = "text/html; charset=utf-8"


def _probe(value: Wire) -> web.Response:
    body = value.model_dump_json().encode()
    return web.Response(body=body, headers={"Content-Type": JSON, "Cache-Control": PROBE_POLICY})


async def healthz(request: web.Request, _query: Query) -> web.StreamResponse:
    """Say that the process lives."""
    return _probe(Health(status="ok", version=request.app[CONFIG].version))


async def readyz(request: web.Request, _query: Query) -> web.StreamResponse:
    """Say whether the process can do its work.

    Raises:
        NotReady: With everything that is missing.
    """
    config, faults = request.app[CONFIG], []
    try:
        await request.app[STORE].check()
    except StorageError as error:
        faults.append(f"the store does not answer: {error.message}")
    if not request.app[STORIES]():
        faults.append("no story is loaded (AFTERMATH_STORIES)")
    if config.polls:
        age = config.tick_age()
        if age is None:
            faults.append("the scheduler has not ticked yet")
        elif age > config.tick_limit_s:
            faults.append(f"the last tick of the scheduler was {age:.0f} s ago; the limit is {config.tick_limit_s:g} s")
    health = request.app[HEALTH]
    if health is not None:
        faults.extend(await health())
    if faults:
        raise NotReady("; ".join(faults))
    return _probe(Health(status="ready", version=config.version))


async def metrics(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve what the process counts and measures; a store that does not answer is one of the facts."""
    store, shown = request.app[STORE], request.app[METRICS]
    try:
        await store.check()
        types = {}
        for story in request.app[STORIES]().values():
            tally = await request.app[TALLIES].look(story, await store.ledger_state(story.id))
            types[story.id] = {each.value: tally.types[each.value] for each in DeltaType}
        shown.show_ledgers(await store.counts(), types)
        feeds = await store.feeds()
        states = Counter(feed.state.value for feed in feeds)
        shown.show_feeds(states, sum(feed.failures > 0 and feed.state is FeedState.ACTIVE for feed in feeds))
        disabled = [webhook.disabled is not None for webhook in await store.subscribers.webhooks()]
        shown.show_webhooks({"disabled": sum(disabled), "active": len(disabled) - sum(disabled)})
        shown.show_store(up=True)
    except StorageError:
        shown.show_store(up=False)
    body, content_type = shown.text(request.headers.get("Accept", ""), len(request.app[WATCH].open))
    return web.Response(
        body=body, headers={"Content-Type": content_type, "Cache-Control": PROBE_POLICY, "Vary": "Accept"}
    )


def _json_bytes(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


async def openapi_json(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve the OpenAPI document."""
    return await send(request, Drawn(body=_json_bytes(request.app[OPENAPI]), content_type=JSON))


async def docs(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve the OpenAPI document as a page."""
    codes = [(code, status, problem_title(code)) for code, status in sorted(STATUS.items(), key=lambda each: each[1])]
    body = request.app[PAGES].render("docs.html", title="API", api=request.app[OPENAPI], codes=codes)
    return await send(request, Drawn(body=body, content_type=HTML))


async def schema(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve one JSON Schema."""
    name = request.match_info["name"]
    model = SCHEMAS.get(name)
    if model is not None:
        value = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": request.app[LINKS].url(f"/schemas/{name}.json"),
            **model.model_json_schema(mode="serialization"),
        }
    else:
        names = sorted({*SCHEMAS, *request.app[SCHEMA_FILES]})
        value = dict(found(request.app[SCHEMA_FILES].get(name), f"schema {name!r}; there are: {', '.join(names)}"))
    return await send(request, Drawn(body=_json_bytes(value), content_type="application/schema+json"))


async def static(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve the stylesheet or the script of the pages."""
    name = request.match_info["file"]
    content_type, body = found(request.app[PAGES].files.get(name), f"file {name!r}")
    return await send(request, Drawn(body=body, content_type=content_type), policy=STATIC_POLICY)
