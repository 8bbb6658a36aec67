"""Hands what database threads have done back to the event loop, many results with one wake-up.

A wake-up writes to a pipe and makes the loop read it, which costs as much as a small query. Results that gather while
the loop is busy with something else need only one. They are given out a few at a time, so that what waits for them does
not keep the loop from everybody else: a commit that 64 polls shared would start as many new ones at one stroke.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

_AT_ONCE: Final = 8  # results in one turn of the loop


@dataclass(slots=True)
class Call:
    """Work for a database thread, and the future of whoever waits for it."""

    work: Callable[[Database], Any]
    result: asyncio.Future[Any]


class ThreadResults:
    """Results of one or more threads on their way to the loops that wait for them."""

    def __init__(self) -> None:
        self._done: deque[tuple[asyncio.Future[Any], Any, BaseException | None]] = deque()
        self._woken: asyncio.AbstractEventLoop | None = None  # has been asked to hand out, and has not begun yet

    def give(self, result: asyncio.Future[Any], value: object, error: BaseException | None = None) -> None:
        """Let a future have its value or error soon. Called by a thread that is not the loop's."""
        self._done.append((result, value, error))
        loop = result.get_loop()
        if self._woken is not loop:
            self._woken = loop
            with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
                loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        given = 0
        while self._done and given < _AT_ONCE:
            result, value, error = self._done.popleft()
            if result.done() or result.get_loop().is_closed():
                continue
            given += 1
            if error is None:
                result.set_result(value)
            else:
                result.set_exception(error)
        self._woken = None  # before the look: what is given from here on wakes again
        if self._done:
            self._woken = asyncio.get_running_loop()
            self._woken.call_soon(self._hand_out)
