"""The Store port over PostgreSQL: opening and closing it. Any number of processes read and write the same database.

The SQL is in postgres_feeds.py, postgres_entries.py, postgres_judgements.py, postgres_regroupings.py,
postgres_comparisons.py and postgres_ledger.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from service.storage.postgres_notices import DeltaListener
from service.storage.postgres_opinions import PostgresOpinions
from service.storage.postgres_subscribers import PostgresSubscribers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

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
    from service.storage.postgres_connections import Connection


class PostgresStore:
    """A `ports.Store` in one PostgreSQL database. Made by `open`."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._run = sessions.run
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
                await store._run(postgres_schema.migrate)
                await store._run(postgres_ledger.end_copying)
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Close every connection. Harmless when repeated."""
        await self._listener.close()
        await self._sessions.close()

    # -- feeds

    async def sync_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> None:
        """See `ports.Store`, as for every method below."""
        await self._run(lambda db: postgres_feeds.sync_feeds(db, specs, now))

    async def add_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> int:
        """Add feeds that are not there yet; return how many were new."""
        return await self._run(lambda db: postgres_feeds.add_feeds(db, specs, now))

    async def delete_feed(self, feed_id: str) -> bool:
        """Take a feed out of polling and listing for good."""
        return await self._run(lambda db: postgres_feeds.delete_feed(db, feed_id))

    async def poll_now(self, feed_id: str, now: datetime) -> bool:
        """Make a feed due, unless it backs off."""
        return await self._run(lambda db: postgres_feeds.poll_now(db, feed_id, now))

    async def feeds(self, *, deleted: bool = False) -> list[Feed]:
        """Return all feeds."""
        return await self._run(lambda db: postgres_feeds.feeds(db, deleted=deleted))

    async def feeds_after(self, feed_id: str, limit: int) -> list[Feed]:
        """Return the next listed feeds in order of id."""
        return await self._run(lambda db: postgres_feeds.feeds_after(db, feed_id, limit))

    async def feed(self, feed_id: str) -> Feed | None:
        """Return one feed or None."""
        return await self._run(lambda db: postgres_feeds.feed(db, feed_id))

    async def follow_clock(self, now: datetime, spread: timedelta) -> int:
        """Change plans after a jump of the clock; return how many."""
        return await self._run(lambda db: postgres_feeds.follow_clock(db, now, spread))

    async def due_feeds(self, now: datetime, limit: int, prefix: str = "") -> list[str]:
        """Return ids of feeds to poll now."""
        return await self._run(lambda db: postgres_feeds.due_feeds(db, now, limit, prefix))

    async def outages(self, since: datetime, limit: int) -> list[Outage]:
        """Return outages that last or ended since, the newest first."""
        return await self._run(lambda db: postgres_feeds.outages(db, since, limit))

    async def feed_yields(self) -> Mapping[str, FeedYield]:
        """Return what each feed led to."""
        return await self._run(postgres_feeds.feed_yields)

    # -- stories

    async def stories(self) -> list[KeptStory]:
        """Return the kept stories."""
        return await self._run(postgres_stories.stories)

    async def save_stories(self, changed: Sequence[KeptStory]) -> None:
        """Keep stories in place of those with the same ids."""
        await self._run(lambda db: postgres_stories.save_stories(db, changed))

    # -- ingest

    async def known_entries(self, feed_id: str, keys: Iterable[str]) -> Mapping[str, KnownEntry]:
        """Return key → entry for the keys this feed has shown before."""
        return await self._run(lambda db: postgres_entries.known_entries(db, feed_id, keys))

    async def save_poll(self, write: PollWrite) -> int:
        """Commit one poll; return how many entries were appended."""
        return await self._run(lambda db: postgres_entries.save_poll(db, write))

    async def entry(self, entry_id: str, revision: int | None = None) -> Entry | None:
        """Return an entry's revision, the newest by default."""
        return await self._run(lambda db: postgres_entries.entry(db, entry_id, revision))

    async def revisions(self, entry_id: str) -> list[Entry]:
        """Return all revisions of an entry."""
        return await self._run(lambda db: postgres_entries.revisions(db, entry_id))

    async def search_entries(self, query: str, after: int, limit: int) -> list[Entry]:
        """Return newest revisions that contain `query`."""
        return await self._run(lambda db: postgres_entries.search_entries(db, query, after, limit))

    # -- match

    async def unmatched_entries(self, stories_key: str, limit: int) -> list[Entry]:
        """Return entries after the match cursor."""
        return await self._run(lambda db: postgres_entries.unmatched_entries(db, stories_key, limit))

    async def save_matches(self, stories_key: str, cursor: int, decisions: Sequence[Decision]) -> None:
        """Commit decisions and the cursor."""
        await self._run(lambda db: postgres_judgements.save_matches(db, stories_key, cursor, decisions))

    # -- compare

    async def pending(self, story: str, limit: int) -> list[tuple[Decision, Entry]]:
        """Return decisions that wait to be compared, with their entries."""
        return await self._run(lambda db: postgres_judgements.pending(db, story, limit))

    async def traces(self, story: str, since: datetime) -> list[Decision]:
        """Return compared decisions in the order of comparison."""
        return await self._run(lambda db: postgres_judgements.traces(db, story, since))

    async def save_comparisons(self, comparisons: Sequence[Comparison], *, base: int | None = None) -> None:
        """Commit what comparing changed."""
        await self._run(lambda db: postgres_comparisons.save_comparisons(db, comparisons, base))

    # -- feedback

    async def save_judgement(self, judgement: Judgement) -> None:
        """Keep an editor's judgement."""
        await self._run(lambda db: postgres_judgements.save_judgement(db, judgement))

    async def judgements(self, story: str, *, waiting: bool = False) -> list[Judgement]:
        """Return the judgements of a story, or those that wait to be acted on."""
        return await self._run(lambda db: postgres_judgements.judgements(db, story, waiting=waiting))

    async def save_regrouping(self, order: Regrouping) -> None:
        """Append an editor's order to split or merge developments."""
        await self._run(lambda db: postgres_regroupings.save_regrouping(db, order))

    async def regroupings(self, story: str) -> list[Regrouping]:
        """Return the orders of a story that wait to be followed."""
        return await self._run(lambda db: postgres_regroupings.regroupings(db, story))

    # -- reading

    async def ledger_state(self, story: str) -> LedgerState:
        """Return where the story's ledger stands."""
        return await self._run(lambda db: postgres_ledger.ledger_state(db, story))

    async def deltas_after(
        self, story: str, after: int, limit: int, where: DeltaFilter, *, descending: bool = False
    ) -> list[Delta]:
        """Return deltas after a position, or before it when `descending`."""
        return await self._run(
            lambda db: postgres_ledger.deltas_after(db, story, after, limit, where, descending=descending)
        )

    async def delta_count(self, story: str, where: DeltaFilter) -> int:
        """Return how many deltas pass the filter."""
        return await self._run(lambda db: postgres_ledger.delta_count(db, story, where))

    async def deltas_at(self, story: str, start: int, limit: int, where: DeltaFilter) -> list[Delta]:
        """Return deltas by their place among those that pass the filter."""
        return await self._run(lambda db: postgres_ledger.deltas_at(db, story, start, limit, where))

    async def delta(self, delta_id: str) -> Delta | None:
        """Return one delta or None."""
        return await self._run(lambda db: postgres_ledger.delta(db, delta_id))

    async def decisions(
        self, story: str, after: int, limit: int, outcome: str | None = None, min_score: float | None = None
    ) -> list[tuple[Decision, Entry]]:
        """Return decisions after a position, with their entries."""
        return await self._run(
            lambda db: postgres_judgements.decisions(db, story, after, limit, outcome=outcome, min_score=min_score)
        )

    async def decision(self, story: str, entry_id: str, revision: int | None = None) -> Decision | None:
        """Return the decision on an entry."""
        return await self._run(lambda db: postgres_judgements.decision(db, story, entry_id, revision))

    async def developments(self, story: str, limit: int, before: datetime | None = None) -> list[Development]:
        """Return developments, newest report first."""
        return await self._run(lambda db: postgres_ledger.developments(db, story, limit, before))

    async def development(self, development_id: str) -> Development | None:
        """Return one development or None."""
        return await self._run(lambda db: postgres_ledger.development(db, development_id))

    async def facts(self, story: str) -> list[Fact]:
        """Return the facts that deltas brought."""
        return await self._run(lambda db: postgres_ledger.facts(db, story))

    def on_delta(self, told: Callable[[str | None], None]) -> Callable[[], None]:
        """Call `told` when a delta ledger has moved, whoever moved it."""
        self._listener.start()
        return self._notices.listen(told)

    # -- forgetting

    async def age_out(self, stories_key: str, before: datetime, limit: int) -> int:
        """Forget entries that led to nothing; return how many revisions were looked at."""
        return await self._run(lambda db: postgres_retention.age_out(db, stories_key, before, limit))

    async def forgotten_up_to(self) -> int:
        """Return up to where entries were looked at to be forgotten."""
        return await self._run(postgres_retention.forgotten_up_to)

    async def give_back_space(self) -> bool:
        """Do nothing: the server's autovacuum reuses and returns space by itself."""
        return False

    # -- operations

    def announce(self, address: str) -> None:
        """Do nothing: a command writes to the database itself, beside any number of processes."""

    async def check(self) -> None:
        """Raise StorageError unless the store answers and is migrated."""
        try:
            await self._run(self._refuse_unmigrated)
        except StorageError:
            await (await connect(self._sessions.url)).close()  # says why, where the pool only says that it waited
            raise

    async def check_writing(self) -> None:
        """Raise StorageError while what is written would not be kept."""
        await self._sessions.check_writing(postgres_positions.touch)

    async def _refuse_unmigrated(self, db: Connection) -> None:
        if missing := await postgres_schema.missing_steps(db):
            raise StorageError(f"{self._sessions.label} lacks {', '.join(missing)}; run migrate")

    async def counts(self) -> LedgerCounts:
        """Return how many rows the ledgers hold."""
        return await self._run(postgres_ledger.counts)

    async def setting(self, name: str, default: str) -> str:
        """Return a value fixed at first use."""
        return await self._run(lambda db: postgres_ledger.setting(db, name, default))
