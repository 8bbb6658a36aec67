"""Methods of a store made of queries: `feeds = runs(postgres_feeds.feeds)` is `await store.feeds(…)` in a transaction.

As in sqlite_methods.py, the type checker compares the query itself with the port.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from service.storage.postgres_connections import Connection

P = ParamSpec("P")
T = TypeVar("T")


class Transactions(Protocol):
    """What runs queries, each in one transaction."""

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what `work` returns, all or nothing."""
        ...


def runs(
    query: Callable[Concatenate[Connection, P], Awaitable[T]],
) -> Callable[Concatenate[Transactions, P], Coroutine[None, None, T]]:
    """Return the method that runs a query."""

    @wraps(query)
    async def method(store: Transactions, /, *args: P.args, **named: P.kwargs) -> T:
        return await store.run(lambda db: query(db, *args, **named))

    return method
