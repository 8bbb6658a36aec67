"""The heartbeat of polling: every second, ask what is due and enqueue it. Holds no state that matters.

One scheduler job for all feeds, not one per feed: due times live in the store and survive a restart.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from service.core.errors import StorageError
from service.core.model import Ingest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from service.core.model import Job
    from service.polling.pacing import PollPacing
    from service.ports import Clock, JobQueue, Store

_LINE_FACTOR: Final = 4  # so many polls per slot may stand in line; the rest waits in the store, most overdue first
_JOB: Final = "tick"
_PATIENCE: Final = 3  # ticks that may be missed before we look after the scheduler
_SMALLEST_STEP_BACK: Final = timedelta(minutes=1)
_SMALLEST_STEP_AHEAD: Final = timedelta(minutes=5)
_SPREAD: Final = timedelta(minutes=15)
log = logging.getLogger(__name__)


class _FromNow(BaseTrigger):  # type: ignore[misc]  # apscheduler has no types
    """Fires an interval after now. The library's own interval counts every fire missed in a month's sleep, one by one."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self._interval


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
        monotonic: A clock that is never set, in seconds: by it a jump of the other one is seen.
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
        monotonic: Callable[[], float] = time.monotonic,
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
        self._monotonic = monotonic
        self._seen: tuple[datetime, float] | None = None  # both clocks at the last tick
        self._watch: asyncio.TimerHandle | None = None
        self._scheduler: AsyncIOScheduler | None = None
        self.last_tick_at: datetime | None = None  # of the last tick that got an answer, for /readyz

    async def __aenter__(self) -> Self:
        # A late tick runs once and at once (apscheduler #977, #463).
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._scheduled_tick,
            _FromNow(timedelta(seconds=self._interval_s)),
            id=_JOB,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        self._watch_scheduler()
        await self._guarded_tick()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._scheduler is not None:
            if self._watch is not None:
                self._watch.cancel()
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
            await asyncio.sleep(0)  # the scheduler shuts down, and cancels its tick, in the loop's next turn

    async def tick(self) -> int:
        """Enqueue what is due now; return how many. None while the store keeps nothing: publishers are not asked in vain."""
        now = self._clock.now()
        if not await self._store_takes_writes():
            self.last_tick_at = now
            return 0
        await self._follow_clock(now)
        jobs = await self._due(now)
        for job in jobs:
            await self._queue.enqueue(job)
        self.last_tick_at = now
        return len(jobs)

    async def _follow_clock(self, now: datetime) -> None:
        """Mend the plans where the clock has jumped since the last tick, or was set back while we did not run."""
        monotonic_s = self._monotonic()
        if self._seen is None:
            jump, spread = -_SMALLEST_STEP_BACK, timedelta(0)
        else:
            jump = (now - self._seen[0]) - timedelta(seconds=monotonic_s - self._seen[1])
            spread = _SPREAD
        if jump <= -_SMALLEST_STEP_BACK or jump >= _SMALLEST_STEP_AHEAD:
            changed = await self._store.follow_clock(now, spread)
            if changed:
                log.warning("the clock jumped: plans mended", extra={"jump_s": jump.total_seconds(), "feeds": changed})
        self._seen = (now, monotonic_s)

    def _watch_scheduler(self) -> None:
        """Bring the tick back when the machine's clock was set back: the scheduler would wait for its old time."""
        job = self._scheduler.get_job(_JOB) if self._scheduler else None
        if job is not None and job.next_run_time is not None:
            now = datetime.now(UTC)  # the clock of the scheduler, whatever ours says
            if job.next_run_time - now > timedelta(seconds=_PATIENCE * self._interval_s):
                job.modify(next_run_time=now)
        self._watch = asyncio.get_running_loop().call_later(_PATIENCE * self._interval_s, self._watch_scheduler)

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

    async def _scheduled_tick(self) -> None:
        """Tick as a job of the scheduler, which would log the cancellation at its end as an error of the job."""
        try:
            await self._guarded_tick()
        except asyncio.CancelledError:
            log.debug("tick cut off; what is due stays due")

    async def _guarded_tick(self) -> None:
        try:
            await self.tick()
        except StorageError as error:
            log.warning("tick failed; the next one tries again", extra={"why": error.message})
        except Exception:
            log.exception("tick failed; the next one tries again")
