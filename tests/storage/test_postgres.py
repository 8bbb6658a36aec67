"""What the PostgreSQL store promises beyond the Store contract: many processes at once, start-up, and its errors."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from builders import STORY, a_comparison, a_decision, a_delta, a_development, a_fact, a_poll, an_entry

from service.core.errors import Stale, StorageError
from service.ports import DeltaFilter
from service.storage.postgres import PostgresStore
from service.storage.postgres_migrations import steps

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from postgres_server import Databases

    from service.core.model import Comparison


@asynccontextmanager
async def opened(url: str, *, read_only: bool = False) -> AsyncIterator[PostgresStore]:
    store = await PostgresStore.open(url, read_only=read_only)
    try:
        yield store
    finally:
        await store.close()


async def save_entries(store: PostgresStore, *keys: str) -> list[str]:
    entries = [an_entry(key) for key in keys]
    await store.save_poll(a_poll(*entries))
    return [entry.id for entry in entries]


def told(entry: str, seq: int = 1) -> Comparison:
    return a_comparison(
        decision=a_decision(entry=entry, entry_seq=seq),
        delta=a_delta(entry=entry),
        development=a_development(first_entry=entry),
    )


# --- ledgers -----------------------------------------------------------------------------


async def test_a_reader_sees_every_position_once_and_in_order_while_many_write(postgres_url: str) -> None:
    chance = random.Random(7)
    writers, each = 6, 8
    async with opened(postgres_url) as first, opened(postgres_url) as second:
        for writer in range(writers):
            await save_entries(first, *(f"w{writer}-{number}" for number in range(each)))
        entries = {entry.id: entry.seq for entry in await first.unmatched_entries("all", 1000)}

        async def write(store: PostgresStore, writer: int) -> None:
            for number in range(each):
                entry = an_entry(f"w{writer}-{number}").id
                await store.save_comparisons([told(entry, entries[entry])])
                await store.save_poll(a_poll(an_entry(f"late-{writer}-{number}")))
                await asyncio.sleep(chance.uniform(0.0, 0.01))

        done = asyncio.Event()

        async def read() -> tuple[list[int], list[int]]:
            deltas: list[int] = []
            arrived: list[int] = []
            while True:
                last = done.is_set()  # asked first, so that the last look comes after the last write
                page = await second.deltas_after(STORY, deltas[-1] if deltas else 0, 5, DeltaFilter())
                deltas += [delta.seq for delta in page]
                waiting = await second.unmatched_entries("reader", 5)
                if waiting:
                    arrived += [entry.seq for entry in waiting]
                    await second.save_matches("reader", waiting[-1].seq, [])
                if last and not page and not waiting:
                    return deltas, arrived

        reading = asyncio.create_task(read())
        await asyncio.gather(*(write((first, second)[writer % 2], writer) for writer in range(writers)))
        done.set()
        deltas, arrived = await reading

    assert deltas == list(range(1, writers * each + 1))
    assert arrived == list(range(1, 2 * writers * each + 1))


async def test_positions_have_no_gaps_whatever_was_repeated_or_failed(postgres_url: str) -> None:
    async with opened(postgres_url) as store:
        first, second = await save_entries(store, "1", "2")
        await save_entries(store, "1", "2", "3")
        await store.save_comparisons([a_comparison(decision=a_decision(entry=first), facts=(a_fact(),))])
        with pytest.raises(StorageError):
            await store.save_comparisons([told(second, 2), told("e-unknown", 9)])
        await store.save_comparisons([told(first), told(second, 2)])

        assert [entry.seq for entry in await store.unmatched_entries("s", 10)] == [1, 2, 3]
        deltas = await store.deltas_after(STORY, 0, 10, DeltaFilter())
        assert [delta.seq for delta in deltas] == list(range(1, len(deltas) + 1))


async def test_of_two_who_compare_the_same_state_one_is_refused(postgres_url: str) -> None:
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        first, second = await save_entries(one, "1", "2")
        base = (await one.ledger_state(STORY)).compared
        results = await asyncio.gather(
            one.save_comparisons([told(first)], base=base),
            other.save_comparisons([told(second, 2)], base=base),
            return_exceptions=True,
        )
        assert [type(result) for result in results if result is not None] == [Stale]
        assert len(await one.deltas_after(STORY, 0, 10, DeltaFilter())) == 1


async def test_whoever_waits_for_each_other_is_not_told(postgres_url: str) -> None:
    """Two polls that put off each other's feed lock both in opposite order; the one that is ended begins again."""
    async with opened(postgres_url) as store:
        entries = [f"{number}" for number in range(30)]
        await asyncio.gather(*(save_entries(store, *entries[number:], *entries[:number]) for number in range(6)))
        assert len(await store.unmatched_entries("s", 100)) == len(entries)


# --- opening -----------------------------------------------------------------------------


async def test_processes_that_start_together_migrate_once(postgres: Databases) -> None:
    with postgres.blank_database() as url:
        stores = await asyncio.gather(*(PostgresStore.open(url) for _ in range(3)))
        epochs = {await store.setting("epoch", "none") for store in stores}
        for store in stores:
            await store.check()
            await store.close()
        assert len(epochs) == 1
        assert "none" not in epochs


async def test_a_store_that_was_never_migrated_says_so_and_is_left_alone_by_readers(postgres: Databases) -> None:
    with postgres.blank_database() as url:
        with pytest.raises(StorageError, match=r"0001_ledgers.*run migrate"):
            await PostgresStore.open(url, read_only=True)
        async with await psycopg.AsyncConnection.connect(url) as connection:
            found = await (
                await connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            ).fetchone()
        assert found == (0,)


async def test_an_older_version_runs_beside_a_newer_schema(postgres_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(postgres_url) as connection:
        await connection.execute("INSERT INTO migrations (name) VALUES ('9999_later')")
    try:
        async with opened(postgres_url) as store:
            await store.check()
            assert await save_entries(store, "1")
    finally:
        async with await psycopg.AsyncConnection.connect(postgres_url) as connection:
            await connection.execute("DELETE FROM migrations WHERE name = '9999_later'")


async def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    with pytest.raises(StorageError) as caught:
        await PostgresStore.open("postgresql://me:secret@127.0.0.1:1/news")
    assert "postgresql://127.0.0.1:1/news" in caught.value.message
    assert "check that the server runs" in caught.value.message
    assert "secret" not in caught.value.message


async def test_a_database_that_is_not_there_says_which_setting_to_correct(postgres_url: str) -> None:
    with pytest.raises(StorageError, match="AFTERMATH_DATABASE_URL"):
        await PostgresStore.open(postgres_url + "_no")


async def test_a_closed_store_says_so(postgres_url: str) -> None:
    async with opened(postgres_url) as store:
        pass
    with pytest.raises(StorageError):
        await store.feeds()


async def test_sessions_that_the_server_ended_are_replaced_unnoticed(postgres_url: str) -> None:
    async with opened(postgres_url) as store:
        await asyncio.gather(*(store.feeds() for _ in range(8)))
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert await asyncio.gather(*(store.feeds() for _ in range(20))) == [[]] * 20


# --- migrations --------------------------------------------------------------------------


def test_steps_are_numbered_and_each_says_why() -> None:
    assert len({step.name[:4] for step in steps()}) == len(steps())
    assert all(step.sql.startswith("-- ") for step in steps())
