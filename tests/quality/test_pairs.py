"""Whether two texts tell of one event: beside the usual baseline, on pairs that people have judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shared_material import SHARED, needs_shared

from service.core.developments.pairs import Side, best_threshold, cosine, counted, rarity
from service.core.errors import Invalid
from service.pair_evaluation import evaluate_pairs, read_pairs

PAIRS = SHARED / "corpus" / "pairs" / "pairs.jsonl"


@needs_shared
def test_judged_pairs_are_told_better_than_by_titles() -> None:
    ours, baseline = evaluate_pairs(read_pairs(PAIRS)).rows
    assert (ours.score.f1 or 0) >= 0.75
    assert (ours.score.f1 or 0) > (baseline.score.f1 or 0) + 0.05
    assert ours.low <= (ours.score.f1 or 0) <= ours.high


def test_a_text_is_most_like_itself() -> None:
    texts = [Side(title="Ferry sinks off the cape", text="Rescuers saved forty."), Side(title="Bakers strike", text="")]
    bags = [counted(text) for text in texts]
    weight = rarity(bags)
    assert cosine(bags[0], bags[0], weight) == pytest.approx(1)
    assert cosine(bags[0], bags[1], weight) == 0
    assert cosine({}, bags[1], weight) == 0


def test_the_line_is_drawn_where_f1_is_highest() -> None:
    assert best_threshold([(0.9, True), (0.8, True), (0.5, False), (0.4, True), (0.1, False)]) == 0.4
    assert best_threshold([(0.9, True), (0.5, False), (0.4, False)]) == 0.9


def _row(**over: object) -> str:
    return json.dumps({"a": {"title": "A", "text": "x"}, "b": {"title": "B", "text": "y"}, "same_event": "OK"} | over)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([_row(same_event="maybe")], "maybe"),
        ([_row(a=None)], "a pair is"),
        ([_row(a={"title": 3})], ":1: 3 is no text; a pair is"),
        ([_row(b={"text": "x"})], ":1: 'title' is missing"),
        (["{"], ":1:"),
        ([_row()], "at least 5"),
    ],
)
def test_a_bad_file_of_pairs_is_named(tmp_path: Path, lines: list[str], message: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(Invalid, match=message):
        read_pairs(path)


def test_a_text_may_hold_ends_of_lines_that_json_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    row = json.dumps(json.loads(_row(a={"title": "A\u2028B\x85C"})), ensure_ascii=False)
    path.write_text("\r\n".join([row] * 5), encoding="utf-8", newline="")
    assert read_pairs(path)[0].a.title == "A\u2028B\x85C"


def test_the_report_is_data_and_a_table(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join([_row(), _row(same_event="BAD")] * 5), encoding="utf-8")
    report = evaluate_pairs(read_pairs(path))
    assert report.as_json()["pairs"] == 10
    assert "| same event | pairs |" in report.as_table()
