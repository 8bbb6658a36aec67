"""What an editor's judgement does to decisions, deltas, developments and facts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import NOON, a_decision, a_delta, an_entry

from service.core.deltas.compare import compare
from service.core.deltas.editing import LONGEST_NOTE, accepted, judge, plain_note, rejected, story_judged
from service.core.errors import Invalid
from service.core.facts.memory import StoryMemory
from service.core.facts.withdrawals import Withdrawals
from service.core.matching.match import logistic
from service.core.model import (
    Comparison,
    Decision,
    Delta,
    DeltaType,
    Development,
    Entry,
    Fact,
    Judgement,
    Outcome,
    Reason,
)
from service.core.rules import Rules

STORY = "assad-exit"
LEAVES = "Russia withdraws all its soldiers from the Khmeimim air base"
LEFT = "Khmeimim: Russian soldiers have left the air base, witnesses say"
MET = "Kremlin confirms: Putin met Assad in Moscow"
BEACH = "Tourists return to Tartus beaches"
HOUR = timedelta(hours=1)


@dataclass
class Desk:
    """A store in miniature: what was committed, and a memory made anew from it for every step."""

    rules: Rules
    at: datetime = NOON
    entries: dict[tuple[str, int], Entry] = field(default_factory=dict)
    decisions: dict[tuple[str, int], Decision] = field(default_factory=dict)
    developments: dict[str, Development] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    deltas: list[Delta] = field(default_factory=list)

    @property
    def memory(self) -> StoryMemory:
        memory = StoryMemory(self.rules.stories[STORY])
        kept = [d for d in self.decisions.values() if d.outcome in {Outcome.DELTA, Outcome.REPEAT}]
        memory.restore(kept, self.developments.values(), self.facts, self.deltas)
        return memory

    def report(self, key: str, title: str, **over: Any) -> Comparison:
        """Have an entry matched and, where it is relevant, compared."""
        entry = self.enter(key, title, **over)
        decision = self.rules.decide(self.rules.stories[STORY], entry)
        if decision.outcome is not Outcome.PENDING:
            return self.commit(Comparison(decision=decision))
        return self.commit(compare(decision, entry, self._reading(entry), self.memory, self._compare, self.at))

    def enter(self, key: str, title: str, **over: Any) -> Entry:
        self.at += HOUR
        times = {"published_at": self.at, "first_seen_at": self.at, "seen_at": self.at}
        entry = an_entry(key, **{"title": title, "summary": "", "outlet": f"Outlet {key}", **times} | over)
        self.entries[entry.id, entry.revision] = entry
        return entry

    def judge(self, key: str, note: str = "", *, relevant: bool) -> Comparison | None:
        """Judge an entry by its key, as the pipeline does."""
        self.at += HOUR
        name = an_entry(key).id
        made = [d for (entry, _), d in sorted(self.decisions.items()) if entry == name]
        entry = self.entries[name, made[-1].revision]
        judgement = Judgement(
            story=STORY, entry=name, revision=entry.revision, relevant=relevant, note=note, judged_at=self.at
        )
        result = judge(judgement, made, entry, self._reading(entry), self.memory, self._compare, self.at)
        return None if result is None else self.commit(result)

    def commit(self, comparison: Comparison) -> Comparison:
        for decision in (*comparison.others, comparison.decision):
            self.decisions[decision.entry, decision.revision] = decision
        if comparison.development is not None:
            self.developments[comparison.development.id] = comparison.development
        self.facts += comparison.facts
        if comparison.delta is not None:
            assert comparison.delta.id not in {delta.id for delta in self.deltas}
            self.deltas.append(replace(comparison.delta, seq=len(self.deltas) + 1))
        return comparison

    def _reading(self, entry: Entry) -> Any:
        return self.rules.read(self.rules.stories[STORY], entry, anyway=True)

    @property
    def _compare(self) -> Any:
        return self.rules.compare[STORY]


@pytest.fixture
def desk(rules: Rules) -> Desk:
    return Desk(rules)


def the_delta(comparison: Comparison | None) -> Delta:
    assert comparison is not None
    assert comparison.delta is not None
    return comparison.delta


def adds_up(decision: Decision) -> bool:
    return decision.score == round(logistic(sum(reason.weight for reason in decision.reasons)), 4)


# --- rejecting ---------------------------------------------------------------------------


def test_a_rejected_delta_is_withdrawn_by_a_retraction_that_says_so(desk: Desk) -> None:
    told = the_delta(desk.report("a", LEAVES))
    done = desk.judge("a", "About another base.", relevant=False)
    delta = the_delta(done)

    assert (delta.type, delta.by, delta.supersedes) == (DeltaType.RETRACTION, "editor", told.id)
    assert delta.reason == "Withdrawn by an editor: About another base."
    assert delta.line.startswith("Withdrawn by an editor: Russia withdraws from Khmeimim")
    assert (delta.created_at, delta.first_report, delta.added) == (desk.at, False, ())


def test_whoever_was_told_by_a_filter_is_told_of_the_withdrawal(desk: Desk) -> None:
    told = the_delta(desk.report("a", LEAVES))
    delta = the_delta(desk.judge("a", relevant=False))

    for name in ("story", "threads", "lang", "score", "entities", "feed", "pole", "development", "entry"):
        assert getattr(delta, name) == getattr(told, name), name
    assert delta.reason == "Withdrawn by an editor."


def test_a_rejected_decision_says_why_and_its_weights_add_up(desk: Desk) -> None:
    desk.report("a", LEAVES)
    done = desk.judge("a", "Not this base", relevant=False)
    assert done is not None
    decision = done.decision

    assert (decision.relevant, decision.outcome, decision.trace, decision.development) == (
        False,
        Outcome.REJECTED,
        None,
        None,
    )
    assert (decision.reasons[-1].feature, decision.reasons[-1].text) == ("editor", "Not this base")
    assert decision.score < 0.5
    assert adds_up(decision)
    assert (decision.type, decision.delta) == (DeltaType.RETRACTION, the_delta(done).id)


def test_what_a_withdrawn_delta_changed_is_known_as_before(desk: Desk) -> None:
    before = desk.memory.facts["putin-meeting"]
    told = the_delta(desk.report("c", MET))
    assert desk.memory.facts["putin-meeting"].now == told.changes[0].after != before.now
    delta = the_delta(desk.judge("c", relevant=False))

    assert desk.memory.facts["putin-meeting"] == before
    assert desk.memory.told_facts == {}
    assert [(c.fact, c.before, c.after) for c in delta.changes] == [
        ("putin-meeting", told.changes[0].after, told.changes[0].before)
    ]


def test_a_later_fact_of_a_withdrawn_delta_no_longer_counts(desk: Desk) -> None:
    told = the_delta(desk.report("a", LEAVES))
    assert told.development in desk.memory.facts
    desk.judge("a", relevant=False)

    assert told.development not in desk.memory.facts


def test_only_the_last_word_on_a_fact_is_taken_back(desk: Desk) -> None:
    first = the_delta(desk.report("c", MET))
    second = the_delta(
        desk.report("c2", "Kremlin denies: Putin did not meet Assad in Moscow", published_at=NOON + 5 * HOUR)
    )
    assert second.changes, "the denial changes what is known"
    now = {fact: state.now for fact, state in desk.memory.facts.items()}
    desk.judge("c", relevant=False)

    touched = {change.fact for change in second.changes} & set(desk.memory.facts)
    assert {fact: desk.memory.facts[fact].now for fact in touched} == {fact: now[fact] for fact in touched}
    assert first.id in desk.memory.withdrawals.ids


def test_a_rejected_repeat_is_counted_out_and_nothing_is_published(desk: Desk) -> None:
    first = desk.report("a", LEAVES)
    repeat = desk.report("b", LEFT)
    assert repeat.decision.outcome is Outcome.REPEAT
    assert repeat.development is not None
    assert (repeat.development.reports, repeat.development.outlets) == (2, ("Outlet a", "Outlet b"))
    done = desk.judge("b", relevant=False)

    assert done is not None
    assert (done.delta, done.decision.outcome) == (None, Outcome.REJECTED)
    assert done.development is not None
    assert done.development == first.development
    assert set(desk.memory.by_entry) == {an_entry("a").id}


def test_judging_again_the_same_way_changes_nothing(desk: Desk) -> None:
    desk.report("a", LEAVES)
    desk.judge("a", relevant=False)
    assert desk.judge("a", "still not", relevant=False) is None
    desk.report("e", BEACH)
    assert desk.judge("e", relevant=True) is not None
    assert desk.judge("e", relevant=True) is None


def test_a_near_miss_judged_not_relevant_stays_as_it_is(desk: Desk) -> None:
    desk.report("e", BEACH)
    assert desk.judge("e", relevant=False) is None


def test_a_new_revision_of_a_rejected_entry_is_rejected_without_another_retraction(desk: Desk) -> None:
    desk.report("a", LEAVES)
    desk.judge("a", relevant=False)
    entry = desk.enter("a", f"{LEAVES}, officials say", revision=2)
    desk.commit(Comparison(decision=desk.rules.decide(desk.rules.stories[STORY], entry)))
    assert desk.decisions[entry.id, 2].outcome is Outcome.PENDING
    done = desk.judge("a", relevant=False)

    assert done is not None
    assert (done.delta, done.decision.outcome, done.decision.revision) == (None, Outcome.REJECTED, 2)
    assert len(desk.deltas) == 2


def test_all_revisions_of_a_rejected_entry_are_rejected(desk: Desk) -> None:
    desk.report("a", f"{LEAVES}: 400 soldiers")
    changed = the_delta(desk.report("a", f"{LEAVES}: 900 soldiers", revision=2))
    delta = the_delta(desk.judge("a", relevant=False))

    assert delta.supersedes == changed.id
    assert {d.outcome for d in desk.decisions.values()} == {Outcome.REJECTED}
    assert desk.memory.withdrawals.ids == {d.id for d in desk.deltas[:2]}
    assert (desk.memory.clusters, desk.memory.by_entry) == ({}, {})
    assert [(d.reports, d.outlets, d.origins) for d in desk.developments.values()] == [(0, (), ())]


def test_what_an_entry_told_is_withdrawn_although_its_newest_revision_tells_nothing(desk: Desk) -> None:
    told = the_delta(desk.report("a", LEAVES))
    desk.report("a", "Ten recipes for the weekend", revision=2)

    assert the_delta(desk.judge("a", relevant=False)).supersedes == told.id


def test_what_was_withdrawn_can_be_told_by_somebody_else(desk: Desk) -> None:
    told = the_delta(desk.report("a", LEAVES))
    desk.report("b", LEFT)
    desk.judge("a", relevant=False)
    again = desk.report("x", "Russian soldiers leave Khmeimim air base for good")

    assert the_delta(again).first_report
    assert again.decision.development == told.development
    assert desk.report("y", "Last Russian soldiers leave the Khmeimim air base").decision.outcome is Outcome.REPEAT


# --- accepting ---------------------------------------------------------------------------


def test_an_accepted_near_miss_is_published(desk: Desk) -> None:
    assert desk.report("e", BEACH).decision.outcome is Outcome.REJECTED
    done = desk.judge("e", "The beach is inside the base", relevant=True)
    delta = the_delta(done)

    assert done is not None
    assert (delta.type, delta.first_report, delta.by) == (DeltaType.NEW_DEVELOPMENT, True, "publisher")
    assert (done.decision.relevant, done.decision.outcome) == (True, Outcome.DELTA)
    assert done.decision.score == delta.score >= 0.5
    assert adds_up(done.decision)
    assert done.by_editor


def test_an_accepted_near_miss_that_adds_nothing_is_a_repeat(desk: Desk) -> None:
    desk.report("a", LEAVES)
    entry = desk.enter("b", LEFT)
    decision = desk.rules.decide(desk.rules.stories[STORY], entry)
    desk.commit(Comparison(decision=rejected(decision)))
    done = desk.judge("b", relevant=True)

    assert done is not None
    assert (done.delta, done.decision.outcome) == (None, Outcome.REPEAT)
    assert done.development is not None
    assert done.development.reports == 2


def test_an_entry_that_names_nobody_can_be_accepted(desk: Desk) -> None:
    desk.report("z", "Ten recipes for the weekend")
    done = desk.judge("z", relevant=True)

    assert the_delta(done).threads == ()
    assert done is not None
    assert adds_up(done.decision)


def test_judgements_to_and_fro_are_each_a_delta_of_their_own(desk: Desk) -> None:
    desk.report("c", MET)
    for relevant in (False, True, False, True, False):
        the_delta(desk.judge("c", relevant=relevant))

    types = [delta.type for delta in desk.deltas]
    assert types == [DeltaType.STATUS_CHANGE, DeltaType.RETRACTION] * 3
    assert [delta.by for delta in desk.deltas] == ["publisher", "editor"] * 3
    assert [delta.supersedes for delta in desk.deltas[1::2]] == [delta.id for delta in desk.deltas[::2]]
    assert desk.memory.facts["putin-meeting"] == StoryMemory(desk.rules.stories[STORY]).facts["putin-meeting"]
    assert [development.reports for development in desk.developments.values()] == [0]
    last = desk.decisions[an_entry("c").id, 1]
    assert [reason.feature for reason in last.reasons].count("editor") == 1
    assert adds_up(last)


# --- publishers' own withdrawals ---------------------------------------------------------


def test_a_publishers_withdrawal_takes_facts_back_too(desk: Desk) -> None:
    before = desk.memory.facts["putin-meeting"]
    live = desk.memory
    told = desk.report("c", MET)
    live.apply(told)
    withdrawn = desk.report("c", f"WITHDRAWN: {MET}", summary="This report has been withdrawn.", revision=2)
    live.apply(withdrawn)
    delta = the_delta(withdrawn)

    assert (delta.type, delta.by, delta.supersedes) == (DeltaType.RETRACTION, "publisher", the_delta(told).id)
    assert [(c.fact, c.after) for c in delta.changes] == [("putin-meeting", before.now)]
    assert live.facts["putin-meeting"] == before
    assert live.facts == desk.memory.facts


def test_what_its_publisher_withdrew_is_not_withdrawn_again(desk: Desk) -> None:
    desk.report("c", MET)
    desk.report("c", f"WITHDRAWN: {MET}", summary="This report has been withdrawn.", revision=2)
    done = desk.judge("c", relevant=False)

    assert done is not None
    assert (done.delta, done.decision.outcome) == (None, Outcome.REJECTED)


def test_withdrawing_a_retraction_brings_back_what_it_withdrew() -> None:
    told = a_delta(id="d-1")
    changed = a_delta(id="d-2", supersedes="d-1", type=DeltaType.VALUE_CHANGE)
    notice = a_delta(id="d-3", supersedes="d-2", type=DeltaType.RETRACTION, entry="e-other")
    rejection = a_delta(id="d-4", supersedes="d-3", type=DeltaType.RETRACTION, entry="e-other", by="editor")

    assert Withdrawals.of([told, changed]).ids == set()
    assert Withdrawals.of([told, changed, notice]).ids == {"d-1", "d-2"}
    assert Withdrawals.of([told, changed, notice, rejection]).ids == {"d-3"}
    loop = a_delta(id="d-5", supersedes="d-5", type=DeltaType.RETRACTION)
    assert Withdrawals.of([a_delta(id="d-6", type=DeltaType.RETRACTION), loop]).ids <= {"d-5"}


# --- small things ------------------------------------------------------------------------


@pytest.mark.parametrize("weight", [-9.0, -0.1, 0.0, 0.05, 4.2])
def test_an_editors_weight_is_no_larger_than_it_must_be(weight: float) -> None:
    decision = a_decision(reasons=(Reason(feature="x", weight=weight),))
    up, down = accepted(decision), rejected(decision)

    assert up.score >= 0.5 > down.score
    assert adds_up(up)
    assert adds_up(down)
    assert up.reasons[-1].weight >= 0.0 >= down.reasons[-1].weight
    assert accepted(down) == replace(up, development=None, origin=None, novelty=None)


def test_the_story_is_the_one_named_else_where_the_entry_scored_highest() -> None:
    made = {
        "a": a_decision(story="a", relevant=False, score=0.4),
        "b": a_decision(story="b", relevant=False, score=0.45),
        "c": None,
    }
    assert story_judged(made) == "b"
    assert story_judged(made, "c") == "c"
    assert story_judged({"only": None}) == "only"
    with pytest.raises(Invalid, match="which one"):
        story_judged({"a": None, "b": None})
    with pytest.raises(Invalid, match="no story 'z'"):
        story_judged(made, "z")


def test_a_note_is_one_printable_line() -> None:
    assert plain_note(" a\tb\n\x00c \u202e") == "a b c"
    assert len(plain_note("x" * LONGEST_NOTE)) == LONGEST_NOTE
