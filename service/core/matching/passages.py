"""A passage: one text of an entry as the matcher sees it, folded once and looked through once for all stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from service.core.language.chunks import ChunkedText
from service.core.language.folding import fold, fold_offsets, language_of
from service.core.language.phrases import IS_LETTER
from service.core.lazily import Lazily


class NameHit(NamedTuple):
    """A name found in a text: offsets are those of the original text."""

    story: str
    entity: str
    start: int
    end: int
    lang: str
    weak: bool  # a surname alone: needs company
    is_title: bool  # a description that stands for the name
    is_typo: bool = False  # one of its words is misspelt
    vouches: bool = False  # in its company a misspelt name of another entity counts


class WordHit(NamedTuple):
    """A word of a class found in a text: offsets are those of the original text."""

    word_class: str
    start: int
    end: int
    background: bool = False  # in a clause that says what is long known


class _Edges(dict[int, str]):
    """Everything but letters and digits becomes a space; fills itself."""

    def __missing__(self, code: int) -> str:
        self[code] = edged = chr(code) if IS_LETTER[chr(code)] else " "
        return edged


_EDGES = _Edges()
_ASCII_EDGES = "".join(_EDGES[code] for code in range(128)).encode() + bytes(range(128, 256))


def spaced(folded: str) -> str:
    """Return a folded text with a space before and after, and for each character that no word holds.

    So " stem" is found at the edge of a word only, and the next space is where a word ends.
    """
    if folded.isascii():
        return f" {folded.encode().translate(_ASCII_EDGES).decode()} "
    return f" {folded.translate(_EDGES)} "


@dataclass(kw_only=True)
class Passage:
    """A text in its language, with what has been found in it so far.

    Attributes:
        text: As it stands in the entry.
        lang: Whose words to look for.
        folded: `fold(text)`.
        chunked: The same, taken apart at its spaces.
        names: Story → the names of its entities; None until the watchlist has looked.
        words: Story, or "" for the lexicon → words; None until the watchlist has looked.
        said: Story → its own words and those of the lexicon, in order, once asked for.
        sighted: The (story, or "" for the lexicon; entity or class) that may stand here; None until the screen has looked.
    """

    text: str
    lang: str
    folded: str
    names: dict[str, list[NameHit]] | None = None
    words: dict[str, list[WordHit]] | None = None
    said: dict[str, list[WordHit]] = field(default_factory=dict)
    sighted: set[tuple[str, str]] | None = None
    chunked: ChunkedText = field(init=False)

    def __post_init__(self) -> None:
        """Take the folded text apart."""
        self.chunked = ChunkedText(self.folded)

    @classmethod
    def of(cls, text: str, declared: str | None, *, folded: str | None = None) -> Passage:
        """Return a text with the language that its script or its feed says.

        Args:
            text: The text.
            declared: The language of the item or its feed.
            folded: `fold(text)`, where the caller has it.
        """
        return cls(text=text, lang=language_of(text, declared), folded=fold(text) if folded is None else folded)

    @Lazily
    def offsets(self) -> Sequence[int]:
        """Return the way back from folded positions to those of the text."""
        return fold_offsets(self.text)
