"""A stream hears of a delta by notice: here the ledger is looked at only every ten minutes when none comes."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import psycopg
import pytest
from aiohttp import ClientSession
from api.api_builders import FakeClock, a_report, a_story, publish, serving
from patience import patient
from postgres_server import Databases

from service.storage.opening import OpenedStore, open_store

_NEVER_S = 600.0
_END_ALL = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def _events(url: str, writer: OpenedStore, *numbers: int, between: str | None = None) -> list[str]:
    """Open a stream, publish one delta after another, and return the ids of the deltas the stream brought."""
    heard = []
    async with ClientSession() as http, http.get(f"{url}/v1/stories/harbour/stream") as response:
        lines = response.content
        await lines.readuntil(b"\n\n")  # retry, and where it begins
        for number in numbers:
            (delta,) = await publish(writer, [a_report(number)])
            async with asyncio.timeout(patient(20)):
                event = (await lines.readuntil(b"\n\n")).decode()
                while event.startswith(":"):  # a sign of life
                    event = (await lines.readuntil(b"\n\n")).decode()
            assert delta.id in event
            heard.append(delta.id)
            if between is not None:
                async with await psycopg.AsyncConnection.connect(between, autocommit=True) as other:
                    await other.execute(_END_ALL)
    return heard


@pytest.mark.parametrize("backend", ["sqlite", "postgres"])
async def test_a_stream_hears_at_once_of_what_is_written(backend: str, request: pytest.FixtureRequest) -> None:
    async with AsyncExitStack() as stack:
        place = ":memory:"
        if backend == "postgres":
            databases: Databases = request.getfixturevalue("postgres")
            place = stack.enter_context(databases.database())
        clock = FakeClock()
        store = await open_store(place, now=clock.now)
        writer = store  # PostgreSQL: another process
        if backend == "postgres":
            writer = await open_store(place, now=clock.now)
            stack.push_async_callback(writer.close)
        stories = {"harbour": a_story()}
        site = await stack.enter_async_context(
            serving(store, clock, {"stream_poll_s": _NEVER_S}, stories=lambda: stories)
        )
        assert len(await _events(site.url, writer, 1, 2, 3)) == 3


async def test_a_stream_hears_again_after_its_connection_was_cut(postgres_url: str) -> None:
    clock = FakeClock()
    store = await open_store(postgres_url, now=clock.now)
    writer = await open_store(postgres_url, now=clock.now)
    stories = {"harbour": a_story()}
    async with serving(store, clock, {"stream_poll_s": _NEVER_S}, stories=lambda: stories) as site:
        assert len(await _events(site.url, writer, 1, 2, between=postgres_url)) == 2
    await writer.close()
