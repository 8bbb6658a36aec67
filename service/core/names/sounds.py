"""What a name sounds like, by its consonants, so that it is known again in another script.

Vowels are what transcriptions differ in, and Arabic and Hebrew do not write them. A word of a text has one row of
consonants; a name in Latin letters may have several, since "ch" and "g" are read in many ways. Both are told apart no
finer than the script of the text does: Arabic has one letter for p and b, Japanese one for r and l. Chinese is left
out: its characters stand for syllables that only a list could give.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from service.core.language.folding import fold

# Language → the script whose readings its texts have.
SCRIPT_OF = {
    "ru": "cyrillic",
    "uk": "cyrillic",
    "el": "greek",
    "ar": "arabic",
    "fa": "arabic",
    "he": "hebrew",
    "ja": "kana",
}
LATIN = frozenset({"en", "fr", "de", "es", "it", "pl", "pt", "tr", "vi"})
CASED = frozenset({"cyrillic", "greek"})

# --- what a word of a text sounds like ----------------------------------------------------
# Consonants in small letters, S for all that hisses as in "ship" or "church"; what is missing here is a vowel.
_LETTERS: dict[str, dict[str, str]] = {
    "cyrillic": dict(
        zip("бвгґджзклмнпрстфхцчшщ", ["b", "f", "g", "g", "d", *"Ssklmnprstfhs", "S", "S", "S"], strict=True)
    ),
    "greek": dict(zip("βγδζθκλμνξπρσςτφχψ", [*"fgdstklmn", "ks", *"prsstfh", "ps"], strict=True)),
    "arabic": dict(zip("بپتثجچحخدذرزژسشصضطظغفڤقكگلمنه", "bbtsSShhdsrsSsSsdtskffkkklmnh", strict=True)),
    "hebrew": dict(zip("בגדהזחטכלמנספצקרשת", "pgdhshtklmnspskrst", strict=True)),
}
_KANA = {
    **dict.fromkeys("カキクケコガギグゲゴヵヶ", "k"),
    **dict.fromkeys("サシスセソザジズゼゾチツヂヅ", "s"),
    **dict.fromkeys("タテトダデド", "t"),
    **dict.fromkeys("ナニヌネノマミムメモン", "n"),
    **dict.fromkeys("ハヒヘホ", "h"),
    **dict.fromkeys("フ", "f"),
    **dict.fromkeys("バビブベボパピプペポヴ", "p"),
    **dict.fromkeys("ラリルレロ", "r"),
}
_LETTERS["kana"] = _KANA
_TABLES = {script: str.maketrans(table) for script, table in _LETTERS.items()}
# Two letters that are one sound, in folded text.
_PAIRS = {
    "cyrillic": (("дж", "ж"), ("тс", "с"), ("тш", "ш")),
    "greek": (("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γγ", "g"), ("τζ", "s"), ("τσ", "s")),
    "arabic": (("تش", "ش"), ("دج", "ج"), ("تس", "س")),
    "hebrew": (("וו", "ב"), ("טש", "ש"), ("טס", "ס")),
    "kana": (),
}
_NOT_CONSONANT = re.compile("[^a-zS]+")
_TWICE = re.compile(r"(.)\1+")

# --- what a name in Latin letters may sound like in each script --------------------------
_HEARD: dict[str, dict[int, str]] = {
    script: str.maketrans(table)
    for script, table in {
        "cyrillic": {"z": "s", "v": "f", "C": "S", "J": "S"},
        "greek": {"z": "s", "v": "f", "C": "s", "J": "s", "S": "s"},
        "arabic": {"z": "s", "v": "f", "C": "S", "J": "S", "p": "b", "g": "k"},
        "hebrew": {"z": "s", "v": "p", "f": "p", "b": "p", "C": "s", "J": "s", "S": "s"},
        "kana": {"z": "s", "C": "s", "J": "s", "S": "s", "b": "p", "d": "t", "g": "k", "l": "r", "m": "n"},
    }.items()
}
# Groups of letters, longest first, with all that they are read as somewhere.
_READ_AS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tsch", ("C",)), ("dsch", ("J",)), ("tch", ("C",)), ("sch", ("S", "sk")), ("chs", ("ks",)), ("dzh", ("J",)),
    ("ch", ("S", "h", "k")), ("sh", ("S",)), ("ph", ("f",)), ("th", ("t", "s")), ("ck", ("k",)), ("cz", ("C",)),
    ("sz", ("S", "s")), ("zh", ("S",)), ("dj", ("J",)), ("gh", ("g", "")), ("kh", ("h",)), ("gn", ("n", "gn")),
    ("qu", ("k", "kv")), ("ts", ("s", "ts")), ("tz", ("s", "ts")), ("zz", ("s", "ts")), ("ll", ("l", "")),
    ("š", ("S",)), ("ş", ("S",)), ("ś", ("S",)), ("ž", ("S",)), ("ź", ("S",)), ("ż", ("S",)), ("č", ("C",)),
    ("ć", ("C",)), ("ç", ("s", "C")), ("ğ", ("", "g")), ("ñ", ("n",)), ("x", ("ks",)), ("j", ("J", "", "h")),
    ("w", ("v", "")), ("q", ("k",)), ("h", ("h", "g", "")), ("z", ("z",)), ("ł", ("l",)), ("ń", ("n",)),
)  # fmt: skip
_SOFTENED = {"c": ("s", "C"), "g": ("g", "J")}  # before e, i and y
_BY_FIRST = {
    first: tuple(each for each in _READ_AS if each[0].startswith(first))
    for first in {group[0] for group, _ in _READ_AS}
}
_VOWELS = "aeiouy"
_VOWEL_SET = frozenset(_VOWELS)
_SILENT_IN_FRENCH = "tdspxz"
_MOST_READINGS = 32


def sounds_of(word: str, script: str) -> str:
    """Return the consonants of a folded word of a text in one of the scripts of `SCRIPT_OF`."""
    for pair, one in _PAIRS[script]:
        word = word.replace(pair, one)
    if script in {"arabic", "hebrew"} and len(word) > 2:
        word = word.removesuffix("ه").removesuffix("ה")  # there it is a vowel
    heard = _NOT_CONSONANT.sub("", word.translate(_TABLES[script]))
    return _TWICE.sub(r"\1", _merged(heard, script))


def _merged(heard: str, script: str) -> str:
    """Greek writes d as nt and b as mp, so that no nt, mp or nk is told from them."""
    if script != "greek":
        return heard
    for pair, one in (("nt", "d"), ("nd", "d"), ("mp", "b"), ("mb", "b"), ("nk", "g"), ("ng", "g")):
        heard = heard.replace(pair, one)
    return heard


@lru_cache(maxsize=4096)
def readings(word: str, lang: str, script: str) -> frozenset[str]:
    """Return the rows of consonants that a word in Latin letters may have in another script.

    Args:
        word: As written.
        lang: The language it is written in: French ends and German beginnings are not said as written.
        script: Of the texts it is looked for in.
    """
    parts: list[tuple[str, ...]] = []
    for heard, before_vowel in _groups(word.lower(), lang):
        read = tuple(_in_kana(heard, before_vowel=before_vowel)) if script == "kana" else heard
        if read:
            parts.append(read)
    table = _HEARD[script]
    found: set[str] = set()
    for row in product(*parts):
        found.add(_TWICE.sub(r"\1", _merged("".join(row).translate(table), script)))
        if len(found) >= _MOST_READINGS:
            break
    return frozenset(found - {""})


@lru_cache(maxsize=4096)
def _groups(lower: str, lang: str) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """Return for each group of letters of a word what it is read as, and whether a vowel that is said follows."""
    groups: list[tuple[tuple[str, ...], bool]] = []
    index = 0
    while index < len(lower):
        group, heard = _next_group(lower, index, lang)
        index += len(group)
        if lang == "fr" and index == len(lower) and group in _SILENT_IN_FRENCH:
            heard = (*heard, "")
        follows = fold(lower[index : index + 1])
        groups.append((heard, follows in _VOWEL_SET and (follows != "e" or index + 1 < len(lower))))
    return tuple(groups)


def _next_group(lower: str, index: int, lang: str) -> tuple[str, tuple[str, ...]]:
    """Return (letters, what they are read as; nothing for a vowel) at an index of a word."""
    if lang == "de" and index == 0 and lower[:2] in {"st", "sp"}:
        return lower[0], ("S", "s")
    for group, heard in _BY_FIRST.get(lower[index], ()):
        if lower.startswith(group, index):
            return group, heard
    letter = lower[index]
    plain = fold(letter)
    follows = fold(lower[index + 1 : index + 2])
    if plain in _SOFTENED:
        return letter, _SOFTENED[plain] if follows and follows in "eiy" else ("k" if plain == "c" else "g",)
    return letter, (plain,) if len(plain) == 1 and plain.isascii() and plain.isalpha() and plain not in _VOWELS else ()


def _in_kana(heard: tuple[str, ...], *, before_vowel: bool) -> list[str]:
    """Japanese drops an r that no vowel follows, and writes v as b or f."""
    if heard == ("v",):
        return ["p", "f"]
    if heard == ("f",):
        return ["f", "h"]
    return [*heard, ""] if heard == ("r",) and not before_vowel else list(heard)


# --- vowels, where both sides write them --------------------------------------------------

_FRONT = frozenset("eiyеиіэєїηιε")
_BACK = frozenset("aouаоуяюёыαουω")


def vowels_agree(one: str, other: str) -> bool:
    """Say whether two folded words have the same kinds of vowels in the same order, up to where the shorter ends.

    A vowel that ends a word says nothing: it may be silent, or of a case.
    """
    mine, theirs = _vowel_groups(one), _vowel_groups(other)
    return abs(len(mine) - len(theirs)) <= 2 and all(a & b for a, b in zip(mine, theirs, strict=False))


def _vowel_groups(word: str) -> list[set[str]]:
    groups: list[set[str]] = []
    open_group = False
    for letter in word.rstrip("".join(_FRONT | _BACK)):
        kind = "front" if letter in _FRONT else "back" if letter in _BACK else ""
        if kind and open_group:
            groups[-1].add(kind)
        elif kind:
            groups.append({kind})
        open_group = bool(kind)
    return groups
