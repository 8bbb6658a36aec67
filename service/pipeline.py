"""THE FLOW. A feed entry travels from bytes to a delta in three steps, and this file is the whole of it.

    tick ─▶ ingest(feed)     fetch → parse → which entries are new?    ─▶ entry ledger + poll state
              └─▶ match()    entries after the cursor → decisions      ─▶ decision ledger + cursor
                    └─▶ compare(story)   pending matches × what is known   ─▶ developments, facts, delta ledger

Every step has one shape: load, decide, commit. Deciding is a pure call into `service.core`; a commit is one
transaction. A step that dies is repeated, and repeating is harmless, because everything it writes is keyed. A step that
another process overtook is refused by the store (`Stale`): what it decided rests on what is no longer so. The jobs
between steps are wake-ups that carry no data, so losing one only delays: at the start all of them are sent again.

What an editor says (`record`: a judgement on an entry, an order to split or merge developments) is kept and wakes
`compare(story)`, which follows it before it compares.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import assert_never

from service.core.deltas.compare import compare
from service.core.deltas.editing import judge
from service.core.deltas.regrouping import moved_reports, regrouped
from service.core.errors import ParseError, Stale
from service.core.facts.memory import StoryMemory
from service.core.model import (
    CompareMatches,
    Comparison,
    Decision,
    Entry,
    FailureKind,
    Feed,
    FeedState,
    Fetched,
    FetchFailure,
    FetchOutcome,
    Ingest,
    Judgement,
    MatchEntries,
    NotModified,
    ParsedFeed,
    PollWrite,
    Regrouping,
    Step,
    Story,
)
from service.core.polls.cadence import (
    REASON_HOST,
    Cadence,
    body_hash,
    decide_poll,
    host_wait_of,
    is_planned,
    outages_of,
)
from service.core.polls.identity import all_keys, decide_entries, identify, named
from service.core.rules import Rules
from service.ports import Clock, DeltaFilter, Fetcher, JobQueue, Store

log = logging.getLogger(__name__)

_MATCH_BATCH = 500  # entries: some 50 ms of matching, in a thread
_COMPARE_BATCH = 100  # matches a transaction
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_ALL = 1_000_000


@dataclass(slots=True)
class _Held:
    """What a step judges by: rules, and what is remembered under them. Replaced as a whole, never changed in part."""

    rules: Rules
    # Of each story, with the `compared` up to which it knows it.
    memories: dict[str, tuple[StoryMemory, int]] = field(default_factory=dict)


class Pipeline:
    """The three steps over the four ports."""

    def __init__(
        self,
        *,
        store: Store,
        queue: JobQueue,
        fetcher: Fetcher,
        clock: Clock,
        rules: Rules,
        cadence: Cadence,
        jitter: Callable[[], float],
        replaying: bool = False,
        backfill: bool = False,
        matched: Callable[[int], None] = lambda _: None,
        hosts_speak_for_all: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self.store = store
        self.queue = queue
        self.fetcher = fetcher
        self.clock = clock
        self.cadence = cadence
        self.jitter = jitter  # in -1..1
        self.matched = matched  # called with how many entries were judged, for progress
        self.hosts_speak_for_all = hosts_speak_for_all  # whether one feed's Retry-After is that of its whole host
        self.backfill = backfill  # what a feed's first poll brings is news, however old
        self.replaying = replaying  # the clock is set by the entries, and nothing is a feed's backlog
        self.follow(rules)

    def follow(self, rules: Rules) -> None:
        """Judge by these rules from the next step on.

        A step under way ends by the rules it began with; what it remembers is then forgotten with them.
        """
        self._held = _Held(rules)

    async def run(self, job: Step) -> None:
        """Run one step."""
        match job:
            case Ingest():
                await self.ingest(job.feed_id)
            case MatchEntries():
                await self.match()
            case CompareMatches():
                await self.compare(job.story_id)
            case _:
                assert_never(job)

    async def wake(self) -> None:
        """Send every wake-up: what a killed run left is finished."""
        await self.queue.enqueue(MatchEntries())
        for story in self._held.rules.stories:
            await self.queue.enqueue(CompareMatches(story))

    # -- step 1: a feed's new entries into the ledger

    async def ingest(self, feed_id: str) -> None:
        """Poll one feed: conditional GET, parse, append what is new together with the poll state."""
        feed = await self.store.feed(feed_id)
        if feed is None or feed.state is FeedState.DELETED:
            return
        if feed.next_poll_reason == REASON_HOST and is_planned(feed, self.clock.now()):
            return  # its host asked for a pause while this poll stood in line
        outcome = await self.fetcher.fetch(feed)
        parsed, outcome = await self._parsed(feed, outcome)
        now = self.clock.now()
        decided = None
        if parsed is not None:
            if feed.source != "file":  # there the file says what feeds are called
                feed = named(feed, parsed)
            items = identify(parsed.entries)
            known = await self.store.known_entries(feed.id, all_keys(items))
            decided = decide_entries(parsed, items, known, feed, now, backfill=self.backfill)
        polled = decide_poll(
            feed,
            outcome,
            parsed.hints if parsed else None,
            decided.new_count if decided else 0,
            now,
            self.cadence,
            self.jitter(),
        )
        write = PollWrite(
            feed=polled,
            entries=decided.writes if decided else (),
            keys=decided.keys if decided else (),
            outages=outages_of(feed, polled),
            host_wait=host_wait_of(feed, outcome, now) if self.hosts_speak_for_all(feed.url) else None,
            began=feed.polls,
        )
        try:
            appended = await self.store.save_poll(write)
        except Stale as stale:
            log.info("poll came too late", extra={"feed": feed.id, "why": stale.message})
            return
        log.info(
            "feed polled",
            extra={"feed": feed.id, "outcome": polled.error_class or type(outcome).__name__, "entries": appended},
        )
        if appended:
            await self.queue.enqueue(MatchEntries())

    async def _parsed(self, feed: Feed, outcome: FetchOutcome) -> tuple[ParsedFeed | None, FetchOutcome]:
        """Parse a body unless it is the one of last time; a body that is no feed is a failed poll."""
        match outcome:
            case NotModified() | FetchFailure():
                return None, outcome
            case Fetched():
                if feed.body_hash == (outcome.body_hash or body_hash(outcome.body)):
                    return None, outcome
                try:
                    return await self.fetcher.parse(outcome, feed), outcome
                except ParseError as error:
                    kind = FailureKind.NOT_A_FEED if error.code == "not_a_feed" else FailureKind.PARSE
                    return None, FetchFailure(kind=kind, message=error.message, status=200)
            case _:
                assert_never(outcome)

    # -- step 2: entries into decisions

    async def match(self) -> None:
        """Judge the entries after the match cursor for every story."""
        while True:
            rules = self._held.rules
            entries = await self.store.unmatched_entries(rules.cursor, _MATCH_BATCH)
            if not entries:
                return
            told = await self._told(entries, rules)
            judged = await asyncio.to_thread(self._judge, entries, told, rules)
            now = self.clock.now()
            decisions = judged if self.replaying else [replace(decision, decided_at=now) for decision in judged]
            await self.store.save_matches(rules.cursor, entries[-1].seq, decisions)
            self.matched(len(entries))
            log.info("entries matched", extra={"entries": len(entries), "decisions": len(decisions)})
            for story in dict.fromkeys(decision.story for decision in decisions):
                pending = any(d.story == story and d.outcome == "pending" for d in decisions)
                if pending or await self.store.judgements(story, waiting=True):  # a judged entry came in a new revision
                    await self.queue.enqueue(CompareMatches(story))

    async def _told(self, entries: list[Entry], rules: Rules) -> dict[str, set[str]]:
        """Return entry → stories that an earlier revision of it followed up on."""
        told: dict[str, set[str]] = {}
        for entry in entries:
            for story in rules.stories if entry.revision > 1 else ():
                before = await self.store.decision(story, entry.id, entry.revision - 1)
                if before is not None and before.relevant:
                    told.setdefault(entry.id, set()).add(story)
        return told

    def _judge(self, entries: list[Entry], told: dict[str, set[str]], rules: Rules) -> list[Decision]:
        judged: list[Decision] = []
        for entry in entries:
            for decision in rules.judge(entry, told=told.get(entry.id, ()), backlog_counts=self.replaying):
                judged.append(decision)
                if decision.relevant:  # a revision of it may stand later in the same batch
                    told.setdefault(entry.id, set()).add(decision.story)
        return judged

    # -- step 3: matches into developments, facts and deltas

    async def compare(self, story_id: str) -> None:
        """Compare a story's pending matches with what is known, in order of arrival; editors' judgements come first."""
        while True:
            held = self._held
            story = held.rules.stories.get(story_id)
            if story is None:  # followed no more; what is pending waits for its return
                return
            matches = await self.store.pending(story_id, _COMPARE_BATCH)
            try:
                # Asked after the matches were loaded, so that none of them escapes a judgement saved by then.
                if await self._follow_judgements(story, held) or await self._regroup(story, held):
                    continue
                if not matches:
                    return
                memory, known = await self._recall(story, held)
                comparisons = await asyncio.to_thread(self._compared, story, matches, memory, held.rules)
                await self.store.save_comparisons(comparisons, base=known)
            except Stale as stale:
                log.info("comparing begins anew", extra={"story": story_id, "why": stale.message})
                continue
            held.memories[story_id] = memory, known + 1  # only now: a failed commit must not be remembered
            deltas = sum(comparison.delta is not None for comparison in comparisons)
            log.info("matches compared", extra={"story": story_id, "matches": len(matches), "deltas": deltas})

    def _compared(
        self, story: Story, matches: list[tuple[Decision, Entry]], memory: StoryMemory, rules: Rules
    ) -> list[Comparison]:
        comparisons: list[Comparison] = []
        for decision, entry in matches:
            reading = rules.read(story, entry, anyway=True)
            assert reading is not None  # wanted anyway
            now = entry.seen_at if self.replaying else self.clock.now()
            comparison = compare(decision, entry, reading, memory, rules.compare[story.id], now)
            memory.apply(comparison)
            comparisons.append(comparison)
        return comparisons

    async def record(self, said: Judgement | Regrouping) -> None:
        """Keep what an editor said, and ask for the step that acts on it."""
        if isinstance(said, Judgement):
            await self.store.save_judgement(said)
        else:
            await self.store.save_regrouping(said)
        await self.queue.enqueue(CompareMatches(said.story))

    async def _follow_judgements(self, story: Story, held: _Held) -> bool:
        """Make the decisions follow the judgements they do not follow yet; say whether there were any."""
        changed = False
        for judgement in await self.store.judgements(story.id, waiting=True):
            revisions = await self.store.revisions(judgement.entry)
            judged = [await self.store.decision(story.id, entry.id, entry.revision) for entry in revisions]
            decisions = [decision for decision in judged if decision is not None]
            entry = revisions[-1]
            if decisions:
                entry = next(each for each in revisions if each.revision == decisions[-1].revision)
            else:
                decisions = [held.rules.decide(story, entry)]
            reading = held.rules.read(story, entry, anyway=True)
            assert reading is not None  # wanted anyway
            memory, known = await self._recall(story, held)
            now = judgement.judged_at if self.replaying else self.clock.now()
            comparison = judge(judgement, decisions, entry, reading, memory, held.rules.compare[story.id], now)
            if comparison is None:
                held.memories[story.id] = memory, known
                continue
            await self.store.save_comparisons([comparison], base=known)  # memory is then made anew: it has no way back
            changed = True
            log.info(
                "judgement followed",
                extra={"story": story.id, "entry": entry.id, "outcome": comparison.decision.outcome.value},
            )
        return changed

    async def _regroup(self, story: Story, held: _Held) -> bool:
        """Follow the first order to split or merge that has something to do; say whether there was one."""
        for order in await self.store.regroupings(story.id):
            memory, known = await self._recall(story, held)
            kept = [await self.store.entry(each.entry, each.revision) for each in moved_reports(order, memory)]
            entries = {entry.id: entry for entry in kept if entry is not None}
            decisions = await self.store.traces(story.id, _EVER)
            now = order.ordered_at if self.replaying else self.clock.now()
            version = held.rules.compare[story.id].rules_version
            comparisons = regrouped(order, decisions, entries, memory, version, now)
            if not comparisons:
                held.memories[story.id] = memory, known
                continue
            await self.store.save_comparisons(comparisons, base=known)  # memory is then made anew, as it is grouped now
            log.info("regrouped", extra={"story": story.id, "kind": order.kind, "development": order.development})
            return True
        return False

    async def _recall(self, story: Story, held: _Held) -> tuple[StoryMemory, int]:
        """Return a story's memory and how much of it that is, made anew where another process has compared meanwhile.

        The caller puts it back when it has committed.
        """
        known = (await self.store.ledger_state(story.id)).compared  # asked first: a commit from now on makes ours stale
        kept = held.memories.pop(story.id, None)
        if kept is not None and kept[1] == known:
            return kept
        memory = StoryMemory(story)
        memory.restore(
            await self.store.traces(story.id, _EVER),
            await self.store.developments(story.id, _ALL),
            await self.store.facts(story.id),
            await self.store.deltas_after(story.id, 0, _ALL, DeltaFilter()),
        )
        return memory, known
