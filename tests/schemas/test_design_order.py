"""DESIGN.md is referred to by number, so its sections stand in order, each once."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


def test_the_sections_of_the_design_stand_in_order() -> None:
    text = (_ROOT / "DESIGN.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"(?m)^## (\d+)\. ", text)]
    assert numbers == sorted(set(numbers))


def test_the_index_lists_every_section() -> None:
    index, _, sections = (_ROOT / "DESIGN.md").read_text(encoding="utf-8").partition("\n## ")
    listed = {number for row in re.findall(r"(?m)^\|[^|]+\|([^|]+)\|$", index) for number in re.findall(r"\d+", row)}

    assert listed == set(re.findall(r"(?m)^(?:## )?(\d+)\. ", sections))


def test_every_reference_to_a_section_leads_to_one() -> None:
    text = (_ROOT / "DESIGN.md").read_text(encoding="utf-8")
    numbers = set(re.findall(r"(?m)^## (\d+)\. ", text))
    sources = [path.read_text(encoding="utf-8") for path in sorted((_ROOT / "service").rglob("*.py"))]
    named = {
        number for source in (text, *sources) for number in re.findall(r"DESIGN(?:\.md)?,? (?:section )?(\d+)", source)
    }
    assert named
    assert named <= numbers
