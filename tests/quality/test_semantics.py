"""The cases that settle what words leave open, each replayed alone over an empty store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shared_material import SHARED, needs_shared

from service.commands.setup import opened_store
from service.core.model import Delta
from service.core.rules import Rules
from service.loading.item_files import read_items
from service.replay import replay

CASES = SHARED / "cases" / "semantics.jsonl"


def _cases() -> list[Any]:
    if not CASES.exists():
        return []
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [pytest.param(row, id=row["case"]) for row in rows]


def _fits(value: object, wanted: object) -> bool:
    return value in wanted if isinstance(wanted, list) else value == wanted


def _holds(
    key: str, wanted: object, line: dict[str, object], others: dict[str, dict[str, object]], delta: Delta | None
) -> bool:
    match key:
        case "relevant" | "duplicate_of":
            return line.get(key) == wanted
        case "outcome" | "type":
            return _fits(line.get(key), wanted)
        case "threads":
            return line["threads"] == wanted or (isinstance(wanted, list) and sorted(wanted) == sorted(_list(line)))
        case "same_development_as":
            return line.get("development") == others[str(wanted)].get("development")
        case "other_development_than":
            return line.get("development") != others[str(wanted)].get("development")
        case "first_report":
            return delta is not None and delta.first_report == wanted
        case "touches_fact":
            return delta is not None and bool(delta.changes) == wanted
    raise AssertionError(f"a case expects {key!r}, which this test does not know")


def _list(line: dict[str, object]) -> list[str]:
    threads = line["threads"]
    return [str(thread) for thread in threads] if isinstance(threads, list) else []


@needs_shared
@pytest.mark.parametrize("case", _cases())
async def test_a_settled_case_holds(case: dict[str, Any], tmp_path: Path, rules: Rules) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text("".join(json.dumps(item) + "\n" for item in case["items"]), encoding="utf-8")
    async with opened_store(":memory:") as store:
        result = await replay(read_items(items), story=rules.stories[case["story"]], rules=rules, store=store)
    lines = {row.item.id: row.line() for row in result.items}
    deltas = {delta.id: delta for delta in result.deltas}
    problems = []
    for wanted in case["expect"]:
        line = lines[wanted["id"]]
        delta = deltas.get(str(line.get("delta")))
        problems += [
            f"{wanted['id']}: {key} should be {value!r}: {line} {delta.changes if delta else ''}"
            for key, value in wanted.items()
            if key != "id" and not _holds(key, value, line, lines, delta)
        ]
    assert not problems, "\n".join(problems)
