"""Numbers with what they count: digits of any script, number words, and the unit words of the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.core.reading import Sentence
from service.core.text import fold

_DIGITS = re.compile(r"(?<![\d.,:/])(\d{1,3}(?:[.,  ']\d{3})+|\d+)(?![\d:/]|[.,]\d)")
_FIGURE = re.compile(r"\d{1,12}")
_WORD = re.compile(r"[^\W\d_]+")
_WINDOW = 60  # code points before a unit word in which its number is looked for
_WORDS_BETWEEN = 3  # "three Russian soldiers", "two of the attackers"
_YEARS = range(1900, 2101)
# Units that say how many were hit take precedence over those that say who they were: "three soldiers killed".
_UNITS_FIRST = ("killed", "wounded")
# How long something took is the last thing to show: "two warships after six days".
_UNITS_LAST = frozenset({"days", "months", "years"})
_NEVER_ONE = frozenset({"killed", "wounded"})

_AND = frozenset({"and", "und", "et", "y", "e"})
_DOZEN = 12
_POWERS = frozenset({1000, 10_000, 1_000_000, 100_000_000, 1_000_000_000, 1_000_000_000_000})
_HAN_NUMBER = re.compile("[零一二两三四五六七八九十百千万亿]+")
_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
# What stands between a number and its noun; 一 elsewhere in a word mostly counts nothing.
_HAN_MEASURES = "名艘架辆人个位枚具台座只机"
_HAN_VAGUE = frozenset("数几上")  # 数十名: some tens


@dataclass(slots=True)
class _Numeral:
    """A number as far as it has been read: "two hundred thousand" is 200 so far, then 200,000."""

    start: int
    end: int
    total: float = 0
    part: float = 0
    vague: bool = False
    is_figure: bool = False

    @property
    def value(self) -> int | None:
        number = self.total + self.part
        return None if self.vague or number != int(number) else int(number)

    def takes(self, value: float | None, *, joined: bool) -> bool:
        """Take in a number word that follows; False where it begins another number."""
        if value is None or self.vague:
            return False
        if value in _POWERS and 0 < self.part < value:
            self.total, self.part = self.total + self.part * value, 0
        elif (value == 100 or (value == _DOZEN and not self.is_figure)) and 1 <= self.part < 10:
            self.part *= value
        elif self.is_figure:
            return False  # "on 20 May five", "the 3 two-seaters"
        elif self._has_room(value) or (joined and self.part < 10 and value in range(20, 100, 10)):
            self.part += value
        else:
            return False
        return True

    def _has_room(self, value: float) -> bool:
        if self.part == 0:
            return 0 < value < 1000
        if self.part % 100 == 0:
            return value < 100
        if self.part in {60, 80}:
            return value < 20  # soixante-quinze
        return self.part >= 20 and self.part % 10 == 0 and value < 10


def _han_value(run: str) -> int:
    """Return the value of a number in Chinese characters: 一千二百."""
    total = section = digit = 0
    for character in run:
        power = _HAN_POWERS.get(character)
        if power is None:
            digit = _HAN_DIGITS[character]
        elif power < 10_000:
            section, digit = section + (digit or 1) * power, 0
        else:
            total, section, digit = (total + section + digit or 1) * power, 0, 0
    return total + section + digit


def _han_numbers(word: str) -> Iterator[tuple[int, int, int | None]]:
    """Yield (start, end, value) of the numbers in a run of characters: 至少三名士兵. None for a vague one."""
    for run in _HAN_NUMBER.finditer(word):
        follows, leads = word[run.end() : run.end() + 1], word[: run.start()][-1:]
        if leads != "第" and (not leads or not follows or follows in _HAN_MEASURES):
            yield run.start(), run.end(), None if leads in _HAN_VAGUE else _han_value(run.group())


def _written(text: str, begin: int, numbers: Mapping[str, int | None]) -> Iterator[tuple[int, int, float | None, bool]]:
    """Yield (start, end, value, joined to the one before) of the number words of a text; None for a vague one."""
    found = list(_WORD.finditer(text, begin))
    index = 0
    while index < len(found):
        for length in (3, 2, 1):
            group = found[index : index + length]
            phrase = " ".join(match.group() for match in group)
            if phrase in numbers:
                yield group[0].start(), group[-1].end(), numbers[phrase], False
                index += len(group)
                break
        else:
            match, word = found[index], found[index].group()
            if word.startswith("و") and numbers.get(word[1:]) is not None:  # the Arabic "and" is written together
                yield match.start(), match.end(), numbers[word[1:]], True
            for start, end, value in _han_numbers(word):
                yield match.start() + start, match.start() + end, value, False
            index += 1


def _number_before(text: str, numbers: Mapping[str, int | None]) -> int | None:
    """Return the number nearest to the end of a folded text, at most a few words before it; a vague one is none."""
    begin = max(0, len(text) - _WINDOW)
    begin = text.rfind(" ", 0, begin) + 1  # not in the middle of a number
    parts: list[tuple[int, int, float | None, bool, bool]] = []
    for match in _DIGITS.finditer(text, begin):
        figure = int(re.sub(r"\D", "", match.group()))
        if not (figure in _YEARS and match.group().isdecimal()):
            parts.append((match.start(), match.end(), figure, False, True))
    parts += [(*written, False) for written in _written(text, begin, numbers)]
    last: _Numeral | None = None
    for start, end, value, joined, is_figure in sorted(parts):
        if last is not None and not is_figure and last.end <= start:
            between = text[last.end : start].strip()
            if (not between or between in _AND) and last.takes(value, joined=joined or between in _AND):
                last.end = end
                continue
        if value is None:
            last = _Numeral(start, end, vague=True)
        else:
            last = _Numeral(start, end, part=value, is_figure=is_figure)
    if last is None or len(text[last.end :].split()) > _WORDS_BETWEEN:
        return None
    return last.value


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
            before, unit = (
                fold(sentence.text[start - sentence.start : end - sentence.start])
                for start, end in ((sentence.start, word.start), (word.start, word.end))
            )
            first = _WORD.match(unit)
            if first and table.get(first.group()) is not None:
                before += first.group()  # a unit that holds its number: "million dollars"
            value = _number_before(before, table)
            if value is not None:
                found[word.word_class] = value
    return found


def numbers_in(text: str, words: Mapping[str, int | None]) -> frozenset[int]:
    """Return the numbers of a text, as figures or as words, whatever they count; "one" mostly counts nothing."""
    folded = fold(text)
    found = {int(figure) for figure in _FIGURE.findall(folded)}
    found |= {value for word in _WORD.findall(folded) if (value := words.get(word)) is not None}
    return frozenset(found - {1})


def main_quantity(found: Mapping[str, int]) -> str | None:
    """Return the quantity to show, as "3 killed"."""
    for unit in (*_UNITS_FIRST, *sorted(found, key=lambda unit: (unit in _UNITS_LAST, unit))):
        if unit in found:
            return f"{found[unit]} {_one(unit) if found[unit] == 1 else unit}"
    return None


def _one(unit: str) -> str:
    return "person" if unit == "people" else unit if unit in _NEVER_ONE else unit.removesuffix("s")
