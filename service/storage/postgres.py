"""The Store port over PostgreSQL: opening and closing it. Any number of processes read and write the same database.

What a method does is in the file named beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from service.core.errors import StorageError
from service.storage import (
    postgres_comparisons,
    postgres_entries,
    postgres_feeds,
    postgres_judgements,
    postgres_ledger,
    postgres_positions,
    postgres_regroupings,
    postgres_retention,
    postgres_schema,
    postgres_stories,
)
from service.storage.notices import Notices
from service.storage.postgres_connections import Sessions, connect
from service.storage.postgres_methods import runs
from service.storage.postgres_notices import DeltaListener
from service.storage.postgres_opinions import PostgresOpinions
from service.storage.postgres_subscribers import PostgresSubscribers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from service.storage.postgres_connections import Connection


T = TypeVar("T")


class PostgresStore:
    """A `ports.Store` in one PostgreSQL database. Made by `open`."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._notices = Notices()
        self._listener = DeltaListener(sessions.url, self._notices)
        self.subscribers = PostgresSubscribers(sessions)
        self.opinions = PostgresOpinions(sessions)

    @classmethod
    async def open(cls, url: str, *, read_only: bool = False) -> PostgresStore:
        """Open the store, creating and migrating its schema unless `read_only`.

        Args:
            url: `postgresql://…`, as libpq takes it.
            read_only: Leave the schema as it is.

        Raises:
            StorageError: The server does not answer or refuses, or the schema is missing or older (`read_only`).
        """
        first = await connect(url)  # outside the pool, which keeps the reason of a failure to itself
        await first.close()
        store = cls(Sessions(url))
        await store._sessions.open()
        try:
            if read_only:
                await store.check()
            else:
                await store.run(postgres_schema.migrate)
                await store.run(postgres_ledger.end_copying)
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Close every connection. Harmless when repeated."""
        await self._listener.close()
        await self._sessions.close()

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what `work` returns, run in one transaction."""
        return await self._sessions.run(work)

    # What each of these promises is said in `ports.Store`.

    # -- feeds
    sync_feeds = runs(postgres_feeds.sync_feeds)
    add_feeds = runs(postgres_feeds.add_feeds)
    delete_feed = runs(postgres_feeds.delete_feed)
    poll_now = runs(postgres_feeds.poll_now)
    feeds = runs(postgres_feeds.feeds)
    feeds_after = runs(postgres_feeds.feeds_after)
    feed = runs(postgres_feeds.feed)
    follow_clock = runs(postgres_feeds.follow_clock)
    due_feeds = runs(postgres_feeds.due_feeds)
    outages = runs(postgres_feeds.outages)
    feed_yields = runs(postgres_feeds.feed_yields)

    # -- stories
    stories = runs(postgres_stories.stories)
    save_stories = runs(postgres_stories.save_stories)

    # -- ingest
    known_entries = runs(postgres_entries.known_entries)
    save_poll = runs(postgres_entries.save_poll)
    entry = runs(postgres_entries.entry)
    revisions = runs(postgres_entries.revisions)
    search_entries = runs(postgres_entries.search_entries)

    # -- match
    unmatched_entries = runs(postgres_entries.unmatched_entries)
    save_matches = runs(postgres_judgements.save_matches)

    # -- compare
    pending = runs(postgres_judgements.pending)
    traces = runs(postgres_judgements.traces)
    save_comparisons = runs(postgres_comparisons.save_comparisons)

    # -- feedback
    save_judgement = runs(postgres_judgements.save_judgement)
    judgements = runs(postgres_judgements.judgements)
    save_regrouping = runs(postgres_regroupings.save_regrouping)
    regroupings = runs(postgres_regroupings.regroupings)

    # -- reading
    ledger_state = runs(postgres_ledger.ledger_state)
    deltas_after = runs(postgres_ledger.deltas_after)
    delta_count = runs(postgres_ledger.delta_count)
    deltas_at = runs(postgres_ledger.deltas_at)
    delta = runs(postgres_ledger.delta)
    decisions = runs(postgres_judgements.decisions)
    decision = runs(postgres_judgements.decision)
    developments = runs(postgres_ledger.developments)
    development = runs(postgres_ledger.development)
    facts = runs(postgres_ledger.facts)

    # -- forgetting
    age_out = runs(postgres_retention.age_out)
    forgotten_up_to = runs(postgres_retention.forgotten_up_to)

    # -- operations
    counts = runs(postgres_ledger.counts)
    setting = runs(postgres_ledger.setting)

    def on_delta(self, told: Callable[[str | None], None]) -> Callable[[], None]:
        """Call `told` when a delta ledger has moved, whoever moved it."""
        self._listener.start()
        return self._notices.listen(told)

    async def give_back_space(self) -> bool:
        """Do nothing: the server's autovacuum reuses and returns space by itself."""
        return False

    def announce(self, address: str) -> None:
        """Do nothing: a command writes to the database itself, beside any number of processes."""

    async def check(self) -> None:
        """Raise StorageError unless the store answers and is migrated."""
        try:
            await self.run(self._refuse_unmigrated)
        except StorageError:
            await (await connect(self._sessions.url)).close()  # says why, where the pool only says that it waited
            raise

    async def check_writing(self) -> None:
        """Raise StorageError while what is written would not be kept."""
        await self._sessions.check_writing(postgres_positions.touch)

    async def _refuse_unmigrated(self, db: Connection) -> None:
        if missing := await postgres_schema.missing_steps(db):
            raise StorageError(f"{self._sessions.label} lacks {', '.join(missing)}; run migrate")
