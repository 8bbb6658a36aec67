"""What every store promises about second opinions: asked once, by one process, within the day's budget."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from builders import MINUTE, NOON, STORY, an_opinion
from contract.saving import save_deltas

from service.core.opinions import Opinion
from service.ports import DeltaFilter

if TYPE_CHECKING:
    from service.ports import Store

MODEL, PLENTY = "judge-1", 1000
DAY = timedelta(days=1)


async def claimed(store: Store, delta: str = "d-1", model: str = MODEL) -> Opinion:
    opinion = await store.opinions.claim(delta, model, NOON, NOON + MINUTE, PLENTY)
    assert isinstance(opinion, Opinion)
    return opinion


async def unasked(store: Store, *, after: int = 0, newest: int = PLENTY, model: str = MODEL) -> int | None:
    delta = await store.opinions.next_unasked(STORY, model, after, newest, NOON)
    return None if delta is None else delta.seq


async def test_an_opinion_comes_back_as_it_was_kept_and_is_then_left_as_it_is(store: Store) -> None:
    assert await store.opinions.opinion("d-1") is None
    await store.opinions.save(an_opinion())
    await store.opinions.save(an_opinion(outcome="failed", verdict=None, error="late"))
    assert await store.opinions.opinion("d-1") == an_opinion()


async def test_what_waits_is_no_opinion_until_it_is_settled(store: Store) -> None:
    opinion = await claimed(store)
    assert (opinion.outcome, opinion.attempts, opinion.next_attempt_at) == ("waiting", 1, NOON + MINUTE)
    assert await store.opinions.opinion("d-1") is None
    failed = replace(opinion, outcome="failed", error="no answer", next_attempt_at=None)
    await store.opinions.save(failed)
    assert await store.opinions.opinion("d-1") == failed


async def test_of_several_models_the_one_asked_last_is_heard(store: Store) -> None:
    newer = an_opinion(model="judge-2", asked_at=NOON + MINUTE, verdict=None, outcome="invalid")
    for opinion in (newer, an_opinion(), an_opinion(model="judge-0")):
        await store.opinions.save(opinion)
    assert await store.opinions.opinion("d-1") == newer


async def test_a_question_is_reserved_until_it_is_due_again_and_never_asked_once_settled(store: Store) -> None:
    opinion = await claimed(store)
    for when, answer in ((NOON, "taken"), (NOON + MINUTE, 2)):
        again = await store.opinions.claim("d-1", MODEL, when, NOON + 2 * MINUTE, PLENTY)
        assert (again.attempts if isinstance(again, Opinion) else again) == answer
    await store.opinions.save(replace(opinion, outcome="invalid", next_attempt_at=None))
    assert await store.opinions.claim("d-1", MODEL, NOON + DAY, NOON + 2 * DAY, PLENTY) == "taken"


async def test_a_day_has_its_budget_and_what_is_refused_costs_nothing(store: Store) -> None:
    async def claim(delta: str, when: timedelta, budget: int = 2) -> str:
        found = await store.opinions.claim(delta, MODEL, NOON + when, NOON + when + MINUTE, budget)
        return found.delta if isinstance(found, Opinion) else found

    nothing = timedelta(0)
    assert [await claim(name, nothing) for name in ("d-1", "d-1", "d-2", "d-3")] == ["d-1", "taken", "d-2", "spent"]
    assert await claim("d-3", timedelta(hours=11)) == "spent"
    assert await claim("d-3", timedelta(hours=12)) == "d-3"  # midnight, UTC


async def test_of_many_who_claim_at_once_one_gets_it_and_a_budget_holds_for_all(store: Store) -> None:
    names = ["d-1"] * 4 + [f"d-{number}" for number in range(2, 8)]
    found = await asyncio.gather(*[store.opinions.claim(name, MODEL, NOON, NOON + MINUTE, 3) for name in names])
    got = [each.delta for each in found if isinstance(each, Opinion)]
    assert len(got) == len(set(got)) == 3


async def test_the_next_delta_to_ask_about_is_the_oldest_due_one_among_the_newest(store: Store) -> None:
    await save_deltas(store, {}, {}, {}, {})
    deltas = await store.deltas_after(STORY, 0, 10, DeltaFilter())
    seqs = [delta.seq for delta in deltas]
    assert await unasked(store) == seqs[0]
    assert await unasked(store, newest=3) == seqs[1]
    assert await unasked(store, after=seqs[1]) == seqs[2]
    await claimed(store, deltas[0].id)
    await store.opinions.save(an_opinion(delta=deltas[1].id))
    await store.opinions.save(an_opinion(delta=deltas[2].id, outcome="waiting", verdict=None, next_attempt_at=NOON))
    assert await unasked(store) == seqs[2]
    assert await unasked(store, model="judge-2") == seqs[0]
    assert await unasked(store, after=seqs[3]) is None
    assert await store.opinions.next_unasked("other", MODEL, 0, PLENTY, NOON) is None
