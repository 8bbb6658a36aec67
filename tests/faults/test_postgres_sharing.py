"""Worker replicas that share the feeds: each is polled once per interval, and nobody does it all."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from pathlib import Path

import pytest
from faults.postgres_replicas import LONG, READY_S, replica, rows, truth_site
from journeys.service_process import until

_FEEDS = 5000 if LONG else 200
_INTERVAL_S = 120 if LONG else 2
_ROUNDS = 1 if LONG else 2


@pytest.mark.parametrize("workers", [1, 2, 4] if LONG else [2])
async def test_workers_share_the_feeds(tmp_path: Path, postgres_url: str, workers: int) -> None:
    async with truth_site(_FEEDS) as site:
        site.grows = False
        replicas = [
            replica(
                tmp_path,
                f"worker-{number}",
                postgres_url,
                site,
                command="work",
                poll_min_interval_s=_INTERVAL_S,
                poll_max_interval_s=_INTERVAL_S,
                log_level="warning",
            )
            for number in range(workers)
        ]
        try:
            for each in replicas:
                await each.start()

            async def all_work() -> bool:
                found = await rows(postgres_url, "SELECT count(*) AS workers FROM procrastinate_workers")
                return bool(found[0]["workers"] == workers)

            await until(all_work, READY_S)
            begin = asyncio.get_running_loop().time()

            async def rounds_done() -> bool:
                polls = await rows(postgres_url, "SELECT min(polls) AS least FROM feeds")
                return int(polls[0]["least"] or 0) > _ROUNDS

            await until(rounds_done, READY_S + _INTERVAL_S * (_ROUNDS + 2) * 2)
            for each in replicas:
                assert await each.end(signal.SIGTERM) == 0
        finally:
            for each in replicas:
                await each.end(signal.SIGKILL)

        lasted_s = asyncio.get_running_loop().time() - begin
        asked = Counter(path for path, at, _ in site.asked if at >= begin)
        by_worker = Counter(agent for _, at, agent in site.asked if at >= begin)
        shares = {agent: count / by_worker.total() * workers for agent, count in by_worker.items()}
        (polls,) = await rows(postgres_url, "SELECT sum(polls) AS polls, sum(failures) AS failures FROM feeds")
        late = sum("too late" in each.log for each in replicas)
        print(f"{workers} workers: {len(site.asked)} requests, {polls['polls']} polls, shares {shares}, late {late}")

    assert 0 <= len(site.asked) - polls["polls"] <= workers * 16  # none in vain, but for those under way at the end
    assert polls["failures"] == 0
    assert len(by_worker) == workers
    # A count over the whole time, because a site on a busy machine notes a request late. The rhythm is spread by chance.
    assert max(asked.values()) <= lasted_s / (_INTERVAL_S * 0.7) + 1
    assert min(shares.values()) > (0.8 if LONG else 0.3)
