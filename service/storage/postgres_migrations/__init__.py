"""The PostgreSQL schema, as numbered files of SQL that lead to it.

Forward only: a released file is never edited, a change is a new file, and each begins by saying why it exists. While a
deployment is being renewed two versions of the service run over one schema, so a step only adds; what the older version
still reads is removed by a later release.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One file."""

    name: str
    sql: str


@cache
def steps() -> tuple[Step, ...]:
    """Return all steps in order."""
    files = sorted(Path(__file__).parent.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return tuple(Step(file.stem, file.read_text(encoding="utf-8")) for file in files)
