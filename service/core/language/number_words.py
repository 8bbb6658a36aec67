"""Number words of a language: folded, with what tells at a glance that a stretch of text has none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from service.core.language.folding import fold

WORD = re.compile(r"[^\W\d_]+")
_LETTERS = bytes(code if chr(code).isalpha() else ord(" ") for code in range(128)) + bytes(range(128, 256))


class NumberWords(dict[str, float | None]):
    """Folded number word or phrase → value; None for a vague one such as "dozens"."""

    @classmethod
    def by_language(cls, tables: Mapping[str, Mapping[str, float | None]]) -> dict[str, NumberWords]:
        """Fold the number words of each language."""
        return {lang: cls({fold(word): value for word, value in table.items()}) for lang, table in tables.items()}

    def may_be_in(self, folded: str) -> bool:
        """Say whether a text may hold a number word; of other letters than English ones it is not asked."""
        if not folded.isascii():
            return True
        return not self.openers.isdisjoint(folded.encode().translate(_LETTERS).decode().split())

    @cached_property
    def openers(self) -> frozenset[str]:
        """Return the words that phrases begin with."""
        return frozenset(opener.group() for phrase in self if (opener := WORD.match(phrase)))


NO_NUMBER_WORDS = NumberWords()
