"""Backups and exports taken while feeds churn are whole, and a service restored from one goes on from there."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from churn import ChurningSite, Ledger, deltas_read
from journeys.service_process import Service, command, until, write_opml
from journeys.small_story import STORY, story_folder
from news_site import NewsSite

LONG = os.environ.get("FAULTS") == "long"
FEEDS = 20 if LONG else 6
ROUNDS = 10 if LONG else 1
READY_S = 40.0
DELTAS = f"/v1/stories/{STORY}/deltas"


@asynccontextmanager
async def churning(folder: Path) -> AsyncIterator[tuple[ChurningSite, dict[str, object]]]:
    """A site of some feeds, and the settings of a service that polls them every second."""
    site = ChurningSite(random.Random(folder.name), datetime.now(UTC), most_items=30)
    async with NewsSite() as server:
        paths = [f"/{number}.xml" for number in range(FEEDS)]
        for path in paths:
            server.answer(path, site.feed)
        feeds = write_opml(folder / "feeds.opml", [server.url(path) for path in paths])
        yield site, {"feeds": feeds, "stories": story_folder(folder), "poll_max_interval_s": 1}


async def until_deltas(service: Service, enough: Callable[[int], bool]) -> None:
    async def there() -> bool:
        return enough(len(await deltas_read(service)))

    await until(there, 60.0)


async def test_a_backup_and_an_export_under_load_restore_to_what_was_there(tmp_path: Path) -> None:
    async with churning(tmp_path) as (_, settings):

        async def call(*arguments: str | Path, **more: object) -> str:
            done = await asyncio.to_thread(command, tmp_path, *arguments, **settings, **more)
            assert done.returncode == 0, done.stderr
            return done.stdout

        async with Service(folder=tmp_path, settings=settings) as service:
            await service.ready(READY_S)
            await until_deltas(service, lambda count: count >= 8)
            copied = 0
            for number in range(ROUNDS):
                copy = f"copy-{number}.db"
                await asyncio.gather(call("backup", copy), call("export", "-o", f"ledgers-{number}.jsonl"))
                copied = len(Ledger.of(tmp_path / copy).deltas)
                await until_deltas(service, lambda count: count > copied)  # noqa: B023 (awaited within the round)
            late_cursor = (await service.json(f"{DELTAS}?limit=500"))["next_cursor"]
            assert await service.end(signal.SIGTERM) == 0

        whole = Ledger.of(tmp_path / "aftermath.db")
        for number in range(ROUNDS):
            _is_beginning(Ledger.of(tmp_path / f"copy-{number}.db"), whole)
        last_copy, last_export = f"copy-{ROUNDS - 1}.db", f"ledgers-{ROUNDS - 1}.jsonl"
        backup = Ledger.of(tmp_path / last_copy)

        # export → import gives the same ledgers, and the same export again
        imported = f"sqlite:///{tmp_path / 'imported.db'}"
        await call("import", last_export, database_url=imported)
        await call("export", "-o", "again.jsonl", database_url=imported)
        assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / last_export).read_bytes()
        _is_beginning(Ledger.of(tmp_path / "imported.db"), whole)

        # a service on the restored file goes on: positions above, old cursors beyond the backup are told
        restored = f"sqlite:///{tmp_path / 'restored.db'}"
        await call("restore", last_copy, database_url=restored)
        assert Ledger.of(tmp_path / "restored.db") == backup
        async with Service(folder=tmp_path, settings={**settings, "database_url": restored}) as service:
            await service.ready(READY_S)
            await until_deltas(service, lambda count: count > copied)
            url = f"{service.address}{DELTAS}?after={late_cursor}"
            async with aiohttp.ClientSession() as http, http.get(url) as gone:
                assert gone.status == 410
                oldest = (await gone.json())["oldest_cursor"]
            read = await deltas_read(service, oldest)
            assert await service.end(signal.SIGTERM) == 0
        ledger = Ledger.of(tmp_path / "restored.db")
        assert [delta["seq"] for delta in read] == [delta["seq"] for delta in ledger.deltas][: len(read)]
        assert ledger.deltas[: len(backup.deltas)] == backup.deltas
        assert min(delta["seq"] for delta in ledger.deltas[len(backup.deltas) :]) > max(
            delta["seq"] for delta in backup.deltas
        )


def _is_beginning(part: Ledger, whole: Ledger) -> None:
    """Assert that one ledger is what the other was at some moment."""
    assert part.deltas == whole.deltas[: len(part.deltas)] != []
    assert part.entries == whole.entries[: len(part.entries)] != []
    decided = {(each["story"], each["entry_id"], each["revision"]): each["delta"] for each in part.decisions}
    assert {delta["id"] for delta in part.deltas} <= set(decided.values())
