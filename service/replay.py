"""Replay: recorded items through the same match and compare steps, with the clock set by the items.

Nothing of it is special: the items become entries of one feed in a store, and the pipeline does the rest. Twice the
same input gives the same bytes, and an item that is already in the store is a no-op.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from service.core.ids import entry_id
from service.core.items import Item
from service.core.model import (
    Decision,
    Delta,
    Entry,
    EntryWrite,
    Feed,
    FeedState,
    Fetched,
    FetchOutcome,
    Job,
    ParsedFeed,
    PollWrite,
    Reason,
    Story,
)
from service.core.polls.cadence import Cadence
from service.core.polls.identity import content_hash
from service.core.rules import Rules
from service.core.urls import is_home_page, link_key, safe_link
from service.pipeline import Pipeline
from service.ports import DeltaFilter, Store

REPLAY_FEED = "f-replay"
_BATCH = 1000
_PAGE = 5000
_FUTURE_S = 3600.0  # CONTRACT §5.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDecision:
    """What became of one item, as it stands at the end of the run."""

    item: Item
    decision: Decision | None  # as stored, or where none was as it is implied; None: it names nothing of the story
    duplicate_of: str | None  # item id
    is_again: bool  # the same item with the same text: a no-op

    @property
    def relevant(self) -> bool:
        """Say whether the item follows up on the story."""
        return self.decision is not None and self.decision.relevant

    def line(self) -> dict[str, object]:
        """Return the decision line of CONTRACT §6."""
        decision = self.decision
        if decision is None:
            return {
                "id": self.item.id,
                "relevant": False,
                "score": 0.0001,
                "threads": [],
                "outcome": "rejected",
                "reasons": [{"feature": "no_mention", "weight": -9.0}],
            }
        outcome = "repeat" if self.is_again and decision.outcome == "delta" else decision.outcome.value
        line: dict[str, object] = {
            "id": self.item.id,
            "relevant": decision.relevant,
            "score": decision.score,
            "threads": list(decision.threads),
            "outcome": outcome,
        }
        if outcome == "delta":
            line |= {"type": decision.type, "delta": decision.delta}
        for key, value in (
            ("development", decision.development),
            ("duplicate_of", self.duplicate_of),
            ("origin", decision.origin),
        ):
            if value is not None:
                line[key] = value
        line["reasons"] = [_reason(reason) for reason in decision.reasons]
        return line


def _reason(reason: Reason) -> dict[str, object]:
    row: dict[str, object] = {"feature": reason.feature, "weight": reason.weight}
    if reason.span is not None:
        row |= {"field": reason.span.field, "start": reason.span.start, "end": reason.span.end}
    if reason.text is not None:
        row["text"] = reason.text
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The result of a replay: a decision for each item in input order, and the deltas published."""

    items: tuple[ItemDecision, ...]
    deltas: tuple[Delta, ...]


def in_order_of_time(items: Sequence[Item], as_of: datetime) -> list[tuple[datetime, Item]]:
    """Return the items with the instant each arrives at, in that order; an undated one comes with its predecessor."""
    arrivals: list[tuple[datetime, Item]] = []
    previous = as_of
    for item in items:
        previous = item.first_seen_at or item.published_at or previous
        arrivals.append((previous, item))
    return sorted(arrivals, key=lambda pair: pair[0])


def item_key(item: Item) -> str:
    """Return what a recorded item is recognised by: its link, else its id."""
    key = link_key(item.link) if item.link and not is_home_page(item.link) else None
    return f"l:{key}" if key else f"i:{item.id}"


class Nobody:
    """A queue that runs nothing and a fetcher that fetches nothing: who calls the steps itself needs neither."""

    async def enqueue(self, job: Job) -> None:
        """Do nothing."""

    async def fetch(self, feed: Feed) -> FetchOutcome:
        """Never called."""
        raise AssertionError(feed.url)

    async def parse(self, fetched: Fetched, feed: Feed) -> ParsedFeed:
        """Never called."""
        raise AssertionError(feed.url, len(fetched.body))

    def now(self) -> datetime:
        """Never shows: in replay the entries set the clock."""
        return datetime(1970, 1, 1, tzinfo=UTC)


async def replay(
    items: Iterable[Item],
    *,
    story: Story,
    rules: Rules,
    store: Store,
    until: datetime | None = None,
    matched: Callable[[int], None] = lambda _: None,
) -> Replayed:
    """Replay items over a store.

    Args:
        items: In order of arrival.
        story: The story whose decisions are returned.
        rules: Must hold the story.
        store: Written to.
        until: Items that arrive after this instant are left out.
        matched: Called with how many items were judged, for progress.
    """
    listed = list(items)
    arrivals = in_order_of_time(listed, story.as_of)
    if until is not None:
        arrivals = [(at, item) for at, item in arrivals if at <= until]
    nobody = Nobody()
    pipeline = Pipeline(
        store=store,
        queue=nobody,
        fetcher=nobody,
        clock=nobody,
        rules=rules,
        cadence=Cadence(),
        jitter=lambda: 0.0,
        replaying=True,
        matched=matched,
    )
    places, first_items, again = await _append(arrivals, store)
    await pipeline.match()
    await pipeline.compare(story.id)
    decisions = await _decisions(store, story.id)
    for place in set(places.values()) - decisions.keys():
        entry = await store.entry(*place)
        implied = None if entry is None else rules.implied(story, entry)
        if implied is not None:
            decisions[place] = implied
    deltas = await store.deltas_after(story.id, 0, 1_000_000, DeltaFilter())
    results = [
        _result(item, places[id(item)], decisions, first_items, is_again=id(item) in again)
        for item in listed
        if id(item) in places
    ]
    return Replayed(items=tuple(results), deltas=tuple(deltas))


def _result(
    item: Item,
    place: tuple[str, int],
    decisions: dict[tuple[str, int], Decision],
    first_items: dict[str, str],
    *,
    is_again: bool,
) -> ItemDecision:
    decision = decisions.get(place)
    original = decision.duplicate_of if decision else None
    duplicate_of = first_items.get(original) if original else None
    if is_again and decision is not None and decision.relevant:
        duplicate_of = duplicate_of or first_items.get(place[0])
    return ItemDecision(item=item, decision=decision, duplicate_of=duplicate_of, is_again=is_again)


async def _append(
    arrivals: list[tuple[datetime, Item]], store: Store
) -> tuple[dict[int, tuple[str, int]], dict[str, str], set[int]]:
    """Append the items as entries; return item → (entry, revision), entry → its first item, and the no-ops."""
    feed = Feed(id=REPLAY_FEED, url="replay:", title="Replay", state=FeedState.PAUSED)
    places: dict[int, tuple[str, int]] = {}
    first_items: dict[str, str] = {}
    again: set[int] = set()
    heads: dict[str, tuple[int, str, datetime]] = {}  # entry → revision, hash, first seen
    stored: dict[str, list[str]] = {}  # entry → hashes of the revisions that an earlier run left, oldest first
    for begin in range(0, len(arrivals), _BATCH):
        batch = arrivals[begin : begin + _BATCH]
        keys = {id(item): item_key(item) for _, item in batch}
        known = await store.known_entries(REPLAY_FEED, set(keys.values()))
        writes: list[EntryWrite] = []
        for at, item in batch:
            key = keys[id(item)]
            identity = known[key].id if key in known else entry_id(REPLAY_FEED, key)
            if identity not in heads and key in known:
                heads[identity] = (0, "", known[key].first_seen_at)
                stored[identity] = [content_hash(e.title, e.summary) for e in await store.revisions(identity)]
            fingerprint = content_hash(item.title, item.summary)
            revision, old, first_seen = heads.get(identity, (0, "", at))
            first_items.setdefault(identity, item.id)
            if fingerprint == old:
                places[id(item)] = (identity, revision)
                again.add(id(item))
                continue
            earlier = stored.get(identity, [])
            is_stored = fingerprint in earlier[revision:]  # the earlier run saw the same edits in the same order
            revision = earlier.index(fingerprint, revision) + 1 if is_stored else max(revision, len(earlier)) + 1
            heads[identity] = (revision, fingerprint, first_seen)
            places[id(item)] = (identity, revision)
            if not is_stored:
                entry = item_entry(item, key, revision, first_seen, at)
                writes.append(EntryWrite(entry=entry, keys=(key,), content_hash=fingerprint))
        await store.save_poll(PollWrite(feed=feed, entries=tuple(writes)))
    return places, first_items, again


def item_entry(item: Item, key: str, revision: int, first_seen: datetime, at: datetime) -> Entry:
    """Return a recorded item as an entry revision.

    Args:
        item: The item.
        key: What it is recognised by.
        revision: From 1.
        first_seen: When its first revision arrived, UTC.
        at: When this one did, UTC.
    """
    published = item.published_at
    clamped = published is not None and (published - at).total_seconds() > _FUTURE_S
    return Entry(
        id=entry_id(REPLAY_FEED, key),
        revision=revision,
        feed_id=REPLAY_FEED,
        title=item.title,
        summary=item.summary,
        url=safe_link(item.link) if item.link else None,
        outlet=item.source,
        lang=item.lang,
        published_at=at if clamped else published,
        date_only=item.date_only and not clamped,
        clamped=clamped,
        first_seen_at=first_seen,
        seen_at=at,
    )


async def _decisions(store: Store, story: str) -> dict[tuple[str, int], Decision]:
    found: dict[tuple[str, int], Decision] = {}
    after = 0
    while page := await store.decisions(story, after, _PAGE):
        for decision, entry in page:
            found[decision.entry, decision.revision] = decision
            after = max(after, entry.seq)
    return found
