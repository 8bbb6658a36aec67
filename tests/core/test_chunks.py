"""Chunks: looked at once each, found where they stand, and forgotten before they are too many."""

from __future__ import annotations

import pytest

from service.core.language.chunks import HOLDING_REMEMBERED, LONGEST_REMEMBERED, REMEMBERED, ChunkedText, Chunks


class Looking:
    """Finds the letter a, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, chunk: str) -> tuple[int, ...]:
        self.asked.append(chunk)
        return tuple(index for index, letter in enumerate(chunk) if letter == "a")


def test_what_chunks_hold_comes_with_where_they_begin() -> None:
    assert Chunks(Looking()).holding(ChunkedText("an  old man's tale ")) == [(0, (0,)), (8, (1,)), (14, (1,))]
    assert Chunks(Looking()).holding(ChunkedText("")) == []


def test_a_chunk_is_looked_at_once() -> None:
    look = Looking()
    chunks = Chunks(look)
    first = chunks.holding(ChunkedText("a man"))
    assert chunks.holding(ChunkedText("a man a man")) == [*first, (6, (0,)), (8, (1,))]
    assert sorted(look.asked) == ["a", "man"]


def test_a_text_that_is_not_taken_apart_is_looked_at_whole_and_forgotten() -> None:
    look = Looking()
    chunks = Chunks(look, apart=False)
    assert chunks.holding(ChunkedText("a man")) == chunks.holding(ChunkedText("a man")) == [(0, (0, 3))]
    assert look.asked == ["a man", "a man"]


def test_a_chunk_too_long_to_come_again_is_forgotten() -> None:
    look = Looking()
    chunks = Chunks(look)
    for long in ("a" * LONGEST_REMEMBERED, "a" * (LONGEST_REMEMBERED + 1)):
        chunks.holding(ChunkedText(long))
        chunks.holding(ChunkedText(long))
    assert sorted(map(len, look.asked)) == [LONGEST_REMEMBERED, LONGEST_REMEMBERED + 1, LONGEST_REMEMBERED + 1]


@pytest.mark.parametrize(("letter", "limit"), [("a", HOLDING_REMEMBERED), ("b", REMEMBERED)])
def test_no_more_chunks_are_remembered_than_fit(letter: str, limit: int) -> None:
    look = Looking()
    chunks = Chunks(look)
    for number in range(limit):
        chunks.holding(ChunkedText(f"{letter}{number}"))
    chunks.holding(ChunkedText(f"{letter}0"))
    assert len(look.asked) == limit
    chunks.holding(ChunkedText(f"{letter}-one-more"))
    chunks.holding(ChunkedText(f"{letter}0"))
    assert look.asked[limit:] == [f"{letter}-one-more", f"{letter}0"]
