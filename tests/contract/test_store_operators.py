"""What every Store promises operators: checks, settings, feeds and stories changed by hand, forgetting."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

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
    a_judgement,
    a_poll,
    an_entry,
)
from contract.saving import save_entries, spec, the_feed

from service.core.errors import StorageError
from service.core.ids import feed_id
from service.core.model import (
    FeedState,
    KeptStory,
    Outcome,
    PollWrite,
)
from service.core.polls.cadence import REASON_HOST
from service.ports import DeltaFilter, Store


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


# --- forgetting ----------------------------------------------------------------------------


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
