"""Hears of deltas that any process has committed: PostgreSQL's LISTEN, on a connection of its own.

A notice may be lost with the connection; after every new beginning all ledgers are said to have moved.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import psycopg

from service.core.errors import StorageError
from service.storage.postgres_comparisons import CHANNEL
from service.storage.postgres_connections import connect

if TYPE_CHECKING:
    from service.storage.notices import Notices

_PAUSE_S = 1.0  # between attempts to connect
log = logging.getLogger(__name__)


class DeltaListener:
    """Tells `notices` of every commit between `start` and `close`."""

    def __init__(self, url: str, notices: Notices) -> None:
        self._url = url
        self._notices = notices
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; harmless when repeated."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen(), name="delta-listener")

    async def close(self) -> None:
        """End it; harmless when repeated."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                async with await connect(self._url) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._notices.tell([None])
                    async for notice in connection.notifies():
                        self._notices.tell([notice.payload])
            except (psycopg.Error, StorageError) as error:
                log.debug("not listening for deltas", extra={"why": str(error)})
            await asyncio.sleep(_PAUSE_S)
