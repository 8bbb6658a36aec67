"""A store that cannot keep up slows polling down; nothing piles up in memory meanwhile."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from news_site import Item, NewsSite
from patience import patient

from service.core.model import FeedSpec
from service.polling.tick import Ticker
from service.settings import Settings
from service.storage.sqlite import SqliteStore
from service.worker import opened_poller

if TYPE_CHECKING:
    from pathlib import Path

    from service.core.model import PollWrite
    from service.core.rules import Rules

SLOTS, FEEDS = 3, 40


class Now:
    def now(self) -> datetime:
        return datetime.now(UTC)


class StuckStore(SqliteStore):
    """A store on a disk that hangs until the gate opens."""

    gate: ClassVar[asyncio.Event]
    full: ClassVar[asyncio.Event]
    waiting: ClassVar[int] = 0

    async def save_poll(self, write: PollWrite) -> int:
        type(self).waiting += 1
        if self.waiting == SLOTS:
            self.full.set()
        await self.gate.wait()
        return await super().save_poll(write)


async def test_a_store_that_hangs_stops_polling_at_the_slots_and_nothing_is_lost(tmp_path: Path, rules: Rules) -> None:
    StuckStore.gate, StuckStore.full, clock = asyncio.Event(), asyncio.Event(), Now()
    (tmp_path / "none.opml").write_text('<opml><body><outline text="x" xmlUrl="mailto:x"/></body></opml>')
    settings = Settings(
        feeds=tmp_path / "none.opml",
        allow_private_networks=("127.0.0.0/8",),
        poll_concurrency=SLOTS,
        poll_per_host=0,
    )
    async with NewsSite() as site, asyncio.timeout(patient(60)):
        for number in range(FEEDS):
            site.publish(f"/{number}", [Item(f"Title {number}")])
        store = await StuckStore.open(":memory:", now=clock.now)
        specs = [FeedSpec(url=site.url(f"/{n}"), title=f"F{n}", source="command") for n in range(FEEDS)]
        await store.add_feeds(specs, clock.now())
        async with opened_poller(settings, rules, store, clock) as poller:
            ticker = Ticker(store, poller.queue, clock, poller.pacing, is_busy=poller.queue.is_busy)
            await ticker.tick()
            await StuckStore.full.wait()
            for _ in range(20):
                await ticker.tick()
            assert len(site.requests) == StuckStore.waiting == SLOTS
            assert len(poller.queue._waiting) + len(poller.queue._running) <= 4 * SLOTS + 2
            StuckStore.gate.set()
            while await ticker.tick() or not poller.queue._idle.is_set():
                await poller.queue.idle()
            assert len(site.requests) == FEEDS
            assert (await store.counts()).entries == FEEDS
        await store.close()
