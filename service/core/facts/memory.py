"""What is known of one story at a moment: its reports, open developments and facts.

A fold over the decision ledger: `apply` is called with each committed comparison, and a restarted process rebuilds the
same memory from the stored traces. What a retraction withdraws no longer counts: facts are then as if it had never been
told. It holds no clock and does no I/O.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from service.core.developments.clustering import Cluster, OpenDevelopments
from service.core.developments.copies import Originals
from service.core.developments.reports import COPY_WINDOW, Report
from service.core.developments.tellers import Tellers
from service.core.facts.cast import Cast
from service.core.facts.change_rules import AskedRule, ChangeRules
from service.core.facts.withdrawals import Withdrawals
from service.core.model import (
    Change,
    Comparison,
    Decision,
    Delta,
    DeltaType,
    Development,
    Event,
    Fact,
    Outcome,
    Story,
)


@dataclass(slots=True, kw_only=True)
class FactState:
    """A fact with what has happened to it since.

    Attributes:
        fact: As the story file or the delta says it.
        now: What is known of it now.
        origins: Who vouches for what is known now.
        on_record: Somebody stands by it with a name.
        told: What has been published about it already ("stance: after").
    """

    fact: Fact
    now: str
    origins: set[str]
    on_record: bool
    told: set[str] = field(default_factory=set)


def _untouched(fact: Fact) -> FactState:
    return FactState(
        fact=fact, now=fact.statement, origins={fact.attribution.origin}, on_record=fact.attribution.on_record
    )


def _is_rejection(delta: Delta) -> bool:
    return delta.by == "editor" and delta.type is DeltaType.RETRACTION


class StoryMemory:
    """See the module."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.cast = Cast.of(story)
        self.facts: dict[str, FactState] = {}
        self._change_rules = ChangeRules(story.facts, self.cast.people)
        self._by_action: dict[str, list[tuple[int, str]]] = {}  # what later facts tell was done → place, fact
        self._values: set[str | None] = set()  # what facts count
        self.open = OpenDevelopments()
        self.developments: dict[str, Development] = {}
        self.told_facts: dict[str, dict[str, set[str]]] = {}  # development → fact its deltas touched → stances
        self.by_entry: dict[str, Report] = {}
        self.recent: deque[Report] = deque()
        self.tellers = Tellers()  # those of `recent` that told something and may be originals
        self.deltas: dict[str, Delta] = {}  # all, in order of seq
        self.withdrawals = Withdrawals()
        self._originals = Originals()
        self._rejections: list[Delta] = []  # retractions by editors
        self._later_facts: list[Fact] = []
        for fact in story.facts:
            self._know(fact)

    @property
    def clusters(self) -> Mapping[str, Cluster]:
        """The open developments, oldest first."""
        return self.open.clusters

    def original_of(self, report: Report) -> Report | None:
        """Return the first report that this one is a copy of; neither copies nor notices of withdrawal are originals."""
        return self._originals.first_copied(report)

    def rules_for(self, event: Event, said: frozenset[str]) -> list[tuple[FactState, list[AskedRule]]]:
        """Return the facts with their change rules for such an event that counts as these actions, in order."""
        return [(self.facts[fact], rules) for fact, rules in self._change_rules.for_event(event, said)]

    def actions_told(self) -> Iterable[str]:
        """Return what later facts tell was done."""
        return self._by_action.keys()

    def later_facts(self, actions: Iterable[str]) -> Iterable[FactState]:
        """Return the later facts that tell of these actions, the newest first."""
        newest_first = (reversed(self._by_action.get(action, ())) for action in actions)
        return (self.facts[fact] for _, fact in heapq.merge(*newest_first, reverse=True))

    def is_known_value(self, value: str) -> bool:
        """Say whether a fact counts just that: "33 killed"."""
        return value in self._values

    def apply(self, comparison: Comparison) -> None:
        """Take in what was committed."""
        decision = comparison.decision
        if decision.trace is not None:
            self._take(comparison.report or Report.from_json(decision.trace), decision)
        for fact in comparison.facts:
            self.add_fact(fact)
        if comparison.development is not None:
            self.developments[comparison.development.id] = comparison.development
        if comparison.delta is not None:
            self.apply_delta(comparison.delta)

    def restore(
        self,
        decisions: Iterable[Decision],
        developments: Iterable[Development],
        facts: Iterable[Fact],
        deltas: Iterable[Delta],
    ) -> None:
        """Take in what the store kept, each oldest first: memory is then as if it had applied them itself."""
        for decision in decisions:
            if decision.trace is not None:
                self._take(Report.from_json(decision.trace), decision)
        self.developments = {development.id: development for development in developments}
        self._later_facts = list(facts)
        self.deltas = {delta.id: delta for delta in deltas}
        self.withdrawals = Withdrawals.of(self.deltas.values())
        self._rejections = [delta for delta in self.deltas.values() if _is_rejection(delta)]
        self._fold_facts(self.withdrawals.ids)

    def apply_delta(self, delta: Delta) -> None:
        """Take in what a published delta does to facts."""
        self.deltas[delta.id] = delta
        if _is_rejection(delta):
            self._rejections.append(delta)
        if self.withdrawals.add(delta):
            self._fold_facts(self.withdrawals.ids)
        else:
            self._change_facts(delta)

    def settled_facts(self, development: str) -> frozenset[str]:
        """Return the facts that deltas of a development have contradicted: what else it reports of them is no news."""
        touched = self.told_facts.get(development, {})
        return frozenset(fact for fact, stances in touched.items() if "contradicts" in stances)

    def newest_delta(self, entry: str) -> Delta | None:
        """Return the newest delta of an entry that still stands."""
        return next(
            (d for d in reversed(self.deltas.values()) if d.entry == entry and d.id not in self.withdrawals.ids), None
        )

    def rejections(self, entry: str) -> int:
        """Return how often an editor has withdrawn what an entry told."""
        return sum(delta.entry == entry for delta in self._rejections)

    def is_taken_back(self, development: str) -> bool:
        """Say whether an editor has withdrawn all that was told of a development, so that nobody knows of it."""
        rejections = [delta for delta in self._rejections if self._development_of(delta) == development]
        if not rejections:
            return False
        told = {delta.id for delta in self.deltas.values() if self._development_of(delta) == development}
        told -= {delta.id for delta in rejections}
        return not told.difference(*(self.withdrawals.gone_by(delta.id) for delta in rejections))

    def taken_back(self, superseded: str) -> tuple[Change, ...]:
        """Return what becomes of facts when a delta is withdrawn: each returns to what was known without it."""
        gone, back = self.withdrawals.change_by(superseded)
        without = StoryMemory(self.story)
        without.deltas, without._later_facts, without.by_entry = self.deltas, self._later_facts, self.by_entry
        without._fold_facts((self.withdrawals.ids | set(gone)) - set(back))
        return tuple(
            Change(fact=fact, before=state.now, after=without.facts[fact].now, stance="contradicts")
            for fact, state in self.facts.items()
            if fact in without.facts and without.facts[fact].now != state.now
        )

    def _development_of(self, delta: Delta) -> str:
        """Return the development that a delta tells of now: an editor may have moved its report since."""
        report = self.by_entry.get(delta.entry)
        return report.development if report and report.development else delta.development

    def _fold_facts(self, withdrawn: Collection[str]) -> None:
        """Make facts from the beginning, without what was withdrawn."""
        self.facts, self._by_action, self._values = {}, {}, set()
        for fact in self.story.facts:
            self._know(fact)
        self.told_facts = {}
        for fact in self._later_facts:
            if fact.delta not in withdrawn:
                self._know(fact)
        for delta in self.deltas.values():
            if delta.id not in withdrawn:
                self._change_facts(delta)

    def _change_facts(self, delta: Delta) -> None:
        if delta.type is DeltaType.RETRACTION and delta.supersedes:
            return  # its changes say what folding without the withdrawn deltas does
        on_record = bool(delta.event and delta.event.on_record)
        touched = self.told_facts.setdefault(self._development_of(delta), {})
        for change in delta.changes:
            touched.setdefault(change.fact, set()).add(change.stance)
        for change in delta.changes:
            self.change_fact(change.fact, change.stance, change.after, delta.origin, on_record=on_record)

    def _take(self, report: Report, decision: Decision) -> None:
        self.by_entry[report.entry] = report
        self.recent.append(report)
        self._originals.add(report)
        self.tellers.add(report)
        while self.recent and report.dated_at - self.recent[0].dated_at > 2 * COPY_WINDOW:
            gone = self.recent.popleft()
            self._originals.drop(gone)
            self.tellers.drop(gone)
        if decision.outcome in {Outcome.DELTA, Outcome.REPEAT} and report.development:
            self.open.add(report)

    def add_fact(self, fact: Fact) -> None:
        """Take in a later fact."""
        self._later_facts.append(fact)
        self._know(fact)

    def _know(self, fact: Fact) -> None:
        if fact.id in self.facts:
            return
        if fact.delta is not None and fact.action is not None:
            self._by_action.setdefault(fact.action, []).append((len(self.facts), fact.id))
        self._values.add(fact.value)
        self.facts[fact.id] = _untouched(fact)

    def change_fact(self, fact_id: str, stance: str, after: str, origin: str, *, on_record: bool) -> None:
        """Record what was published about a fact."""
        state = self.facts.get(fact_id)
        if state is None:
            return
        state.told.add(f"{stance}: {after}")
        if stance == "confirms":
            state.origins.add(origin)
            state.on_record = state.on_record or on_record
        elif stance == "contradicts":  # what only develops a fact leaves it standing
            state.now, state.origins, state.on_record = after, {origin}, on_record
