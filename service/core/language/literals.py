"""Finds which of many literals stand in a folded text, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Generic, TypeVar

import ahocorasick

Value = TypeVar("Value")
_value_of = itemgetter(1)


class Literals(Generic[Value]):
    """An Aho-Corasick automaton over UTF-8.

    The automaton asks the branches of a node one after another, in the order they were added. Over characters its
    root has a branch for every first letter of every script, hundreds of them; over bytes it has some sixty, those
    of Latin letters first. That makes it twice as fast in Latin script and four times in Chinese.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        """Compile literals, none of them empty, with what to say of each."""
        self._automaton = ahocorasick.Automaton()
        for literal in sorted(values):
            self._automaton.add_word(_bytewise(literal), values[literal])
        if values:
            self._automaton.make_automaton()
        self._empty = not values

    def values(self, folded: str) -> Iterator[Value]:
        """Yield what to say of each literal in a text, as often as it stands there."""
        return iter(()) if self._empty else map(_value_of, self._automaton.iter(_bytewise(folded)))

    def places(self, folded: str) -> Iterable[tuple[int, Value]]:
        """Return the position of the last character of each literal in a text, and what to say of it, in order."""
        if self._empty:
            return ()
        if folded.isascii():
            return self._automaton.iter(folded)  # type: ignore[no-any-return]
        encoded = folded.encode(errors="surrogatepass")
        found: list[tuple[int, Value]] = []
        begin = characters = 0
        for last, value in self._automaton.iter(encoded.decode("latin-1")):
            characters += len(encoded[begin : last + 1].decode(errors="surrogatepass"))
            begin = last + 1
            found.append((characters - 1, value))
        return found


def _bytewise(text: str) -> str:
    """Return a text whose characters stand for the bytes of another in UTF-8."""
    return text if text.isascii() else text.encode(errors="surrogatepass").decode("latin-1")
