"""Folding by code pages: texts whose characters all lie among some 250 are folded by table in C.

`str.translate` asks a dictionary about each character, some 500 machine instructions; an 8-bit code page takes a tenth
of that. These are the functions that the standard library's own 8-bit codecs (cp1251 and its kin) are made of.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable

_UNDEFINED = "\ufffe"  # what `codecs` takes for a byte without a character
_BYTES = 256
_ASCII = ("\0", "\t", "\n", "\r", *map(chr, range(32, 127)))


class CodePage:
    """What text in ASCII has, and some more characters, each with what it folds to.

    Attributes:
        characters: All of them.
    """

    def __init__(self, more: Iterable[str], fold: Callable[[str], str]) -> None:
        """Make the tables.

        Args:
            more: Up to 157 characters.
            fold: Says what a character folds to: to one, or to any number of ASCII characters.
        """
        self.characters = tuple(dict.fromkeys((*_ASCII, *more)))
        folded = [fold(character) for character in self.characters]
        self._encoding = codecs.charmap_build("".join(self.characters).ljust(_BYTES, _UNDEFINED))
        self._folded = "".join(f if len(f) == 1 else _UNDEFINED for f in folded)
        self._uneven = [(bytes([byte]), self._encoded(f)) for byte, f in enumerate(folded) if len(f) != 1]

    def fold(self, text: str) -> str:
        """Return a text folded; UnicodeEncodeError where it holds a character that the page does not."""
        encoded = self._encoded(text)
        for byte, folded in self._uneven:
            encoded = encoded.replace(byte, folded)
        return codecs.charmap_decode(encoded, "strict", self._folded)[0]

    def _encoded(self, text: str) -> bytes:
        return codecs.charmap_encode(text, "strict", self._encoding)[0]
