"""What stands of a fact: the fold of all that deltas did to it, in order of seq. Withdrawn deltas are left out before.

A contradiction replaces the statement and ends what had confirmed or developed the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.core.model import Change, Delta, DeltaType


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """What one delta did to one fact, with the little of the delta that a summary shows."""

    fact: str
    change: Change
    delta: str
    seq: int
    type: DeltaType
    threads: tuple[str, ...]
    development: str
    outlet: str | None
    reported_at: datetime

    @classmethod
    def of(cls, delta: Delta, change: Change) -> Touch:
        """Return one change of a delta as a touch."""
        return cls(
            fact=change.fact,
            change=change,
            delta=delta.id,
            seq=delta.seq,
            type=delta.type,
            threads=delta.threads,
            development=delta.development,
            outlet=delta.outlet,
            reported_at=delta.reported_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A fact as it stands."""

    fact: str
    statement: str
    was: str | None  # what it said before it was last contradicted
    since: Touch | None  # what contradicted it; None: as it was at first
    confirmed: tuple[Touch, ...]  # since then, oldest first
    added: tuple[Touch, ...]  # since then, oldest first
    newest: Touch | None

    @property
    def changed(self) -> bool:
        """Say whether it no longer says what it said at first."""
        return self.since is not None


def standing(fact: str, statement: str, touches: Iterable[Touch]) -> Standing:
    """Return what stands of a fact that began as `statement`, after its touches in order of seq."""
    was: str | None = None
    since = newest = None
    confirmed: list[Touch] = []
    added: list[Touch] = []
    for touch in touches:
        newest = touch
        match touch.change.stance:
            case "contradicts" if touch.change.after == statement:
                pass  # a retraction: what it withdrew was left out, so what it brings back stands already
            case "contradicts":
                was, statement, since = statement, touch.change.after, touch
                confirmed, added = [], []
            case "confirms":
                confirmed.append(touch)
            case "develops":
                added.append(touch)
    return Standing(
        fact=fact,
        statement=statement,
        was=was,
        since=since,
        confirmed=tuple(confirmed),
        added=tuple(added),
        newest=newest,
    )
