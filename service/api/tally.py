"""Counts the pages and /developments need beside single deltas, kept up as the ledgers grow.

Both ledgers are append-only, so each look reads only what came since the last one. A new epoch starts afresh, and so
does a judgement of an editor, which changes decisions that were counted.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from service.core.withdrawals import Withdrawals
from service.ports import DeltaFilter, LedgerState, Store

if TYPE_CHECKING:
    from service.core.model import Change, Delta, Story

_STRETCH = 500
_EVERYTHING = DeltaFilter()
RELEVANT_SCORE = 0.5


@dataclass(slots=True)
class Tally:
    """What a story's ledgers add up to."""

    epoch: str
    judged: int = 0
    seq: int = 0
    entry_seq: int = 0
    deltas: int = 0
    reports: int = 0
    newest: dict[str, str] = field(default_factory=dict)  # thread → its newest delta
    changed: dict[str, str] = field(default_factory=dict)  # fact → the newest standing delta that touched it
    touched: dict[str, list[str]] = field(default_factory=dict)  # fact → the deltas that touched it, oldest first
    withdrawals: Withdrawals = field(default_factory=Withdrawals)
    of_development: dict[str, tuple[str, ...]] = field(default_factory=dict)  # development → its deltas, oldest first
    languages: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    weeks: dict[str, Counter[date]] = field(default_factory=dict)  # thread → Monday → relevant reports

    def add(self, delta: Delta) -> None:
        """Count one more delta; they come in order of seq."""
        self.seq = delta.seq
        self.deltas += 1
        for thread in delta.threads:
            self.newest[thread] = delta.id
        for change in delta.changes:
            self.touched.setdefault(fact_key(change), []).append(delta.id)
            self.changed[fact_key(change)] = delta.id
        if self.withdrawals.add(delta):
            gone = self.withdrawals.ids
            standing = {fact: [each for each in ids if each not in gone] for fact, ids in self.touched.items()}
            self.changed = {fact: ids[-1] for fact, ids in standing.items() if ids}
        self.of_development[delta.development] = (*self.of_development.get(delta.development, ()), delta.id)
        self.types[delta.type.value] += 1
        if delta.lang:
            self.languages[delta.lang] += 1


def fact_key(change: Change) -> str:
    """Return under which key the newest change of a fact is kept: additions apart from what changes or confirms it."""
    return f"{change.fact} +" if change.stance == "develops" else change.fact


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
                    day = (entry.published_at or entry.first_seen_at).date()
                    monday = day - timedelta(days=day.weekday())
                    tally.reports += 1
                    for thread in decision.threads:
                        tally.weeks.setdefault(thread, Counter())[monday] += 1
            if len(pairs) < _STRETCH:
                break
