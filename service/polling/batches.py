"""How replicas share polling: in batches of feeds, so that a queue in a database carries fewer jobs than there are feeds.

A batch is the feeds whose ids (hashes) begin alike. Its job says which batch, not which feeds: who runs it asks what is
due then. One batch is polled by one replica at a time, because its jobs share a lane.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from service.core.model import IngestBatch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from service.polling.shared_queue import SharedQueue
    from service.ports import Clock, Store

_PREFIX: Final = 4  # "f-" and two hex digits: 256 batches, so a dozen replicas have their share each
_LOOK: Final = 10_000  # feeds; what is due beyond waits for the next tick
log = logging.getLogger(__name__)


def batch_of(feed_id: str) -> IngestBatch:
    """Return the batch of a feed."""
    return IngestBatch(feed_id[:_PREFIX])


class DueBatches:
    """What a tick enqueues: batches in which something is due, unless they wait or run already, wherever that is."""

    def __init__(self, store: Store, queue: SharedQueue) -> None:
        self._store = store
        self._queue = queue

    async def __call__(self, now: datetime) -> list[IngestBatch]:
        """Return the batches, the most overdue first."""
        due = dict.fromkeys(batch_of(feed) for feed in await self._store.due_feeds(now, _LOOK))
        busy = await self._queue.lanes() if due else frozenset()
        return [batch for batch in due if batch.lane not in busy]


async def poll_batch(batch: IngestBatch, store: Store, clock: Clock, poll: Callable[[str], Awaitable[None]]) -> None:
    """Poll the feeds of a batch that are due, all at once: pacing is for `poll`. One that fails stops no other."""
    due = await store.due_feeds(clock.now(), _LOOK, batch.prefix)
    results = await asyncio.gather(*(poll(feed) for feed in due), return_exceptions=True)
    for feed, result in zip(due, results, strict=True):
        if isinstance(result, BaseException):
            log.error("poll failed", exc_info=result, extra={"feed": feed})
