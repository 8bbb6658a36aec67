"""Arithmetic on thousands of small numbers at once: each number has a lane, and an integer holds one bit of them all.

A `Lanes` is a set of lanes (bit n stands for lane n), a `Number` lists bits of weight 1, 2, 4 … of the number in each
lane. So adding two columns of numbers takes a few operations on long integers, which is what this is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

Lanes = int
Number = list[Lanes]


def total(numbers: Iterable[Sequence[Lanes]]) -> Number:
    """Return the sum of numbers, lane by lane."""
    columns: list[list[Lanes]] = []
    for number in numbers:
        for weight, bits in enumerate(number):
            if weight == len(columns):
                columns.append([])
            if bits:
                columns[weight].append(bits)
    added: Number = []
    weight = 0
    while weight < len(columns):
        column, carried = columns[weight], list[Lanes]()
        while len(column) > 2:  # three bits of one weight make one of it and one of the next
            a, b, c = column.pop(), column.pop(), column.pop()
            either = a ^ b
            column.append(either ^ c)
            carried.append((a & b) | (either & c))
        if len(column) == 2:
            carried.append(column[0] & column[1])
            column = [column[0] ^ column[1]]
        added.append(column[0] if column else 0)
        weight += 1
        carried = [bits for bits in carried if bits]
        if weight < len(columns):
            columns[weight] += carried
        elif carried:
            columns.append(carried)
    return added


def count(sets: Iterable[Lanes]) -> Number:
    """Return in how many of the sets each lane is."""
    return total([lanes] for lanes in sets)


def constants(values: Iterable[tuple[int, Lanes]]) -> Number:
    """Return a number that has the given values in the given lanes, no lane being given twice, and elsewhere 0."""
    merged: dict[int, Lanes] = {}
    for value, lanes in values:
        merged[value] = merged.get(value, 0) | lanes
    number = [0] * max(merged, default=0).bit_length()
    for value, lanes in merged.items():
        for weight in _weights(value):
            number[weight] |= lanes
    return number


@lru_cache(maxsize=1024)
def _weights(value: int) -> tuple[int, ...]:
    return tuple(weight for weight in range(value.bit_length()) if value >> weight & 1)


def descending(number: Sequence[Lanes], lanes: Lanes) -> Iterator[tuple[int, Lanes]]:
    """Yield the values that a number has in these lanes, the largest first, each with all lanes that have it."""
    stack = [(len(number), 0, lanes)]
    while stack:
        weight, value, rest = stack.pop()
        if not rest:
            continue
        if weight == 0:
            yield value, rest
            continue
        weight -= 1
        ones = rest & number[weight]
        stack.append((weight, value, rest ^ ones))
        stack.append((weight, value | 1 << weight, ones))


def each(lanes: Lanes) -> Iterator[int]:
    """Yield the lanes of a set, lowest first."""
    while lanes:
        lowest = lanes & -lanes
        yield lowest.bit_length() - 1
        lanes ^= lowest
