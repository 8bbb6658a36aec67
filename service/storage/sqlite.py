"""The Store port over one SQLite file: opening and closing it, and which thread each call runs on.

One process writes, any number read. Writes run on one thread, reads on two others; what a method does is in the file
named beside it.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from service.core.errors import Conflict, StorageError
from service.storage import (
    sqlite_entries,
    sqlite_feeds,
    sqlite_judgements,
    sqlite_ledger,
    sqlite_regroupings,
    sqlite_retention,
    sqlite_stories,
)
from service.storage.archive import Reading, read_into
from service.storage.migrations import migrate
from service.storage.notices import Notices
from service.storage.sqlite_archive import SqliteTarget, is_empty
from service.storage.sqlite_backup import bring_up_to_date
from service.storage.sqlite_connections import (
    ConnectionThreads,
    connect_memory,
    connect_writer,
    translated,
)
from service.storage.sqlite_files import network_file_system, refuse_damaged
from service.storage.sqlite_lock import WriterLock
from service.storage.sqlite_methods import reads, writes
from service.storage.sqlite_opinions import SqliteOpinions
from service.storage.sqlite_readers import FollowingReaders, open_readers
from service.storage.sqlite_subscribers import SqliteSubscribers
from service.storage.sqlite_versions import refuse_newer, refuse_unmigrated
from service.storage.sqlite_writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from service.core.model import Comparison
    from service.ports import LedgerState

T = TypeVar("T")

log = logging.getLogger(__name__)

_PAGES_GIVEN_BACK = 256  # a transaction: 1 MB
_START_CHECK_S = 2.0  # for the pages of the file; what is larger starts all the same
MEMORY = ":memory:"


class SqliteStore:
    """A `ports.Store` in one SQLite file, or in memory. Made by `open`."""

    def __init__(
        self,
        label: str,
        *,
        readers: ConnectionThreads | FollowingReaders,
        writer: ConnectionThreads | Writer | None,
        lock: WriterLock | None,
    ) -> None:
        self._label = label
        self._readers = readers
        self._writer = writer
        self._lock = lock
        self._closing = asyncio.Lock()
        self._closed = False
        # As of how many transactions; nobody else can write.
        self._states: dict[str, tuple[int, LedgerState]] = {}
        self._notices = Notices()
        self.subscribers = SqliteSubscribers(read=self.read, write=self.write)
        self.opinions = SqliteOpinions(read=self.read, write=self.write)

    @classmethod
    async def open(cls, path: str | Path, *, read_only: bool = False, now: Callable[[], datetime]) -> SqliteStore:
        """Open the store, creating and migrating it unless `read_only`.

        Args:
            path: The database file, or ":memory:" for one that lives and dies with this store.
            read_only: Take no lock, write nothing, and leave a missing or older file as it is.
            now: The clock; its time is shown to a second process that wants to write.

        Raises:
            StoreLocked: Another process writes to the file.
            StorageError: The file cannot be opened, is missing or is not migrated (`read_only`), or was written by
                a newer version.
        """
        if read_only:
            return await asyncio.to_thread(cls._open_read_only, str(path))
        if str(path) == MEMORY:
            return await asyncio.to_thread(cls._open_memory)
        return await asyncio.to_thread(cls._open_file, str(path), now)

    @classmethod
    def _open_file(cls, label: str, now: Callable[[], datetime]) -> SqliteStore:
        path = Path(label)
        with ExitStack() as undo:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(
                    f"{path.parent} cannot be created ({error.strerror}); create it, give this user write access "
                    "or set AFTERMATH_DATABASE_URL to another place"
                ) from error
            if kind := network_file_system(path):
                log.warning(
                    "database on a network file system: locks may not hold there; use a local disk",
                    extra={"file": label, "type": kind},
                )
            lock = WriterLock(path, now=now())
            undo.callback(lock.release)
            with translated(label):
                connection = connect_writer(path)
                undo.callback(connection.close)
                refuse_newer(connection, label)
                if not refuse_damaged(connection, label, _START_CHECK_S):
                    log.info("database is large, checked in part", extra={"file": label, "limit_s": _START_CHECK_S})
                bring_up_to_date(connection, path, now())
                readers = open_readers(path, label)
            undo.pop_all()
        return cls(label, readers=readers, writer=Writer(connection, path=path, label=label), lock=lock)

    @classmethod
    def _open_memory(cls) -> SqliteStore:
        connection = connect_memory()  # a database of its own: only this one connection can see it
        migrate(connection)
        thread = ConnectionThreads([connection], name="sqlite-memory", label=MEMORY)
        return cls(MEMORY, readers=thread, writer=thread, lock=None)

    @classmethod
    def _open_read_only(cls, label: str) -> SqliteStore:
        path = Path(label)
        if not path.is_file():
            raise StorageError(
                f"{label} does not exist; start `run`, `work` or `migrate` first, or correct AFTERMATH_DATABASE_URL"
            )
        return cls(label, readers=FollowingReaders(path, label), writer=None, lock=None)

    async def close(self) -> None:
        """Finish what was begun, fold the journal into the file, release threads and lock. Harmless when repeated."""
        async with self._closing:
            if not self._closed:
                self._closed = True
                self._states.clear()
                await asyncio.to_thread(self._release)

    def _release(self) -> None:
        with ExitStack() as last_first:
            if self._lock is not None:
                last_first.callback(self._lock.release)
            if self._writer is not None:
                last_first.callback(self._writer.close, _checkpoint)
            if self._readers is not self._writer:
                last_first.callback(self._readers.close)

    async def read(self, query: Callable[[Database], T]) -> T:
        """Run a query that changes nothing, in one transaction, on a thread that reads."""
        return await self._readers.run(query)

    async def write(self, change: Callable[[Database], T]) -> T:
        """Run a query that changes something, all or nothing, on the thread that writes."""
        if self._writer is None:
            raise StorageError(f"{self._label} is open for reading only; only the process that polls writes to it")
        return await self._writer.run(change)

    # What each of these promises is said in `ports.Store`.

    # -- feeds
    sync_feeds = writes(sqlite_feeds.sync_feeds)
    add_feeds = writes(sqlite_feeds.add_feeds)
    delete_feed = writes(sqlite_feeds.delete_feed)
    poll_now = writes(sqlite_feeds.poll_now)
    feeds = reads(sqlite_feeds.feeds)
    feeds_after = reads(sqlite_feeds.feeds_after)
    feed = reads(sqlite_feeds.feed)
    follow_clock = writes(sqlite_feeds.follow_clock)
    due_feeds = reads(sqlite_feeds.due_feeds)
    outages = reads(sqlite_feeds.outages)
    feed_yields = reads(sqlite_feeds.feed_yields)

    # -- stories
    stories = reads(sqlite_stories.stories)
    save_stories = writes(sqlite_stories.save_stories)

    # -- ingest
    known_entries = reads(sqlite_entries.known_entries)
    save_poll = writes(sqlite_entries.save_poll)
    entry = reads(sqlite_entries.entry)
    revisions = reads(sqlite_entries.revisions)
    search_entries = reads(sqlite_entries.search_entries)

    # -- match
    unmatched_entries = reads(sqlite_entries.unmatched_entries)
    save_matches = writes(sqlite_judgements.save_matches)

    # -- compare
    pending = reads(sqlite_judgements.pending)
    traces = reads(sqlite_judgements.traces)

    # -- feedback
    save_judgement = writes(sqlite_judgements.save_judgement)
    judgements = reads(sqlite_judgements.judgements)
    save_regrouping = writes(sqlite_regroupings.save_regrouping)
    regroupings = reads(sqlite_regroupings.regroupings)

    # -- reading
    deltas_after = reads(sqlite_ledger.deltas_after)
    delta_count = reads(sqlite_ledger.delta_count)
    deltas_at = reads(sqlite_ledger.deltas_at)
    delta = reads(sqlite_ledger.delta)
    decisions = reads(sqlite_judgements.decisions)
    decision = reads(sqlite_judgements.decision)
    developments = reads(sqlite_ledger.developments)
    development = reads(sqlite_ledger.development)
    facts = reads(sqlite_ledger.facts)

    # -- forgetting
    age_out = writes(sqlite_retention.age_out)
    forgotten_up_to = reads(sqlite_retention.forgotten_up_to)

    # -- operations
    counts = reads(sqlite_ledger.counts)

    async def save_comparisons(self, comparisons: Sequence[Comparison], *, base: int | None = None) -> None:
        """Commit what comparing changed."""
        await self.write(lambda db: sqlite_judgements.save_comparisons(db, comparisons, base=base))
        self._notices.tell(dict.fromkeys(each.decision.story for each in comparisons))

    async def ledger_state(self, story: str) -> LedgerState:
        """Return where the story's ledger stands, without a query where this process writes and has not since."""
        if not isinstance(self._writer, Writer):
            return await self.read(lambda db: sqlite_ledger.ledger_state(db, story))
        ended, begun = self._writer.ended, self._writer.begun  # in this order: equal if none is under way
        kept = self._states.get(story)
        if kept is not None and kept[0] == begun:
            return kept[1]
        state = await self.read(lambda db: sqlite_ledger.ledger_state(db, story))
        if ended == begun and not self._closed:
            self._states[story] = (begun, state)
        return state

    def on_delta(self, told: Callable[[str | None], None]) -> Callable[[], None]:
        """Call `told` when this process has moved a delta ledger."""
        return self._notices.listen(told)

    async def give_back_space(self) -> bool:
        """Return some freed space to the disk; say whether there is more."""
        return await self.write(lambda db: sqlite_retention.give_back(db, _PAGES_GIVEN_BACK))

    def announce(self, address: str) -> None:
        """Let commands that find the store in use know where its writer answers HTTP."""
        if self._lock is not None:
            self._lock.announce(address)

    async def check(self) -> None:
        """Raise StorageError unless the store answers, is migrated and keeps what is written."""
        await self.read(lambda db: refuse_unmigrated(db, self._label))
        await self.check_writing()

    async def check_writing(self) -> None:
        """Raise StorageError while what is written would not be kept."""
        if isinstance(self._writer, Writer):
            await self._writer.check()

    async def load(self, reading: Reading) -> None:
        """Fill this store, which must be empty, with exported ledgers: all or nothing.

        Raises:
            Conflict: The store holds something.
            Invalid: With file and line of what is wrong.
        """

        def fill(db: Database) -> None:
            if not is_empty(db):
                raise Conflict(f"{self._label} holds ledgers already; import into a store that does not exist yet")
            read_into(SqliteTarget(db), reading)

        await self.write(fill)

    async def setting(self, name: str, default: str) -> str:
        """Return a value fixed at first use; a read-only store returns `default` without keeping it."""
        stored = await self.read(lambda db: sqlite_ledger.setting(db, name))
        if stored is None and self._writer is not None:
            await self.write(lambda db: sqlite_ledger.fix_setting(db, name, default))
            stored = await self.read(lambda db: sqlite_ledger.setting(db, name))  # someone may have been faster
        return default if stored is None else stored


def _checkpoint(db: Database) -> None:
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
