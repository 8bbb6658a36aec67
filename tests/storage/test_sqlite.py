"""What only a SQLite file can get wrong: two processes, a killed writer, an old or foreign file, its journal.

Run as a program this file is the writer that the tests start, lock out and kill.
"""
# ruff: noqa: ASYNC240, ASYNC251 (nothing else runs on these loops; the writer process answers on standard output)

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest
from builders import (
    ENTRY,
    NOON,
    STORY,
    a_comparison,
    a_decision,
    a_delta,
    a_development,
    a_fact,
    a_feed,
    a_poll,
    an_entry,
)
from journeys.service_process import until
from patience import patient

from service.core.errors import StorageError, StoreLocked
from service.ports import DeltaFilter
from service.storage.schema_dump import sqlite_schema
from service.storage.sqlite import SqliteStore
from service.storage.sqlite_connections import ConnectionThreads, connect_memory
from service.storage.sqlite_entries import known_entries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from sqlite_utils import Database

ROOT = Path(__file__).parents[2]
ENTRIES_PER_POLL = 5


# --- the writer process ------------------------------------------------------------------


async def write_polls(path: str, first: int) -> None:
    """Save polls one after the other; print each one's number once it is acknowledged."""
    store = await SqliteStore.open(path, now=lambda: NOON)
    print("open", flush=True)
    for number in range(first, sys.maxsize):
        await store.save_poll(a_poll(*(an_entry(f"{number}-{part}") for part in range(ENTRIES_PER_POLL))))
        print(number, flush=True)


async def hold_and_fork(path: str) -> None:
    """Hold the store with a forked child alive, which prints its process id when it has begun."""
    await SqliteStore.open(path, now=lambda: NOON)
    if os.fork() == 0:
        print(os.getpid(), flush=True)
    signal.pause()


@contextmanager
def running(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """This file as a program, killed at the end if it still lives."""
    process = subprocess.Popen(
        [sys.executable, __file__, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@asynccontextmanager
async def opened(path: Path | str, *, read_only: bool = False) -> AsyncIterator[SqliteStore]:
    store = await SqliteStore.open(path, read_only=read_only, now=lambda: NOON)
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


# --- one writer --------------------------------------------------------------------------


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


# --- reading only ------------------------------------------------------------------------


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


# --- opening -----------------------------------------------------------------------------


async def test_the_folder_of_the_file_is_created(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "inside %41?#" / "ledger.db"
    async with opened(path) as store:
        await store.check()
    assert path.is_file()


async def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"cannot be created .*AFTERMATH_DATABASE_URL"):
        await SqliteStore.open(tmp_path / "file" / "ledger.db", now=lambda: NOON)


async def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.geteuid() == 0:  # whom no mode keeps out: but nobody makes files in here
        folder = Path("/proc/self")
    with pytest.raises(StorageError, match=r"cannot be written .*AFTERMATH_DATABASE_URL"):
        await SqliteStore.open(folder / "ledger.db", now=lambda: NOON)


async def test_a_folder_in_place_of_the_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(StorageError, match=r"ledger\.db: "):
        await SqliteStore.open(tmp_path / "ledger.db", now=lambda: NOON)


async def test_migrating_again_changes_nothing(path: Path) -> None:
    async with opened(path) as store:
        epoch = await store.setting("epoch", "")
        await store.save_poll(a_poll())
    with closing(sqlite3.connect(path)) as db:
        before = list(db.iterdump())
    async with opened(path) as store:
        assert await store.setting("epoch", "") == epoch
    with closing(sqlite3.connect(path)) as db:
        assert list(db.iterdump()) == before


async def test_two_files_have_two_epochs(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db") as one, opened(tmp_path / "b.db") as other:
        assert await one.setting("epoch", "") != await other.setting("epoch", "")


async def test_a_step_that_is_missing_fails_the_check(path: Path) -> None:
    async with opened(path) as store:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0003_epoch'")
        with pytest.raises(StorageError, match="m0003_epoch; run migrate"):
            await store.check()


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_file_of_a_newer_version_is_left_alone(path: Path, *, read_only: bool) -> None:
    async with opened(path):
        pass
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('aftermath', 'm9999_future', '')"
        )
    with pytest.raises(StorageError, match="newer version"):
        await SqliteStore.open(path, read_only=read_only, now=lambda: NOON)


def test_the_schema_dump_is_stable_and_makes_the_schema() -> None:
    schema = sqlite_schema()
    assert schema == sqlite_schema()
    for table in ("feeds", "entries", "entry_heads", "entry_keys", "cursors", "decisions", "developments", "deltas"):
        assert f"CREATE TABLE {table} (\n    " in schema
    assert "CREATE INDEX decisions_pending" in schema
    with closing(connect_memory()) as db:
        db.executescript(schema)
        assert {"facts", "settings", "story_versions"} < set(db.table_names())


# --- the ledger survives -----------------------------------------------------------------


async def test_no_acknowledged_poll_is_lost_or_doubled_when_the_writer_is_killed(path: Path) -> None:
    moments = random.Random(20241211)
    acknowledged: list[int] = []
    next_number = 1
    for _ in range(10):
        with running("write", path, next_number) as (process, output):
            assert output.readline() == "open\n"
            time.sleep(moments.uniform(0, 0.06))
            process.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in output if line.endswith("\n")]
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


# --- how it runs -------------------------------------------------------------------------


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


if __name__ == "__main__":
    if sys.argv[1] == "write":
        asyncio.run(write_polls(sys.argv[2], int(sys.argv[3])))
    else:
        asyncio.run(hold_and_fork(sys.argv[2]))
