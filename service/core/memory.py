"""What is known of one story at a moment: its reports, open developments and facts.

A fold over the decision ledger: `apply` is called with each committed comparison, and a restarted process rebuilds the
same memory from the stored traces. It holds no clock and does no I/O.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.core.developments import Cluster
from service.core.model import Comparison, Decision, Delta, Development, Fact, Outcome, Story
from service.core.reports import COPY_WINDOW, Report

# Developments stay open to reports this long after their last one; later reports of the same kind begin a new one.
_OPEN = timedelta(days=45)


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


class StoryMemory:
    """See the module."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.facts: dict[str, FactState] = {
            fact.id: FactState(
                fact=fact,
                now=fact.statement,
                origins={fact.attribution.origin},
                on_record=fact.attribution.on_record,
            )
            for fact in story.facts
        }
        self.clusters: dict[str, Cluster] = {}
        self.developments: dict[str, Development] = {}
        self.told_facts: dict[str, set[str]] = {}  # development → facts its deltas have touched
        self.by_entry: dict[str, Report] = {}
        self.recent: deque[Report] = deque()

    def open_clusters(self) -> Iterable[Cluster]:
        """Return the open developments, oldest first."""
        return self.clusters.values()

    def possible_originals(self, dated_at: datetime) -> Iterable[Report]:
        """Return the reports a copy may copy, oldest first; copies themselves are not among them."""
        return (r for r in self.recent if r.duplicate_of is None and abs(r.dated_at - dated_at) <= COPY_WINDOW)

    def apply(self, comparison: Comparison) -> None:
        """Take in what was committed."""
        decision = comparison.decision
        if decision.trace is not None:
            self._take(Report.from_json(decision.trace), decision)
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
        for fact in facts:
            self.add_fact(fact)
        for delta in deltas:
            self.apply_delta(delta)

    def apply_delta(self, delta: Delta) -> None:
        """Take in what a published delta does to facts."""
        on_record = bool(delta.event and delta.event.on_record)
        self.told_facts.setdefault(delta.development, set()).update(change.fact for change in delta.changes)
        for change in delta.changes:
            self.change_fact(change.fact, change.stance, change.after, delta.origin, on_record=on_record)

    def _take(self, report: Report, decision: Decision) -> None:
        self.by_entry[report.entry] = report
        self.recent.append(report)
        while self.recent and report.dated_at - self.recent[0].dated_at > 2 * COPY_WINDOW:
            self.recent.popleft()
        if decision.outcome not in {Outcome.DELTA, Outcome.REPEAT} or not report.development:
            return
        cluster = self.clusters.get(report.development)
        if cluster is None:
            self.clusters[report.development] = Cluster(
                id=report.development, reports=[report], first_at=report.dated_at, last_at=report.dated_at
            )
        elif not report.retracted:
            cluster.add(report)
        for old in [c.id for c in self.clusters.values() if report.dated_at - c.last_at > _OPEN]:
            del self.clusters[old]

    def add_fact(self, fact: Fact) -> None:
        """Take in a later fact."""
        self.facts.setdefault(
            fact.id,
            FactState(
                fact=fact,
                now=fact.statement,
                origins={fact.attribution.origin},
                on_record=fact.attribution.on_record,
            ),
        )

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
