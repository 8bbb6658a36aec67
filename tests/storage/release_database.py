"""Keep databases of a version for good: `make release-database`, once for each release, before it is tagged.

Runs that version's service as its operators do, over invented feeds, on SQLite and on PostgreSQL, and writes what it
left as SQL to tests/data/databases/VERSION.{sqlite,postgres}.sql. Every later version is tested on these files. TREE=
and VERSION= keep databases of an older tree: a folder where `git worktree add` or `git archive` has put one.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import signal
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp
import psycopg
from journeys.service_process import ROOT, Service, until, write_opml
from journeys.small_story import SMALL_STORY, STORY, story_folder
from news_site import Item, NewsSite
from postgres_server import databases
from psycopg import sql

from service import __version__

FOLDER: Final = ROOT / "tests" / "data" / "databases"
TOKEN: Final = "release"
READY_S: Final = 60.0
_TITLES: Final = (
    "Ruritanian navy withdraws from Strelsau harbour",
    "Admiral Hentzau arrested in the capital",
    "Navy deploys two ships to Strelsau",
    "Harbour festival opens in Gdynia",
    "Navy stays in Strelsau, minister confirms",
)
_OTHER_STORY: Final = SMALL_STORY.replace(f"id: {STORY}", "id: harbour-again").replace("its harbour", "its new harbour")
_NO_SECRET: Final = "whsec_" + base64.b64encode(b"invented, and of no use to anybody").decode()
# What an operator may do; a version that does not know one of these answers with an error, which is as good.
_DONE: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("POST", "/v1/feeds", {"url": "http://127.0.0.1:9/later.xml", "title": "Later"}),
    ("POST", "/v1/tokens", {"note": "A reader"}),
    ("POST", "/v1/webhooks", {"url": "http://127.0.0.1:9/hook", "story": STORY, "secret": _NO_SECRET}),
)


def _news(count: int) -> list[Item]:
    now = datetime.now(UTC)
    return [
        Item(
            title,
            f"Report {number} from «Стрелсау».",
            f"https://outlet.test/{number}",
            f"{number}",
            now - timedelta(hours=9 - number),
        )
        for number, title in enumerate(_TITLES[:count])
    ]


async def fill(folder: Path, url: str) -> dict[str, Any]:
    """Have a version's service fill a database; return what a reader has seen of it.

    Args:
        folder: Where it runs; `service` in it is the version's code.
        url: Of the database.
    """
    async with NewsSite() as site:
        site.publish("/a.xml", _news(3))
        site.publish("/b.xml", _news(1))
        feeds = [site.url(path) for path in ("/a.xml", "/b.xml", "/status/500")]
        settings: dict[str, object] = {
            "database_url": url,
            "feeds": write_opml(folder / "feeds.opml", feeds),
            "stories": story_folder(folder),
            "admin_token": TOKEN,
            "poll_max_interval_s": 2,
        }
        async with Service(folder=folder, settings=settings) as service:
            await service.ready(READY_S)
            await _told(service, 3)
            await _administered(service)
            corrected = _news(5)
            corrected[2] = Item("UPDATE: " + corrected[2].title, "As corrected.", corrected[2].link, corrected[2].guid)
            site.publish("/a.xml", corrected)
            await _settled(service)
            page = await service.json(f"/v1/stories/{STORY}/deltas?limit=2")
            ids = [delta["id"] for delta in await _deltas(service)]
            feed = await service.json(f"/feeds/{STORY}.json")
            assert await service.end(signal.SIGTERM) == 0, service.log
    return {
        "cursor": page["next_cursor"],
        "deltas": ids,
        "read": len(page["items"]),
        "guids": [item["id"] for item in feed["items"]],
    }


async def _deltas(service: Service) -> list[dict[str, Any]]:
    deltas: list[dict[str, Any]] = (await service.json(f"/v1/stories/{STORY}/deltas?limit=100"))["items"]
    return deltas


async def _told(service: Service, count: int) -> None:
    async def there() -> bool:
        return len(await _deltas(service)) >= count

    await until(there, 60.0)


async def _settled(service: Service) -> None:
    """Wait until what came last is judged and compared."""

    async def there() -> bool:
        for entry in (await service.json("/v1/entries?q=minister"))["items"]:
            decision = await service.json(f"/v1/entries/{entry['id']}/decision")
            return decision["outcome"] in {"delta", "repeat"}
        return False

    await until(there, 60.0)


async def _administered(service: Service) -> None:
    """Do what an editor and an operator do; what this version does not know yet it refuses."""
    entry = (await service.json("/v1/entries?q=deploys"))["items"][0]["id"]
    first, second = [each["id"] for each in (await service.json(f"/v1/stories/{STORY}/developments"))["items"][:2]]
    merge = ("POST", f"/v1/developments/{first}/merge", {"into": second, "note": "the same"})
    done = [*_DONE, merge, ("POST", f"/v1/entries/{entry}/feedback", {"relevant": False, "note": "«not» ours"})]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        for method, path, body in done:
            async with http.request(method, service.address + path, json=body) as answer:
                print(f"    {method} {path}: {answer.status}")
        address, yaml = f"{service.address}/v1/stories/harbour-again", {"Content-Type": "application/yaml"}
        async with http.put(address, data=_OTHER_STORY.encode(), headers=yaml) as answer:
            print(f"    PUT story: {answer.status}")


def sqlite_dump(database: Path) -> str:
    """Return a file as SQL."""
    with closing(sqlite3.connect(database)) as db:
        return "".join(f"{line}\n" for line in db.iterdump())


def postgres_dump(url: str, steps: str) -> str:
    """Return a database as SQL: the steps that made it, as they were, and its rows. The job queue is its library's.

    Args:
        url: Of the database.
        steps: All migrations of the version, one after another.
    """
    lines = [steps, _NOTES]
    with psycopg.connect(url) as db:
        names = db.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND relname NOT LIKE 'procrastinate%' ORDER BY oid"
        ).fetchall()
        for (table,) in names:
            named = db.execute(_COLUMNS, (table,)).fetchall()
            columns, counted = [name for name, _ in named], [name for name, is_counted in named if is_counted]
            given = " OVERRIDING SYSTEM VALUE" if counted else ""
            texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in columns)
            rows = db.execute(
                sql.SQL("SELECT {} FROM {} ORDER BY 1, 2").format(texts, sql.Identifier(table))
            ).fetchall()
            if re.search(rf"INSERT INTO {table}\b", steps):
                lines.append(f"DELETE FROM {table};")
            for row in rows:
                values = ", ".join("NULL" if value is None else _quoted(value) for value in row)
                lines.append(f"INSERT INTO {table} ({', '.join(columns)}){given} VALUES ({values});")
            lines += [
                f"SELECT setval(pg_get_serial_sequence('{table}', '{name}'), max({name})) FROM {table};"
                for name in counted
            ]
    return "\n".join(lines) + "\n"


_NOTES: Final = """\
CREATE TABLE migrations (
    name text COLLATE "C" PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""
_COLUMNS: Final = """
    SELECT column_name, is_identity = 'YES' FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _head(version: str, reader: dict[str, Any]) -> str:
    return (
        f"-- A database as version {version} leaves it, on invented feeds. Made by `make release-database`; never edited.\n"
        f"-- reader: {json.dumps(reader)}\n"
    )


def main(tree: Path, version: str) -> None:
    """Write the files of one version."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "sqlite"
        folder.mkdir()
        (folder / "service").symlink_to(tree / "service")
        database = folder / "news.db"
        reader = asyncio.run(fill(folder, f"sqlite:///{database}"))
        file = FOLDER / f"{version}.sqlite.sql"
        file.write_text(_head(version, reader) + sqlite_dump(database), encoding="utf-8")
        print(f"{file}: {len(reader['deltas'])} deltas, {file.stat().st_size / 1e3:.0f} KB")
        steps = tree / "schemas" / "sql" / "postgres.sql"
        if not steps.exists():
            print(f"{version} knows no PostgreSQL")
            return
        folder = Path(name) / "postgres"
        folder.mkdir()
        (folder / "service").symlink_to(tree / "service")
        with databases() as made, made.blank_database() as url:
            reader = asyncio.run(fill(folder, url))
            file = FOLDER / f"{version}.postgres.sql"
            file.write_text(
                _head(version, reader) + postgres_dump(url, steps.read_text(encoding="utf-8")), encoding="utf-8"
            )
        print(f"{file}: {len(reader['deltas'])} deltas, {file.stat().st_size / 1e3:.0f} KB")


if __name__ == "__main__":
    main(Path(os.environ.get("TREE") or ROOT).resolve(), os.environ.get("VERSION") or __version__)
