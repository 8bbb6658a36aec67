"""One writing process per SQLite file: an advisory lock on `<db>.lock` that the kernel drops when the process dies.

The holder writes into the file who it is and where it answers HTTP, so that a command that finds the store in use can
hand its request over. The file stays behind on purpose: removing it would let two processes lock two files of one name.
"""

from __future__ import annotations

import fcntl
import json
import os
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from service.core.errors import StorageError, StoreLocked

if TYPE_CHECKING:
    from datetime import datetime

_LONGEST = 4096  # bytes of a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who writes to a database, as it says itself."""

    pid: int
    since: str
    address: str | None = None  # http://host:port on this machine

    def __str__(self) -> str:
        return f"process {self.pid} (since {self.since})"


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
                f"{database} is being written by {holder or 'another process'}; stop it, or use `serve`, which only reads",
                holder.address if holder else None,
            ) from error
        self._holder = Holder(pid=os.getpid(), since=now.isoformat(timespec="seconds"))
        self._note(self._holder)
        # A forked child shares the lock and would keep it after our death, so it must let go of its copy.
        forget = weakref.WeakMethod(self._close)
        os.register_at_fork(after_in_child=lambda: (method := forget()) and method())

    def announce(self, address: str) -> None:
        """Let others know where this process answers HTTP."""
        self._note(Holder(pid=self._holder.pid, since=self._holder.since, address=address))

    def release(self) -> None:
        """Let the next process write. Harmless when repeated."""
        self._close()

    def _note(self, holder: Holder) -> None:
        if self._file is None:
            return
        note = {"pid": holder.pid, "since": holder.since, "address": holder.address}
        text = f"{json.dumps(note)}\n".encode()
        try:
            os.pwrite(self._file, text, 0)
            os.ftruncate(self._file, len(text))
        except OSError as error:
            raise StorageError(f"the lock file of the database cannot be written ({error.strerror})") from error

    def _close(self) -> None:
        # Closing releases only when no other copy is open, so a child that closes leaves the parent's lock alone.
        if self._file is not None:
            os.close(self._file)
            self._file = None


def writing_process(database: str | Path) -> str:
    """Say which process took the right to write last, for people; it may have ended since."""
    path = Path(database).resolve()
    try:
        file = os.open(path.with_name(path.name + ".lock"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return "another process"
    try:
        return str(_holder(file) or "another process")
    finally:
        os.close(file)


def _holder(file: int) -> Holder | None:
    """Return who holds the lock, from its own note (none yet, or half of one, in the moment of taking it)."""
    try:
        note = json.loads(os.pread(file, _LONGEST, 0))
        return Holder(pid=int(note["pid"]), since=str(note["since"]), address=note["address"])
    except (ValueError, KeyError, TypeError):
        return None
