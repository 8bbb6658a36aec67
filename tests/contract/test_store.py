"""What every Store promises, whichever database is behind it. A new backend is one more entry of BACKENDS."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from builders import (
    ENTRY,
    MINUTE,
    NOON,
    STORY,
    a_comparison,
    a_decision,
    a_delta,
    a_development,
    a_fact,
    a_feed,
    a_judgement,
    a_mention,
    a_poll,
    a_regrouping,
    an_entry,
    an_entry_write,
)

from service.core.cadence import REASON_HOST
from service.core.errors import Stale, StorageError
from service.core.ids import feed_id
from service.core.model import (
    Comparison,
    DeltaType,
    Feed,
    FeedSpec,
    FeedState,
    FeedYield,
    HostWait,
    KeptStory,
    Outage,
    Outcome,
    PollHints,
    PollWrite,
)
from service.ports import DeltaFilter, Store
from service.storage.postgres import PostgresStore
from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from postgres_server import Databases


class Backend(Protocol):
    def __call__(self, request: pytest.FixtureRequest) -> AbstractAsyncContextManager[Store]: ...


@asynccontextmanager
async def sqlite_file(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    folder: Path = request.getfixturevalue("tmp_path")
    store = await SqliteStore.open(folder / "ledger.db", now=lambda: NOON)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def sqlite_memory(request: pytest.FixtureRequest) -> AsyncIterator[Store]:  # noqa: ARG001 (a Backend is given it)
    store = await SqliteStore.open(":memory:", now=lambda: NOON)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def postgres(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    databases: Databases = request.getfixturevalue("postgres")
    with databases.database() as url:
        store = await PostgresStore.open(url)
        try:
            yield store
        finally:
            await store.close()


BACKENDS: dict[str, Backend] = {"sqlite-file": sqlite_file, "sqlite-memory": sqlite_memory, "postgres": postgres}


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    async with BACKENDS[request.param](request) as opened:
        yield opened


def spec(name: str, **over: Any) -> FeedSpec:
    values: dict[str, Any] = {"url": f"https://{name}.example/rss", "title": name}
    return FeedSpec(**values | over)


async def the_feed(store: Store, name: str) -> Feed:
    feed = await store.feed(feed_id(f"https://{name}.example/rss"))
    assert feed is not None
    return feed


async def save_entries(store: Store, count: int) -> list[str]:
    entries = [an_entry(f"guid-{number}") for number in range(1, count + 1)]
    await store.save_poll(a_poll(*entries))
    return [entry.id for entry in entries]


async def save_deltas(store: Store, *deltas: dict[str, Any]) -> None:
    """Append one delta per dict of overrides, each from an entry of its own."""
    ids = await save_entries(store, len(deltas))
    await store.save_comparisons(
        [
            a_comparison(
                decision=a_decision(entry=entry, entry_seq=seq),
                delta=a_delta(entry=entry, **over),
                development=a_development(first_entry=entry),
            )
            for seq, (entry, over) in enumerate(zip(ids, deltas, strict=True), start=1)
        ]
    )


# --- feeds -------------------------------------------------------------------------------


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


# --- ingest ------------------------------------------------------------------------------


async def test_an_entry_comes_back_as_it_was_saved_with_its_seq(store: Store) -> None:
    entry = an_entry(
        title="Хмеймим: «ушли»?\n\U0001f6a2", pole="east", published_at=None, date_only=True, clamped=True, backlog=True
    )
    assert await store.save_poll(a_poll(entry)) == 1
    assert await store.entry(entry.id) == replace(entry, seq=1)


async def test_an_entry_seen_twice_is_stored_once(store: Store) -> None:
    assert await store.save_poll(a_poll(an_entry(), an_entry("guid-2"))) == 2
    assert await store.save_poll(a_poll(an_entry(title="other text"), an_entry("guid-3"))) == 1
    assert [entry.seq for entry in await store.unmatched_entries("x", 10)] == sorted(
        entry.seq for entry in await store.unmatched_entries("x", 10)
    )
    stored = await store.entry(ENTRY)
    assert stored is not None
    assert stored.title == an_entry().title


async def test_a_poll_without_entries_saves_the_feed(store: Store) -> None:
    assert await store.save_poll(a_poll(feed=a_feed(polls=4), entries=())) == 0
    assert await store.feed(a_feed().id) == a_feed(polls=4)


async def test_revisions_are_all_kept_and_the_newest_is_the_default(store: Store) -> None:
    first, second = an_entry(), an_entry(revision=2, title="Navy leaves both harbours", seen_at=NOON + MINUTE)
    await store.save_poll(a_poll(first))
    await store.save_poll(a_poll(second))
    assert await store.revisions(ENTRY) == [replace(first, seq=1), replace(second, seq=2)]
    assert await store.entry(ENTRY) == replace(second, seq=2)
    assert await store.entry(ENTRY, 1) == replace(first, seq=1)
    assert await store.entry(ENTRY, 3) is None
    assert await store.entry("e-none") is None
    assert await store.revisions("e-none") == []


async def test_known_entries_answers_by_every_key_the_feed_has_shown(store: Store) -> None:
    await store.save_poll(a_poll(entries=(an_entry_write(an_entry(), keys=("guid-1", "https://x/1")),)))
    known = await store.known_entries(a_feed().id, ["guid-1", "https://x/1", "guid-9"])
    assert set(known) == {"guid-1", "https://x/1"}
    assert known["guid-1"] == known["https://x/1"]
    assert (known["guid-1"].id, known["guid-1"].revision, known["guid-1"].first_seen_at) == (ENTRY, 1, NOON)


async def test_keys_belong_to_their_feed(store: Store) -> None:
    await store.save_poll(a_poll(entries=(an_entry_write(keys=("1",)),)))
    await store.add_feeds([spec("other")], NOON)
    assert await store.known_entries((await the_feed(store, "other")).id, ["1"]) == {}


async def test_a_key_keeps_its_entry(store: Store) -> None:
    second = an_entry("guid-2")
    await store.save_poll(a_poll(entries=(an_entry_write(keys=("shared",)),)))
    await store.save_poll(a_poll(entries=(an_entry_write(second, keys=("shared", "own")),)))
    known = await store.known_entries(a_feed().id, ["shared", "own"])
    assert {key: entry.id for key, entry in known.items()} == {"shared": ENTRY, "own": second.id}


async def test_a_poll_can_add_keys_to_entries_already_known(store: Store) -> None:
    await store.save_poll(a_poll())
    await store.save_poll(a_poll(entries=(), keys=(("new key", ENTRY),)))
    assert (await store.known_entries(a_feed().id, ["new key"]))["new key"].id == ENTRY


async def test_a_known_entry_tells_the_hash_of_its_newest_stored_text(store: Store) -> None:
    first, second = an_entry(), an_entry(revision=2, title="new", first_seen_at=NOON + MINUTE, backlog=True)
    await store.save_poll(a_poll(first))
    await store.save_poll(a_poll(second))
    await store.save_poll(a_poll(an_entry(revision=2, title="told again with other text")))
    known = (await store.known_entries(a_feed().id, [ENTRY]))[ENTRY]
    assert (known.revision, known.content_hash) == (2, an_entry_write(second).content_hash)
    assert (known.first_seen_at, known.backlog) == (NOON, False)


async def test_a_poll_that_fails_half_way_leaves_nothing_behind(store: Store) -> None:
    broken = an_entry("guid-2", title="\ud800 cannot be stored")
    with pytest.raises(StorageError):
        await store.save_poll(a_poll(an_entry(), broken, feed=a_feed(polls=1)))
    assert await store.feed(a_feed().id) is None
    assert await store.entry(ENTRY) is None
    assert await store.save_poll(a_poll()) == 1


@pytest.mark.parametrize("query", ["NORTHERN", "Хмеймим", "ХМЕЙМИМ", "100%", "a_b", "last ships"])
async def test_search_finds_text_in_title_or_summary_whatever_its_case(store: Store, query: str) -> None:
    wanted = an_entry(title="northern 100% a_b", summary="The last ships left Хмеймим.")
    await store.save_poll(a_poll(wanted, an_entry("guid-2", title="1000 axb", summary="Nothing.")))
    assert [entry.id for entry in await store.search_entries(query, 0, 10)] == [wanted.id]


async def test_search_sees_newest_revisions_only(store: Store) -> None:
    await store.save_poll(a_poll(an_entry(title="old words")))
    await store.save_poll(a_poll(an_entry(revision=2, title="new words")))
    assert await store.search_entries("old words", 0, 10) == []
    assert [entry.revision for entry in await store.search_entries("new words", 0, 10)] == [2]


async def test_search_pages_ascending_and_visits_every_hit_once(store: Store) -> None:
    ids = await save_entries(store, 7)
    seen: list[str] = []
    after = 0
    while page := await store.search_entries("harbour", after, 3):
        seen += [entry.id for entry in page]
        after = page[-1].seq
    assert seen == ids


# --- match -------------------------------------------------------------------------------


async def test_a_match_cursor_that_was_never_set_begins_at_the_start(store: Store) -> None:
    ids = await save_entries(store, 3)
    assert [entry.id for entry in await store.unmatched_entries("stories-1", 2)] == ids[:2]


async def test_matching_goes_on_after_the_cursor_and_each_name_has_its_own(store: Store) -> None:
    ids = await save_entries(store, 3)
    await store.save_matches("stories-1", 2, [])
    assert [entry.id for entry in await store.unmatched_entries("stories-1", 10)] == ids[2:]
    assert [entry.id for entry in await store.unmatched_entries("stories-2", 10)] == ids


async def test_a_match_cursor_never_goes_back(store: Store) -> None:
    await save_entries(store, 3)
    await store.save_matches("stories-1", 3, [])
    await store.save_matches("stories-1", 1, [])
    assert await store.unmatched_entries("stories-1", 10) == []


async def test_a_decision_comes_back_as_it_was_saved(store: Store) -> None:
    await save_entries(store, 2)
    full = a_decision(
        outcome=Outcome.REPEAT,
        type=DeltaType.UPDATE,
        delta="d-1",
        development="v-1",
        duplicate_of="e-1",
        origin="officials",
        novelty=0.25,
        trace='{"x":1}',
    )
    await store.save_matches("s", 1, [full])
    assert await store.decision(STORY, ENTRY) == full
    assert await store.decision(STORY, ENTRY, 1) == full
    assert await store.decision("other", ENTRY) is None
    assert await store.decision(STORY, ENTRY, 2) is None


async def test_a_decision_already_there_is_left_as_it_is(store: Store) -> None:
    await save_entries(store, 1)
    await store.save_matches("s", 1, [a_decision(score=0.9)])
    await store.save_matches("s", 1, [a_decision(score=0.1)])
    assert await store.decision(STORY, ENTRY) == a_decision(score=0.9)


async def test_the_newest_decided_revision_is_the_default(store: Store) -> None:
    await store.save_poll(a_poll(an_entry(), an_entry(revision=2)))
    await store.save_matches("s", 2, [a_decision(revision=2, entry_seq=2), a_decision()])
    decision = await store.decision(STORY, ENTRY)
    assert decision is not None
    assert decision.revision == 2


# --- compare -----------------------------------------------------------------------------


async def test_pending_decisions_come_in_order_of_arrival_with_their_revision(store: Store) -> None:
    await store.save_poll(a_poll(an_entry(), an_entry("guid-2"), an_entry(revision=2, title="second")))
    second = an_entry("guid-2").id
    await store.save_matches(
        "s",
        3,
        [
            a_decision(revision=2, entry_seq=3),
            a_decision(entry=second, entry_seq=2, outcome=Outcome.REJECTED),
            a_decision(),
            a_decision(story="other"),
        ],
    )
    waiting = await store.pending(STORY, 10)
    assert [(decision.entry_seq, entry.seq, entry.title) for decision, entry in waiting] == [
        (1, 1, an_entry().title),
        (3, 3, "second"),
    ]
    assert [decision.entry_seq for decision, _ in await store.pending(STORY, 1)] == [1]


async def test_a_compared_decision_is_no_longer_pending(store: Store) -> None:
    await save_entries(store, 1)
    await store.save_matches("s", 1, [a_decision()])
    await store.save_comparisons([a_comparison()])
    assert await store.pending(STORY, 10) == []
    decision = await store.decision(STORY, ENTRY)
    assert decision is not None
    assert (decision.outcome, decision.delta) == (Outcome.DELTA, a_delta().id)


async def test_a_comparison_of_an_entry_without_stored_match_is_stored(store: Store) -> None:
    await save_entries(store, 1)
    await store.save_comparisons([a_comparison()])
    assert await store.decision(STORY, ENTRY) == a_comparison().decision


async def test_traces_come_in_the_order_of_comparison(store: Store) -> None:
    ids = await save_entries(store, 4)
    order = [2, 0, 3, 1]
    decisions = [a_decision(entry=ids[index], entry_seq=index + 1, outcome=Outcome.REPEAT) for index in order]
    await store.save_matches("s", 4, [replace(decision, outcome=Outcome.PENDING) for decision in reversed(decisions)])
    await store.save_comparisons([Comparison(decision=decision) for decision in decisions[:2]])
    await store.save_comparisons([Comparison(decision=decision) for decision in decisions[2:]])
    await store.save_comparisons([Comparison(decision=decisions[0])])  # a repeated step keeps the order
    assert await store.traces(STORY, NOON) == decisions


async def test_traces_hold_only_recent_relevant_deltas_and_repeats(store: Store) -> None:
    ids = await save_entries(store, 6)
    kept = a_decision(entry=ids[0], outcome=Outcome.DELTA)
    others = [
        a_decision(entry=ids[1], outcome=Outcome.CONTEXT),
        a_decision(entry=ids[2], outcome=Outcome.REJECTED, relevant=False),
        a_decision(entry=ids[3], outcome=Outcome.REPEAT, decided_at=NOON - MINUTE),
        a_decision(entry=ids[4], outcome=Outcome.REPEAT, story="other"),
    ]
    await store.save_comparisons([Comparison(decision=decision) for decision in (*others, kept)])
    await store.save_matches("s", 6, [a_decision(entry=ids[5])])
    assert await store.traces(STORY, NOON) == [kept]


async def test_a_delta_comes_back_as_it_was_saved_with_its_seq(store: Store) -> None:
    await save_entries(store, 1)
    await store.save_comparisons([a_comparison()])
    assert await store.delta(a_delta().id) == a_delta(seq=1)
    assert await store.delta("d-none") is None


async def test_a_delta_saved_twice_is_there_once_and_unchanged(store: Store) -> None:
    await save_entries(store, 1)
    await store.save_comparisons([a_comparison(facts=(a_fact(),))])
    await store.save_comparisons([a_comparison(delta=a_delta(line="other"), facts=(a_fact(statement="other"),))])
    assert await store.deltas_after(STORY, 0, 10, DeltaFilter()) == [a_delta(seq=1)]
    assert await store.facts(STORY) == [a_fact()]


async def test_comparisons_are_committed_all_or_none(store: Store) -> None:
    await save_entries(store, 2)
    before = await store.ledger_state(STORY)
    with pytest.raises(StorageError):
        await store.save_comparisons([a_comparison(), a_comparison(decision=a_decision(entry="e-unknown"))])
    assert await store.delta(a_delta().id) is None
    assert await store.development(a_development().id) is None
    assert await store.ledger_state(STORY) == before


async def test_a_development_is_kept_in_its_latest_state(store: Store) -> None:
    await save_entries(store, 2)
    await store.save_comparisons([a_comparison()])
    grown = a_development(last_at=NOON + MINUTE, reports=2, outlets=("A", "Ö"), origins=("officials", "navy"))
    await store.save_comparisons([a_comparison(delta=None, development=grown)])
    assert await store.development(grown.id) == grown
    assert await store.developments(STORY, 10) == [grown]
    assert await store.development("v-none") is None


async def test_facts_come_oldest_first_and_by_story(store: Store) -> None:
    await save_entries(store, 1)
    facts = (a_fact(id="z"), a_fact(id="a"), a_fact(id="z", delta="d-later", statement="Changed again."))
    await store.save_comparisons([a_comparison(facts=facts)])
    assert await store.facts(STORY) == list(facts)
    assert await store.facts("other") == []


async def test_a_poll_that_another_overtook_is_refused_and_writes_nothing(store: Store) -> None:
    await store.save_poll(a_poll(feed=a_feed(polls=4, etag='"new"'), entries=()))
    late = replace(a_poll(feed=a_feed(polls=4, etag='"old"')), began=3)
    with pytest.raises(Stale):
        await store.save_poll(late)
    assert await store.feed(a_feed().id) == a_feed(polls=4, etag='"new"')
    assert await store.entry(ENTRY) is None
    assert await store.save_poll(replace(late, feed=a_feed(polls=5), began=4)) == 1


async def test_a_poll_of_a_feed_that_is_not_there_yet_counts(store: Store) -> None:
    assert await store.save_poll(replace(a_poll(feed=a_feed(polls=1)), began=0)) == 1


async def test_a_comparison_made_without_knowing_the_last_one_is_refused_and_writes_nothing(store: Store) -> None:
    ids = await save_entries(store, 2)
    known = (await store.ledger_state(STORY)).compared
    await store.save_comparisons([a_comparison()], base=known)
    before = await store.ledger_state(STORY)
    assert before.compared == known + 1
    late = a_comparison(decision=a_decision(entry=ids[1], entry_seq=2), delta=a_delta(entry=ids[1]))
    with pytest.raises(Stale):
        await store.save_comparisons([late], base=known)
    assert await store.ledger_state(STORY) == before
    assert await store.decision(STORY, ids[1]) is None
    await store.save_comparisons([late], base=before.compared)
    assert [delta.seq for delta in await store.deltas_after(STORY, 0, 10, DeltaFilter())] == [1, 2]


async def test_comparing_one_story_leaves_what_is_known_of_another_current(store: Store) -> None:
    await save_entries(store, 1)
    other = a_comparison(decision=a_decision(story="other"), delta=None, development=None)
    await store.save_comparisons([other], base=0)
    await store.save_comparisons([a_comparison()], base=0)
    assert [(await store.ledger_state(story)).compared for story in (STORY, "other")] == [1, 1]


# --- feedback ----------------------------------------------------------------------------


async def test_judgements_come_back_as_they_were_saved_oldest_first(store: Store) -> None:
    ids = await save_entries(store, 3)
    saved = [
        a_judgement(entry=ids[0], judged_at=NOON + MINUTE, note="«Not this base»\U0001f6a2"),
        a_judgement(entry=ids[1], relevant=True),
        a_judgement(entry=ids[2], judged_at=NOON + 2 * MINUTE),
    ]
    for judgement in (*saved, a_judgement(story="other")):
        await store.save_judgement(judgement)
    assert await store.judgements(STORY) == [saved[1], saved[0], saved[2]]
    assert await store.judgements("none") == []


async def test_a_later_judgement_replaces_the_earlier_one_on_the_entry(store: Store) -> None:
    await store.save_poll(a_poll(an_entry(), an_entry(revision=2)))
    await store.save_judgement(a_judgement(note="first"))
    later = a_judgement(relevant=True, note="second", revision=2, judged_at=NOON + MINUTE)
    await store.save_judgement(later)
    assert await store.judgements(STORY) == [later]


async def test_a_judgement_on_an_unknown_entry_is_refused(store: Store) -> None:
    with pytest.raises(StorageError):
        await store.save_judgement(a_judgement(entry="e-none"))
    assert await store.judgements(STORY) == []


@pytest.mark.parametrize(
    ("outcome", "relevant", "waits_for_no", "waits_for_yes"),
    [
        (None, False, False, True),
        (Outcome.REJECTED, False, False, True),
        (Outcome.CONTEXT, False, False, True),
        (Outcome.CONTEXT, True, True, True),
        (Outcome.PENDING, True, True, False),
        (Outcome.REPEAT, True, True, False),
        (Outcome.DELTA, True, True, False),
    ],
)
async def test_a_judgement_waits_as_long_as_the_decision_does_not_follow_it(
    store: Store, outcome: Outcome | None, *, relevant: bool, waits_for_no: bool, waits_for_yes: bool
) -> None:
    await save_entries(store, 1)
    if outcome is not None:
        await store.save_matches("s", 1, [a_decision(outcome=outcome, relevant=relevant)])
    for judged, waits in ((False, waits_for_no), (True, waits_for_yes)):
        judgement = a_judgement(relevant=judged)
        await store.save_judgement(judgement)
        assert await store.judgements(STORY, waiting=True) == ([judgement] if waits else [])


@pytest.mark.parametrize(
    ("first", "second", "judged", "waits"),
    [
        (Outcome.DELTA, Outcome.REJECTED, False, True),  # what an earlier revision told stands still
        (Outcome.REJECTED, Outcome.PENDING, False, True),  # a new revision must not bring it back
        (Outcome.DELTA, Outcome.REJECTED, True, True),  # the newest revision counts
        (Outcome.REJECTED, Outcome.DELTA, True, False),
    ],
)
async def test_a_judgement_holds_for_all_revisions(
    store: Store, first: Outcome, second: Outcome, *, judged: bool, waits: bool
) -> None:
    await store.save_poll(a_poll(an_entry(), an_entry(revision=2)))
    decisions = [
        a_decision(revision=revision, entry_seq=revision, outcome=outcome, relevant=outcome is not Outcome.REJECTED)
        for revision, outcome in enumerate((first, second), start=1)
    ]
    await store.save_matches("s", 2, decisions)
    await store.save_judgement(a_judgement(relevant=judged))
    await store.save_matches("s", 2, [replace(each, story="other") for each in decisions])
    assert bool(await store.judgements(STORY, waiting=True)) is waits
    assert await store.judgements("other", waiting=True) == []


async def test_decisions_on_other_revisions_change_in_the_same_commit(store: Store) -> None:
    await store.save_poll(a_poll(an_entry(), an_entry(revision=2)))
    await store.save_comparisons([a_comparison()])
    off = {"outcome": Outcome.REJECTED, "relevant": False}
    first, second = a_decision(**off), a_decision(revision=2, entry_seq=2, **off)
    before = await store.ledger_state(STORY)
    await store.save_comparisons([Comparison(decision=second, others=(first,), by_editor=True)])
    assert [await store.decision(STORY, ENTRY, revision) for revision in (1, 2)] == [first, second]
    assert await store.traces(STORY, NOON) == []
    after = await store.ledger_state(STORY)
    assert after.version > before.version
    assert after.judged > before.judged


async def test_only_an_editors_comparison_counts_as_judged(store: Store) -> None:
    await save_entries(store, 1)
    await store.save_comparisons([a_comparison()])
    assert (await store.ledger_state(STORY)).judged == 0


async def test_orders_to_regroup_come_back_in_the_order_they_came_and_once(store: Store) -> None:
    split = a_regrouping(note="«Another convoy»\U0001f6a2", entries=("e-b", "e-a"))
    merge = a_regrouping(id="d-merge", kind="merge", entries=(), ordered_at=NOON - MINUTE)
    for order in (split, merge, replace(split, note="sent twice"), a_regrouping(id="d-other", story="other")):
        await store.save_regrouping(order)
    assert await store.regroupings(STORY) == [split, merge]
    assert await store.regroupings("none") == []


async def test_an_order_waits_until_its_delta_or_that_of_a_later_one_is_told(store: Store) -> None:
    ids = await save_entries(store, 2)
    orders = [a_regrouping(id=f"d-{place}") for place in range(4)]
    for order in orders:
        await store.save_regrouping(order)
    for place, waiting in ((0, orders[1:]), (2, orders[3:])):
        delta = a_delta(id=f"d-{place}", entry=ids[0])
        await store.save_comparisons([a_comparison(decision=a_decision(entry=ids[0]), delta=delta)])
        assert await store.regroupings(STORY) == waiting


# --- reading -----------------------------------------------------------------------------


async def test_an_empty_ledger_says_so(store: Store) -> None:
    state = await store.ledger_state(STORY)
    assert (state.seq, state.changed_at, state.version) == (0, None, 0)
    assert state.epoch
    assert state.epoch == (await store.ledger_state("other")).epoch == await store.setting("epoch", "unused")


async def test_the_ledger_state_names_the_storys_newest_delta(store: Store) -> None:
    await save_deltas(store, {}, {"created_at": NOON + 9 * MINUTE}, {"story": "other"})
    state = await store.ledger_state(STORY)
    assert (state.seq, state.changed_at) == (2, NOON + 9 * MINUTE)


async def test_the_version_moves_with_what_changes_in_the_story_and_only_then(store: Store) -> None:
    async def version() -> int:
        return (await store.ledger_state(STORY)).version

    await save_entries(store, 2)
    versions = [await version()]
    await store.save_matches("s", 1, [a_decision()])
    versions.append(await version())
    await store.save_comparisons([a_comparison()])
    versions.append(await version())
    assert versions == sorted(set(versions))
    await store.save_matches("s", 1, [a_decision(), a_decision(story="other", entry=an_entry("guid-2").id)])
    assert await version() == versions[-1]


async def test_reading_page_by_page_visits_every_delta_once_in_order(store: Store) -> None:
    await save_deltas(store, *({} for _ in range(7)))
    seen: list[int] = []
    while page := await store.deltas_after(STORY, seen[-1] if seen else 0, 3, DeltaFilter()):
        seen += [delta.seq for delta in page]
    assert seen == [1, 2, 3, 4, 5, 6, 7]


async def test_descending_begins_with_the_newest_and_goes_on_below_the_bound(store: Store) -> None:
    await save_deltas(store, *({} for _ in range(4)))
    newest = await store.deltas_after(STORY, 0, 2, DeltaFilter(), descending=True)
    older = await store.deltas_after(STORY, newest[-1].seq, 9, DeltaFilter(), descending=True)
    assert [[delta.seq for delta in page] for page in (newest, older)] == [[4, 3], [2, 1]]


@pytest.mark.parametrize(
    "where",
    [
        DeltaFilter(thread="asylum"),
        DeltaFilter(type="correction"),
        DeltaFilter(entity="harbour-north"),
        DeltaFilter(lang="ru"),
        DeltaFilter(min_score=0.95),
        DeltaFilter(thread="asylum", type="correction", entity="harbour-north", lang="ru", min_score=0.95),
    ],
)
@pytest.mark.parametrize("descending", [False, True])
async def test_each_filter_keeps_what_it_names(store: Store, where: DeltaFilter, *, descending: bool) -> None:
    wanted = {
        "threads": ("bases", "asylum"),
        "type": DeltaType.CORRECTION,
        "entities": (a_mention(), a_mention(entity="harbour-north")),
        "lang": "ru",
        "score": 0.95,
    }
    await save_deltas(store, {}, wanted, {"lang": None}, {"story": "other", **wanted})
    found = await store.deltas_after(STORY, 0, 10, where, descending=descending)
    assert [delta.seq for delta in found] == [2]
    assert await store.delta_count(STORY, where) == 1
    assert [delta.seq for delta in await store.deltas_at(STORY, 0, 10, where)] == [2]


async def test_deltas_are_counted_and_found_by_their_place(store: Store) -> None:
    await save_deltas(store, {}, {"lang": "ru"}, {"story": "other"}, {}, {"lang": "ru"})
    russian = DeltaFilter(lang="ru")
    assert [await store.delta_count(STORY, where) for where in (DeltaFilter(), russian)] == [4, 2]
    assert [delta.seq for delta in await store.deltas_at(STORY, 1, 2, DeltaFilter())] == [2, 4]
    assert [delta.seq for delta in await store.deltas_at(STORY, 1, 2, russian)] == [5]
    assert await store.deltas_at(STORY, 4, 2, DeltaFilter()) == []


async def test_filters_that_exclude_each_other_find_nothing(store: Store) -> None:
    await save_deltas(store, {"lang": "ru"}, {"threads": ("asylum",)})
    assert await store.deltas_after(STORY, 0, 10, DeltaFilter(lang="ru", thread="asylum")) == []


async def test_decisions_page_by_entry_and_filter_by_outcome_and_score(store: Store) -> None:
    ids = await save_entries(store, 4)
    rejected = {"outcome": Outcome.REJECTED, "relevant": False}
    decisions = [
        a_decision(entry=ids[0], entry_seq=1),
        a_decision(entry=ids[1], entry_seq=2, score=0.2, **rejected),
        a_decision(entry=ids[2], entry_seq=3, score=0.4, **rejected),
    ]
    await store.save_matches("s", 4, [*decisions, a_decision(entry=ids[3], entry_seq=4, story="other")])

    async def found(after: int, limit: int, **filters: Any) -> list[str]:
        rows = await store.decisions(STORY, after, limit, **filters)
        assert all(decision.entry == entry.id for decision, entry in rows)
        return [entry.id for _, entry in rows]

    assert await found(0, 10) == ids[:3]
    assert await found(1, 1) == ids[1:2]
    assert await found(0, 10, outcome="rejected") == ids[1:3]
    assert await found(0, 10, outcome="rejected", min_score=0.4) == ids[2:3]


async def test_developments_come_newest_first_strictly_before_a_given_instant(store: Store) -> None:
    ids = await save_entries(store, 3)
    saved = [a_development(first_entry=entry, last_at=NOON + index * MINUTE) for index, entry in enumerate(ids)]
    await store.save_comparisons(
        [
            a_comparison(decision=a_decision(entry=each.first_entry), delta=None, development=each)
            for each in (*saved, a_development(story="other"))
        ]
    )
    assert await store.developments(STORY, 2) == [saved[2], saved[1]]
    assert await store.developments(STORY, 10, before=saved[1].last_at) == [saved[0]]


# --- operations --------------------------------------------------------------------------


async def test_a_setting_is_fixed_at_first_use(store: Store) -> None:
    assert await store.setting("tag authority", "first.example") == "first.example"
    assert await store.setting("tag authority", "second.example") == "first.example"


async def test_a_migrated_store_passes_its_check(store: Store) -> None:
    await store.check()


async def test_calls_at_the_same_time_do_not_disturb_each_other(store: Store) -> None:
    await save_entries(store, 1)
    polls = [store.save_poll(a_poll(an_entry(f"many-{number}"))) for number in range(40)]
    reads = [store.entry(ENTRY) for _ in range(40)]
    appended, entries = await asyncio.gather(asyncio.gather(*polls), asyncio.gather(*reads))
    assert sum(appended) == 40
    assert all(entry is not None and entry.id == ENTRY for entry in entries)
    seqs = [entry.seq for entry in await store.unmatched_entries("s", 100)]
    assert seqs == sorted(set(seqs))
    assert len(seqs) == 41


async def test_a_closed_store_says_so_and_closes_twice(store: Store) -> None:
    await store.close()
    await store.close()
    with pytest.raises(StorageError, match="closed"):
        await store.feeds()
    with pytest.raises(StorageError, match="closed"):
        await store.add_feeds([], NOON)


# --- what operators change -----------------------------------------------------------------


async def test_a_deleted_feed_is_neither_polled_nor_listed_and_the_file_does_not_bring_it_back(store: Store) -> None:
    await store.sync_feeds([spec("a"), spec("b")], NOON)
    gone = feed_id("https://a.example/rss")

    assert await store.delete_feed(gone)
    assert not await store.delete_feed(gone)
    assert not await store.delete_feed("f-none")
    await store.sync_feeds([spec("a", title="again"), spec("b")], NOON)

    assert [feed.title for feed in await store.feeds()] == ["b"]
    assert [feed.state for feed in await store.feeds(deleted=True)] == [FeedState.DELETED, FeedState.ACTIVE]
    assert await store.due_feeds(NOON, 10) == [feed_id("https://b.example/rss")]
    assert (await the_feed(store, "a")).next_poll_reason == "deleted by hand"


async def test_adding_a_deleted_feed_by_hand_brings_it_back_with_its_history(store: Store) -> None:
    await store.add_feeds([spec("a", source="api")], NOON)
    kept = replace(await the_feed(store, "a"), polls=7, entries_seen=3, failures=2, next_poll_at=NOON + 9 * MINUTE)
    await store.save_poll(PollWrite(feed=kept))
    await store.delete_feed(kept.id)

    assert await store.add_feeds([spec("a", title="A again", source="command")], NOON + MINUTE) == 1
    back = await the_feed(store, "a")
    assert (back.state, back.title, back.source) == (FeedState.ACTIVE, "A again", "command")
    assert (back.polls, back.entries_seen, back.failures) == (7, 3, 0)
    assert back.next_poll_at == NOON + MINUTE


async def test_a_feed_deleted_during_its_poll_stays_deleted(store: Store) -> None:
    await store.add_feeds([spec("a")], NOON)
    polled = replace(await the_feed(store, "a"), polls=1, state=FeedState.GONE)
    await store.delete_feed(polled.id)
    await store.save_poll(PollWrite(feed=polled))
    assert (await the_feed(store, "a")).state is FeedState.DELETED


@pytest.mark.parametrize(
    ("over", "moves"),
    [
        ({}, True),
        ({"failures": 2}, False),
        ({"failures": 2, "next_poll_at": NOON}, True),
        ({"next_poll_reason": REASON_HOST}, False),
        ({"state": FeedState.PAUSED}, False),
        ({"state": FeedState.GONE}, False),
    ],
)
async def test_a_poll_by_hand_waits_for_nothing_but_a_back_off(store: Store, over: dict[str, Any], moves: bool) -> None:
    await store.add_feeds([spec("a")], NOON)
    later = NOON + 60 * MINUTE
    await store.save_poll(PollWrite(feed=replace(await the_feed(store, "a"), **{"next_poll_at": later} | over)))
    before = await the_feed(store, "a")

    assert await store.poll_now(before.id, NOON + MINUTE) is moves
    after = await the_feed(store, "a")
    assert after == (
        replace(before, next_poll_at=NOON + MINUTE, next_poll_reason="asked for by hand") if moves else before
    )


async def test_a_poll_by_hand_of_a_feed_that_is_not_there_says_so(store: Store) -> None:
    assert await store.poll_now("f-none", NOON) is False


async def test_kept_stories_come_back_as_they_were_last_kept(store: Store) -> None:
    assert await store.stories() == []
    first = KeptStory(id="b", source="api", document='{"title": "Ὀδυσσεύς"}', changed_at=NOON)
    second = KeptStory(id="a", source="file", document="{}", followed=False, changed_at=NOON + MINUTE)
    await store.save_stories([first, second])
    assert await store.stories() == [second, first]

    changed = replace(first, source="file", document="{}", followed=False, changed_at=NOON + MINUTE)
    await store.save_stories([changed])
    assert await store.stories() == [second, changed]


# --- forgetting --------------------------------------------------------------------------


async def test_what_led_to_nothing_is_forgotten_and_what_did_is_kept(store: Store) -> None:
    ids = await save_entries(store, 6)
    rejected, told, context, judged, pending, unmatched = ids
    await store.save_matches(
        "rules",
        5,
        [
            a_decision(entry=rejected, entry_seq=1, relevant=False, outcome=Outcome.REJECTED),
            a_decision(entry=told, entry_seq=2),
            a_decision(entry=context, entry_seq=3, relevant=False, outcome=Outcome.CONTEXT),
            a_decision(entry=judged, entry_seq=4, relevant=False, outcome=Outcome.REJECTED),
            a_decision(entry=pending, entry_seq=5, outcome=Outcome.PENDING),
        ],
    )
    await store.save_comparisons(
        [
            a_comparison(
                decision=a_decision(entry=told, entry_seq=2),
                delta=a_delta(entry=told),
                development=a_development(first_entry=told),
                facts=(a_fact(delta=a_delta(entry=told).id),),
            )
        ]
    )
    await store.save_judgement(a_judgement(entry=judged))

    assert await store.age_out("rules", NOON, 100) == 0  # nothing is old yet
    assert await store.forgotten_up_to() == 0
    assert await store.age_out("rules", NOON + MINUTE, 2) == 2
    assert await store.forgotten_up_to() == 2
    assert await store.age_out("rules", NOON + MINUTE, 100) == 3  # the sixth was not matched yet
    assert await store.age_out("rules", NOON + MINUTE, 100) == 0

    assert [each.id for each in await store.unmatched_entries("other", 10)] == [told, judged, pending, unmatched]
    assert [decision.entry for decision, _ in await store.decisions(STORY, 0, 10)] == [told, judged, pending]
    assert await store.entry(rejected) is None
    assert await store.search_entries("navy", 0, 10) == await store.unmatched_entries("other", 10)
    assert len(await store.deltas_after(STORY, 0, 10, DeltaFilter())) == 1
    assert len(await store.facts(STORY)) == 1
    while await store.give_back_space():
        pass


async def test_a_forgotten_entry_that_a_feed_still_shows_does_not_come_back_as_new(store: Store) -> None:
    entry = an_entry()
    await store.save_poll(a_poll(entry))
    before = await store.known_entries(entry.feed_id, [entry.id])
    await store.save_matches("rules", 1, [])
    assert await store.age_out("rules", NOON + MINUTE, 10) == 1

    assert await store.known_entries(entry.feed_id, [entry.id]) == before
    assert await store.save_poll(a_poll(an_entry("guid-2"))) == 1
    [second] = await store.unmatched_entries("other", 10)
    assert second.seq == 2  # positions are never given out again
    assert await store.save_poll(a_poll(replace(entry, revision=2, title="Corrected"))) == 1
    assert [each.revision for each in await store.revisions(entry.id)] == [2]


async def test_an_entry_with_a_later_revision_is_forgotten_when_that_is_old(store: Store) -> None:
    entry = an_entry()
    await store.save_poll(a_poll(entry))
    await store.save_poll(a_poll(replace(entry, revision=2, title="Corrected", seen_at=NOON + 5 * MINUTE)))
    await store.save_matches(
        "rules",
        2,
        [a_decision(entry=entry.id, revision=n, entry_seq=n, relevant=False, outcome=Outcome.REJECTED) for n in (1, 2)],
    )
    assert await store.age_out("rules", NOON + MINUTE, 10) == 1
    assert len(await store.revisions(entry.id)) == 2
    assert await store.age_out("rules", NOON + 6 * MINUTE, 10) == 1
    assert await store.revisions(entry.id) == []
    assert await store.decisions(STORY, 0, 10) == []


async def test_forgetting_moves_the_version_of_the_stories_that_decided(store: Store) -> None:
    entry = an_entry()
    await store.save_poll(a_poll(entry))
    await store.save_matches("rules", 1, [a_decision(entry=entry.id, relevant=False, outcome=Outcome.REJECTED)])
    before = await store.ledger_state(STORY)
    await store.age_out("rules", NOON + MINUTE, 10)
    after = await store.ledger_state(STORY)
    assert after.version > before.version
    assert (after.seq, after.epoch, after.judged) == (before.seq, before.epoch, before.judged)
