"""What every Store promises about feeds: who is due, what the feed file may change, outages, yields."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import (
    MINUTE,
    NOON,
    a_decision,
    a_feed,
    a_poll,
    an_entry,
)
from contract.saving import spec, the_feed

from service.core.ids import feed_id
from service.core.model import (
    FeedState,
    FeedYield,
    HostWait,
    Outage,
    Outcome,
    PollHints,
    PollWrite,
)
from service.ports import Store


async def test_a_feed_added_twice_is_there_once_and_counted_once(store: Store) -> None:
    assert await store.add_feeds([spec("a"), spec("b"), spec("a", title="again")], NOON) == 2
    assert await store.add_feeds([spec("b"), spec("c")], NOON) == 1
    assert [feed.title for feed in await store.feeds()] == ["a", "b", "c"]


async def test_a_new_feed_is_active_and_due_at_once(store: Store) -> None:
    await store.add_feeds([spec("a", lang="ar", pole="gulf", source="api")], NOON)
    feed = await the_feed(store, "a")
    assert (feed.state, feed.next_poll_at, feed.first_success_at) == (FeedState.ACTIVE, NOON, None)
    assert (feed.lang, feed.pole, feed.source) == ("ar", "gulf", "api")
    assert await store.due_feeds(NOON, 10) == [feed.id]


async def test_an_unknown_feed_is_none(store: Store) -> None:
    assert await store.feed("f-000000000000") is None


async def test_feeds_are_ordered_by_title_and_id(store: Store) -> None:
    await store.add_feeds([spec("z", title="same"), spec("y", title="same"), spec("b", title="first")], NOON)
    feeds = await store.feeds()
    assert [(feed.title, feed.id) for feed in feeds] == sorted((feed.title, feed.id) for feed in feeds)
    assert feeds[0].title == "first"


async def test_feeds_are_read_on_in_order_of_id_without_those_deleted_by_hand(store: Store) -> None:
    await store.add_feeds([spec(name) for name in "edcba"], NOON)
    await store.delete_feed(feed_id("https://c.example/rss"))
    wanted = sorted(feed.id for feed in await store.feeds())

    first = await store.feeds_after("", 3)
    rest = await store.feeds_after(first[-1].id, 3)
    assert [feed.id for feed in (*first, *rest)] == wanted
    assert await store.feeds_after(wanted[-1], 3) == []
    assert len(first) == 3


async def test_due_feeds_come_most_overdue_first_and_only_when_due(store: Store) -> None:
    for name, wait in (("a", -1), ("b", -3), ("c", 1), ("d", -2)):
        await store.add_feeds([spec(name)], NOON)
        await store.save_poll(
            a_poll(feed=replace(await the_feed(store, name), next_poll_at=NOON + wait * MINUTE), entries=())
        )
    expected = [(await the_feed(store, name)).id for name in ("b", "d", "a")]
    assert await store.due_feeds(NOON, 10) == expected
    assert await store.due_feeds(NOON, 2) == expected[:2]
    assert await store.due_feeds(NOON, 10, expected[1][:6]) == expected[1:2]
    assert await store.due_feeds(NOON, 10, "f-_") == []


async def test_plans_follow_a_clock_that_was_set_back(store: Store) -> None:
    ahead = NOON + 1440 * MINUTE
    feed = a_feed(last_attempt_at=ahead, last_success_at=ahead, next_poll_at=ahead + 7 * MINUTE)
    paused = a_feed(url="https://paused.example/", state=FeedState.PAUSED, next_poll_at=ahead)
    for each in (feed, paused):
        await store.save_poll(a_poll(feed=each, entries=()))
    assert await store.follow_clock(NOON, 15 * MINUTE) == 1
    assert await store.due_feeds(NOON + 7 * MINUTE, 9) == [feed.id]
    assert await store.due_feeds(NOON + 6 * MINUTE, 9) == []
    assert await store.follow_clock(NOON, 15 * MINUTE) == 0


async def test_a_feed_that_was_never_scheduled_is_due(store: Store) -> None:
    await store.save_poll(a_poll(feed=a_feed(next_poll_at=None)))
    assert await store.due_feeds(NOON, 10) == [a_feed().id]


@pytest.mark.parametrize("state", [FeedState.PAUSED, FeedState.GONE])
async def test_only_active_feeds_are_due(store: Store, state: FeedState) -> None:
    await store.save_poll(a_poll(feed=a_feed(state=state)))
    assert await store.due_feeds(NOON + MINUTE, 10) == []


async def test_a_feed_that_leaves_the_file_is_paused_and_keeps_its_history(store: Store) -> None:
    await store.sync_feeds([spec("a"), spec("b")], NOON)
    await store.save_poll(a_poll(feed=replace(await the_feed(store, "a"), polls=7, etag='"x"'), entries=()))
    await store.sync_feeds([spec("b")], NOON)
    feed = await the_feed(store, "a")
    assert (feed.state, feed.next_poll_reason) == (FeedState.PAUSED, "left the feeds file")
    assert (feed.polls, feed.etag) == (7, '"x"')


async def test_a_feed_that_returns_to_the_file_resumes_with_its_new_title(store: Store) -> None:
    await store.sync_feeds([spec("a")], NOON)
    await store.sync_feeds([], NOON)
    await store.sync_feeds([spec("a", title="renamed", lang="ru", pole="east")], NOON)
    feed = await the_feed(store, "a")
    assert (feed.state, feed.title, feed.lang, feed.pole) == (FeedState.ACTIVE, "renamed", "ru", "east")
    assert feed.next_poll_reason != "left the feeds file"


async def test_returning_to_the_file_does_not_cut_a_running_back_off_short(store: Store) -> None:
    await store.sync_feeds([spec("a")], NOON)
    later = NOON + 60 * MINUTE
    await store.save_poll(a_poll(feed=replace(await the_feed(store, "a"), next_poll_at=later, failures=3), entries=()))
    await store.sync_feeds([], NOON)
    await store.sync_feeds([spec("a")], NOON)
    assert (await the_feed(store, "a")).next_poll_at == later


@pytest.mark.parametrize(
    ("state", "reason"), [(FeedState.PAUSED, "switched off by hand"), (FeedState.GONE, "the feed is gone (410)")]
)
async def test_the_file_does_not_wake_a_feed_that_it_did_not_pause(store: Store, state: FeedState, reason: str) -> None:
    await store.sync_feeds([spec("a")], NOON)
    stopped = replace(await the_feed(store, "a"), state=state, next_poll_reason=reason)
    await store.save_poll(a_poll(feed=stopped, entries=()))
    await store.sync_feeds([spec("a")], NOON)
    assert await the_feed(store, "a") == stopped
    await store.sync_feeds([], NOON)
    assert await the_feed(store, "a") == stopped


@pytest.mark.parametrize("source", ["command", "api"])
async def test_the_file_leaves_feeds_from_elsewhere_alone(store: Store, source: str) -> None:
    await store.add_feeds([spec("a", source=source)], NOON)
    before = await the_feed(store, "a")
    await store.sync_feeds([spec("a", title="other")], NOON)
    assert await the_feed(store, "a") == before
    await store.sync_feeds([], NOON)
    assert await the_feed(store, "a") == before


async def test_a_feed_paused_during_its_poll_stays_paused(store: Store) -> None:
    await store.sync_feeds([spec("a")], NOON)
    polling = await the_feed(store, "a")
    await store.sync_feeds([], NOON)
    await store.save_poll(a_poll(feed=replace(polling, polls=1, next_poll_reason="cadence"), entries=()))
    feed = await the_feed(store, "a")
    assert (feed.state, feed.polls) == (FeedState.PAUSED, 1)
    await store.sync_feeds([spec("a")], NOON)
    assert (await the_feed(store, "a")).state == FeedState.ACTIVE


async def test_a_paused_feed_can_be_switched_on_again(store: Store) -> None:
    await store.save_poll(a_poll(feed=a_feed(state=FeedState.PAUSED)))
    await store.save_poll(a_poll(feed=a_feed(state=FeedState.ACTIVE)))
    assert await store.due_feeds(NOON, 10) == [a_feed().id]


async def test_poll_state_comes_back_as_it_was_saved(store: Store) -> None:
    feed = a_feed(
        pole="independent",
        source="command",
        state=FeedState.GONE,
        etag='W/"é"',
        last_modified="Sat, 01 Feb 2025 12:00:00 GMT",
        body_hash="abc",
        last_attempt_at=NOON,
        last_success_at=NOON - MINUTE,
        first_success_at=NOON - 2 * MINUTE,
        next_poll_at=NOON + MINUTE,
        next_poll_reason="Retry-After",
        failures=3,
        error_class="timeout",
        error="It took too long.",
        entries_seen=5,
        polls=9,
        hints=PollHints(wait=90 * MINUTE, skip_hours=(0, 23), skip_days=(5, 6)),
        failing_since_at=NOON - MINUTE,
        moved_to="https://new.example/rss",
        moved_since_at=NOON,
        items_per_day=0.1,
    )
    await store.save_poll(a_poll(feed=feed, entries=()))
    assert await store.feed(feed.id) == feed


async def test_a_host_that_wants_a_pause_gets_it_for_all_its_feeds_and_no_others(store: Store) -> None:
    specs = [spec("a", url=f"https://one.example/{name}") for name in "abc"]
    others = [spec("b", url="https://two.example/a"), spec("c", url="http://one.example/a")]
    await store.add_feeds([*specs, *others], NOON)
    late = a_feed(url="https://one.example/d", next_poll_at=NOON + 90 * MINUTE)
    paused = a_feed(url="https://one.example/e", state=FeedState.PAUSED)
    for feed in (late, paused):
        await store.save_poll(a_poll(feed=feed, entries=()))
    limited = a_feed(url=specs[0].url, next_poll_at=NOON + 120 * MINUTE)
    wait = HostWait(host="https://one.example:443", until_at=NOON + 60 * MINUTE, reason="leave me alone")
    await store.save_poll(PollWrite(feed=limited, host_wait=wait))
    planned = {feed.url: feed.next_poll_at for feed in await store.feeds()}
    assert planned == {
        specs[0].url: NOON + 120 * MINUTE,
        specs[1].url: NOON + 60 * MINUTE,
        specs[2].url: NOON + 60 * MINUTE,
        others[0].url: NOON,
        others[1].url: NOON,
        late.url: NOON + 90 * MINUTE,
        paused.url: NOON,
    }
    assert {feed.next_poll_reason for feed in await store.feeds() if feed.url == specs[1].url} == {"leave me alone"}


async def test_outages_are_told_apart_by_their_beginning_and_brought_up_to_date(store: Store) -> None:
    feed = a_feed()
    first = Outage(feed_id=feed.id, began_at=NOON, ended_at=None, error_class="dns", error="no such name")
    ended = replace(first, ended_at=NOON + MINUTE, error_class="tls", error="no certificate")
    second = replace(first, began_at=NOON + 9 * MINUTE)
    await store.save_poll(PollWrite(feed=feed, outages=(first,)))
    assert await store.outages(NOON + 500 * MINUTE, 9) == [first]
    await store.save_poll(PollWrite(feed=feed, outages=(ended,)))
    await store.save_poll(PollWrite(feed=feed, outages=(second,)))
    assert await store.outages(NOON + MINUTE, 9) == [second, ended]
    assert await store.outages(NOON + MINUTE, 1) == [second]
    assert await store.outages(NOON + 2 * MINUTE, 9) == [second]


async def test_a_feed_yields_what_its_relevant_entries_became(store: Store) -> None:
    entries = [an_entry(f"guid-{number}") for number in range(4)]
    other = an_entry("x", feed_id="f-other")
    await store.save_poll(a_poll(*entries))
    await store.save_poll(a_poll(other, feed=a_feed(id="f-other", url="https://other.example/rss")))
    outcomes = [Outcome.DELTA, Outcome.REPEAT, Outcome.REPEAT, Outcome.CONTEXT, Outcome.DELTA]
    decisions = [
        a_decision(entry=entry.id, entry_seq=seq, outcome=outcome)
        for seq, (entry, outcome) in enumerate(zip([*entries, other], outcomes, strict=True), 1)
    ]
    await store.save_matches("key", 5, decisions)
    assert await store.feed_yields() == {
        entries[0].feed_id: FeedYield(deltas=1, repeats=2),
        "f-other": FeedYield(deltas=1, repeats=0),
    }
