"""What becomes a delta over the life of a feed: first polls, backlogs, edits, returns, copies, restarts."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

import pytest
from journeys.service_process import write_opml
from journeys.small_story import FOLLOW_UP, STORY, story_folder
from news_site import Item, NewsSite

from service.commands.setup import opened_store, rules_of
from service.core.model import FeedSpec
from service.ports import DeltaFilter
from service.settings import Settings
from service.worker import opened_poller, poll_round

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from service.core.model import Decision, Delta, Entry
    from service.core.rules import Rules

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OTHER = "Admiral Hentzau arrested at Strelsau harbour"


@dataclass(slots=True)
class Clock:
    """A clock that moves when told."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    """Return the rules of the small story."""
    return rules_of(story_folder(tmp_path_factory.mktemp("small")))


@dataclass(slots=True)
class Life:
    """A site, a store in a file, and a service that is started anew for every round of polling."""

    folder: Path
    rules: Rules
    site: NewsSite
    clock: Clock

    def feed(self, *items: Item, path: str = "/a.rss") -> Self:
        self.site.publish(path, list(items))
        return self

    async def poll(self, *, backfill: bool = False, paths: tuple[str, ...] = ("/a.rss",)) -> None:
        """Poll all feeds in a process that knows nothing but the file, a day after the last time."""
        self.clock.at += DAY
        opml = write_opml(self.folder / "feeds.opml", [self.site.url(path) for path in paths])
        settings = Settings(feeds=opml, allow_private_networks=("127.0.0.0/8",), poll_per_host=0)
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(opened_store(str(self.folder / "a.db")))
            poller = await stack.enter_async_context(
                opened_poller(settings, self.rules, store, self.clock, backfill=backfill)
            )
            await poll_round(poller, everything=True)

    async def told(self) -> tuple[dict[str, list[tuple[Decision, Entry]]], list[Delta]]:
        """Return what was decided, by link, and all deltas."""
        async with opened_store(str(self.folder / "a.db"), read_only=True) as store:
            decided: dict[str, list[tuple[Decision, Entry]]] = {}
            for decision, entry in await store.decisions(STORY, 0, 1000):
                decided.setdefault(str(entry.url).rpartition("/")[2], []).append((decision, entry))
            return decided, await store.deltas_after(STORY, 0, 1000, DeltaFilter())

    async def outcomes(self) -> dict[str, list[str]]:
        decided, _ = await self.told()
        return {name: [decision.outcome.value for decision, _ in each] for name, each in decided.items()}


@pytest.fixture
async def life(tmp_path: Path, small: Rules) -> AsyncIterator[Life]:
    """Return a site and a service with nothing behind them."""
    async with NewsSite() as site:
        yield Life(tmp_path, small, site, Clock())


def report(name: str, published: datetime | None, title: str = FOLLOW_UP, summary: str | None = None) -> Item:
    link = f"https://outlet.example/{name}"
    return Item(title, summary, link, link, published)


def _first_document(life: Life) -> Life:
    first_poll = life.clock.at + DAY
    return life.feed(
        report("fresh", first_poll - DAY),
        report("week", first_poll - 6 * DAY, "Navy negotiates in Strelsau"),
        report("old", first_poll - 8 * DAY, OTHER),
        report("undated", None, "Admiral Hentzau flees"),
        report("ahead", first_poll + 3 * DAY, "Navy attacks Strelsau"),
        report("before", datetime(2025, 1, 19, tzinfo=UTC), "Navy deploys at Strelsau"),
    )


async def test_of_a_first_poll_only_what_is_older_than_a_week_is_context(life: Life) -> None:
    await _first_document(life).poll()
    outcomes = await life.outcomes()
    assert {name for name, (outcome,) in outcomes.items() if outcome == "context"} == {"old", "before"}
    assert all(outcomes[name] == ["delta"] for name in ("fresh", "week", "undated", "ahead"))
    decided, _ = await life.told()
    ((old, _),), ((before, _),), ((_, ahead),) = decided["old"], decided["before"], decided["ahead"]
    assert old.relevant, "what is context for its age alone is a follow-up all the same"
    assert not before.relevant
    assert (ahead.clamped, ahead.published_at) == (True, ahead.first_seen_at)
    await life.poll()
    assert await life.outcomes() == outcomes, "a second poll, by another process, changes nothing"


async def test_with_backfill_a_first_poll_is_news_but_not_from_before_the_article(life: Life) -> None:
    await _first_document(life).poll(backfill=True)
    outcomes = await life.outcomes()
    assert outcomes["old"] == ["delta"]
    assert outcomes["before"] == ["context"]


async def test_an_empty_document_is_a_first_poll_and_what_comes_late_after_it_is_news(life: Life) -> None:
    await life.feed().poll()
    await life.feed(report("late", NOON - 40 * DAY)).poll()
    assert await life.outcomes() == {"late": ["delta"]}


async def test_a_failed_poll_is_no_first_poll(life: Life) -> None:
    await life.poll(paths=("/status/500",))
    life.site.publish("/status/500", [])
    await life.feed(report("old", NOON - 40 * DAY)).poll()
    assert await life.outcomes() == {"old": ["context"]}


async def test_an_edit_and_its_undoing_are_revisions_that_tell_nothing_twice(life: Life) -> None:
    await life.feed().poll()
    for title in (FOLLOW_UP, f"{FOLLOW_UP}, witnesses say", FOLLOW_UP, FOLLOW_UP):
        await life.feed(report("a", NOON, title)).poll()
    decided, deltas = await life.told()
    assert [entry.revision for _, entry in decided["a"]] == [1, 2, 3]
    assert [decision.outcome.value for decision, _ in decided["a"]] == ["delta", "repeat", "repeat"]
    assert len({delta.id for delta in deltas}) == len(deltas) == 1


async def test_an_item_that_leaves_and_returns_is_the_same_entry(life: Life) -> None:
    await life.feed(report("a", NOON)).poll()
    await life.feed(report("b", NOON, "The harbour fair opens")).poll()
    await life.feed(report("a", NOON), report("b", NOON, "The harbour fair opens")).poll()
    assert (await life.outcomes())["a"] == ["delta"]


async def test_copies_are_one_delta_within_a_poll_and_across_restarts_and_feeds(life: Life) -> None:
    text = (
        "Columns left the piers at dawn, port workers said, and the last ship of the squadron weighed anchor at noon."
    )
    life.feed(report("a", NOON, summary=text), report("b", NOON, summary=text))
    await life.poll()
    life.feed(report("a", NOON, summary=text), report("c", NOON, summary=text), path="/b.rss")
    await life.poll(paths=("/a.rss", "/b.rss"))
    decided, deltas = await life.told()
    assert len(deltas) == 1
    every = [decision for each in decided.values() for decision, _ in each]
    assert sorted(decision.outcome.value for decision in every) == ["delta", "repeat", "repeat", "repeat"]
    assert len({decision.development for decision in every}) == 1
    (first,) = [decision.entry for decision in every if decision.outcome.value == "delta"]
    assert {decision.duplicate_of for decision in every if decision.entry != first} == {first}


async def test_a_feed_added_without_a_name_goes_by_the_one_it_gives_itself(life: Life) -> None:
    address = life.feed(report("a", NOON)).feed(report("b", NOON), path="/own.rss").site.url("/own.rss")
    async with opened_store(str(life.folder / "a.db")) as store:
        await store.add_feeds([FeedSpec(url=address, title=address, source="api")], NOON)
    await life.poll()

    decided, _ = await life.told()
    assert decided["b"][0][1].outlet == "Test news"
    async with opened_store(str(life.folder / "a.db"), read_only=True) as store:
        assert {feed.title for feed in await store.feeds()} == {"Outlet 0", "Test news"}
