"""A file of any earlier version is brought up to date with all it holds, and a copy of it as it was is kept."""
# ruff: noqa: ASYNC240 (nothing else runs on these loops)

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import ENTRY, NOON, STORY, a_delta, a_fact, a_feed
from sqlite_utils import Migrations
from storage.sqlite_content import content, lost, schema

from service.core.errors import StorageError
from service.storage import rows
from service.storage.migrations import STEPS
from service.storage.schema_dump import sqlite_schema
from service.storage.sqlite import SqliteStore
from service.storage.sqlite_connections import connect_writer

MISSING = range(1, len(STEPS))  # a file that has only so many of the steps
INSTANT = rows.instant_text(NOON)
# What a column holds where the value of its type would not do.
VALUES: dict[str, Any] = {
    "state": "active",
    "outcome": "rejected",
    "type": None,
    "relevant": 0,
    "entry_id": ENTRY,
    "first_entry": ENTRY,
    "feed_id": a_feed().id,
    "story": STORY,
    **dict.fromkeys(("hints", "filters", "document"), "{}"),
    **dict.fromkeys(("threads", "reasons", "mentions", "outlets", "origins", "entities"), "[]"),
}
IDS = {"feeds": a_feed().id, "developments": "v-1", "deltas": a_delta().id, "facts": "fact-1"}
PAYLOADS = {
    "deltas": rows.delta_params(a_delta())["payload"],
    "facts": rows.fact_params(a_fact(), STORY)["payload"],
}


class Column(NamedTuple):
    name: str
    kind: str
    is_required: bool


def build(path: Path, steps: int) -> None:
    """Make a file as an earlier version left it: the first steps, and a row in every table."""
    with closing(connect_writer(path)) as db:
        migrations = Migrations("aftermath")
        for step in STEPS[:steps]:
            migrations()(step)
        migrations.apply(db)
        for table in db.table_names():
            if table.startswith(("_sqlite", "sqlite_")):
                continue
            columns = [
                Column(row["name"], row["type"], bool(row["notnull"]) or bool(row["pk"]))
                for row in db.execute(f"PRAGMA table_info({table})")
            ]
            values = {column.name: value_of(table, column) for column in columns}
            names = ", ".join(values)
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))
        db.conn.commit()


def value_of(table: str, column: Column) -> Any:
    if column.name == "id" and table in IDS:
        return IDS[table]
    if column.name == "payload":
        return PAYLOADS[table]
    if column.name == "type" and table == "deltas":
        return "update"
    if column.name in VALUES:
        return VALUES[column.name]
    if column.name.endswith("_at"):
        return INSTANT
    if column.kind == "INTEGER":
        return 1
    return 0.5 if column.kind == "REAL" else "x"


async def migrated(path: Path, *, later: timedelta = timedelta(0)) -> SqliteStore:
    return await SqliteStore.open(path, now=lambda: NOON + later)


@pytest.mark.parametrize("steps", MISSING)
async def test_a_file_of_an_earlier_version_keeps_all_it_holds(
    tmp_path: Path, steps: int, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "ledger.db"
    build(path, steps)
    before = content(path)
    assert all(before.values())

    store = await migrated(path)
    try:
        await store.check()
        assert [feed.id for feed in await store.feeds()] == [a_feed().id]
        assert [entry.id for entry in await store.revisions(ENTRY)] == [ENTRY]
        if "deltas" in before:
            assert await store.delta(a_delta().id) is not None
            assert await store.decision(STORY, ENTRY) is not None
            assert [fact.id for fact in await store.facts(STORY)] == [a_fact().id]
    finally:
        await store.close()

    after = content(path)
    assert lost(before, after) == {}
    [copy] = tmp_path.glob("*.bak")
    assert copy.name == f"ledger.db.{STEPS[steps - 1].__name__}-20250201T120000Z.bak"
    assert content(copy) == before
    [record] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.__dict__["copy"] == str(copy)
    assert STEPS[-1].__name__ in record.__dict__["steps"]


@pytest.mark.parametrize("steps", MISSING)
async def test_the_schema_is_that_of_a_new_file_whatever_version_it_came_from(tmp_path: Path, steps: int) -> None:
    build(tmp_path / "old.db", steps)
    for name in ("old.db", "new.db"):
        await (await migrated(tmp_path / name)).close()
    assert schema(tmp_path / "old.db") == schema(tmp_path / "new.db")
    assert schema(tmp_path / "new.db") == {" ".join(each.split()) for each in _statements(sqlite_schema())}


def _statements(script: str) -> list[str]:
    text = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    return [statement.strip().rstrip(";") for statement in text.split(";\n") if statement.strip()]


async def test_a_new_or_current_file_is_not_copied(tmp_path: Path) -> None:
    for _ in range(2):
        await (await migrated(tmp_path / "ledger.db")).close()
    assert list(tmp_path.glob("*.bak")) == []


async def test_the_newest_copies_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    for hour in range(5):
        path.unlink(missing_ok=True)
        build(path, 1)
        await (await migrated(path, later=timedelta(hours=hour))).close()
    step = STEPS[0].__name__
    assert sorted(copy.name for copy in tmp_path.glob("*.bak")) == [
        f"ledger.db.{step}-20250201T1{hour}0000Z.bak" for hour in (4, 5, 6)
    ]


async def test_without_room_for_the_copy_nothing_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.db"
    build(path, 1)
    before = content(path)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StorageError, match=r"copied before it is migrated, but: .* 0\.0 MB left; free some disk space"):
        await migrated(path)
    assert content(path) == before
    assert list(tmp_path.glob("*.bak")) + list(tmp_path.glob(".*")) == []


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    build(path, 1)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE deltas (is_in_the_way TEXT)")
    before = content(path)
    with pytest.raises(StorageError, match="already exists"):
        asyncio.run(migrated(path))
    assert content(path) == before
