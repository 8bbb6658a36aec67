"""Counts the pages and /developments need beside single deltas, kept up as the ledgers grow.

Both ledgers are append-only, so each look reads only what came since the last one. A new epoch starts afresh, and so
does a judgement of an editor, which changes decisions that were counted.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from service.core.facts.standing import Standing, Touch, standing
from service.core.facts.withdrawals import Withdrawals
from service.ports import DeltaFilter, LedgerState, Store

if TYPE_CHECKING:
    from service.core.model import Decision, Delta, Entry, Story

_STRETCH = 500
_EVERYTHING = DeltaFilter()
RELEVANT_SCORE = 0.5

Days = Counter[date]


@dataclass(slots=True)
class Tally:
    """What a story's ledgers add up to. Reports are entries judged relevant, by the day they are dated."""

    epoch: str
    judged: int = 0
    seq: int = 0
    entry_seq: int = 0
    deltas: int = 0
    newest: dict[str, str] = field(default_factory=dict)  # thread → its newest delta
    touched: dict[str, list[Touch]] = field(default_factory=dict)  # fact → what deltas did to it, oldest first
    withdrawals: Withdrawals = field(default_factory=Withdrawals)
    of_development: dict[str, tuple[str, ...]] = field(default_factory=dict)  # development → its deltas, oldest first
    languages: Counter[str] = field(default_factory=Counter)  # of deltas
    types: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    days: Days = field(default_factory=Counter)
    of_thread: dict[str, Days] = field(default_factory=dict)
    of_lang: dict[str, Days] = field(default_factory=dict)
    of_pole: dict[str, Days] = field(default_factory=dict)
    last_of_feed: dict[str, date] = field(default_factory=dict)  # feed → day of its newest report

    def add(self, delta: Delta) -> None:
        """Count one more delta; they come in order of seq."""
        self.seq = delta.seq
        self.deltas += 1
        self.withdrawals.add(delta)
        for thread in delta.threads:
            self.newest[thread] = delta.id
        for change in delta.changes:
            self.touched.setdefault(change.fact, []).append(Touch.of(delta, change))
        self.of_development[delta.development] = (*self.of_development.get(delta.development, ()), delta.id)
        self.types[delta.type.value] += 1
        if delta.lang:
            self.languages[delta.lang] += 1

    def add_report(self, decision: Decision, entry: Entry) -> None:
        """Count one more relevant entry; they come in order of arrival."""
        day = (entry.published_at or entry.first_seen_at).date()
        self.reports += 1
        self.days[day] += 1
        for thread in decision.threads:
            self.of_thread.setdefault(thread, Counter())[day] += 1
        if entry.lang:
            self.of_lang.setdefault(entry.lang, Counter())[day] += 1
        if entry.pole:
            self.of_pole.setdefault(entry.pole, Counter())[day] += 1
        self.last_of_feed[entry.feed_id] = max(day, self.last_of_feed.get(entry.feed_id, day))

    def standing(self, fact: str, statement: str | None = None) -> Standing:
        """Return a fact as it stands.

        Args:
            fact: Its id.
            statement: What it said at first; by default what its first change says that it said.
        """
        touches = self.touched.get(fact, [])
        began = statement if statement is not None else (touches[0].change.before if touches else fact)
        return standing(fact, began, (touch for touch in touches if touch.delta not in self.withdrawals.ids))


class Tallies:
    """One tally a story, brought up to date when it is looked at."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tallies: dict[str, Tally] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def look(self, story: Story, state: LedgerState) -> Tally:
        """Return the tally of a story, at least as new as `state`."""
        async with self._locks.setdefault(story.id, asyncio.Lock()):
            tally = self._tallies.get(story.id)
            if tally is None or (tally.epoch, tally.judged) != (state.epoch, state.judged) or tally.seq > state.seq:
                tally = Tally(state.epoch, state.judged)
            await self._catch_up(story, tally, state)
            self._tallies[story.id] = tally
            return tally

    async def _catch_up(self, story: Story, tally: Tally, state: LedgerState) -> None:
        while tally.seq < state.seq:
            deltas = await self._store.deltas_after(story.id, tally.seq, _STRETCH, _EVERYTHING)
            if not deltas:
                break
            for delta in deltas:
                tally.add(delta)
        while True:
            pairs = await self._store.decisions(story.id, tally.entry_seq, _STRETCH, None, RELEVANT_SCORE)
            for decision, entry in pairs:
                tally.entry_seq = decision.entry_seq
                if decision.relevant:
                    tally.add_report(decision, entry)
            if len(pairs) < _STRETCH:
                break
