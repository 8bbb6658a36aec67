"""Text as the matcher sees it: folded, with a way back to the original offsets.

Folding makes spellings that mean the same look the same: case, diacritics, harakat and niqqud, Arabic letter
variants, final Hebrew letters, traditional characters, full-width forms, digits of any script, quotation marks,
apostrophes and hyphens. It works character by character, so every folded position has an original one. Characters
written in pieces (kana and their sound marks, Hangul letters) are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from operator import add

from service.core.language.code_pages import CodePage
from service.core.language.hanzi import SIMPLIFIED, TRADITIONAL

_SPECIAL: dict[str, str] = {
    "ı": "i", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ё": "е",
    # Arabic and Persian letter variants
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه",
    # Hebrew final forms
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
    "ς": "σ",
    # apostrophes and geresh; the Arabic ayn and hamza signs of transliterations
    "’": "'", "‘": "'", "ʼ": "'", "ʹ": "'", "′": "'", "`": "'", "´": "'", "׳": "'", "ʾ": "'", "ʿ": "'", "‛": "'",
    # quotation marks
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "״": '"', "‟": '"', "「": '"', "」": '"', "『": '"', "』": '"',
    # what joins words becomes a space
    "-": " ", "‐": " ", "‑": " ", "‒": " ", "–": " ", "—": " ", "־": " ", "·": " ", "・": " ", "‧": " ", "•": " ",
    "\u200c": " ", "\u00a0": " ", "\n": " ", "\t": " ", "\r": " ", "_": " ", "\u3000": " ",
    "ـ": "",
    **dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)),
}  # fmt: skip


# Pieces that join the character before them into another letter; what they fold to by themselves begins with a mark
# that no text has, so that a folded text says whether it needs a second look.
_JOINING = re.compile("[\u3099\u309a\uff9e\uff9f\u1161-\u1175\u11a8-\u11c2]")
_JOINED = re.compile(
    "[\u3040-\u30ff\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
)
_SEAM = "\ufdd0"
_JOINS: frozenset[str] = frozenset(character for character in map(chr, range(0xFFA0)) if _JOINING.match(character))


def _fold_character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character == _SEAM:
        return ""
    if character in _JOINS:
        return _SEAM if character in "\u3099\u309a\uff9e\uff9f" else _SEAM + character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    # Kana and Hangul keep their marks: が is not か
    if "\u3040" <= character <= "\u30ff" or "\uac00" <= character <= "\ud7af":
        return "".join(_SPECIAL.get(piece, piece) for piece in unicodedata.normalize("NFKC", character).casefold())
    folded = []
    for part in unicodedata.normalize("NFKD", character).casefold():
        pieces = unicodedata.normalize("NFKD", part)
        folded += [_SPECIAL.get(piece, piece) for piece in pieces if unicodedata.category(piece) != "Mn"]
    return "".join(folded)


class _Folding(dict[int, str]):
    """A translation table that fills itself: each character is folded once in the life of the process.

    Attributes:
        uneven: The characters met so far that fold to none or to several.
        is_uneven: Finds them; an expression does so seven times as fast as a set.
    """

    def __init__(self) -> None:
        super().__init__()
        self.uneven = _SEAM
        self.is_uneven = re.compile(_SEAM)

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        if len(folded) != 1 or folded == _SEAM:
            self.uneven += chr(code)
            self.is_uneven = re.compile(f"[{re.escape(self.uneven)}]")
        return folded


_FOLDING = _Folding()


def _folding_of(character: str) -> str:
    return _FOLDING[ord(character)]


_ASCII = "".join(_FOLDING[code] for code in range(128)).encode() + bytes(range(128, 256))  # English: no look-ups

# Most other texts hold no characters but those of one of these pages: a sixth of the work.
_PUNCTUATION = "\u00a0«»‘’“”„–—…•"
_LATIN = "".join(map(chr, range(0xC0, 0x100))) + "ăąćčďđęěğıłńňœőřśşšťůűźżžĄĆČĘĞİŁŒŚŞŠŹŻŽ"
_VIETNAMESE = "àáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA1, 0x1EFA, 2)))
_CYRILLIC = "".join(map(chr, range(0x400, 0x460))) + "Ґґ"
_LATIN_PAGE = CodePage(f"{_PUNCTUATION}{_LATIN}€£°´·\u00adªº′™", _folding_of)
_OTHER_PAGES = tuple(
    CodePage(_PUNCTUATION + letters, _folding_of) for letters in (_VIETNAMESE + _VIETNAMESE.upper(), _CYRILLIC)
)
_PAGE_WITH = {character: page for page in _OTHER_PAGES for character in page.characters}


def _moving() -> re.Pattern[str]:
    """Return what finds the characters that may not fold to themselves, beside those of the most frequent blocks."""
    known = (*range(0x700), *range(0x3000, 0x3100))
    steady = {character for character in map(chr, known) if _fold_character(character) == character}
    steady.update(map(chr, range(0x4E00, 0xA000)))
    steady.difference_update(TRADITIONAL)
    return re.compile(f"[^{re.escape(''.join(sorted(steady)))}]")


_MOVING = _moving()
_FREQUENT = tuple((mark, _FOLDING[ord(mark)]) for mark in "，：（）“”·-")  # in Chinese: replaced all at once


def fold(text: str) -> str:
    """Return the folded form of a text."""
    if text.isascii():
        return text.encode().translate(_ASCII).decode()
    try:
        return _LATIN_PAGE.fold(text)
    except UnicodeEncodeError as error:
        page = _PAGE_WITH.get(text[error.start])
    if page is not None:
        try:
            return page.fold(text)
        except UnicodeEncodeError:
            pass  # it has characters of several scripts
    for mark, plain in _FREQUENT:
        text = text.replace(mark, plain)
    folded = _MOVING.sub(_folded, text)
    if _SEAM in folded:
        return _JOINED.sub(_compose, text).translate(_FOLDING).replace(_SEAM, "")
    return folded


def _folded(character: re.Match[str]) -> str:
    return _FOLDING[ord(character[0])]


def _compose(pieces: re.Match[str]) -> str:
    composed = unicodedata.normalize("NFKC", pieces.group())
    return composed if len(composed) == 1 else composed[0]  # a mark that its letter cannot take says nothing


class _Belongs(dict[str, bool]):
    """Whether a character belongs to the one before it, as a mark or a piece; fills itself."""

    def __missing__(self, character: str) -> bool:
        self[character] = belongs = character in _JOINS or unicodedata.combining(character) > 0
        return belongs


_BELONGS = _Belongs()


def end_of(text: str, index: int) -> int:
    """Return where the character ends that begins at an index, with the marks and pieces that belong to it."""
    end = index + 1
    while end < len(text) and text[end] > "\u02ff" and _BELONGS[text[end]]:
        end += 1
    return end


def fold_offsets(text: str) -> Sequence[int]:
    """Return, for each position of `fold(text)` and its end, the offset in `text` it came from.

    To be called after `fold(text)`, which has met every character of the text.
    """
    if text.isascii() or _FOLDING.is_uneven.search(text) is None:
        return range(len(text) + 1)
    joined = {match.start(): match for match in _JOINED.finditer(text)} if _JOINING.search(text) else {}
    offsets: list[int] = []
    begin = 0
    for index in sorted({match.start() for match in _FOLDING.is_uneven.finditer(text)} | joined.keys()):
        if index < begin:
            continue  # a piece of the character before
        match = joined.get(index)
        offsets.extend(range(begin, index))
        offsets.extend([index] * len(fold(match.group() if match else text[index])))
        begin = match.end() if match else index + 1
    offsets.extend(range(begin, len(text) + 1))
    return offsets


# --- language of a text ------------------------------------------------------------------

_LATIN_LANGUAGES = frozenset({"en", "fr", "de", "es", "it", "pl", "pt", "tr", "vi"})
_SCRIPTS = (
    ("cyrillic", re.compile("[\u0400-\u04ff]+")),
    ("arabic", re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]+")),
    ("hebrew", re.compile("[\u0590-\u05ff]+")),
    ("greek", re.compile("[\u0370-\u03ff]+")),
    ("han", re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")),
    ("latin", re.compile("[\u00c0-\u024f\u1e00-\u1eff]+")),
)
# High bytes that no other script has, of the most frequent scripts; and those that Latin texts do without.
_SURE_HIGH_BYTES = (
    ("cyrillic", b"\x04"),
    ("han", bytes((*range(0x34, 0x4D), *range(0x4E, 0xA0)))),
    ("arabic", b"\x06"),
)
_NEVER_LATIN = bytes((*range(0x03, 0x07), *range(0x30, 0xA0), *range(0xFB, 0xFF)))
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_ASCII_RUN = re.compile("[\x00-\x7f]+")
_NO_LETTERS = bytes(code for code in range(256) if not chr(code).isalpha() or code > 127)
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_PERSIAN = re.compile("[پچژگ]|می\u200c|های")
_KANA = re.compile("[\u3040-\u30ff]")


def language_of(text: str, declared: str | None) -> str:
    """Return the language whose words to look for in a text, as an ISO 639-1 code.

    The script decides where it can; the declared language (of the item or its feed) decides the rest. Feeds with a
    title in one language and a summary in another are common, so each field is asked on its own.
    """
    declared = (declared or "").lower().replace("_", "-").split("-")[0]
    if text.isascii():
        return declared if declared in _LATIN_LANGUAGES else "en"
    script = _script_of(text)
    if script is None:
        return declared or "en"
    if script == "cyrillic":
        return "uk" if declared == "uk" or _UKRAINIAN.search(text) else "ru"
    if script == "arabic":
        return "fa" if declared == "fa" or (declared != "ar" and _PERSIAN.search(text)) else "ar"
    if script == "han":
        return "ja" if declared == "ja" or _KANA.search(text) else "zh"
    if script == "hebrew":
        return "he"
    if script == "greek":
        return "el"
    return declared if declared in _LATIN_LANGUAGES else "en"


def _script_of(text: str) -> str | None:
    """Return the script that says most in a text, or None."""
    # Nearly every text says it by the high bytes of its characters, ten times as fast as by counting them.
    high = text.encode("utf-16-le", "surrogatepass")[1::2]
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    for name, of_script in _SURE_HIGH_BYTES:
        count = len(high) - len(high.translate(None, of_script))
        if count > len(text) - count and count > 3 * (foreign - count):
            return name  # whatever the rest is, it says less
    if len(high) == len(high.translate(None, _NEVER_LATIN)):
        return "latin" if _LATIN_LETTER.search(text) else None
    others = _ASCII_RUN.sub("", text)  # so that texts in Latin script are searched for a few characters only
    counts = {name: sum(map(len, pattern.findall(others))) for name, pattern in _SCRIPTS}
    counts["latin"] += len(text.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    counts["han"] *= 3  # one character says as much as a short word
    script = max(counts, key=lambda name: counts[name])
    return script if counts[script] else None


# --- sentences and words -----------------------------------------------------------------

_SENTENCE_END = re.compile(
    r"[.!?…؟۔。！？\n](?:"
    r"(?<=[.!?…؟۔])[\"'»”’)]*\s+(?=[\"'«“(]*[^\W\d_a-zа-яіїєґ])|(?<=[。！？])[。！？]*[”」』]?|(?<=\n)\n*)"
)
_ABBREVIATION = re.compile(r"\b(?:[A-ZА-Я]|Mr|Mrs|Dr|St|Gen|Col|Lt|Sen|Rep|No|vs|ca|UU|им|г|т)\.$")
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORDS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(range(128, 256))
_CJK_RUN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of a text's sentences, without surrounding space. Offsets count code points."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [match.end() for match in _SENTENCE_END.finditer(text)] + [len(text)]:
        piece = text[start:end]
        stripped = piece.strip()
        if end != len(text) and stripped.endswith(".") and _ABBREVIATION.search(stripped, len(stripped) - 4):
            continue
        lead = len(piece) - len(piece.lstrip())
        if stripped:
            spans.append((start + lead, start + lead + len(stripped)))
        start = end
    return spans


def words(folded: str) -> list[str]:
    """Return the words of a folded text; scripts without spaces give character pairs."""
    if folded.isascii():
        return folded.encode().translate(_ASCII_WORDS).decode().split()
    if _CJK_RUN.search(folded) is None:
        return _WORD.findall(folded)
    found: list[str] = []
    for match in _WORD.finditer(folded):
        word = match.group()
        runs = list(_CJK_RUN.finditer(word))
        if not runs:
            found.append(word)
            continue
        position = 0
        for run in runs:
            if run.start() > position:
                found.append(word[position : run.start()])
            characters = run.group()
            found.extend(map(add, characters, characters[1:]) if len(characters) > 1 else characters)
            position = run.end()
        if position < len(word):
            found.append(word[position:])
    return found
