"""Which kept reports can be the original of a copy: an index that misses none and offers few.

Of a shorter text's s words a copy shares at least k (`least_common`). So of any s - k + n of them it holds n, and the
rarest are looked up: for a shorter new text among all words of the kept ones, for a longer one among the rarest words
of the kept ones. Texts too short for shares, and equal titles, are looked up whole. What is offered is then compared in
full (`first_copy`); tests check that the answer is the one of a scan.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import chain, repeat
from typing import TypeVar

from service.core.developments.reports import COPY_LEAST, TITLE_LEAST, Report, Words, first_copy, least_common

_Key = TypeVar("_Key")
# Numbers of reports, ascending; those of dropped ones may lead them. Most are short, and tuples are smaller.
_Lists = dict[_Key, tuple[int, ...] | list[int]]

_SEEN = 2  # of the rarest words: one in common is often chance, two seldom are
_SHORT = 8  # numbers


class Originals:
    """The reports a copy may copy, oldest first; they leave in the order in which they came."""

    def __init__(self) -> None:
        self._kept: dict[int, Report] = {}
        self._first = 0  # number of the oldest
        self._ranked: tuple[Words, list[int]] | None = None  # a text, and what `_rarest` returned of it last
        self._by_word: _Lists[int] = {}
        self._by_rare_word: _Lists[int] = {}
        self._by_title: _Lists[bytes] = {}
        self._by_text: _Lists[bytes] = {}

    def add(self, report: Report) -> None:
        """Take in the newest report; copies and notices of withdrawal are no originals."""
        if report.duplicate_of is not None or report.retracted:
            return
        number = self._first + len(self._kept)
        self._kept[number] = report
        hashes = report.text_words.hashes()
        if len(hashes) < COPY_LEAST:
            self._list(self._by_text, [report.text_words], number)
        else:
            self._list(self._by_rare_word, self._rarest(report), number)
            self._list(self._by_word, hashes, number)
        if report.title_words.size >= TITLE_LEAST:
            self._list(self._by_title, [report.title_words], number)

    def drop(self, report: Report) -> None:
        """Forget the oldest report, if it is this one."""
        if self._kept.get(self._first) is not report:
            return
        del self._kept[self._first]
        self._first += 1
        hashes = report.text_words.hashes()
        self._unlist(self._by_word, hashes)
        self._unlist(self._by_rare_word, hashes)
        self._unlist(self._by_title, [report.title_words])
        self._unlist(self._by_text, [report.text_words])

    def first_copied(self, report: Report) -> Report | None:
        """Return the oldest report that this one is a copy of."""
        found = {*self._by_title.get(report.title_words, ()), *self._by_text.get(report.text_words, ())}
        hashes = report.text_words.hashes()
        if len(hashes) >= COPY_LEAST:
            found |= _seen_twice(self._by_word, self._rarest(report))
            found |= _seen_twice(self._by_rare_word, hashes)
        numbers = sorted(number for number in found if number >= self._first)
        return first_copy(report, map(self._kept.__getitem__, numbers))

    def _rarest(self, report: Report) -> list[int]:
        """Return words of a text of which every longer copy of it holds at least `_SEEN`.

        They are the rarest when it is first asked for. Any would do, so a text is not ranked anew when it is kept.
        """
        if self._ranked is not None and self._ranked[0] is report.text_words:
            return self._ranked[1]
        hashes = report.text_words.hashes()
        seen = dict(zip(hashes, map(len, map(self._by_word.get, hashes, repeat(()))), strict=True))
        ranked = sorted(hashes, key=seen.__getitem__)[: len(hashes) - least_common(len(hashes), report.lang) + _SEEN]
        self._ranked = report.text_words, ranked
        return ranked

    def _list(self, lists: _Lists[_Key], keys: Iterable[_Key], number: int) -> None:
        for key in keys:
            listed = lists.get(key, ())
            if isinstance(listed, list):
                listed.append(number)
                if listed[len(listed) // 2] < self._first:
                    del listed[: bisect_left(listed, self._first)]
            else:
                lists[key] = (*listed, number) if len(listed) < _SHORT else [*listed, number]

    def _unlist(self, lists: _Lists[_Key], keys: Iterable[_Key]) -> None:
        """Forget lists that have only dropped reports; in others those are passed over, and go when they are many."""
        for key in keys:
            listed = lists.get(key)
            if listed is not None and listed[-1] < self._first:
                del lists[key]


def _seen_twice(lists: _Lists[int], words: Iterable[int]) -> set[int]:
    """Return the numbers that are in two or more of the words' lists."""
    listed = sorted(filter(None, map(lists.get, words)), key=len)
    if not listed:
        return set()
    longest = listed.pop()
    several = list(chain.from_iterable(listed))
    once = set(several)
    twice = once.intersection(longest)
    if len(once) < len(several):
        twice.update(number for number, times in Counter(several).items() if times > 1)
    return twice
