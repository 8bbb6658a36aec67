"""Cursors are opaque, and bound to list, story, filters and epoch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.cursors import Scope
from service.core.errors import CursorGone, CursorInvalid

SCOPE = Scope(listing="deltas", story="harbour", epoch="e1", filters=(("lang", "ar"), ("thread", "bases")))


@given(st.integers(min_value=0, max_value=2**63))
def test_a_cursor_says_where_it_stands_and_is_safe_in_an_address(position: int) -> None:
    cursor = SCOPE.encode(position)
    assert SCOPE.decode(cursor) == position
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert cursor.isascii()


def test_the_order_of_filters_does_not_matter() -> None:
    swapped = Scope(listing="deltas", story="harbour", epoch="e1", filters=(("thread", "bases"), ("lang", "ar")))
    assert swapped.decode(SCOPE.encode(7)) == 7


@pytest.mark.parametrize(
    "other",
    [
        Scope(listing="decisions", story="harbour", epoch="e1", filters=SCOPE.filters),
        Scope(listing="deltas", story="elsewhere", epoch="e1", filters=SCOPE.filters),
        Scope(listing="deltas", story="harbour", epoch="e1", filters=(("lang", "ar"),)),
        Scope(listing="deltas", story="harbour", epoch="e1"),
    ],
)
def test_a_cursor_of_another_list_is_invalid(other: Scope) -> None:
    with pytest.raises(CursorInvalid):
        SCOPE.decode(other.encode(3))


def test_a_cursor_of_another_epoch_is_gone_and_names_the_oldest() -> None:
    restored = Scope(listing="deltas", story="harbour", epoch="e2", filters=SCOPE.filters)
    with pytest.raises(CursorGone) as gone:
        restored.decode(SCOPE.encode(9))
    assert restored.decode(gone.value.oldest_cursor) == 0


@given(st.text(max_size=60))
def test_garbage_is_invalid(garbage: str) -> None:
    with pytest.raises(CursorInvalid):
        SCOPE.decode(garbage)


@given(st.integers(0, 38), st.sampled_from("AZaz09-_"))
def test_a_changed_character_is_noticed(index: int, char: str) -> None:
    cursor = SCOPE.encode(12345)
    changed = cursor[:index] + char + cursor[index + 1 :]
    if changed != cursor and index != 38:  # the last character carries two unused bits
        with pytest.raises(CursorInvalid):
            SCOPE.decode(changed)
