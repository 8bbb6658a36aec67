"""Saves that share a commit, and what happens when the file cannot be written: full, taken away, replaced, damaged."""
# ruff: noqa: ASYNC240 (nothing else runs on these loops)

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import NOON, a_feed, a_poll, an_entry

from service.core.errors import StorageError
from service.core.model import PollWrite
from service.storage import sqlite_writer
from service.storage.sqlite import SqliteStore
from service.storage.sqlite_writer import Writer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

POLLS = 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture(autouse=True)
def no_pause_between_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_writer, "_PROBE_PAUSE_S", 0.0)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteStore]:
    store = await SqliteStore.open(path, now=lambda: NOON)
    try:
        yield store
    finally:
        await store.close()


def connection_of(store: SqliteStore) -> Any:
    assert isinstance(store._writer, Writer)
    return store._writer._db.conn


@asynccontextmanager
async def held_up(store: SqliteStore) -> AsyncIterator[None]:
    """Keep the writer's thread busy, so that what is saved in this block waits, and ends up in one commit."""
    release, begun = threading.Event(), threading.Event()

    def wait(_db: Any) -> None:
        begun.set()
        release.wait(30)

    busy = asyncio.create_task(store.write(wait))
    try:
        await asyncio.to_thread(begun.wait, 30)
        yield
        await asyncio.sleep(0)  # the saves begun in this block enter the queue
    finally:
        release.set()
    await busy


async def limit_pages(store: SqliteStore, more: int | None) -> None:
    """Let the file grow by so many pages, and no further: what a full disk looks like to SQLite."""

    def limit(db: Any) -> None:
        used = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {2**30 if more is None else used + more}").fetchone()

    await store.write(limit)


async def test_saves_that_wait_together_share_a_commit_and_each_gets_its_own_answer(path: Path) -> None:
    async with opened(path) as store:
        statements: list[str] = []
        async with held_up(store):
            connection_of(store).set_trace_callback(statements.append)
            saves = [
                asyncio.create_task(store.save_poll(a_poll(*(an_entry(f"{n}-{k}") for k in range(n)), feed=a_feed())))
                for n in range(1, POLLS + 1)
            ]
        assert await asyncio.gather(*saves) == list(range(1, POLLS + 1))
        assert statements.count("COMMIT") == 2  # the one that held up, and theirs
        order = [entry.url for entry in await store.unmatched_entries("all", 1000)]
    assert order == [f"https://news.example/{n}-{k}" for n in range(1, POLLS + 1) for k in range(n)]


async def test_a_save_that_fails_among_others_fails_alone(path: Path) -> None:
    async with opened(path) as store:
        async with held_up(store):
            polls = [a_poll(an_entry("1")), a_poll(an_entry("2", feed_id="f-unknown")), a_poll(an_entry("3"))]
            saves = [asyncio.create_task(store.save_poll(poll)) for poll in polls]
        first, second, third = await asyncio.gather(*saves, return_exceptions=True)
        assert (first, third) == (1, 1)
        assert isinstance(second, StorageError)
        await store.check()  # that was the save's own fault
        assert len(await store.unmatched_entries("all", 10)) == 2


async def test_a_save_given_up_while_it_waits_is_not_done(path: Path) -> None:
    async with opened(path) as store:
        async with held_up(store):
            saves = [asyncio.create_task(store.save_poll(a_poll(an_entry(str(n))))) for n in range(3)]
            await asyncio.sleep(0)
            saves[1].cancel()
        await asyncio.gather(*saves, return_exceptions=True)
        assert [entry.url for entry in await store.unmatched_entries("all", 10)] == [
            "https://news.example/0",
            "https://news.example/2",
        ]


async def test_what_fits_on_a_full_disk_is_kept_and_what_does_not_is_undone_as_a_whole(path: Path) -> None:
    async with opened(path) as store:
        await store.save_poll(a_poll(an_entry("before")))
        await limit_pages(store, 3)
        async with held_up(store):
            large = [an_entry(f"large-{n}", summary="word " * 500) for n in range(POLLS)]
            saves = [
                asyncio.create_task(store.save_poll(each))
                for each in (a_poll(an_entry("small")), a_poll(*large), PollWrite(feed=a_feed(polls=7)))
            ]
        small, too_large, state = await asyncio.gather(*saves, return_exceptions=True)
        assert (small, state) == (1, 0)
        assert isinstance(too_large, StorageError)
        assert "free some disk space" in too_large.message
        assert [entry.url for entry in await store.unmatched_entries("all", 100)] == [
            "https://news.example/before",
            "https://news.example/small",
        ]


async def test_a_full_disk_is_said_until_there_is_room_again_and_reading_goes_on(path: Path) -> None:
    async with opened(path) as store:
        await store.save_poll(a_poll(an_entry("before")))
        await store.check_writing()
        await limit_pages(store, 0)
        with pytest.raises(StorageError, match="free some disk space"):
            await store.save_poll(a_poll(*(an_entry(str(n), summary="word " * 500) for n in range(POLLS))))
        for _ in range(2):
            with pytest.raises(StorageError, match="free some disk space"):
                await store.check()
        assert await store.entry(an_entry("before").id) is not None
        # Room comes while nothing is saved: the store finds that out by itself.
        connection_of(store).execute(f"PRAGMA max_page_count = {2**30}").fetchone()
        await store.check()
        assert await store.setting("write probe", "") == ""
        assert await store.save_poll(a_poll(an_entry("after"))) == 1


async def test_nothing_is_written_to_a_file_that_was_taken_away_until_it_is_back(path: Path) -> None:
    elsewhere = path.with_name("elsewhere.db")
    async with opened(path) as store:
        await store.save_poll(a_poll(an_entry("before")))
        path.rename(elsewhere)
        with pytest.raises(StorageError, match="is gone; nothing is written until you put it back"):
            await store.save_poll(a_poll(an_entry("lost?")))
        with pytest.raises(StorageError, match="is gone"):
            await store.check()
        assert await store.entry(an_entry("before").id) is not None
        elsewhere.rename(path)
        await store.check()
        assert await store.save_poll(a_poll(an_entry("after"))) == 1


async def test_another_file_in_its_place_is_left_alone(path: Path) -> None:
    async with opened(path) as store:
        await store.save_poll(a_poll(an_entry("before")))
        copy = path.with_name("copy.db")
        shutil.copy(path, copy)
        copy.rename(path)
        held = path.read_bytes()
        with pytest.raises(StorageError, match=r"another file than the one this process opened.*restart the service"):
            await store.save_poll(a_poll(an_entry("lost?")))
        assert path.read_bytes() == held


async def test_damage_found_by_a_save_is_said_until_the_file_is_replaced(path: Path) -> None:
    async with opened(path) as store:
        await store.save_poll(a_poll(*(an_entry(str(n), summary="word " * 500) for n in range(POLLS))))
    with closing(sqlite3.connect(path)) as db:
        [(page,)] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_entries_1'")
    async with opened(path) as store:
        with path.open("r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 4096)
        connection_of(store).execute("PRAGMA shrink_memory")  # the start looked at every page and kept it
        with pytest.raises(StorageError, match="the file is damaged; restore a backup"):
            await store.save_poll(a_poll(an_entry("new")))
        for _ in range(2):
            with pytest.raises(StorageError, match="damaged"):
                await store.check()
        assert len(await store.feeds()) == 1


async def test_a_journal_that_readers_keep_long_is_begun_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_writer, "_LONG_WAL_BYTES", 256 * 1024)
    monkeypatch.setattr(sqlite_writer, "_WAL_PAUSE_S", 0.0)
    monkeypatch.setattr(sqlite_writer, "_WAL_WAIT_MS", 1)
    wal = path.with_name("ledger.db-wal")
    async with opened(path) as store:
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entries").fetchone()  # from now on it holds on to this state
            for n in range(40):
                await store.save_poll(a_poll(an_entry(str(n), summary="word " * 2000)))
            grown = wal.stat().st_size
            assert grown > 2 * 256 * 1024
        for n in range(40, 80):
            await store.save_poll(a_poll(an_entry(str(n), summary="word " * 2000)))
        assert wal.stat().st_size <= grown
        assert len(await store.unmatched_entries("all", 100)) == 80
