"""What only a SQLite file can get wrong: two processes that write, a killed writer, a slow thread, a query that scans."""
# ruff: noqa: ASYNC240, ASYNC251 (nothing else runs on these loops; the writer process answers on standard output)

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import (
    ENTRY,
    NOON,
    STORY,
    a_comparison,
    a_decision,
    a_delta,
    a_fact,
    a_feed,
    a_poll,
    an_entry,
)
from patience import patient
from storage.writer_process import ENTRIES_PER_POLL, opened, running

from service.core.errors import StorageError, StoreLocked
from service.ports import DeltaFilter
from service.storage.sqlite import SqliteStore
from service.storage.sqlite_connections import ConnectionThreads
from service.storage.sqlite_entries import known_entries

# --- one writer ----------------------------------------------------------------------------


async def test_a_second_process_is_told_who_writes_and_what_to_do(path: Path) -> None:
    with running("write", path, 1) as (process, output):
        assert output.readline() == "open\n"
        with pytest.raises(StoreLocked) as refused:
            await SqliteStore.open(path, now=lambda: NOON)
    assert refused.value.message == (
        f"{path} is being written by process {process.pid} (since 2025-02-01T12:00:00+00:00); "
        "stop it, or use `serve`, which only reads"
    )


async def test_a_second_opener_in_the_same_process_is_refused_too(path: Path) -> None:
    async with opened(path):
        with pytest.raises(StoreLocked):
            await SqliteStore.open(path, now=lambda: NOON)


async def test_a_link_to_the_file_meets_the_same_lock(path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)
    async with opened(path):
        with pytest.raises(StoreLocked):
            await SqliteStore.open(link, now=lambda: NOON)


async def test_the_lock_is_free_after_close_and_after_a_failed_opening(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StorageError, match="not an SQLite database"):
        await SqliteStore.open(path, now=lambda: NOON)
    path.unlink()
    for _ in range(2):
        async with opened(path) as store:
            await store.check()


async def test_a_forked_child_does_not_keep_the_lock_of_a_dead_writer(path: Path) -> None:
    with running("fork", path) as (process, output):
        child = int(output.readline())
        try:
            process.kill()
            process.wait()
            async with opened(path) as store:
                await store.check()
        finally:
            os.kill(child, signal.SIGKILL)


# --- the ledger survives -------------------------------------------------------------------


async def test_no_acknowledged_poll_is_lost_or_doubled_when_the_writer_is_killed(path: Path) -> None:
    moments = random.Random(20241211)
    acknowledged: list[int] = []
    next_number = 1
    for _ in range(10):
        with running("write", path, next_number) as (process, output):
            assert output.readline() == "open\n"
            lines = [output.readline() for _ in range(moments.randrange(4))]  # a slow machine writes few in any time
            time.sleep(moments.uniform(0, 0.06))
            process.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in (*lines, *output) if line.endswith("\n")]
        async with opened(path) as store:
            entries = await store.unmatched_entries("test", 10**6)
            assert await store.write(lambda db: db.execute("PRAGMA integrity_check").fetchone()[0]) == "ok"
        stored = [entry.url for entry in entries]
        polls = len(entries) // ENTRIES_PER_POLL
        whole = [(number, part) for number in range(1, polls + 1) for part in range(ENTRIES_PER_POLL)]
        assert stored == [f"https://news.example/{number}-{part}" for number, part in whole]
        assert acknowledged == sorted(set(acknowledged))
        assert polls >= max(acknowledged, default=0)
        next_number = polls + 1
    assert len(acknowledged) > 10


@pytest.mark.parametrize("table", ["entries", "deltas"])
async def test_a_position_is_never_given_out_again(path: Path, table: str) -> None:
    async with opened(path) as store:
        await store.save_poll(a_poll(an_entry(), an_entry("guid-2")))
        second = an_entry("guid-2").id
        await store.save_comparisons(
            [a_comparison(), a_comparison(decision=a_decision(entry=second), delta=a_delta(entry=second))]
        )
    with closing(sqlite3.connect(path)) as db, db:
        assert db.execute(f"DELETE FROM {table} WHERE seq = 2").rowcount == 1  # foreign keys are off here
    third = an_entry("guid-3").id
    async with opened(path) as store:
        await store.save_poll(a_poll(an_entry("guid-3")))
        await store.save_comparisons([a_comparison(decision=a_decision(entry=third), delta=a_delta(entry=third))])
        entry, delta = await store.entry(third), await store.delta(a_delta(entry=third).id)
    assert entry is not None
    assert delta is not None
    assert (entry.seq, delta.seq) == (3, 3)


async def test_closing_leaves_one_file_with_everything_in_it(path: Path) -> None:
    async with opened(path) as store:
        await store.save_poll(a_poll())
    assert {file.name for file in path.parent.iterdir()} == {"ledger.db", "ledger.db.lock"}


async def test_what_was_queued_is_finished_before_closing(path: Path) -> None:
    store = await SqliteStore.open(path, now=lambda: NOON)
    polls = [asyncio.create_task(store.save_poll(a_poll(an_entry(str(number))))) for number in range(20)]
    await asyncio.sleep(0)
    await asyncio.gather(store.close(), store.close())
    assert await asyncio.gather(*polls) == [1] * 20


# --- how it runs ---------------------------------------------------------------------------


async def test_database_work_stays_off_the_event_loop(path: Path) -> None:
    async with opened(path) as store:
        threads = {
            await store.write(lambda _: threading.get_ident()),
            await store.read(lambda _: threading.get_ident()),
        }
    assert len(threads) == 2
    assert threading.get_ident() not in threads


async def test_a_slow_read_delays_neither_another_read_nor_a_write(path: Path) -> None:
    async with opened(path) as store:
        release = threading.Event()
        slow = asyncio.create_task(store.read(lambda _: release.wait(30)))
        try:
            async with asyncio.timeout(patient(20)):
                await store.save_poll(a_poll())
                assert await store.entry(ENTRY) is not None
            assert not slow.done()
        finally:
            release.set()
            assert await slow


async def test_readers_cannot_write(path: Path) -> None:
    async with opened(path) as store:
        with pytest.raises(StorageError, match="readonly"):
            await store.read(lambda db: db.execute("DELETE FROM settings"))


async def test_the_file_is_set_up_to_survive_a_power_cut(path: Path) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "journal_size_limit")
    async with opened(path) as store:
        pragmas = await store.write(
            lambda db: {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in names},
        )
    assert pragmas == dict(zip(names, ("wal", 2, 1, 5000, 64 * 1024 * 1024), strict=True))


async def test_a_poll_of_fifty_entries_is_one_transaction() -> None:
    async with opened(":memory:") as store:
        statements = traced(store)
        await store.save_poll(a_poll(*(an_entry(str(number)) for number in range(50))))
    assert [text for text in statements if text.startswith(("BEGIN", "COMMIT", "SAVEPOINT"))] == ["BEGIN", "COMMIT"]
    assert sum("INSERT INTO entries" in text for text in statements) == 50


async def test_what_a_feed_showed_long_ago_does_not_slow_the_look_up_of_its_items(path: Path) -> None:
    shown = [an_entry(f"now-{number}") for number in range(30)]
    async with opened(path) as store:
        await store.save_poll(a_poll(*shown))
        before = await steps_of_look_up(store, [entry.id for entry in shown])
        await store.save_poll(a_poll(*(an_entry(f"old-{number}") for number in range(1000))))
        assert await steps_of_look_up(store, [entry.id for entry in shown]) < 2 * before


async def steps_of_look_up(store: SqliteStore, keys: list[str]) -> int:
    """Return how many instructions of SQLite's machine it takes to find them all, in dozens."""

    def look_up(db: Any) -> int:
        steps: list[None] = []
        db.conn.set_progress_handler(lambda: steps.append(None), 12)
        assert len(known_entries(db, a_feed().id, keys)) == len(keys)
        db.conn.set_progress_handler(None, 12)
        return len(steps)

    return await store.read(look_up)


async def test_every_ledger_query_walks_an_index() -> None:
    async with opened(":memory:") as store:
        await store.save_poll(a_poll())
        await store.save_comparisons([a_comparison(facts=(a_fact(),))])
        statements = traced(store)
        every = DeltaFilter(thread="bases", type="update", entity="navy", lang="en", min_score=0.5)
        await store.due_feeds(NOON, 10)
        await store.known_entries(a_feed().id, [ENTRY])
        await store.entry(ENTRY)
        await store.revisions(ENTRY)
        await store.search_entries("navy", 0, 10)
        await store.unmatched_entries("s", 10)
        await store.pending(STORY, 10)
        await store.traces(STORY, NOON)
        await store.ledger_state(STORY)
        await store.deltas_after(STORY, 0, 10, every)
        await store.deltas_after(STORY, 0, 10, every, descending=True)
        await store.delta("d-1")
        await store.decisions(STORY, 0, 10, "rejected", 0.1)
        await store.decision(STORY, ENTRY)
        await store.developments(STORY, 10, before=NOON)
        await store.development("v-1")
        await store.facts(STORY)
        queries = [text for text in statements if "SELECT" in text]
        plans = await store.read(
            lambda db: {
                query: [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {query}")] for query in queries
            }
        )
    assert len(plans) > 15
    for query, steps in plans.items():
        for step in steps:
            # What begins at a list of wanted keys sorts no more than that list.
            assert "TEMP B-TREE" not in step or "FROM json_each(" in query, query
            # Walking json_each of one row, or feeds_due, reads only what is wanted.
            assert not step.startswith("SCAN") or "VIRTUAL TABLE" in step or "USING" in step or "CONSTANT" in step, (
                query
            )


async def test_an_entry_of_an_unknown_feed_is_refused_with_its_cause(path: Path) -> None:
    async with opened(path) as store:
        with pytest.raises(StorageError, match=r"ledger\.db: FOREIGN KEY") as refused:
            await store.save_poll(a_poll(an_entry(feed_id="f-unknown")))
    assert isinstance(refused.value.__cause__, sqlite3.IntegrityError)


def traced(store: SqliteStore) -> list[str]:
    """Collect the statements that an in-memory store runs from now on."""
    statements: list[str] = []
    readers = store._readers
    assert isinstance(readers, ConnectionThreads)
    connection: Any = readers._connections[0].conn
    connection.set_trace_callback(lambda text: statements.append(text.strip()))
    return statements
