"""The screen: whether a text that the gate let through is worth reading in full.

It stands between the two, and nearly all that reaches it goes no further: the gate asks for one slot of a pattern, and a
reading costs fifty times what it does. The screen asks whether all slots of any pattern may be filled, by what the
chunks of the text were once found to hold; that may be too much, as most of what makes a name or a phrase what it is
was not asked, but never too little. A story's core entity is reason enough to read on (DESIGN 12).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from service.core.chunks import ChunkedText, Chunks
from service.core.model import Role
from service.core.passages import Passage
from service.core.patterns import PatternIndex
from service.core.reading import EntryText
from service.core.watchlist import ANY_NAME, Owned, Watchlist

_ByOwner = dict[str, set[str]]


class _Sighted(NamedTuple):
    """What may stand in a chunk, if its text holds something else as well.

    Attributes:
        need: What that is: a literal; empty where nothing else is needed.
        names: (story, entity).
        words: (story, or "" for the lexicon; word class).
    """

    need: str
    names: frozenset[Owned]
    words: frozenset[Owned]


class Screen:
    """Says which entries may name a core entity of a story, or fill a pattern of its threads."""

    def __init__(self, watchlist: Watchlist, patterns: Mapping[str, PatternIndex]) -> None:
        """Remember nothing yet.

        Args:
            watchlist: The names and words of the stories.
            patterns: Story → the patterns of its threads.
        """
        self._watchlist = watchlist
        self._patterns = patterns
        self._core = {
            story: frozenset(entity.id for entity in entities.values() if entity.role is Role.CORE)
            for story, entities in watchlist.entities.items()
        }
        self._chunks: dict[str, Chunks[_Sighted]] = {}  # language → its chunks

    def passes(self, story: str, text: EntryText) -> bool:
        """Say whether a text is to be read for a story: it holds a core entity or a pattern of it, or may do so."""
        passages = list(text.passages.values())
        names: set[str] = set()
        words: set[str] = set()
        for passage in passages:
            named, said = self._sighted(passage)
            names |= named.get(story, set())
            words |= said.get("", set()) | said.get(story, set())
        core, patterns = self._core[story], self._patterns[story]
        if core.isdisjoint(names) and ANY_NAME not in names and not patterns.can_fill(names | words):
            heard = (self._watchlist.may_hear(passage) for passage in passages)
            if not any(story in stories for stories in heard):
                return False
        # Now the names as they are; of words still all that there may be.
        named_here = {hit.entity for passage in passages for hit in self._watchlist.names(passage, story)}
        return not core.isdisjoint(named_here) or patterns.can_fill(named_here | words)

    def _sighted(self, passage: Passage) -> tuple[_ByOwner, _ByOwner]:
        """Return the names and the words that may stand in a passage, by whose they are."""
        if passage.sighted is None:
            names: _ByOwner = {}
            words: _ByOwner = {}
            for need, named, said in self._held(passage.chunked, passage.lang):
                if need in passage.folded:
                    for owner, entity in named:
                        names.setdefault(owner, set()).add(entity)
                    for owner, word_class in said:
                        words.setdefault(owner, set()).add(word_class)
            passage.sighted = names, words
        return passage.sighted

    def _held(self, text: ChunkedText, lang: str) -> Iterator[_Sighted]:
        """Yield what the chunks of a text may hold."""
        if lang in {"zh", "ja"}:  # one chunk, which no other text has: not worth remembering
            return iter(self._look(text, lang))
        chunks = self._chunks.get(lang)
        if chunks is None:
            chunks = self._chunks[lang] = Chunks(lambda chunk: self._look(ChunkedText(chunk), lang))
        return chain.from_iterable(chunks.telling(text).values())

    def _look(self, text: ChunkedText, lang: str) -> tuple[_Sighted, ...]:
        by_need: dict[str, tuple[set[Owned], set[Owned]]] = {}
        for need, owned, is_name in self._watchlist.sighted(text, lang):
            names, words = by_need.setdefault(need, (set(), set()))
            (names if is_name else words).add(owned)
        return tuple(_Sighted(need, frozenset(names), frozenset(words)) for need, (names, words) in by_need.items())
