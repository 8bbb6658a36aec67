"""The heartbeat of polling: every second, ask what is due and enqueue it. Holds no state that matters.

One scheduler job for all feeds, not one per feed: due times live in the store and survive a restart.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC
from typing import TYPE_CHECKING, Final, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from service.core.errors import StorageError
from service.core.model import Ingest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from service.core.model import Job
    from service.polling.pacing import PollPacing
    from service.ports import Clock, JobQueue, Store

_LINE_FACTOR: Final = 4  # so many polls per slot may stand in line; the rest waits in the store, most overdue first
log = logging.getLogger(__name__)


def _never(_lane: str) -> bool:
    return False


async def _nothing() -> None:
    pass


class Ticker:
    """Enqueues due feeds between `async with` and its end.

    Args:
        store: Knows what is due.
        queue: Gets an `Ingest` per due feed.
        clock: The time of the question.
        pacing: How much polling there is room for; bounds the line.
        interval_s: Between ticks.
        is_busy: Whether a job of a lane waits or runs (`LocalQueue.is_busy`). A feed that is being polled still counts
            as due until the poll is saved; without this it would be polled twice.
        resumed: Called when the store takes writes again: what failed meanwhile is to be done after all.
        due: What to enqueue instead, where several processes tick for the same feeds.
    """

    def __init__(
        self,
        store: Store,
        queue: JobQueue,
        clock: Clock,
        pacing: PollPacing,
        *,
        interval_s: float = 1.0,
        is_busy: Callable[[str], bool] = _never,
        resumed: Callable[[], Awaitable[None]] = _nothing,
        due: Callable[[datetime], Awaitable[Sequence[Job]]] | None = None,
    ) -> None:
        self._store = store
        self._queue = queue
        self._clock = clock
        self._limit = max(1, pacing.total) * _LINE_FACTOR
        self._interval_s = interval_s
        self._is_busy = is_busy
        self._resumed = resumed
        self._is_paused = False
        self._due = due or self._due_feeds
        self._scheduler: AsyncIOScheduler | None = None
        self.last_tick_at: datetime | None = None  # of the last tick that got an answer, for /readyz

    async def __aenter__(self) -> Self:
        # A late tick runs once and at once (apscheduler #977, #463).
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._guarded_tick,
            "interval",
            seconds=self._interval_s,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        await self._guarded_tick()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
            await asyncio.sleep(0)  # the scheduler shuts down, and cancels its tick, in the loop's next turn

    async def tick(self) -> int:
        """Enqueue what is due now; return how many. None while the store keeps nothing: publishers are not asked in vain."""
        now = self._clock.now()
        if not await self._store_takes_writes():
            self.last_tick_at = now
            return 0
        jobs = await self._due(now)
        for job in jobs:
            await self._queue.enqueue(job)
        self.last_tick_at = now
        return len(jobs)

    async def _store_takes_writes(self) -> bool:
        try:
            await self._store.check_writing()
        except StorageError as error:
            if not self._is_paused:
                log.error("polling pauses: the store takes no writes", extra={"error": error.message})  # noqa: TRY400
            self._is_paused = True
            return False
        if self._is_paused:
            self._is_paused = False
            log.warning("polling resumes: the store takes writes again")
            await self._resumed()
        return True

    async def _due_feeds(self, now: datetime) -> Sequence[Job]:
        due = [Ingest(feed_id) for feed_id in await self._store.due_feeds(now, self._limit)]
        return [job for job in due if not self._is_busy(job.lane)]

    async def _guarded_tick(self) -> None:
        try:
            await self.tick()
        except StorageError as error:
            log.warning("tick failed; the next one tries again", extra={"why": error.message})
        except Exception:
            log.exception("tick failed; the next one tries again")
