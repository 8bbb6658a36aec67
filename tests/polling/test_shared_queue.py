"""Jobs over several processes: sharing, taking over, and a database that goes away."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from contract.job_runner import Runner
from journeys.service_process import until
from patience import patient

from service.core.errors import StorageError
from service.core.model import CompareMatches, Ingest, IngestBatch, MatchEntries
from service.polling.shared_queue import SharedQueue


async def idle(queue: SharedQueue) -> None:
    async def nothing_left() -> bool:
        return not await queue.lanes()

    await until(nothing_left, 20.0)


async def execute(url: str, statement: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(statement.encode())


async def test_a_session_of_a_replica_that_froze_or_is_gone_is_ended_by_the_server(postgres_url: str) -> None:
    async with SharedQueue(postgres_url) as queue, queue._pool.connection() as connection:
        found = await connection.execute(
            "SELECT current_setting('idle_in_transaction_session_timeout'), current_setting('tcp_keepalives_idle'), "
            "current_setting('tcp_keepalives_interval'), current_setting('tcp_keepalives_count')"
        )
        assert await found.fetchone() == ("10s", "10", "5", "3")


async def test_replicas_share_the_jobs_and_no_lane_runs_twice_at_once(postgres_url: str) -> None:
    everywhere, here, there = Runner(), 0, 0

    async def run_here(job: object) -> None:
        nonlocal here
        here += 1
        await everywhere(job)  # type: ignore[arg-type]
        await asyncio.sleep(0)

    async def run_there(job: object) -> None:
        nonlocal there
        there += 1
        await everywhere(job)  # type: ignore[arg-type]
        await asyncio.sleep(0)

    async with SharedQueue(postgres_url) as sender:
        for number in range(40):
            await sender.enqueue(IngestBatch(f"f-{number:02x}"))
        async with (
            SharedQueue(postgres_url, run=run_here, workers=3),
            SharedQueue(postgres_url, run=run_there, workers=3),
        ):
            for number in range(40):
                await sender.enqueue(IngestBatch(f"f-{number % 5:02x}"))
            await idle(sender)

    assert set(everywhere.most.values()) == {1}
    assert len({job.lane for job in everywhere.done}) == 40
    assert here > 0
    assert there > 0


async def test_a_job_that_waits_stands_for_all_of_its_lane_whoever_sent_it(postgres_url: str) -> None:
    runner = Runner()
    async with SharedQueue(postgres_url) as one, SharedQueue(postgres_url) as other:
        await asyncio.gather(*(queue.enqueue(CompareMatches("s")) for queue in (one, other, one, other)))
        assert await one.lanes() == {"story:s"}
        async with SharedQueue(postgres_url, run=runner):
            await idle(one)
    assert runner.done == [CompareMatches("s")]


async def test_matching_and_comparing_come_before_polling(postgres_url: str) -> None:
    runner = Runner()
    async with SharedQueue(postgres_url) as sender:
        for job in (Ingest("a"), IngestBatch("f-00"), MatchEntries(), CompareMatches("s")):
            await sender.enqueue(job)
        async with SharedQueue(postgres_url, run=runner, workers=1):
            await idle(sender)
    assert runner.done == [MatchEntries(), CompareMatches("s"), Ingest("a"), IngestBatch("f-00")]


async def test_a_dead_replicas_job_is_run_by_another(postgres_url: str) -> None:
    runner = Runner()
    async with SharedQueue(postgres_url) as sender:
        await sender.enqueue(CompareMatches("s"))
        # As a killed replica leaves it: taken, and the one who took it shows no sign of life.
        await execute(
            postgres_url,
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') "
            "RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead",
        )
        async with SharedQueue(postgres_url, run=runner):
            await idle(sender)
    assert runner.done == [CompareMatches("s")]


async def test_a_job_that_was_taken_and_whose_taker_was_not_told_runs_all_the_same(postgres_url: str) -> None:
    runner = Runner()
    async with SharedQueue(postgres_url, run=runner) as queue:
        await queue.enqueue(Ingest("before"))
        await idle(queue)
        # As a connection leaves it that is cut between the statement and its answer: the taker lives on.
        await execute(
            postgres_url,
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status, worker_id) "
            """SELECT 'aftermath', 'job', 'story:s', '{"kind": "compare", "about": "s"}', 'doing', id """
            "FROM procrastinate_workers",
        )
        await idle(queue)
    assert runner.done == [Ingest("before"), CompareMatches("s")]


async def test_wake_ups_are_sent_again_when_a_job_could_not_reach_its_store(postgres_url: str) -> None:
    woken = 0

    async def fail(_: object) -> None:
        raise StorageError("the store does not answer")

    async def wake() -> None:
        nonlocal woken
        woken += 1

    async def twice() -> bool:
        return woken > 1

    async with SharedQueue(postgres_url, run=fail, wake=wake) as queue:
        await queue.enqueue(Ingest("a"))
        await until(twice, 30.0)  # the regular ones come once a minute


async def test_a_job_of_a_newer_version_is_left_out(postgres_url: str, caplog: pytest.LogCaptureFixture) -> None:
    runner = Runner()
    async with SharedQueue(postgres_url) as sender:
        await sender.enqueue(Ingest("a"))
        await execute(postgres_url, """UPDATE procrastinate_jobs SET args = '{"kind": "later", "about": "x"}'""")
        async with SharedQueue(postgres_url, run=runner):
            await idle(sender)
    assert runner.done == []
    assert "job of another version left out" in caplog.messages


async def test_wake_ups_are_sent_at_the_start(postgres_url: str) -> None:
    runner, woken = Runner(), asyncio.Event()

    async def wake() -> None:
        woken.set()

    async with SharedQueue(postgres_url, run=runner, wake=wake), asyncio.timeout(patient(10)):
        await woken.wait()


async def test_a_worker_goes_on_when_the_server_ended_its_sessions(postgres_url: str) -> None:
    runner = Runner()
    async with SharedQueue(postgres_url, run=runner) as queue:
        await queue.enqueue(Ingest("before"))
        await idle(queue)
        await execute(
            postgres_url,
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )

        async def enqueued() -> bool:
            try:
                await queue.enqueue(Ingest("after"))
            except StorageError:
                return False
            return True

        await until(enqueued, 20.0)
        await idle(queue)
    assert runner.done == [Ingest("before"), Ingest("after")]


async def test_a_server_that_does_not_answer_is_a_storage_error() -> None:
    async with SharedQueue("postgresql://127.0.0.1:1/news") as queue:
        with pytest.raises(StorageError, match="job queue"):
            await queue.enqueue(MatchEntries())
