"""What every JobQueue promises, whichever engine is behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from contract.job_runner import Runner
from journeys.service_process import until
from patience import patient
from postgres_server import Databases

from service.core.model import CompareMatches, Ingest, IngestBatch, Job, MatchEntries
from service.polling.local_queue import LocalQueue
from service.polling.shared_queue import SharedQueue

Queue = LocalQueue | SharedQueue
Open = Callable[[Runner, int], AbstractAsyncContextManager[Queue]]


@pytest.fixture(params=["local", "procrastinate"])
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Open]:
    if request.param == "local":

        @asynccontextmanager
        async def local(runner: Runner, workers: int) -> AsyncIterator[Queue]:
            async with LocalQueue(runner, workers) as queue:
                yield queue

        yield local
        return
    databases: Databases = request.getfixturevalue("postgres")
    with databases.database() as url:

        @asynccontextmanager
        async def shared(runner: Runner, workers: int) -> AsyncIterator[Queue]:
            async with SharedQueue(url, run=runner, workers=workers) as queue:
                yield queue

        yield shared


@pytest.fixture
async def runner() -> Runner:
    return Runner()


async def idle(queue: Queue) -> None:
    if isinstance(queue, LocalQueue):
        async with asyncio.timeout(patient(20)):
            await queue.idle()
        return

    async def nothing_left() -> bool:
        return not await queue.lanes()

    await until(nothing_left, 20.0)


async def test_every_job_is_run(opened: Open, runner: Runner) -> None:
    jobs: list[Job] = [Ingest("a"), Ingest("b"), IngestBatch("f-0a"), MatchEntries(), CompareMatches("s")]
    async with opened(runner, 2) as queue:
        for job in jobs:
            await queue.enqueue(job)
        await idle(queue)
    assert sorted(runner.done, key=str) == sorted(jobs, key=str)


async def test_a_wake_up_during_a_run_is_kept_and_runs_after_it(opened: Open, runner: Runner) -> None:
    runner.gate.clear()
    async with opened(runner, 3) as queue:
        await queue.enqueue(MatchEntries())
        await runner.started.wait()
        for _ in range(5):
            await queue.enqueue(MatchEntries())
        runner.gate.set()
        await idle(queue)
    assert len(runner.done) == 2
    assert runner.most["match"] == 1


async def test_jobs_of_one_lane_never_overlap_and_workers_bound_the_rest(opened: Open, runner: Runner) -> None:
    async with opened(runner, 3) as queue:
        for number in range(40):
            await queue.enqueue(Ingest(f"feed-{number % 7}"))
            if number % 5 == 0:
                await asyncio.sleep(0)
        await idle(queue)
    assert set(runner.most.values()) == {1}
    assert set(runner.most) == {f"feed:feed-{number}" for number in range(7)}
    assert runner.most_in_all <= 3


async def test_a_busy_lane_holds_no_other_lane_up(opened: Open, runner: Runner) -> None:
    runner.gate.clear()
    async with opened(runner, 2) as queue:
        await queue.enqueue(Ingest("slow"))
        await runner.started.wait()
        await queue.enqueue(Ingest("slow"))
        runner.started.clear()
        await queue.enqueue(Ingest("other"))
        async with asyncio.timeout(patient(10)):
            await runner.started.wait()
        assert runner.running["feed:other"] == 1
        runner.gate.set()
        await idle(queue)


async def test_a_job_that_fails_stops_nothing_and_is_logged_once(
    opened: Open, runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "service"):
        async with opened(runner, 1) as queue:
            await queue.enqueue(Ingest("bad"))
            await queue.enqueue(Ingest("good"))
            await idle(queue)
    assert runner.done == [Ingest("good")]
    assert [record.message for record in caplog.records] == ["job failed"]
