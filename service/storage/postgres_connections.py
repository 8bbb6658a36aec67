"""How the service talks to PostgreSQL: the pool, one transaction per call, and what its errors mean to an operator.

Nothing here knows a table.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from service.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")
Connection = psycopg.AsyncConnection[DictRow]
Pool = AsyncConnectionPool[Connection]

OLDEST = 130000  # PostgreSQL 13, the first with gen_random_uuid() built in
_POOL = 8  # connections of one process; calls beyond wait for one
_WAIT_S = 3.0  # for a connection: a reader is told 503 instead of waiting for a database that is down
# A server that is gone without a word is noticed after some twenty seconds.
NETWORK: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
_TRIES = 3

# A process that is frozen in the middle of a transaction must not keep its locks: the server ends its session, which
# rolls the transaction back. The same for one whose machine is gone, by keep-alive probes.
_SESSION = """
    SET TIME ZONE 'UTC';
    SET idle_in_transaction_session_timeout = '10s';
    SET lock_timeout = '30s';
    SET statement_timeout = '60s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
    SET synchronous_commit = on;
"""
_log = logging.getLogger(__name__)
# The pool speaks of every attempt to connect; what an operator needs of it is in our own errors.
logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)


_REACHABLE = "check that the server runs and that AFTERMATH_DATABASE_URL names it, a user and a database"


def label_of(url: str) -> str:
    """Return how a database is named in messages: its URL without user and password."""
    parts = urlsplit(url)
    try:
        host = conninfo_to_dict(url).get("host") or "localhost"
    except psycopg.ProgrammingError:
        host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"postgresql://{host}{port}{parts.path}"


def translated(label: str, error: Exception) -> StorageError:
    """Return what an error of the driver means, with a remedy where there is one."""
    text = " ".join(str(error).split()) or type(error).__name__
    remedy = ""
    match error:
        case PoolTimeout():
            text = "no connection could be had in time"
            remedy = _REACHABLE
        case psycopg.errors.InsufficientPrivilege():
            remedy = "give this user the right, best by making it the owner of the database"
        case psycopg.errors.DiskFull():
            remedy = "free some disk space on the server"
        case psycopg.errors.ReadOnlySqlTransaction():
            remedy = "this server is a standby; name the primary in AFTERMATH_DATABASE_URL"
        case UnicodeEncodeError() | psycopg.DataError():
            text = f"a value cannot be stored: {text}"
        case psycopg.errors.TooManyConnections():
            remedy = "raise max_connections of the server or run fewer replicas"
        case psycopg.OperationalError():
            remedy = _REACHABLE  # refused connections come without a code of their own
    return StorageError(f"{label}: {text}" + (f"; {remedy}" if remedy else ""))


async def configure(connection: psycopg.AsyncConnection[DictRow]) -> None:
    """Prepare a new session."""
    await connection.execute(_SESSION)
    await connection.commit()


async def connect(url: str) -> Connection:
    """Open one connection outside the pool, committing every statement by itself; the caller closes it.

    Raises:
        StorageError: The server does not answer or refuses.
    """
    try:
        connection = await psycopg.AsyncConnection.connect(url, row_factory=dict_row, autocommit=True, **NETWORK)
        await connection.execute(_SESSION)
    except psycopg.Error as error:
        raise translated(label_of(url), error) from error
    return connection


class Sessions:
    """A pool of connections. Every call is one transaction; one that a lost race ended is repeated.

    A connection is checked when it is taken (one round trip), so a restarted server is not noticed by callers.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.label = label_of(url)
        self._pool: Pool = AsyncConnectionPool(
            url,
            connection_class=psycopg.AsyncConnection[DictRow],
            kwargs={"row_factory": dict_row, **NETWORK},
            configure=configure,
            check=AsyncConnectionPool.check_connection,
            min_size=1,
            max_size=_POOL,
            timeout=_WAIT_S,
            # Attempts back off within this time; then the next caller begins anew. So a server that returns is found
            # within seconds however long it was away.
            reconnect_timeout=_WAIT_S,
            open=False,
        )
        self._fault: StorageError | None = None  # the last call met a server that cannot be reached or takes no writes

    async def open(self) -> None:
        """Begin to connect; the first call waits for the first connection."""
        await self._pool.open()

    async def close(self) -> None:
        """Close every connection. Harmless when repeated."""
        await self._pool.close(timeout=_WAIT_S)

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what `work` returns, run in one transaction; a raise or a cancel rolls it back.

        Raises:
            StorageError: PostgreSQL refused or does not answer.
        """
        for left in reversed(range(_TRIES)):
            try:
                async with self._pool.connection() as connection:
                    return await work(connection)
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
                if not left:
                    raise translated(self.label, error) from error
                _log.info("transaction repeated", extra={"why": type(error).__name__})
                await asyncio.sleep(0)
            except (psycopg.Error, PoolTimeout, PoolClosed, UnicodeEncodeError) as error:
                failure = translated(self.label, error)
                if isinstance(error, (psycopg.OperationalError, PoolTimeout, psycopg.errors.ReadOnlySqlTransaction)):
                    self._fault = failure
                raise failure from error
        raise AssertionError  # the last try returned or raised

    async def check_writing(self, small_write: Callable[[Connection], Awaitable[object]]) -> None:
        """Raise StorageError while writing fails; costs nothing as long as it has not failed.

        Args:
            small_write: What to try, after a failure, to see whether its cause is gone.
        """
        if self._fault is not None:
            await self.run(small_write)
            self._fault = None
