"""A file system that turns read-only under the running service, as one does after an error of its disk.

Readers are served on, polling pauses, and nothing that was told is missing when the disk has been repaired. Part of
`make faults`, where a disk image may be mounted.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from churn import Ledger
from journeys.service_process import Service, until, write_opml
from journeys.small_story import FOLLOW_UP, STORY, story_folder
from news_site import Item, NewsSite

READY_S = 40.0
DELTAS = f"/v1/stories/{STORY}/deltas"


class Disk:
    """A file system in a file."""

    def __init__(self, folder: Path) -> None:
        self.image, self.place = folder / "disk.img", folder / "disk"
        self.place.mkdir()
        with self.image.open("wb") as file:
            file.truncate(64 * 1024 * 1024)
        self._do("mkfs.ext4", "-q", self.image)
        self.mount()

    def mount(self) -> None:
        self._do("mount", "-o", "loop", self.image, self.place)

    def fail(self) -> None:
        """Do what the file system does when its disk has an error."""
        self._do("mount", "-o", "remount,abort", self.place)

    def repair(self) -> None:
        self._do("umount", self.place)
        checked = subprocess.run(["fsck.ext4", "-y", self.image], capture_output=True, text=True, check=False)
        assert checked.returncode in {0, 1}, checked.stdout  # 1: mended
        self.mount()

    def _do(self, *command: str | Path) -> None:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.skip(f"{command[0]} is not here")
        if done.returncode:
            pytest.skip(f"{command[0]} is not permitted here ({done.stderr.strip()})")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk.place], check=True)


def news(number: int) -> Item:
    link = f"https://news.example/{number}"
    return Item(f"{FOLLOW_UP}, report {number}", None, link, link, datetime.now(UTC))


async def test_a_disk_that_turns_read_only_stops_polling_and_nothing_else(tmp_path: Path, disk: Disk) -> None:
    database = disk.place / "aftermath.db"
    async with NewsSite() as site:
        site.publish("/a.xml", [news(0)])
        settings: dict[str, object] = {
            "feeds": write_opml(tmp_path / "feeds.opml", [site.url("/a.xml")]),
            "stories": story_folder(tmp_path),
            "database_url": f"sqlite:///{database}",
            "poll_max_interval_s": 1,
        }
        service = Service(folder=tmp_path, settings=settings)
        async with service:
            await service.ready(READY_S)

            async def has_told() -> bool:
                return bool((await service.json(DELTAS))["items"])

            await until(has_told, 30.0)
            told = (await service.json(DELTAS))["items"]
            await asyncio.to_thread(disk.fail)
            site.publish("/a.xml", [news(0), news(1)])

            async def is_unready() -> bool:
                return (await service.get("/readyz"))[0] == 503

            await until(is_unready, 30.0)
            print((await service.get("/readyz"))[1].decode())
            assert (await service.get("/healthz"))[0] == 200
            assert (await service.get(f"/feeds/{STORY}.rss"))[0] == 200
            assert (await service.json(DELTAS))["items"] == told
            await service.end(signal.SIGTERM, 60.0)
            assert "Traceback" not in service.log
        await asyncio.to_thread(disk.repair)
        async with service:
            await service.ready(READY_S)

            async def has_both() -> bool:
                return len(await asyncio.to_thread(lambda: Ledger.of(database).newest())) == 2

            await until(has_both, 30.0)
            assert (await service.json(DELTAS))["items"][: len(told)] == told
            assert await service.end(signal.SIGTERM) == 0
        assert "Traceback" not in service.log
