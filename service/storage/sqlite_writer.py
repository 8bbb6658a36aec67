"""The one thread that writes to a SQLite file. Saves that wait at the same time share one commit.

With synchronous=FULL a commit waits for the disk, so twenty polls that end together wait once instead of twenty times
(measured in DESIGN 17). A caller notices nothing: its save is done as a whole or not at all, and is acknowledged only
after the commit. What stops every write (a full disk, a file that was taken away) is remembered as the `fault`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, TypeVar

from service.core.errors import StorageError
from service.storage.sqlite_connections import BUSY_TIMEOUT_MS, translated
from service.storage.sqlite_files import identity_of
from service.storage.thread_results import Call, ThreadResults

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlite_utils import Database

T = TypeVar("T")

_SHARE: Final = 64  # saves in one commit at most: some 80 ms of work, which the first of them waits for
_LONG_WAL_BYTES: Final = 16 * 1024 * 1024
_WAL_PAUSE_S: Final = 5.0  # between attempts to begin a long journal anew
_WAL_WAIT_MS: Final = 200  # for readers to end, at such an attempt
_PROBE_PAUSE_S: Final = 2.0
_PROBE_BYTES: Final = 256 * 1024  # as much as a large poll: a disk with less room is still full
_LASTING = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)


class FileMoved(StorageError):
    """The file is no longer at its path: what is written would be lost with it."""


class Writer:
    """Runs writing work off the event loop, in order, several waiting calls to a transaction."""

    def __init__(self, connection: Database, *, path: Path, label: str) -> None:
        self.fault: StorageError | None = None  # why writing fails, None while it works
        # Transactions begun and ended, counted by the thread that runs them: what was read between two of them holds
        # until the next begins. The caller cannot tell, who hears of a commit after others can see it.
        self.begun = 0
        self.ended = 0
        self._db = connection
        self._path = path
        self._wal = path.with_name(path.name + "-wal")
        self._label = label
        self._file = identity_of(path)
        self._closed = False
        self._next_wal_attempt = 0.0
        self._next_probe = 0.0
        self._waiting: SimpleQueue[Call | None] = SimpleQueue()
        self._results = ThreadResults()
        # A daemon: a process that ends without closing ends, and loses no more than one that is killed.
        self._thread = threading.Thread(target=self._work, name="sqlite-write", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Database], T]) -> T:
        """Return what `work` returns, after the commit; a raise undoes what it did.

        The work may be run a second time, when a transaction that it shared failed. Cancelling the caller does not
        interrupt work that has begun.

        Raises:
            StorageError: SQLite refused, the file is not where it was, or this writer is closed.
        """
        if self._closed:
            raise StorageError(f"{self._label} is closed")
        save = Call(work, asyncio.get_running_loop().create_future())
        self._waiting.put(save)
        result: T = await save.result
        return result

    async def check(self) -> None:
        """Raise the fault while there is one; from time to time try whether it has passed."""
        if self.fault is not None and time.monotonic() >= self._next_probe:
            self._next_probe = time.monotonic() + _PROBE_PAUSE_S
            await self.run(_probe)  # a commit that succeeds clears the fault
            await self.run(_forget_probe)
        if self.fault is not None:
            raise self.fault

    def close(self, last: Callable[[Database], object]) -> None:
        """Finish what is queued, run `last` and close the connection. Blocks."""
        self._closed = True
        self._waiting.put(None)
        self._thread.join()
        try:
            with translated(self._label):
                last(self._db)
        finally:
            self._db.close()

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, is_last = [first], False
            while len(batch) < _SHARE and not is_last:
                try:
                    following = self._waiting.get_nowait()
                except Empty:
                    break
                if following is None:
                    is_last = True
                else:
                    batch.append(following)
            self._save([each for each in batch if not each.result.cancelled()])
            if is_last:
                return

    def _save(self, batch: Sequence[Call]) -> None:
        if not batch:
            return
        try:
            with translated(self._label):
                self._refuse_moved()
                self.begun += 1
                try:
                    # No savepoints: they would be two more statements for each save, to spare the rare one that fails.
                    with self._db.atomic():
                        values = [each.work(self._db) for each in batch]
                finally:
                    self.ended += 1
        except BaseException as error:  # noqa: BLE001 - raised again where the caller waits
            if len(batch) > 1:  # what one of them asked for must not cost the others their save
                for each in batch:
                    self._save([each])
                return
            if isinstance(error, StorageError):
                self._note(error)
            self._results.give(batch[0].result, None, error)
        else:
            self.fault = None if not self._is_damaged() else self.fault
            for each, value in zip(batch, values, strict=True):
                self._results.give(each.result, value)
            self._bound_wal()

    def _note(self, error: StorageError) -> None:
        if _is_lasting(error) and not self._is_damaged():
            self.fault = error

    def _is_damaged(self) -> bool:
        """Whether the file was found damaged, which no later success mends."""
        return self.fault is not None and _code(self.fault) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

    def _refuse_moved(self) -> None:
        # SQLite would go on writing to the file it has open, wherever that is, and all of it would be lost.
        if (found := identity_of(self._path)) != self._file:
            what = "is gone" if found is None else "is another file than the one this process opened"
            remedy = "put it back" if found is None else "restart the service"
            raise FileMoved(f"{self._label} {what}; nothing is written until you {remedy}")

    def _bound_wal(self) -> None:
        """Begin a long journal anew: where some reader is always under way, SQLite never does so by itself."""
        if time.monotonic() < self._next_wal_attempt or _size(self._wal) < _LONG_WAL_BYTES:
            return
        self._next_wal_attempt = time.monotonic() + _WAL_PAUSE_S
        self._db.execute(f"PRAGMA busy_timeout = {_WAL_WAIT_MS}")
        with suppress(sqlite3.Error):  # the next write says what is wrong
            self._db.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        self._db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _code(error: StorageError) -> int:
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF


def _is_lasting(error: StorageError) -> bool:
    return isinstance(error, FileMoved) or _code(error) in _LASTING


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _probe(db: Database) -> None:
    db.execute(
        "INSERT INTO settings (name, value) VALUES ('write probe', :value) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        {"value": "." * _PROBE_BYTES},
    )


def _forget_probe(db: Database) -> None:
    db.execute("DELETE FROM settings WHERE name = 'write probe'")
