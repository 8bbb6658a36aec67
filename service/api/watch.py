"""What open streams share: how many there are, and one look at each ledger a moment, whoever asks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.ports import LedgerState, Store


@dataclass(slots=True)
class Watch:
    """Open streams and the last known state of the ledgers they follow."""

    store: Store
    pace_s: float
    open: set[object] = field(default_factory=set)
    _states: dict[str, tuple[float, LedgerState]] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def state(self, story: str) -> LedgerState:
        """Return where a ledger stands, at most half a pace old."""
        async with self._locks.setdefault(story, asyncio.Lock()):
            now = asyncio.get_running_loop().time()
            kept = self._states.get(story)
            if kept is None or now - kept[0] > self.pace_s / 2:
                kept = (now, await self.store.ledger_state(story))
                self._states[story] = kept
            return kept[1]
