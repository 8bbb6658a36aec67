"""Forgetting what led to nothing, in the background: everything about when is in this file, what is the store's matter.

Small transactions with a pause after each, so that polls never wait long for their turn to be saved.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from service.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.ports import Clock, Store

_BATCH: Final = 10  # entries a transaction: at most 8 ms of processor time with a million entries (DESIGN 17)
_PAUSE_S: Final = 0.05

log = logging.getLogger(__name__)


async def forget(
    store: Store, stories_key: Callable[[], str], clock: Clock, keep: timedelta, *, pause_s: float = 0.0
) -> int:
    """Forget all that is due; return how many entry revisions were looked at.

    Args:
        store: To forget from.
        stories_key: Gives the name of the match cursor, which a reload changes: what was not matched yet is not forgotten.
        clock: The present.
        keep: How long an entry is kept after it was last seen to change.
        pause_s: After each transaction.
    """
    looked = 0
    while count := await store.age_out(stories_key(), clock.now() - keep, _BATCH):
        looked += count
        await asyncio.sleep(pause_s)
    while await store.give_back_space():  # noqa: ASYNC110 (the work itself, in steps)
        await asyncio.sleep(pause_s)
    return looked


class Retention:
    """Forgets once an hour between `async with` and its end; `first_after_s` and `every_s` are for tests."""

    def __init__(
        self,
        store: Store,
        stories_key: Callable[[], str],
        clock: Clock,
        keep: timedelta,
        *,
        first_after_s: float = 60.0,
        every_s: float = 3600.0,
    ) -> None:
        self._store = store
        self._stories_key = stories_key
        self._clock = clock
        self._keep = keep
        self._first_after_s = first_after_s
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work(), name="retention")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _work(self) -> None:
        await asyncio.sleep(self._first_after_s)
        while True:
            try:
                looked = await forget(self._store, self._stories_key, self._clock, self._keep, pause_s=_PAUSE_S)
            except StorageError as error:
                log.warning("retention waits: the store does not take it", extra={"error": error.message})
            except Exception:
                log.exception("forgetting failed; it is tried again later")
            else:
                log.info("old entries looked at", extra={"entries": looked, "keep_days": self._keep.days})
            await asyncio.sleep(self._every_s)
