"""Whether what looks like a name is written as a name where it stands: capitals, marks, edges that its script knows.

Folding takes all of that away so that names are found however they are written; here it is asked for again where its
absence makes another word: "damas" is a cloth in French, "ngà" ivory in Vietnamese, クロアサド no Assad.
"""

from __future__ import annotations

import re
import unicodedata

from service.core.model.entity_types import SITES

# Languages in which a place or a person has a capital, and nothing derived from it goes without one under its name.
_CAPITALS = frozenset({"en", "fr", "de", "es", "it", "pl", "pt", "tr", "el"})
_NAMED = SITES | {"person"}
_SHORT = 3  # letters of an abbreviation
_NO_PROSE = frozenset("#@/._-")  # before it: a tag, an account, an address
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]")
# What Japanese writes before a name without a mark between: "post-Assad", "anti-Putin".
_KATAKANA_PREFIXES = ("ポスト", "アンチ", "プロ", "ネオ", "プレ")
# The plural, or an adjective that says "some", makes a noun of a name in Persian: "putins", "a new putin" are boots.
_PERSIAN_NOUN = re.compile(" ?ها(?:ي|يي)?(?![\u0600-\u06ff])| [\u0600-\u06ff]+ اي(?![\u0600-\u06ff])")


def asks_for_capital(written: str, lang: str, entity_type: str) -> bool:
    """Say whether a name must begin with a capital where it stands.

    Args:
        written: The base form as its author wrote it.
        lang: Of the form.
        entity_type: Of what it names: adjectives of countries stand under their names and have no capital.
    """
    is_short = len(written) <= _SHORT and written.isupper()  # "US" is a country, "us" is not
    return lang in _CAPITALS and written[:1].isupper() and (entity_type in _NAMED or is_short)


def has_capital(text: str, begin: int) -> bool:
    """Say whether a name has the capital it must have; a text without any, a tag and an address need none."""
    if not text[begin].islower() or (begin and text[begin - 1] in _NO_PROSE):
        return True
    return not any(letter.isupper() for letter in text)


def has_same_marks(text: str, begin: int, stop: int, written: str) -> bool:
    """Say whether a Vietnamese surface has the marks of its name: ngà (ivory) is not Nga (Russia).

    Args:
        text: The text.
        begin: Where the surface begins.
        stop: Where it ends.
        written: The name's base form, composed, in small letters.
    """
    surface = text[begin:stop]
    return surface.isascii() or unicodedata.normalize("NFC", surface).casefold() == written


def stands_by_itself(folded: str, start: int, end: int, lang: str, entity_type: str) -> bool:
    """Say whether a span of a folded text is a word by itself where only its script can say so."""
    if lang == "ja" and _KATAKANA.match(folded[start]) and start and _KATAKANA.match(folded[start - 1]):
        return folded[:start].endswith(_KATAKANA_PREFIXES)
    if lang == "fa" and entity_type == "person":
        return _PERSIAN_NOUN.match(folded, end) is None
    return True
