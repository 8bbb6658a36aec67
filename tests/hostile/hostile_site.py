"""A loopback server of hostile feeds, healthy feeds beside them, and a canary that nobody may ask for anything.

`/c/NAME` is a hostile case; `/good/N` a feed that brings one new item a second. Everything is counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Self

from hostile.hostile_answers import answers, whole
from hostile.hostile_documents import documents
from hostile.hostile_xml import item, rss

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HOST = "127.0.0.1"
CANARY_HOST = "127.0.0.2"
GOOD_FEEDS = 3
_WINDOW = 900  # items a healthy feed shows: none may leave it before a machine that is busy has polled again


@dataclass(slots=True)
class HostileSite:
    """The server, between `async with` and its end."""

    outcomes: dict[str, frozenset[str]] = field(default_factory=dict)  # case → permitted
    titles: dict[str, tuple[str, ...]] = field(default_factory=dict)  # case → titles to be read
    asked: Counter[str] = field(default_factory=Counter)  # path → requests
    canary_hits: list[bytes] = field(default_factory=list)
    _give: dict[str, Callable[[asyncio.StreamWriter, int], Awaitable[None]]] = field(default_factory=dict)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _begun: float = 0.0

    async def __aenter__(self) -> Self:
        canary = await asyncio.start_server(self._canary, CANARY_HOST, 0)
        port = canary.sockets[0].getsockname()[1]
        address = f"http://{CANARY_HOST}:{port}"
        for document in documents(address):
            self.outcomes[document.name] = document.outcomes
            self.titles[document.name] = document.titles
            self._give[document.name] = _sent(
                whole(document.body).replace(b"application/rss+xml", document.content_type.encode("latin-1"), 1)
            )
        for answer in answers(address):
            assert answer.name not in self._give
            self.outcomes[answer.name] = answer.outcomes
            self._give[answer.name] = answer.give
        self._servers = [canary, await asyncio.start_server(self._answer, HOST, 0, limit=1 << 20)]
        self._begun = time.monotonic()
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://{HOST}:{self._servers[1].sockets[0].getsockname()[1]}{path}"

    def good_titles(self, number: int) -> set[str]:
        """Return the titles a healthy feed has shown so far."""
        return {_good_title(number, n) for n in range(int(time.monotonic() - self._begun))}

    async def _canary(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.canary_hits.append(await reader.read(2000))
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split(b" ", 2)[1].decode("latin-1").partition("?")[0]
            number = self.asked[path]
            self.asked[path] += 1
            if path.startswith("/good/"):
                await _sent(whole(self._good(int(path.removeprefix("/good/")))))(writer, number)
            elif (give := self._give.get(path.removeprefix("/c/"))) is not None:
                await give(writer, number)
            else:
                writer.write(whole(b"no such case", "404 Not Found"))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # they hung up
        except asyncio.CancelledError:
            pass  # the end: asyncio would report a cancelled connection as an error
        finally:
            self._tasks.discard(task)
            with contextlib.suppress(ConnectionError):
                writer.close()

    def _good(self, number: int) -> bytes:
        count = int(time.monotonic() - self._begun)
        now = format_datetime(datetime.now(UTC), usegmt=True)
        return rss(
            "".join(
                item(_good_title(number, n), link=f"https://good.test/{number}/{n}", guid=f"{number}-{n}", date=now)
                for n in range(max(0, count - _WINDOW), count)
            )
        ).encode()


def _good_title(number: int, n: int) -> str:
    return f"Good news {n} of feed {number}"


def _sent(content: bytes) -> Callable[[asyncio.StreamWriter, int], Awaitable[None]]:
    async def give(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(content)
        await writer.drain()

    return give
