"""Readers that people use, on our feeds: every item once, with its id, date and words; a second look costs a 304."""

from __future__ import annotations

import asyncio
import calendar
import email
import email.policy
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from programs import NPM, needs, needs_npm
from reader import make_reader
from readers.library import Item, Library, a_library, at, run

FORMATS = ["rss", "atom", "json"]
XML = ["rss", "atom"]


@pytest.fixture
async def library() -> AsyncIterator[Library]:
    async with a_library() as running:
        yield running


@needs("newsboat")
@pytest.mark.parametrize("fmt", XML)
async def test_newsboat(library: Library, tmp_path: Path, fmt: str) -> None:
    (tmp_path / "urls").write_text(library.url(fmt) + "\n", encoding="utf-8")
    (tmp_path / "config").write_text("", encoding="utf-8")

    async def reload() -> list[Item]:
        await run(tmp_path, "newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload")
        with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
            rows = cache.execute("SELECT guid, title, url, pubDate FROM rss_item ORDER BY pubDate DESC").fetchall()
        return [Item(guid, title, url, at(seconds)) for guid, title, url, seconds in rows]

    assert await reload() == await library.items()
    await reload()  # it keeps the validators of an answer only from the second on
    library.statuses(fmt)
    assert await reload() == await library.items()
    assert library.statuses(fmt) == [304]
    await library.add(100, 101)
    assert await reload() == await library.items()
    assert library.statuses(fmt) == [226], "it asks for what is new only, and gets that"


@needs("r2e")
@pytest.mark.parametrize("fmt", XML)
async def test_rss2email(library: Library, tmp_path: Path, fmt: str) -> None:
    (tmp_path / "r2e.cfg").write_text(
        "[DEFAULT]\nto = reader@localhost\nemail-protocol = maildir\nmaildir-path = mail\nmaildir-mailbox = inbox\n"
        "date-header = True\nname-format =\n",
        encoding="utf-8",
    )
    for part in ("cur", "new", "tmp"):
        (tmp_path / "mail" / "inbox" / part).mkdir(parents=True)
    r2e = ("r2e", "-c", "r2e.cfg", "-d", "seen.json")
    await run(tmp_path, *r2e, "add", "harbour", library.url(fmt))

    async def told() -> list[tuple[str, datetime]]:
        await run(tmp_path, *r2e, "run")
        letters = []
        for path in (tmp_path / "mail" / "inbox" / "new").iterdir():
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            letters.append((str(letter["Subject"]), parsedate_to_datetime(letter["Date"]).astimezone(UTC)))
            path.unlink()
        return sorted(letters)

    assert await told() == sorted((item.title, item.at) for item in await library.items())
    library.statuses(fmt)
    assert await told() == []
    assert library.statuses(fmt) == [304]
    fresh = await library.add(100, 101)
    assert await told() == sorted((item.title, item.at) for item in fresh)


@needs("sfeed", "sfeed_update", "curl")
@pytest.mark.parametrize("fmt", XML)
async def test_sfeed(library: Library, tmp_path: Path, fmt: str) -> None:
    (tmp_path / "sfeedrc").write_text(
        f'sfeedpath="{tmp_path}/feeds"\nfeeds() {{\n  feed "harbour" "{library.url(fmt)}"\n}}\n', encoding="utf-8"
    )

    async def update() -> list[Item]:
        await run(tmp_path, "sfeed_update", tmp_path / "sfeedrc")
        lines = (tmp_path / "feeds" / "harbour").read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines]
        return sorted((Item(row[5], row[1], row[2], at(float(row[0]))) for row in rows), key=lambda item: item.id)

    async def wanted() -> list[Item]:
        return sorted(await library.items(), key=lambda item: item.id)

    assert await update() == await wanted()
    assert await update() == await wanted(), "a second look adds nothing"
    await library.add(100, 101)
    assert await update() == await wanted()


@needs("rsstail")
@pytest.mark.parametrize("fmt", XML)
async def test_rsstail(library: Library, tmp_path: Path, fmt: str) -> None:
    printed = await run(tmp_path, "rsstail", "-1", "-n", "50", "-p", "-l", "-u", library.url(fmt))
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    titles = [line.removeprefix("Title: ") for line in lines if line.startswith("Title: ")]
    links = [line.removeprefix("Link: ") for line in lines if line.startswith("Link: ")]
    items = await library.items()
    assert sorted(titles) == sorted(item.title for item in items)
    assert sorted(links) == sorted(item.link for item in items)
    dates = [line.removeprefix("Pub.date: ") for line in lines if line.startswith("Pub.date: ")]
    assert sorted(map(_instant, dates)) == sorted(item.at for item in items)


@pytest.mark.parametrize("fmt", FORMATS)
async def test_reader(library: Library, tmp_path: Path, fmt: str) -> None:
    url = library.url(fmt)

    def look() -> tuple[int, list[Item]]:
        with make_reader(str(tmp_path / "reader.db")) as reader:
            reader.add_feed(url, exist_ok=True)
            reader.enable_feed_updates(url)
            updated = reader.update_feed(url)
            kept = [
                Item(entry.id, entry.title or "", entry.link or "", entry.published or at(0))
                for entry in reader.get_entries()
            ]
        return (updated.new if updated else 0), sorted(kept, key=lambda item: item.at, reverse=True)

    def shown(items: list[Item]) -> list[Item]:
        """Return what it should show: of a JSON Feed it takes `url`, our page, not `external_url`, the article."""
        page = f"{library.base}/deltas/"
        return [replace(item, link=page + item.id.rpartition("/")[2]) if fmt == "json" else item for item in items]

    items = shown(await library.items())
    assert await asyncio.to_thread(look) == (len(items), items)
    library.statuses(fmt)
    assert await asyncio.to_thread(look) == (0, items)
    assert library.statuses(fmt) == [304]
    fresh = await library.add(100, 101)
    assert await asyncio.to_thread(look) == (2, shown(fresh) + items)


@pytest.mark.parametrize("fmt", XML)
async def test_feedparser(library: Library, fmt: str) -> None:
    def look(**validators: str) -> Any:
        return feedparser.parse(library.url(fmt), **validators)

    first = await asyncio.to_thread(look)
    assert not first.bozo
    seen = [
        Item(entry.id, entry.title, entry.link, at(calendar.timegm(entry.published_parsed))) for entry in first.entries
    ]
    assert seen == await library.items()
    for validators in ({"etag": first.etag}, {"modified": first.modified}):
        assert (await asyncio.to_thread(look, **validators)).status == 304


@needs("node")
@needs_npm("rss-parser", "feedsmith")
async def test_parsers_under_node(library: Library, tmp_path: Path) -> None:
    script = Path(__file__).with_name("parse_feeds.mjs")
    for numbers in ((), (100, 101)):
        await library.add(*numbers)
        printed = await run(tmp_path, "node", script, NPM, *map(library.url, FORMATS))
        answers = [json.loads(line) for line in printed.splitlines()]
        assert [(each["parser"], each["address"].rpartition(".")[2]) for each in answers] == [
            ("feedsmith", "rss"),
            ("rss-parser", "rss"),
            ("feedsmith", "atom"),
            ("rss-parser", "atom"),
            ("feedsmith", "json"),
        ]
        for each in answers:
            seen = [Item(id_, title, link, _instant(date)) for id_, title, link, date in each["items"]]
            assert seen == await library.items(), (each["parser"], each["address"])


def _instant(text: str) -> datetime:
    instant = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
    return instant.astimezone(UTC).replace(microsecond=0)
