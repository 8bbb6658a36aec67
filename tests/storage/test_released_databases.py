"""Databases that earlier versions left are taken over with all they hold, and their readers go on where they stood.

tests/data/databases holds one of each released version (and of some trees before the first); its README says more.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import psycopg
import pytest
from builders import a_comparison, a_decision, a_delta, a_development, a_poll, an_entry
from journeys.service_process import ROOT, free_port
from journeys.small_story import STORY, story_folder
from procrastinate.schema import SchemaManager
from psycopg.rows import dict_row
from storage.sqlite_content import content, lost, schema

from service import __version__
from service.app import SystemClock, listening
from service.commands.setup import rules_of
from service.ports import DeltaFilter
from service.settings import Settings
from service.storage.migrations import STEPS
from service.storage.opening import open_store
from service.storage.postgres import PostgresStore
from service.storage.postgres_migrations import steps

if TYPE_CHECKING:
    from postgres_server import Databases

FOLDER = ROOT / "tests" / "data" / "databases"
SQLITE = sorted(FOLDER.glob("*.sqlite.sql"))
POSTGRES = sorted(FOLDER.glob("*.postgres.sql"))
RELEASE = "run `make release-database` and commit what it writes, then tag"


def name(file: Path) -> str:
    return file.name.removesuffix(".sql")


def script_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def reader_of(file: Path) -> dict[str, Any]:
    """Return what a reader of that version had seen."""
    [line] = [line for line in script_of(file).splitlines() if line.startswith("-- reader: ")]
    found: dict[str, Any] = json.loads(line.removeprefix("-- reader: "))
    return found


async def assert_goes_on(url: str, folder: Path, reader: dict[str, Any]) -> None:
    """Serve a store to the reader of a former version, and append to it."""
    settings = Settings.model_validate({"database_url": url, "port": free_port()})
    rules = rules_of(story_folder(folder))
    store = await open_store(settings.store, now=SystemClock().now)
    try:
        await store.check()
        told = await store.deltas_after(STORY, 0, 100, DeltaFilter())
        assert [delta.id for delta in told] == reader["deltas"]
        assert {fact.delta for fact in await store.facts(STORY)} <= set(reader["deltas"])
        async with (
            listening(settings, rules, store, SystemClock(), ticker=None, demo=False) as address,
            aiohttp.ClientSession(address) as http,
        ):
            async with http.get(f"/v1/stories/{STORY}/deltas?limit=100&after={reader['cursor']}") as answer:
                assert answer.status == 200
                rest = await answer.json()
            assert [delta["id"] for delta in rest["items"]] == reader["deltas"][reader["read"] :]
            async with http.get(f"/feeds/{STORY}.json") as answer:
                assert [item["id"] for item in (await answer.json())["items"]] == reader["guids"]
            for path in ("/readyz", f"/feeds/{STORY}.rss", f"/stories/{STORY}", "/feeds", "/v1/entries?q=navy"):
                async with http.get(path) as answer:
                    assert answer.status == 200, (path, await answer.text())
            entry = an_entry("after the update")
            await store.save_poll(a_poll(entry))
            kept = await store.entry(entry.id)
            assert kept is not None
            told_now = a_comparison(
                decision=a_decision(entry=entry.id, entry_seq=kept.seq, story=STORY),
                delta=a_delta(entry=entry.id, story=STORY, created_at=datetime.now(UTC)),
                development=a_development(first_entry=entry.id, story=STORY),
            )
            await store.save_comparisons([told_now])
            async with http.get(f"/v1/stories/{STORY}/deltas?limit=100&after={rest['next_cursor']}") as answer:
                [new] = (await answer.json())["items"]
            assert new["seq"] == told[-1].seq + 1
    finally:
        await store.close()


# --- SQLite ------------------------------------------------------------------------------


@pytest.mark.parametrize("file", SQLITE, ids=name)
async def test_a_file_of_a_former_version_is_taken_over(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "news.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script_of(file))
    before = content(path)
    await (await open_store(str(path), now=SystemClock().now)).close()
    assert lost(before, content(path)) == {}
    await (await open_store(str(tmp_path / "new.db"), now=SystemClock().now)).close()
    assert schema(path) == schema(tmp_path / "new.db")
    await assert_goes_on(f"sqlite:///{path}", tmp_path, reader_of(file))


# --- PostgreSQL --------------------------------------------------------------------------


def build(url: str, file: Path) -> None:
    """Make the database of a file: first the job queue as its library then was, which the file leaves out."""
    script = script_of(file)
    queue = re.findall(r"^INSERT INTO migrations .*VALUES \('procrastinate ([^']+)'", script, re.MULTILINE)
    assert queue
    with psycopg.connect(url) as db:
        for step in sorted(queue):
            db.execute((Path(SchemaManager.get_migrations_path()) / f"{step}.sql").read_bytes())
        db.execute(script.encode())


def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    """Return table → rows, without the job queue's."""
    with psycopg.connect(url, row_factory=dict_row) as db:
        tables = [row["relname"] for row in db.execute(_TABLES)]
        return {table: db.execute(f"SELECT * FROM {table}".encode()).fetchall() for table in tables}


_TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'procrastinate%'
"""


@pytest.mark.parametrize("file", POSTGRES, ids=name)
async def test_a_database_of_a_former_version_is_taken_over(postgres: Databases, tmp_path: Path, file: Path) -> None:
    with postgres.blank_database() as url:
        build(url, file)
        before, former = rows_of(url), demands_of(url)
        await (await PostgresStore.open(url)).close()
        assert lost(before, rows_of(url)) == {}
        assert_takes_what_is_written(former, demands_of(url))
        await assert_goes_on(url, tmp_path, reader_of(file))


def demands_of(url: str) -> dict[str, dict[str, Any]]:
    """Return table → what it demands of those who write to it: columns with types, which must be given, constraints."""
    with psycopg.connect(url, row_factory=dict_row) as db:
        found: dict[str, dict[str, Any]] = {
            row["relname"]: {"types": {}, "required": set(), "rules": set()} for row in db.execute(_TABLES)
        }
        for row in db.execute(
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        ):
            if table := found.get(row["table_name"]):
                table["types"][row["column_name"]] = row["data_type"]
                if row["is_nullable"] == "NO" and row["column_default"] is None:
                    table["required"].add(row["column_name"])
        for query in (
            "SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS rule FROM pg_constraint",
            "SELECT tgrelid::regclass::text AS name, pg_get_triggerdef(oid) AS rule FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT tablename AS name, indexdef AS rule FROM pg_indexes WHERE indexdef LIKE 'CREATE UNIQUE%'",
        ):
            for row in db.execute(query.encode()):
                if table := found.get(row["name"]):
                    table["rules"].add(row["rule"])
        return found


def assert_takes_what_is_written(former: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> None:
    """Assert that a schema takes what was written under a former one: replicas of both run during an update."""
    for table, demands in former.items():
        if table == "migrations":
            continue
        assert table in now, f"{table} is gone, which replicas of the former version still use"
        types = now[table]["types"]
        assert {column: types.get(column) for column in demands["types"]} == demands["types"], table
        assert now[table]["required"] <= demands["required"], (
            f"{table} demands columns that a former version leaves out"
        )
        assert now[table]["rules"] <= demands["rules"], f"{table} refuses what a former version writes"


@pytest.mark.parametrize("file", POSTGRES, ids=name)
def test_a_released_step_is_never_edited(file: Path) -> None:
    script = script_of(file)
    done = [step for step in steps() if f"INSERT INTO migrations (name, applied_at) VALUES ('{step.name}'" in script]
    assert done
    for step in done:
        assert step.sql.strip() in script, f"{step.name} is not what {name(file)} ran; a change is a new step"


# --- releases ----------------------------------------------------------------------------


def released() -> set[str]:
    """Return the versions that were released, by the changelog and, where there is git, by its tags."""
    headings = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    tags: list[str] = []
    if shutil.which("git") and (ROOT / ".git").exists():
        told = subprocess.run(
            ["git", "tag", "--list", "v[0-9]*"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        tags = [tag.removeprefix("v") for tag in told.stdout.split()]
    return {*headings, *tags}


def test_every_released_version_has_left_its_databases() -> None:
    for version in sorted(released()):
        for backend in ("sqlite", "postgres"):
            assert (FOLDER / f"{version}.{backend}.sql").exists(), f"version {version} was released; {RELEASE}"


def test_the_schema_of_a_released_version_is_that_of_its_databases() -> None:
    if __version__ not in released():
        return  # its databases may still be made anew
    for backend, names in (
        ("sqlite", [step.__name__ for step in STEPS]),
        ("postgres", [step.name for step in steps()]),
    ):
        script = script_of(FOLDER / f"{__version__}.{backend}.sql")
        newer = [step for step in names if f"'{step}'" not in script]
        assert not newer, (
            f"{newer} came after {__version__}, which was released: raise the version in service/__init__.py"
        )
