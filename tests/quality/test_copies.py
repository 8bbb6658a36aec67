"""Copies are found whatever an outlet does to a wire, and twins that tell of another thing are not taken for copies."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import NOON, a_decision, an_entry
from copies import Text, copied, languages, twin

from service.core.deltas.reporting import report_of
from service.core.developments.reports import Report, is_copy
from service.core.events.extraction import read_events
from service.core.model import Entry
from service.core.rules import Rules

DATA = Path(__file__).resolve().parent.parent / "data"
LEAST_WORDS = 8
PAIRS = 10_000
STORY = "assad-exit"


def _rows(name: str) -> Iterator[dict[str, Any]]:
    for folder in ("corpus", "corpus2"):
        yield from map(json.loads, (DATA / folder / name).read_text(encoding="utf-8").splitlines())


def _texts() -> dict[Text, str | None]:
    """Return the follow-ups of the bundled corpora that are long enough, with the group of copies they are in."""
    labels = {row["id"]: row for row in _rows("labels.jsonl")}
    texts = {}
    for item in _rows("items.jsonl"):
        text = Text(item["lang"], item["title"], item.get("summary") or "")
        label = labels[item["id"]]
        if label["relevant"] == 2 and text.lang in languages() and text.length >= LEAST_WORDS:
            texts[text] = label.get("duplicate_group")
    return texts


GROUPS = _texts()
TEXTS = list(GROUPS)


def _report(rules: Rules, text: Text, key: str) -> Report:
    entry: Entry = replace(
        an_entry(key), title=text.title, summary=text.summary, lang=text.lang, outlet=None, published_at=NOON
    )
    story = rules.stories[STORY]
    reading = rules.read(story, entry, anyway=True)
    assert reading is not None
    decision = a_decision(story=STORY, entry=entry.id)
    compare = rules.compare[STORY]
    return report_of(entry, decision, reading, read_events(reading, compare.words), compare, story.facts)


@pytest.fixture(scope="module")
def originals(rules: Rules) -> list[Report]:
    return [_report(rules, text, f"original-{number}") for number, text in enumerate(TEXTS)]


@pytest.mark.parametrize(("share", "floor"), [(0.03, 0.97), (0.08, 0.97), (0.12, 0.97), (0.2, 0.93)])
def test_copies_are_found(rules: Rules, originals: list[Report], share: float, floor: float) -> None:
    chance = random.Random(7)
    missed = [
        text.title
        for number, (text, original) in enumerate(zip(TEXTS, originals, strict=True))
        if not is_copy(original, _report(rules, copied(text, share, chance), f"copy-{number}"))
    ]
    assert len(TEXTS) >= 100
    assert 1 - len(missed) / len(TEXTS) >= floor, (len(missed), len(TEXTS), missed[:10])


def test_twins_are_not_copies(rules: Rules, originals: list[Report]) -> None:
    chance = random.Random(7)
    taken: list[tuple[str, str]] = []
    made = 0
    for number, (text, original) in enumerate(zip(TEXTS, originals, strict=True)):
        other = twin(text, chance)
        if other is not None:
            made += 1
            if is_copy(original, _report(rules, other, f"twin-{number}")):
                taken.append((text.title, other.title))
    assert made >= 40
    assert not taken


def test_no_two_of_ten_thousand_pairs_are_taken_for_one_text(originals: list[Report]) -> None:
    others = [replace(report, lang="en") for report in originals]  # as if all were in one language: more pairs
    alike = list(itertools.combinations(range(len(TEXTS)), 2))
    taken = {
        (TEXTS[a].title, TEXTS[b].title)
        for a, b in alike[:PAIRS]
        if is_copy(others[a], others[b]) and (GROUPS[TEXTS[a]] is None or GROUPS[TEXTS[a]] != GROUPS[TEXTS[b]])
    }
    assert len(alike) >= PAIRS
    assert not taken
