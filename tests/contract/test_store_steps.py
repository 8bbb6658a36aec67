"""What every Store promises the steps: cursors, decisions, pending matches, all-or-none comparisons."""

from __future__ import annotations

from dataclasses import replace

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
    a_poll,
    an_entry,
)
from contract.saving import save_entries

from service.core.errors import Stale, StorageError
from service.core.model import (
    Comparison,
    DeltaType,
    Outcome,
)
from service.ports import DeltaFilter, Store


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


# --- compare -------------------------------------------------------------------------------


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
