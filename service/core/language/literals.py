"""Finds which of many literals stand in a folded text, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

Value = TypeVar("Value")
_number_of = itemgetter(0)


class Literals(Generic[Value]):
    """An Aho-Corasick automaton."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        """Compile literals, none of them empty, with what to say of each."""
        literals = sorted(values)
        self._values = [values[literal] for literal in literals]
        self._automaton = AhoCorasick(map(_encodable, literals), store_patterns=False) if literals else None

    def held(self, folded: str) -> list[Value]:
        """Return what to say of each literal that stands in a text, once and in no order."""
        return list(map(self._values.__getitem__, set(map(_number_of, self._found(folded)))))

    def places(self, folded: str) -> list[tuple[int, Value]]:
        """Return the position after each literal in a text, and what to say of it, in order."""
        said = self._values
        return [(end, said[number]) for number, _, end in self._found(folded)]

    def _found(self, folded: str) -> Iterable[tuple[int, int, int]]:
        if self._automaton is None:
            return ()
        try:
            return self._automaton.find_matches_as_indexes(folded, overlapping=True)
        except UnicodeEncodeError:
            return self._automaton.find_matches_as_indexes(_encodable(folded), overlapping=True)


def _encodable(text: str) -> str:
    """Return a text with "?" for halves of characters, which some feeds hold and no encoding does."""
    return text.encode(errors="replace").decode()
