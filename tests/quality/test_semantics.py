"""The cases that settle what words leave open, each replayed alone over an empty store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shared_material import SHARED, needs_shared

from service.commands.setup import opened_store
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
        checks = {
            "relevant": lambda w, line=line: line["relevant"] == w,
            "outcome": lambda w, line=line: _fits(line["outcome"], w),
            "type": lambda w, line=line: _fits(line.get("type"), w),
            "threads": lambda w, line=line: set(line["threads"]) == set(w),
            "duplicate_of": lambda w, line=line: line.get("duplicate_of") == w,
            "same_development_as": lambda w, line=line: line.get("development") == lines[w].get("development"),
            "other_development_than": lambda w, line=line: line.get("development") != lines[w].get("development"),
            "first_report": lambda w, delta=delta: delta is not None and delta.first_report == w,
            "touches_fact": lambda w, delta=delta: delta is not None and bool(delta.changes) == w,
        }
        problems += [
            f"{wanted['id']}: {key} should be {value!r}: {line} {delta.changes if delta else ''}"
            for key, value in wanted.items()
            if key != "id" and not checks[key](value)
        ]
    assert not problems, "\n".join(problems)
