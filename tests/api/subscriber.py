"""A reader of an event stream that loses its connection now and then, and comes back with Last-Event-ID."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import ClientConnectionError, ClientPayloadError

if TYPE_CHECKING:
    from aiohttp import ClientSession, StreamReader


@dataclass(slots=True)
class Subscriber:
    """Reads until it has `wanted` deltas; drops the connection after every `patience` of them."""

    http: ClientSession
    url: str
    wanted: int
    patience: int
    seqs: list[int] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0
    _cursor: str | None = None

    async def run(self) -> None:
        while len(self.seqs) < self.wanted:
            headers = {"Last-Event-ID": self._cursor} if self._cursor else {}
            try:
                async with self.http.get(self.url, headers=headers) as response:
                    response.raise_for_status()
                    self.connections += 1
                    await self._read(response.content)
            except (ClientConnectionError, ClientPayloadError):
                continue

    async def _read(self, content: StreamReader) -> None:
        until = min(self.wanted, len(self.seqs) + self.patience)
        async for line in content:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "id":
                cursor = value
                if not self.ready.is_set():
                    self._cursor = cursor
                    self.ready.set()
            elif name == "data":
                self.seqs.append(json.loads(value)["seq"])
                self._cursor = cursor
                if len(self.seqs) >= until:
                    return
