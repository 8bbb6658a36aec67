"""The heartbeat of polling: what it enqueues, and that nothing stops it."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from patience import patient

from service.core.errors import StorageError
from service.core.model import Ingest, Job
from service.polling.pacing import PollPacing
from service.polling.tick import Ticker

if TYPE_CHECKING:
    from service.ports import Store

NOON = datetime(2024, 12, 16, 12, tzinfo=UTC)


class Due:
    """The two questions of a store that a tick asks."""

    def __init__(self, *feeds: str) -> None:
        self.feeds = list(feeds)
        self.asked: list[tuple[datetime, int]] = []
        self.fails = False
        self.followed: list[tuple[datetime, timedelta]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: StorageError | None = None

    async def check_writing(self) -> None:
        if self.fault:
            raise self.fault

    async def follow_clock(self, now: datetime, spread: timedelta) -> int:
        self.followed.append((now, spread))
        return 0

    async def due_feeds(self, now: datetime, limit: int) -> list[str]:
        self.asked.append((now, limit))
        await self.gate.wait()
        if self.fails:
            raise StorageError("the disk is away")
        return self.feeds[:limit]


class Line:
    """A queue that only remembers."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def enqueue(self, job: Job) -> None:
        self.jobs.append(job)


class Noon:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOON


def a_ticker(due: Due, line: Line, *, total: int = 4, **options: Any) -> Ticker:
    return Ticker(cast("Store", due), line, Noon(), PollPacing(total, 2), **options)


async def until(condition: Any) -> None:
    async with asyncio.timeout(patient(5)):
        while not condition():  # noqa: ASYNC110 - the scheduler under test offers no event
            await asyncio.sleep(0.01)


async def test_what_is_due_is_enqueued_most_overdue_first() -> None:
    due, line = Due("b", "a"), Line()
    ticker = a_ticker(due, line)
    assert await ticker.tick() == 2
    assert line.jobs == [Ingest("b"), Ingest("a")]
    assert ticker.last_tick_at == NOON


async def test_the_line_is_bounded_by_the_room_for_polls() -> None:
    due = Due(*(f"f{n}" for n in range(100)))
    line = Line()
    await a_ticker(due, line, total=5).tick()
    assert len(line.jobs) == 20
    assert due.asked == [(NOON, 20)]


async def test_a_feed_that_is_being_polled_is_not_enqueued_again() -> None:
    due, line = Due("a", "b"), Line()
    await a_ticker(due, line, is_busy=lambda lane: lane == "feed:a").tick()
    assert line.jobs == [Ingest("b")]


async def test_it_ticks_at_once_and_then_again_and_again_until_the_end() -> None:
    due, line = Due("a"), Line()
    async with a_ticker(due, line, interval_s=0.05):
        assert len(line.jobs) == 1
        await until(lambda: len(line.jobs) >= 3)
    ended = len(line.jobs)
    await asyncio.sleep(0.15)
    assert len(line.jobs) == ended
    assert len(asyncio.all_tasks()) == 1


async def test_a_tick_that_fails_is_logged_and_the_next_one_tries_again(caplog: pytest.LogCaptureFixture) -> None:
    due, line = Due("a"), Line()
    due.fails = True
    with caplog.at_level(logging.WARNING, logger="service"):
        async with a_ticker(due, line, interval_s=0.05) as ticker:
            assert ticker.last_tick_at is None
            due.fails = False
            await until(lambda: line.jobs)
            assert ticker.last_tick_at == NOON
    assert [record.message for record in caplog.records] == ["tick failed; the next one tries again"]


class Clocks:
    """The machine's clock, which may be set, beside one that is not."""

    def __init__(self) -> None:
        self.wall = NOON
        self.elapsed_s = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.elapsed_s

    def pass_on(self, elapsed: timedelta, jump: timedelta = timedelta(0)) -> None:
        self.elapsed_s += elapsed.total_seconds()
        self.wall += elapsed + jump


MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_plans_follow_a_clock_that_jumps_and_only_then() -> None:
    due, clocks = Due(), Clocks()
    ticker = Ticker(cast("Store", due), Line(), clocks, PollPacing(4, 2), monotonic=clocks.monotonic)
    await ticker.tick()
    assert due.followed == [(NOON, timedelta(0))]  # it may have been set back while we did not run; nothing is spread
    for elapsed in (MINUTE / 60, DAY):  # a slow tick is no jump
        clocks.pass_on(elapsed)
        await ticker.tick()
    assert len(due.followed) == 1
    for jump in (-DAY, DAY, -2 * MINUTE, 6 * MINUTE):
        clocks.pass_on(MINUTE / 60, jump)
        await ticker.tick()
        assert due.followed[-1] == (clocks.wall, 15 * MINUTE)
    assert len(due.followed) == 5
    for step in (timedelta(seconds=2), -timedelta(seconds=2)):  # a leap second, a correction
        clocks.pass_on(MINUTE / 60, step)
        await ticker.tick()
    assert len(due.followed) == 5


@pytest.mark.parametrize("days", [-1, 1, 30])
async def test_the_tick_comes_back_though_the_machines_clock_was_set(days: int) -> None:
    due, line = Due("a"), Line()
    async with a_ticker(due, line, interval_s=0.05) as ticker:
        assert ticker._scheduler is not None
        (job,) = ticker._scheduler.get_jobs()
        job.modify(next_run_time=datetime.now(UTC) - days * DAY)  # as it stands after the clock moved by `days`
        ticked = len(line.jobs)
        await until(lambda: len(line.jobs) > ticked + 2)


async def test_a_slow_tick_is_never_overtaken_by_another() -> None:
    due, line = Due("a"), Line()
    async with a_ticker(due, line, interval_s=0.05):
        due.gate.clear()
        await until(lambda: len(due.asked) == 2)
        await asyncio.sleep(0.2)
        assert len(due.asked) == 2
        due.gate.set()
        await until(lambda: len(due.asked) > 2)


# --- pacing ------------------------------------------------------------------------------


class Polls:
    """Polls that hold their slot until told to end."""

    def __init__(self, pacing: PollPacing) -> None:
        self.pacing = pacing
        self.inside: list[str] = []
        self.most: dict[str, int] = {}
        self.end = asyncio.Event()

    async def one(self, url: str) -> None:
        async with self.pacing.slot(url):
            self.inside.append(url)
            await self.end.wait()


async def inside_after(pacing: PollPacing, *urls: str) -> list[str]:
    polls = Polls(pacing)
    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(polls.one(url))
        await asyncio.sleep(0.05)
        inside = list(polls.inside)
        polls.end.set()
    assert sorted(polls.inside) == sorted(urls)
    return inside


A, A2, B = "http://a.test/1", "http://A.test:80/2", "http://b.test/1"


async def test_a_host_gets_at_most_its_share() -> None:
    assert await inside_after(PollPacing(9, 2), A, A, A2, A2, B) == [A, A, B]


async def test_scheme_name_and_port_tell_hosts_apart() -> None:
    urls = [A, "https://a.test/1", "http://a.test:8080/1", B]
    assert await inside_after(PollPacing(9, 1), *urls) == urls


async def test_zero_switches_pacing_per_host_off() -> None:
    assert len(await inside_after(PollPacing(9, 0), A, A, A, A)) == 4


async def begins(gap_s: float, url: str) -> list[float]:
    """Return how many seconds after they were asked for three polls of one host begin."""
    pacing, loop, found = PollPacing(9, 3, gap_s), asyncio.get_running_loop(), list[float]()
    asked_at = loop.time()

    async def one() -> None:
        async with pacing.slot(url):
            found.append(loop.time() - asked_at)

    await asyncio.gather(*(one() for _ in range(3)))
    return found


async def test_polls_of_one_public_host_keep_a_gap_and_those_of_our_own_network_need_none() -> None:
    _, second, third = await begins(0.05, "https://a.test/1")
    assert second >= 0.049  # since they were asked for: each may begin late, which brings the next one nearer
    assert third >= 0.098
    async with asyncio.timeout(patient(120)):
        assert len(await begins(3600.0, "http://127.0.0.1:9/1")) == 3


async def test_the_total_is_bounded() -> None:
    assert len(await inside_after(PollPacing(2, 0), A, B, A, B)) == 2
    assert len(await inside_after(PollPacing(2, 9), A, B, A, B)) == 2


async def test_polls_that_wait_for_their_host_take_no_slot_from_others() -> None:
    assert await inside_after(PollPacing(2, 1), A, A, A, B) == [A, B]


async def test_slots_come_back_and_no_host_is_remembered() -> None:
    pacing = PollPacing(1, 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broke"):
            async with asyncio.timeout(1), pacing.slot(A):
                raise ValueError("it broke")
    assert pacing._hosts == {}
    with pytest.raises(TimeoutError):
        async with pacing.slot(A), asyncio.timeout(timedelta(milliseconds=20).total_seconds()), pacing.slot(A):
            pass
    assert pacing._hosts == {}


async def test_a_broken_url_is_paced_like_any_other() -> None:
    assert len(await inside_after(PollPacing(2, 1), "http://[", "http://h:port/")) == 2


async def test_polling_pauses_while_the_store_takes_no_writes_and_then_makes_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    due, line, resumed = Due("a"), Line(), 0

    async def resume() -> None:
        nonlocal resumed
        resumed += 1

    ticker = a_ticker(due, line, resumed=resume)
    due.fault = StorageError("the disk is full")
    assert [await ticker.tick(), await ticker.tick()] == [0, 0]
    assert (due.asked, line.jobs, resumed) == ([], [], 0)
    assert ticker.last_tick_at == NOON  # the scheduler works; readiness names the store
    assert [record.__dict__["error"] for record in caplog.records] == ["the disk is full"]

    due.fault = None
    assert [await ticker.tick(), await ticker.tick()] == [1, 1]
    assert resumed == 1
