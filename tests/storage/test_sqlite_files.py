"""What is said of a database file before it is used: its file system, its soundness, and who holds it."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders import NOON, a_poll, an_entry

from service.core.errors import StorageError, StoreLocked
from service.storage import sqlite
from service.storage.sqlite import SqliteStore
from service.storage.sqlite_connections import connect_writer
from service.storage.sqlite_files import network_file_system, refuse_damaged

MOUNTS = """\
/dev/vda1 / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw 0 0
nas:/share /srv/nas nfs4 rw,vers=4.2 0 0
//server/share /mnt/win\\040share cifs rw 0 0
/dev/sdb1 /srv/nas/local xfs rw 0 0
host /mnt/host 9p rw 0 0
me@host: /mnt/ssh fuse.sshfs rw 0 0
/dev/sdc1 /mnt/stick fuseblk rw 0 0
nas:/other /srv/covered nfs rw 0 0
/dev/sdd1 /srv/covered ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/a.db", None),
        ("/srv/nas/a.db", "nfs4"),
        ("/srv/nasty/a.db", None),
        ("/srv/nas/local/deep/er/a.db", None),
        ("/mnt/win share/a.db", "cifs"),
        ("/mnt/host/a.db", "9p"),
        ("/mnt/ssh/a.db", "fuse.sshfs"),
        ("/mnt/stick/a.db", None),
        ("/srv/covered/a.db", None),
    ],
)
def test_network_file_systems_are_told_from_local_ones(path: str, kind: str | None) -> None:
    assert network_file_system(Path(path), MOUNTS) == kind


async def test_a_network_file_system_is_warned_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlite, "network_file_system", lambda _path: "nfs4")
    with caplog.at_level(logging.WARNING):
        await (await SqliteStore.open(tmp_path / "ledger.db", now=lambda: NOON)).close()
    [record] = caplog.records
    assert "network file system" in record.getMessage()
    assert record.__dict__["type"] == "nfs4"


def filled(path: Path) -> None:
    async def fill() -> None:
        store = await SqliteStore.open(path, now=lambda: NOON)
        await store.save_poll(a_poll(*(an_entry(str(n), summary="word " * 200) for n in range(200))))
        await store.close()

    asyncio.run(fill())


def damage(path: Path, table: str) -> None:
    """Overwrite the root page of a table or index."""
    with closing(sqlite3.connect(path)) as db:
        [(page,)] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,))
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


@pytest.mark.parametrize("table", ["entries", "entry_heads", "deltas_by_story"])
def test_a_damaged_file_is_refused_at_the_start_with_the_remedy(tmp_path: Path, table: str) -> None:
    path = tmp_path / "ledger.db"
    filled(path)
    damage(path, table)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"ledger\.db is damaged \(.+\); move it away and restore a backup"):
        asyncio.run(SqliteStore.open(path, now=lambda: NOON))
    assert path.read_bytes() == before


def test_a_file_too_large_to_be_checked_in_time_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "ledger.db"
    filled(path)
    with closing(connect_writer(path)) as db:
        db.executescript("""
            CREATE TABLE ballast AS
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 100000)
            SELECT n, randomblob(200) AS bytes FROM number;
            CREATE INDEX ballast_bytes ON ballast (bytes);
        """)
        assert refuse_damaged(db, "x", 60.0)
        assert not refuse_damaged(db, "x", 0.005)
    monkeypatch.setattr(sqlite, "_START_CHECK_S", 0.005)

    async def use() -> None:
        store = await SqliteStore.open(path, now=lambda: NOON)
        assert await store.save_poll(a_poll(an_entry("new"))) == 1
        await store.close()

    with caplog.at_level(logging.INFO):
        asyncio.run(use())
    assert "database is large, checked in part" in [record.getMessage() for record in caplog.records]


async def test_the_holder_says_where_it_answers(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    store = await SqliteStore.open(path, now=lambda: NOON)
    try:
        with pytest.raises(StoreLocked) as before:
            await SqliteStore.open(path, now=lambda: NOON)
        store.announce("http://127.0.0.1:8080")
        with pytest.raises(StoreLocked) as after:
            await SqliteStore.open(path, now=lambda: NOON)
    finally:
        await store.close()
    assert (before.value.address, after.value.address) == (None, "http://127.0.0.1:8080")
    assert before.value.message == after.value.message


@pytest.mark.parametrize("note", ["", '{"pid": 1', "17 2025-02-01T12:00:00+00:00\n", "[]", '{"pid": "x"}'])
async def test_a_note_that_cannot_be_read_is_no_holder(tmp_path: Path, note: str) -> None:
    path = tmp_path / "ledger.db"
    store = await SqliteStore.open(path, now=lambda: NOON)
    try:
        lock = tmp_path / "ledger.db.lock"
        assert json.loads(lock.read_text())["address"] is None
        lock.write_text(note)
        with pytest.raises(StoreLocked, match="written by another process;") as refused:
            await SqliteStore.open(path, now=lambda: NOON)
        assert refused.value.address is None
    finally:
        await store.close()
