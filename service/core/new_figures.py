"""What a further report of a development counts otherwise than its first reports, or counts first."""

from __future__ import annotations

from collections.abc import Sequence

from service.core.memory import StoryMemory
from service.core.model import DeltaType
from service.core.quantities import in_words
from service.core.reports import Report
from service.core.telling import News

_PASSING = "days"  # two days ago, six days at sea: every report counts other ones
_TELLING_UNITS = frozenset({"killed", "wounded", "soldiers", "ships", "aircraft", "planes", "vehicles", "people"})


def new_figure(report: Report, known: Sequence[Report], memory: StoryMemory) -> News | None:
    """Return the figure that is news: one that has changed, or else the first of its unit, or None."""
    dead = report.quantities.get("killed")
    first: str | None = None
    for unit, value in report.quantities.items():
        if unit == _PASSING or (unit == "people" and any(r.quantities.get("killed", 0) == dead for r in known)):
            continue  # people are counted for many reasons around the same dead
        told = {r.quantities[unit] for r in known if unit in r.quantities}
        figure = in_words(unit, value)
        if told and value not in told:
            before = " or ".join(in_words(unit, each) for each in sorted(told))
            return News(type=DeltaType.VALUE_CHANGE, why=f"{figure}, not {before}", figure=figure)
        if not told and unit in _TELLING_UNITS and first is None and not _is_known(figure, memory):
            first = figure
    return News(type=DeltaType.UPDATE, why=f"Adds a figure: {first}", figure=first) if first else None


def _is_known(figure: str, memory: StoryMemory) -> bool:
    """Say whether a fact states a figure: the dead of the article stand in every report."""
    return any(state.fact.value == figure for state in memory.facts.values())
