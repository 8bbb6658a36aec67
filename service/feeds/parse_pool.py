"""Worker processes that parse, started when needed, killed when they overrun, replaced by the next document.

Why processes: feedparser is quadratic on hostile input and holds the interpreter, so neither a thread nor a
time-out inside the event loop can stop it. Why a slow lane: a document made to take long must not hold up the
others, so it gives its place away and goes on beside them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import TYPE_CHECKING, Final

from service.core.errors import ParseError
from service.feeds import parse_worker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from service.feeds.document import Document

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_FATTENED_BYTES: Final = 80 * 1024 * 1024  # a worker that grew beyond it is replaced, so that idling stays cheap
_PATIENCE_S: Final = 0.5  # a document of a usual size takes a twentieth of it
_SLOW_LANES: Final = 2
_SLOW_S: Final = 4.0  # what a slow document has for itself even while others wait for its lane
_LONGEST_ANSWER_BYTES: Final = 128 * 1024 * 1024
_KEPT_VARIABLES: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


class ParsePool:
    """At most `workers` processes, and two more for documents that take long; `parse` waits for a free one.

    Args:
        workers: How many documents of the usual kind are parsed at the same time.
        timeout_s: A document that takes longer kills its worker.
        memory_limit_bytes: Address space of a worker, on Linux; 0 for no limit.
    """

    def __init__(self, *, workers: int = 1, timeout_s: float = 20.0, memory_limit_bytes: int = 1 << 30) -> None:
        self._slots = asyncio.Semaphore(workers)
        self._slow: dict[asyncio.Task[Document], float] = {}  # since when, oldest first
        self._idle: list[Process] = []
        self._workers = workers
        self._timeout_s = timeout_s
        self._memory_limit_bytes = memory_limit_bytes

    async def parse(self, body: bytes, headers: Mapping[str, str], url: str) -> Document:
        """Parse one document in a worker.

        Raises:
            ParseError: The document cannot be read, or its worker died or overran.
        """
        async with self._slots:
            try:
                worker = self._idle.pop() if self._idle else await self._start()
            except OSError as error:
                raise ParseError(f"{url} could not be parsed: no worker process could be started ({error})") from error
            parsing = asyncio.create_task(self._parsed(worker, body, headers, url))
            try:
                done, _ = await asyncio.wait({parsing}, timeout=_PATIENCE_S)
                if not done:
                    await self._to_slow_lane(parsing)
            except asyncio.CancelledError:
                parsing.cancel()
                raise
        try:
            return await parsing
        except asyncio.CancelledError:
            if _is_cancelled_itself():
                raise
            raise ParseError(f"{url} took so long to parse that others had to wait, and was given up") from None
        finally:
            self._slow.pop(parsing, None)

    async def _to_slow_lane(self, parsing: asyncio.Task[Document]) -> None:
        """Move a document to the slow lane. Where that is full, the one longest in it makes room once it had its time."""
        while len(self._slow) >= _SLOW_LANES and not parsing.done():
            oldest, since = next(iter(self._slow.items()))
            left_s = since + _SLOW_S - time.monotonic()
            if left_s <= 0:
                oldest.cancel()
                del self._slow[oldest]
            else:
                await asyncio.wait({parsing, oldest}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
                if oldest.done():
                    self._slow.pop(oldest, None)
        if not parsing.done():
            self._slow[parsing] = time.monotonic()

    async def _parsed(self, worker: Process, body: bytes, headers: Mapping[str, str], url: str) -> Document:
        usable = False
        try:
            async with asyncio.timeout(self._timeout_s):
                head, document = await _exchange(worker, parse_worker.request(body, headers, url))
            usable = True
            answer, resident_bytes = parse_worker.read_answer(head, document)
            usable = resident_bytes < _FATTENED_BYTES and len(self._idle) < self._workers
        except TimeoutError as error:
            raise ParseError(f"{url} took longer than {self._timeout_s:g} s to parse and was given up") from error
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            usable = False
            raise ParseError(f"{url} broke the parser: its worker process died and was replaced") from error
        else:
            return answer
        finally:
            if usable:
                self._idle.append(worker)
            else:
                await _end(worker)

    async def close(self) -> None:
        """End all idle workers. Parsing again afterwards starts new ones."""
        while self._idle:
            await _end(self._idle.pop())

    async def _start(self) -> Process:
        # No secrets of ours reach the worker, and a terminal's Ctrl-C goes to us alone.
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join([_ROOT, *(path for path in sys.path if path)])
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-B", "-m", parse_worker.__name__),
            *(str(self._memory_limit_bytes), str(max(1, round(self._timeout_s)))),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=environment,
            start_new_session=True,
        )


async def _exchange(worker: Process, request: bytes) -> tuple[bytes, bytes]:
    if worker.stdin is None or worker.stdout is None:  # never so: both are pipes
        raise EOFError
    worker.stdin.write(request)
    await worker.stdin.drain()
    lengths = parse_worker.LENGTH.unpack(await worker.stdout.readexactly(parse_worker.LENGTH.size))
    if sum(lengths) > _LONGEST_ANSWER_BYTES:
        raise ValueError(lengths)
    return await worker.stdout.readexactly(lengths[0]), await worker.stdout.readexactly(lengths[1])


async def _end(worker: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        worker.kill()
    if worker.stdin is not None:
        worker.stdin.close()
        with contextlib.suppress(OSError):
            await worker.stdin.wait_closed()
    await asyncio.shield(worker.wait())


def _is_cancelled_itself() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
