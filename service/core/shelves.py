"""Reports on a shelf, filed by what the join rule asks of them, and the most that each can be like another report.

For every answer to a question of the rule (which actions? which entities? which words? how long ago?) a shelf keeps the
set of lanes of the reports that give it. From these sets follows, for all reports at once, how much each term counts at
most: terms are rounded up to sixteenths, words are told apart by some bits of their hashes only, lengths by classes. So
what is promised is never less than the likeness, and little more (DESIGN 33).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from service.core.lanes import Lanes, constants, count, descending, each, total
from service.core.likeness import COMPARED_FRAMES, Likeness
from service.core.reports import Report

CAPACITY = 32_768  # reports a shelf: ten busy days; operations on longer integers cost less a lane
_UNIT = 1 / 16  # of log-odds
_ROUNDING = 1e-6  # more than sums of these floats differ by when added in another order
_TEXT_COLUMNS, _TITLE_COLUMNS = 1024, 256
_DAY_S, _QUARTER_S = 24 * 3600, 6 * 3600  # dates are told apart by days, by quarters of a day where they are near
_NEAR_S = 3 * _DAY_S
_EPOCH, _SECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1)
_SIZES: tuple[int, ...] = (
    *range(13),
    14,
    16,
    18,
    20,
    23,
    26,
    29,
    33,
    37,
    42,
    48,
    55,
    63,
    72,
    82,
    94,
    107,
)  # lower edges of classes

_Key = TypeVar("_Key")
_Of = TypeVar("_Of")
_Table = dict[_Key, Lanes]
_Term = tuple[float, list[tuple[float, Lanes]]]  # the least that a term counts; what more it counts, in which lanes


class Shelf(Generic[_Of]):
    """Some thousands of reports, each in a lane with what it is of; one that was taken off leaves its lane empty."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self.filed: list[tuple[Report, _Of] | None] = []  # by lane
        self.filled: Lanes = 0
        self.latest = _EPOCH  # for the owner: no report's development is later than this
        self._frames: _Table[str] = {}
        self._parties: _Table[tuple[str, str]] = {}
        self._actions: _Table[str] = {}
        self._main_actions: _Table[str] = {}
        self._core: _Table[str] = {}
        self._entities: _Table[str] = {}
        self._core_sizes: _Table[int] = {}
        self._entity_sizes: _Table[int] = {}
        self._threads: _Table[str] = {}
        self._langs: _Table[str] = {}
        self._units: _Table[str] = {}
        self._quantities: _Table[tuple[str, int]] = {}
        self._days: _Table[int] = {}
        self._quarters: _Table[int] = {}
        self._text_words: _Table[int] = {}
        self._title_words: _Table[int] = {}
        self._text_sizes: _Table[int] = {}
        self._title_sizes: _Table[int] = {}

    @property
    def is_full(self) -> bool:
        """Say whether every lane has been given away."""
        return len(self.filed) >= self._capacity

    def put(self, report: Report, of: _Of) -> int:
        """File a report; return its lane."""
        lane = len(self.filed)
        here = 1 << lane
        self.filed.append((report, of))
        self.filled |= here
        frames = [frame.split("|") for frame in report.frames[:COMPARED_FRAMES]]
        _file(self._frames, report.frames[:COMPARED_FRAMES], here)
        _file(self._actions, {action for action, _, _ in frames}, here)
        _file(self._parties, {(action, p) for action, *parties in frames for p in parties if p}, here)
        _file(self._main_actions, (action for action, _, _ in frames[:1]), here)
        _file(self._core, report.core, here)
        _file(self._core_sizes, [len(report.core)], here)
        _file(self._entities, report.entities, here)
        _file(self._entity_sizes, [len(report.entities)], here)
        _file(self._threads, report.threads, here)
        _file(self._langs, [report.lang], here)
        _file(self._units, report.quantities, here)
        _file(self._quantities, report.quantities.items(), here)
        _file(self._days, [_seconds(report.dated_at) // _DAY_S], here)
        _file(self._quarters, [_seconds(report.dated_at) // _QUARTER_S], here)
        _file(self._text_words, {word % _TEXT_COLUMNS for word in report.text_words}, here)
        _file(self._title_words, {word % _TITLE_COLUMNS for word in report.title_words}, here)
        _file(self._text_sizes, [_size_class(len(report.text_words))], here)
        _file(self._title_sizes, [_size_class(len(report.title_words))], here)
        return lane

    def take_off(self, lane: int) -> None:
        """Forget the report in a lane."""
        self.filed[lane] = None
        self.filled &= ~(1 << lane)

    def promising(self, like: Likeness) -> Iterator[tuple[float, Report, _Of]]:
        """Yield the most that each report can be like the one, with the report, the most promising first."""
        terms = [
            self._text_term(like),
            self._title_term(like),
            self._action_term(like),
            self._core_term(like),
            self._entity_term(like),
            self._thread_term(like),
            *self._quantity_terms(like),
            self._day_term(like),
        ]
        floor = like.rule.base + _ROUNDING + sum(least for least, _ in terms)
        if like.report.meaning:  # not told apart here: any report may mean the same
            floor += max(0.0, like.rule.meaning * (1 - like.rule.strangers))
        numbers = [constants((math.ceil(more / _UNIT), lanes) for more, lanes in counted) for _, counted in terms]
        for value, lanes in descending(total(numbers), self.filled):
            for lane in each(lanes):
                filed = self.filed[lane]
                assert filed is not None  # a filled lane
                yield floor + _UNIT * value, *filed

    def _action_term(self, like: Likeness) -> _Term:
        rule, kin = like.rule, like.kin
        if not like.frames:
            return 0.0, []
        mine = {action for _, action, _, _ in like.frames}
        families = {kin.family(action) for action in mine}
        main = like.frames[0][1]
        framed = opposed = same = related = 0
        for action, lanes in self._main_actions.items():
            framed |= lanes
            if kin.opposed(main, action):
                opposed |= lanes
        for action, lanes in self._actions.items():
            if action in mine:
                same |= lanes
            elif kin.family(action) in families:
                related |= lanes
        parties = {(action, party) for _, action, *both in like.frames for party in both if party}
        best = rule.other_families
        ranked = [(best, framed)]
        for value, lanes in (
            (rule.same_family, related),
            (rule.same_action, same),
            (rule.same_action_and_party, _any(self._parties, parties)),
            (rule.same_frame, _any(self._frames, [frame for frame, *_ in like.frames])),
        ):
            best = max(best, value)
            ranked.append((best, lanes))
        least, left, term = min(rule.opposed, rule.other_families, 0.0), self.filled, []
        for value, lanes in (rule.opposed, opposed), *reversed(ranked), (0.0, left):
            if here := lanes & left:
                term.append((value - least, here))
                left ^= here
        return least, term

    def _core_term(self, like: Likeness) -> _Term:
        mine, shared = like.report.core, like.rule.core_shared
        least = min(0.0, like.rule.no_common_core)
        columns = _columns(self._core, mine)
        return self._overlap(columns, self._core_sizes, lambda both, size: shared(both, len(mine), size), least)

    def _entity_term(self, like: Likeness) -> _Term:
        mine, shared = like.report.entities, like.rule.entities_shared
        columns = _columns(self._entities, mine)
        return self._overlap(columns, self._entity_sizes, lambda both, size: shared(both, len(mine), size))

    def _overlap(
        self,
        columns: list[Lanes],
        sizes: _Table[int],
        counts: Callable[[int, int], float],
        least: float = 0.0,
        within: Lanes | None = None,
    ) -> _Term:
        """Return what counts by how many things are common, of how many."""
        found = []
        for common, lanes in descending(count(columns), self.filled if within is None else within):
            for size, sized in sizes.items():
                more = counts(min(common, size), size) - least
                if more > 0 and (both := lanes & sized):
                    found.append((more, both))
        return least, found

    def _thread_term(self, like: Likeness) -> _Term:
        least = like.rule.other_thread
        return least, [(-least, _any(self._threads, like.report.threads) & self.filled)]

    def _quantity_terms(self, like: Likeness) -> Iterator[_Term]:
        rule = like.rule
        least = min(0.0, rule.other_quantity)
        for unit, value in like.report.quantities.items():
            same = self._quantities.get((unit, value), 0) & self.filled
            without = self.filled & ~self._units.get(unit, 0)
            yield least, [(rule.same_quantity - least, same), (-least, without)]

    def _day_term(self, like: Likeness) -> _Term:
        at, per_day = _seconds(like.report.dated_at), like.rule.per_day
        found: list[tuple[int, Lanes]] = []
        for day in list(self._days):
            lanes = self._days[day] & self.filled
            apart = _apart(at, day, _DAY_S)
            if not lanes:
                for quarter in range(day * 4, day * 4 + 4):
                    self._quarters.pop(quarter, None)
                del self._days[day]
            elif apart > _NEAR_S:
                found.append((apart, lanes))
            else:
                found += [
                    (_apart(at, quarter, _QUARTER_S), here)
                    for quarter in range(day * 4, day * 4 + 4)
                    if (here := self._quarters.get(quarter, 0) & lanes)
                ]
        furthest = max((apart for apart, _ in found), default=0)
        return per_day * furthest / 86400, [(per_day * (apart - furthest) / 86400, lanes) for apart, lanes in found]

    def _text_term(self, like: Likeness) -> _Term:
        report, rule = like.report, like.rule
        same = self._langs.get(report.lang, 0) & self.filled
        columns = _columns(self._text_words, [word % _TEXT_COLUMNS for word in report.text_words])
        sizes = self._sizes_up_to(len(report.text_words), self._text_sizes)
        least, term = self._overlap(
            columns, sizes, lambda both, size: rule.words_shared(both / size, size), within=same
        )
        return least, [*term, (rule.other_language(), self.filled & ~same)]

    def _title_term(self, like: Likeness) -> _Term:
        report, rule = like.report, like.rule
        same = self._langs.get(report.lang, 0) & self.filled
        columns = _columns(self._title_words, [word % _TITLE_COLUMNS for word in report.title_words])
        sizes = self._sizes_up_to(len(report.title_words), self._title_sizes)
        return self._overlap(columns, sizes, lambda both, size: rule.title_shared(both / size), within=same)

    def _sizes_up_to(self, most: int, sizes: _Table[int]) -> _Table[int]:
        """Return the lanes by the least size of the shorter of two texts; no words are common with an empty one."""
        merged: _Table[int] = {}
        for size, lanes in sizes.items():
            if shorter := min(size, most):
                merged[shorter] = merged.get(shorter, 0) | lanes
        return merged


def _seconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _SECOND


def _apart(at: int, number: int, length: int) -> int:
    """Return how many seconds lie between an instant and a stretch of time, the stretches being numbered."""
    return max(0, number * length - at - 1, at - (number + 1) * length)


def _size_class(size: int) -> int:
    """Return the smallest size of the class that a text of so many words is in."""
    return _SIZES[bisect_right(_SIZES, size) - 1]


def _file(table: _Table[_Key], keys: Iterable[_Key], here: Lanes) -> None:
    for key in keys:
        table[key] = table.get(key, 0) | here


def _columns(table: _Table[_Key], keys: Iterable[_Key]) -> list[Lanes]:
    return [table.get(key, 0) for key in keys]


def _any(table: _Table[_Key], keys: Iterable[_Key]) -> Lanes:
    found = 0
    for key in keys:
        found |= table.get(key, 0)
    return found
