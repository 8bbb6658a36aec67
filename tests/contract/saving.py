"""How the contract tests put feeds, entries and deltas into a store."""

from __future__ import annotations

from typing import Any

from builders import (
    a_comparison,
    a_decision,
    a_delta,
    a_development,
    a_poll,
    an_entry,
)

from service.core.ids import feed_id
from service.core.model import (
    Feed,
    FeedSpec,
)
from service.ports import Store


def spec(name: str, **over: Any) -> FeedSpec:
    values: dict[str, Any] = {"url": f"https://{name}.example/rss", "title": name}
    return FeedSpec(**values | over)


async def the_feed(store: Store, name: str) -> Feed:
    feed = await store.feed(feed_id(f"https://{name}.example/rss"))
    assert feed is not None
    return feed


async def save_entries(store: Store, count: int) -> list[str]:
    entries = [an_entry(f"guid-{number}") for number in range(1, count + 1)]
    await store.save_poll(a_poll(*entries))
    return [entry.id for entry in entries]


async def save_deltas(store: Store, *deltas: dict[str, Any]) -> None:
    """Append one delta per dict of overrides, each from an entry of its own."""
    ids = await save_entries(store, len(deltas))
    await store.save_comparisons(
        [
            a_comparison(
                decision=a_decision(entry=entry, entry_seq=seq),
                delta=a_delta(entry=entry, **over),
                development=a_development(first_entry=entry),
            )
            for seq, (entry, over) in enumerate(zip(ids, deltas, strict=True), start=1)
        ]
    )
