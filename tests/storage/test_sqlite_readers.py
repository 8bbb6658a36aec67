"""A SQLite file that is only read: by a second process, while it is written, restored or not there yet."""
# ruff: noqa: ASYNC240, ASYNC251 (nothing else runs on these loops; the writer process answers on standard output)

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import (
    NOON,
    STORY,
    a_comparison,
    a_decision,
    a_delta,
    a_development,
    a_feed,
    a_poll,
    an_entry,
)
from journeys.service_process import until
from storage.writer_process import opened, running

from service.core.errors import StorageError
from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from sqlite_utils import Database


async def test_a_reader_sees_what_a_writer_in_another_process_commits(path: Path) -> None:
    with running("write", path, 1) as (_, output):
        assert output.readline() == "open\n"
        async with opened(path, read_only=True) as reader:
            for _ in range(3):
                number = int(output.readline())
                entry = await reader.entry(an_entry(f"{number}-0").id)
                assert entry is not None


async def test_a_reader_needs_no_writer(path: Path) -> None:
    async with opened(path) as writer:
        await writer.save_poll(a_poll())
    async with opened(path, read_only=True) as reader:
        assert await reader.feed(a_feed().id) == a_feed()
        await reader.check()
    async with opened(path) as writer:
        assert await writer.save_poll(a_poll()) == 0


async def test_a_reader_takes_no_lock(path: Path) -> None:
    async with opened(path):
        pass
    async with opened(path, read_only=True), opened(path, read_only=True), opened(path) as writer:
        await writer.save_poll(a_poll())


async def test_a_reader_follows_a_file_that_was_put_in_the_place_of_its_own(path: Path) -> None:
    other = path.with_name("restored.db")
    for file, link in ((path, "https://news.example/old"), (other, "https://news.example/new")):
        async with opened(file) as writer:
            await writer.save_poll(a_poll(an_entry(url=link)))

    async def links(reader: SqliteStore) -> list[str | None]:
        return [entry.url for entry in await reader.search_entries("", 0, 9)]

    async with opened(path, read_only=True) as reader:
        epoch = (await reader.ledger_state("s")).epoch
        path.unlink()
        assert await links(reader) == ["https://news.example/old"], "while there is no file, the old one is read"
        other.rename(path)

        async def is_new() -> bool:
            return await links(reader) == ["https://news.example/new"]

        await until(is_new, 25)
        assert (await reader.ledger_state("s")).epoch != epoch
        path.unlink()
        path.write_bytes(b"no database" * 100)

        async def is_refused() -> bool:
            try:
                await reader.check()
            except StorageError as error:
                return "not a database" in error.message
            return False

        await until(is_refused, 25)


async def test_where_the_ledger_stands_is_known_as_soon_as_a_page_can_show_it(path: Path) -> None:
    """The loop hears of a commit after other connections see it; a cursor from such a page must not seem too new."""
    async with opened(path) as store:
        entry = an_entry()
        await store.save_poll(a_poll(entry))
        is_begun, may_end = threading.Event(), threading.Event()

        def held(db: Database) -> None:
            is_begun.set()
            assert may_end.wait(60)
            db.execute("INSERT INTO settings (name, value) VALUES ('seen', 'yes')")

        comparison = a_comparison(
            decision=a_decision(entry=entry.id),
            delta=a_delta(entry=entry.id),
            development=a_development(first_entry=entry.id),
        )
        saving = asyncio.create_task(store.save_comparisons([comparison]))
        holding = asyncio.create_task(store.write(held))
        await asyncio.to_thread(is_begun.wait, 60)
        await store.ledger_state(STORY)
        may_end.set()
        with closing(sqlite3.connect(path)) as other:  # without giving way to the loop
            while not other.execute("SELECT 1 FROM settings WHERE name = 'seen'").fetchone():
                time.sleep(0.001)
        assert (await store.ledger_state(STORY)).seq == 1
        await asyncio.gather(saving, holding)


async def test_every_write_through_a_reader_is_refused(path: Path) -> None:
    async with opened(path):
        pass
    async with opened(path, read_only=True) as reader:
        writes = [
            reader.sync_feeds([], NOON),
            reader.add_feeds([], NOON),
            reader.save_poll(a_poll()),
            reader.save_matches("s", 1, []),
            reader.save_comparisons([]),
        ]
        outcomes = await asyncio.gather(*writes, return_exceptions=True)
        assert all(isinstance(outcome, StorageError) and "reading only" in str(outcome) for outcome in outcomes)


async def test_a_reader_answers_a_setting_without_fixing_it(path: Path) -> None:
    async with opened(path) as writer:
        await writer.setting("known", "stored")
    async with opened(path, read_only=True) as reader:
        assert await reader.setting("known", "default") == "stored"
        assert await reader.setting("new", "default") == "default"
    async with opened(path) as writer:
        assert await writer.setting("new", "mine") == "mine"


@pytest.mark.parametrize("name", ["ledger.db", ":memory:"])
async def test_reading_a_missing_file_names_the_remedy_and_creates_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError, match=r"does not exist; start `run`"):
        await SqliteStore.open(tmp_path / name, read_only=True, now=lambda: NOON)
    assert list(tmp_path.iterdir()) == []


async def test_reading_a_file_that_is_not_migrated_names_the_remedy_and_changes_nothing(path: Path) -> None:
    sqlite3.connect(path).close()
    path.touch()
    with pytest.raises(StorageError, match="run migrate"):
        await SqliteStore.open(path, read_only=True, now=lambda: NOON)
    assert path.read_bytes() == b""
