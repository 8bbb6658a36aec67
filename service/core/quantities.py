"""Numbers with what they count: digits of any script, number words, and the unit words of the lexicon."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.core.reading import Sentence
from service.core.text import fold

_DIGITS = re.compile(r"(?<![\d.,:/])(\d{1,3}(?:[.,  ']\d{3})+|\d+)(?![\d:/]|[.,]\d)")
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_BETWEEN = 3  # "three Russian soldiers", "two of the attackers"
_YEARS = range(1900, 2101)
# Units that say how many were hit take precedence over those that say who they were: "three soldiers killed".
_UNITS_FIRST = ("killed", "wounded")


def _number_before(text: str, position: int, numbers: Mapping[str, int | None]) -> int | None:
    """Return the nearest number that stands at most a few words before a position of a folded text."""
    window = text[max(0, position - 40) : position]
    found: list[tuple[int, int]] = []  # where it ends, value
    for match in _DIGITS.finditer(window):
        figure = int(re.sub(r"\D", "", match.group()))
        if figure not in _YEARS:
            found.append((match.end(), figure))
    for match in _WORD.finditer(window):
        value = numbers.get(match.group())
        if value is None:
            value = _leading_number(match.group(), numbers)
        if value is not None:
            found.append((match.end(), value))
    if not found:
        return None
    end, value = max(found)
    return value if len(window[end:].split()) <= _WORDS_BETWEEN else None


def _leading_number(word: str, numbers: Mapping[str, int | None]) -> int | None:
    """Return the number a run of characters begins with, in scripts without spaces: 三名士兵."""
    for number, meaning in numbers.items():
        if meaning is not None and "\u4e00" <= number[0] <= "\u9fff" and word.startswith(number):
            return meaning
    return None


def quantities(
    sentence: Sentence, units: frozenset[str], numbers: Mapping[str, Mapping[str, int | None]]
) -> dict[str, int]:
    """Return unit → value for the counted things of a sentence; the first of each unit counts.

    Args:
        sentence: The sentence with its words.
        units: Word classes that are units.
        numbers: Language → folded number word → value.
    """
    found: dict[str, int] = {}
    table = numbers.get(sentence.lang, {})
    for word in sentence.words:
        if word.word_class in units and word.word_class not in found:
            before = fold(sentence.text[: word.start - sentence.start])
            value = _number_before(before, len(before), table)
            if value is not None:
                found[word.word_class] = value
    return found


def main_quantity(found: Mapping[str, int]) -> str | None:
    """Return the quantity to show, as "3 killed"."""
    for unit in (*_UNITS_FIRST, *sorted(found)):
        if unit in found:
            return f"{found[unit]} {unit}"
    return None
