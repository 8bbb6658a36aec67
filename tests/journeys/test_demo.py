"""The demonstration, watched from outside: whether the service makes of the sample feeds what a reader would.

One run serves all tests. `expect` in samples.yaml says what must become of each item; a failure lists every item that
came out otherwise.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import feedparser
import pytest
from patience import patient

from service.demo.sample_site import SampleSite
from service.demo.samples import SampleItem, Samples, load_samples
from service.demo.show import demonstration
from service.settings import Settings

_PAUSE_S = 0.01
_LIMIT_S = 120.0
_TRANSLATIONS_JOINED = 0.75  # of the same happening in other words and languages; the contract promises no perfection

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Watched:
    """What a reader got over HTTP."""

    samples: Samples
    opened_with: int  # deltas when the page was first served
    deltas: list[Json]
    decisions: list[Json]
    feeds: list[Json]
    page: str
    rss: bytes
    home: list[Path]  # files the user's own settings name, after the run

    def items(self) -> Iterator[SampleItem]:
        """Yield every item of every edition, revisions included."""
        for edition in self.samples.editions:
            yield from edition.items

    def decision(self, item: SampleItem) -> Json | None:
        """Return what was decided on an item's wording; None where nothing of the story was found in it."""
        return next((d for d in self.decisions if _key(d) == item.key and d["title"] == item.title), None)


def _key(row: Json) -> str:
    return urlsplit(row["url"]).path.removeprefix("/")


async def _watch(settings: Settings) -> Watched:
    finished = asyncio.Event()
    async with demonstration(settings, pause_s=_PAUSE_S, finished=finished) as address, aiohttp.ClientSession() as http:

        async def get(path: str) -> bytes:
            async with http.get(address + path) as answer:
                assert answer.status == 200, path
                return await answer.read()

        async def rows(path: str) -> list[Json]:
            async with http.get(address + path) as answer:
                page: Json = await answer.json()
                assert not page["has_more"]
                items: list[Json] = page["items"]
                return items

        story = "/v1/stories/assad-exit"
        opened_with = len(await rows(f"{story}/deltas?limit=500"))
        async with asyncio.timeout(patient(_LIMIT_S)):
            await finished.wait()
        return Watched(
            samples=load_samples(),
            opened_with=opened_with,
            deltas=await rows(f"{story}/deltas?limit=500"),
            decisions=await rows(f"{story}/decisions?limit=500"),
            feeds=await rows("/v1/feeds"),
            page=(await get("/")).decode(),
            rss=await get("/feeds/assad-exit.rss"),
            home=sorted(Path(settings.sqlite_path).parent.glob("*")),
        )


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    home = tmp_path_factory.mktemp("home")
    return asyncio.run(_watch(Settings(port=0, database_url=f"sqlite:///{home / 'aftermath.db'}")))


def test_every_item_is_judged_as_a_reader_would(watched: Watched) -> None:
    wrong = []
    for item in watched.items():
        decision = watched.decision(item)
        if bool(decision and decision["relevant"]) is not item.expect.relevant:
            wrong.append(f"{item.key}: {item.title!r} scored {decision and decision['score']}")

    assert not wrong, "\n".join(wrong)


def test_every_item_comes_to_the_end_that_was_foreseen(watched: Watched) -> None:
    wrong = []
    for item in watched.items():
        decision = watched.decision(item) or {"outcome": None, "type": None}
        for what in ("outcome", "type"):
            wanted = getattr(item.expect, what)
            if wanted is not None and decision[what] != wanted:
                wrong.append(f"{item.key}: {item.title!r}: {what} is {decision[what]}, not {wanted}")

    assert not wrong, "\n".join(wrong)


def test_every_happening_is_told_whoever_reports_it_first(watched: Watched) -> None:
    groups: dict[str, list[SampleItem]] = {}
    for item in watched.items():
        if item.expect.relevant:
            groups.setdefault(item.expect.same_as or item.expect.copy_of or item.key, []).append(item)
    wrong = []
    for key, items in groups.items():
        keys = {item.key for item in items}
        told = [d["type"] for d in watched.deltas if _key(d) in keys]
        wanted = next((item.expect.told_as for item in items if item.expect.told_as), None)
        if not told or (wanted and told[0] != wanted):
            wrong.append(f"{key}: told as {', '.join(told) or 'nothing'}; first should be {wanted or 'any delta'}")

    assert not wrong, "\n".join(wrong)


def test_no_unrelated_item_became_a_delta(watched: Watched) -> None:
    related = {item.key for item in watched.items() if item.expect.relevant}

    assert [d["headline"] for d in watched.deltas if _key(d) not in related] == []


def test_most_sample_items_are_unrelated() -> None:
    samples = load_samples()
    related = [item.expect.relevant for edition in samples.editions for item in edition.items]

    assert related.count(False) > related.count(True) > 20
    assert len(samples.editions) == 6


def test_a_wire_printed_by_several_outlets_is_one_delta(watched: Watched) -> None:
    copies = [item for item in watched.items() if item.expect.copy_of]

    assert len(copies) >= 3
    for copy in copies:
        original = next(item for item in watched.items() if item.key == copy.expect.copy_of)
        first, second = watched.decision(original), watched.decision(copy)
        assert first is not None
        assert second is not None
        told = [d for d in watched.deltas if d["headline"] == original.title]
        assert len(told) == (first["outcome"] == "delta"), original.title
        assert second["development"] == first["development"]
        assert second["origin"] == first["origin"]
        assert second["duplicate_of"] is not None


def test_a_correction_and_a_retraction_are_deltas_that_name_what_they_replace(watched: Watched) -> None:
    by_id = {d["id"]: d for d in watched.deltas}
    for kind, key in (("correction", "meridian-wire/drones"), ("retraction", "quayside-courier/gulf")):
        found = [d for d in watched.deltas if d["type"] == kind]
        assert [_key(d) for d in found] == [key]
        assert _key(by_id[found[0]["supersedes"]]) == key


def test_one_happening_in_several_languages_is_mostly_one_development(watched: Watched) -> None:
    apart = []
    told = [item for item in watched.items() if item.expect.same_as]
    for item in told:
        other = next(each for each in watched.items() if each.key == item.expect.same_as)
        here, there = watched.decision(item), watched.decision(other)
        if here is None or there is None or here["development"] != there["development"]:
            apart.append(f"{item.key}: {item.title!r} is not with {other.key}")

    assert 1 - len(apart) / len(told) >= _TRANSLATIONS_JOINED, "\n".join(apart)


def test_deltas_come_in_at_least_four_languages(watched: Watched) -> None:
    # which of several tellings of one happening comes first, and so makes the delta, is not this test's business
    assert len({d["lang"] for d in watched.deltas}) >= 4


def test_the_page_opens_full_and_more_follows(watched: Watched) -> None:
    assert 0 < watched.opened_with < len(watched.deltas)


def test_everything_served_says_that_it_is_a_demonstration(watched: Watched) -> None:
    parsed = feedparser.parse(io.BytesIO(watched.rss))

    assert "Demonstration" in watched.page
    assert "Demonstration" in parsed.feed.title
    assert not parsed.bozo
    assert len(parsed.entries) == len(watched.deltas) <= 50


def test_every_sample_feed_answers(watched: Watched) -> None:
    assert {f["title"] for f in watched.feeds} == {feed.title for feed in watched.samples.feeds}
    assert [f["error"] for f in watched.feeds if f["error"]] == []
    assert {f["polls"] for f in watched.feeds} == {len(watched.samples.editions)}


def test_the_stores_of_the_user_are_left_alone(watched: Watched) -> None:
    assert watched.home == []


async def test_a_feed_without_news_answers_not_modified_until_it_moves_on() -> None:
    async with SampleSite(load_samples()) as site, aiohttp.ClientSession() as http:
        for feed in site.samples.feeds:
            site.number = 0
            async with http.get(site.address + feed.path) as first:
                etag = first.headers["ETag"]
            async with http.get(site.address + feed.path, headers={"If-None-Match": etag}) as again:
                assert again.status == 304
            while site.advance():
                pass
            async with http.get(site.address + feed.path, headers={"If-None-Match": etag}) as later:
                assert later.status == 200
