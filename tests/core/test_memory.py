"""Memory rebuilt from the ledgers is the memory that wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import a_delta, a_fact, an_entry

from service.commands.setup import opened_store
from service.core.deltas.compare import compare
from service.core.facts.memory import StoryMemory
from service.core.items import Item
from service.core.model import Comparison, Decision, Delta, DeltaType, Development, Fact
from service.core.rules import Rules
from service.ports import DeltaFilter
from service.replay import replay

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
TOLD = (
    ("a", 1, "Russia withdraws its crews from Khmeimim air base", "Witnesses saw convoys."),
    ("b", 1, "Russian crews leave Khmeimim air base", "Trucks drove off at noon."),
    ("c", 1, "Three Russian soldiers killed at Khmeimim air base", "Gunmen fired at the gate."),
    ("d", 1, "Three Russian soldiers killed at Khmeimim air base", "Gunmen fired at the gate."),
    ("c", 2, "CORRECTED: Two Russian soldiers killed at Khmeimim air base", "Gunmen fired at the gate."),
    ("e", 1, "Putin has met Assad in Moscow", "The two men spoke for an hour."),
    ("f", 1, "Kremlin denies that Russia is withdrawing from Khmeimim air base", "Nothing has changed."),
    ("c", 3, "WITHDRAWN: Russian soldiers killed at Khmeimim air base", "The report was wrong."),
)
FOLLOW_UPS = (
    "Russia withdraws its last crews from Khmeimim air base",
    "Four Russian soldiers killed at Khmeimim air base",
    "Three Russian soldiers killed at Khmeimim air base",
    "Putin met Assad again in Moscow, Lavrov confirms",
    "Kremlin denies that Assad was poisoned in Moscow",
    "Syria demands that Moscow hand over Assad",
)


def _compared(rules: Rules, memory: StoryMemory, number: int, key: str, revision: int, *texts: str) -> Comparison:
    story = rules.stories["assad-exit"]
    at = MONDAY + timedelta(hours=number)
    entry = an_entry(
        key,
        revision=revision,
        title=texts[0],
        summary="".join(texts[1:]),
        outlet=f"Paper {key}",
        published_at=at,
        first_seen_at=at,
        seen_at=at,
    )
    [decision] = rules.judge(entry, told={story.id} if revision > 1 else ())
    reading = rules.read(story, entry, anyway=True)
    assert reading is not None
    return compare(decision, entry, reading, memory, rules.compare[story.id], at)


def _lived(rules: Rules) -> tuple[StoryMemory, list[Comparison]]:
    memory, comparisons = StoryMemory(rules.stories["assad-exit"]), []
    for number, row in enumerate(TOLD):
        comparisons.append(_compared(rules, memory, number, *row))
        memory.apply(comparisons[-1])
    return memory, comparisons


def _restored(rules: Rules, comparisons: list[Comparison]) -> StoryMemory:
    decisions: list[Decision] = [comparison.decision for comparison in comparisons]
    developments: dict[str, Development] = {c.development.id: c.development for c in comparisons if c.development}
    facts: list[Fact] = [fact for comparison in comparisons for fact in comparison.facts]
    deltas: list[Delta] = [comparison.delta for comparison in comparisons if comparison.delta]
    memory = StoryMemory(rules.stories["assad-exit"])
    memory.restore(decisions, developments.values(), facts, deltas)
    return memory


@pytest.mark.parametrize("title", FOLLOW_UPS)
def test_a_follow_up_means_the_same_to_a_restored_memory(rules: Rules, title: str) -> None:
    lived, comparisons = _lived(rules)
    restored = _restored(rules, comparisons)

    assert _compared(rules, restored, 30, "z", 1, title) == _compared(rules, lived, 30, "z", 1, title)


def test_a_restored_memory_holds_the_same_facts_and_developments(rules: Rules) -> None:
    lived, comparisons = _lived(rules)
    restored = _restored(rules, comparisons)

    assert restored.facts == lived.facts
    assert restored.developments == lived.developments
    assert restored.told_facts == lived.told_facts
    assert restored.by_entry == lived.by_entry
    assert list(restored.recent) == list(lived.recent)
    told = [r for r in lived.recent if r.delta is not None and r.duplicate_of is None and not r.retracted]
    assert list(restored.tellers) == list(lived.tellers) == told
    assert restored.clusters == lived.clusters


async def test_a_restored_memory_from_a_real_store_is_the_same(rules: Rules, tmp_path: Path) -> None:
    story = rules.stories["assad-exit"]
    items = [
        Item(
            id=f"{key}-{revision}",
            title=title,
            summary=summary,
            link=f"https://news.example/{key}",
            source=f"Paper {key}",
            lang="en",
            published_at=MONDAY + timedelta(hours=number),
        )
        for number, (key, revision, title, summary) in enumerate(TOLD)
    ]
    follow_up = Item(id="z", title=FOLLOW_UPS[1], lang="en", source="Paper z", published_at=MONDAY + timedelta(days=2))
    async with opened_store(":memory:") as store, opened_store(str(tmp_path / "kept.db")) as kept:
        at_once = await replay([*items, follow_up], story=story, rules=rules, store=store)
        await replay(items, story=story, rules=rules, store=kept)
        later = await replay([follow_up], story=story, rules=rules, store=kept)  # another memory: rebuilt
        deltas = await kept.deltas_after(story.id, 0, 1000, DeltaFilter())

    assert later.items[-1].line() == at_once.items[-1].line()
    assert [delta.line for delta in deltas] == [delta.line for delta in at_once.deltas]


def test_an_unknown_fact_changes_nothing(rules: Rules) -> None:
    memory, _ = _lived(rules)
    before = {name: (state.now, set(state.told)) for name, state in memory.facts.items()}

    memory.change_fact("no-such-fact", "contradicts", "Something else.", "somebody", on_record=True)

    assert {name: (state.now, set(state.told)) for name, state in memory.facts.items()} == before


def test_a_value_is_known_until_what_told_it_is_withdrawn(rules: Rules) -> None:
    memory = StoryMemory(rules.stories["assad-exit"])
    assert not memory.is_known_value("33 killed")

    memory.apply_delta(a_delta(id="dl-told", changes=()))
    memory.add_fact(a_fact(id="dv-told", value="33 killed", delta="dl-told"))
    assert memory.is_known_value("33 killed")

    memory.apply_delta(a_delta(id="dl-gone", type=DeltaType.RETRACTION, supersedes="dl-told", changes=()))
    assert not memory.is_known_value("33 killed")


def test_developments_close_after_a_long_silence(rules: Rules) -> None:
    memory, _ = _lived(rules)
    late = _compared(rules, memory, 24 * 60, "late", 1, "Syria demands that Moscow hand over Assad")
    memory.apply(late)

    assert list(memory.clusters) == [late.decision.development]
    assert [report.entry for report in memory.recent] == [late.decision.entry]


def test_a_copy_of_a_copy_is_one_of_the_original(rules: Rules) -> None:
    memory = StoryMemory(rules.stories["assad-exit"])
    for number, row in enumerate(TOLD[2:4]):
        memory.apply(_compared(rules, memory, number, *row))
    original, copy = memory.recent
    another = replace(copy, entry="e-another", duplicate_of=None)

    assert copy.duplicate_of == original.entry
    assert memory.original_of(another) == original
    assert memory.original_of(replace(another, dated_at=MONDAY + timedelta(days=30))) is None


def test_a_decision_without_a_trace_is_passed_over(rules: Rules) -> None:
    _, comparisons = _lived(rules)
    bare = [Comparison(decision=_without_trace(comparison.decision)) for comparison in comparisons]
    memory = StoryMemory(rules.stories["assad-exit"])
    for comparison in bare:
        memory.apply(comparison)
    memory.restore([comparison.decision for comparison in bare], [], [], [])

    assert memory.by_entry == {}


def _without_trace(decision: Decision) -> Decision:
    return replace(decision, trace=None)
