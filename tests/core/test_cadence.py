"""When a feed is polled next, and why then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.model import (
    FailureKind,
    Feed,
    FeedState,
    Fetched,
    FetchFailure,
    FetchOutcome,
    NotModified,
    PollHints,
)
from service.core.polls.cadence import Cadence, body_hash, decide_poll, host_wait_of, outages_of
from service.core.polls.wishes import cache_wait

NOON = datetime(2024, 12, 16, 12, tzinfo=UTC)
NONE = timedelta(0)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CADENCE = Cadence()
FEED = Feed(id="f-1", url="https://news.test/rss", title="Test news")


def polled(
    feed: Feed = FEED,
    outcome: FetchOutcome | None = None,
    *,
    asked: timedelta | None = NONE,
    hints: PollHints | None = None,
    new: int = 0,
    now: datetime = NOON,
    cadence: Cadence = CADENCE,
    jitter: float = 0.0,
) -> Feed:
    hints = hints or (None if asked is None else PollHints(wait=asked))
    return decide_poll(feed, outcome or fetched(), hints, new, now, cadence, jitter)


def fetched(body: bytes = b"x", **headers: str) -> Fetched:
    return Fetched(
        url=FEED.url, body=body, headers={name.replace("_", "-"): v for name, v in headers.items()}, etag='"1"'
    )


def failed(kind: FailureKind = FailureKind.CONNECTION, retry_after: timedelta | None = None) -> FetchFailure:
    return FetchFailure(kind=kind, message="it failed", retry_after=retry_after)


def wait(feed: Feed) -> timedelta:
    assert feed.next_poll_at is not None
    assert feed.last_attempt_at is not None
    return feed.next_poll_at - feed.last_attempt_at


def series(outcome: FetchOutcome, times: int, feed: Feed = FEED, new: int = 0) -> list[timedelta]:
    waits, now = [], NOON
    for _ in range(times):
        feed = polled(feed, outcome, new=new, now=now)
        waits.append(wait(feed))
        assert feed.next_poll_at is not None
        now = feed.next_poll_at
    return waits


def test_a_feed_with_news_is_polled_ever_more_often_down_to_the_shortest_wait() -> None:
    waits = series(fetched(), 12, new=1)
    assert waits == sorted(waits, reverse=True)
    assert waits[0] < CADENCE.default
    assert waits[-1] == CADENCE.shortest


def test_a_quiet_feed_is_polled_less_often_but_at_least_hourly() -> None:
    waits = series(NotModified(), 12)
    assert waits == sorted(waits)
    assert waits[0] > CADENCE.default
    assert waits[-1] == HOUR


def test_news_after_a_quiet_time_brings_a_feed_back_at_once() -> None:
    quiet = FEED
    for _ in range(10):
        quiet = polled(quiet, NotModified(), now=quiet.next_poll_at or NOON)
    assert wait(polled(quiet, new=1, now=quiet.next_poll_at or NOON)) < CADENCE.default


@pytest.mark.parametrize(
    ("outcome", "asked", "expected", "word"),
    [
        (fetched(), 3 * HOUR, 3 * HOUR, "ttl"),
        (fetched(cache_control="public, max-age=7200"), NONE, 2 * HOUR, "Cache-Control"),
        (fetched(cache_control="max-age=7200", age="3600"), NONE, HOUR, "Cache-Control"),
        (fetched(expires="Mon, 16 Dec 2024 14:00:00 GMT"), NONE, 2 * HOUR, "Expires"),
        (
            fetched(expires="Mon, 16 Dec 2024 17:00:00 GMT", date="Mon, 16 Dec 2024 15:00:00 GMT"),
            NONE,
            2 * HOUR,
            "Expires",
        ),
        (fetched(cache_control="max-age=60"), NONE, 18.75 * MINUTE, "nothing new"),
        (fetched(cache_control="max-age=7200"), 3 * HOUR, 3 * HOUR, "ttl"),
        (NotModified(headers={"cache-control": "max-age=7200"}), NONE, 2 * HOUR, "Cache-Control"),
        (failed(retry_after=2 * HOUR), NONE, 2 * HOUR, "Retry-After"),
        (failed(FailureKind.RATE_LIMITED, 8 * HOUR), NONE, 8 * HOUR, "Retry-After"),
        (failed(FailureKind.RATE_LIMITED, 900 * HOUR), NONE, 24 * HOUR, "Retry-After"),
        (failed(FailureKind.RATE_LIMITED, MINUTE), NONE, 15 * MINUTE, "limits us"),
    ],
)
def test_the_largest_wait_wins_and_says_why(
    outcome: FetchOutcome, asked: timedelta, expected: timedelta, word: str
) -> None:
    feed = polled(outcome=outcome, asked=asked)
    assert wait(feed) == expected
    assert word in feed.next_poll_reason


def test_a_hint_never_exceeds_the_longest_wait_of_the_operator() -> None:
    short = Cadence(longest=HOUR)
    assert wait(polled(outcome=fetched(cache_control="max-age=31536000"), asked=5 * HOUR, cadence=short)) == HOUR


def test_the_ttl_holds_while_the_document_is_not_parsed_again() -> None:
    feed = polled(asked=3 * HOUR, jitter=1.0)
    for outcome in (NotModified(), fetched()):
        again = polled(feed, outcome, asked=None, now=feed.next_poll_at or NOON, jitter=1.0)
        assert wait(again) == wait(feed)
    assert wait(polled(feed, fetched(b"changed"), now=NOON + 4 * HOUR)) < HOUR


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, NONE),
        ({"cache-control": "no-cache, max-age=60"}, NONE),
        ({"cache-control": "no-store", "expires": "Mon, 16 Dec 2024 14:00:00 GMT"}, NONE),
        ({"cache-control": "max-age=0", "expires": "Mon, 16 Dec 2024 14:00:00 GMT"}, NONE),
        ({"cache-control": "s-maxage=60"}, NONE),
        ({"cache-control": "max-age=ten"}, NONE),
        ({"cache-control": "max-age=60", "age": "90"}, NONE),
        ({"expires": "0"}, NONE),
        ({"expires": "Mon, 16 Dec 2024 11:00:00 GMT"}, NONE),
        ({"expires": "Mon, 16 Dec 2024 12:30:00 -0000"}, 30 * MINUTE),
        ({"expires": "Fri, 99 Foo 99999 99:99:99 GMT"}, NONE),
    ],
)
def test_cache_headers_say_how_long_an_answer_is_fresh(headers: dict[str, str], expected: timedelta) -> None:
    assert cache_wait(headers, NOON) == expected


def test_every_failure_doubles_the_wait_up_to_the_longest() -> None:
    waits = series(failed(FailureKind.HTTP), 12)
    assert waits[:4] == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR]
    assert waits[-1] == CADENCE.longest


def test_being_rate_limited_never_starves_a_feed_beyond_six_hours() -> None:
    waits = series(failed(FailureKind.RATE_LIMITED), 12)
    assert waits[0] == 15 * MINUTE
    assert waits[-1] == 6 * HOUR


def test_a_missing_feed_is_polled_more_seldom_than_a_failing_one() -> None:
    assert wait(polled(outcome=failed(FailureKind.NOT_FOUND))) > wait(polled(outcome=failed()))


def test_a_refused_address_waits_longest() -> None:
    assert wait(polled(outcome=failed(FailureKind.REFUSED))) == CADENCE.longest


def test_a_feed_that_is_gone_is_polled_no_more() -> None:
    feed = polled(outcome=failed(FailureKind.GONE))
    assert (feed.state, feed.next_poll_at) == (FeedState.GONE, None)
    assert "410" in feed.next_poll_reason


def test_a_failure_is_kept_with_its_class_and_sentence() -> None:
    feed = polled(outcome=failed(FailureKind.TLS))
    assert (feed.failures, feed.error_class, feed.error) == (1, "tls", "it failed")
    assert feed.first_success_at is None
    assert feed.last_success_at is None


def test_a_success_wipes_failures_out() -> None:
    feed = polled(polled(outcome=failed()), new=3)
    assert (feed.failures, feed.error_class, feed.error) == (0, None, None)
    assert (feed.polls, feed.entries_seen) == (2, 3)


def test_the_first_success_is_remembered_even_when_it_was_empty() -> None:
    feed = polled()
    assert feed.first_success_at == NOON
    assert polled(feed, new=1, now=NOON + HOUR).first_success_at == NOON


def test_a_feed_whose_plan_was_lost_starts_from_the_default_wait() -> None:
    assert wait(polled(replace(polled(), next_poll_at=None))) == wait(polled())


def test_a_full_answer_replaces_both_validators_and_the_hash() -> None:
    feed = polled(replace(FEED, etag="old", last_modified="old"))
    assert (feed.etag, feed.last_modified, feed.body_hash) == ('"1"', None, body_hash(b"x"))


def test_an_unchanged_answer_keeps_validators_unless_new_ones_came() -> None:
    before = replace(FEED, etag="e", last_modified="m", body_hash="h")
    kept = polled(before, NotModified())
    assert (kept.etag, kept.last_modified, kept.body_hash) == ("e", "m", "h")
    assert polled(before, NotModified(etag="e2")).etag == "e2"
    assert polled(before, failed()).etag == "e"


def test_every_hundredth_poll_asks_for_the_whole_document() -> None:
    feed = polled(replace(FEED, etag="e", last_modified="m", polls=99), NotModified(etag="e"))
    assert (feed.etag, feed.last_modified) == (None, None)


@given(
    jitter=st.floats(-1, 1),
    asked=st.timedeltas(NONE, timedelta(days=2)),
    failures=st.integers(0, 5000),
    new=st.integers(0, 3),
    outcome=st.sampled_from([fetched(), NotModified(), failed(), failed(FailureKind.RATE_LIMITED, HOUR)]),
)
def test_a_wait_is_never_below_the_shortest_or_what_was_asked_and_jitter_moves_it_by_a_tenth(
    jitter: float, asked: timedelta, failures: int, new: int, outcome: FetchOutcome
) -> None:
    feed = replace(FEED, failures=failures)
    still, moved = (wait(polled(feed, outcome, asked=asked, new=new, jitter=j)) for j in (0.0, jitter))
    assert moved >= CADENCE.shortest
    assert abs(moved - still) <= still * 0.1001
    if isinstance(outcome, Fetched):
        assert moved >= min(asked, CADENCE.longest)
    if isinstance(outcome, FetchFailure) and outcome.retry_after:
        assert moved >= outcome.retry_after


def test_what_may_pass_never_waits_beyond_four_hours() -> None:
    for kind in (FailureKind.TIMEOUT, FailureKind.CONNECTION, FailureKind.DNS):
        assert series(failed(kind), 12)[-1] == 4 * HOUR


def test_a_feed_dead_for_two_months_is_probed_monthly_and_comes_back_at_once() -> None:
    feed, now, month = polled(), NOON + HOUR, timedelta(days=30)
    while now < NOON + timedelta(days=59):
        feed = polled(feed, failed(FailureKind.NOT_FOUND), now=now)
        assert wait(feed) <= CADENCE.longest
        now = feed.next_poll_at or now
    feed = polled(feed, failed(FailureKind.NOT_FOUND), now=NOON + timedelta(days=61))
    assert wait(feed) == month
    assert "once a month" in feed.next_poll_reason
    assert wait(polled(feed, now=feed.next_poll_at or NOON)) < HOUR


def test_our_own_long_sleep_condemns_no_feed() -> None:
    woken = polled(polled(), failed(FailureKind.DNS), now=NOON + timedelta(days=200))
    assert wait(woken) == 15 * MINUTE


def test_hours_and_days_to_skip_are_skipped_and_said() -> None:
    afternoon = PollHints(skip_hours=(12, 13, 14))
    feed = polled(hints=afternoon)
    assert feed.next_poll_at == NOON + 3 * HOUR
    assert "skipHours" in feed.next_poll_reason
    assert polled(feed, NotModified(), asked=None, now=NOON).next_poll_at == NOON + 3 * HOUR  # remembered
    monday = PollHints(skip_days=(0,))  # NOON is one
    assert polled(hints=monday).next_poll_at == datetime(2024, 12, 17, tzinfo=UTC)
    weekend = polled(hints=PollHints(skip_days=(0, 1, 2, 3, 4)))
    assert wait(weekend) == CADENCE.longest  # a wish beyond the operator's longest wait is cut
    assert wait(polled(hints=PollHints(skip_hours=tuple(range(24))))) < HOUR  # every hour: meant nothing by it


def moved(to: str | None) -> NotModified:
    return NotModified(moved_to=to)


def test_a_permanent_redirect_is_adopted_after_a_week_without_a_break() -> None:
    there, day = "https://new.test/rss", timedelta(days=1)
    feed = polled(outcome=moved(there))
    assert (feed.url, feed.moved_to, feed.moved_since_at) == (FEED.url, there, NOON)
    feed = polled(feed, moved(there), now=NOON + 6 * day)
    assert feed.url == FEED.url
    adopted = polled(feed, moved(there), now=NOON + 7 * day)
    assert (adopted.id, adopted.url, adopted.moved_to) == (FEED.id, there, None)
    assert "new address" in adopted.next_poll_reason
    broken = polled(polled(feed, moved(None), now=NOON + 6 * day), moved(there), now=NOON + 7 * day)
    assert (broken.url, broken.moved_since_at) == (FEED.url, NOON + 7 * day)
    elsewhere = polled(feed, moved("https://other.test/rss"), now=NOON + 7 * day)
    assert (elsewhere.url, elsewhere.moved_since_at) == (FEED.url, NOON + 7 * day)


def test_no_redirect_leads_away_from_https_for_good() -> None:
    assert polled(outcome=moved("http://news.test/rss")).moved_to is None


def test_items_a_day_settle_at_the_rate_of_the_feed_and_the_first_poll_does_not_count() -> None:
    feed = polled(new=500)
    assert feed.items_per_day == 0
    for hour in range(1, 24 * 30):
        feed = polled(feed, fetched(str(hour).encode()), new=1, now=NOON + hour * HOUR)
    assert feed.items_per_day == pytest.approx(24, rel=0.05)
    for hour in range(24 * 30, 24 * 60):
        feed = polled(feed, NotModified(), now=NOON + hour * HOUR)
    assert feed.items_per_day < 1


def test_an_outage_lasts_from_the_last_success_to_the_next() -> None:
    feed = polled()
    first = polled(feed, failed(FailureKind.TLS), now=NOON + HOUR)
    second = polled(first, failed(FailureKind.TIMEOUT), now=NOON + 2 * HOUR)
    back = polled(second, now=NOON + 3 * HOUR)
    assert outages_of(replace(feed, next_poll_at=NOON), feed) == ()
    (begun,), (lasting,), (over,) = (
        outages_of(feed, first),
        outages_of(first, second),
        outages_of(second, back),
    )
    assert (begun.began_at, begun.ended_at, begun.error_class) == (NOON, None, "tls")
    assert (lasting.began_at, lasting.ended_at, lasting.error_class) == (NOON, None, "timeout")
    assert (over.began_at, over.ended_at) == (NOON, NOON + 3 * HOUR)
    assert outages_of(back, polled(back, now=NOON + 3.3 * HOUR)) == ()


def test_a_time_in_which_we_did_not_poll_is_an_outage_of_ours() -> None:
    feed = polled()
    (gap,) = outages_of(feed, polled(feed, now=NOON + 48 * HOUR))
    assert (gap.began_at, gap.ended_at, gap.error_class) == (NOON, NOON + 48 * HOUR, "not_polled")


def test_a_host_that_limits_us_is_left_alone_as_a_whole_for_a_day_at_most() -> None:
    wish = host_wait_of(FEED, failed(FailureKind.RATE_LIMITED, 2 * HOUR), NOON)
    assert wish is not None
    assert (wish.host, wish.until_at) == ("https://news.test:443", NOON + 2 * HOUR)
    long = host_wait_of(FEED, failed(FailureKind.RATE_LIMITED, 900 * HOUR), NOON)
    assert long is not None
    assert long.until_at == NOON + 24 * HOUR
    for outcome in (failed(FailureKind.RATE_LIMITED), failed(FailureKind.HTTP, HOUR), fetched()):
        assert host_wait_of(FEED, outcome, NOON) is None


@given(st.floats(-1, 1), st.lists(st.timedeltas(-timedelta(days=2), timedelta(days=2)), max_size=20))
def test_whatever_the_clock_does_the_next_poll_is_within_bounds_from_now(jitter: float, jumps: list[timedelta]) -> None:
    feed, now = FEED, NOON
    for jump in jumps:
        now += jump
        feed = polled(feed, now=now, jitter=jitter)
        assert CADENCE.shortest <= wait(feed) <= CADENCE.longest
        assert feed.items_per_day >= 0
