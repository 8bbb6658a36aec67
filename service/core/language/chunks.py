"""Folded texts taken apart at their spaces, with what each chunk was found to hold remembered.

A few thousand words make up most of all text, so most chunks of a text have been looked at before: one look-up then
stands for a walk through an automaton and all the questions after it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Held = TypeVar("Held")

REMEMBERED = 100_000  # chunks that hold nothing, before all are forgotten: some twelve megabytes
HOLDING_REMEMBERED = 20_000  # chunks that hold something
LONGEST_REMEMBERED = 40  # letters; what is longer is an address or a sentence without spaces, which no other text has


class ChunkedText:
    """A folded text with its chunks: it is taken apart once, however many look at them.

    Attributes:
        folded: The text.
        chunks: What stands between its spaces, in order.
        distinct: The same, each once.
        whole: What was found in it by those who do not take it apart.
    """

    __slots__ = ("chunks", "distinct", "folded", "whole")

    def __init__(self, folded: str) -> None:
        """Take a folded text apart."""
        self.folded = folded
        self.chunks = folded.split(" ")
        self.distinct = set(self.chunks)
        self.whole: dict[object, tuple[Any, ...]] = {}


class Chunks(Generic[Held]):
    """Says what the chunks of texts hold.

    Whatever is looked for must lie within one chunk: the looking does not see what stands around it.
    """

    def __init__(self, look: Callable[[str], tuple[Held, ...]], *, apart: bool = True) -> None:
        """Remember nothing yet.

        Args:
            look: Says what a chunk holds, in order.
            apart: Texts are taken apart; else a text is one chunk, as where words have no spaces between them.
        """
        self._look = look
        self._apart = apart
        self._empty: set[str] = set()
        self._known: dict[str, tuple[Held, ...]] = {}

    def telling(self, text: ChunkedText) -> dict[str, tuple[Held, ...]]:
        """Return the chunks of a text that hold anything, with what."""
        if not self._apart:
            held = text.whole.get(self)
            if held is None:
                held = text.whole[self] = self._look(text.folded)
            return {text.folded: held} if held else {}
        telling: dict[str, tuple[Held, ...]] = {}
        for chunk in text.distinct.difference(self._empty):
            known = self._known.get(chunk)
            if known is None:
                known = self._looked_at(chunk, text)
            if known:
                telling[chunk] = known
        return telling

    def holding(self, text: ChunkedText) -> list[tuple[int, tuple[Held, ...]]]:
        """Return where each chunk begins that holds anything, and what, in order."""
        telling = self.telling(text)
        if not telling:
            return []
        if not self._apart:
            return [(0, telling[text.folded])]
        found: list[tuple[int, tuple[Held, ...]]] = []
        begin = 0
        for chunk in text.chunks:
            if chunk in telling:
                found.append((begin, telling[chunk]))
            begin += len(chunk) + 1
        return found

    def _looked_at(self, chunk: str, text: ChunkedText) -> tuple[Held, ...]:
        """Return what a chunk holds that was not remembered; a long one is remembered with its text alone."""
        if len(chunk) <= LONGEST_REMEMBERED:
            held = self._look(chunk)
            self._remember(chunk, held)
            return held
        known = text.whole.get((self, chunk))
        if known is None:
            known = text.whole[self, chunk] = self._look(chunk)
        return known

    def _remember(self, chunk: str, held: tuple[Held, ...]) -> None:
        if held:
            if len(self._known) >= HOLDING_REMEMBERED:
                self._known.clear()
            self._known[chunk] = held
        else:
            if len(self._empty) >= REMEMBERED:
                self._empty.clear()
            self._empty.add(chunk)
