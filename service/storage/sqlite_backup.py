"""Whole copies of a database file: backups, and what is put aside before a migration.

A copy is made by SQLite's online backup from one state of the file, so it is consistent while others write. It gets its
name only when it is complete, checked and on the disk.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from service.core.errors import StorageError
from service.storage.sqlite_connections import connect_reader, translated

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

_PAGES_A_STEP: Final = 1024
_COPIES_KEPT: Final = 3  # of those made before migrations


def copy_database(source: Path, target: Path, *, progress: Callable[[int, int], object] = lambda *_: None) -> None:
    """Copy a database, which may be in use, to a new file.

    Args:
        source: An existing database.
        target: Must not exist; its folder must.
        progress: Called with (pages done, pages in all) as the copy grows.

    Raises:
        StorageError: The target exists or cannot be written, the disk has no room, or the copy is not sound.
    """
    if target.exists():
        raise StorageError(f"{target} exists already; name a new file")
    _refuse_without_room(source, target)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with translated(str(source)), closing(connect_reader(source)) as reader:
            # A transaction of our own keeps to one state; otherwise every write of others begins the copy anew.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with translated(str(target)), closing(sqlite3.connect(partial)) as copy:
                reader.conn.backup(
                    copy, pages=_PAGES_A_STEP, progress=lambda _, left, total: progress(total - left, total)
                )
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
                found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StorageError(f"the copy of {source} is not sound ({found}); it was not kept: check both disks")
        _publish(partial, target)
    except OSError as error:
        raise StorageError(f"{target} cannot be written ({error.strerror}); name another place") from error
    finally:
        for leftover in (partial, partial.with_name(partial.name + "-journal")):
            with suppress(OSError):
                leftover.unlink()


def put_aside(database: Path, version: str, now: datetime) -> Path:
    """Copy a database beside itself before it is migrated; keep the newest few such copies.

    Args:
        database: The file.
        version: The newest step it has: part of the name, with the time.
        now: Time of the copy.

    Raises:
        StorageError: As for `copy_database`.
    """
    copy = database.with_name(f"{database.name}.{version}-{now:%Y%m%dT%H%M%SZ}.bak")
    if not copy.exists():  # a start that failed right after the copy, within the same second
        copy_database(database, copy)
    form = re.compile(re.escape(database.name) + r"\..+-(\d{8}T\d{6}Z)\.bak")
    copies = sorted((m[1], each) for each in database.parent.iterdir() if (m := form.fullmatch(each.name)))
    for _, old in copies[:-_COPIES_KEPT]:
        with suppress(OSError):
            old.unlink()
    return copy


def _refuse_without_room(source: Path, target: Path) -> None:
    try:
        needed = sum(part.stat().st_size for part in (source, source.with_name(source.name + "-wal")) if part.is_file())
        free = shutil.disk_usage(target.parent).free
    except OSError as error:
        raise StorageError(f"{target.parent} cannot be used ({error.strerror}); name another place") from error
    if free < needed:
        raise StorageError(
            f"a copy of {source} needs {_megabytes(needed)} and {target.parent} has {_megabytes(free)} left; "
            "free some disk space"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _publish(partial: Path, target: Path) -> None:
    """Give a complete file its name, never in place of another, and see both to the disk."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        partial.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
