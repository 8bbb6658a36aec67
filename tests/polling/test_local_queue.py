"""Jobs by lane within one process."""

from __future__ import annotations

import asyncio
import logging

import pytest
from contract.job_runner import Runner
from patience import patient

from service.core.model import Ingest, MatchEntries
from service.polling.local_queue import LocalQueue


@pytest.fixture
async def runner() -> Runner:
    return Runner()


async def idle(queue: LocalQueue) -> None:
    async with asyncio.timeout(patient(5)):
        await queue.idle()


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


async def test_a_job_that_cancels_itself_stops_nothing(runner: Runner, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        async with LocalQueue(runner, 1) as queue:
            await queue.enqueue(Ingest("cancelled"))
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
