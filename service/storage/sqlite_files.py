"""What can be said of a database file before it is used: where it lies, and whether its pages are sound."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from service.core.errors import StorageError

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOUNTS: Final = Path("/proc/self/mounts")
# Locks and shared memory do not reach the other machines there, or not reliably. fuseblk is a local disk.
_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse"}
)


def network_file_system(path: Path, mounts: str | None = None) -> str | None:
    """Return the type of the network file system that holds `path`, None where it is a local one.

    Args:
        path: Need not exist.
        mounts: The table of mounts, in the form of /proc/mounts; default: this machine's.
    """
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:  # no such table on this system: nothing is known
            return None
    place = path.resolve()
    kind, depth = "", -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(_unescaped(fields[1]))
        # The last of several mounts on one place is the one that is seen.
        if (point == place or point in place.parents) and len(point.parts) >= depth:
            kind, depth = fields[2], len(point.parts)
    return kind if kind in _NETWORK or kind.startswith("fuse.") else None


def _unescaped(field: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field


def refuse_damaged(db: Database, label: str, limit_s: float) -> bool:
    """Look through the pages for damage; return whether the look reached the end within the limit.

    Some 400 MB a second were read (measured on 740 MB), so the limit cuts off only very large files; those are checked
    in whole with every backup.

    Raises:
        StorageError: The file is damaged.
    """
    # An interrupt is seen within every table; a progress handler is not asked while SQLite walks one.
    ended = threading.Event()
    timer = threading.Thread(target=_interrupt_after, args=(db, limit_s, ended))
    timer.start()
    try:
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            return False
        raise
    finally:
        ended.set()
        timer.join()
    if found != "ok":
        first = " ".join(str(found).split())
        raise StorageError(
            f"{label} is damaged ({first}); move it away and restore a backup with `restore`, or export what can "
            "still be read with `export`"
        )
    return True


def _interrupt_after(db: Database, limit_s: float, ended: threading.Event) -> None:
    pause_s = limit_s
    while not ended.wait(pause_s):
        db.conn.interrupt()  # without effect before the statement has begun, hence again and again
        pause_s = 0.01


def identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells one file from another under the same name, None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
