"""What a follow-up changes: the bundled cases, against floors and beside the baseline that takes all for news."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from service.case_evaluation import CaseReport, evaluate_cases
from service.commands.setup import rules_of
from service.core.errors import Invalid
from service.core.rules import Rules
from service.loading.case_files import read_cases

DATA = Path(__file__).resolve().parent.parent / "data"
CASES = DATA / "deltas"
LINE = '{"case": "c", "story": "s", "items": [{"id": "1", "title": "T"}], "expect": [{"id": "1", "is": ["repeat"]}]}'


@pytest.fixture(scope="module")
def report(rules: Rules) -> CaseReport:
    return evaluate_cases(read_cases(CASES), rules)


def test_there_are_cases_enough_to_say_something(report: CaseReport) -> None:
    cases = read_cases(CASES)
    assert len(cases) >= 200
    assert len({case.name for case in cases}) == len(cases)
    assert len(report.by_language()) >= 10
    assert report.left_out < 30  # cases of the two other stories


def test_the_kind_of_change_is_told_rightly(report: CaseReport) -> None:
    assert report.accuracy >= 0.9, "\n".join(report.mistakes())
    assert 1 - report.accuracy < (1 - report.all_new) / 4


@pytest.mark.parametrize("kind", ["contradiction", "status_change"])
def test_what_alarms_a_reader_is_mostly_right(report: CaseReport, kind: str) -> None:
    score = report.by_kind()[kind]
    assert score.wanted >= 20
    assert (score.precision or 0) >= 0.9, "\n".join(report.mistakes())
    assert (score.recall or 0) >= 0.85, "\n".join(report.mistakes())


@pytest.mark.parametrize(
    "question",
    ["event", "fact", "modality", "quantity", "speaker", "same_development", "other_development", "copy"],
)
def test_what_happened_and_what_it_touches_is_read(report: CaseReport, question: str) -> None:
    assert report.questions()[question] >= 0.8, "\n".join(report.mistakes())


def test_other_stories_need_no_other_code() -> None:
    report = evaluate_cases(read_cases(CASES), rules_of(DATA / "stories"))
    assert report.cases >= 7
    assert report.accuracy > report.all_new, "\n".join(report.mistakes())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda line: line.replace("repeat", "rumour"), "rumour"),
        (lambda line: line.replace('"expect": [{"id": "1"', '"expect": [{"id": "2"'), "none of its items"),
        (lambda line: line.replace('"title"', '"headline"'), "title"),
        (lambda _: "", "holds no case"),
    ],
)
def test_a_bad_case_is_named(tmp_path: Path, change: Callable[[str], str], message: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(change(LINE), encoding="utf-8")
    with pytest.raises(Invalid, match=message):
        read_cases(path)


def test_the_report_says_the_same_as_data_and_as_a_table(report: CaseReport) -> None:
    row = report.as_json()
    assert row["accuracy"] == round(report.accuracy, 3)
    assert f"| its kind | {len(report.answers)} | {report.accuracy:.2f} |" in report.as_table()
    assert len(report.mistakes()) >= sum(a.kind not in a.expected.kinds for a in report.answers)
