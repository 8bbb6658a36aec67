"""Eight writers that commit after random delays, and readers that page through the API: no reader misses a delta."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from aiohttp import ClientSession
from api.api_builders import FakeClock, a_story, serving
from builders import a_comparison, a_decision, a_delta, a_development, a_poll, an_entry
from faults.postgres_replicas import LONG

from service.storage import postgres_comparisons
from service.storage.opening import open_store
from service.storage.postgres import PostgresStore
from service.storage.postgres_connections import Connection

_WRITERS = 8
_EACH = 150 if LONG else 12
_PAGES = (1, 3, 5)  # one reader each


async def _read(url: str, done: asyncio.Event, size: int) -> list[str]:
    """Page until nothing comes any more after the writers have ended."""
    seen: list[str] = []
    cursor = ""
    async with ClientSession() as http:
        while True:
            last = done.is_set()
            after = f"&after={cursor}" if cursor else ""
            async with http.get(f"{url}/v1/stories/harbour/deltas?limit={size}{after}") as response:
                page = await response.json()
            seen += [delta["id"] for delta in page["items"]]
            cursor = page["next_cursor"]
            if last and not page["has_more"]:
                return seen


async def test_the_union_of_a_readers_pages_is_the_ledger(postgres_url: str) -> None:
    chance = random.Random(3)
    clock = FakeClock()
    stories = {"harbour": a_story()}
    writers = [await PostgresStore.open(postgres_url) for _ in range(_WRITERS)]
    entries = [[an_entry(f"w{writer}-{number}") for number in range(_EACH)] for writer in range(_WRITERS)]
    await writers[0].save_poll(a_poll(*(entry for own in entries for entry in own)))
    seqs = {entry.id: entry.seq for entry in await writers[0].unmatched_entries("all", 100_000)}
    done = asyncio.Event()

    async def write(writer: int) -> None:
        for entry in entries[writer]:
            told = a_comparison(
                decision=a_decision(entry=entry.id, entry_seq=seqs[entry.id]),
                delta=a_delta(entry=entry.id),
                development=a_development(first_entry=entry.id),
            )
            await writers[writer]._sessions.run(_slowly(told, chance.uniform(0.0, 0.02)))
            await asyncio.sleep(chance.uniform(0.0, 0.02))

    async with serving(await open_store(postgres_url, now=clock.now), clock, {}, stories=lambda: stories) as site:
        reading = [asyncio.create_task(_read(site.url, done, size)) for size in _PAGES]
        await asyncio.gather(*(write(number) for number in range(_WRITERS)))
        done.set()
        seen = await asyncio.gather(*reading)
        ledger = await _read(site.url, done, 100)
    for store in writers:
        await store.close()

    assert len(set(ledger)) == len(ledger) == _WRITERS * _EACH
    for each in seen:
        assert each == ledger


def _slowly(told: object, delay_s: float) -> Callable[[Connection], Awaitable[None]]:
    async def work(db: Connection) -> None:
        await postgres_comparisons.save_comparisons(db, [told])  # type: ignore[list-item]
        await asyncio.sleep(delay_s)  # positions are drawn, and not committed

    return work
