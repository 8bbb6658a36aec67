"""What is generated is current: schemas, the settings example, the README's tables."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from service.schema_files import generated_files

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = generated_files()


@pytest.mark.parametrize("path", sorted(FILES), ids=str)
def test_a_generated_file_is_what_the_code_makes(path: Path) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == FILES[path], "run: python -m service write-schemas"


def test_nothing_else_lies_among_the_schemas() -> None:
    found = {path.relative_to(ROOT) for path in (ROOT / "schemas").rglob("*") if path.is_file()}
    assert found == {path for path in FILES if path.parts[0] == "schemas"}


@pytest.mark.parametrize("path", sorted(p for p in FILES if p.suffix == ".json" and p.stem != "openapi"), ids=str)
def test_a_schema_is_a_json_schema(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(FILES[path]))
