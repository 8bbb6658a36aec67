"""The four things the steps know of the outside world. Each promise stands in a docstring.

Written from the callers' need: one method is one transaction. All instants are aware and UTC.
Every method of Store may raise StorageError. Several processes may share a Store: what each promises holds across all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

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
        Fetched,
        FetchOutcome,
        Job,
        Judgement,
        KeptStory,
        KnownEntry,
        Outage,
        ParsedFeed,
        PollWrite,
        Regrouping,
    )
    from service.opinions import Opinions
    from service.subscribers import Subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaFilter:
    """Which deltas a reader wants; empty means all. `lang` and the rest match exactly."""

    thread: str | None = None
    type: str | None = None
    entity: str | None = None
    lang: str | None = None
    min_score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerState:
    """Where a story's delta ledger stands: enough to say whether a rendering is still current."""

    epoch: str  # changes when a restored ledger may have lost deltas
    seq: int  # of the newest delta of the story, 0 when there is none
    changed_at: datetime | None  # its created_at
    version: int  # moves with every decision or development of the story
    judged: int = 0  # moves when an editor's judgement changed decisions that were made before
    compared: int = 0  # commits of comparisons; who has missed one must not commit another


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCounts:
    """How many rows the ledgers hold: for the summary of a polling round."""

    entries: int
    revisions: int  # beyond the first of each entry
    matches: int  # relevant decisions
    deltas: int


class Clock(Protocol):
    """What time it is. Steps take the time from here, the core takes it as an argument."""

    def now(self) -> datetime:
        """Return the present instant, aware and UTC."""
        ...


class Fetcher(Protocol):
    """Outbound HTTP. Failures are values; it raises nothing but CancelledError."""

    async def fetch(self, feed: Feed) -> FetchOutcome:
        """Do one conditional GET of the feed within the limits."""
        ...

    async def parse(self, fetched: Fetched, feed: Feed) -> ParsedFeed:
        """Parse off the event loop.

        Raises:
            ParseError: The body is not a feed, or exceeded the limits.
        """
        ...


class JobQueue(Protocol):
    """Runs jobs by lane: at most one waiting and one running per lane; a wake-up during a run is kept."""

    async def enqueue(self, job: Job) -> None:
        """Ask for a job to be run soon."""
        ...


class Store(Protocol):
    """The ledgers and the poll state."""

    @property
    def subscribers(self) -> Subscribers:
        """Return the part of the store that knows who is told of deltas."""
        ...

    @property
    def opinions(self) -> Opinions:
        """Return the part of the store that keeps second opinions on deltas."""
        ...

    # -- feeds
    async def sync_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> None:
        """Make the `file` feeds those of `specs`: add, retitle, resume; pause those that left the file.

        Feeds added by command or API are untouched; history and poll state are kept.
        """
        ...

    async def add_feeds(self, specs: Sequence[FeedSpec], now: datetime) -> int:
        """Add feeds that are not there yet or were deleted by hand; return how many. They are due at once."""
        ...

    async def delete_feed(self, feed_id: str) -> bool:
        """Delete a feed by hand: no longer polled or listed, even if the file has it; only `add_feeds` brings it back.

        What it brought stays. False where there is no such feed.
        """
        ...

    async def poll_now(self, feed_id: str, now: datetime) -> bool:
        """Make a feed due now; False, and nothing changed, where it is not active or must be left alone for now."""
        ...

    async def feeds(self, *, deleted: bool = False) -> list[Feed]:
        """Return all feeds, ordered by title and id; those deleted by hand only if so asked."""
        ...

    async def feeds_after(self, feed_id: str, limit: int) -> list[Feed]:
        """Return up to `limit` listed feeds whose ids come after `feed_id` ("" for the start), in order of id."""
        ...

    async def feed(self, feed_id: str) -> Feed | None:
        """Return one feed or None; one deleted by hand is still there, with its state."""
        ...

    async def follow_clock(self, now: datetime, spread: timedelta) -> int:
        """Change the plans of active feeds after a jump of the clock, as `core.polls.replanning` says; return how many."""
        ...

    async def due_feeds(self, now: datetime, limit: int, prefix: str = "") -> list[str]:
        """Return ids of active feeds whose next poll is due or was never set, most overdue first.

        With `prefix` only those whose id begins with it.
        """
        ...

    async def outages(self, since: datetime, limit: int) -> list[Outage]:
        """Return outages that last or ended at or after `since`, the one that began last first."""
        ...

    async def feed_yields(self) -> Mapping[str, FeedYield]:
        """Return feed → what its entries led to, over all stories; feeds that led to nothing are left out."""
        ...

    # -- stories
    async def stories(self) -> list[KeptStory]:
        """Return the kept stories by id: those made over the API, and every one that was ever followed here."""
        ...

    async def save_stories(self, changed: Sequence[KeptStory]) -> None:
        """Keep stories, all or none, in place of those with the same ids."""
        ...

    # -- ingest
    async def known_entries(self, feed_id: str, keys: Iterable[str]) -> Mapping[str, KnownEntry]:
        """Return key → entry for those of `keys` that this feed has shown before."""
        ...

    async def save_poll(self, write: PollWrite) -> int:
        """Commit poll state, outages, entries and keys in one transaction; return how many entries were appended.

        `host_wait` puts off the other active feeds of the host that are planned earlier. An (entry, revision) already
        in the ledger is left as it is, and so is the entry of a key already known. A feed that was paused or deleted
        while its poll was under way stays so.

        Raises:
            Stale: `write.began` is given and the feed has had other polls since; nothing was written.
        """
        ...

    async def entry(self, entry_id: str, revision: int | None = None) -> Entry | None:
        """Return an entry's revision, the newest by default."""
        ...

    async def revisions(self, entry_id: str) -> list[Entry]:
        """Return all revisions of an entry, oldest first."""
        ...

    async def search_entries(self, query: str, after: int, limit: int) -> list[Entry]:
        """Return newest revisions whose title or summary contains `query`, ascending by seq after `after`.

        Case does not matter, in any script; nothing in `query` is a wildcard.
        """
        ...

    # -- match
    async def unmatched_entries(self, stories_key: str, limit: int) -> list[Entry]:
        """Return entries after the match cursor, ascending.

        Args:
            stories_key: Name of the cursor. A new or edited story makes a new name, and so starts over.
            limit: At most that many.
        """
        ...

    async def save_matches(self, stories_key: str, cursor: int, decisions: Sequence[Decision]) -> None:
        """Commit decisions and the cursor in one transaction.

        A decision already there is left as it is; the cursor never goes back. Each decision's entry revision must be
        in the ledger.
        """
        ...

    # -- compare
    async def pending(self, story: str, limit: int) -> list[tuple[Decision, Entry]]:
        """Return decisions with outcome `pending` in order of arrival, with their entries."""
        ...

    async def traces(self, story: str, since: datetime) -> list[Decision]:
        """Return compared relevant decisions that became a delta or a repeat, decided at or after `since`.

        They come in the order in which they were first compared, to rebuild memory by.
        """
        ...

    async def save_comparisons(self, comparisons: Sequence[Comparison], *, base: int | None = None) -> None:
        """Commit decisions, developments, facts and deltas in one transaction.

        Deltas get the next `seq`, and no reader sees one before all that stand before it. A delta whose id is already
        there is left as it is, and so is a fact that the same delta brought before. A decision and a development
        replace what was there. Each decision's entry revision must be in the ledger. `others` are stored as decisions
        are. Each story among them counts one more `compared`.

        Args:
            comparisons: In the order in which they were made.
            base: The `LedgerState.compared` up to which the memory behind them knows the story; None: do not check.

        Raises:
            Stale: The story has been compared by another since `base`; nothing was written.
        """
        ...

    # -- feedback
    async def save_judgement(self, judgement: Judgement) -> None:
        """Keep an editor's judgement; it replaces an earlier one on the entry. Its revision must be in the ledger."""
        ...

    async def judgements(self, story: str, *, waiting: bool = False) -> list[Judgement]:
        """Return the judgements of a story, oldest first.

        With `waiting` only those that the decisions do not follow: "not relevant" while a decision on any revision of
        the entry is relevant, or "relevant" while the one on its newest decided revision is rejected, context or
        missing. So nothing has to be marked as done, and a judgement holds for revisions that come after it.
        """
        ...

    async def save_regrouping(self, order: Regrouping) -> None:
        """Append an editor's order after all earlier ones; one whose id is there is left as it is."""
        ...

    async def regroupings(self, story: str) -> list[Regrouping]:
        """Return the orders of a story that wait to be followed, oldest first: those after the last one followed.

        An order has been followed when the delta of its id is in the ledger, so nothing has to be marked as done. One
        that had nothing to do is passed over once a later one has been followed.
        """
        ...

    # -- reading
    async def ledger_state(self, story: str) -> LedgerState:
        """Return where the story's ledger stands; cheap, called per request."""
        ...

    async def deltas_after(
        self, story: str, after: int, limit: int, where: DeltaFilter, *, descending: bool = False
    ) -> list[Delta]:
        """Return deltas with seq > `after`, ascending.

        With `descending` the newest come first, and `after` is an exclusive upper bound, 0 for none.
        """
        ...

    async def delta_count(self, story: str, where: DeltaFilter) -> int:
        """Return how many deltas of the story pass the filter."""
        ...

    async def deltas_at(self, story: str, start: int, limit: int, where: DeltaFilter) -> list[Delta]:
        """Return the deltas that pass the filter from the `start`th on (0 for the first), ascending by seq."""
        ...

    async def delta(self, delta_id: str) -> Delta | None:
        """Return one delta or None."""
        ...

    async def decisions(
        self, story: str, after: int, limit: int, outcome: str | None = None, min_score: float | None = None
    ) -> list[tuple[Decision, Entry]]:
        """Return decisions by entry seq after `after`, ascending."""
        ...

    async def decision(self, story: str, entry_id: str, revision: int | None = None) -> Decision | None:
        """Return the decision on an entry's revision, the newest by default."""
        ...

    async def developments(self, story: str, limit: int, before: datetime | None = None) -> list[Development]:
        """Return developments, newest `last_at` first, strictly before `before` when given."""
        ...

    async def development(self, development_id: str) -> Development | None:
        """Return one development or None."""
        ...

    async def facts(self, story: str) -> list[Fact]:
        """Return later facts (those that deltas brought), oldest first. Baseline facts live in the story file."""
        ...

    def on_delta(self, told: Callable[[str | None], None]) -> Callable[[], None]:
        """Call `told` with a story soon after its delta ledger has moved, None when any may have; return what ends it.

        A help to be quick, no promise: a notice can be lost, and of another process that writes the same SQLite file
        nothing is heard. Who must not miss a delta asks `ledger_state` now and then all the same.
        """
        ...

    # -- forgetting
    async def age_out(self, stories_key: str, before: datetime, limit: int) -> int:
        """Forget entries that led to nothing, with their decisions; return how many revisions were looked at, 0 at the end.

        One short transaction over the next `limit` entry revisions. Forgotten are entries whose newest revision was seen
        before `before`, was matched under the cursor `stories_key`, and that no relevant, pending or compared decision
        and no judgement is about. Their keys stay, so that a feed that still shows one does not bring it back as new;
        deltas, facts, developments and their entries stay for ever.
        """
        ...

    async def forgotten_up_to(self) -> int:
        """Return the position of the entry ledger up to which `age_out` has looked, 0 where it never did."""
        ...

    async def give_back_space(self) -> bool:
        """Return some freed space to the disk in one short transaction; say whether there is more to return."""
        ...

    # -- operations
    async def check(self) -> None:
        """Raise StorageError unless the store answers, is migrated and, where it is written to, keeps what is written."""
        ...

    async def check_writing(self) -> None:
        """Raise StorageError while what is written would not be kept: polling pauses as long.

        Costs nothing while all is well. After a failed write it tries a small one, at most every few seconds, so that
        the answer changes by itself when the cause is gone.
        """
        ...

    async def counts(self) -> LedgerCounts:
        """Return how many rows the ledgers hold."""
        ...

    async def setting(self, name: str, default: str) -> str:
        """Return a value fixed at first use: stores `default` if absent and writable (tag authority, epoch)."""
        ...

    async def close(self) -> None:
        """Flush and release everything."""
        ...
