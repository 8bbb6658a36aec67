"""A power cut while a former version's file is migrated: nothing it held is lost, and the next start finishes the work."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from faults import disk_record
from faults.losing_disk import LosingDisk
from journeys.service_process import ROOT, environment, until
from programs import needs
from storage.sqlite_content import content, lost, schema

from service.app import SystemClock
from service.storage.opening import open_store

LONG = os.environ.get("FAULTS") == "long"
CUTS = 400 if LONG else 8
FORMER = ROOT / "tests" / "data" / "databases" / "0.1.0.dev1.sqlite.sql"

_FORBIDDEN = disk_record.why_not()
pytestmark = [needs("strace"), pytest.mark.skipif(_FORBIDDEN is not None, reason=_FORBIDDEN or "")]


async def test_a_power_cut_while_migrating_loses_nothing(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    database, record = run / "news.db", tmp_path / "disk.strace"
    with closing(sqlite3.connect(database)) as db:
        db.executescript(FORMER.read_text(encoding="utf-8"))
        db.execute("PRAGMA journal_mode = WAL")
    before, disk = content(database), LosingDisk()
    disk.hold(str(database), database.read_bytes())

    files = [run / f"news.db{ending}" for ending in ("", "-wal", "-journal")]
    migration = await asyncio.create_subprocess_exec(
        *disk_record.strace(record, [*files, run]),
        sys.executable,
        "-m",
        "service",
        "migrate",
        cwd=run,
        env=environment(run, {"database_url": f"sqlite:///{database}"}),
    )
    assert await migration.wait() == 0

    async def is_written() -> bool:
        return disk_record.has_ended(record, migration.pid)

    await until(is_written, 30.0)
    with record.open(encoding="ascii") as lines:
        calls = list(disk_record.calls(lines))

    chance = random.Random(7)
    moments = {len(calls) // 2, *chance.sample(range(len(calls)), min(CUTS, len(calls)))}
    unfinished = 0
    for number, call in enumerate(calls):
        if number in moments:
            place = tmp_path / f"cut-{number}"
            place.mkdir()
            for name, kept in disk.after_cut(chance).items():
                (place / Path(name).name).write_bytes(kept)
            left = place / "news.db"
            with closing(sqlite3.connect(left)) as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert lost(before, content(left)) == {}
            unfinished += schema(left) != schema(database)
            await (await open_store(str(left), now=SystemClock().now)).close()
            assert lost(before, content(left)) == {}
            assert schema(left) == schema(database)
        disk.do(call)
    print(f"{len(moments)} cuts among {len(calls)} calls, {unfinished} before the migration was done")
    assert disk.whole() == {str(file): file.read_bytes() for file in files if file.is_file()}
    assert unfinished > 0
