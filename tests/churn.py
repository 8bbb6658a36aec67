"""A site that churns, what it served, and what a store made of it: for tests that disturb the service in between."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from journeys.service_process import Service, command
from journeys.small_story import STORY
from news_site import Item, rss

_FIRST_PAGE = f"/v1/stories/{STORY}/deltas?limit=100"
_SLOWEST_S = 0.15  # answer of the site
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
    most_items: int = 100_000  # in a document; older ones leave it
    shown: dict[str, list[Item]] = field(default_factory=dict)
    served: dict[str, set[str]] = field(default_factory=dict)  # link → titles
    count: int = 0
    on_request: asyncio.Event = field(default_factory=asyncio.Event)

    async def feed(self, request: web.Request) -> web.Response:
        items = self.shown.setdefault(request.path, [])
        if not self.is_frozen:
            self._churn(items, request.path)
            del items[: -self.most_items]
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


def match_cursor(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        found = db.execute("SELECT max(seq) FROM cursors WHERE name LIKE 'match:%'").fetchone()[0]
        return int(found or 0)


def run_undisturbed(folder: Path, ledger: Ledger, stories: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
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


def revisions_by_url(ledger: Ledger) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for url in {entry["url"] for entry in ledger.entries}:
        yield url, [entry for entry in ledger.entries if entry["url"] == url]


async def deltas_read(service: Service, cursor: str = "") -> list[dict[str, Any]]:
    """Read deltas through the API as a client does, page by page to the end."""
    deltas: list[dict[str, Any]] = []
    while True:
        page = await service.json(f"/v1/stories/{STORY}/deltas?limit=100&after={cursor}" if cursor else _FIRST_PAGE)
        deltas += page["items"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return deltas
