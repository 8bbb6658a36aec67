"""Months of real polls, replayed against the running parts: what readers get must be whole, in order and told once.

Captured feeds are served byte for byte, one poll after another, beside feeds made of the labelled items as they
arrived; the clock stands at each poll's time. One run serves all tests.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
import pytest
from journeys.service_process import free_port, write_opml
from news_site import Item, NewsSite, rss
from shared_material import SHARED, needs_shared

from service.app import listening
from service.core.rules import Rules
from service.core.urls import link_key
from service.loading.item_files import read_items
from service.settings import Settings
from service.storage.sqlite import SqliteStore
from service.worker import opened_poller, poll_round

pytestmark = needs_shared

Json = dict[str, Any]
REDATING = ("/bbc-front-page.xml", "/bbc-2026.xml")  # move the date of an item when they touch it
STORY = "/v1/stories/assad-exit"
AS_OF = datetime(2024, 12, 11, tzinfo=UTC)
FIRST_POLL = datetime(2024, 11, 20, tzinfo=UTC)
CAPTURED = ("bbc-front-page", "rt-zh", "aljazeera-zh", "scmp", "reuters-china", "bbc-2026", "svoboda-2026")
_EVERY = 5  # of the captured polls, so that the run stays well under a minute
_SHORTEST = timedelta(hours=2)  # between rounds
_VISIBLE = 30  # newest items in a feed of labelled items
_OWN_FEED = 20  # items of one source; smaller ones share a feed
_REDATED_BY = timedelta(minutes=7)  # every other poll of a feed of labelled items, all but the newest item
_PAGE = 7
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class PollClock:
    """Stands at the time of the present poll."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Shown:
    """What a feed shows from an instant on."""

    at: datetime
    path: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Read:
    """What a reader got over HTTP after the last round, and the rounds' own summaries."""

    rounds: list[Json]
    again: Json
    deltas: list[Json]
    deltas_after_again: list[Json]
    paged: list[Json]
    decisions: list[Json]
    entries: list[Json]
    revisions: dict[str, list[Json]]
    feeds: list[Json]
    rss: bytes
    atom: bytes
    jsonfeed: Json
    redated: dict[str, set[str]]  # path → link keys of items whose date moved and whose text never did


def _captured(folder: Path) -> Iterator[Shown]:
    with tarfile.open(SHARED / "corpus" / "raw-polls.tar.gz") as archive:
        archive.extractall(folder, [m for m in archive.getmembers() if m.name.split("/")[0] in CAPTURED], filter="data")
    for name in CAPTURED:
        lines = (folder / name / "index.jsonl").read_text(encoding="utf-8").splitlines()
        for line in lines[::_EVERY]:
            row = json.loads(line)
            at = datetime.fromisoformat(row["committed"]).astimezone(UTC)
            yield Shown(at, f"/{name}.xml", (folder / name / row["file"]).read_bytes())


def _labelled() -> Iterator[Shown]:
    """Yield the feeds of the labelled items, by source, whenever an item arrives in one."""
    by_source: dict[str, list[tuple[datetime, Item]]] = defaultdict(list)
    listed = list(read_items(SHARED / "corpus" / "labelled" / "items.jsonl"))
    sizes = Counter(item.source for item in listed)
    for item in listed:
        at = item.first_seen_at or item.published_at or AS_OF
        source = item.source if item.source and sizes[item.source] >= _OWN_FEED else "others"
        shown = Item(
            title=_UNPRINTABLE.sub(" ", item.title),
            summary=_UNPRINTABLE.sub(" ", item.summary) or None,
            link=item.link,
            guid=None if item.link else item.id,
            published=item.published_at,
        )
        by_source[source].append((at, shown))
    for number, (_, arrived) in enumerate(sorted(by_source.items())):
        arrived.sort(key=lambda pair: pair[0])
        for position, (at, _) in enumerate(arrived, 1):
            newest = [item for _, item in arrived[max(0, position - _VISIBLE) : position]]
            if position % 2:
                newest = [*map(_redated_item, newest[:-1]), newest[-1]]
            yield Shown(at, f"/labelled-{number:02}.xml", rss(newest[::-1]).encode())


def _redated_item(item: Item) -> Item:
    return replace(item, published=item.published + _REDATED_BY) if isinstance(item.published, datetime) else item


def _rounds(timeline: list[Shown]) -> Iterator[list[Shown]]:
    """Yield what changes before each round; within one, a feed changes once or by few enough items to show them all."""
    gathered: list[Shown] = []
    changes: Counter[str] = Counter()
    for shown in timeline:
        if gathered and (
            (shown.at - gathered[0].at > _SHORTEST and shown.path in changes and "labelled" not in shown.path)
            or changes[shown.path] >= _VISIBLE - 2
        ):
            yield gathered
            gathered, changes = [], Counter()
        gathered.append(shown)
        changes[shown.path] += 1
    yield gathered


def _redated(bodies: dict[str, list[bytes]]) -> dict[str, set[str]]:
    """Return the link keys of the items that were served with several dates and one text, by feed."""
    found: dict[str, set[str]] = {}
    for path, served in bodies.items():
        texts: dict[str, set[tuple[str, str]]] = defaultdict(set)
        dates: dict[str, set[str]] = defaultdict(set)
        for body in served:
            for entry in feedparser.parse(io.BytesIO(body)).entries:
                key = link_key(entry.get("link"))
                if key:
                    texts[key].add((" ".join(entry.title.split()), " ".join(entry.get("summary", "").split())))
                    dates[key].add(entry.get("published", ""))
        found[path] = {key for key in texts if len(texts[key]) == 1 and len(dates[key]) > 1}
    return found


async def _read(folder: Path, rules: Rules) -> Read:
    timeline = sorted([*_captured(folder / "raw"), *_labelled()], key=lambda shown: (shown.at, shown.path))
    paths = sorted({shown.path for shown in timeline})
    clock = PollClock(FIRST_POLL)
    bodies: dict[str, list[bytes]] = {}
    async with NewsSite() as site:
        settings = Settings(
            database_url=f"sqlite:///{folder / 'aftermath.db'}",
            feeds=write_opml(folder / "feeds.opml", [site.url(path) for path in paths]),
            port=free_port(),
            allow_private_networks=("127.0.0.0/8",),
            poll_per_host=0,
            poll_min_interval_s=1,
        )
        for path in paths:
            site.serve(path, rss([]))
        store = await SqliteStore.open(settings.sqlite_path, now=clock.now)
        try:
            async with (
                opened_poller(settings, rules, store, clock) as poller,
                listening(settings, rules, store, clock, ticker=None, demo=False) as address,
            ):
                rounds: list[Json] = [await poll_round(poller, everything=True)]
                for changed in _rounds(timeline):
                    for shown in changed:
                        # half of the publishers know validators, the other half have to be compared by content
                        site.serve(shown.path, shown.body, validators="labelled" in shown.path)
                    for path, body in {shown.path: shown.body for shown in changed}.items():
                        bodies.setdefault(path, []).append(body)
                    clock.at = changed[-1].at
                    rounds.append(await poll_round(poller, everything=True))
                async with aiohttp.ClientSession(address) as http:
                    deltas = await _rows(http, f"{STORY}/deltas?limit=500")
                    clock.at += timedelta(minutes=30)
                    again: Json = await poll_round(poller, everything=True)
                    entries = await _rows(http, "/v1/entries?q=&limit=500")
                    return Read(
                        rounds=rounds,
                        again=again,
                        deltas=deltas,
                        deltas_after_again=await _rows(http, f"{STORY}/deltas?limit=500"),
                        paged=await _rows(http, f"{STORY}/deltas?limit={_PAGE}"),
                        decisions=await _rows(http, f"{STORY}/decisions?limit=500"),
                        entries=entries,
                        revisions={
                            e["id"]: (await _json(http, f"/v1/entries/{e['id']}/revisions"))["items"]
                            for e in entries
                            if e["revision"] > 1
                        },
                        feeds=(await _json(http, "/v1/feeds"))["items"],
                        rss=await _body(http, "/feeds/assad-exit.rss"),
                        atom=await _body(http, "/feeds/assad-exit.atom"),
                        jsonfeed=json.loads(await _body(http, "/feeds/assad-exit.json")),
                        redated=_redated(
                            {path: bodies[path] for path in bodies if path in REDATING or "labelled-0" in path}
                        ),
                    )
        finally:
            await store.close()


async def _body(http: aiohttp.ClientSession, path: str) -> bytes:
    async with http.get(path) as answer:
        assert answer.status == 200, (path, await answer.text())
        return await answer.read()


async def _json(http: aiohttp.ClientSession, path: str) -> Json:
    page: Json = json.loads(await _body(http, path))
    return page


async def _rows(http: aiohttp.ClientSession, path: str) -> list[Json]:
    """Read a list from its start to its end by cursor."""
    page = await _json(http, path)
    rows: list[Json] = page["items"]
    while page["has_more"]:
        page = await _json(http, f"{path}&after={page['next_cursor']}")
        rows += page["items"]
    return rows


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Read:
    return asyncio.run(_read(tmp_path_factory.mktemp("polls"), rules))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ids(rows: Iterable[Json]) -> list[str]:
    return [row["id"] for row in rows]


def _feed_path(read: Read, feed_id: str) -> str:
    url: str = next(feed["url"] for feed in read.feeds if feed["id"] == feed_id)
    return "/" + url.rpartition("/")[2]


def test_the_story_is_told_from_its_first_day_on(read: Read) -> None:
    published = sorted(_instant(d["published_at"] or d["first_seen_at"]) for d in read.deltas)

    assert len(read.deltas) > 20
    assert published[0] < AS_OF + timedelta(days=3)
    assert published[-1] > datetime(2026, 1, 1, tzinfo=UTC)


def test_nothing_from_before_the_article_is_a_delta(read: Read) -> None:
    assert [d for d in read.deltas if d["published_at"] and _instant(d["published_at"]) < AS_OF] == []


def test_every_feed_could_be_read(read: Read) -> None:
    assert [(f["url"], f["error"]) for f in read.feeds if f["error"]] == []
    assert [(f["url"], f["entries_seen"]) for f in read.feeds if not f["entries_seen"]] == []


def test_the_newest_deltas_are_in_every_feed_format_in_the_same_order(read: Read) -> None:
    newest = [d["id"] for d in read.deltas[::-1][:50]]
    rss_entries = feedparser.parse(io.BytesIO(read.rss))
    atom_entries = feedparser.parse(io.BytesIO(read.atom))

    assert not rss_entries.bozo
    assert not atom_entries.bozo
    ids = _ids(read.jsonfeed["items"])
    assert [name.rpartition(":")[2].rpartition("/")[2] for name in ids] == newest
    assert [entry.id for entry in rss_entries.entries] == ids
    assert [entry.id for entry in atom_entries.entries] == ids
    links = [item.get("external_url") or item["url"] for item in read.jsonfeed["items"]]
    assert [entry.link for entry in rss_entries.entries] == links


def test_reading_by_small_pages_visits_every_delta_once_in_order(read: Read) -> None:
    seqs = [d["seq"] for d in read.deltas]

    assert read.paged == read.deltas_after_again
    assert seqs == sorted(set(seqs))
    assert len(set(_ids(read.deltas))) == len(read.deltas)


def test_a_second_round_over_the_same_polls_adds_nothing(read: Read) -> None:
    assert read.again["feeds"]["failed"] == 0
    assert read.again["feeds"]["polled"] == read.again["feeds"]["not_modified"] == len(read.feeds)
    assert (read.again["entries"], read.again["matches"], read.again["deltas"]) == ({"new": 0, "revised": 0}, 0, 0)
    assert read.deltas_after_again == read.deltas


def test_the_summaries_of_all_rounds_add_up_to_the_ledger(read: Read) -> None:
    assert sum(r["deltas"] for r in read.rounds) == len(read.deltas)
    assert sum(r["matches"] for r in read.rounds) == sum(d["relevant"] for d in read.decisions)
    assert sum(r["entries"]["new"] for r in read.rounds) == len(read.entries)
    revised = sum(len(revisions) - 1 for revisions in read.revisions.values())
    assert sum(r["entries"]["revised"] for r in read.rounds) == revised > 0


def test_an_edited_item_is_told_as_new_only_once(read: Read) -> None:
    per_entry = Counter(d["entry"] for d in read.deltas if d["type"] == "new_development")

    assert {entry: n for entry, n in per_entry.items() if n > 1} == {}


def test_one_article_of_one_feed_is_one_entry(read: Read) -> None:
    entries: dict[tuple[str, str], set[str]] = defaultdict(set)
    for delta in read.deltas:
        if delta["url"]:
            entries[delta["feed"], link_key(delta["url"]) or ""].add(delta["entry"])

    assert {key: ids for key, ids in entries.items() if len(ids) > 1} == {}


def test_every_revision_of_an_entry_has_another_text(read: Read) -> None:
    unchanged = []
    for entry, revisions in read.revisions.items():
        assert [r["revision"] for r in revisions] == list(range(1, len(revisions) + 1))
        texts = [(" ".join(r["title"].split()), " ".join(r["summary"].split())) for r in revisions]
        unchanged += [(entry, a) for a, b in pairwise(texts) if a == b]

    assert unchanged == []


def test_an_item_whose_date_alone_moved_has_one_revision(read: Read) -> None:
    redated = [(path, key) for path, keys in read.redated.items() for key in keys]
    revisions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in read.entries:
        key = link_key(entry["url"])
        if key:
            revisions[_feed_path(read, entry["feed"]), key].append(entry["revision"])

    assert redated, "no captured poll re-dates an item: this test proves nothing"
    assert {place: revisions[place] for place in redated if revisions[place] != [1]} == {}


def test_every_quote_and_name_is_at_its_offsets(read: Read) -> None:
    texts = {(e["id"], e["revision"]): e for e in read.entries}
    texts |= {(r["id"], r["revision"]): r for revisions in read.revisions.values() for r in revisions}
    newest = {d["entry"]: d for d in read.deltas}
    wrong = []
    for delta in newest.values():
        candidates = [text for (entry, _), text in texts.items() if entry == delta["entry"]]
        spans = [(q["quote"], q) for q in delta["added"]] + [(m["surface"], m) for m in delta["entities"]]
        if not any(all(text[s["field"]][s["start"] : s["end"]] == words for words, s in spans) for text in candidates):
            wrong.append(delta["id"])

    assert wrong == []


def test_follow_ups_that_people_found_are_mostly_found(read: Read) -> None:
    labels = SHARED / "corpus" / "labelled" / "labels.jsonl"
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    wanted = {row["id"]: row["development"] for row in rows if row["relevant"] == 2}
    titles = {item.title: item.id for item in read_items(SHARED / "corpus" / "labelled" / "items.jsonl")}
    found = {wanted.get(titles.get(d["title"], "")) for d in read.decisions if d["outcome"] in {"delta", "repeat"}}

    assert len(found - {None}) / len({d for d in wanted.values() if d}) > 0.6
