"""What every Store promises editors: judgements and orders wait until they are followed."""

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
    a_judgement,
    a_poll,
    a_regrouping,
    an_entry,
)
from contract.saving import save_entries

from service.core.errors import StorageError
from service.core.model import (
    Comparison,
    Outcome,
)
from service.ports import Store


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
