"""How the service talks to SQLite: connections, the threads that own them, and what its errors mean to an operator.

Nothing here knows a table. A connection is used by one thread at a time, and every call is one transaction.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from sqlite_utils import Database

from service.core.errors import StorageError
from service.storage.thread_results import Call, ThreadResults

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
        self._waiting: SimpleQueue[Call | None] = SimpleQueue()
        self._results = ThreadResults()
        self._threads = [
            threading.Thread(target=self._work, args=(connection,), name=f"{name}_{number}", daemon=True)
            for number, connection in enumerate(connections)
        ]
        for thread in self._threads:
            thread.start()

    async def run(self, work: Callable[[Database], T]) -> T:
        """Return what `work` returns, run in one transaction; a raise rolls it back.

        Cancelling the caller does not interrupt work that has begun: it commits or rolls back as a whole.

        Raises:
            StorageError: SQLite refused, or these threads are closed.
        """
        if self._closed:
            raise StorageError(f"{self._label} is closed")
        call = Call(work, asyncio.get_running_loop().create_future())
        self._waiting.put(call)
        result: T = await call.result
        return result

    def close(self, last: Callable[[Database], object] = lambda _db: None) -> None:
        """Finish what is queued, run `last` on each connection and close it. Blocks."""
        self._closed = True
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        for connection in self._connections:
            try:
                with translated(self._label):
                    last(connection)
            finally:
                connection.close()

    def _work(self, connection: Database) -> None:
        while self._do_next(connection):  # a frame of its own, so that an idle thread holds no result
            pass

    def _do_next(self, connection: Database) -> bool:
        call = self._waiting.get()
        if call is None:
            return False
        if call.result.cancelled():
            return True
        try:
            with translated(self._label), connection.atomic():
                value = call.work(connection)
        except BaseException as error:  # noqa: BLE001 - raised again where the caller waits
            self._results.give(call.result, None, error)
        else:
            self._results.give(call.result, value)
        return True
