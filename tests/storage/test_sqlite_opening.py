"""Opening a SQLite file: in a folder that is missing or closed, of another version, twice."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders import (
    NOON,
    a_poll,
)
from storage.writer_process import opened

from service.core.errors import StorageError
from service.storage.schema_dump import sqlite_schema
from service.storage.sqlite import SqliteStore
from service.storage.sqlite_connections import connect_memory


async def test_the_folder_of_the_file_is_created(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "inside %41?#" / "ledger.db"
    async with opened(path) as store:
        await store.check()
    assert path.is_file()


async def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"cannot be created .*AFTERMATH_DATABASE_URL"):
        await SqliteStore.open(tmp_path / "file" / "ledger.db", now=lambda: NOON)


async def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.geteuid() == 0:  # whom no mode keeps out: but nobody makes files in here
        folder = Path("/proc/self")
    with pytest.raises(StorageError, match=r"cannot be written .*AFTERMATH_DATABASE_URL"):
        await SqliteStore.open(folder / "ledger.db", now=lambda: NOON)


async def test_a_folder_in_place_of_the_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(StorageError, match=r"ledger\.db: "):
        await SqliteStore.open(tmp_path / "ledger.db", now=lambda: NOON)


async def test_migrating_again_changes_nothing(path: Path) -> None:
    async with opened(path) as store:
        epoch = await store.setting("epoch", "")
        await store.save_poll(a_poll())
    with closing(sqlite3.connect(path)) as db:
        before = list(db.iterdump())
    async with opened(path) as store:
        assert await store.setting("epoch", "") == epoch
    with closing(sqlite3.connect(path)) as db:
        assert list(db.iterdump()) == before


async def test_two_files_have_two_epochs(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db") as one, opened(tmp_path / "b.db") as other:
        assert await one.setting("epoch", "") != await other.setting("epoch", "")


async def test_a_step_that_is_missing_fails_the_check(path: Path) -> None:
    async with opened(path) as store:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0003_epoch'")
        with pytest.raises(StorageError, match="m0003_epoch; run migrate"):
            await store.check()


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_file_of_a_newer_version_is_left_alone(path: Path, *, read_only: bool) -> None:
    async with opened(path):
        pass
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('aftermath', 'm9999_future', '')"
        )
    with pytest.raises(StorageError, match="newer version"):
        await SqliteStore.open(path, read_only=read_only, now=lambda: NOON)


def test_the_schema_dump_is_stable_and_makes_the_schema() -> None:
    schema = sqlite_schema()
    assert schema == sqlite_schema()
    for table in ("feeds", "entries", "entry_heads", "entry_keys", "cursors", "decisions", "developments", "deltas"):
        assert f"CREATE TABLE {table} (\n    " in schema
    assert "CREATE INDEX decisions_pending" in schema
    with closing(connect_memory()) as db:
        db.executescript(schema)
        assert {"facts", "settings", "story_versions"} < set(db.table_names())
