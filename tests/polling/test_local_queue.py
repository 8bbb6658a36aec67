from __future__ import annotations

import asyncio
import logging
from collections import Counter

import pytest

from service.core.model import CompareMatches, Ingest, Job, MatchEntries
from service.polling.local_queue import LocalQueue


class Runner:
    """Does jobs that wait for a gate, and remembers what ran."""

    def __init__(self) -> None:
        self.done: list[Job] = []
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.most_in_all = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.started = asyncio.Event()

    async def __call__(self, job: Job) -> None:
        self.running[job.lane] += 1
        self.most[job.lane] = max(self.most[job.lane], self.running[job.lane])
        self.most_in_all = max(self.most_in_all, self.running.total())
        self.started.set()
        try:
            await self.gate.wait()
            if isinstance(job, Ingest) and job.feed_id == "bad":
                raise ValueError("this feed breaks")
            if isinstance(job, Ingest) and job.feed_id == "cancelled":
                raise asyncio.CancelledError
        finally:
            self.running[job.lane] -= 1
        self.done.append(job)


@pytest.fixture
async def runner() -> Runner:
    return Runner()


async def idle(queue: LocalQueue) -> None:
    async with asyncio.timeout(5):
        await queue.idle()


async def test_every_job_is_run(runner: Runner) -> None:
    jobs: list[Job] = [Ingest("a"), Ingest("b"), MatchEntries(), CompareMatches("s")]
    async with LocalQueue(runner, 2) as queue:
        for job in jobs:
            await queue.enqueue(job)
        await idle(queue)
    assert runner.done == jobs


async def test_jobs_enqueued_before_the_start_are_kept(runner: Runner) -> None:
    queue = LocalQueue(runner, 1)
    await queue.enqueue(MatchEntries())
    async with queue:
        await idle(queue)
    assert runner.done == [MatchEntries()]


async def test_a_job_that_waits_stands_for_all_of_its_lane(runner: Runner) -> None:
    queue = LocalQueue(runner, 3)
    for _ in range(5):
        await queue.enqueue(MatchEntries())
    async with queue:
        await idle(queue)
    assert len(runner.done) == 1


async def test_a_wake_up_during_a_run_is_kept_and_runs_after_it(runner: Runner) -> None:
    runner.gate.clear()
    async with LocalQueue(runner, 3) as queue:
        await queue.enqueue(MatchEntries())
        await runner.started.wait()
        for _ in range(5):
            await queue.enqueue(MatchEntries())
        runner.gate.set()
        await idle(queue)
    assert len(runner.done) == 2
    assert runner.most["match"] == 1


async def test_jobs_of_one_lane_never_overlap_and_workers_bound_the_rest(runner: Runner) -> None:
    async with LocalQueue(runner, 3) as queue:
        for number in range(60):
            await queue.enqueue(Ingest(f"feed-{number % 7}"))
            if number % 5 == 0:
                await asyncio.sleep(0)
        await idle(queue)
    assert set(runner.most.values()) == {1}
    assert runner.most_in_all <= 3


async def test_a_busy_lane_holds_no_other_lane_up(runner: Runner) -> None:
    runner.gate.clear()
    async with LocalQueue(runner, 2) as queue:
        await queue.enqueue(Ingest("slow"))
        await runner.started.wait()
        await queue.enqueue(Ingest("slow"))
        runner.started.clear()
        await queue.enqueue(Ingest("other"))
        async with asyncio.timeout(5):
            await runner.started.wait()
        assert runner.running["feed:other"] == 1
        runner.gate.set()
        await idle(queue)


@pytest.mark.parametrize("bad", ["bad", "cancelled"])
async def test_a_job_that_fails_stops_nothing_and_is_logged_once(
    bad: str, runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with LocalQueue(runner, 1) as queue:
            await queue.enqueue(Ingest(bad))
            await queue.enqueue(Ingest("good"))
            await idle(queue)
    assert runner.done == [Ingest("good")]
    assert len(caplog.records) == 1


async def test_a_lane_is_busy_while_its_job_waits_or_runs(runner: Runner) -> None:
    queue = LocalQueue(runner, 1)
    await queue.enqueue(MatchEntries())
    assert queue.is_busy("match")
    assert not queue.is_busy("feed:a")
    async with queue:
        await idle(queue)
    assert not queue.is_busy("match")


async def test_stopping_cancels_what_runs_and_leaves_no_task(runner: Runner) -> None:
    runner.gate.clear()
    async with LocalQueue(runner, 2) as queue:
        await queue.enqueue(Ingest("a"))
        await runner.started.wait()
    assert runner.done == []
    assert runner.running.total() == 0
    assert len(asyncio.all_tasks()) == 1
