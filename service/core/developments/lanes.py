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
        columns += [[] for _ in range(len(number) - len(columns))]
        for column, bits in zip(columns, number, strict=False):
            if bits:
                column.append(bits)
    added: Number = []
    carried: list[Lanes] = []
    while carried or len(added) < len(columns):
        column = carried
        if len(added) < len(columns):
            column += columns[len(added)]
        bits, carried = _summed(column)
        added.append(bits)
    return added


def count(sets: Iterable[Lanes]) -> Number:
    """Return in how many of the sets each lane is."""
    added: Number = []
    column = list(sets)
    while column:
        bits, column = _summed(column)
        added.append(bits)
    return added


def _summed(column: list[Lanes]) -> tuple[Lanes, list[Lanes]]:
    """Return what bits of one weight leave there, lane by lane, and the bits they carry to the next."""
    carried: list[Lanes] = []
    while len(column) > 2:  # three bits of one weight make one of it and one of the next
        last = len(column) // 3 * 3
        rest = column[last:]
        for a, b, c in zip(column[0:last:3], column[1:last:3], column[2:last:3], strict=True):
            either = a ^ b
            rest.append(either ^ c)
            if carry := (a & b) | (either & c):
                carried.append(carry)
        column = rest
    if len(column) == 2:
        if carry := column[0] & column[1]:
            carried.append(carry)
        return column[0] ^ column[1], carried
    return column[0] if column else 0, carried


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


def at_most(limit: int, number: Sequence[Lanes], lanes: Lanes) -> Number:
    """Return a number with what is larger than a limit, in these lanes, put down to it."""
    larger, same = 0, lanes
    width = max(len(number), limit.bit_length())
    padded = [*number, *[0] * (width - len(number))]
    for weight in reversed(range(width)):
        if limit >> weight & 1:
            same &= padded[weight]
        else:
            larger |= same & padded[weight]
            same ^= same & padded[weight]
    if not larger:
        return padded
    return [bits | larger if limit >> weight & 1 else bits ^ (bits & larger) for weight, bits in enumerate(padded)]


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
