"""backup, restore, export, import: the ledgers out of the store and back, while the service runs."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service import __version__
from service.commands.setup import settings_of, utc_now
from service.core.errors import Invalid, StorageError

if TYPE_CHECKING:
    from service.storage.archive import LedgerSource


def register(commands: Any) -> None:
    """Add the commands of this file."""
    backup = commands.add_parser("backup", help="copy the store to a new file, also while the service runs")
    backup.add_argument("destination", type=Path, metavar="DEST", help="must not exist")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="put a backup in place of a store that is missing or empty")
    restore.add_argument("source", type=Path, metavar="SRC")
    restore.set_defaults(run=_restore)
    export = commands.add_parser("export", help="the ledgers as JSON lines, also while the service runs")
    export.add_argument(
        "--since", type=_seq, default=0, metavar="SEQ", help="only deltas after this seq, with what they rest on"
    )
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    export.set_defaults(run=_export)
    importing = commands.add_parser("import", help="fill an empty store with what `export` wrote")
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.set_defaults(run=_import)


def _seq(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text):  # what both stores can count to
        raise argparse.ArgumentTypeError(f"{text!r} is no seq of a delta")
    return int(text)


def _database(command: str) -> Path:
    """Return the SQLite file of the settings.

    Raises:
        Invalid: The store is another one.
    """
    settings = settings_of()
    if not settings.database_url.startswith("sqlite:"):
        raise Invalid(f"{command} works on SQLite files; for PostgreSQL use pg_dump and pg_restore")
    if settings.sqlite_path == ":memory:":
        raise Invalid(f"AFTERMATH_DATABASE_URL: a store in memory ends with its process; {command} needs a file")
    return Path(settings.sqlite_path)


@contextmanager
def _bar(label: str) -> Iterator[Any]:
    """Show a bar of database pages on a terminal; yield a function that is told (done, all)."""
    from tqdm import tqdm

    with tqdm(desc=label, unit="page", disable=not sys.stderr.isatty(), leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _backup(args: argparse.Namespace) -> int:
    from service.storage.sqlite_backup import copy_database

    database = _database("backup")
    if not database.is_file():
        raise StorageError(f"{database} does not exist; AFTERMATH_DATABASE_URL names the store")
    with _bar("backup") as progress:
        copy_database(database, args.destination, progress=progress)
    print(f"{args.destination}: {args.destination.stat().st_size / 1e6:.1f} MB, checked")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from service.storage.sqlite_backup import restore

    database = _database("restore")
    with _bar("restore") as progress:
        restore(args.source, database, now=utc_now(), progress=progress)
    print(f"{database}: restored from {args.source}; cursors from before are answered 410 and begin again")
    return 0


@contextmanager
def _ledgers() -> Iterator[LedgerSource]:
    """Read the configured store, as it stands at this moment."""
    from service.storage.opening import is_shared
    from service.storage.postgres_archive import postgres_source
    from service.storage.sqlite_archive import sqlite_source

    place = settings_of().store
    with postgres_source(place) if is_shared(place) else sqlite_source(_database("export")) as source:
        yield source


def _export(args: argparse.Namespace) -> int:
    from service.storage.archive import written

    with _ledgers() as source:
        lines = written(source, version=__version__, since=args.since)
        if args.output is None:
            out = sys.stdout.buffer  # UTF-8 whatever the terminal speaks
            out.writelines(line.encode() for line in lines)
            out.flush()
            return 0
        partial = args.output.with_name(f".{args.output.name}.{os.getpid()}.partial")
        try:
            with partial.open("w", encoding="utf-8") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(args.output)
        except OSError as error:
            raise StorageError(f"{args.output}: cannot be written ({error.strerror})") from error
        finally:
            partial.unlink(missing_ok=True)
    return 0


def _import(args: argparse.Namespace) -> int:
    from service.storage.archive import Reading
    from service.storage.opening import is_shared
    from service.storage.postgres import PostgresStore
    from service.storage.postgres_archive import load
    from service.storage.postgres_connections import label_of
    from service.storage.sqlite import SqliteStore

    place = settings_of().store
    shared = is_shared(place)
    database = label_of(place) if shared else str(_database("import"))
    try:
        file = args.file.open("rb")
    except OSError as error:
        raise Invalid(f"{args.file}: cannot be read ({error.strerror})") from error
    with file:
        reading = Reading(file, str(args.file))  # the header, before anything is created

        async def main() -> None:
            if shared:
                await (await PostgresStore.open(place)).close()  # migrated
                await asyncio.to_thread(load, place, reading)
                return
            store = await SqliteStore.open(database, now=utc_now)
            try:
                await store.load(reading)
            finally:
                await store.close()

        asyncio.run(main())
    counts = reading.counts
    print(f"{database}: {counts['feeds']} feeds, {counts['entries']} entries, {counts['deltas']} deltas imported")
    return 0
