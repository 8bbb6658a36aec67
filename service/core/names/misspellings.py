"""Slips of the keyboard or the scanner in long names: "Khmeimmim", "Novorosisysk".

Only what a slip looks like counts: a neighbouring key, a look-alike letter, two letters swapped, one missing or typed
twice. Any other letter makes another name, and so does any change of the first one or the loss of the last. Short names
have too many real neighbours to be read so at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from service.core.language.chunks import ChunkedText, Chunks
from service.core.language.folding import fold
from service.core.language.phrases import LETTERS, PhrasePattern

LEAST_LETTERS = 8  # of a name's word as it is written, without an article
_LEAST_STEM = 7
_LONGEST_ENDING = 4
# What every long word matches, and few clauses in Chinese, which are new each time.
_LONG_WORD = re.compile(f"[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{{{_LEAST_STEM}}}")
_BEGIN = 3  # letters
_CLITICS = frozenset("وفبكلسהבכלמש")
_LONGEST_CLITICS = 3
_FIRM_ENDS = frozenset("bcdfghjklmnpqrtvwxz")  # a last letter that says nothing of case, number or gender

# Keyboards, row by row; a key touches its neighbours and, since rows are staggered, two keys of the row below.
_KEYBOARDS = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("йцукенгшщзхї", "фывапролджє", "ячсмитьбю"),
    ("-ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"),
    ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤر-ىةوزظ"),
    ("--קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"),
)
# Letters that a scanner or a tired eye takes for each other.
_LOOKALIKES = (
    "il1t", "ij", "o0c", "ce", "ao", "uv", "vy", "nh", "hb", "nm", "nu", "gq", "ft", "s5", "b8", "z2",
    "инп", "шщ", "цщ", "ыь", "ос0", "ес", "зэ3", "лпд",
    "νυ", "οσ0", "κχ",
    "بتثنيپ", "جحخچ", "دذ", "رزژ", "سش", "صض", "طظ", "عغ", "فق",
    "בכ", "דר", "החת", "וזי", "סמ", "גנ",
)  # fmt: skip


def _mistakable() -> Mapping[str, frozenset[str]]:
    near: dict[str, set[str]] = defaultdict(set)
    for rows in _KEYBOARDS:
        folded = [[fold(key) for key in row] for row in rows]
        for number, row in enumerate(folded):
            below = folded[number + 1] if number + 1 < len(folded) else []
            for column, key in enumerate(row):
                for other in (*row[column + 1 : column + 2], *below[max(0, column - 1) : column + 1]):
                    near[key].add(other)
                    near[other].add(key)
    for group in _LOOKALIKES:
        for letter in map(fold, group):
            near[letter].update(map(fold, group))
    return {letter: frozenset(others - {letter, "-"}) for letter, others in near.items()}


_MISTAKABLE = _mistakable()


def is_slip(wrong: str, right: str, *, whole: bool = True) -> bool:
    """Say whether a folded word is another with one slip in it.

    Args:
        wrong: The word as it stands in a text.
        right: The word it might be.
        whole: Nothing follows it. Before an ending the last letter has to be right: else the ending is made up.
    """
    length = min(len(wrong), len(right))
    first = next((index for index in range(length) if wrong[index] != right[index]), length)
    if first == 0 or wrong == right or (not whole and first >= len(right) - 1):
        return False
    if len(wrong) == len(right):
        same_after = wrong[first + 1 :] == right[first + 1 :]
        if first == len(right) - 1 and not {wrong[-1], right[-1]} <= _FIRM_ENDS:
            return False
        swapped = (
            wrong[first : first + 2] == right[first : first + 2][::-1] and wrong[first + 2 :] == right[first + 2 :]
        )
        return swapped or (same_after and wrong[first] in _MISTAKABLE.get(right[first], frozenset()))
    if len(wrong) < len(right):
        return first < len(right) - 1 and wrong[first:] == right[first + 1 :]
    twice = wrong[first] == wrong[first - 1] or wrong[first : first + 2] == "ck"
    return twice and wrong[first + 1 :] == right[first:]


class Suspect(NamedTuple):
    """A word of a folded text that may be a misspelt name, with the right spellings it may be meant for."""

    start: int
    end: int
    meant: tuple[str, ...]


class _Slip(NamedTuple):
    """A word of a chunk that may be misspelt, with the (clitics, right spelling, ending) that may be meant."""

    start: int
    end: int
    meant: list[tuple[str, str, str]]


class Misspellings:
    """Finds words that are a slip away from a word of some story's names.

    Every long word of a name is filed under itself and under what is left of it without any one letter, so that a
    misspelt one meets it under one of its own remainders (a delete neighbourhood of one).
    """

    def __init__(self, names: Iterable[tuple[str, PhrasePattern]], known: Iterable[str]) -> None:
        """Compile the long words of names.

        Args:
            names: (story, name); one of several words counts by its last.
            known: Folded phrases whose words are not misspelt.
        """
        self._filed: dict[str, str] = {}  # remainder → right spellings, joined by spaces: most have but one
        self._stories: dict[str, set[str]] = {}  # right spelling, without what endings replace → stories
        for story, pattern in names:
            word = _long_word(pattern)
            if word:
                self._stories.setdefault(word, set()).add(story)
        for word in self._stories:
            for remainder in _remainders(word):
                self._filed[remainder] = f"{self._filed[remainder]} {word}" if remainder in self._filed else word
        self._known = {word for phrase in known for word in LETTERS.findall(phrase) if len(word) >= _LEAST_STEM}
        # what a slip, clitics and an ending make of the longest word: what is longer still is an address, or a clause
        self._longest = max(map(len, self._stories), default=0) + 1 + _LONGEST_CLITICS + _LONGEST_ENDING
        self._begins = {begin for word in self._stories for begin in _begins(word)}
        self._chunks = Chunks(self._look)
        self.stories: frozenset[str] = frozenset().union(*self._stories.values())

    def concerned(self, text: ChunkedText) -> set[str]:
        """Return the stories whose names a text may misspell."""
        if not self._filed:
            return set()
        held = self._chunks.telling(text).values()
        return {story for found in held for word in found for _, stem, _ in word.meant for story in self._stories[stem]}

    def suspects(self, text: ChunkedText) -> list[Suspect]:
        """Return the words of a text that may be misspelt names, in order."""
        if not self._filed:
            return []
        return [
            Suspect(begin + start, begin + end, tuple(map("".join, meant)))
            for begin, found in self._chunks.holding(text)
            for start, end, meant in found
        ]

    def _look(self, chunk: str) -> tuple[_Slip, ...]:
        if _LONG_WORD.search(chunk) is None:
            return ()
        return tuple(
            _Slip(match.start(), match.end(), meant)
            for match in LETTERS.finditer(chunk)
            if (meant := self._meant_by(match.group()))
        )

    def _meant_by(self, word: str) -> list[tuple[str, str, str]]:
        """Return the (clitics, right spelling, ending) that a word may be meant for."""
        found: list[tuple[str, str, str]] = []
        if not _LEAST_STEM <= len(word) <= self._longest or word in self._known:
            return found
        for begin in range(_LONGEST_CLITICS + 1):
            if begin and word[begin - 1] not in _CLITICS:
                break
            if word[begin : begin + _BEGIN] not in self._begins:
                continue
            for end in range(len(word), max(begin + _LEAST_STEM, len(word) - _LONGEST_ENDING) - 1, -1):
                stem = word[begin:end]
                if stem in self._known:
                    return found
                candidates = {
                    right for remainder in _remainders(stem) for right in self._filed.get(remainder, "").split()
                }
                found += [
                    (word[:begin], right, word[end:])
                    for right in sorted(candidates)
                    if is_slip(stem, right, whole=end == len(word))
                ]
        return found


def _begins(right: str) -> Iterator[str]:
    """Yield how a word may begin that is a slip away from another: most words of most texts begin otherwise."""
    begin = right[:_BEGIN]
    yield begin
    for index in range(1, _BEGIN):
        yield begin[:index] + right[index + 1 : _BEGIN + 1]  # one missing
        yield (right[:index] + right[index + 1] + right[index])[:_BEGIN]  # two swapped
        yield (right[:index] + right[index - 1] + right[index:])[:_BEGIN]  # one twice
        yield (right[:index] + "c" + right[index:])[:_BEGIN]
        for letter in _MISTAKABLE.get(right[index], ()):
            yield begin[:index] + letter + begin[index + 1 :]


def _remainders(word: str) -> set[str]:
    return {word, *(word[:index] + word[index + 1 :] for index in range(len(word)))}


def _long_word(pattern: PhrasePattern) -> str | None:
    """Return the last word of a name, its surname if it is a person's, where it is long enough to be misspelt."""
    token = pattern.tokens[-1]
    if token.before is None:
        return None  # a script whose words have no letters to slip in
    stem = token.literal
    is_long = len(stem) + len(token.tail) >= LEAST_LETTERS and len(stem) >= _LEAST_STEM
    return stem if is_long and LETTERS.fullmatch(stem) else None
