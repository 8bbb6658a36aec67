"""Methods of a store made of queries: `feeds = reads(sqlite_feeds.feeds)` is `await store.feeds(…)` on a reading thread.

A query takes the connection first; its other parameters, their defaults and its result are those of the method, so the
type checker compares the query itself with the port.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from sqlite_utils import Database

P = ParamSpec("P")
T = TypeVar("T")


class Threads(Protocol):
    """What runs queries, each in one transaction, on a thread of its own."""

    async def read(self, query: Callable[[Database], T]) -> T:
        """Run a query that changes nothing."""
        ...

    async def write(self, change: Callable[[Database], T]) -> T:
        """Run one that does, all or nothing."""
        ...


def reads(
    query: Callable[Concatenate[Database, P], T],
) -> Callable[Concatenate[Threads, P], Coroutine[None, None, T]]:
    """Return the method that runs a query which changes nothing."""

    @wraps(query)
    async def method(store: Threads, /, *args: P.args, **named: P.kwargs) -> T:
        return await store.read(lambda db: query(db, *args, **named))

    return method


def writes(
    change: Callable[Concatenate[Database, P], T],
) -> Callable[Concatenate[Threads, P], Coroutine[None, None, T]]:
    """Return the method that runs a query which changes something."""

    @wraps(change)
    async def method(store: Threads, /, *args: P.args, **named: P.kwargs) -> T:
        return await store.write(lambda db: change(db, *args, **named))

    return method
