"""Reports per week as bars. Pure; the last bar is the newest week with a report, so the clock plays no part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WEEK = timedelta(days=7)
_WIDTH, _GAP, _HEIGHT = 5, 2, 28
LONGEST_WEEKS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One week."""

    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """Bars and what they say in words."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    bar_width: int
    total: int
    first: date
    last: date


def sparkline(weeks: Mapping[date, int], *, since: date, until: date) -> Sparkline:
    """Return the bars from the week of `since` to that of `until`, the last 40 at most."""
    last = until - timedelta(days=until.weekday())
    first = max(since - timedelta(days=since.weekday()), last - (LONGEST_WEEKS - 1) * _WEEK)
    mondays = [first + index * _WEEK for index in range(max(0, (last - first).days // 7) + 1)]
    highest = max((weeks.get(monday, 0) for monday in mondays), default=0) or 1
    bars = []
    for index, monday in enumerate(mondays):
        height = max(1, round(_HEIGHT * weeks.get(monday, 0) / highest))
        bars.append(Bar(x=index * (_WIDTH + _GAP), y=_HEIGHT - height, height=height))
    return Sparkline(
        bars=tuple(bars),
        width=len(bars) * (_WIDTH + _GAP),
        height=_HEIGHT,
        bar_width=_WIDTH,
        total=sum(weeks.get(monday, 0) for monday in mondays),
        first=mondays[0],
        last=mondays[-1],
    )
