"""The generated files are those that the code makes now, and what the service serves keeps to them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from journeys.service_process import ROOT, free_port, write_opml
from jsonschema import Draft202012Validator, FormatChecker
from news_site import Item, NewsSite
from openapi_spec_validator import validate

from service.app import SystemClock, listening
from service.core.rules import Rules
from service.schema_files import generated_files
from service.settings import BUNDLED_STORIES, Settings, read_settings
from service.storage.sqlite import SqliteStore
from service.worker import opened_poller, poll_round

Json = dict[str, Any]
STORY = "/v1/stories/assad-exit"
FILES = generated_files()
SCHEMAS = [path for path in FILES if path.suffix == ".json" and path.name != "openapi.json"]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_generated_file_is_current(path: Path) -> None:
    on_disk = ROOT / path

    assert on_disk.exists(), "run `python -m service write-schemas`"
    assert on_disk.read_text(encoding="utf-8") == FILES[path], "run `python -m service write-schemas`"


def test_no_generated_file_is_left_over() -> None:
    here = {path.relative_to(ROOT) for path in (ROOT / "schemas").rglob("*") if path.is_file()}

    assert {path for path in here if path.suffix in {".json", ".sql"}} == {p for p in FILES if p.parts[0] == "schemas"}


@pytest.mark.parametrize("path", SCHEMAS, ids=str)
def test_a_schema_is_valid_json_schema(path: Path) -> None:
    schema = json.loads(FILES[path])

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_the_openapi_document_is_valid() -> None:
    validate(json.loads(FILES[Path("schemas/openapi.json")]))


def test_every_line_of_the_example_environment_is_a_setting_with_its_default() -> None:
    lines = FILES[Path("deploy/settings.example.env")].splitlines()
    given = dict(line.removeprefix("#").split("=", 1) for line in lines if line.startswith("#AFTERMATH_"))

    assert {f"AFTERMATH_{name.upper()}" for name in Settings.model_fields} == set(given)
    assert read_settings(given) == (Settings(), [])


def test_the_bundled_story_keeps_to_its_schema() -> None:
    document = yaml.safe_load((BUNDLED_STORIES / "assad-exit.yaml").read_text(encoding="utf-8"))

    assert _errors("story", json.loads(json.dumps(document, default=_instant))) == []


def _instant(value: datetime) -> str:
    return value.isoformat()


def _errors(name: str, value: object) -> list[str]:
    schema: Mapping[str, Any] = json.loads(FILES[Path("schemas") / f"{name}.json"])
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


async def _served(folder: Path, rules: Rules) -> dict[str, list[Json]]:
    now = datetime.now(UTC)
    titles = [
        "Russia withdraws all its soldiers from the Khmeimim air base",
        "Россия выводит войска с авиабазы Хмеймим",
        "Syria demands that Moscow hand over Bashar al-Assad",
        "The port of Tartus in pictures",
    ]
    clock = SystemClock()
    async with NewsSite() as site:
        site.publish(
            "/a.xml",
            [
                Item(
                    title, f"Report {number}.", f"https://news.example/{number}", None, now - timedelta(minutes=number)
                )
                for number, title in enumerate(titles)
            ]
            + [Item("Undated: the Kremlin speaks about Tartus", guid="no-link")],
        )
        settings = Settings(
            database_url=f"sqlite:///{folder / 'aftermath.db'}",
            feeds=write_opml(folder / "feeds.opml", [site.url("/a.xml"), site.url("/status/500")]),
            port=free_port(),
            allow_private_networks=("127.0.0.0/8",),
        )
        store = await SqliteStore.open(settings.sqlite_path, now=clock.now)
        try:
            async with opened_poller(settings, rules, store, clock) as poller:
                await poll_round(poller, everything=True)
            async with (
                listening(settings, rules, store, clock, ticker=None, demo=False) as address,
                aiohttp.ClientSession(address) as http,
            ):

                async def get(path: str) -> Json:
                    async with http.get(path) as answer:
                        document: Json = await answer.json(content_type=None)
                        return document

                entries = (await get("/v1/entries?q="))["items"]
                return {
                    "delta": (await get(f"{STORY}/deltas"))["items"],
                    "entry": entries,
                    "decision": [
                        *(await get(f"{STORY}/decisions"))["items"],
                        *[await get(f"/v1/entries/{entry['id']}/decision") for entry in entries],
                    ],
                    "development": (await get(f"{STORY}/developments"))["items"],
                    "fact": (await get(f"{STORY}/facts"))["items"],
                    "feed": (await get("/v1/feeds"))["items"],
                    "followed-story": [*(await get("/v1/stories"))["items"], await get(STORY)],
                    "problem": [await get("/v1/stories/nobody"), await get(f"{STORY}/deltas?limit=0")],
                    "openapi": [await get("/openapi.json")],
                }
        finally:
            await store.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> dict[str, list[Json]]:
    return asyncio.run(_served(tmp_path_factory.mktemp("served"), rules))


@pytest.mark.parametrize(
    "name", ["delta", "entry", "decision", "development", "fact", "feed", "followed-story", "problem"]
)
def test_what_the_api_serves_keeps_to_its_schema(served: dict[str, list[Json]], name: str) -> None:
    assert served[name], "nothing of the kind was served"
    assert [error for row in served[name] for error in _errors(name, row)] == []


def test_the_served_openapi_document_is_the_generated_one_but_for_its_address(served: dict[str, list[Json]]) -> None:
    drop: Callable[[Json], Json] = lambda document: {k: v for k, v in document.items() if k != "servers"}  # noqa: E731

    assert drop(served["openapi"][0]) == drop(json.loads(FILES[Path("schemas/openapi.json")]))


def test_answers_keep_to_the_openapi_document(served: dict[str, list[Json]]) -> None:
    document = json.loads(FILES[Path("schemas/openapi.json")])
    model = {"$ref": "#/components/schemas/DeltaOut", "components": document["components"]}
    validator = Draft202012Validator(model)

    assert [error.message for delta in served["delta"] for error in validator.iter_errors(delta)] == []
