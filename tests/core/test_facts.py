"""What events do to facts: contradict, develop, confirm, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import a_fact, an_entry

from service.core.events.extraction import read_events
from service.core.facts.effects import Effect, baseline_effects, denied_fact
from service.core.facts.memory import StoryMemory
from service.core.model import Attribution, DeltaType, Event
from service.core.rules import Rules

NOW = datetime(2025, 3, 3, tzinfo=UTC)


@pytest.fixture
def memory(rules: Rules) -> StoryMemory:
    return StoryMemory(rules.stories["assad-exit"])


def _effects(
    rules: Rules,
    memory: StoryMemory,
    title: str,
    *,
    origin: str = "paper-two",
    on_record: bool = False,
    named: bool = False,
    besides: frozenset[str] = frozenset(),
    summary: str = "",
) -> dict[str, Effect]:
    reading = rules.read(memory.story, an_entry(title=title, summary=summary), anyway=True)
    assert reading is not None
    words = rules.compare[memory.story.id].words
    effects = baseline_effects(
        memory,
        reading,
        read_events(reading, words),
        words.actions,
        origin,
        on_record=on_record,
        named=named,
        besides=besides,
    )
    return {effect.change.fact: effect for effect in effects}


def test_a_contradiction_replaces_what_is_known(rules: Rules, memory: StoryMemory) -> None:
    effect = _effects(rules, memory, "Putin has met Assad in Moscow")["putin-meeting"]
    memory.change_fact("putin-meeting", effect.change.stance, effect.change.after, "paper-two", on_record=False)

    assert effect.type is DeltaType.STATUS_CHANGE
    assert effect.change.before == "Putin has no plan to meet Assad."
    assert memory.facts["putin-meeting"].now == effect.change.after
    assert memory.facts["putin-meeting"].origins == {"paper-two"}


def test_the_same_change_is_not_told_twice(rules: Rules, memory: StoryMemory) -> None:
    change = _effects(rules, memory, "Putin has met Assad in Moscow")["putin-meeting"].change
    memory.change_fact("putin-meeting", change.stance, change.after, "paper-two", on_record=False)

    assert "putin-meeting" not in _effects(rules, memory, "Putin met Assad at a villa", origin="paper-three")


def test_what_only_develops_leaves_the_fact_standing(rules: Rules, memory: StoryMemory) -> None:
    before = memory.facts["no-full-withdrawal"].now
    effect = _effects(rules, memory, "Russia is leaving its base at Qamishli")["no-full-withdrawal"]
    memory.change_fact("no-full-withdrawal", effect.change.stance, effect.change.after, "paper-two", on_record=False)

    assert effect.change.stance == "develops"
    assert memory.facts["no-full-withdrawal"].now == before
    assert "no-full-withdrawal" not in _effects(rules, memory, "Russia is leaving its base at Qamishli")


@pytest.mark.parametrize(
    ("origin", "named", "on_record", "confirms"),
    [
        ("paper-two", False, False, False),  # another outlet's retelling vouches for nothing
        ("reuters", True, False, True),  # a second origin, named
        ("bloomberg-sources", True, False, False),  # the origin it rests on already
        ("bloomberg-sources", True, True, True),  # somebody stands by it now
    ],
)
def test_a_confirmation_needs_a_second_named_origin_or_a_name(
    rules: Rules, memory: StoryMemory, *, origin: str, named: bool, on_record: bool, confirms: bool
) -> None:
    title = "Assad fled through Khmeimim air base to Moscow"
    found = _effects(rules, memory, title, origin=origin, named=named, on_record=on_record)

    assert ("left-via-khmeimim" in found) == confirms
    if confirms:
        assert found["left-via-khmeimim"].type is DeltaType.CONFIRMATION


@pytest.mark.parametrize(
    ("title", "origin", "on_record", "fact"),
    [
        ("Kremlin: Putin does not plan to meet Assad", "kremlin", True, "putin-meeting"),  # it stands by its word
        ("Moscow has no plan to hand over Assad", "paper-two", False, "asylum-granted"),  # its own will
    ],
)
def test_a_party_confirms_its_own_word(
    rules: Rules, memory: StoryMemory, *, title: str, origin: str, on_record: bool, fact: str
) -> None:
    found = _effects(rules, memory, title, origin=origin, on_record=on_record)

    assert found[fact].type is DeltaType.CONFIRMATION


def test_a_fact_is_confirmed_once(rules: Rules, memory: StoryMemory) -> None:
    title = "Assad fled through Khmeimim air base to Moscow"
    change = _effects(rules, memory, title, origin="reuters", named=True)["left-via-khmeimim"].change
    memory.change_fact("left-via-khmeimim", "confirms", change.after, "reuters", on_record=False)

    assert memory.facts["left-via-khmeimim"].origins == {"bloomberg-sources", "reuters"}
    assert "left-via-khmeimim" not in _effects(rules, memory, title, origin="afp", named=True, on_record=True)


def test_facts_that_were_told_of_are_not_asked_again(rules: Rules, memory: StoryMemory) -> None:
    found = _effects(rules, memory, "Putin has met Assad in Moscow", besides=frozenset({"putin-meeting"}))

    assert "putin-meeting" not in found


def test_at_most_three_facts_change_the_weightiest_first(rules: Rules, memory: StoryMemory) -> None:
    found = list(
        _effects(
            rules,
            memory,
            "Putin met Assad in Moscow, Assad was poisoned, Asma al-Assad wants a divorce and Assad fell ill",
            summary="Assad never planned to flee Syria. Kremlin denies it offered Assad asylum.",
        ).values()
    )
    order = [list(DeltaType).index(effect.type) for effect in found]

    assert len(found) == 3
    assert order == sorted(order)


def test_what_stands_deep_in_the_text_changes_nothing(rules: Rules, memory: StoryMemory) -> None:
    deep = "It rained. It snowed. It hailed. Putin has met Assad in Moscow."

    assert "putin-meeting" not in _effects(rules, memory, "Weather in Moscow", summary=deep)


def test_silence_changes_nothing(rules: Rules, memory: StoryMemory) -> None:
    assert _effects(rules, memory, "Khmeimim, a portrait") == {}


# --- denials of later facts -------------------------------------------------------------------


def _later(memory: StoryMemory, **over: object) -> None:
    fact = a_fact(
        **{"id": "v-1", "thread": "bases", "action": "withdraw", "actor": "russia", "object": "khmeimim"} | over
    )
    memory.add_fact(fact)


def _denied(rules: Rules, memory: StoryMemory, event: Event, development: str | None = None) -> str | None:
    state = denied_fact(memory, event, rules.compare["assad-exit"].words.actions, development)
    return state.fact.id if state else None


DENIAL = Event(action="withdraw", actor="russia", target="khmeimim", modality="denied")


def test_a_denial_finds_the_later_fact(rules: Rules, memory: StoryMemory) -> None:
    _later(memory)

    assert _denied(rules, memory, DENIAL) == "v-1"
    assert _denied(rules, memory, replace(DENIAL, modality="reported", negated=True)) == "v-1"
    assert _denied(rules, memory, replace(DENIAL, action="move")) == "v-1"  # of one family, both parties in common


@pytest.mark.parametrize(
    ("over", "event"),
    [
        ({}, replace(DENIAL, modality="reported")),  # no denial
        ({"delta": None}, DENIAL),  # a baseline fact has rules of its own
        ({"negated": True}, DENIAL),
        ({"modality": "denied"}, DENIAL),
        ({"action": None}, DENIAL),
        ({"actor": "israel", "object": "tartus"}, DENIAL),  # no party in common
        ({}, replace(DENIAL, action="poison")),  # another kind of thing
        ({"action": "state"}, replace(DENIAL, action="deny")),  # statements are not undone
        ({"object": "qamishli"}, replace(DENIAL, action="move")),  # one party in common is not enough
    ],
)
def test_what_is_no_denial_of_a_fact_leaves_it(
    rules: Rules, memory: StoryMemory, over: dict[str, object], event: Event
) -> None:
    _later(memory, **over)

    assert _denied(rules, memory, event) is None


def test_a_denial_is_told_once(rules: Rules, memory: StoryMemory) -> None:
    _later(memory)
    memory.change_fact("v-1", "contradicts", "Denied: it left.", "kremlin", on_record=True)

    assert _denied(rules, memory, DENIAL) is None


def test_the_newest_fact_is_the_one_denied(rules: Rules, memory: StoryMemory) -> None:
    _later(memory)
    _later(memory, id="v-2", attribution=Attribution(text="x", origin="x"))

    assert _denied(rules, memory, DENIAL) == "v-2"
    assert _denied(rules, memory, replace(DENIAL, action="move", target=None), "v-1") == "v-1"
