"""A receiver of webhooks and pings on loopback: answers as told, remembers what came."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from patience import patient


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Receiver:
    """Answers `statuses` one after the other, then 204; `hold` makes a path wait until it is let go."""

    statuses: dict[str, list[int]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    port: int = 0
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for event in self.hold.values():
            event.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def _answer(self, request: web.Request) -> web.Response:
        call = Call(request.path, dict(request.headers), await request.read())
        async with self._came:
            self.calls.append(call)
            self._came.notify_all()
        if request.path in self.hold:
            await self.hold[request.path].wait()
        told = self.statuses.get(request.path, [])
        return web.Response(status=told.pop(0) if told else 204, headers=self.headers)

    def of(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    async def until(self, condition: Callable[[], bool], limit_s: float = 20.0) -> None:
        async with asyncio.timeout(patient(limit_s)), self._came:
            await self._came.wait_for(condition)


async def until(condition: Callable[[], Awaitable[bool]], limit_s: float = 20.0) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(patient(limit_s)):
        while not await condition():  # noqa: ASYNC110 (a store has no event to wait for)
            await asyncio.sleep(0.01)
