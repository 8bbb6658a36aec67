"""What other rules would tell: the deltas of two runs side by side, before anything is applied.

Deltas are paired by entry and order, since an id holds the type and the type may be what changes. Nothing is written:
what was published stays, whatever rules come after it (DESIGN 25).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from service.core.errors import Invalid
from service.core.model import Delta
from service.loading.text_files import read_text

_SHOWN = ("type", "line", "threads", "facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What readers see of a delta, as far as rules decide it."""

    entry: str
    headline: str
    type: str
    line: str
    threads: tuple[str, ...]
    facts: tuple[str, ...]  # "fact: stance"
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One difference."""

    kind: Literal["appears", "vanishes", "changes"]
    before: Told | None
    after: Told | None

    @property
    def fields(self) -> tuple[str, ...]:
        """Return what differs, where a delta is there both times."""
        if self.before is None or self.after is None:
            return ()
        return tuple(name for name in _SHOWN if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDiff:
    """All differences, in order of the earlier run, then what is new."""

    before: int
    after: int
    changes: tuple[RuleChange, ...]

    def as_json(self) -> dict[str, object]:
        """Return the diff as plain data."""
        return {
            "before": self.before,
            "after": self.after,
            **{f"{kind}": sum(c.kind == kind for c in self.changes) for kind in ("appears", "vanishes", "changes")},
            "deltas": [
                {
                    "kind": change.kind,
                    "fields": list(change.fields),
                    "before": asdict(change.before) if change.before else None,
                    "after": asdict(change.after) if change.after else None,
                }
                for change in self.changes
            ],
        }

    def as_text(self) -> str:
        """Return the diff for a terminal: a line for each delta that differs, and how many do."""
        lines = []
        for change in self.changes:
            told = change.after or change.before
            assert told is not None  # one of them is there
            if change.kind == "changes" and change.before is not None:
                lines.append(f"~ {told.entry}  {', '.join(change.fields)}")
                lines += [f"    - {_plain(change.before)}", f"    + {_plain(told)}"]
            else:
                lines.append(f"{'+' if change.kind == 'appears' else '-'} {told.entry}  {_plain(told)}")
        counts = ", ".join(f"{sum(c.kind == kind for c in self.changes)} {word}" for kind, word in _WORDS)
        return "\n".join([*lines, f"{self.before} deltas before, {self.after} after: {counts}"])


_WORDS = (("appears", "would appear"), ("vanishes", "would vanish"), ("changes", "would change"))


def _plain(told: Told) -> str:
    facts = f"  [{'; '.join(told.facts)}]" if told.facts else ""
    return f"{told.type:16}  {', '.join(told.threads)}  {told.line}{facts}"


def told_by(deltas: Iterable[Delta]) -> list[Told]:
    """Return what a run of the rules tells; what editors said is theirs, not the rules'."""
    return [
        Told(
            entry=delta.entry,
            headline=delta.headline,
            type=delta.type.value,
            line=delta.line,
            threads=delta.threads,
            facts=tuple(f"{change.fact}: {change.stance}" for change in delta.changes),
            rules_version=delta.rules_version,
        )
        for delta in deltas
        if delta.by != "editor"
    ]


def read_told(path: Path) -> list[Told]:
    """Read what `replay --deltas` wrote.

    Raises:
        Invalid: The file cannot be read, or a line is no delta.
    """
    lines = read_text(path).split("\n")  # a text may hold other ends of lines
    told = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row["by"] == "editor":
                continue
            told.append(
                Told(
                    entry=row["entry"],
                    headline=row["headline"],
                    type=row["type"],
                    line=row["line"],
                    threads=tuple(row["threads"]),
                    facts=tuple(f"{change['fact']}: {change['stance']}" for change in row["changes"]),
                    rules_version=row["rules_version"],
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(f"{path}:{number}: {error!r}; it must hold what `replay --deltas` wrote") from error
    return told


def diff_rules(before: Sequence[Told], after: Sequence[Told]) -> RuleDiff:
    """Compare two runs."""
    ours = _by_entry(before)
    theirs = _by_entry(after)
    changes = [_change(told, theirs.get(place)) for place, told in ours.items()]
    changes += [_change(None, told) for place, told in theirs.items() if place not in ours]
    return RuleDiff(before=len(before), after=len(after), changes=tuple(c for c in changes if c is not None))


def _by_entry(told: Sequence[Told]) -> dict[tuple[str, int], Told]:
    counts: dict[str, int] = {}
    places: dict[tuple[str, int], Told] = {}
    for each in told:
        counts[each.entry] = counts.get(each.entry, 0) + 1
        places[each.entry, counts[each.entry]] = each
    return places


def _change(before: Told | None, after: Told | None) -> RuleChange | None:
    if before is None:
        return RuleChange(kind="appears", before=None, after=after)
    if after is None:
        return RuleChange(kind="vanishes", before=before, after=None)
    change = RuleChange(kind="changes", before=before, after=after)
    return change if change.fields else None
