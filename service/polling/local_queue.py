"""Jobs of one process, behind the JobQueue port.

Per lane at most one job waits and one runs; a wake-up during a run is kept. Nothing is stored: the ledgers know
what is left to do, so a lost job only delays.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from service.core.model import Job

log = logging.getLogger(__name__)


class LocalQueue:
    """Runs jobs in `workers` tasks between `async with` and its end; at the end running jobs are cancelled.

    Args:
        run: Does one job. What it raises is logged once and stops nothing.
        workers: At most that many jobs run at the same time.
    """

    def __init__(self, run: Callable[[Job], Awaitable[None]], workers: int) -> None:
        self._run = run
        self._workers = workers
        self._waiting: dict[str, Job] = {}  # by lane
        self._running: set[str] = set()
        self._ready: asyncio.Queue[str] = asyncio.Queue()  # lanes of which a job waits and none runs, oldest first
        self._idle = asyncio.Event()
        self._idle.set()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(self._work(), name=f"queue-worker-{number}") for number in range(self._workers)
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def enqueue(self, job: Job) -> None:
        """Ask for a job to be run soon; one that already waits in its lane stands for both."""
        if job.lane in self._waiting:
            return
        self._waiting[job.lane] = job
        self._idle.clear()
        if job.lane not in self._running:
            self._ready.put_nowait(job.lane)

    async def idle(self) -> None:
        """Wait until nothing waits or runs."""
        await self._idle.wait()

    def depth(self) -> int:
        """Return how many jobs wait or run."""
        return len(self._waiting) + len(self._running)

    def is_busy(self, lane: str) -> bool:
        """Whether a job of the lane waits or runs."""
        return lane in self._waiting or lane in self._running

    async def _work(self) -> None:
        while True:
            lane = await self._ready.get()  # wakes one worker for one lane, however many there are
            job = self._waiting.pop(lane)
            self._running.add(lane)
            try:
                await self._run(job)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise
                log.warning("job was cancelled from within", extra={"lane": lane})
            except Exception:
                log.exception("job failed", extra={"lane": lane})
            finally:
                # No await here: a cancel must not leave the lane marked as running.
                self._running.discard(lane)
                if lane in self._waiting:
                    self._ready.put_nowait(lane)
                elif not self._waiting and not self._running:
                    self._idle.set()
