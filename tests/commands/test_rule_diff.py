"""Changed rules: what they would tell is seen before anything is applied, and nothing is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from builders import a_delta

from service.commands.cli import main
from service.core.errors import Invalid
from service.core.model import Change, DeltaType
from service.rule_diff import diff_rules, read_told, told_by

ITEMS = [
    {
        "id": "1",
        "title": "Russia pulls troops out of Qamishli airport",
        "summary": "Convoys left the base on Monday, residents said.",
        "lang": "en",
        "source": "Agency A",
        "published": "2026-01-26T08:00:00Z",
    },
    {
        "id": "2",
        "title": "Damascus asks Moscow to hand over Assad",
        "summary": "Syria's government has formally asked Russia to extradite the ousted president.",
        "lang": "en",
        "source": "Outlet B",
        "published": "2026-02-02T08:00:00Z",
    },
]


@pytest.fixture
def items(tmp_path: Path) -> Path:
    path = tmp_path / "items.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in ITEMS), encoding="utf-8")
    return path


def test_each_difference_is_named() -> None:
    same, gone, changed = (a_delta(entry=f"e-{n}", line=f"Line {n}") for n in range(3))
    new = a_delta(entry="e-9", line="Line 9")
    other = replace(changed, type=DeltaType.UPDATE, threads=("crews",), changes=())
    diff = diff_rules(told_by([same, gone, changed]), told_by([same, other, new]))
    assert [(c.kind, c.fields) for c in diff.changes] == [
        ("vanishes", ()),
        ("changes", ("type", "threads", "facts")),
        ("appears", ()),
    ]
    assert "1 would appear, 1 would vanish, 1 would change" in diff.as_text()
    assert diff.as_json()["changes"] == 1


def test_another_type_of_one_entry_is_a_change_and_a_second_delta_appears() -> None:
    first = a_delta(entry="e-1")
    second = a_delta(entry="e-1", revision=2, type=DeltaType.CORRECTION)
    diff = diff_rules(told_by([first]), told_by([replace(first, type=DeltaType.UPDATE), second]))
    assert [c.kind for c in diff.changes] == ["changes", "appears"]


def test_what_editors_said_is_no_difference() -> None:
    assert diff_rules(told_by([a_delta(by="editor", type=DeltaType.RETRACTION)]), []).changes == ()


def test_a_changed_fact_is_shown_with_its_stance() -> None:
    change = Change(fact="harbour-held", before="a", after="b", stance="develops")
    diff = diff_rules(told_by([a_delta()]), told_by([a_delta(changes=(change,))]))
    assert "harbour-held: develops" in diff.as_text()


def test_the_same_rules_differ_in_nothing(items: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deltas.jsonl"
    assert main(["replay", str(items), "--story", "assad-exit", "--deltas", str(out)]) == 0
    capsys.readouterr()
    assert main(["replay", str(items), "--story", "assad-exit", "--diff", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["deltas"] == []


def test_a_headline_may_hold_ends_of_lines_that_json_does_not_count(
    items: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = items.read_text(encoding="utf-8").replace("Qamishli airport", "Qamishli airport \u2028\x85 live")
    items.write_text(text, encoding="utf-8")
    test_the_same_rules_differ_in_nothing(items, tmp_path, capsys)
    assert "\u2028\x85" in (tmp_path / "deltas.jsonl").read_text(encoding="utf-8")


def test_a_run_told_otherwise_differs(items: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deltas.jsonl"
    assert main(["replay", str(items), "--story", "assad-exit", "--deltas", str(out)]) == 0
    first, *rest = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    out.write_text(json.dumps(first | {"line": "Another line"}) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["replay", str(items), "--story", "assad-exit", "--diff", str(out)]) == 0
    shown = capsys.readouterr().out
    assert f"~ {first['entry']}  line" in shown
    assert f"{len(rest)} would appear, 0 would vanish, 1 would change" in shown


def test_a_stored_ledger_is_compared_and_left_as_it_is(
    items: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ledger.db"
    url = f"sqlite:///{file}"
    assert main(["replay", str(items), "--story", "assad-exit", "--database-url", url]) == 0
    before = file.read_bytes()
    capsys.readouterr()
    assert main(["replay", "--story", "assad-exit", "--database-url", url, "--diff", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["before"], shown["deltas"]) == (2, [])
    assert file.read_bytes() == before


def test_a_diff_needs_something_to_compare_with(
    items: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "--story", "assad-exit", "--diff"]) == 2
    assert "--database-url" in capsys.readouterr().err
    assert main(["replay", "--story", "assad-exit"]) == 2
    assert "ITEMS.jsonl" in capsys.readouterr().err
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}", encoding="utf-8")
    with pytest.raises(Invalid, match="replay --deltas"):
        read_told(bad)
    assert main(["replay", str(items), "--story", "assad-exit", "--diff", str(bad)]) == 2
