"""How the service talks to SQLite: connections, the threads that own them, and what its errors mean to an operator.

Nothing here knows a table. A connection is used by one thread at a time, and every call is one transaction.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from sqlite_utils import Database

from service.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")

BUSY_TIMEOUT_MS = 5000
_JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024
_OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables; RHEL 9 ships 3.34

# What an operator can do, by SQLite's primary result code.
_REMEDIES = {
    sqlite3.SQLITE_BUSY: "another program keeps it locked; close that program",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked; close that program",
    sqlite3.SQLITE_FULL: "free some disk space",
    sqlite3.SQLITE_READONLY: "give this user write access to the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "check that the folder exists and that this user may read and write in it",
    sqlite3.SQLITE_PERM: "check that this user may read and write it",
    sqlite3.SQLITE_IOERR: "check the disk",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
    sqlite3.SQLITE_NOTADB: "the file is not an SQLite database; set AFTERMATH_DATABASE_URL to another one",
}


@contextmanager
def translated(label: str) -> Iterator[None]:
    """Turn SQLite's errors into StorageError with a remedy.

    Args:
        label: The database as the operator named it.
    """
    try:
        yield
    except sqlite3.Error as error:
        primary_code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        remedy = _REMEDIES.get(primary_code)
        raise StorageError(f"{label}: {error}" + (f"; {remedy}" if remedy else "")) from error
    except (UnicodeEncodeError, OverflowError) as error:  # lone surrogates, integers over 64 bits
        raise StorageError(f"{label}: a value cannot be stored: {error}") from error


def connect_memory() -> Database:
    """Open a new in-memory database."""
    return _connect(":memory:")


def connect_writer(path: Path) -> Database:
    """Open a file for writing, creating it if need be."""
    is_new = not path.exists() or not path.stat().st_size
    return _connect(
        path.resolve().as_uri() + "?mode=rwc",
        # What is forgotten can leave the disk again. Only a new file can be made so; an old one would be written to.
        *(["PRAGMA auto_vacuum = INCREMENTAL"] if is_new else []),
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",  # what was acknowledged survives a power cut
        f"PRAGMA journal_size_limit = {_JOURNAL_LIMIT_BYTES}",
    )


def connect_reader(path: Path) -> Database:
    """Open an existing file for reading only."""
    return _connect(path.resolve().as_uri() + "?mode=ro")


def _connect(uri: str, *pragmas: str) -> Database:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StorageError(
            f"SQLite {sqlite3.sqlite_version} is too old; use a Python whose sqlite3 module has SQLite 3.37 or newer"
        )
    # Threads take turns with a connection, never share it (ConnectionThreads); hence check_same_thread=False.
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        db = Database(connection, execute_plugins=False)
        for pragma in (f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}", "PRAGMA foreign_keys = ON", *pragmas):
            db.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return db


class ConnectionThreads:
    """Runs database work off the event loop: as many threads as connections, each call with one to itself."""

    def __init__(self, connections: Sequence[Database], *, name: str, label: str) -> None:
        self._connections = tuple(connections)
        self._label = label
        self._closed = False
        self._idle: SimpleQueue[Database] = SimpleQueue()
        for connection in connections:
            self._idle.put(connection)
        self._threads = ThreadPoolExecutor(max_workers=len(connections), thread_name_prefix=name)

    async def run(self, work: Callable[[Database], T]) -> T:
        """Return what `work` returns, run in one transaction; a raise rolls it back.

        Cancelling the caller does not interrupt work that has begun: it commits or rolls back as a whole.

        Raises:
            StorageError: SQLite refused, or these threads are closed.
        """
        if self._closed:
            raise StorageError(f"{self._label} is closed")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._in_transaction, work)

    def close(self, last: Callable[[Database], object] = lambda _db: None) -> None:
        """Finish what is queued, run `last` on each connection and close it. Blocks."""
        self._closed = True
        self._threads.shutdown(wait=True)
        for connection in self._connections:
            try:
                with translated(self._label):
                    last(connection)
            finally:
                connection.close()

    def _in_transaction(self, work: Callable[[Database], T]) -> T:
        connection = self._idle.get_nowait()  # never empty: there are no more threads than connections
        try:
            with translated(self._label), connection.atomic():
                return work(connection)
        finally:
            self._idle.put(connection)
