"""One polling round over a store, whoever polls: which feeds it takes, and what has come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from service.core.model import Feed
    from service.ports import LedgerCounts, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round that has begun."""

    store: Store
    feeds: Sequence[str]  # to be polled
    _before: Mapping[str, Feed]
    _held: LedgerCounts

    @classmethod
    async def begin(cls, store: Store, now: datetime, *, everything: bool) -> Self:
        """Choose the due feeds, or with `everything` all that are not in a running back-off."""
        before = {feed.id: feed for feed in await store.feeds()}
        chosen = [
            feed.id
            for feed in before.values()
            if feed.state == "active"
            and (feed.next_poll_at is None or feed.next_poll_at <= now or (everything and not feed.failures))
        ]
        return cls(store=store, feeds=chosen, _before=before, _held=await store.counts())

    async def polled(self) -> list[Feed]:
        """Return those of its feeds that have been polled since it began."""
        after = {feed.id: feed for feed in await self.store.feeds()}
        return [after[each] for each in self.feeds if each in after and after[each].polls > self._before[each].polls]

    async def summary(self) -> dict[str, object]:
        """Return what has come since it began."""
        polled, new = await self.polled(), await self.store.counts()
        return {
            "feeds": {
                "polled": len(polled),
                "not_modified": sum(
                    1
                    for feed in polled
                    if feed.error_class is None and feed.body_hash == self._before[feed.id].body_hash
                ),
                "failed": sum(feed.error_class is not None for feed in polled),
            },
            "entries": {"new": new.entries - self._held.entries, "revised": new.revisions - self._held.revisions},
            "matches": new.matches - self._held.matches,
            "deltas": new.deltas - self._held.deltas,
        }
