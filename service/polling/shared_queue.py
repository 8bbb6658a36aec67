"""Jobs that replicas share, behind the JobQueue port: procrastinate keeps them in PostgreSQL and hands them out.

A lane is procrastinate's `lock` (one runs) and `queueing_lock` (one waits). Jobs carry no data and are deleted when they
end, well or not: the ledgers know what is left to do. Every replica sends all wake-ups again once a minute, and as soon
as the database answers again after anything failed.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, Self, assert_never

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from service.core.errors import StorageError
from service.core.model import CompareMatches, Ingest, IngestBatch, Job, MatchEntries

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from procrastinate import JobContext
    from procrastinate.jobs import Job as StoredJob
    from psycopg import AsyncConnection

log = logging.getLogger(__name__)

_QUEUE: Final = "aftermath"
_CONNECTIONS: Final = 4  # beside the store's own
_WAIT_S: Final = 3.0  # for a connection
# A machine that is gone without a word is noticed after some twenty seconds.
_NETWORK: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
# What the server does about us: a session of a machine that is gone is ended by probes, and one that froze between two
# statements of a transaction keeps no lock.
_SESSION: Final = """
    SET idle_in_transaction_session_timeout = '10s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
"""
# A replica that shows no sign of life for so long is taken for dead, and its lanes are given to others. A mistake (it
# was frozen, and wakes) costs a poll at most: the store refuses commits that others have overtaken.
_HEARTBEAT_S: Final = 1.0
_DEAD_AFTER_S: Final = 6.0
# A new job is heard of at once (LISTEN). One that waits for its lane is not: it is found by asking, and procrastinate's
# own 5 s would be the age of every delta whose wake-up came during a run.
_ASK_EVERY_S: Final = 0.5
_LOOK_AROUND_S: Final = 1.0
_WAKE_EVERY_S: Final = 60.0
_WAKE_AGAIN_S: Final = 5.0  # after a failure; what fails each time must not be tried every second
_FINISH_S: Final = 2.0  # at the end, for what runs
_STEPS_FIRST: Final = 10  # matching and comparing before polling


async def _configure(connection: AsyncConnection[Any]) -> None:
    """Prepare a new session."""
    await connection.execute(_SESSION)
    await connection.commit()


class SharedQueue:
    """Enqueues jobs and, if `run` is given, works on them between `async with` and its end.

    Args:
        url: The database.
        run: Does one job. What it raises is logged once and stops nothing.
        workers: At most that many jobs run here at the same time.
        wake: Sends every wake-up; called at the start and once a minute.
    """

    def __init__(
        self,
        url: str,
        *,
        run: Callable[[Job], Awaitable[None]] | None = None,
        workers: int = 1,
        wake: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        # Our own pool, because procrastinate's waits half a minute for a database that is down.
        self._pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
            url,
            kwargs=_NETWORK,
            configure=_configure,
            check=AsyncConnectionPool.check_connection,
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=_WAIT_S,
            reconnect_timeout=_WAIT_S,
            open=False,
        )
        self._connector = PsycopgConnector()
        self._app = App(connector=self._connector)
        self._task = self._app.task(name="job", queue=_QUEUE, pass_context=True)(self._do)
        self._run = run
        self._workers = workers
        self._wake = wake
        self._tasks: list[asyncio.Task[None]] = []
        self._is_ending = False
        self._worker: Worker | None = None
        self._running: set[int | None] = set()  # ids of stored jobs
        # Jobs that are ours in the database alone: id → loop time since when.
        self._not_running: dict[int, float] = {}
        self._has_missed = False  # a wake-up may be lost

    async def __aenter__(self) -> Self:
        # Each job would be two lines; what is worth a line is said by the steps.
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        await self._pool.open()
        await self._connector.open_async(self._pool)
        if self._run is not None:
            self._tasks = [
                asyncio.create_task(self._work(), name="queue-worker"),
                asyncio.create_task(self._look_around(), name="queue-housekeeping"),
            ]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_ending = True
        tasks, self._tasks = set(self._tasks), []
        while tasks:  # a worker may take the first cancel as a wish to end its jobs, and lose it on the way
            for task in tasks:
                task.cancel()
            tasks = (await asyncio.wait(tasks, timeout=2 * _FINISH_S))[1]
        await self._pool.close(timeout=_WAIT_S)

    async def enqueue(self, job: Job) -> None:
        """Ask for a job to be run soon by any replica; one that already waits in its lane stands for both.

        Raises:
            StorageError: The database does not answer.
        """
        kind, about = _words(job)
        priority = 0 if isinstance(job, Ingest | IngestBatch) else _STEPS_FIRST
        lane = self._task.configure(lock=job.lane, queueing_lock=job.lane, priority=priority)
        try:
            await lane.defer_async(kind=kind, about=about)
        except AlreadyEnqueued:
            return
        except ConnectorException as error:
            self._has_missed = True
            raise _unreachable(error) from error

    async def lanes(self) -> frozenset[str]:
        """Return the lanes in which a job waits or runs, in whatever process."""
        manager = self._app.job_manager
        try:
            jobs = [
                *await manager.list_jobs_async(queue=_QUEUE, status="todo"),
                *await manager.list_jobs_async(queue=_QUEUE, status="doing"),
            ]
        except ConnectorException as error:
            raise _unreachable(error) from error
        return frozenset(job.lock for job in jobs if job.lock)

    async def _do(self, context: JobContext, kind: str, about: str) -> None:
        """Run one job; named `job` in the database."""
        job = _job(kind, about)
        if job is None or self._run is None:
            log.warning("job of another version left out", extra={"kind": kind})
            return
        self._running.add(context.job.id)
        try:
            await self._run(job)
        except StorageError as error:
            # What it saved before may wait for a step that it did not come to wake.
            self._has_missed = True
            log.warning("job gave up", extra={"lane": job.lane, "why": error.message})
        except Exception:
            log.exception("job failed", extra={"lane": job.lane})
        finally:
            self._running.discard(context.job.id)

    async def _work(self) -> None:
        """Work on jobs; a worker that loses its database ends, and a new one begins."""
        while not self._is_ending:
            self._worker = Worker(
                self._app,
                queues=[_QUEUE],
                concurrency=self._workers,
                fetch_job_polling_interval=_ASK_EVERY_S,
                abort_job_polling_interval=3600.0,  # nobody asks for that
                update_heartbeat_interval=_HEARTBEAT_S,
                stalled_worker_timeout=_DEAD_AFTER_S,
                shutdown_graceful_timeout=_FINISH_S,
                delete_jobs="always",
                install_signal_handlers=False,
            )
            try:
                await self._worker.run()  # type: ignore[no-untyped-call]
            except Exception as error:  # noqa: BLE001 (whatever ended it, the next one begins anew)
                log.warning("worker lost its queue", extra={"why": " ".join(str(error).split())})
            await asyncio.sleep(_LOOK_AROUND_S)

    async def _look_around(self) -> None:
        """Free lanes that nobody works in, and wake everything now and then."""
        loop = asyncio.get_running_loop()
        woken_at = float("-inf")
        while True:
            try:
                for left in await self._app.job_manager.get_stalled_jobs(
                    queue=_QUEUE, seconds_since_heartbeat=_DEAD_AFTER_S
                ):
                    await self._run_again(left, "job of a dead replica taken over")
                for left in await self._lost(loop.time()):
                    await self._run_again(left, "job whose hand-over was cut off runs again")
                pause_s = _WAKE_AGAIN_S if self._has_missed else _WAKE_EVERY_S
                if self._wake is not None and loop.time() - woken_at >= pause_s:
                    self._has_missed = False  # before, so that a failure in the meantime counts
                    await self._wake()
                    woken_at = loop.time()
            except (ConnectorException, StorageError) as error:
                self._has_missed = True
                log.info("queue does not answer", extra={"why": " ".join(str(error).split())})
            await asyncio.sleep(_LOOK_AROUND_S)

    async def _lost(self, now: float) -> list[StoredJob]:
        """Return jobs that this worker has in the database and does not run.

        A connection cut between a statement and its answer leaves such: taken, and nobody was told; or done, and not
        recorded. The worker lives, so no other replica would free the lane. Nothing is judged at first sight, because
        a job is in the database alone for a moment at its start and at its end.
        """
        own = self._worker.worker_id if self._worker is not None else None
        if own is None:
            return []
        begun = await self._app.job_manager.list_jobs_async(queue=_QUEUE, status="doing")
        idle = {
            job.id: job for job in begun if job.id is not None and job.worker_id == own and job.id not in self._running
        }
        self._not_running = {number: self._not_running.get(number, now) for number in idle}
        return [idle[number] for number, since in self._not_running.items() if now - since >= _DEAD_AFTER_S]

    async def _run_again(self, left: StoredJob, why: str) -> None:
        """Put a new job in the lane of one that nobody runs, then free the lane."""
        job = _job(str(left.task_kwargs.get("kind")), str(left.task_kwargs.get("about")))
        if job is not None:
            await self.enqueue(job)
        try:
            await self._app.job_manager.finish_job_by_id_async(left.id or 0, status=Status.FAILED, delete_job=True)
        except ConnectorException:  # another replica was faster, or it has ended after all
            return
        self._has_missed = True  # it may have saved something and not come to wake the next step
        log.warning(why, extra={"lane": left.lock})


def _words(job: Job) -> tuple[str, str]:
    """Return what a stored job says: its kind, and what it is about."""
    match job:
        case Ingest():
            return "ingest", job.feed_id
        case IngestBatch():
            return "ingest-batch", job.prefix
        case MatchEntries():
            return "match", ""
        case CompareMatches():
            return "compare", job.story_id
        case _:
            assert_never(job)


def _job(kind: str, about: str) -> Job | None:
    """Return the job that `_words` wrote; None for what a newer version wrote."""
    match kind:
        case "ingest":
            return Ingest(about)
        case "ingest-batch":
            return IngestBatch(about)
        case "match":
            return MatchEntries()
        case "compare":
            return CompareMatches(about)
        case _:
            return None


def _unreachable(error: Exception) -> StorageError:
    cause: Any = error.__cause__ or error
    return StorageError(f"the job queue does not answer: {' '.join(str(cause).split())}")
