"""What the fault experiments on PostgreSQL share: a site that remembers what it served, replicas, and the truth check.

FAULTS=long makes every experiment longer; the short forms belong to the suite.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from aiohttp import web
from journeys.service_process import Service, until, write_opml
from journeys.small_story import STORY, story_folder
from news_site import Item, NewsSite, rss
from psycopg.rows import dict_row

LONG = os.environ.get("FAULTS") == "long"
READY_S = 60.0
_JOBS = "SELECT lock, status, worker_id FROM procrastinate_jobs"
_WORDINGS = (
    "Ruritanian navy withdraws {n} sailors from Strelsau harbour",
    "Ruritanian navy deploys {n} ships to Strelsau",
    "Admiral Hentzau and {n} officers arrested",
    "Admiral Hentzau returns after {n} days",
    "Harbour festival number {n} opens in Gdynia",
    "City council votes {n} to 3 for a new tram line",
)


@dataclass(slots=True)
class TruthSite:
    """Feeds that grow with every request; remembers every item, and who asked for which feed when."""

    server: NewsSite
    feeds: int
    grows: bool = True
    chance: random.Random = field(default_factory=lambda: random.Random(5))
    shown: dict[str, list[Item]] = field(default_factory=dict)
    asked: list[tuple[str, float, str]] = field(default_factory=list)  # path, loop time, User-Agent
    held: asyncio.Event = field(default_factory=asyncio.Event)
    count: int = 0

    def __post_init__(self) -> None:
        self.held.set()
        for number in range(self.feeds):
            self.server.answer(f"/{number}.xml", self._feed)

    @property
    def urls(self) -> list[str]:
        """Return the addresses of the feeds."""
        return [self.server.url(f"/{number}.xml") for number in range(self.feeds)]

    @property
    def links(self) -> set[str]:
        """Return what was ever served."""
        return {item.link for items in self.shown.values() for item in items if item.link}

    async def _feed(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, asyncio.get_running_loop().time(), request.headers.get("User-Agent", "")))
        items = self.shown.setdefault(request.path, [])
        if self.grows:
            for _ in range(self.chance.randint(0, 2)):
                self.count += 1
                link = f"https://outlet.test{request.path}/{self.count}"
                published = datetime.now(UTC) - timedelta(minutes=self.chance.randint(1, 200))
                title = self.chance.choice(_WORDINGS).format(n=self.count)
                items.append(Item(title, f"Report {self.count}.", link, link, published))
        body = rss(items[::-1])
        await self.held.wait()  # an answer begun before it is held may come much later
        return web.Response(text=body, content_type="application/rss+xml")


@asynccontextmanager
async def truth_site(feeds: int) -> AsyncIterator[TruthSite]:
    """Serve feeds for the length of a block."""
    async with NewsSite() as server:
        yield TruthSite(server, feeds)


def replica(folder: Path, name: str, url: str, site: TruthSite, *, command: str = "run", **settings: object) -> Service:
    """Return a replica that is not started yet, with a log of its own."""
    own = folder / name
    own.mkdir()
    shared = folder / "stories"
    stories = shared if shared.exists() else story_folder(folder)
    return Service(
        folder=own,
        settings={
            "database_url": url,
            "feeds": write_opml(own / "feeds.opml", site.urls),
            "stories": stories,
            "contact": name,
            "poll_max_interval_s": 2,
        }
        | settings,
        arguments=(command,),
    )


async def rows(url: str, query: str) -> list[dict[str, Any]]:
    """Return what the database answers."""
    async with await psycopg.AsyncConnection.connect(url, row_factory=dict_row, autocommit=True) as connection:
        return await (await connection.execute(query.encode())).fetchall()


async def settled(url: str, site: TruthSite, limit_s: float) -> None:
    """Wait until everything the site served is stored, matched and compared."""
    missing = "no answer"

    async def is_settled() -> bool:
        nonlocal missing
        try:
            stored = {row["url"] for row in await rows(url, "SELECT url FROM entries")}
            (left,) = await rows(
                url,
                "SELECT (SELECT count(*) FROM decisions WHERE outcome = 'pending') AS pending, "
                "(SELECT coalesce(max(seq), 0) FROM entries) - (SELECT coalesce(max(seq), 0) FROM cursors "
                "WHERE name LIKE 'match:%') AS unmatched",
            )
        except psycopg.OperationalError:
            return False
        missing = f"{left}, not stored: {len(site.links - stored)}, jobs: {await rows(url, _JOBS)}"
        return site.links <= stored and left["pending"] == 0 and left["unmatched"] == 0

    try:
        await until(is_settled, limit_s)
    except TimeoutError:
        pytest.fail(f"did not settle: {missing}")


async def assert_truth(url: str, site: TruthSite) -> int:
    """Assert that nothing is lost and nothing is there twice; return how many deltas there are."""
    entries = await rows(url, "SELECT seq, entry_id, revision, url FROM entries ORDER BY seq")
    decisions = await rows(url, "SELECT story, entry_id, revision, outcome, delta FROM decisions")
    deltas = await rows(url, "SELECT seq, id FROM deltas ORDER BY seq")
    facts = await rows(url, "SELECT seq FROM facts ORDER BY seq")
    told = [row["delta"] for row in decisions if row["outcome"] == "delta"]

    assert Counter(row["url"] for row in entries) == Counter(dict.fromkeys(site.links, 1))
    for ledger in (entries, deltas, facts):
        assert [row["seq"] for row in ledger] == list(range(1, len(ledger) + 1))
    assert {row["outcome"] for row in decisions} <= {"delta", "repeat", "rejected", "context"}
    assert sorted(told) == sorted(row["id"] for row in deltas)
    reports = await rows(
        url,
        "SELECT id, reports, (SELECT count(DISTINCT entry_id) FROM decisions WHERE development = developments.id "
        "AND outcome IN ('delta', 'repeat')) AS counted FROM developments",
    )
    assert [row for row in reports if row["reports"] != row["counted"]] == []
    return len(deltas)


async def paged(service: Service, *, size: int = 7) -> list[str]:
    """Return the ids of all deltas, read page by page over HTTP."""
    found: list[str] = []
    cursor = ""
    while True:
        page = await service.json(f"/v1/stories/{STORY}/deltas?limit={size}{f'&after={cursor}' if cursor else ''}")
        found += [delta["id"] for delta in page["items"]]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return found


async def answer(service: Service, path: str) -> tuple[int, dict[str, Any]]:
    """Return status and body of a JSON answer."""
    async with aiohttp.ClientSession() as http, http.get(service.address + path) as response:
        body: dict[str, Any] = await response.json(content_type=None)
        return response.status, body


async def all_ready(services: Sequence[Service]) -> None:
    """Wait until every service is ready."""
    await asyncio.gather(*(service.ready(READY_S) for service in services))
