"""How many polls may run at the same time, in all and per host: everything about pacing is in this file."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from service.core.urls import host_key, is_inner_host

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


_MOST_HOSTS: Final = 1000  # before those are forgotten that are free again


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    users: int = field(default=0)


class PollPacing:
    """Slots for polls. A poll that waits for its host takes no slot away from others.

    Args:
        total: Polls at the same time.
        per_host: Polls of one host (scheme, name and port) at the same time; 0 for no limit per host.
        gap_s: Least time between the beginnings of two polls of a host that stand in line; hosts of our own network,
            by their spelling, are spared it.
    """

    def __init__(self, total: int, per_host: int, gap_s: float = 0.0) -> None:
        self.total = total
        self._per_host = per_host
        self._gap_s = gap_s
        self._free_at: dict[str, float] = {}  # host → when the next poll may begin, by the clock of the event loop
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
            async with host.slots:
                await self._keep_gap(key)
                async with self._slots:
                    yield
        finally:
            host.users -= 1
            if not host.users:
                del self._hosts[key]

    async def _keep_gap(self, host: str) -> None:
        if self._gap_s <= 0 or is_inner_host(host):
            return
        now = asyncio.get_running_loop().time()
        begin = max(now, self._free_at.get(host, now))
        if len(self._free_at) > _MOST_HOSTS:
            self._free_at = {name: at for name, at in self._free_at.items() if at > now}
        self._free_at[host] = begin + self._gap_s
        if begin > now:
            await asyncio.sleep(begin - now)
