"""What is forgotten, and when, over a real file; what each backend forgets is in the store's contract."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from builders import NOON, STORY, a_comparison, a_decision, a_delta, a_poll, an_entry
from patience import patient

from service.polling.retention import Retention, forget
from service.ports import DeltaFilter
from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

ENTRIES = 3000
DAY = timedelta(days=1)


class Later:
    """A clock that stands a month after the entries came."""

    def now(self) -> datetime:
        return NOON + 30 * DAY


async def test_what_went_wrong_once_is_tried_again(tmp_path: Path) -> None:
    rounds = 0
    second = asyncio.Event()

    def key() -> str:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise RuntimeError("the rules are being replaced")
        second.set()
        return "rules"

    store = await SqliteStore.open(tmp_path / "ledger.db", now=lambda: NOON)
    try:
        async with (
            asyncio.timeout(patient(30)),
            Retention(store, key, Later(), 20 * DAY, first_after_s=0, every_s=0),
        ):
            await second.wait()
    finally:
        await store.close()


async def test_the_file_shrinks_and_the_deltas_stay(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    store = await SqliteStore.open(path, now=lambda: NOON)
    try:
        told = an_entry("told")
        old = [an_entry(str(n), summary="word " * 600) for n in range(ENTRIES)]
        await store.save_poll(a_poll(told, *old, an_entry("new", seen_at=NOON + 25 * DAY)))
        await store.save_matches("rules", ENTRIES + 2, [a_decision(entry=told.id)])
        await store.save_comparisons([a_comparison(decision=a_decision(entry=told.id), delta=a_delta(entry=told.id))])

        async def pages() -> int:
            return await store.write(lambda db: int(db.execute("PRAGMA page_count").fetchone()[0]))

        full = await pages()
        assert await forget(store, lambda: "rules", Later(), 40 * DAY) == 0
        assert await store.age_out("rules", NOON + 10 * DAY, ENTRIES - 100) == ENTRIES - 100
        assert await pages() == full  # what became free is still in the file
        assert await store.give_back_space()
        assert full - 300 < await pages() <= full - 256
        assert await forget(store, lambda: "rules", Later(), 20 * DAY) == 101
        assert await forget(store, lambda: "rules", Later(), 20 * DAY) == 0
        assert await pages() < full / 2
        assert [entry.url for entry in await store.unmatched_entries("all", 10)] == [told.url, an_entry("new").url]
        assert len(await store.deltas_after(STORY, 0, 10, DeltaFilter())) == 1
    finally:
        await store.close()
    await (await SqliteStore.open(path, now=lambda: NOON)).close()  # with its check of every page
