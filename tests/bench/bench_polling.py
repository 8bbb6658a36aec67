"""What a poll costs, end to end: due query, HTTP, parse, identity, SQLite, matching. Run by `make bench-polling`.

2,000 loopback feeds of 30 items (FEEDS=…); rounds in which none and in which a tenth of the feeds has changed (two new
items and an edit each). CPU is that of the service and its parsing process; the farm has a process of its own. The
service is the one that `work` runs; only its clock is ours, so that a round begins when we want it to.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from service.commands.event_loop import run_service
from service.commands.setup import rules_of
from service.core.model import FeedSpec
from service.polling.tick import Ticker
from service.settings import BUNDLED_STORIES, Settings
from service.storage.sqlite import SqliteStore
from service.worker import opened_poller

FEEDS = int(os.environ.get("FEEDS", "2000"))
ITEMS = int(os.environ.get("ITEMS", "30"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CHANGED = (0.0, 0.1)
MARKS = {0.0: 1000, 0.1: 500}  # polls a CPU-second
_LAG_STEP_S = 0.01


class OurClock:
    """A clock that is set forward between rounds."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the present instant of this clock."""
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        """Return seconds that pass with it: setting it forward is no jump."""
        return time.monotonic() + self.ahead.total_seconds()


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took."""

    polls: int
    cpu_s: float
    wall_s: float
    lag_p99_ms: float

    @property
    def rate(self) -> float:
        """Return polls a CPU-second."""
        return self.polls / self.cpu_s


def cpu_s() -> float:
    """Return the CPU time of this process and of its children that live."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    total = used.ru_utime + used.ru_stime
    ticks = os.sysconf("SC_CLK_TCK")
    for child in children():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def children() -> list[int]:
    """Return the processes that parse; the farm is none of ours to count."""
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return [int(pid) for pid in found if b"parse_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def peak_mb(pid: int | str = "self") -> float:
    """Return the largest resident memory a process has had."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


async def watch_lag(lags: list[float]) -> None:
    """Measure how late the event loop wakes us, over and over."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + _LAG_STEP_S
        await asyncio.sleep(_LAG_STEP_S)
        lags.append((loop.time() - due) * 1000)


@asynccontextmanager
async def farm() -> AsyncIterator[str]:
    """Run the farm; yield its address."""
    script = str(Path(__file__).with_name("feed_farm.py"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, script, str(FEEDS), str(ITEMS), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        port, size = (await process.stdout.readline()).split()
        print(f"{FEEDS} feeds of {ITEMS} items, {int(size) / 1024:.0f} KiB each")
        yield f"http://127.0.0.1:{int(port)}"
    finally:
        process.kill()
        await process.wait()


async def main() -> None:
    """Print a row for each kind of round."""
    with tempfile.TemporaryDirectory() as folder:
        async with farm() as base:
            opml = Path(folder) / "feeds.opml"
            opml.write_text('<opml><body><outline text="none" xmlUrl="mailto:x"/></body></opml>', encoding="utf-8")
            settings = Settings(
                database_url=f"sqlite:///{folder}/bench.db",
                feeds=opml,
                allow_private_networks=("127.0.0.0/8",),
                poll_concurrency=64,
                poll_per_host=0,
            )
            clock = OurClock()
            store = await SqliteStore.open(settings.sqlite_path, now=clock.now)
            try:
                await store.add_feeds(
                    [FeedSpec(url=f"{base}/{n}", title=f"Farm {n}", source="command") for n in range(FEEDS)],
                    clock.now(),
                )
                await measure(settings, store, clock, base)
            finally:
                await store.close()


async def measure(settings: Settings, store: SqliteStore, clock: OurClock, base: str) -> None:
    """Run the rounds."""
    rules = rules_of(BUNDLED_STORIES)
    async with opened_poller(settings, rules, store, clock) as poller, aiohttp.ClientSession() as control:
        ticker = Ticker(
            store, poller.queue, clock, poller.pacing, is_busy=poller.queue.is_busy, monotonic=clock.monotonic
        )

        async def one_round() -> Round:
            lags: list[float] = []
            watching = asyncio.create_task(watch_lag(lags))
            before, began = cpu_s(), time.monotonic()
            while await ticker.tick():
                await poller.queue.idle()
            used, wall = cpu_s() - before, time.monotonic() - began
            watching.cancel()
            lag = statistics.quantiles(lags, n=100)[98] if len(lags) > 100 else max(lags)
            return Round(FEEDS, used, wall, lag)

        print(f"{'changed':>8} {'polls/CPU-s':>12} {'mark':>6} {'wall s':>7} {'lag p99 ms':>11}")
        report("cold", [await one_round()], None)
        for share in CHANGED:
            rounds = []
            for _ in range(ROUNDS):
                clock.ahead += timedelta(days=2)
                async with control.get(f"{base}/change", params={"share": str(share), "new": "2"}) as answer:
                    await answer.read()
                rounds.append(await one_round())
            report(f"{share:.0%}", rounds, MARKS[share])
        parsing = sum(peak_mb(pid) for pid in children())
        print(f"peak memory: {peak_mb():.0f} MB, and {parsing:.0f} MB of the parsing process")
        counts = await store.counts()
        print(f"{counts.entries} entries, {counts.revisions} revisions")


def report(kind: str, rounds: list[Round], mark: int | None) -> None:
    """Print the median of some rounds."""
    rate = statistics.median(each.rate for each in rounds)
    wall = statistics.median(each.wall_s for each in rounds)
    lag = statistics.median(each.lag_p99_ms for each in rounds)
    print(f"{kind:>8} {rate:>12.0f} {mark or '':>6} {wall:>7.2f} {lag:>11.1f}", flush=True)


if __name__ == "__main__":
    run_service(main())
