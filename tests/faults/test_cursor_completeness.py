"""Eight writers with random delays, readers paging through the HTTP API: each reader sees every delta once, in order."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
from builders import NOON, a_comparison, a_decision, a_delta, a_development, a_poll, an_entry
from journeys.service_process import free_port
from journeys.small_story import STORY, story_folder

from service.app import SystemClock, listening
from service.commands.setup import rules_of
from service.settings import Settings
from service.storage.sqlite import SqliteStore

WRITERS, EACH, READERS = 8, 25, 4


async def write(store: SqliteStore, name: int, chance: random.Random) -> None:
    """Append entries and their deltas, with pauses of any length between and inside."""
    for number in range(EACH):
        entry = an_entry(f"{name}-{number}")
        await store.save_poll(a_poll(entry))
        await asyncio.sleep(chance.uniform(0, 0.02))
        await store.save_comparisons(
            [
                a_comparison(
                    decision=a_decision(entry=entry.id, story=STORY),
                    delta=a_delta(entry=entry.id, story=STORY),
                    development=a_development(first_entry=entry.id, story=STORY),
                )
            ]
        )
        await asyncio.sleep(chance.uniform(0, 0.02))


async def read(address: str, written: asyncio.Event, chance: random.Random) -> list[dict[str, Any]]:
    """Page on from cursor to cursor until the writers have ended and nothing more comes."""
    seen: list[dict[str, Any]] = []
    after = ""
    async with aiohttp.ClientSession() as http:
        while True:
            is_last = written.is_set()
            url = f"{address}/v1/stories/{STORY}/deltas?limit={chance.randint(1, 20)}{after}"
            async with http.get(url) as answer:
                assert answer.status == 200, await answer.text()
                page = await answer.json()
            seen += page["items"]
            after = f"&after={page['next_cursor']}"
            if is_last and not page["has_more"]:
                return seen
            await asyncio.sleep(chance.uniform(0, 0.01))


async def test_every_reader_sees_every_delta_once_and_in_order(tmp_path: Path) -> None:
    rules = await asyncio.to_thread(rules_of, story_folder(tmp_path))
    settings = Settings.model_validate({"database_url": f"sqlite:///{tmp_path}/ledger.db", "port": free_port()})
    store = await SqliteStore.open(settings.sqlite_path, now=lambda: NOON)
    try:
        async with listening(settings, rules, store, SystemClock(), ticker=None, demo=False) as address:
            written = asyncio.Event()
            readers = [asyncio.create_task(read(address, written, random.Random(n))) for n in range(READERS)]
            await asyncio.gather(*(write(store, n, random.Random(100 + n)) for n in range(WRITERS)))
            written.set()
            seen = await asyncio.gather(*readers)
    finally:
        await store.close()
    for deltas in seen:
        assert [delta["seq"] for delta in deltas] == list(range(1, WRITERS * EACH + 1))
        assert len({delta["id"] for delta in deltas}) == WRITERS * EACH
