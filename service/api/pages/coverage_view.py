"""Who reports, as values: sparklines of reports by language and by pole, on one axis and one scale. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.api.languages import language_name
from service.api.pages.sparkline import Axis, Sparkline, sparkline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from service.api.tally import Days, Tally

_MOST_ROWS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """The reports of one language or pole."""

    label: str
    spark: Sparkline
    href: str | None = None  # where only these are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """All reports over time, and their shares."""

    whole: Sparkline
    languages: tuple[CoverageRow, ...]
    poles: tuple[CoverageRow, ...]


def axis_of(tally: Tally, since: date) -> Axis:
    """Return the axis all sparklines of a story share: from its date to the newest report."""
    return Axis.over(since, max(tally.days, default=since))


def coverage(tally: Tally, axis: Axis, of_lang: Callable[[str], str]) -> Coverage:
    """Return who reports; `of_lang` returns where what a language reports is shown, for those in which deltas are told."""
    return Coverage(
        whole=sparkline(tally.days, axis),
        languages=_rows(
            tally.of_lang, axis, language_name, lambda lang: of_lang(lang) if lang in tally.languages else None
        ),
        poles=_rows(tally.of_pole, axis, lambda pole: pole.replace("-", " ")),
    )


def _rows(
    shares: Mapping[str, Days],
    axis: Axis,
    label: Callable[[str], str],
    href: Callable[[str], str | None] = lambda _: None,
) -> tuple[CoverageRow, ...]:
    ranked = sorted(shares.items(), key=lambda each: (-each[1].total(), each[0]))[:_MOST_ROWS]
    highest = max((max(axis.heights(days)) for _, days in ranked), default=0)
    return tuple(
        CoverageRow(label=label(name), spark=sparkline(days, axis, highest=highest or None), href=href(name))
        for name, days in ranked
    )
