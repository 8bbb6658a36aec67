"""Numbers with what they count: digits of any script, number words, and the unit words of the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.core.events.dates import NO_DATES, Calendar
from service.core.language.folding import fold
from service.core.language.money import CURRENCIES, SIGN, currency, figure, is_share, is_sum, shown
from service.core.language.number_words import NO_NUMBER_WORDS, NumberWords
from service.core.language.number_words import WORD as _WORD
from service.core.matching.reading import Sentence

_DIGITS = re.compile(r"(?<![\d.,:/])(\d{1,3}(?:[.,  ']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,3})?)(?![\d:/]|[.,]\d)")
_FIGURE = re.compile(r"\d{1,12}")
_RUN = re.compile(r"[^\W_]+")
_WINDOW = 60  # code points before a unit word in which its number is looked for
_WORDS_BETWEEN = 3  # "three Russian soldiers", "two of the attackers"
_YEARS = range(1900, 2101)
# Units that say how many were hit take precedence over those that say who they were: "three soldiers killed".
_UNITS_FIRST = ("killed", "wounded")
# How long something took is the last thing to show: "two warships after six days".
_UNITS_LAST = frozenset({"days", "months", "years"})
_NEVER_ONE = frozenset({"killed", "wounded"})
_VICTIMS = _NEVER_ONE | {"people", "soldiers"}

_MONEY = "dollars"  # the unit class of the lexicon; what it counts is told apart by currency
_LETTERS = {"m": "million", "b": "billion", "k": "thousand"}  # "$4.3b"
_AND = frozenset({"and", "und", "et", "y", "e"})
_DOZEN = 12
# What a count of the dead is called; its number follows: "Zahl der Toten steigt auf 33".
_TOLL = {
    lang: re.compile("|".join(fold(phrase) for phrase in phrases))
    for lang, phrases in {
        "en": ("death toll", "number of dead", "number of deaths", "toll"),
        "de": ("zahl der toten", "zahl der todesopfer", "zahl der opfer", "opferzahl"),
        "fr": ("bilan", "nombre de morts", "nombre de victimes"),
        "es": (
            "número de muertos",
            "cifra de muertos",
            "balance de muertos",
            "número de víctimas",
            "número de fallecidos",
        ),
        "it": ("numero dei morti", "bilancio", "numero delle vittime"),
        "pt": ("número de mortos", "número de mortes", "balanço", "número de vítimas"),
        "pl": ("liczba ofiar", "liczba zabitych", "bilans ofiar", "bilans"),
        "ru": ("число погибших", "число жертв", "количество погибших", "число убитых"),
        "uk": ("кількість загиблих", "кількість жертв", "число загиблих"),
        "tr": ("ölü sayısı", "can kaybı", "ölenlerin sayısı"),
        "el": ("αριθμός των νεκρών", "απολογισμός", "στους"),
        "ar": ("حصيلة", "عدد القتلى", "عدد الضحايا", "عدد الوفيات"),
        "fa": ("شمار کشته", "شمار جان‌باختگان", "تعداد کشته", "شمار قربانیان"),
        "he": ("מספר ההרוגים", "מניין ההרוגים", "מספר הקורבנות"),
        "vi": ("số người chết", "số người thiệt mạng", "số nạn nhân"),
        "zh": ("死亡人数", "遇难人数", "死者人数"),
        "ja": ("死者数", "犠牲者数"),
    }.items()
}
# What a count of anything is called, with the same order of words: "number of wounded lowered to two".
_TALLY = {
    lang: re.compile("|".join(fold(phrase) for phrase in phrases))
    for lang, phrases in {
        "en": ("number of", "count of"),
        "de": ("zahl der", "anzahl der", "zahl verletzter", "zahl getöteter"),
        "fr": ("nombre de", "nombre d", "bilan"),
        "es": ("número de", "cifra de"),
        "it": ("numero di", "numero dei", "bilancio"),
        "pt": ("número de", "balanço"),
        "pl": ("liczba", "liczbę", "bilans"),
        "ru": ("число", "численность", "количество"),
        "uk": ("число", "чисельність", "кількість"),
        "tr": ("sayısı",),
        "el": ("αριθμός",),
        "ar": ("عدد", "حصيلة"),
        "fa": ("شمار", "تعداد"),
        "he": ("מספר", "מניין"),
        "vi": ("số lượng", "số người", "số binh sĩ", "số lính"),
        "zh": ("人数", "兵力", "数量"),
        "ja": ("人数", "者数", "兵力", "の数"),
    }.items()
}
_TALLIED = ("killed", "wounded", "soldiers", "people")
_OF_DEATH = frozenset({"killed", "kill", "die"})  # classes without which no count of the dead is looked for
_DAYS = range(1, 32)
_FEW = range(2, 1000)  # what a scale may follow in words: "два мільярди"
_TOLL_REACH = 60  # code points
# Vague alone ("millions of"), a scale after a figure ("1.5 millions").
_SCALES_IN_PLURAL = dict.fromkeys(
    (
        "millions",
        "millones",
        "milioni",
        "milhoes",
        "milhões",
        "millionen",
        "ملايين",
        "מיליוני",
        "εκατομμυρια",
        "miliony",
        "миллионы",
        "мильиони",
    ),
    1_000_000,
) | dict.fromkeys(("мильярди", "мільярди", "миллиарды", "miliardy"), 1_000_000_000)
_APOSTROPHES = frozenset({"'", "\N{RIGHT SINGLE QUOTATION MARK}", "\N{MODIFIER LETTER APOSTROPHE}"})
_POWERS = frozenset({1000, 10_000, 1_000_000, 100_000_000, 1_000_000_000, 1_000_000_000_000})
_HAN_NUMBER = re.compile("[零一二两三四五六七八九十百千万亿億]+")
_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "億": 100_000_000}
_HAN_SCALES = re.compile("[十百千万亿億]+")
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
        number = round(self.total + self.part, 6)
        return None if self.vague or number != int(number) else int(number)

    def takes(self, value: float | None, *, joined: bool) -> bool:
        """Take in a number word that follows; False where it begins another number."""
        if value is None or self.vague:
            return False
        if value in _POWERS and 0 < self.part < value:
            self.total, self.part = self.total + self.part * value, 0
        elif value in _POWERS and self.part == 0 and 0 < self.total < value:
            self.total *= value  # "mil millones"
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


def _is_elided(text: str, pair: Sequence[re.Match[str]]) -> bool:
    return len(pair) == 2 and text[pair[0].end() : pair[1].start()] in _APOSTROPHES


def _written(text: str, begin: int, numbers: NumberWords) -> Iterator[tuple[int, int, float | None, bool]]:
    """Yield (start, end, value, joined to the one before) of the number words of a text; None for a vague one."""
    if not numbers.may_be_in(text[begin:]):
        return
    found = list(_WORD.finditer(text, begin))
    words = [match.group() for match in found]
    index = 0
    while index < len(found):
        for length in (3, 2, 1) if words[index] in numbers.openers else ():
            phrase = " ".join(words[index : index + length])
            if phrase not in numbers and length == 2 and _is_elided(text, found[index : index + 2]):
                phrase = "'".join(words[index : index + 2])  # п'ять
            if phrase in numbers:
                group = found[index : index + length]
                yield group[0].start(), group[-1].end(), numbers[phrase], False
                index += len(group)
                break
        else:
            match, word = found[index], words[index]
            if word.startswith("و") and numbers.get(word[1:]) is not None:  # the Arabic "and" is written together
                yield match.start(), match.end(), numbers[word[1:]], True
            for start, end, value in () if word.isascii() else _han_numbers(word):
                yield match.start() + start, match.start() + end, value, False
            index += 1


def _numeral_before(text: str, numbers: NumberWords, *, between: int = _WORDS_BETWEEN) -> tuple[int, int] | None:
    """Return (start, value) of the number nearest to the end of a folded text, at most `between` words before it.

    A vague one is none, and neither is a sum with its sign ("$500 million for the base") or a share ("80% of the troops").
    """
    begin = max(0, len(text) - _WINDOW)
    begin = text.rfind(" ", 0, begin) + 1  # not in the middle of a number
    parts: list[tuple[int, int, float | None, bool, bool]] = []
    for match in _DIGITS.finditer(text, begin) if _FIGURE.search(text, begin) else ():
        amount = figure(match.group())
        follows = _WORD.match(text, match.end() + 1)
        is_scaled = follows is not None and (numbers.get(follows.group()) or 0) in _POWERS
        if is_share(text, match.start(), match.end()) or is_sum(text, match.start(), match.end()):
            parts.append((match.start(), match.end(), None, False, False))
        elif is_scaled or not (amount in _YEARS and match.group().isdecimal()):
            parts.append((match.start(), match.end(), amount, False, True))
    parts += [(*written, False) for written in _written(text, begin, numbers)]
    last: _Numeral | None = None
    for start, end, value, joined, is_figure in sorted(parts):
        if last is not None and not is_figure and last.end <= start:
            joint = text[last.end : start].strip()
            if last.vague and value in _POWERS and not joint:  # "$500 million" is one sum
                last.end = end
                continue
            is_scale = value is None and (last.is_figure or last.part in _FEW) and not joint
            scale = _SCALES_IN_PLURAL.get(text[start:end]) if is_scale else value
            if (not joint or joint in _AND) and last.takes(scale, joined=joined or joint in _AND):
                last.end = end
                continue
        if value is None:
            last = _Numeral(start, end, vague=True)
        else:
            last = _Numeral(start, end, part=value, is_figure=is_figure)
    if last is None or len(text[last.end :].split()) > between or last.value is None:
        return None
    return last.start, last.value


def _scale_in(unit: str, numbers: NumberWords) -> str:
    """Return the number that a unit's phrase begins with: "million dollars", 亿美元."""
    word = _WORD.match(unit)
    if word is None:
        return ""
    if numbers.get(word.group()) is not None or word.group() in _SCALES_IN_PLURAL:
        return word.group()
    powers = _HAN_SCALES.match(unit)
    return powers.group() if powers else ""


def quantities(
    sentence: Sentence, units: frozenset[str], numbers: Mapping[str, NumberWords], calendar: Calendar = NO_DATES
) -> dict[str, int]:
    """Return unit → value for the counted things of a sentence; the first of each unit counts.

    A number counts what follows it next and nothing else: "five drones hit the base" are not five bases. Only the dead
    and wounded are counted along with who they were ("three soldiers killed").

    Args:
        sentence: The sentence with its words.
        units: Word classes that are units.
        numbers: Language → folded number word → value.
        calendar: Finds dates, whose day counts nothing.
    """
    found: dict[str, int] = {}
    taken: dict[int, str] = {}  # where a number starts → what it counts
    table = numbers.get(sentence.lang, NO_NUMBER_WORDS)
    counted_words = sorted((word for word in sentence.words if word.word_class in units), key=lambda word: word.start)
    for word in counted_words:
        if any(
            w.start <= word.start and word.end <= w.end and w.end - w.start > word.end - word.start
            for w in counted_words
        ):
            continue  # what flies without a crew is no plane: طائرات مسيرة
        if word.word_class == _MONEY or word.word_class not in found:
            before, unit = (
                fold(sentence.text[start - sentence.start : end - sentence.start])
                for start, end in ((sentence.start, word.start), (word.start, word.end))
            )
            before += _scale_in(unit, table)
            counted = currency(unit) if word.word_class == _MONEY else word.word_class
            numeral = _numeral_before(before, table)
            if numeral is None or (numeral[1] in _DAYS and calendar.is_day(before[numeral[0] :], sentence.lang)):
                continue
            if not _may_count(counted, taken.setdefault(numeral[0], counted)):
                continue
            found.setdefault(counted, numeral[1])
    if "killed" in units and "killed" not in found and (dead := _count_after(_TOLL, sentence, table)) is not None:
        if _OF_DEATH & sentence.classes():
            found["killed"] = dead
    elif (tally := next((unit for unit in _TALLIED if unit in sentence.classes() & units), "")) and not found:
        number = _count_after(_TALLY, sentence, table)
        found.update({tally: number} if number is not None else {})
    if _MONEY in units and ("$" in sentence.text or not sentence.text.isascii()):
        for sign, value in _signed_sums(fold(sentence.text), table):
            found.setdefault(sign, value)
    return found


def _count_after(called: Mapping[str, re.Pattern[str]], sentence: Sentence, table: NumberWords) -> int | None:
    """Return a count that stands after its name: "death toll rises to 33", "ölü sayısı 15'e", "auf zwei korrigiert"."""
    said = called.get(sentence.lang)
    text = fold(sentence.text) if said is not None else ""
    found = said.search(text) if said is not None else None
    if found is None:
        return None
    for number in _DIGITS.finditer(text, found.end(), found.end() + _TOLL_REACH):
        value = figure(number.group())
        if value == int(value) and value not in _YEARS:
            return int(value)
    if called is _TOLL:
        return None
    written = [value for start, _, value, _ in _written(text[found.end() :], 0, table) if start < _TOLL_REACH]
    return int(written[0]) if len(written) == 1 and written[0] is not None else None


def _may_count(unit: str, taken_by: str) -> bool:
    """Say whether a number that counts one unit may count another: "three soldiers killed"."""
    return unit == taken_by or (bool(_NEVER_ONE & {unit, taken_by}) and {unit, taken_by} <= _VICTIMS)


def _signed_sums(text: str, numbers: NumberWords) -> Iterator[tuple[str, int]]:
    """Yield (currency, value) of the sums of a folded text that have a sign: "$4.3 billion", "88 mio. €"."""
    for sign in SIGN.finditer(text):
        figures = _DIGITS.match(text, sign.end() + (text[sign.end() : sign.end() + 1] == " "))
        if figures is None:
            numeral = _numeral_before(text[: sign.start()].rstrip(" ."), numbers, between=0)
            value = numeral[1] if numeral else None
        else:
            scale = _WORD.match(text, figures.end() + (text[figures.end() : figures.end() + 1] == " "))
            word = _LETTERS.get(scale.group(), scale.group()) if scale else ""
            if scale and (numbers.get(word) or 0) in _POWERS:
                value = round(figure(figures.group()) * (numbers[word] or 1))
            else:
                numeral = _numeral_before(text[figures.start() : figures.end()], numbers)
                value = numeral[1] if numeral else None
        if value is not None:
            yield currency(sign.group()), value


def numbers_in(folded: str, words: Mapping[str, float | None], tokens: Sequence[str] | None = None) -> frozenset[float]:
    """Return the numbers of a folded text, as figures or as words, whatever they count; "one" mostly counts nothing.

    Args:
        folded: The text.
        words: Folded number word → value.
        tokens: Its runs of letters and digits, where the caller has them.
    """
    tokens = _RUN.findall(folded) if tokens is None else tokens
    found = {value for token in words.keys() & tokens if token.isalpha() and (value := words[token]) is not None}
    for token in tokens:
        if not token.isalpha():
            found.update(map(int, _FIGURE.findall(token)))
            found.update(value for word in _WORD.findall(token) if (value := words.get(word)) is not None)
    return frozenset(found - {1})


def main_quantity(found: Mapping[str, int]) -> str | None:
    """Return the quantity to show, as "3 killed"."""
    for unit in (*_UNITS_FIRST, *sorted(found, key=lambda unit: (unit in _UNITS_LAST, unit))):
        if unit in found:
            return in_words(unit, found[unit])
    return None


def in_words(unit: str, value: int) -> str:
    """Return a quantity as an English reader writes it: "3 killed", "1 ship", "88 million euros"."""
    if unit in CURRENCIES:
        return shown(value, unit)
    return f"{value} {_one(unit) if value == 1 else unit}"


def _one(unit: str) -> str:
    return "person" if unit == "people" else unit if unit in _NEVER_ONE else unit.removesuffix("s")
