"""A disk that fills up under a running service: reading goes on, polling pauses, and both are whole once there is room."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from journeys.service_process import Service, until, write_opml
from journeys.small_story import FOLLOW_UP, STORY, story_folder
from news_site import Item, NewsSite

READY_S = 40.0
DELTAS = f"/v1/stories/{STORY}/deltas"
SIZE = "4m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"mounting a small disk is not permitted here ({mounted.stderr.strip()})")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(place: Path) -> Path:
    """Use up all that is left."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 4096):
            pass
    return ballast


def news(number: int) -> Item:
    link = f"https://news.example/{number}"
    return Item(f"{FOLLOW_UP}, report {number}", "word " * 3000, link, link, datetime.now(UTC))


async def test_a_full_disk_pauses_polling_and_nothing_else(tmp_path: Path, small_disk: Path) -> None:
    async with NewsSite() as site:
        site.publish("/a.xml", [news(0)])
        settings: dict[str, object] = {
            "feeds": write_opml(tmp_path / "feeds.opml", [site.url("/a.xml")]),
            "stories": story_folder(tmp_path),
            "database_url": f"sqlite:///{small_disk / 'aftermath.db'}",
            "poll_max_interval_s": 1,
        }
        async with Service(folder=tmp_path, settings=settings) as service:
            await service.ready(READY_S)

            async def told(count: int) -> None:
                async def there() -> bool:
                    return len((await service.json(DELTAS))["items"]) >= count

                await until(there, 30.0)

            await told(1)
            ballast = await asyncio.to_thread(fill, small_disk)
            shown = [news(0)]

            async def is_unready() -> bool:
                shown.append(news(len(shown)))  # more and more, until it no longer fits into what the journal has left
                site.publish("/a.xml", shown)
                return (await service.get("/readyz"))[0] == 503

            await until(is_unready, 30.0)
            status, answer = await service.get("/readyz")
            assert status == 503
            assert "free some disk space" in answer.decode()
            assert (await service.get("/healthz"))[0] == 200
            assert (await service.get(f"/feeds/{STORY}.rss"))[0] == 200
            assert (await service.json(DELTAS))["items"]

            # The store tries its writing now and then; a publisher is not asked meanwhile.
            asked = len(site.to("/a.xml"))

            async def was_tried_again() -> bool:
                return (await service.get("/readyz"))[0] == 503

            for _ in range(3):
                await until(was_tried_again, 10.0)
                await asyncio.sleep(1.0)  # longer than the interval at which the feed is due
            assert len(site.to("/a.xml")) <= asked + 1  # one may have been under way

            ballast.unlink()

            async def is_ready() -> bool:
                return (await service.get("/readyz"))[0] == 200

            await until(is_ready, 30.0)
            site.publish("/a.xml", shown)

            async def has_all() -> bool:
                found = await service.json("/v1/entries?q=report&limit=500")
                return len(found["items"]) == len(shown)

            await until(has_all, 30.0)
            assert service.log.count("polling pauses") >= 1
            assert service.log.count("polling resumes") >= 1
            assert "Traceback" not in service.log
            assert await service.end(signal.SIGTERM) == 0
