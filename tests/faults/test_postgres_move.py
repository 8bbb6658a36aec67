"""From SQLite to PostgreSQL while the service runs and its feeds churn: copy, stop, copy again, go on."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from faults.postgres_replicas import LONG, READY_S, assert_truth, paged, replica, settled, truth_site
from journeys.service_process import command, until

_COPIES = 10 if LONG else 1


async def test_a_running_service_moves_with_all_it_holds(tmp_path: Path, postgres_url: str) -> None:
    async with truth_site(12 if LONG else 6) as site:
        sqlite = f"sqlite:///{tmp_path / 'news.db'}"
        old = replica(tmp_path, "old", sqlite, site)
        async with old:
            await old.ready(READY_S)
            for _ in range(_COPIES):
                asked = len(site.asked)

                async def goes_on() -> bool:
                    return len(site.asked) > asked + 6  # noqa: B023 (awaited within the round)

                await until(goes_on, 30.0)
                copied = await asyncio.to_thread(
                    command, tmp_path, "migrate", "--to", postgres_url, database_url=sqlite
                )
                assert copied.returncode == 0, copied.stderr
            cursor = (await old.json("/v1/stories/harbour/deltas?limit=2"))["next_cursor"]
            rest = (await old.json(f"/v1/stories/harbour/deltas?limit=500&after={cursor}"))["items"]
            assert await old.end(signal.SIGTERM) == 0
        last = await asyncio.to_thread(command, tmp_path, "migrate", "--to", postgres_url, database_url=sqlite)
        assert last.returncode == 0, last.stderr

        new = replica(tmp_path, "new", postgres_url, site)
        async with new:
            await new.ready(READY_S)
            # A cursor of before goes on where it stood.
            page = (await new.json(f"/v1/stories/harbour/deltas?limit=500&after={cursor}"))["items"]
            assert page[: len(rest)] == rest
            site.grows = False
            await settled(postgres_url, site, READY_S)
            again = await asyncio.to_thread(command, tmp_path, "migrate", "--to", postgres_url, database_url=sqlite)
            assert again.returncode == 1
            assert "a service has written" in again.stderr
            assert len(await paged(new)) == await assert_truth(postgres_url, site)
