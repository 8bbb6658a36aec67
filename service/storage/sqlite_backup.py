"""Whole copies of a database file: backups, and what is put aside before a migration.

A copy is made by SQLite's online backup from one state of the file, so it is consistent while others write. It gets its
name only when it is complete, checked and on the disk.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
import uuid
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from service.core.errors import Conflict, StorageError
from service.storage.migrations import migrate, missing_steps, newest_step
from service.storage.sqlite_archive import is_empty
from service.storage.sqlite_connections import connect_reader, connect_writer, translated
from service.storage.sqlite_lock import WriterLock
from service.storage.sqlite_versions import refuse_newer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

log = logging.getLogger(__name__)

_PAGES_A_STEP: Final = 1024
_MAGIC: Final = b"SQLite format 3\0"
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
            raise StorageError(
                f"the copy of {source} is not sound ({' '.join(str(found).split())}); it was not kept: check both disks"
            )
        _publish(partial, target)
    except OSError as error:
        raise StorageError(f"{target} cannot be written ({error.strerror}); name another place") from error
    finally:
        for leftover in (partial, partial.with_name(partial.name + "-journal")):
            with suppress(OSError):
                leftover.unlink()


def _put_aside(database: Path, version: str, now: datetime) -> Path:
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


def bring_up_to_date(db: Database, path: Path, now: datetime) -> None:
    """Run the steps a file lacks; one that holds something is copied first, for the way back."""
    missing, version = missing_steps(db), newest_step(db)
    if missing and version and db.execute("SELECT EXISTS (SELECT 1 FROM feeds)").fetchone()[0]:
        try:
            copy = _put_aside(path.resolve(), version, now)
        except StorageError as error:
            raise StorageError(
                f"{path} lacks {', '.join(missing)} and is copied before it is migrated, but: {error.message}"
            ) from error
        log.warning("database copied before it is migrated", extra={"copy": str(copy), "steps": ", ".join(missing)})
    migrate(db)


def restore(source: Path, database: Path, *, now: datetime, progress: Callable[[int, int], object]) -> None:
    """Put a backup in place of a database that is missing or empty.

    The ledger gets a new name (epoch): deltas that were published after the backup are lost, and their positions will
    be given out again, so a cursor made before must not be taken for one of this ledger.

    Args:
        source: A backup.
        database: Where the service looks for its store.
        now: Shown to others while this runs.
        progress: See `copy_database`.

    Raises:
        StoreLocked: A service writes to the database.
        Conflict: The database holds something.
        StorageError: The backup is not one, or the copy failed.
    """
    if not source.is_file():
        raise StorageError(f"{source} is no file; name one that `backup` wrote")
    try:
        with source.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise StorageError(f"{source} is no database; name a file that `backup` wrote")
    except OSError as error:
        raise StorageError(f"{source} cannot be read ({error.strerror})") from error
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{database.parent} cannot be created ({error.strerror})") from error
    database = database.resolve()
    lock = WriterLock(database, now=now)
    restored = database.with_name(f".{database.name}.restored")
    try:
        _refuse_filled(database)
        restored.unlink(missing_ok=True)
        copy_database(source, restored, progress=progress)
        with translated(str(source)), closing(connect_writer(restored)) as db:
            if not {"settings", "feeds", "entries"} <= set(db.table_names()):
                raise StorageError(f"{source} is no database of Aftermath; name one that `backup` wrote")
            refuse_newer(db, str(source))
            migrate(db)
            with db.atomic():
                db.execute("UPDATE settings SET value = :new WHERE name = 'epoch'", {"new": uuid.uuid4().hex})
            db.execute("PRAGMA journal_mode = DELETE")
        for journal in ("-wal", "-shm"):  # of the empty store: nothing of it may reach the new one
            database.with_name(database.name + journal).unlink(missing_ok=True)
        restored.replace(database)
        _sync_folder(database.parent)
    except OSError as error:
        raise StorageError(f"{database} cannot be written ({error.strerror})") from error
    finally:
        with suppress(OSError):
            restored.unlink()
        lock.release()


def _refuse_filled(database: Path) -> None:
    if not database.exists() or not database.stat().st_size:
        return
    try:
        with translated(str(database)), closing(connect_reader(database)) as db:
            if not db.table_names() or (not missing_steps(db) and is_empty(db)):
                return
    except StorageError as error:
        raise Conflict(f"{error.message}; move it away, with its -wal and -shm files, before restoring") from error
    raise Conflict(
        f"{database} holds ledgers; restore only where there is none: move it away, with its -wal and -shm files"
    )


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
    _sync_folder(target.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
