"""Reports on a shelf, filed by what the join rule asks of them, and the most that each can be like another report.

A lane of a shelf stands for a few reports of one development in one language. For every answer to a question of the
rule (which actions? which entities? which words? how late?) a shelf keeps the set of lanes that have a report which
gives it. From these sets follows, for all lanes at once, how much each term counts at most: terms are rounded up, words
are told apart by some bits of their hashes only, lengths by classes, and what the reports of a lane have is counted as
if one had it all. So what is promised is never less than the likeness, and little more (DESIGN 33).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Generic, TypeVar

from service.core.developments.lanes import Lanes, Number, at_most, constants, count, descending, each, total
from service.core.developments.likeness import COMPARED_FRAMES, JoinRule, Likeness
from service.core.developments.reports import Report

CAPACITY = 8192  # lanes a shelf; operations on longer integers cost less a lane
LANE = 12  # reports
_ROUNDING = 1e-6  # more than sums of these floats differ by when added in another order
_TEXT_COLUMNS, _TITLE_COLUMNS = 8192, 1024
# What a report loses in this time by being older is the unit in which terms are counted: 0.005 of log-odds.
_STEP_S = 1200
_EARLIER = 576  # steps: so much older than the first one of its shelf a report is dated exactly
_MOST = 12  # entities that are told apart by their number
_FULL = 8  # words; in a shorter text a common word counts less, so that more words may count more
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
_Term = tuple[float, list[tuple[int, Lanes]]]  # the least that a term counts; how many units more, in which lanes
_Row = Mapping[int, int] | Sequence[int]
_Worth = Mapping[int, _Row] | Sequence[_Row]  # units, by how many things are common and of how many at least


@dataclass(slots=True)
class _Lane(Generic[_Of]):
    """What is filed once for all reports of a lane: the least sizes, the latest step, the units that all count."""

    of: _Of
    text_size: int = _SIZES[-1]
    title_size: int = _SIZES[-1]
    core_size: int = _MOST
    entity_size: int = _MOST
    step: int = 0


class Shelf(Generic[_Of]):
    """Some thousands of lanes; one that was taken off stays empty."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lanes: list[_Lane[_Of] | None] = []
        self.filled: Lanes = 0
        self.latest = datetime(1970, 1, 1, tzinfo=UTC)  # for the owner: no report's development is later than this
        self._begin: int | None = None  # step 0
        self._frames: _Table[str] = {}
        self._parties: _Table[tuple[str, str]] = {}
        self._actions: _Table[str] = {}
        self._main_actions: _Table[str] = {}
        self._core: _Table[str] = {}
        self._entities: _Table[str] = {}
        self._threads: _Table[str] = {}
        self._langs: _Table[str] = {}
        self._counting: _Table[str] = {}  # lanes all whose reports count a unit
        self._quantities: _Table[tuple[str, int]] = {}
        self._text_words: _Table[int] = {}
        self._title_words: _Table[int] = {}
        self._core_sizes: _Table[int] = {}
        self._entity_sizes: _Table[int] = {}
        self._text_sizes: _Table[int] = {}
        self._title_sizes: _Table[int] = {}
        self._steps: Number = []

    @property
    def is_full(self) -> bool:
        """Say whether every lane has been given away."""
        return len(self._lanes) >= self._capacity

    def put(self, report: Report, of: _Of) -> int:
        """File a report in a lane of its own; return which."""
        lane = len(self._lanes)
        self._lanes.append(_Lane(of))
        here = 1 << lane
        self.filled |= here
        _file(self._langs, [report.lang], here)
        _file(self._counting, report.quantities, here)
        self.add(report, lane)
        return lane

    def add(self, report: Report, lane: int) -> None:
        """File a report in a lane that has others of its development and language."""
        kept = self._lanes[lane]
        assert kept is not None  # the owner's
        here = 1 << lane
        frames = report.frames[:COMPARED_FRAMES]
        split = [frame.split("|") for frame in frames]
        _file(self._frames, frames, here)
        _file(self._actions, {action for action, _, _ in split}, here)
        _file(self._parties, {(action, p) for action, *parties in split for p in parties if p}, here)
        _file(self._main_actions, [split[0][0] if split else ""], here)
        _file(self._core, report.core, here)
        _file(self._entities, report.entities, here)
        _file(self._threads, report.threads, here)
        _file(self._quantities, report.quantities.items(), here)
        for unit, lanes in self._counting.items():
            if lanes & here and unit not in report.quantities:
                self._counting[unit] = lanes ^ here
        _file(self._text_words, {word % _TEXT_COLUMNS for word in report.text_words.hashes()}, here)
        _file(self._title_words, {word % _TITLE_COLUMNS for word in report.title_words.hashes()}, here)
        text_size, title_size = _size_class(report.text_words.size), _size_class(report.title_words.size)
        kept.text_size = _refiled(self._text_sizes, kept.text_size, text_size, here)
        kept.title_size = _refiled(self._title_sizes, kept.title_size, title_size, here)
        kept.core_size = _refiled(self._core_sizes, kept.core_size, min(_MOST, len(report.core)), here)
        kept.entity_size = _refiled(self._entity_sizes, kept.entity_size, min(_MOST, len(report.entities)), here)
        step = math.ceil(report.dated_at.timestamp() / _STEP_S)
        if self._begin is None:
            self._begin = step - _EARLIER
        latest = max(kept.step, step - self._begin)
        self._write_step(kept.step ^ latest, here)
        kept.step = latest

    def take_off(self, lane: int) -> None:
        """Forget a lane."""
        self._lanes[lane] = None
        self.filled ^= 1 << lane

    def promising(self, like: Likeness) -> Iterator[tuple[float, _Of]]:
        """Yield the most that a report of each lane can be like the one, with what it is of, the most promising first."""
        rule = like.rule
        terms = [
            self._text_term(like),
            self._title_term(like),
            self._action_term(like),
            self._core_term(like),
            self._entity_term(like),
            self._thread_term(like),
            *self._quantity_terms(like),
        ]
        floor = rule.base + _ROUNDING + sum(least for least, _ in terms)
        if like.report.meaning:  # not told apart here: any report may mean the same
            floor += max(0.0, rule.meaning * (1 - rule.strangers))
        numbers = [constants(counted) for _, counted in terms]
        now = max(0, math.floor(like.report.dated_at.timestamp() / _STEP_S) - (self._begin or 0))
        numbers.append(at_most(now, self._steps, self.filled))
        unit = _unit(rule)
        for value, lanes in descending(total(numbers), self.filled):
            for number in each(lanes):
                lane = self._lanes[number]
                assert lane is not None  # a filled one
                yield floor + unit * (value - now), lane.of

    def _action_term(self, like: Likeness) -> _Term:
        rule, kin = like.rule, like.kin
        if not like.frames:
            return 0.0, []
        mine = {action for _, action, _, _ in like.frames}
        families = {kin.family(action) for action in mine}
        main = like.frames[0][1]
        framed = opposed = same = related = 0
        for action, lanes in self._main_actions.items():
            if not action:
                continue
            if kin.opposed(main, action):
                opposed |= lanes
            else:
                framed |= lanes
        for action, lanes in self._actions.items():
            if action in mine:
                same |= lanes
            elif kin.family(action) in families:
                related |= lanes
        parties = {(action, party) for _, action, *both in like.frames for party in both if party}
        parties |= {(twin, party) for action, party in parties if (twin := kin.twin(action))}
        best = rule.other_families
        ranked = [(best, framed)]
        for value, lanes in (
            (rule.same_family, related),
            (rule.same_action, same),
            (rule.same_action_and_party, _any(self._parties, parties)),
            (rule.same_frame, _any(self._frames, [frame for frame, *_ in like.frames])),
        ):
            best = max(best, value)
            ranked.append((best, lanes & framed))
        ranked += [(rule.opposed, opposed), (0.0, self._main_actions.get("", 0))]
        least, left, term = min(rule.opposed, rule.other_families, 0.0), self.filled, []
        for value, lanes in sorted(ranked, reverse=True):
            if here := lanes & left:
                term.append((_units(rule, value - least), here))
                left ^= here
        return least, term

    def _core_term(self, like: Likeness) -> _Term:
        mine = like.report.core
        least, worth = _core_worth(like.rule, len(mine))
        return least, _overlap(_columns(self._core, mine), self._core_sizes.items(), worth, self.filled)

    def _entity_term(self, like: Likeness) -> _Term:
        mine = like.report.entities
        worth = _entity_worth(like.rule, len(mine))
        return 0.0, _overlap(_columns(self._entities, mine), self._entity_sizes.items(), worth, self.filled)

    def _thread_term(self, like: Likeness) -> _Term:
        least = like.rule.other_thread
        return least, [(_units(like.rule, -least), _any(self._threads, like.report.threads) & self.filled)]

    def _quantity_terms(self, like: Likeness) -> Iterator[_Term]:
        rule = like.rule
        least = min(0.0, rule.other_quantity)
        for unit, value in like.report.quantities.items():
            same = self._quantities.get((unit, value), 0) & self.filled
            counting = self._counting.get(unit, 0) & self.filled | same
            without = self.filled ^ counting
            yield least, [(_units(rule, rule.same_quantity - least), same), (_units(rule, -least), without)]

    def _text_term(self, like: Likeness) -> _Term:
        report, rule = like.report, like.rule
        same = self._langs.get(report.lang, 0) & self.filled
        hashes = report.text_words.hashes()
        columns = _columns(self._text_words, [word % _TEXT_COLUMNS for word in hashes])
        sizes = _up_to(len(hashes), self._text_sizes)
        term = _overlap(columns, sizes, _text_worth(rule, len(hashes)), same)
        return 0.0, [*term, (_units(rule, rule.other_language()), self.filled ^ same)]

    def _title_term(self, like: Likeness) -> _Term:
        report, rule = like.report, like.rule
        same = self._langs.get(report.lang, 0) & self.filled
        hashes = report.title_words.hashes()
        columns = _columns(self._title_words, [word % _TITLE_COLUMNS for word in hashes])
        sizes = _up_to(len(hashes), self._title_sizes)
        return 0.0, _overlap(columns, sizes, _title_worth(rule), same)

    def _write_step(self, changed: int, here: Lanes) -> None:
        """Write into a lane the bits by which its step has changed."""
        self._steps += [0] * (changed.bit_length() - len(self._steps))
        for weight in range(changed.bit_length()):
            if changed >> weight & 1:
                self._steps[weight] ^= here


def _unit(rule: JoinRule) -> float:
    return -rule.per_day * _STEP_S / 86400


def _units(rule: JoinRule, more: float) -> int:
    return math.ceil(more / _unit(rule))


def _overlap(
    columns: list[Lanes], sizes: Iterable[tuple[int, Lanes]], worth: _Worth, within: Lanes
) -> list[tuple[int, Lanes]]:
    """Return what counts by how many things are common, of how many at least."""
    sizes = [(size, lanes) for size, lanes in sizes if lanes]
    found = []
    for common, lanes in descending(count(columns), within):
        row = worth[common]
        for size, sized in sizes:
            if row[size] and (both := lanes & sized):
                found.append((row[size], both))
    return found


class _Filling(dict[int, _Of]):
    """A table that fills itself: texts have many lengths, and of what they may have in common little comes up."""

    def __init__(self, work_out: Callable[[int], _Of]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: int) -> _Of:
        made = self[key] = self._work_out(key)
        return made


@lru_cache(maxsize=16)
def _words_worth(rule: JoinRule) -> _Filling[_Filling[int]]:
    """Return the units of words by the length of the shorter text and how many are common."""
    return _Filling(lambda shorter: _Filling(lambda both: _units(rule, rule.words_shared(both / shorter, shorter))))


@lru_cache(maxsize=512)
def _text_worth(rule: JoinRule, most: int) -> _Worth:
    worth = _words_worth(rule)

    def counts(both: int, size: int) -> int:
        shorter = min(most, max(size, min(both, _FULL)))
        return worth[shorter][min(both, shorter)] if shorter else 0

    return _Filling(lambda both: _Filling(partial(counts, both)))


@lru_cache(maxsize=16)
def _title_worth(rule: JoinRule) -> _Worth:
    def counts(both: int, size: int) -> int:
        return _units(rule, rule.title_shared(min(1.0, both / max(1, size))))

    return _Filling(lambda both: _Filling(partial(counts, both)))


@lru_cache(maxsize=64)
def _core_worth(rule: JoinRule, mine: int) -> tuple[float, _Worth]:
    least = min(0.0, rule.no_common_core)

    def counts(both: int, size: int) -> int:
        return _units(rule, rule.core_shared(both, mine, max(both, size)) - least)

    return least, [[counts(both, size) for size in range(_MOST + 1)] for both in range(mine + 1)]


@lru_cache(maxsize=64)
def _entity_worth(rule: JoinRule, mine: int) -> _Worth:
    def counts(both: int, size: int) -> int:
        return _units(rule, rule.entities_shared(both, mine, max(both, size)))

    return [[counts(both, size) for size in range(_MOST + 1)] for both in range(mine + 1)]


def _up_to(most: int, sizes: _Table[int]) -> Iterable[tuple[int, Lanes]]:
    """Return the lanes by the least size of the shorter of two texts."""
    merged: _Table[int] = {}
    for size, lanes in sizes.items():
        shorter = min(size, most)
        merged[shorter] = merged.get(shorter, 0) | lanes
    return merged.items()


def _size_class(size: int) -> int:
    """Return the smallest size of the class that a text of so many words is in."""
    return _SIZES[bisect_right(_SIZES, size) - 1]


def _refiled(sizes: _Table[int], before: int, size: int, here: Lanes) -> int:
    """File a lane under a size if it is the least so far; return the least."""
    lanes = sizes.get(before, 0)
    if lanes & here:
        if size >= before:
            return before
        sizes[before] = lanes ^ here
    sizes[size] = sizes.get(size, 0) | here
    return size


def _file(table: _Table[_Key], keys: Iterable[_Key], here: Lanes) -> None:
    for key in keys:
        table[key] = table.get(key, 0) | here


def _columns(table: _Table[_Key], keys: Iterable[_Key]) -> list[Lanes]:
    return [lanes for key in keys if (lanes := table.get(key, 0))]


def _any(table: _Table[_Key], keys: Iterable[_Key]) -> Lanes:
    found = 0
    for key in keys:
        found |= table.get(key, 0)
    return found
