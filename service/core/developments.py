"""Which development a report belongs to: online, single pass, across languages and over days.

A development is one real-world happening. Reports of it agree in time, in what is done to whom, in the entities they
name, and (within a language) in their words. None of these is enough alone: the same two leaders meet twice a year,
and one day brings several happenings around one base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.core.model import ActionClass
from service.core.reports import Report, containment, likeness_of_meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRule:
    """The weights of the join decision, in log-odds; chosen by cross-validation over time (`eval`)."""

    base: float = -2.0
    same_frame: float = 3.0
    same_action_and_party: float = 2.5
    same_action: float = 1.4
    same_family: float = 0.5
    opposed: float = -3.0
    other_families: float = -1.0
    words: float = 4.0
    title_words: float = 2.0
    core_overlap: float = 1.4
    entity_overlap: float = 0.8
    no_common_core: float = -1.0
    other_thread: float = -2.0
    same_quantity: float = 1.0
    other_quantity: float = -0.7
    per_day: float = -0.38
    window_days: float = 10.0
    meaning: float = 12.0  # for each 1.0 of cosine above what strangers have; counts where the encoder is on
    strangers: float = 0.86
    nothing_read: float = -1.5  # a report in which no event was read joins what is near, rather than open a new one


@dataclass(slots=True, kw_only=True)
class Cluster:
    """An open development as memory keeps it: its last reports stand for it."""

    id: str
    reports: list[Report]
    first_at: datetime
    last_at: datetime

    _KEPT = 12

    def add(self, report: Report) -> None:
        """Take in a report."""
        self.reports.append(report)
        if len(self.reports) > self._KEPT:
            del self.reports[1]  # the first report always stays
        self.last_at = max(self.last_at, report.dated_at)


def _action_term(a: Report, b: Report, actions: Mapping[str, ActionClass], rule: JoinRule) -> float:
    if not a.frames or not b.frames:
        return 0.0
    if opposed(a.frames[0].split("|")[0], b.frames[0].split("|")[0], actions):
        return rule.opposed
    best = rule.other_families
    for left in a.frames[:4]:
        action, actor, target = left.split("|")
        for right in b.frames[:4]:
            other_action, other_actor, other_target = right.split("|")
            if left == right:
                return rule.same_frame
            if action == other_action:
                common = {actor, target} & {other_actor, other_target} - {""}
                best = max(best, rule.same_action_and_party if common else rule.same_action)
            elif _family(action, actions) == _family(other_action, actions):
                best = max(best, rule.same_family)
    return best


def opposed(a: str, b: str, actions: Mapping[str, ActionClass]) -> bool:
    """Say whether one action undoes the other: ships return, ships leave; a handover is asked for, and refused."""

    def bases(action: str) -> set[str]:
        known = actions.get(action)
        return {action, known.derived_from} if known and known.derived_from else {action}

    def undone_by(action: str) -> set[str]:
        return {other for base in bases(action) if base in actions for other in actions[base].opposes}

    return bool(undone_by(a) & bases(b) or undone_by(b) & bases(a))


def _family(action: str, actions: Mapping[str, ActionClass]) -> str:
    known = actions.get(action)
    return known.family if known else action


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    union = len(a | b)
    return len(a & b) / union if union else 0.0


def likeness(a: Report, b: Report, actions: Mapping[str, ActionClass], rule: JoinRule) -> float:
    """Return how likely two reports tell of one happening, in log-odds; symmetric."""
    total = rule.base + _action_term(a, b, actions, rule)
    if a.lang == b.lang:
        shrink = min(1.0, min(len(a.text_words), len(b.text_words)) / 8)
        total += rule.words * max(0.0, containment(a.text_words, b.text_words) - 0.2) * shrink
        total += rule.title_words * max(0.0, containment(a.title_words, b.title_words) - 0.2)
    else:
        total += rule.words * 0.12  # what unrelated words would have shared in one language
    total += rule.core_overlap * _jaccard(a.core, b.core) + rule.entity_overlap * _jaccard(a.entities, b.entities)
    if a.core and b.core and not a.core & b.core:
        total += rule.no_common_core
    if not set(a.threads) & set(b.threads):
        total += rule.other_thread
    for unit, value in a.quantities.items():
        if unit in b.quantities:
            total += rule.same_quantity if b.quantities[unit] == value else rule.other_quantity
    alike = likeness_of_meaning(a.meaning, b.meaning)
    if alike is not None:
        total += rule.meaning * (alike - rule.strangers)
    days = abs((a.dated_at - b.dated_at).total_seconds()) / 86400
    return total + rule.per_day * days


def best_cluster(
    report: Report,
    clusters: Iterable[Cluster],
    actions: Mapping[str, ActionClass],
    rule: JoinRule,
    least: float = 0.0,
) -> Cluster | None:
    """Return the open development that a report joins, or None when it begins one.

    The average of a report's two best links decides, so one odd report does not pull strangers in; it must be at least
    `least`, in log-odds.
    """
    best: tuple[float, Cluster] | None = None
    for cluster in clusters:
        gap = (report.dated_at - cluster.last_at).total_seconds() / 86400
        if gap > rule.window_days or gap < -rule.window_days:
            continue
        links = sorted((likeness(report, other, actions, rule) for other in cluster.reports), reverse=True)[:2]
        score = sum(links) / len(links)
        if score >= least and (best is None or score > best[0]):
            best = (score, cluster)
    return best[1] if best else None
