"""What an editor's split or merge does to the grouping, to what is published, and to reports that come later."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from builders import NOON, a_development, an_entry

from service.core.deltas.compare import compare
from service.core.deltas.regrouping import ordered_merge, ordered_split, regrouped
from service.core.errors import InvalidDocument
from service.core.facts.memory import StoryMemory
from service.core.model import Comparison, Decision, Delta, DeltaType, Development, Entry, Fact, Regrouping
from service.core.rules import Rules

STORY = "assad-exit"
LEAVES = "Russia withdraws all its soldiers from the Khmeimim air base"
LEFT = "Khmeimim: Russian soldiers have left the air base, witnesses say"
PULLED = "Moscow pulls its last troops out of Syrian base Khmeimim"
HOUR = timedelta(hours=1)


@dataclass
class Room:
    """A store in miniature; memory is made anew from it for every step, as after a restart."""

    rules: Rules
    at: datetime = NOON
    entries: dict[str, Entry] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    developments: dict[str, Development] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    deltas: list[Delta] = field(default_factory=list)
    orders: int = 0

    @property
    def memory(self) -> StoryMemory:
        memory = StoryMemory(self.rules.stories[STORY])
        memory.restore(self.decisions.values(), self.developments.values(), self.facts, self.deltas)
        return memory

    def report(self, key: str, title: str) -> Decision:
        self.at += HOUR
        times = {"published_at": self.at, "first_seen_at": self.at, "seen_at": self.at}
        entry = an_entry(key, title=title, summary="", outlet=f"Outlet {key}", **times)
        self.entries[entry.id] = entry
        story = self.rules.stories[STORY]
        reading = self.rules.read(story, entry, anyway=True)
        assert reading is not None
        decision = self.rules.decide(story, entry)
        self.commit(compare(decision, entry, reading, self.memory, self.rules.compare[STORY], self.at))
        return self.decisions[entry.id]

    def split(self, development: str, *keys: str) -> Regrouping:
        named = [an_entry(key).id for key in keys]
        known = self.developments[development]
        return ordered_split(known, named, self.decisions.values(), self.orders, "Another convoy.", self.at)

    def merge(self, development: str, into: str) -> Regrouping:
        other = self.developments.get(into)
        return ordered_merge(self.developments[development], other, into, self.orders, "", self.at)

    def follow(self, order: Regrouping) -> Delta | None:
        """Follow an order, as the pipeline does; return what is published of it."""
        self.at += HOUR
        self.orders += 1
        made = regrouped(order, self.decisions.values(), self.entries, self.memory, "rules-1", self.at)
        for comparison in made:
            self.commit(comparison)
        return next((each.delta for each in made if each.delta), None)

    def commit(self, comparison: Comparison) -> None:
        for decision in (*comparison.others, comparison.decision):
            self.decisions[decision.entry] = decision
        if comparison.development is not None:
            self.developments[comparison.development.id] = comparison.development
        self.facts += comparison.facts
        if comparison.delta is not None:
            self.deltas.append(replace(comparison.delta, seq=len(self.deltas) + 1))

    def grouping(self) -> dict[str, set[str]]:
        """Return development → outlets, as memory has it."""
        found: dict[str, set[str]] = {}
        for report in self.memory.by_entry.values():
            found.setdefault(report.development, set()).add(str(report.outlet)[-1])
        return found


@pytest.fixture
def room(rules: Rules) -> Room:
    """Three outlets report what was taken for one happening."""
    room = Room(rules)
    ids = {room.report(*each).development for each in (("a", LEAVES), ("b", LEFT), ("c", PULLED))}
    assert len(ids) == 1
    return room


def the_one(room: Room) -> str:
    [development] = room.developments
    return development


def test_a_split_moves_reports_and_says_so_in_a_correction(room: Room) -> None:
    one, before = the_one(room), list(room.deltas)
    order = room.split(one, "b", "c")
    delta = room.follow(order)

    assert delta is not None
    assert (delta.id, delta.type, delta.by, delta.development) == (
        order.id,
        DeltaType.CORRECTION,
        "editor",
        order.into,
    )
    assert delta.line.startswith("Two happenings, not one: ")
    assert delta.reason == "Two happenings, not one, says an editor: Another convoy."
    assert room.deltas[:-1] == before
    assert room.grouping() == {one: {"a"}, order.into: {"b", "c"}}
    counts = {each.id: (each.reports, each.outlets) for each in room.developments.values()}
    assert counts == {one: (1, ("Outlet a",)), order.into: (2, ("Outlet b", "Outlet c"))}
    assert len(room.developments[order.into].origins) == 2


def test_the_correction_supersedes_what_the_first_moved_report_told(room: Room) -> None:
    one = the_one(room)
    told = room.memory.newest_delta(an_entry("a").id)
    order = room.split(one, "a")
    delta = room.follow(order)

    assert told is not None
    assert delta is not None
    assert delta.supersedes == told.id
    assert room.developments[order.into].line == told.development_title
    assert room.developments[one].first_entry == an_entry("b").id  # the id stays, the name is of what is in it
    assert order.into in room.memory.facts  # so that a denial of it can be told


def test_a_later_report_joins_the_development_that_it_is_like(room: Room) -> None:
    one = the_one(room)
    other = room.report("d", "Kremlin confirms: Putin met Assad in Moscow").development
    assert other is not None
    assert other != one
    room.follow(room.split(one, "b"))
    near_b = room.decisions[an_entry("b").id].development
    assert room.report("e", "Air base Khmeimim: witnesses say soldiers have left it").development == near_b
    room.follow(room.merge(other, one))
    assert room.report("f", "Kremlin confirms that Putin met Assad in Moscow today").development == one


def test_a_merge_back_is_one_happening_again_and_leaves_the_other_id_empty(room: Room) -> None:
    one = the_one(room)
    order = room.split(one, "b")
    room.follow(order)
    delta = room.follow(room.merge(order.into, one))

    assert delta is not None
    assert delta.line == f"One happening: {room.developments[one].line}"
    assert (delta.development, delta.supersedes) == (one, order.id)
    assert room.grouping() == {one: {"a", "b", "c"}}
    assert (room.developments[one].reports, len(room.developments[one].outlets)) == (3, 3)
    assert (room.developments[order.into].reports, room.developments[order.into].outlets) == (0, ())


def test_an_order_followed_twice_has_nothing_to_do(room: Room) -> None:
    order = room.split(the_one(room), "b")
    assert room.follow(order) is not None
    assert room.follow(order) is None


def test_the_same_order_has_the_same_ids_until_something_was_followed(room: Room) -> None:
    one = the_one(room)
    order = room.split(one, "b")
    assert room.split(one, "b") == order
    room.follow(order)
    room.follow(room.merge(order.into, one))
    again = room.split(one, "b")
    assert again.entries == order.entries
    assert again.id != order.id
    assert again.into != order.into


def test_copies_go_with_what_they_copy_unless_they_are_moved_alone(room: Room) -> None:
    one = the_one(room)
    copy = room.report("d", LEFT)
    assert (copy.development, copy.duplicate_of) == (one, an_entry("b").id)
    assert set(room.split(one, "b").entries) == {an_entry("b").id, copy.entry}
    room.follow(room.split(one, "d"))
    moved = room.decisions[copy.entry]
    assert (moved.development != one, moved.duplicate_of) == (True, None)  # whoever moves it alone says it is none


def test_a_split_names_reports_of_the_development_and_leaves_some(room: Room) -> None:
    one = the_one(room)
    with pytest.raises(InvalidDocument) as caught:
        room.split(one, "b", "z")
    assert [place for place, _ in caught.value.faults] == [("entries", 1)]
    with pytest.raises(InvalidDocument, match="leave one or more") as caught:
        room.split(one, "a", "b", "c")
    assert [place for place, _ in caught.value.faults] == [("entries",)]


def test_a_merge_is_with_another_development_of_the_story(room: Room) -> None:
    one = the_one(room)
    room.developments["v-far"] = a_development(id="v-far", story="other")
    room.developments["v-none"] = a_development(id="v-none", story=STORY, reports=0)
    for into, why in ((one, "itself"), ("v-?", "no development"), ("v-far", "story"), ("v-none", "no reports")):
        with pytest.raises(InvalidDocument, match=why) as caught:
            room.merge(one, into)
        assert [place for place, _ in caught.value.faults] == [("into",)]
