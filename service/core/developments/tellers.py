"""The reports of the last weeks that told something, by what they told and by who stands by it.

What was told before is asked of those that can have told it, not of all: a busy story has thousands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from service.core.developments.reports import Report

_Numbered = list[tuple[int, Report]]


class Tellers:
    """Reports of which a delta told, oldest first; they leave in the order in which they came."""

    def __init__(self) -> None:
        self._told: deque[Report] = deque()
        self._first = 0  # number of the oldest
        self._by_main: dict[str, _Numbered] = {}
        self._by_frame: dict[str, _Numbered] = {}
        self._by_voice: dict[str, _Numbered] = {}

    def __iter__(self) -> Iterator[Report]:
        """Return all of them."""
        return iter(self._told)

    def add(self, report: Report) -> None:
        """Take in the newest report if it told something; copies and notices of withdrawal do not count."""
        if report.delta is None or report.duplicate_of is not None or report.retracted:
            return
        numbered = self._first + len(self._told), report
        self._told.append(report)
        for index, key in self._filed(report):
            index.setdefault(key, []).append(numbered)

    def drop(self, report: Report) -> None:
        """Forget the oldest report, if it is this one."""
        if not self._told or self._told[0] is not report:
            return
        self._told.popleft()
        self._first += 1
        for index, key in self._filed(report):
            del index[key][0]
            if not index[key]:
                del index[key]

    def main_frames(self) -> Iterable[str]:
        """Return the frames of what they mainly told, each once."""
        return self._by_main

    def telling(self, frame: str) -> Iterator[Report]:
        """Return those that told of a frame, mainly or besides, oldest first."""
        return (report for _, report in self._by_frame.get(frame, ()))

    def mainly_telling(self, frames: Iterable[str], voices: Iterable[str]) -> list[Report]:
        """Return those that mainly told one of these frames, or what one of these voices says on the record.

        Oldest first; what has no frames told of nothing.
        """
        found = {number: report for frame in frames for number, report in self._by_main[frame]}
        found |= {number: report for voice in voices for number, report in self._by_voice.get(voice, ())}
        return [found[number] for number in sorted(found)]

    def _filed(self, report: Report) -> Iterator[tuple[dict[str, _Numbered], str]]:
        """Yield where a report is filed, and under what."""
        for frame in dict.fromkeys(report.frames):
            yield self._by_frame, frame
        if report.frames:
            yield self._by_main, report.frames[0]
            if report.on_record:
                yield self._by_voice, report.origin
