"""What can fill the slots of patterns in a reading, and where it stands.

A story has a hundred patterns and an item some dozen places where each may be found; nearly always a slot of it stays
empty there. So which sentences hold anything for a slot is a number with a bit for each of them, and what stands there
is looked at only where no slot stays empty.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from typing import NamedTuple

from service.core.lazily import Lazily
from service.core.matching.reading import Reading
from service.core.model import CORE_AS_TIME, Role, Span, TextField

Slot = frozenset[str]

SETTINGS = frozenset({"country", "place"})
_CHOICES = 4  # fills tried for each slot


class Fill(NamedTuple):
    """A name or a word that can fill a slot. They sort as they are to be tried: direct ones first, as they read."""

    oblique: bool  # an oblique mention, a word of a background clause, or one of a title on goods
    sentence: int  # its bit
    place: int  # among all names and words, in a sentence the names first
    id: str  # of the entity or the word class
    field: TextField
    start: int
    end: int
    is_setting: bool  # a country or place that is no core of the story: where, not what
    is_word: bool  # of a word class, not an entity's name

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.field, self.start, self.end)


class Slots:
    """The slots that a reading can fill."""

    def __init__(self, reading: Reading, parts: Collection[str]) -> None:
        """Look at nothing yet; `parts` are the entities and word classes that any slot asks for."""
        self._reading = reading
        self._parts = parts
        self._filling: dict[Slot, tuple[int, list[Fill]]] = {}

    @Lazily
    def _fills(self) -> dict[str, list[Fill]]:
        """Return all fills, by what they are."""
        fills: dict[str, list[Fill]] = {}
        parts, bit, place = self._parts, 1, 0
        goods = self._reading.goods is not None  # then whatever happens there happens to them
        fill_of = Fill._make
        for sentence in self._reading.sentences:
            field = sentence.field
            for entity, role, kind, start, end, *_, oblique in sentence.names:
                if entity in parts:
                    place += 1
                    is_setting = kind in SETTINGS and role is not Role.CORE
                    fill = fill_of((oblique is not None, bit, place, entity, field, start, end, is_setting, False))
                    fills.setdefault(entity, []).append(fill)
                if oblique == "background" and role is Role.CORE and CORE_AS_TIME in parts:
                    place += 1
                    fill = fill_of((False, bit, place, CORE_AS_TIME, field, start, end, True, False))
                    fills.setdefault(CORE_AS_TIME, []).append(fill)
            in_goods = goods and field == "title"
            for word_class, start, end, background in sentence.words:
                if word_class in parts:
                    place += 1
                    fill = fill_of((background or in_goods, bit, place, word_class, field, start, end, False, True))
                    fills.setdefault(word_class, []).append(fill)
            bit <<= 1
        for found in fills.values():
            found.sort()
        return fills

    @Lazily
    def _present(self) -> frozenset[str]:
        return frozenset(self._fills)

    def filling(self, slot: Slot) -> tuple[int, list[Fill]]:
        """Return in which sentences there is anything that can fill a slot, and what, as it is to be tried."""
        filling = self._filling.get(slot)
        if filling is None:
            parts = [self._fills[part] for part in slot & self._present]
            found = parts[0] if len(parts) == 1 else sorted(chain.from_iterable(parts))
            where = 0
            for fill in found:
                where |= fill.sentence
            filling = self._filling[slot] = where, found
        return filling


def among(fills: list[Fill], sentences: int) -> list[Fill]:
    """Return the first few fills that stand in some sentences."""
    first: list[Fill] = []
    for fill in fills:
        if fill.sentence & sentences:
            first.append(fill)
            if len(first) == _CHOICES:
                break
    return first


def assigned(choices: list[list[Fill]], taken: tuple[Fill, ...] = ()) -> tuple[Fill, ...] | None:
    """Return one fill for each slot, no stretch of text twice; None where there are not enough.

    Args:
        choices: For each slot what can fill it.
        taken: What already fills others.
    """
    if not choices:
        return taken
    for fill in choices[0]:
        for other in taken:
            if fill.start == other.start and fill.end == other.end and fill.field == other.field:
                break
        else:
            found = assigned(choices[1:], (*taken, fill))
            if found is not None:
                return found
    return None
