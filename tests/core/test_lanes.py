"""Sums, counts and orders over lanes are those of plain numbers."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from service.core.developments.lanes import Lanes, at_most, constants, count, descending, each, total

LANES = st.integers(0, 2**20 - 1)
NUMBERS = st.lists(st.lists(LANES, max_size=4), max_size=6)


def _in(number: list[Lanes], lane: int) -> int:
    return sum((bits >> lane & 1) << weight for weight, bits in enumerate(number))


@given(numbers=NUMBERS)
def test_a_total_is_the_sum_in_each_lane(numbers: list[list[Lanes]]) -> None:
    added = total(numbers)

    assert [_in(added, lane) for lane in range(20)] == [sum(_in(n, lane) for n in numbers) for lane in range(20)]


@given(sets=st.lists(LANES, max_size=40))
def test_a_count_says_in_how_many_sets_a_lane_is(sets: list[Lanes]) -> None:
    assert [_in(count(sets), lane) for lane in range(20)] == [sum(s >> lane & 1 for s in sets) for lane in range(20)]


@given(values=st.lists(st.integers(0, 300), max_size=20))
def test_constants_stand_in_their_lanes_and_descend(values: list[int]) -> None:
    number = constants((value, 1 << lane) for lane, value in enumerate(values))
    everywhere = (1 << len(values)) - 1
    expected: dict[int, list[int]] = defaultdict(list)
    for lane, value in enumerate(values):
        expected[value].append(lane)

    found = [(value, list(each(lanes))) for value, lanes in descending(number, everywhere)]

    assert found == sorted(expected.items(), reverse=True)


@given(number=st.lists(LANES, max_size=5), limit=st.integers(0, 40), lanes=LANES)
def test_a_number_is_put_down_to_a_limit_in_its_lanes(number: list[Lanes], limit: int, lanes: Lanes) -> None:
    lowered = at_most(limit, number, lanes)

    assert [_in(lowered, lane) for lane in each(lanes)] == [min(limit, _in(number, lane)) for lane in each(lanes)]


def test_nothing_descends_from_no_lanes() -> None:
    assert list(descending([1, 2], 0)) == []
    assert list(each(0)) == []
