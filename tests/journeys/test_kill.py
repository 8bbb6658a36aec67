"""Killed ten times in the middle of work, the service loses nothing, tells nothing twice and comes back quickly."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from journeys.service_process import Service, command, until, write_opml
from journeys.small_story import STORY, story_folder
from news_site import Item, NewsSite, rss

_SEED = 20241208
_KILLS = 10
_FEEDS = 8
_EARLY = frozenset({1, 2, 4, 5, 6, 8, 9})  # kills in the rush of the first polls, often before the service answers
_SLOWEST_S = 0.15  # answer of the site
_BACK_WITHIN_S = 15.0
_FOLLOW_UPS = (
    "Ruritanian navy withdraws {n} sailors from Strelsau harbour",
    "Ruritanian navy deploys {n} ships to Strelsau",
    "Drones attack Ruritanian navy in Strelsau, {n} sailors wounded",
    "Ruritanian navy negotiates over Strelsau in round {n}",
    "Admiral Hentzau flees with {n} officers",
    "Admiral Hentzau and {n} officers arrested",
    "Admiral Hentzau on trial for {n} crimes",
    "Admiral Hentzau returns after {n} days",
    "Navy stays in Strelsau for {n} years, minister confirms",
)
_OTHERS = (
    "Harbour festival number {n} opens in Gdynia",
    "City council votes {n} to 3 for a new tram line",
    "Football: goalless draw after {n} corners",
    "Navy museum opens with {n} model ships",
    "Ten things we learned about Strelsau's {n} bakeries",
)


@dataclass(slots=True)
class ChurningSite:
    """Adds follow-ups and other items to a feed at every request, edits old ones, and remembers all it ever served."""

    chance: random.Random
    now: datetime
    is_frozen: bool = False
    shown: dict[str, list[Item]] = field(default_factory=dict)
    served: dict[str, set[str]] = field(default_factory=dict)  # link → titles
    count: int = 0
    on_request: asyncio.Event = field(default_factory=asyncio.Event)

    async def feed(self, request: web.Request) -> web.Response:
        items = self.shown.setdefault(request.path, [])
        if not self.is_frozen:
            self._churn(items, request.path)
        for item in items:
            assert item.link is not None
            self.served.setdefault(item.link, set()).add(item.title)
        body = rss(items[::-1])
        self.on_request.set()
        await asyncio.sleep(self.chance.uniform(0.0, _SLOWEST_S))
        return web.Response(text=body, content_type="application/rss+xml")

    def _churn(self, items: list[Item], path: str) -> None:
        if items and self.chance.random() < 0.4:
            place = self.chance.randrange(len(items))
            old = items[place]
            items[place] = Item(f"UPDATE {self.count}: {old.title}", old.summary, old.link, old.guid, old.published)
        for _ in range(self.chance.randint(0, 3)):
            self.count += 1
            wording = self.chance.choice(_FOLLOW_UPS if self.chance.random() < 0.5 else _OTHERS)
            link = f"https://outlet.test{path}/{self.count}"
            published = self.now - timedelta(minutes=self.chance.randint(1, 300))
            items.append(Item(wording.format(n=self.count), f"Report {self.count}.", link, link, published))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the SQLite file holds."""

    entries: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    deltas: list[dict[str, Any]]
    developments: list[dict[str, Any]]

    @classmethod
    def of(cls, file: Path) -> Ledger:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row

            def rows(query: str) -> list[dict[str, Any]]:
                return [dict(row) for row in db.execute(query)]

            return cls(
                entries=rows("SELECT * FROM entries ORDER BY seq"),
                decisions=rows("SELECT * FROM decisions ORDER BY entry_seq"),
                deltas=rows("SELECT * FROM deltas ORDER BY seq"),
                developments=rows("SELECT * FROM developments"),
            )

    def newest(self) -> dict[str, str]:
        """Return link → title of the newest revision."""
        return {entry["url"]: entry["title"] for entry in self.entries}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What ten kills left behind, and what undisturbed runs make of the same."""

    site: ChurningSite
    ledger: Ledger
    clean: Ledger
    replayed: list[dict[str, Any]]
    replay_input: list[dict[str, Any]]
    starts_s: list[float]
    kills: list[bool]  # whether each kill met a living process
    api_deltas: list[dict[str, Any]]
    log: str


async def _killed(folder: Path) -> Outcome:
    chance = random.Random(_SEED)
    site = ChurningSite(random.Random(_SEED), datetime.now(UTC))
    async with NewsSite() as server:
        paths = [f"/{number}.xml" for number in range(_FEEDS)]
        for path in paths:
            server.answer(path, site.feed)
        feeds = write_opml(folder / "feeds.opml", [server.url(path) for path in paths])
        stories = story_folder(folder)
        service = Service(folder=folder, settings={"feeds": feeds, "stories": stories, "poll_max_interval_s": 2})
        starts_s: list[float] = []
        kills: list[bool] = []
        for number in range(_KILLS):
            await service.start()
            if number in _EARLY:
                site.on_request.clear()
                async with asyncio.timeout(_BACK_WITHIN_S):
                    await site.on_request.wait()
            else:
                starts_s.append(await service.ready(_BACK_WITHIN_S))
            # The moment of the kill is what is random here; there is no condition to wait for.
            await asyncio.sleep(chance.uniform(0.0, 1.0))
            kills.append(await service.end(signal.SIGKILL) == -signal.SIGKILL)
        await service.start()
        try:
            starts_s.append(await service.ready(_BACK_WITHIN_S))
            site.is_frozen = True
            final = {item.link: item.title for items in site.shown.values() for item in items}

            async def is_settled() -> bool:
                ledger = await asyncio.to_thread(Ledger.of, folder / "aftermath.db")
                cursor = await asyncio.to_thread(_match_cursor, folder / "aftermath.db")
                pending = [d for d in ledger.decisions if d["outcome"] == "pending"]
                return ledger.newest() == final and not pending and cursor == ledger.entries[-1]["seq"]

            await until(is_settled, 40.0)
            api_deltas = (await service.json(f"/v1/stories/{STORY}/deltas?limit=500"))["items"]
        finally:
            assert await service.end(signal.SIGTERM) == 0
        ledger = Ledger.of(folder / "aftermath.db")
        replay_input, replayed = await asyncio.to_thread(_replayed, folder, ledger, stories)
        clean_folder = folder / "clean"
        clean_folder.mkdir()
        done = await asyncio.to_thread(command, clean_folder, "poll", "--all", "--json", feeds=feeds, stories=stories)
        assert done.returncode == 0, done.stderr
        return Outcome(
            site=site,
            ledger=ledger,
            clean=Ledger.of(clean_folder / "aftermath.db"),
            replayed=replayed,
            replay_input=replay_input,
            starts_s=starts_s,
            kills=kills,
            api_deltas=api_deltas,
            log=service.log,
        )


def _match_cursor(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        found = db.execute("SELECT max(seq) FROM cursors WHERE name LIKE 'match:%'").fetchone()[0]
        return int(found or 0)


def _replayed(folder: Path, ledger: Ledger, stories: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Run the ledger's entries, in the order in which they arrived, through the same steps without any disturbance."""
    begin = datetime.now(UTC)
    lines = [
        {
            "id": f"{entry['entry_id']}/{entry['revision']}",
            "title": entry["title"],
            "summary": entry["summary"],
            "link": entry["url"],
            "source": entry["outlet"],
            "lang": entry["lang"],
            "published": entry["published_at"],
            "first_seen": (begin + timedelta(milliseconds=number)).isoformat(),
        }
        for number, entry in enumerate(ledger.entries)
    ]
    items, decisions = folder / "items.jsonl", folder / "decisions.jsonl"
    items.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    done = command(folder, "replay", items, "--story", STORY, "--decisions", decisions, stories=stories)
    assert done.returncode == 0, done.stderr
    return lines, [json.loads(line) for line in decisions.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return asyncio.run(_killed(tmp_path_factory.mktemp("killed")))


def _revisions(ledger: Ledger) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for url in {entry["url"] for entry in ledger.entries}:
        yield url, [entry for entry in ledger.entries if entry["url"] == url]


def test_every_kill_met_a_working_service(outcome: Outcome) -> None:
    assert outcome.kills == [True] * _KILLS
    assert len(outcome.ledger.entries) > 100
    assert len(outcome.ledger.deltas) > 5


def test_the_service_is_back_within_seconds(outcome: Outcome) -> None:
    assert max(outcome.starts_s) < _BACK_WITHIN_S


def test_no_served_item_is_missing_or_there_twice(outcome: Outcome) -> None:
    links = {item.link for items in outcome.site.shown.values() for item in items}

    assert {url for url, _ in _revisions(outcome.ledger)} == links == set(outcome.site.served)
    for url, revisions in _revisions(outcome.ledger):
        titles = [entry["title"] for entry in revisions]
        assert len({entry["entry_id"] for entry in revisions}) == 1, url
        assert [entry["revision"] for entry in revisions] == list(range(1, len(revisions) + 1)), url
        assert len(set(titles)) == len(titles), url
        assert set(titles) <= outcome.site.served[url], url
        if len(outcome.site.served[url]) == 1:
            assert len(titles) == 1, url


def test_every_revision_is_judged_once_and_to_the_end(outcome: Outcome) -> None:
    keys = Counter((d["story"], d["entry_id"], d["revision"]) for d in outcome.ledger.decisions)

    assert set(keys.values()) == {1}
    assert {d["outcome"] for d in outcome.ledger.decisions} <= {"delta", "repeat", "rejected", "context"}


def test_deltas_are_unique_in_order_and_each_has_its_decision(outcome: Outcome) -> None:
    seqs = [delta["seq"] for delta in outcome.ledger.deltas]
    ids = [delta["id"] for delta in outcome.ledger.deltas]
    decided = [d["delta"] for d in outcome.ledger.decisions if d["outcome"] == "delta"]

    assert seqs == sorted(set(seqs))
    assert len(set(ids)) == len(ids)
    assert sorted(decided) == sorted(ids)
    assert [delta["id"] for delta in outcome.api_deltas] == ids


def test_the_killed_runs_decided_as_one_undisturbed_run_does(outcome: Outcome) -> None:
    decided = {f"{d['entry_id']}/{d['revision']}": d for d in outcome.ledger.decisions}
    wrong = []
    for item, line in zip(outcome.replay_input, outcome.replayed, strict=True):
        found = decided.get(item["id"])
        killed = (found["outcome"], found["type"], bool(found["relevant"])) if found else ("rejected", None, False)
        if killed != (line["outcome"], line.get("type"), line["relevant"]):
            wrong.append((item["title"], killed, line["outcome"], line.get("type")))

    assert wrong == []
    assert sum(line["outcome"] == "delta" for line in outcome.replayed) == len(outcome.ledger.deltas)


def test_a_clean_poll_of_the_same_site_finds_the_same_items_relevant(outcome: Outcome) -> None:
    assert outcome.clean.newest() == outcome.ledger.newest()
    assert _relevant(outcome.ledger) == _relevant(outcome.clean)


def _relevant(ledger: Ledger) -> dict[str, float]:
    newest = {entry["entry_id"]: entry for entry in ledger.entries}
    return {
        newest[d["entry_id"]]["url"]: d["score"]
        for d in ledger.decisions
        if d["relevant"] and d["revision"] == newest[d["entry_id"]]["revision"]
    }


def test_every_development_counts_each_of_its_reports_once(outcome: Outcome) -> None:
    joined: dict[str, set[str]] = {}
    for decision in outcome.ledger.decisions:
        if decision["development"] and decision["outcome"] in {"delta", "repeat"}:
            joined.setdefault(decision["development"], set()).add(decision["entry_id"])

    assert set(joined) == {d["id"] for d in outcome.ledger.developments}
    assert {d["id"]: d["reports"] for d in outcome.ledger.developments} == {
        key: len(entries) for key, entries in joined.items()
    }


def test_a_kill_leaves_no_error_in_the_log(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.log
    assert [line for line in outcome.log.splitlines() if " error " in line] == []
