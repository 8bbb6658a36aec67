"""Which kept reports can be the original of a copy: an index that misses none and offers few.

Of a shorter text's s words a copy shares at least k (`least_common`). So of any s - k + 1 of them it holds one, and the
rarest are looked up: for a shorter new text among all words of the kept ones, for a longer one among the rarest words
of the kept ones. Texts too short for shares, and equal titles, are looked up whole. What is offered is then compared in
full (`first_copy`); tests check that the answer is the one of a scan.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TypeVar

from service.core.reports import Report, first_copy, least_common

_Key = TypeVar("_Key")


class Originals:
    """The reports a copy may copy, oldest first; they leave in the order in which they came."""

    def __init__(self) -> None:
        self._kept: dict[int, Report] = {}
        self._order: deque[tuple[int, tuple[int, ...]]] = deque()  # number, the words it is listed under as rare
        self._next = 0
        self._by_word: dict[int, deque[int]] = {}
        self._by_rare_word: dict[int, deque[int]] = {}
        self._by_title: dict[frozenset[int], deque[int]] = {}
        self._by_text: dict[frozenset[int], deque[int]] = {}

    def add(self, report: Report) -> None:
        """Take in the newest report; copies and notices of withdrawal are no originals."""
        if report.duplicate_of is not None or report.retracted:
            return
        number, self._next = self._next, self._next + 1
        rare = self._rarest(report)
        self._kept[number] = report
        self._order.append((number, rare))
        _list(self._by_word, report.text_words, number)
        _list(self._by_rare_word, rare, number)
        _list(self._by_title, [report.title_words], number)
        _list(self._by_text, [report.text_words], number)

    def drop(self, report: Report) -> None:
        """Forget the oldest report, if it is this one."""
        if not self._order or self._kept[self._order[0][0]] is not report:
            return
        number, rare = self._order.popleft()
        del self._kept[number]
        _unlist(self._by_word, report.text_words)
        _unlist(self._by_rare_word, rare)
        _unlist(self._by_title, [report.title_words])
        _unlist(self._by_text, [report.text_words])

    def first_copied(self, report: Report) -> Report | None:
        """Return the oldest report that this one is a copy of."""
        found = {*self._by_title.get(report.title_words, ()), *self._by_text.get(report.text_words, ())}
        for word in self._rarest(report):
            found.update(self._by_word.get(word, ()))
        for word in report.text_words:
            found.update(self._by_rare_word.get(word, ()))
        return first_copy(report, (self._kept[number] for number in sorted(found)))

    def _rarest(self, report: Report) -> tuple[int, ...]:
        """Return words of a text of which every longer copy of it holds at least one."""
        words = report.text_words
        enough = len(words) - least_common(len(words), report.lang) + 1

        def seen(word: int) -> int:
            return len(self._by_word.get(word, ()))

        return tuple(sorted(words, key=seen)[:enough])


def _list(lists: dict[_Key, deque[int]], keys: Iterable[_Key], number: int) -> None:
    for key in keys:
        lists.setdefault(key, deque()).append(number)


def _unlist(lists: dict[_Key, deque[int]], keys: Iterable[_Key]) -> None:
    for key in keys:
        listed = lists[key]
        listed.popleft()
        if not listed:
            del lists[key]
