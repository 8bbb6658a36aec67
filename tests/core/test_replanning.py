"""What becomes of the plans when the clock jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.core.model import Feed
from service.core.polls.replanning import replanned

NOON = datetime(2024, 12, 16, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPREAD = 15 * MINUTE


def feed(name: str, **over: Any) -> Feed:
    return Feed(**{"id": f"f-{name}", "url": f"https://{name}.test/", "title": name} | over)


def polled(name: str, at: datetime, wait: timedelta) -> Feed:
    return feed(name, last_attempt_at=at, last_success_at=at, first_success_at=at, next_poll_at=at + wait)


def test_a_clock_set_back_by_a_day_does_not_stop_polling_and_makes_no_burst() -> None:
    feeds = [polled(str(n), NOON + DAY, (n + 1) * MINUTE) for n in range(20)]
    mended = replanned(feeds, NOON, SPREAD)
    assert [each.next_poll_at for each in mended] == [NOON + (n + 1) * MINUTE for n in range(20)]
    assert all(each.last_success_at == each.first_success_at == NOON for each in mended)
    assert replanned(mended, NOON + MINUTE, SPREAD) == []


def test_a_feed_added_by_a_clock_that_was_ahead_is_polled_now() -> None:
    (mended,) = replanned([feed("new", next_poll_at=NOON + DAY)], NOON, SPREAD)
    assert mended.next_poll_at == NOON


def test_after_a_leap_or_a_long_sleep_polls_are_spread_most_overdue_first() -> None:
    feeds = [polled(str(n), NOON - DAY - n * MINUTE, 10 * MINUTE) for n in range(30)]
    mended = replanned(feeds, NOON, SPREAD)
    assert [each.id for each in mended] == [f"f-{n}" for n in range(29, -1, -1)]
    plans = [each.next_poll_at or NOON for each in mended]
    assert (plans[0], plans[-1]) == (NOON, NOON + SPREAD * 29 / 30)
    assert max(sum(plan - NOON < at for plan in plans) for at in (MINUTE,)) <= 2


def test_what_is_hardly_late_or_not_due_keeps_its_plan_and_no_spread_leaves_what_is_due_due() -> None:
    feeds = [polled("late", NOON - HOUR, 50 * MINUTE), polled("soon", NOON - HOUR, 2 * HOUR)]
    assert replanned(feeds, NOON, SPREAD) == []
    assert replanned([polled("old", NOON - DAY, HOUR)], NOON, timedelta(0)) == []


@given(st.lists(st.tuples(st.timedeltas(-3 * DAY, 3 * DAY), st.timedeltas(MINUTE, DAY)), max_size=30))
def test_afterwards_every_feed_is_polled_within_the_wait_it_had_or_the_spread(plans: list[tuple[Any, Any]]) -> None:
    feeds = {f"f-{n}": polled(str(n), NOON + at, wait) for n, (at, wait) in enumerate(plans)}
    after = feeds | {each.id: each for each in replanned(feeds.values(), NOON, SPREAD)}
    for name, (_, wait) in zip(feeds, plans, strict=True):
        planned = after[name].next_poll_at
        assert planned is not None
        assert planned <= NOON + max(wait, SPREAD)
