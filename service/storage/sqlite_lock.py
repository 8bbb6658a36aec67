"""One writing process per SQLite file: an advisory lock on `<db>.lock` that the kernel drops when the process dies.

The lock file stays behind on purpose: removing it would let two processes lock two files of the same name.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from typing import TYPE_CHECKING

from service.core.errors import StorageError, StoreLocked

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class WriterLock:
    """The right to write one database file, held until `release` or the death of the process."""

    def __init__(self, database: Path, *, now: datetime) -> None:
        """Take the lock.

        Args:
            database: The database file; need not exist yet, its folder must.
            now: When this process started to write, shown to a second one.

        Raises:
            StoreLocked: Another opener holds it.
            StorageError: The lock file cannot be written.
        """
        # Resolved, so that a link to the database meets the same lock.
        path = database.resolve().with_name(database.resolve().name + ".lock")
        try:
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StorageError(
                f"{path} cannot be written ({error.strerror}); give this user write access to the folder "
                "or set AFTERMATH_DATABASE_URL to another one"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(self._file)
            self._close()
            raise StoreLocked(
                f"{database} is being written by {holder}; stop it, or use `serve`, which only reads"
            ) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()} {now.isoformat(timespec='seconds')}\n".encode(), 0)
        # A forked child shares the lock and would keep it after our death, so it must let go of its copy.
        forget = weakref.WeakMethod(self._close)
        os.register_at_fork(after_in_child=lambda: (method := forget()) and method())

    def release(self) -> None:
        """Let the next process write. Harmless when repeated."""
        self._close()

    def _close(self) -> None:
        # Closing releases only when no other copy is open, so a child that closes leaves the parent's lock alone.
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _holder(file: int) -> str:
    """Say who holds the lock, from what the holder wrote into it (nothing yet, in the moment of taking it)."""
    pid, _, since = os.pread(file, 100, 0).decode("utf-8", "replace").strip().partition(" ")
    return f"process {pid} (since {since})" if pid and since else "another process"
