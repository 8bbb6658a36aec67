"""What open streams share: how many there are, and one look at each ledger a moment, whoever asks."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.ports import LedgerState, Store


@dataclass(slots=True)
class Watch:
    """Open streams and the last known state of the ledgers they follow."""

    store: Store
    pace_s: float  # how often a ledger is looked at when no notice comes
    open: set[object] = field(default_factory=set)
    _states: dict[str, tuple[float, LedgerState]] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    _moves: dict[str, asyncio.Event] = field(default_factory=dict)

    async def state(self, story: str) -> LedgerState:
        """Return where a ledger stands: at most half a pace old, and never older than the last notice."""
        async with self._locks.setdefault(story, asyncio.Lock()):
            now = asyncio.get_running_loop().time()
            kept = self._states.get(story)
            if kept is None or now - kept[0] > self.pace_s / 2:
                move = self.next_move(story)
                kept = (now, await self.store.ledger_state(story))
                if not move.is_set():  # else what was read may be older than the notice
                    self._states[story] = kept
            return kept[1]

    def next_move(self, story: str) -> asyncio.Event:
        """Return what is set when the ledger moves next. To be asked for before its state is."""
        return self._moves.setdefault(story, asyncio.Event())

    def told(self, story: str | None) -> None:
        """Take in that a ledger has moved; None for all."""
        for each in tuple(self._moves) if story is None else (story,):
            self._states.pop(each, None)
            move = self._moves.pop(each, None)
            if move is not None:
                move.set()

    async def wait(self, move: asyncio.Event) -> None:
        """Wait until a ledger moves, at most one pace."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(move.wait(), self.pace_s)
