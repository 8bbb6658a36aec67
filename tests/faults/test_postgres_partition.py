"""The network between service and PostgreSQL swallows everything for half a minute: no refusal, no reset, just silence.

Part of `make faults`, where packets may be dropped (root, iptables).
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.postgres_replicas import READY_S, answer, assert_truth, replica, rows, settled, truth_site
from journeys.service_process import until
from journeys.small_story import STORY
from postgres_server import PostgresServer

_SILENCE_S = 40.0
_DELTAS = f"/v1/stories/{STORY}/deltas"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of the test's own, on a port of its own."""
    server = PostgresServer()
    try:
        server.create()
        server.start()
        yield server
    finally:
        while _dropped("-D", server.port):  # as often as it was put in
            pass
        server.remove()


def _dropped(order: str, port: int) -> bool:
    """Put in (-I) or take out (-D) the rules that drop what goes to and comes from a port; say whether they were."""
    done = True
    for side in ("--dport", "--sport"):
        rule = ["iptables", order, "INPUT", "-i", "lo", "-p", "tcp", side, str(port), "-j", "DROP"]
        try:
            done = subprocess.run(rule, capture_output=True, check=False).returncode == 0 and done
        except FileNotFoundError:
            return False
    return done


async def _connections(url: str) -> int:
    query = "SELECT count(*) AS open FROM pg_stat_activity WHERE backend_type = 'client backend'"
    return int((await rows(url, query))[0]["open"])


async def test_a_silent_network_is_noticed_told_and_lived_through(tmp_path: Path, server: PostgresServer) -> None:
    async with truth_site(6) as site:
        service = replica(tmp_path, "only", server.url, site)
        async with service:
            await service.ready(READY_S)
            await settled(server.url, site, READY_S)
            told = (await answer(service, f"{_DELTAS}?limit=500"))[1]["items"]
            before = await _connections(server.url)
            if not _dropped("-I", server.port):
                pytest.skip("dropping packets is not permitted here")
            begun = time.monotonic()
            slowest_s, statuses = 0.0, set()
            while time.monotonic() - begun < _SILENCE_S:
                asked = time.monotonic()
                statuses.add((await answer(service, _DELTAS))[0])
                assert (await answer(service, "/healthz"))[0] == 200
                slowest_s = max(slowest_s, time.monotonic() - asked)
                await asyncio.sleep(0.2)
            assert (await answer(service, "/readyz"))[0] == 503
            assert 503 in statuses
            assert _dropped("-D", server.port)
            heard = time.monotonic()
            await service.ready(60.0)
            print(f"slowest answer in the silence {slowest_s:.1f} s, ready {time.monotonic() - heard:.1f} s after it")
            asked_before = len(site.asked)

            async def polls_again() -> bool:
                return len(site.asked) > asked_before + 6

            await until(polls_again, 60.0)
            site.grows = False
            await settled(server.url, site, READY_S)
            held = (await answer(service, f"{_DELTAS}?limit=500"))[1]["items"]
            assert held[: len(told)] == told

            async def has_let_go() -> bool:
                return await _connections(server.url) <= before + 2

            print(f"{before} connections before, {await _connections(server.url)} after")
            await until(has_let_go, 30.0)
        await assert_truth(server.url, site)
    assert "Traceback" not in service.log
