"""A power cut at any moment takes no delta that was served, and the service goes on from what the disk has kept.

The running service is recorded by strace; the disk is then imagined to fail at random moments of that record. `make
faults` records longer, cuts more often, and shows that a store which does not wait for the disk is found out.
"""

# ruff: noqa: ASYNC240 (nothing else runs on these loops but the site, which may wait)

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from churn import ChurningSite, Ledger, match_cursor, revisions_by_url
from faults import disk_record
from faults.disk_record import DiskCall
from faults.losing_disk import LosingDisk
from journeys.service_process import Service, until, write_opml
from journeys.small_story import STORY, story_folder
from news_site import NewsSite
from programs import needs

LONG = os.environ.get("FAULTS") == "long"
SEED = 20241208
FEEDS = 8
READY_S = 40.0
SESSIONS = (signal.SIGTERM, signal.SIGKILL) if LONG else (signal.SIGTERM,)  # which end writes the journal into the file
DELTAS_A_SESSION = 60 if LONG else 5
CUTS = 1500 if LONG else 40
GOES_ON = 50 if LONG else 1
CARELESS = str(Path(__file__).with_name("careless_service.py"))

Row = dict[str, Any]

_FORBIDDEN = disk_record.why_not()
pytestmark = [needs("strace"), pytest.mark.skipif(_FORBIDDEN is not None, reason=_FORBIDDEN or "")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A service with a reader, and what it left: ended in good order, in the long form started again and killed."""

    calls: list[DiskCall]
    told: list[tuple[float, str]]  # when a reader held which delta
    ledger: Ledger
    files: dict[str, bytes]  # as they were left, by path


@dataclass(slots=True)
class Setting:
    """What stays the same for all who run: the site and the settings."""

    site: ChurningSite
    settings: dict[str, object]

    async def recorded(self, folder: Path, *, program: tuple[str, ...] = ("-m", "service")) -> Recorded:
        """Run the service with a reader, and record what it asks of the disk."""
        folder.mkdir()
        database = folder / "aftermath.db"
        files = [database, folder / "aftermath.db-wal", folder / "aftermath.db-journal", folder]
        told: dict[str, float] = {}
        calls: list[DiskCall] = []
        for last, by in enumerate(SESSIONS):
            part = folder / f"disk-{last}.strace"
            service = Service(
                folder=folder, settings=self.settings, before=disk_record.strace(part, files), program=program
            )
            async with service:
                await service.ready(READY_S)
                assert service.process is not None
                pid = service.process.pid
                reading = asyncio.create_task(_read(service, told))
                enough = len(told) + DELTAS_A_SESSION

                async def has_enough() -> bool:
                    return len(told) >= enough  # noqa: B023 (awaited within the round)

                await until(has_enough, 600.0 if LONG else 60.0)
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
                await service.end(by)

            async def is_written() -> bool:
                return disk_record.has_ended(part, pid)  # noqa: B023 (awaited within the round)

            await until(is_written, 30.0)
            with part.open(encoding="ascii") as lines:
                calls += disk_record.calls(lines)
        left = {str(file): file.read_bytes() for file in files[:3] if file.is_file()}  # before anybody opens them
        return Recorded(
            calls=calls, told=[(at, delta) for delta, at in told.items()], ledger=Ledger.of(database), files=left
        )


async def _read(service: Service, told: dict[str, float]) -> None:
    """Read deltas as they come, noting when each was held."""
    cursor = ""
    while True:
        page = await service.json(f"/v1/stories/{STORY}/deltas?limit=100{f'&after={cursor}' if cursor else ''}")
        at = disk_record.now()
        for delta in page["items"]:
            told.setdefault(delta["id"], at)
        cursor = page["next_cursor"]
        await asyncio.sleep(0.05)


@dataclass(slots=True)
class Cuts:
    """What cuts at random moments of a record did."""

    number: int = 0
    lost: int = 0  # deltas that a reader held before
    damaged: list[str] = field(default_factory=list)  # what was wrong with files, one a cut
    kept: list[tuple[Path, list[Row]]] = field(default_factory=list)  # some folders as a cut left them, with the deltas

    def __str__(self) -> str:
        return f"{self.number} cuts, {self.lost} served deltas lost, {len(self.damaged)} files damaged"


def cut(recorded: Recorded, folder: Path, chance: random.Random, *, cuts: int = CUTS, lies: bool = False) -> Cuts:
    """Cut the power at random moments, the last one among them, and look at what is left."""
    disk, found = LosingDisk(lies=lies), Cuts()
    last = len(recorded.calls) - 1
    moments = {last, *chance.sample(range(last), min(cuts, last))}
    kept = set(chance.sample(sorted(moments), GOES_ON))
    for number, call in enumerate(recorded.calls):
        if number in moments:
            told = {delta for at, delta in recorded.told if at < call.begun_at}
            place = folder / f"cut-{number}"
            place.mkdir(parents=True)
            for name, content in disk.after_cut(chance).items():
                (place / Path(name).name).write_bytes(content)
            if chance.random() < 0.5:  # no call writes the index of the journal; of an old one anything may be left
                (place / "aftermath.db-shm").write_bytes(chance.randbytes(32768))
            found.number += 1
            try:
                deltas = _deltas_kept(place / "aftermath.db", recorded.ledger)
            except (sqlite3.DatabaseError, AssertionError) as error:
                found.damaged.append(f"before call {number}: {error}"[:500])
            else:
                found.lost += len(told - {delta["id"] for delta in deltas})
                if number in kept:
                    found.kept.append((place, deltas))
            if number not in kept:
                shutil.rmtree(place)
        disk.do(call)
    return found


def _deltas_kept(database: Path, ledger: Ledger) -> list[Row]:
    """Return the deltas in a file after a cut; assert that it is whole, and what the ledger was at some moment."""
    with closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        assert [row[0] for row in db.execute("PRAGMA integrity_check")] == ["ok"]
        tables = {row["name"] for row in db.execute("SELECT name FROM sqlite_master")}
        held = {
            table: [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY seq")] if table in tables else []
            for table in ("entries", "deltas")
        }
    assert held["entries"] == ledger.entries[: len(held["entries"])]
    assert held["deltas"] == ledger.deltas[: len(held["deltas"])]
    return held["deltas"]


def _is_settled(database: Path, final: dict[str | None, str]) -> bool:
    """Say whether all that the feeds show is stored, matched and compared; what has left them may be there, too."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        newest, pending = db.execute(
            "SELECT (SELECT max(seq) FROM entries), (SELECT count(*) FROM decisions WHERE outcome = 'pending')"
        ).fetchone()
    if pending or not newest or match_cursor(database) != newest:
        return False
    return final.items() <= Ledger.of(database).newest().items()


async def goes_on(setting: Setting, folder: Path, deltas: Sequence[Row]) -> None:
    """Start the service on what a cut has left; nothing may be missing or there twice in the end."""
    final = {item.link: item.title for items in setting.site.shown.values() for item in items}
    async with Service(folder=folder, settings=setting.settings) as service:
        await service.ready(READY_S)

        async def is_settled() -> bool:
            return await asyncio.to_thread(_is_settled, folder / "aftermath.db", final)

        await until(is_settled, 60.0)
        assert await service.end(signal.SIGTERM) == 0
        assert "Traceback" not in service.log
    ledger = Ledger.of(folder / "aftermath.db")
    assert ledger.deltas[: len(deltas)] == deltas
    decided = [decision["delta"] for decision in ledger.decisions if decision["outcome"] == "delta"]
    assert sorted(decided) == sorted(delta["id"] for delta in ledger.deltas)
    for url, revisions in revisions_by_url(ledger):
        assert len({entry["entry_id"] for entry in revisions}) == 1, url
        assert len({entry["title"] for entry in revisions}) == len(revisions), url


@pytest.mark.timeout(3600 if LONG else 900)
async def test_a_power_cut_takes_nothing_that_was_served(tmp_path: Path) -> None:
    site = ChurningSite(random.Random(SEED), datetime.now(UTC), most_items=30)
    async with NewsSite() as server:
        paths = [f"/{number}.xml" for number in range(FEEDS)]
        for path in paths:
            server.answer(path, site.feed)
        opml = write_opml(tmp_path / "feeds.opml", [server.url(path) for path in paths])
        settings: dict[str, object] = {"feeds": opml, "stories": story_folder(tmp_path), "poll_max_interval_s": 1}
        setting = Setting(site, settings)

        recorded = await setting.recorded(tmp_path / "run")
        whole = LosingDisk()
        for call in recorded.calls:
            whole.do(call)
        assert whole.whole() == recorded.files  # so nothing that matters went unrecorded

        chance = random.Random(SEED)
        found = await asyncio.to_thread(cut, recorded, tmp_path / "cuts", chance)
        print(f"{len(recorded.calls)} calls, {len(recorded.told)} deltas served: {found}")
        assert (found.lost, found.damaged) == (0, [])

        # The same moments on a disk that only says that it waits: who finds nothing there would find nothing anywhere.
        lying = await asyncio.to_thread(cut, recorded, tmp_path / "lying", chance, cuts=CUTS // 4, lies=True)
        print(f"on a disk that lies: {lying}")
        assert lying.lost >= len(recorded.told)

        if LONG:
            careless = await setting.recorded(tmp_path / "careless", program=(CARELESS,))
            lossy = await asyncio.to_thread(cut, careless, tmp_path / "careless-cuts", chance)
            print(f"synchronous=NORMAL: {lossy}")
            assert lossy.lost > 0

        site.is_frozen = True
        for folder, deltas in found.kept:
            await goes_on(setting, folder, deltas)
        print(f"gone on {len(found.kept)} times")
