"""Reports over time as bars. Pure; the last bar holds the newest report, so the clock plays no part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HEIGHT = 28
PITCH = 8  # from bar to bar
MOST_BARS = 60
FEWEST_BARS = 42  # so that the first days of a story are not drawn as towers
_STEPS = {1: "a bar is a day", 7: "a bar is a week", 28: "a bar is four weeks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The days that bars stand for; several sparklines side by side share one."""

    first: date  # of the first bar
    step_days: int
    bars: int
    words: str

    @classmethod
    def over(cls, since: date, until: date) -> Axis:
        """Return the finest axis from `since` to `until` with at most 60 bars; what is older than 60 bars is left out.

        A short one begins earlier.
        """
        days = max(FEWEST_BARS, (until - since).days + 1)
        step = next((each for each in _STEPS if days <= each * MOST_BARS), max(_STEPS))
        bars = min(MOST_BARS, -(-days // step))
        return cls(first=until - timedelta(days=bars * step - 1), step_days=step, bars=bars, words=_STEPS[step])

    @property
    def last(self) -> date:
        """Return the last day of the last bar."""
        return self.first + timedelta(days=self.bars * self.step_days - 1)

    def heights(self, days: Mapping[date, int]) -> list[int]:
        """Return how many reports each bar stands for."""
        counts = [0] * self.bars
        for day, count in days.items():
            bar = (day - self.first).days // self.step_days
            if 0 <= bar < self.bars:
                counts[bar] += count
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """Bars as one SVG path, and what they say in words."""

    path: str
    width: int
    total: int
    highest: int
    axis: Axis


def sparkline(days: Mapping[date, int], axis: Axis, *, highest: int | None = None) -> Sparkline:
    """Return bars over an axis.

    Args:
        days: Reports by day.
        axis: Which days to show.
        highest: The count a full bar stands for, to compare sparklines; default: this one's own highest.
    """
    counts = axis.heights(days)
    scale = highest or max(counts) or 1
    strokes = [
        f"M{index * PITCH + PITCH // 2} {HEIGHT}v-{max(2, round(HEIGHT * count / scale))}"
        for index, count in enumerate(counts)
        if count
    ]
    return Sparkline(
        path="".join(strokes), width=axis.bars * PITCH, total=sum(days.values()), highest=max(counts), axis=axis
    )
