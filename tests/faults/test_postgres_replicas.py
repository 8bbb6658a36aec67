"""Replicas that are killed and frozen while they work: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import random
import signal
from pathlib import Path

from faults.postgres_replicas import LONG, all_ready, assert_truth, paged, replica, rows, settled, truth_site
from journeys.service_process import until

_KILLS = 300 if LONG else 3  # one a second for five minutes
_FEEDS = 24 if LONG else 8
_SETTLE_S = 90.0
_LEASE_S = 6.0  # service/polling/shared_queue.py


async def test_three_replicas_of_which_one_is_killed_every_second(tmp_path: Path, postgres_url: str) -> None:
    chance = random.Random(11)
    async with truth_site(_FEEDS) as site:
        replicas = [replica(tmp_path, f"replica-{number}", postgres_url, site) for number in range(3)]
        try:
            for each in replicas:
                await each.start()
            await all_ready(replicas)
            for _ in range(_KILLS):
                victim = chance.choice(replicas)
                assert await victim.end(signal.SIGKILL) == -signal.SIGKILL
                await victim.start()
                # The moment of the kill is what is random here; there is no condition to wait for.
                await asyncio.sleep(chance.uniform(0.5, 1.5))
            site.grows = False
            await all_ready(replicas)
            await settled(postgres_url, site, _SETTLE_S)
            seen = [await paged(each) for each in replicas]
            for each in replicas:
                assert await each.end(signal.SIGTERM) == 0
        finally:
            for each in replicas:
                await each.end(signal.SIGKILL)
        count = await assert_truth(postgres_url, site)

    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == count > 0
    for each in replicas:
        assert "Traceback" not in each.log


async def test_a_replica_that_was_frozen_past_its_lease_writes_nothing_late(tmp_path: Path, postgres_url: str) -> None:
    async with truth_site(4) as site:
        frozen = replica(tmp_path, "frozen", postgres_url, site)
        other = replica(tmp_path, "other", postgres_url, site)
        async with frozen, other:
            await all_ready([frozen])
            await settled(postgres_url, site, _SETTLE_S)
            site.held.clear()  # answers are on their way when it freezes, and arrive while it is frozen
            begun = len(site.asked)

            async def has_asked() -> bool:
                return any(agent.endswith("frozen)") or "frozen" in agent for _, _, agent in site.asked[begun:])

            await until(has_asked, 20.0)
            assert frozen.process is not None
            frozen.process.send_signal(signal.SIGSTOP)
            site.held.set()
            await all_ready([other])
            polls = {row["id"]: row["polls"] for row in await rows(postgres_url, "SELECT id, polls FROM feeds")}

            async def others_took_over() -> bool:
                now = {row["id"]: row["polls"] for row in await rows(postgres_url, "SELECT id, polls FROM feeds")}
                return all(now[feed] >= polls[feed] + 2 for feed in polls)

            await until(others_took_over, _LEASE_S + 40.0)
            before = await rows(postgres_url, "SELECT id, polls FROM feeds")
            frozen.process.send_signal(signal.SIGCONT)

            async def is_awake() -> bool:
                return "poll came too late" in frozen.log

            await until(is_awake, 20.0)
            site.grows = False
            await all_ready([frozen, other])
            await settled(postgres_url, site, _SETTLE_S)
            assert await paged(frozen) == await paged(other)
            assert len(before) == 4
        await assert_truth(postgres_url, site)
