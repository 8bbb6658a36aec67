"""What every Store promises readers: each delta once, in order, by each filter."""

from __future__ import annotations

from typing import Any

import pytest
from builders import (
    MINUTE,
    NOON,
    STORY,
    a_comparison,
    a_decision,
    a_development,
    a_mention,
    an_entry,
)
from contract.saving import save_deltas, save_entries

from service.core.model import (
    DeltaType,
    Outcome,
)
from service.ports import DeltaFilter, Store


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
