"""The word classes of one language, those of the lexicon and those of each story, compiled for looking up."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.core.language.chunks import ChunkedText, Chunks
from service.core.language.folding import end_of
from service.core.language.literals import Literals
from service.core.language.phrases import IS_LETTER, PhrasePattern, Token, match_at, word_pattern
from service.core.matching.passages import Passage, WordHit, spaced

Class = tuple[str, str]  # whose ("" for the lexicon, else a story) and which


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase that needs a closer look, with the class it says."""

    word_class: Class
    pattern: PhrasePattern
    anchor: str  # its first literal
    is_edge: bool  # no letter stands before that


@dataclass(slots=True, eq=False)
class _Tries:
    """What to try where a literal stands: most phrases are one word, whole or with any ending, and need no more.

    Attributes:
        length: Of the literal.
        whole: Phrases that are this word.
        begun: Phrases that any word beginning so is.
        single: Phrases of one word that need a closer look.
        several: Phrases of several words of which this is the longest, by the longest of the others.
        needed: The classes that these say, once asked for.
    """

    length: int
    whole: list[_Phrase] = field(default_factory=list)
    begun: list[_Phrase] = field(default_factory=list)
    single: list[_Phrase] = field(default_factory=list)
    several: dict[str, list[_Phrase]] = field(default_factory=dict)
    needed: list[tuple[str, set[Class]]] | None = None


# A word of classes in a chunk: (start, end, phrases, tries); where `end` is 0 a word with phrases that may stand around
# it. A plain tuple, as dozens are made for each text in Chinese.
_Held = tuple[int, int, Sequence[_Phrase], _Tries]


class WordTable:
    """Finds the phrases of word classes in texts of one language.

    A phrase is looked for by its longest literal: the longer, the rarer. Literals that begin a word are looked for
    with the edge before them, which spares most of the tries; in scripts without spaces a word may follow anything.
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
        self._tries = tries
        self._literals = Literals({key: tuple(by_length.values()) for key, by_length in tries.items()})
        self._chunks = Chunks(self._look, apart=self._edges)

    def _add(self, tries: dict[str, dict[int, _Tries]], word_class: Class, pattern: PhrasePattern) -> None:
        token, *others = sorted(pattern.tokens, key=lambda token: -len(token.literal))
        phrase = _Phrase(word_class, pattern, pattern.anchor, pattern.begins_a_word)
        literal = token.literal
        is_edge = self._edges and token.before == "" and IS_LETTER[literal[0]]
        key = spaced(literal)[0 if is_edge else 1 : -1] if self._edges else literal
        place = tries.setdefault(key, {}).setdefault(len(literal), _Tries(len(literal)))
        if others:
            place.several.setdefault(others[0].literal, []).append(phrase)
        elif not self._edges:
            place.begun.append(phrase)
        elif is_edge and self._marked is None and _is_plain(token):
            (place.begun if token.after == "any" else place.whole).append(phrase)
        else:
            place.single.append(phrase)

    def _look(self, chunk: str) -> tuple[_Held, ...]:
        """Return the words of classes in a chunk, and those that may be part of a phrase."""
        found: list[_Held] = []
        text = spaced(chunk) if self._edges else chunk
        shift = 1 if self._edges else 0
        for end, places in self._literals.places(text[: len(text) - shift]):
            stop = end - shift
            for tries in places:
                start = stop - tries.length
                if tries.begun:
                    found.append((start, text.index(" ", end) - 1 if shift else stop, tries.begun, tries))
                if tries.whole and text[end] == " ":
                    found.append((start, stop, tries.whole, tries))
                for phrase in tries.single:  # the search saw spaces for all that is no letter
                    span = match_at(phrase.pattern, chunk, start) if chunk.startswith(phrase.anchor, start) else None
                    if span is not None:
                        found.append((*span, [phrase], tries))
                if tries.several:
                    found.append((0, 0, (), tries))
        return tuple(found)

    def sighted(self, text: ChunkedText) -> Iterator[tuple[str, Collection[Class]]]:
        """Yield classes whose phrases may stand in a text, with what else it must hold for that."""
        sure: set[Class] = set()
        several: set[_Tries] = set()
        for words in self._chunks.telling(text).values():
            for _, end, phrases, tries in words:
                for phrase in phrases:
                    sure.add(phrase.word_class)
                if not end:
                    several.add(tries)
        yield "", sure
        for tries in several:
            if tries.needed is None:
                tries.needed = [(second, {p.word_class for p in phrases}) for second, phrases in tries.several.items()]
            yield from tries.needed

    def told_by(self) -> Iterator[tuple[str, str, Class]]:
        """Yield (longest literal, next longest or "", class) of all phrases."""
        for key, by_length in self._tries.items():
            for tries in by_length.values():
                for phrase in (*tries.whole, *tries.begun, *tries.single):
                    yield key, "", phrase.word_class
                for second, phrases in tries.several.items():
                    for phrase in phrases:
                        yield key, second, phrase.word_class

    def find(self, passage: Passage) -> dict[str, list[WordHit]]:
        """Return every phrase in a passage, each once, from its start to its end, by whose it is."""
        if not self._tries:
            return {}
        found: dict[str, set[tuple[int, int, str]]] = defaultdict(set)  # (start, -end, class): they sort as they read
        folded = passage.folded
        several: set[_Tries] = set()
        for begin, words in self._chunks.holding(passage.chunked):
            for start, end, phrases, tries in words:
                if not end:
                    several.add(tries)
                for phrase in phrases:
                    if self._marked is None or self._same_marks(passage, (begin + start, begin + end), phrase.pattern):
                        owner, word_class = phrase.word_class
                        found[owner].add((begin + start, -begin - end, word_class))
        for start, end, phrase in _phrases(several, folded):
            if self._marked is None or self._same_marks(passage, (start, end), phrase.pattern):
                owner, word_class = phrase.word_class
                found[owner].add((start, -end, word_class))
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


def _phrases(several: Iterable[_Tries], folded: str) -> Iterator[tuple[int, int, _Phrase]]:
    """Yield (start, end, phrase) of the phrases of several words in a folded text that holds their longest ones."""
    for tries in several:
        for second in filter(folded.__contains__, tries.several):  # one in twelve
            for phrase in tries.several[second]:
                position = folded.find(phrase.anchor)
                while position >= 0:
                    if not (phrase.is_edge and position and IS_LETTER[folded[position - 1]]):
                        span = match_at(phrase.pattern, folded, position)
                        if span is not None:
                            yield *span, phrase
                    position = folded.find(phrase.anchor, position + 1)


def _is_plain(token: Token) -> bool:
    """Say whether a token stands wherever a word is its literal, or begins with it."""
    return token.after in {"exact", "any"} and all(IS_LETTER[letter] for letter in token.literal)
