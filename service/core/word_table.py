"""The word classes of one language, those of the lexicon and those of each story, compiled for looking up."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import ahocorasick

from service.core.passages import Passage, WordHit, spaced
from service.core.phrases import IS_LETTER, PhrasePattern, Token, match_at, word_pattern
from service.core.text import end_of

_BEGIN = 3  # letters
Class = tuple[str, str]  # whose ("" for the lexicon, else a story) and which
_Others = tuple[tuple[str, list[tuple[Class, PhrasePattern, str]]], ...]
_Packed = tuple[int, tuple[Class, ...], tuple[Class, ...], _Others]  # the fields of _Tries


@dataclass(slots=True)
class _Tries:
    """What to try where an anchor stands: most phrases are one word, whole or with any ending, and need no more.

    Attributes:
        length: Of the anchor.
        whole: Classes of phrases that are this word.
        begun: Classes of phrases that any word beginning so is.
        others: By how what else must be in the text begins, the phrases that need a closer look.
    """

    length: int
    whole: list[Class] = field(default_factory=list)
    begun: list[Class] = field(default_factory=list)
    others: dict[str, list[tuple[Class, PhrasePattern, str]]] = field(default_factory=dict)

    def packed(self) -> _Packed:
        """Return the same as plain tuples, which the search goes through fastest."""
        return self.length, tuple(self.begun), tuple(self.whole), tuple(self.others.items())


class WordTable:
    """Finds the phrases of word classes in texts of one language.

    Anchors of phrases that begin a word are looked for with the edge before them, which spares most of the tries; in
    scripts without spaces a word may follow anything.
    """

    def __init__(self, lang: str, classes: Mapping[Class, tuple[str, ...]]) -> None:
        self._edges = lang not in {"zh", "ja"}
        self._marked: dict[PhrasePattern, set[tuple[str, ...]]] | None = {} if lang == "vi" else None
        tries: dict[str, dict[int, _Tries]] = {}
        for word_class, phrases in classes.items():
            for phrase in dict.fromkeys(phrases):
                pattern = word_pattern(phrase, lang)
                if pattern is not None:
                    self._add(tries, word_class, pattern)
                    if self._marked is not None:
                        written = unicodedata.normalize("NFC", phrase).casefold()
                        self._marked.setdefault(pattern, set()).add(tuple(written.replace("*", "").split()))
        self._empty = not tries
        self._automaton = ahocorasick.Automaton()
        for key, by_length in tries.items():
            self._automaton.add_word(key, tuple(place.packed() for place in by_length.values()))
        if not self._empty:
            self._automaton.make_automaton()

    def _add(self, tries: dict[str, dict[int, _Tries]], word_class: Class, pattern: PhrasePattern) -> None:
        anchor = pattern.anchor
        is_edge = self._edges and pattern.begins_a_word and IS_LETTER[anchor[0]]
        key = spaced(anchor)[0 if is_edge else 1 : -1] if self._edges else anchor
        place = tries.setdefault(key, {}).setdefault(len(anchor), _Tries(len(anchor)))
        token = pattern.tokens[0]
        is_simple = token.after in {"exact", "any"} and all(IS_LETTER[c] for c in anchor) if self._edges else True
        if self._marked is None and len(pattern.tokens) == 1 and is_simple and (is_edge or not self._edges):
            (place.begun if token.after == "any" or not self._edges else place.whole).append(word_class)
        else:
            need = max(pattern.tokens[1:], key=lambda token: len(token.literal), default=None)
            begin = "" if need is None else _begin(need) if self._edges else need.literal[:1]
            place.others.setdefault(begin, []).append((word_class, pattern, pattern.need))

    def find(self, passage: Passage) -> dict[str, list[WordHit]]:
        """Return every phrase in a passage, each once, from its start to its end, by whose it is."""
        if self._empty:
            return {}
        found: dict[str, set[tuple[int, int, str]]] = defaultdict(set)  # (start, -end, class): they sort as they read
        folded = passage.folded
        text = passage.spaced if self._edges else folded
        shift = 1 if self._edges else 0
        begins = {"", *folded, *[word[:_BEGIN] for word in text.split()]} if shift else {"", *folded}
        for last, places in self._automaton.iter(text, 0, len(text) - shift):
            stop = last + 1 - shift
            for length, begun, whole, others in places:
                start = stop - length
                if begun:
                    end = text.index(" ", last + 1) - 1 if shift else stop
                    for owner, word_class in begun:
                        found[owner].add((start, -end, word_class))
                if whole and text[last + 1] == " ":
                    for owner, word_class in whole:
                        found[owner].add((start, -stop, word_class))
                for begin, phrases in others:
                    if begin in begins:
                        for (owner, word_class), pattern, need in phrases:
                            span = match_at(pattern, folded, start) if need in folded else None
                            if span is not None and (self._marked is None or self._same_marks(passage, span, pattern)):
                                found[owner].add((span[0], -span[1], word_class))
        offsets, written = passage.offsets, passage.text
        if written.isascii():  # every character stands where it stood, and has no marks
            return {owner: [WordHit(name, at, -end) for at, end, name in sorted(mine)] for owner, mine in found.items()}
        return {
            owner: [WordHit(name, offsets[at], end_of(written, offsets[-end - 1])) for at, end, name in sorted(mine)]
            for owner, mine in found.items()
        }

    def _same_marks(self, passage: Passage, span: tuple[int, int], pattern: PhrasePattern) -> bool:
        """Say whether a Vietnamese surface has the marks of its phrase: dinh (palace) is not định (to decide)."""
        surface = passage.text[passage.offsets[span[0]] : end_of(passage.text, passage.offsets[span[1] - 1])]
        if surface.isascii() and passage.text.isascii():
            return True  # written without any marks, as some tickers do
        surface = unicodedata.normalize("NFC", surface).casefold()
        forms = (self._marked or {}).get(pattern, set())
        return any(all(word in surface for word in words if word != "..") for words in forms)


def _begin(token: Token) -> str:
    """Return how a text shows at once that it may hold a token: by a word's first letters, or a single letter."""
    begin = token.literal[:_BEGIN]
    is_begin_of_word = token.before == "" and len(begin) == _BEGIN and all(IS_LETTER[letter] for letter in begin)
    return begin if is_begin_of_word else begin[:1]
