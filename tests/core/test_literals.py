"""Literals: found at their places in texts of every script, whatever their characters weigh in bytes."""

from __future__ import annotations

import pytest

from service.core.language.literals import Literals

WORDS = ("assad", "асад", "阿萨德", "اسد", "sad", "德", "é", "e", "🙂", "\ud83d")
LITERALS = Literals({word: word for word in WORDS})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "assad left",
        "says assad",
        "башар асад",
        "阿萨德在莫斯科",
        "前总统 assad 阿萨德, асад, اسد",
        "🙂🙂 assad 🙂",
        "cafe\u0301 é",
        "half a pair \ud83d assad",
    ],
)
def test_each_literal_is_found_where_it_ends(text: str) -> None:
    ends = [(end, word) for end in range(1, len(text) + 1) for word in WORDS if text[:end].endswith(word)]
    assert sorted(LITERALS.places(text)) == sorted(ends)
    assert sorted(LITERALS.held(text)) == sorted({word for _, word in ends})


def test_no_literals_are_found_nowhere() -> None:
    nothing: Literals[str] = Literals({})
    assert list(nothing.held("assad")) == []
    assert list(nothing.places("assad")) == []
