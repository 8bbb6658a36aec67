"""Let the service poll churning feeds at the shortest interval for long, and watch what it uses. Run by `make soak`.

Half of the time every feed has news at every poll, far more than news ever is, so the memory of the story grows with
it. Then the feeds stand still and go on being polled: from there on memory, descriptors and journal must stay flat.
Prints a line every ten seconds, and what was used early and late in each half. MINUTES= says for how long, FEEDS= how
many.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import statistics
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from churn import ChurningSite, Ledger, deltas_read
from journeys.service_process import Service, write_opml
from journeys.small_story import story_folder
from news_site import NewsSite

_SAMPLE_S = 10
_MOST_ITEMS = 30


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process uses at one moment."""

    at_s: float
    memory_mb: float
    descriptors: int
    wal_mb: float
    store_mb: float
    polls: int
    is_frozen: bool

    def __str__(self) -> str:
        return (
            f"{self.at_s:6.0f} s  {self.memory_mb:6.1f} MB resident  {self.descriptors:3} descriptors  "
            f"WAL {self.wal_mb:5.1f} MB  store {self.store_mb:6.1f} MB  {self.polls} requests"
        )


def sample(pid: int, database: Path, at_s: float, polls: int, *, is_frozen: bool) -> Sample:
    """Look at a process and its files."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    wal = database.with_name(database.name + "-wal")
    return Sample(
        at_s=at_s,
        memory_mb=resident / 1024,
        descriptors=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        wal_mb=wal.stat().st_size / 1e6 if wal.exists() else 0.0,
        store_mb=database.stat().st_size / 1e6,
        polls=polls,
        is_frozen=is_frozen,
    )


async def soak(minutes: float, feeds: int) -> list[Sample]:
    """Run and watch; return the samples."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = ChurningSite(random.Random(1), datetime.now(UTC), most_items=_MOST_ITEMS)
        async with NewsSite() as server:
            paths = [f"/{number}.xml" for number in range(feeds)]
            for path in paths:
                server.answer(path, site.feed)
            opml = write_opml(folder / "feeds.opml", [server.url(path) for path in paths])
            settings: dict[str, object] = {
                "feeds": opml,
                "stories": story_folder(folder),
                "poll_max_interval_s": 1,
                "log_level": "warning",
            }
            samples: list[Sample] = []
            requests = 0
            async with Service(folder=folder, settings=settings) as service:
                await service.ready(60.0)
                assert service.process is not None
                begin = asyncio.get_running_loop().time()
                while (passed := asyncio.get_running_loop().time() - begin) < minutes * 60:
                    site.is_frozen = passed > minutes * 30
                    requests += len(server.requests)
                    server.requests.clear()  # the site remembers each; this one is to stay small
                    site.served.clear()
                    await deltas_read(service)
                    found = sample(
                        service.process.pid, folder / "aftermath.db", passed, requests, is_frozen=site.is_frozen
                    )
                    samples.append(found)
                    sys.stdout.write(f"{found}\n")
                    sys.stdout.flush()
                    await asyncio.sleep(_SAMPLE_S)
                code = await service.end(signal.SIGTERM)
                ledger = Ledger.of(folder / "aftermath.db")
                sys.stdout.write(
                    f"exit {code}; {len(ledger.entries)} entries, {len(ledger.deltas)} deltas; "
                    f"log: {service.log.strip() or 'empty'}\n"
                )
    return samples


def main() -> None:
    """Print the samples and what they say."""
    samples = asyncio.run(soak(float(os.environ.get("MINUTES", "60")), int(os.environ.get("FEEDS", "20"))))
    for name, half in (
        ("news at every poll", [s for s in samples if not s.is_frozen]),
        ("nothing new", [s for s in samples if s.is_frozen]),
    ):
        third = max(1, len(half) // 3)
        for what in ("memory_mb", "descriptors", "wal_mb"):
            early, late = (statistics.median(getattr(s, what) for s in part) for part in (half[:third], half[-third:]))
            sys.stdout.write(f"{name}: {what} {early:.1f} early, {late:.1f} late\n")


if __name__ == "__main__":
    main()
