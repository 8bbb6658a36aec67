"""PostgreSQL stopped hard and started again, connections cut, and a transaction whose process froze."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from builders import NOON, STORY, a_comparison, a_decision, a_delta, a_development, a_poll, an_entry
from faults.postgres_replicas import LONG, READY_S, answer, assert_truth, replica, settled, truth_site
from journeys.service_process import until
from journeys.small_story import STORY as FOLLOWED
from patience import patient
from postgres_server import PostgresServer

from service.ports import DeltaFilter
from service.storage.postgres import PostgresStore

_ROUNDS = 5 if LONG else 1
_CUTS = 60 if LONG else 3
_HEALS_S = 30.0
_DELTAS = f"/v1/stories/{FOLLOWED}/deltas"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of the test's own, to stop and start."""
    server = PostgresServer()
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.remove()


async def test_the_service_says_that_its_database_is_gone_and_goes_on_when_it_is_back(
    tmp_path: Path, server: PostgresServer
) -> None:
    async with truth_site(4) as site:
        service = replica(tmp_path, "only", server.url, site)
        async with service:
            await service.ready(READY_S)
            for _ in range(_ROUNDS):
                await settled(server.url, site, READY_S)
                acknowledged = (await answer(service, f"{_DELTAS}?limit=500"))[1]["items"]
                await asyncio.to_thread(server.stop)

                async def says_503() -> bool:
                    return (await answer(service, _DELTAS))[0] == 503

                await until(says_503, 20.0)
                status, problem = await answer(service, _DELTAS)
                assert (status, problem["status"]) == (503, 503)
                assert problem["type"].endswith("#problem-storage_unavailable")
                status, problem = await answer(service, "/readyz")
                assert status == 503
                assert "the store does not answer" in problem["detail"]
                assert (await answer(service, "/healthz"))[0] == 200

                await asyncio.to_thread(server.start)
                begun = time.monotonic()
                await service.ready(_HEALS_S)
                print(f"healed after {time.monotonic() - begun:.1f} s")
                asked = len(site.asked)

                async def polls_again() -> bool:
                    return len(site.asked) > asked + 4  # noqa: B023 (awaited within the round)

                await until(polls_again, _HEALS_S)
                held = (await answer(service, f"{_DELTAS}?limit=500"))[1]["items"]
                assert held[: len(acknowledged)] == acknowledged
            site.grows = False
            await settled(server.url, site, READY_S)
        await assert_truth(server.url, site)


async def test_connections_that_are_cut_again_and_again_lose_nothing(tmp_path: Path, server: PostgresServer) -> None:
    async with truth_site(6) as site:
        service = replica(tmp_path, "only", server.url, site)
        async with service:
            await service.ready(READY_S)
            for _ in range(_CUTS):
                asked = len(site.asked)

                async def polls() -> bool:
                    return len(site.asked) > asked + 6  # noqa: B023 (awaited within the round)

                await until(polls, _HEALS_S)
                with closing(psycopg.connect(server.url, autocommit=True)) as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                        "AND datname = current_database()"
                    )
            site.grows = False
            await service.ready(_HEALS_S)
            await settled(server.url, site, READY_S)
        await assert_truth(server.url, site)


async def test_who_freezes_within_a_transaction_does_not_hold_up_the_others(server: PostgresServer) -> None:
    """The server ends the session that idles, which frees the ledger; the late commit is refused."""
    frozen, other = await PostgresStore.open(server.url), await PostgresStore.open(server.url)
    first, second = an_entry("1"), an_entry("2")
    await other.save_poll(a_poll(first, second))
    holds = asyncio.Event()

    async def freeze() -> None:
        async with frozen._sessions._pool.connection() as connection:
            await connection.execute("SET idle_in_transaction_session_timeout = '1s'")  # ten seconds in service
            await connection.execute("SELECT seq FROM ledger_positions WHERE ledger = 'deltas' FOR UPDATE")
            holds.set()
            await asyncio.Event().wait()

    freezing = asyncio.create_task(freeze())
    await holds.wait()
    told = a_comparison(
        decision=a_decision(entry=second.id, entry_seq=2, decided_at=NOON),
        delta=a_delta(entry=second.id),
        development=a_development(first_entry=second.id),
    )
    async with asyncio.timeout(patient(20)):
        await other.save_comparisons([told])
    freezing.cancel()
    await asyncio.gather(freezing, return_exceptions=True)
    assert len(await other.deltas_after(STORY, 0, 10, DeltaFilter())) == 1
    await frozen.close()
    await other.close()
