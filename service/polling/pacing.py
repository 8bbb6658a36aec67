"""How many polls may run at the same time, in all and per host: everything about pacing is in this file."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from service.core.urls import host_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    users: int = field(default=0)


class PollPacing:
    """Slots for polls. A poll that waits for its host takes no slot away from others.

    Args:
        total: Polls at the same time.
        per_host: Polls of one host (scheme, name and port) at the same time; 0 for no limit per host.
    """

    def __init__(self, total: int, per_host: int) -> None:
        self.total = total
        self._per_host = per_host
        self._slots = asyncio.Semaphore(total)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def slot(self, url: str) -> AsyncIterator[None]:
        """Hold one slot while the body runs."""
        if self._per_host <= 0:
            async with self._slots:
                yield
            return
        key = host_key(url)
        host = self._hosts.setdefault(key, _Host(asyncio.Semaphore(self._per_host)))
        host.users += 1
        try:
            async with host.slots, self._slots:
                yield
        finally:
            host.users -= 1
            if not host.users:
                del self._hosts[key]
