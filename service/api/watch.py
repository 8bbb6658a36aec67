"""What open streams share: how many there are, one look at each ledger a moment, and what is new in it, made once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from service.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable

    from service.ports import LedgerState, Store

T = TypeVar("T")
_KEPT = 64  # shared results: readers differ in their filters, and in how far they have read


@dataclass(slots=True)
class Watch:
    """Open streams and the last known state of the ledgers they follow."""

    store: Store
    pace_s: float  # how often a ledger is looked at when no notice comes
    open: set[object] = field(default_factory=set)
    _states: dict[str, tuple[float, LedgerState]] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    _moves: dict[str, asyncio.Event] = field(default_factory=dict)
    _pacers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _shared: OrderedDict[Hashable, asyncio.Task[Any]] = field(default_factory=OrderedDict)

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

    async def wait(self, story: str, move: asyncio.Event, limit_s: float) -> None:
        """Wait until a ledger moves, at most so long. One task a story looks at the ledger for all who wait."""
        pacer = self._pacers.get(story)
        if pacer is None or pacer.done():
            self._pacers[story] = asyncio.create_task(self._pace(story), name=f"watch-{story}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(move.wait(), limit_s)

    async def _pace(self, story: str) -> None:
        """Tell of moves that no notice told of, as long as somebody waits."""
        seen: LedgerState | None = None
        while self.open:
            try:
                state = await self.store.ledger_state(story)
            except StorageError:
                self.told(story)  # those who wait find out for themselves
                return
            if state != seen:
                self.told(story)
            seen = state
            await asyncio.sleep(self.pace_s)

    async def shared(self, key: Hashable, make: Callable[[], Coroutine[None, None, T]]) -> T:
        """Return what `make` returns, made once for all who ask for the same at about the same time."""
        kept = self._shared.get(key)
        if kept is None:
            kept = self._shared[key] = asyncio.create_task(make(), name="watch-shared")
            while len(self._shared) > _KEPT:
                self._shared.popitem(last=False)
        try:
            value: T = await asyncio.shield(kept)
        except StorageError:
            self._shared.pop(key, None)
            raise
        return value

    async def close(self) -> None:
        """End what runs for those who wait."""
        tasks = [*self._pacers.values(), *self._shared.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
