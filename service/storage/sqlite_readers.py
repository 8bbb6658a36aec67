"""The reading connections of a SQLite file, and how a process that only reads follows a file that was replaced."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, TypeVar

from service.storage.sqlite_connections import ConnectionThreads, connect_reader, translated
from service.storage.sqlite_files import identity_of
from service.storage.sqlite_versions import refuse_newer, refuse_unmigrated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlite_utils import Database

T = TypeVar("T")

log = logging.getLogger(__name__)

_READERS = 2
_LOOK_EVERY_S = 1.0


def open_readers(path: Path, label: str) -> ConnectionThreads:
    """Open a file for reading, on threads of its own.

    Raises:
        StorageError: It cannot be read, is not migrated, or was written by a newer version.
    """
    with ExitStack() as undo, translated(label):
        connections = []
        for _ in range(_READERS):
            connection = connect_reader(path)
            undo.callback(connection.close)
            connections.append(connection)
            # Asked of each: the first read opens the journal, and later its file may be out of reach.
            refuse_newer(connection, label)
            refuse_unmigrated(connection, label)
        threads = ConnectionThreads(connections, name="sqlite-read", label=label)
        undo.pop_all()
    return threads


class FollowingReaders:
    """Readers for a process that does not write: what `restore` or a copy puts in the file's place is read instead.

    An open file goes on being read after it has lost its name, so this process would serve the old ledger for ever.
    Whether the name still means the same file is looked at once a second, where somebody reads. While no file is there,
    the old one is read; a file that cannot be opened is an error until it can.
    """

    def __init__(self, path: Path, label: str) -> None:
        self._path = path
        self._label = label
        self._file = identity_of(path)
        self._readers = open_readers(path, label)
        self._looked_at = time.monotonic()
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[Database], T]) -> T:
        """See `ConnectionThreads.run`."""
        if time.monotonic() - self._looked_at >= _LOOK_EVERY_S:
            await self._follow()
        return await self._readers.run(work)

    async def _follow(self) -> None:
        async with self._turn:
            found = identity_of(self._path)
            if found is not None and found != self._file:
                before = self._readers
                self._readers = await asyncio.to_thread(open_readers, self._path, self._label)
                self._file = found
                log.warning("the database file was replaced; the new one is read", extra={"file": self._label})
                await asyncio.to_thread(before.close)  # what was asked of it is answered first
            self._looked_at = time.monotonic()

    def close(self) -> None:
        """See `ConnectionThreads.close`."""
        self._readers.close()
