"""How likely two reports tell of one happening: a sum of named terms, in log-odds.

Reports of one happening agree in time, in what is done to whom, in the entities they name, and (within a language) in
their words. None of these is enough alone: the same two leaders meet twice a year, and one day brings several
happenings around one base.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from service.core.developments.reports import Report, likeness_of_meaning, unpacked
from service.core.model import ActionClass

# What forces that are moved do is told in either word.
_TWINS = {"move": "withdraw", "withdraw": "move"}
COMPARED_FRAMES = 4  # of a report's events, the main one first


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # tables are kept by rule, which is then quick to look up
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
    per_day: float = -0.38  # below 0
    window_days: float = 10.0
    meaning: float = 12.0  # for each 1.0 of cosine above what strangers have; counts where the encoder is on
    strangers: float = 0.86
    nothing_read: float = -1.5  # a report in which no event was read is not told while something as near is open

    def words_shared(self, share: float, shorter: int) -> float:
        """Return what a share of common words counts, of texts the shorter of which has so many words."""
        return self.words * max(0.0, share - _BY_CHANCE) * min(1.0, shorter / _SHORT)

    def title_shared(self, share: float) -> float:
        """Return what a share of common words of titles counts."""
        return self.title_words * max(0.0, share - _BY_CHANCE)

    def other_language(self) -> float:
        """Return what unrelated words would have counted in one language."""
        return self.words * 0.12

    def core_shared(self, common: int, one: int, other: int) -> float:
        """Return what core entities count: how many are common, and how many each report names."""
        apart = self.no_common_core if one and other and not common else 0.0
        return self.core_overlap * _jaccard(common, one, other) + apart

    def entities_shared(self, common: int, one: int, other: int) -> float:
        """Return what entities count, as `core_shared`."""
        return self.entity_overlap * _jaccard(common, one, other)


_BY_CHANCE = 0.2  # share of their words that any two texts on one story have in common
_SHORT = 8  # words; in shorter texts a common word says less


def _jaccard(common: int, one: int, other: int) -> float:
    return common / (one + other - common) if common else 0.0


class Kinship:
    """What the actions of a lexicon have to do with each other, worked out once."""

    def __init__(self, actions: Mapping[str, ActionClass]) -> None:
        self._actions = actions
        self._opposed: dict[tuple[str, str], bool] = {}

    def family(self, action: str) -> str:
        """Return the family of an action; one that the lexicon no longer has is its own."""
        known = self._actions.get(action)
        return known.family if known else action

    def twin(self, action: str) -> str | None:
        """Return the action whose word is used for the same thing, as of forces that are moved or withdrawn."""
        return _TWINS.get(action)

    def opposed(self, a: str, b: str) -> bool:
        """Say whether one action undoes the other: ships return, ships leave; a handover is asked for, and refused."""
        known = self._opposed.get((a, b))
        if known is None:
            known = bool(self._undone_by(a) & self._bases(b) or self._undone_by(b) & self._bases(a))
            self._opposed[a, b] = known
        return known

    def _bases(self, action: str) -> set[str]:
        known = self._actions.get(action)
        return {action, known.derived_from} if known and known.derived_from else {action}

    def _undone_by(self, action: str) -> set[str]:
        actions = self._actions
        return {other for base in self._bases(action) if base in actions for other in actions[base].opposes}


class Likeness:
    """How like one report others are; what it takes from each is remembered while the one is compared."""

    def __init__(self, report: Report, kin: Kinship, rule: JoinRule) -> None:
        self.report = report
        self.kin = kin
        self.rule = rule
        self.frames = [(frame, *frame.split("|")) for frame in report.frames[:COMPARED_FRAMES]]
        self._threads = frozenset(report.threads)
        self._text = report.text_words.as_set()
        self._title = report.title_words.as_set()
        self._text_worth, self._title_worth = _worths(rule)
        self._by_parts: dict[tuple[object, ...], float] = {}

    def to(self, other: Report) -> float:
        """Return the likeness of another report, in log-odds; symmetric."""
        total = self._beside_words(other)
        if self.report.lang != other.lang:
            return total + self.rule.other_language()
        mine, theirs = self._text, unpacked(other.text_words)
        total += self._text_worth[min(len(theirs), len(mine))][len(mine & theirs)]
        mine, theirs = self._title, unpacked(other.title_words)
        return total + self._title_worth[min(len(theirs), len(mine))][len(mine & theirs)]

    def _beside_words(self, other: Report) -> float:
        """Return all of the likeness but what words count."""
        a, rule = self.report, self.rule
        parts = other.frames, other.core, other.entities, other.threads  # many a report has the same
        total = self._by_parts.get(parts)
        if total is None:
            total = rule.base + self._action_term(other.frames) + self._core_term(other.core)
            total += self._entity_term(other.entities)
            if self._threads.isdisjoint(other.threads):
                total += rule.other_thread
            self._by_parts[parts] = total
        if a.quantities and other.quantities:
            for unit, value in a.quantities.items():
                if unit in other.quantities:
                    total += rule.same_quantity if other.quantities[unit] == value else rule.other_quantity
        alike = likeness_of_meaning(a.meaning, other.meaning) if a.meaning else None
        if alike is not None:
            total += rule.meaning * (alike - rule.strangers)
        days = abs((a.dated_at - other.dated_at).total_seconds()) / 86400
        return total + rule.per_day * days

    def _core_term(self, core: frozenset[str]) -> float:
        mine = self.report.core
        return self.rule.core_shared(len(mine & core), len(mine), len(core))

    def _entity_term(self, entities: frozenset[str]) -> float:
        mine = self.report.entities
        return self.rule.entities_shared(len(mine & entities), len(mine), len(entities))

    def _action_term(self, frames: tuple[str, ...]) -> float:
        rule, kin = self.rule, self.kin
        if not self.frames or not frames:
            return 0.0
        if kin.opposed(self.frames[0][1], frames[0].partition("|")[0]):
            return rule.opposed
        best = rule.other_families
        for right in frames[:COMPARED_FRAMES]:
            other_action, other_actor, other_target = right.split("|")
            for left, action, actor, target in self.frames:
                if left == right:
                    return rule.same_frame
                common = {actor, target} & {other_actor, other_target} - {""}
                if action == other_action or (common and kin.twin(action) == other_action):
                    best = max(best, rule.same_action_and_party if common else rule.same_action)
                elif kin.family(action) == kin.family(other_action):
                    best = max(best, rule.same_family)
        return best


class _Worths(dict[int, list[float]]):
    """What common words count, by how many words the shorter text has and how many are common; fills itself."""

    def __init__(self, counts: Callable[[float, int], float]) -> None:
        super().__init__()
        self._counts = counts

    def __missing__(self, shorter: int) -> list[float]:
        worth = [self._counts(common / max(1, shorter), shorter) for common in range(shorter + 1)]
        self[shorter] = worth
        return worth


@lru_cache(maxsize=16)
def _worths(rule: JoinRule) -> tuple[_Worths, _Worths]:
    """Return what common words of texts count, and those of titles."""
    return _Worths(rule.words_shared), _Worths(lambda share, _: rule.title_shared(share))
