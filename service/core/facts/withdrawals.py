"""Which deltas of a story still stand: a retraction withdraws what it supersedes, and all that this had superseded.

Deltas are never edited, so this is a fold over the ledger, in order of seq. Who withdraws a retraction brings back what
it had withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from service.core.model import Delta, DeltaType


@dataclass(slots=True)
class Withdrawals:
    """The fold; `ids` are the deltas that no longer stand."""

    ids: set[str] = field(default_factory=set)
    _before: dict[str, str] = field(default_factory=dict)  # delta → the one it supersedes
    _gone_by: dict[str, tuple[str, ...]] = field(default_factory=dict)  # retraction → what it withdrew

    @classmethod
    def of(cls, deltas: Iterable[Delta]) -> Withdrawals:
        """Fold a ledger."""
        fold = cls()
        for delta in deltas:
            fold.add(delta)
        return fold

    def add(self, delta: Delta) -> bool:
        """Take in the next delta; say whether others stand or fall by it."""
        if delta.supersedes is not None:
            self._before[delta.id] = delta.supersedes
        if delta.type is not DeltaType.RETRACTION:
            return False
        self._gone_by[delta.id] = ()
        if delta.supersedes is None or delta.id in self.ids:
            return False
        gone, back = self.change_by(delta.supersedes)
        self._gone_by[delta.id] = gone
        self.ids = (self.ids | set(gone)) - set(back)
        return bool(gone or back)

    def change_by(self, superseded: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what a retraction of `superseded` withdraws, newest first, and what it brings back."""
        if superseded in self._gone_by:
            return (superseded,), self._gone_by[superseded]
        gone: list[str] = []
        each: str | None = superseded
        while each is not None and each not in self._gone_by and each not in gone:
            gone.append(each)
            each = self._before.get(each)
        return tuple(delta for delta in gone if delta not in self.ids), ()

    def gone_by(self, retraction: str) -> tuple[str, ...]:
        """Return the deltas that a retraction withdrew."""
        return self._gone_by.get(retraction, ())
