"""The Store port over one SQLite file: opening and closing it, and which thread each call runs on.

One process writes, any number read. Writes run on one thread, reads on two others; the SQL is in sqlite_feeds.py,
sqlite_entries.py, sqlite_judgements.py, sqlite_regroupings.py, sqlite_ledger.py and sqlite_stories.py.
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
from service.storage.sqlite_connections import (
    ConnectionThreads,
    connect_memory,
    connect_writer,
    translated,
)
from service.storage.sqlite_files import network_file_system, refuse_damaged
from service.storage.sqlite_lock import WriterLock
from service.storage.sqlite_opinions import SqliteOpinions
from service.storage.sqlite_readers import FollowingReaders, open_readers
from service.storage.sqlite_subscribers import SqliteSubscribers
from service.storage.sqlite_versions import bring_up_to_date, refuse_newer, refuse_unmigrated
from service.storage.sqlite_writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlite_utils import Database

    from service.core.model import (
        Comparison,
        Decision,
        Delta,
        Development,
        Entry,
        Fact,
        Feed,
        FeedSpec,
        FeedYield,
        Judgement,
        KeptStory,
        KnownEntry,
        Outage,
        PollWrite,
        Regrouping,
    )
    from service.ports import DeltaFilter, LedgerCounts, LedgerState

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
        self.subscribers = SqliteSubscribers(read=self._read, write=self._write)
        self.opinions = SqliteOpinions(read=self._read, write=self._write)

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

    async def _read(self, work: Callable[[Database], T]) -> T:
        return await self._readers.run(work)

    async def _write(self, work: Callable[[Database], T]) -> T:
        if self._writer is None:
            raise StorageError(f"{self._label} is open for reading only; only the process that polls writes to it")
        return await self._writer.run(work)

    # -- feeds

    async def sync_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> None:
        """See `ports.Store`, as for every method below."""
        await self._write(lambda db: sqlite_feeds.sync_feeds(db, specs, now))

    async def add_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> int:
        """Add feeds that are not there yet; return how many were new."""
        return await self._write(lambda db: sqlite_feeds.add_feeds(db, specs, now))

    async def delete_feed(self, feed_id: str) -> bool:
        """Take a feed out of polling and listing for good."""
        return await self._write(lambda db: sqlite_feeds.delete_feed(db, feed_id))

    async def poll_now(self, feed_id: str, now: datetime) -> bool:
        """Make a feed due, unless it backs off."""
        return await self._write(lambda db: sqlite_feeds.poll_now(db, feed_id, now))

    async def feeds(self, *, deleted: bool = False) -> list[Feed]:
        """Return all feeds."""
        return await self._read(lambda db: sqlite_feeds.feeds(db, deleted=deleted))

    async def feeds_after(self, feed_id: str, limit: int) -> list[Feed]:
        """Return the next listed feeds in order of id."""
        return await self._read(lambda db: sqlite_feeds.feeds_after(db, feed_id, limit))

    async def feed(self, feed_id: str) -> Feed | None:
        """Return one feed or None."""
        return await self._read(lambda db: sqlite_feeds.feed(db, feed_id))

    async def follow_clock(self, now: datetime, spread: timedelta) -> int:
        """Change plans after a jump of the clock; return how many."""
        return await self._write(lambda db: sqlite_feeds.follow_clock(db, now, spread))

    async def due_feeds(self, now: datetime, limit: int, prefix: str = "") -> list[str]:
        """Return ids of feeds to poll now."""
        return await self._read(lambda db: sqlite_feeds.due_feeds(db, now, limit, prefix))

    async def outages(self, since: datetime, limit: int) -> list[Outage]:
        """Return outages that last or ended since, newest first."""
        return await self._read(lambda db: sqlite_feeds.outages(db, since, limit))

    async def feed_yields(self) -> Mapping[str, FeedYield]:
        """Return feed → what its entries led to."""
        return await self._read(sqlite_feeds.feed_yields)

    # -- stories

    async def stories(self) -> list[KeptStory]:
        """Return the kept stories."""
        return await self._read(sqlite_stories.stories)

    async def save_stories(self, changed: Sequence[KeptStory]) -> None:
        """Keep stories in place of those with the same ids."""
        await self._write(lambda db: sqlite_stories.save_stories(db, changed))

    # -- ingest

    async def known_entries(self, feed_id: str, keys: Iterable[str]) -> Mapping[str, KnownEntry]:
        """Return key → entry for the keys this feed has shown before."""
        return await self._read(lambda db: sqlite_entries.known_entries(db, feed_id, keys))

    async def save_poll(self, write: PollWrite) -> int:
        """Commit one poll; return how many entries were appended."""
        return await self._write(lambda db: sqlite_entries.save_poll(db, write))

    async def entry(self, entry_id: str, revision: int | None = None) -> Entry | None:
        """Return an entry's revision, the newest by default."""
        return await self._read(lambda db: sqlite_entries.entry(db, entry_id, revision))

    async def revisions(self, entry_id: str) -> list[Entry]:
        """Return all revisions of an entry."""
        return await self._read(lambda db: sqlite_entries.revisions(db, entry_id))

    async def search_entries(self, query: str, after: int, limit: int) -> list[Entry]:
        """Return newest revisions that contain `query`."""
        return await self._read(lambda db: sqlite_entries.search_entries(db, query, after, limit))

    # -- match

    async def unmatched_entries(self, stories_key: str, limit: int) -> list[Entry]:
        """Return entries after the match cursor."""
        return await self._read(lambda db: sqlite_entries.unmatched_entries(db, stories_key, limit))

    async def save_matches(self, stories_key: str, cursor: int, decisions: Sequence[Decision]) -> None:
        """Commit decisions and the cursor."""
        await self._write(lambda db: sqlite_judgements.save_matches(db, stories_key, cursor, decisions))

    # -- compare

    async def pending(self, story: str, limit: int) -> list[tuple[Decision, Entry]]:
        """Return decisions that wait to be compared, with their entries."""
        return await self._read(lambda db: sqlite_judgements.pending(db, story, limit))

    async def traces(self, story: str, since: datetime) -> list[Decision]:
        """Return compared decisions in the order of comparison."""
        return await self._read(lambda db: sqlite_judgements.traces(db, story, since))

    async def save_comparisons(self, comparisons: Sequence[Comparison], *, base: int | None = None) -> None:
        """Commit what comparing changed."""
        await self._write(lambda db: sqlite_judgements.save_comparisons(db, comparisons, base))
        self._notices.tell(dict.fromkeys(each.decision.story for each in comparisons))

    # -- feedback

    async def save_judgement(self, judgement: Judgement) -> None:
        """Keep an editor's judgement."""
        await self._write(lambda db: sqlite_judgements.save_judgement(db, judgement))

    async def judgements(self, story: str, *, waiting: bool = False) -> list[Judgement]:
        """Return the judgements of a story, or those that wait to be acted on."""
        return await self._read(lambda db: sqlite_judgements.judgements(db, story, waiting=waiting))

    async def save_regrouping(self, order: Regrouping) -> None:
        """Append an editor's order to split or merge developments."""
        await self._write(lambda db: sqlite_regroupings.save_regrouping(db, order))

    async def regroupings(self, story: str) -> list[Regrouping]:
        """Return the orders of a story that wait to be followed."""
        return await self._read(lambda db: sqlite_regroupings.regroupings(db, story))

    # -- reading

    async def ledger_state(self, story: str) -> LedgerState:
        """Return where the story's ledger stands, without a query where this process writes and has not since."""
        if not isinstance(self._writer, Writer):
            return await self._read(lambda db: sqlite_ledger.ledger_state(db, story))
        ended, begun = self._writer.ended, self._writer.begun  # in this order: equal if none is under way
        kept = self._states.get(story)
        if kept is not None and kept[0] == begun:
            return kept[1]
        state = await self._read(lambda db: sqlite_ledger.ledger_state(db, story))
        if ended == begun and not self._closed:
            self._states[story] = (begun, state)
        return state

    async def deltas_after(
        self, story: str, after: int, limit: int, where: DeltaFilter, *, descending: bool = False
    ) -> list[Delta]:
        """Return deltas after a position, or before it when `descending`."""
        return await self._read(
            lambda db: sqlite_ledger.deltas_after(db, story, after, limit, where, descending=descending)
        )

    async def delta_count(self, story: str, where: DeltaFilter) -> int:
        """Return how many deltas pass the filter."""
        return await self._read(lambda db: sqlite_ledger.delta_count(db, story, where))

    async def deltas_at(self, story: str, start: int, limit: int, where: DeltaFilter) -> list[Delta]:
        """Return deltas by their place among those that pass the filter."""
        return await self._read(lambda db: sqlite_ledger.deltas_at(db, story, start, limit, where))

    async def delta(self, delta_id: str) -> Delta | None:
        """Return one delta or None."""
        return await self._read(lambda db: sqlite_ledger.delta(db, delta_id))

    async def decisions(
        self, story: str, after: int, limit: int, outcome: str | None = None, min_score: float | None = None
    ) -> list[tuple[Decision, Entry]]:
        """Return decisions after a position, with their entries."""
        return await self._read(
            lambda db: sqlite_judgements.decisions(db, story, after, limit, outcome=outcome, min_score=min_score)
        )

    async def decision(self, story: str, entry_id: str, revision: int | None = None) -> Decision | None:
        """Return the decision on an entry."""
        return await self._read(lambda db: sqlite_judgements.decision(db, story, entry_id, revision))

    async def developments(self, story: str, limit: int, before: datetime | None = None) -> list[Development]:
        """Return developments, newest report first."""
        return await self._read(lambda db: sqlite_ledger.developments(db, story, limit, before))

    async def development(self, development_id: str) -> Development | None:
        """Return one development or None."""
        return await self._read(lambda db: sqlite_ledger.development(db, development_id))

    async def facts(self, story: str) -> list[Fact]:
        """Return the facts that deltas brought."""
        return await self._read(lambda db: sqlite_ledger.facts(db, story))

    def on_delta(self, told: Callable[[str | None], None]) -> Callable[[], None]:
        """Call `told` when this process has moved a delta ledger."""
        return self._notices.listen(told)

    # -- forgetting

    async def age_out(self, stories_key: str, before: datetime, limit: int) -> int:
        """Forget entries that led to nothing; return how many revisions were looked at."""
        return await self._write(lambda db: sqlite_retention.age_out(db, stories_key, before, limit))

    async def forgotten_up_to(self) -> int:
        """Return up to where entries were looked at to be forgotten."""
        return await self._read(sqlite_retention.forgotten_up_to)

    async def give_back_space(self) -> bool:
        """Return some freed space to the disk; say whether there is more."""
        return await self._write(lambda db: sqlite_retention.give_back(db, _PAGES_GIVEN_BACK))

    # -- operations

    def announce(self, address: str) -> None:
        """Let commands that find the store in use know where its writer answers HTTP."""
        if self._lock is not None:
            self._lock.announce(address)

    async def check(self) -> None:
        """Raise StorageError unless the store answers, is migrated and keeps what is written."""
        await self._read(lambda db: refuse_unmigrated(db, self._label))
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

        await self._write(fill)

    async def counts(self) -> LedgerCounts:
        """Return how many rows the ledgers hold."""
        return await self._read(sqlite_ledger.counts)

    async def setting(self, name: str, default: str) -> str:
        """Return a value fixed at first use; a read-only store returns `default` without keeping it."""
        stored = await self._read(lambda db: sqlite_ledger.setting(db, name))
        if stored is None and self._writer is not None:
            await self._write(lambda db: sqlite_ledger.fix_setting(db, name, default))
            stored = await self._read(lambda db: sqlite_ledger.setting(db, name))  # someone may have been faster
        return default if stored is None else stored


def _checkpoint(db: Database) -> None:
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
