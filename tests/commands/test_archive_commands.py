"""`backup`, `restore`, `export` and `import` as an operator calls them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders import NOON, a_poll, an_entry

from service.commands.cli import main
from service.storage.sqlite import SqliteStore

FILE = "aftermath.db"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AFTERMATH_DATABASE_URL", f"sqlite:///{tmp_path / FILE}")
    monkeypatch.delenv("AFTERMATH_LOG_LEVEL", raising=False)
    return tmp_path


async def save(path: Path, *keys: str) -> str:
    """Append entries; return the epoch."""
    store = await SqliteStore.open(path, now=lambda: NOON)
    try:
        await store.save_poll(a_poll(*(an_entry(key) for key in keys)))
        return await store.setting("epoch", "")
    finally:
        await store.close()


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT url FROM entries ORDER BY seq")]


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1, captured.err
    return captured.err


def test_a_backup_is_one_sound_file_and_restores_with_a_new_epoch(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    epoch = asyncio.run(save(place / FILE, "1", "2"))
    assert main(["backup", "copy.db"]) == 0
    assert "copy.db" in capsys.readouterr().out
    assert [file.name for file in place.iterdir() if "copy" in file.name] == ["copy.db"]
    asyncio.run(save(place / FILE, "3"))

    assert main(["restore", "copy.db"]) == 1
    assert "holds ledgers; restore only where there is none" in one_line(capsys)
    (place / FILE).unlink()
    assert main(["restore", "copy.db"]) == 0
    assert "410" in capsys.readouterr().out

    assert titles(place / FILE) == titles(place / "copy.db") == ["https://news.example/1", "https://news.example/2"]
    assert asyncio.run(save(place / FILE, "4")) != epoch
    assert main(["migrate"]) == 0
    assert not list(place.glob(".*"))


def test_a_backup_never_replaces_a_file(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(save(place / FILE, "1"))
    (place / "copy.db").write_text("precious")
    assert main(["backup", "copy.db"]) == 1
    assert "exists already" in one_line(capsys)
    assert (place / "copy.db").read_text() == "precious"
    assert main(["backup", "missing/copy.db"]) == 1
    assert "missing" in one_line(capsys)


@pytest.mark.parametrize("since", ["x", "-1", "٣", "9" * 20])
def test_a_position_that_no_delta_can_have_is_bad_usage(since: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["export", "--since", since])
    assert f"'{since}' is no seq of a delta" in capsys.readouterr().err


def test_a_store_of_a_newer_version_is_not_exported(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(save(place / FILE, "1"))
    with closing(sqlite3.connect(place / FILE)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('aftermath', 'm9999_future', '')"
        )
    assert main(["export", "-o", "ledgers.jsonl"]) == 1
    assert "newer version (m9999_future)" in one_line(capsys)
    assert not (place / "ledgers.jsonl").exists()


def test_a_damaged_store_is_not_backed_up_as_if_it_were_sound(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(save(place / FILE, *map(str, range(300))))
    with closing(sqlite3.connect(place / FILE)) as db:
        [(page,)] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_entries_1'")
    with (place / FILE).open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert main(["backup", "copy.db"]) == 1
    assert FILE in one_line(capsys)
    assert not [file for file in place.iterdir() if "copy" in file.name]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is no file"),
        (b"plain text, no database\n" * 50, "name a file that `backup` wrote"),
        (b"", "name a file that `backup` wrote"),
    ],
)
def test_what_is_no_backup_is_not_restored(
    place: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, words: str
) -> None:
    if content is not None:
        (place / "copy.db").write_bytes(content)
    assert main(["restore", "copy.db"]) == 1
    assert words in one_line(capsys)
    assert not (place / FILE).exists()
    assert not list(place.glob(".*"))


def test_a_damaged_store_is_not_overwritten_by_a_restore(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(save(place / FILE, "1"))
    assert main(["backup", "copy.db"]) == 0
    capsys.readouterr()
    (place / FILE).write_bytes(b"\xff" * 8192)
    assert main(["restore", "copy.db"]) == 1
    assert "move it away" in one_line(capsys)
    assert (place / FILE).read_bytes() == b"\xff" * 8192


def test_a_migrated_store_without_ledgers_may_be_restored_into(place: Path) -> None:
    asyncio.run(save(place / "other.db", "1"))
    assert main(["migrate"]) == 0
    assert main(["restore", "other.db"]) == 0
    assert titles(place / FILE) == ["https://news.example/1"]


def test_what_is_exported_is_imported(
    place: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = asyncio.run(save(place / FILE, "1", "2"))
    assert main(["export"]) == 0
    shown = capsysbinary.readouterr().out
    assert main(["export", "-o", "ledgers.jsonl"]) == 0
    assert (place / "ledgers.jsonl").read_bytes() == shown
    assert json.loads(shown.splitlines()[-1])["end"]["entries"] == 2

    monkeypatch.setenv("AFTERMATH_DATABASE_URL", f"sqlite:///{place / 'new' / FILE}")
    assert main(["import", "ledgers.jsonl"]) == 0
    assert b"2 entries" in capsysbinary.readouterr().out
    assert main(["export"]) == 0
    assert capsysbinary.readouterr().out == shown
    assert asyncio.run(save(place / "new" / FILE, "3")) == epoch
    assert main(["import", "ledgers.jsonl"]) == 1


def test_a_file_that_is_no_export_creates_no_store(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "ledgers.jsonl").write_text('{"id": 1}\n')
    assert main(["import", "ledgers.jsonl"]) == 2
    assert one_line(capsys).startswith("ledgers.jsonl:1: is no export")
    assert main(["import", "missing.jsonl"]) == 2
    assert not (place / FILE).exists()


@pytest.mark.parametrize("command", [["backup", "copy.db"], ["export"]])
def test_without_a_store_there_is_nothing_to_copy(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert main(command) == 1
    assert f"{FILE} does not exist; AFTERMATH_DATABASE_URL names the store" in one_line(capsys)
