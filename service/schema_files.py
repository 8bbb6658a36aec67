"""The files of schemas/ and deploy/settings.example.env, made from the code; a test says when they are stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from service import __version__
from service.api.config import SiteConfig
from service.api.openapi import openapi_document
from service.api.operations import OPERATIONS
from service.api.wire_pages import SCHEMAS
from service.loading.story_files import StoryFile
from service.settings import Settings, example_environment
from service.storage.schema_dump import postgres_schema, sqlite_schema

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_EXAMPLE_BASE = "http://127.0.0.1:8080"


def story_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas that do not belong to an answer of the API: story files and settings."""
    return {
        "story": {"$schema": _DIALECT, **StoryFile.model_json_schema(by_alias=True)},
        "settings": {"$schema": _DIALECT, **_settings_schema()},
    }


def _settings_schema() -> dict[str, Any]:
    schema = Settings.model_json_schema()
    for name in ("stories", "feeds"):  # paths of this installation are nobody else's default
        schema["properties"][name].pop("default", None)
    return schema


def generated_files() -> dict[Path, str]:
    """Return path (from the project's root) → content of every generated file."""
    config = SiteConfig(public_base_url=_EXAMPLE_BASE, tag_authority="127.0.0.1", version=__version__)
    documents: dict[str, Any] = {
        "openapi": openapi_document(OPERATIONS, config),
        **{name: {"$schema": _DIALECT, **model.model_json_schema()} for name, model in SCHEMAS.items()},
        **story_schemas(),
    }
    files = {
        Path("schemas") / f"{name}.json": json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        for name, document in documents.items()
    }
    files[Path("schemas/sql/sqlite.sql")] = sqlite_schema()
    files[Path("schemas/sql/postgres.sql")] = postgres_schema()
    files[Path("deploy/settings.example.env")] = example_environment()
    return files
