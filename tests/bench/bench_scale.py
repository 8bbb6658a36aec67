"""What 100,000 feeds cost the store: registering them, asking what is due, saving polls. Run by `make bench-scale`.

Everything goes through SqliteStore as the service uses it, with a file on this disk and synchronous=FULL; polls that
brought nothing are saved 64 at a time, as they end in a busy service. The share of one core is CPU time of the process
for all feeds once in five minutes. What fetching and parsing cost is bench_polling's matter.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.core.ids import entry_id
from service.core.model import Entry, EntryWrite, Feed, FeedSpec, PollWrite
from service.storage.sqlite import SqliteStore

FEEDS = int(os.environ.get("FEEDS", "100000"))
INTERVAL_S = 300
POLLS = 20_000  # of them measured
WITH_ENTRIES = 2_000
UNDER_WAY = 64
NOON = datetime(2025, 2, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class Cost:
    """Time that a block took."""

    wall_s: float = 0.0
    cpu_s: float = 0.0


@asynccontextmanager
async def measured() -> AsyncIterator[Cost]:
    """Measure a block."""
    cost, wall, cpu = Cost(), time.perf_counter(), time.process_time()
    yield cost
    cost.wall_s, cost.cpu_s = time.perf_counter() - wall, time.process_time() - cpu


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def specs() -> list[FeedSpec]:
    """Return feeds of 20,000 hosts."""
    return [
        FeedSpec(url=f"https://news-{n % 20_000}.example/{n}.xml", title=f"Outlet {n}", lang="en", source="command")
        for n in range(FEEDS)
    ]


def unchanged(feed: Feed, now: datetime) -> PollWrite:
    """Return what a poll writes that was answered 304."""
    return PollWrite(
        feed=replace(
            feed,
            polls=feed.polls + 1,
            last_attempt_at=now,
            last_success_at=now,
            first_success_at=feed.first_success_at or now,
            next_poll_at=now + timedelta(seconds=INTERVAL_S),
        )
    )


def with_entries(feed: Feed, now: datetime) -> PollWrite:
    """Return what a poll writes that brought two entries."""
    entries = []
    for number in range(2):
        key = f"{feed.url}#{feed.polls}-{number}"
        entry = Entry(
            id=entry_id(feed.id, key),
            revision=1,
            feed_id=feed.id,
            title=f"Headline {number} of poll {feed.polls}",
            summary="A sentence or two of summary, as feeds have them. " * 4,
            url=key,
            outlet=feed.title,
            lang="en",
            first_seen_at=now,
            seen_at=now,
        )
        entries.append(EntryWrite(entry=entry, keys=(f"g:{key}", f"l:{key}"), content_hash=key))
    return replace(unchanged(feed, now), entries=tuple(entries))


async def save(store: SqliteStore, writes: list[PollWrite]) -> None:
    """Save polls, so many under way at the same time."""
    line = iter(writes)

    async def one() -> None:
        for write in line:
            await store.save_poll(write)

    await asyncio.gather(*(one() for _ in range(UNDER_WAY)))


async def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        store = await SqliteStore.open(Path(folder) / "scale.db", now=lambda: NOON)
        async with measured() as cost:
            await store.add_feeds(specs(), NOON)
        say(f"register {FEEDS} feeds: {cost.wall_s:.1f} s")
        async with measured() as cost:
            feeds = await store.feeds()
        say(f"list them all: {cost.wall_s:.1f} s")

        ticks = []
        for _ in range(20):
            async with measured() as cost:
                due = await store.due_feeds(NOON, 64)
            ticks.append(cost)
        assert len(due) == 64
        tick = statistics.median(each.cpu_s for each in ticks)
        say(f"a tick that finds 64 of {FEEDS} due: {tick * 1e3:.2f} ms CPU, every second: {tick:.2%} of a core")

        async with measured() as cost:
            await save(store, [unchanged(feed, NOON) for feed in feeds[:POLLS]])
        rate, each = POLLS / cost.wall_s, cost.cpu_s / POLLS
        needed = FEEDS / INTERVAL_S
        say(f"save a poll without news: {each * 1e6:.0f} µs CPU, {rate:.0f} a second; needed {needed:.0f} a second")
        say(f"  → {each * needed:.1%} of a core for {FEEDS} feeds every {INTERVAL_S} s")

        async with measured() as cost:
            await save(store, [with_entries(feed, NOON) for feed in feeds[:WITH_ENTRIES]])
        say(
            f"save a poll with two entries: {cost.cpu_s / WITH_ENTRIES * 1e6:.0f} µs CPU, {WITH_ENTRIES / cost.wall_s:.0f} a second"
        )

        async with measured() as cost:
            for feed in feeds[:1000]:
                await store.feed(feed.id)
        say(f"load a feed: {cost.cpu_s / 1000 * 1e6:.0f} µs CPU")
        await store.close()
        say(f"file: {(Path(folder) / 'scale.db').stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    asyncio.run(main())
