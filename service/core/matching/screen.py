"""The screen: whether a text that the gate let through is worth reading in full.

It stands between the two, and nearly all that reaches it goes no further: the gate asks for one slot of a pattern, and a
reading costs many times what it does. The screen asks whether all slots of any pattern may be filled, by what the
chunks of the text were once found to hold; that may be too much, as most of what makes a name or a phrase what it is
was not asked, but never too little. A story's core entity is reason enough to read on (DESIGN 12).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from service.core.language.chunks import ChunkedText, Chunks
from service.core.matching.passages import Passage
from service.core.matching.patterns import PatternIndex
from service.core.matching.reading import EntryText
from service.core.matching.watchlist import ANY_NAME, Owned, Watchlist
from service.core.model import Role

_UNSPACED = frozenset({"zh", "ja"})  # whose texts are one chunk each, not worth remembering


# What may stand in a text if it holds something else as well, a literal that may be empty; whose and what it is.
_Sighting = tuple[str, Collection[Owned]]


class _Held(NamedTuple):
    """What may stand in a chunk."""

    names: list[_Sighting]
    words: list[_Sighting]


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
        self._chunks: dict[str, Chunks[_Held]] = {}  # language → its chunks

    def passes(self, story: str, text: EntryText) -> bool:
        """Say whether a text is to be read for a story: it names a core entity of it, or may hold a pattern."""
        core, patterns = self._core[story], self._patterns[story]
        passages = text.passages.values()
        if not self._may_pass(story, passages):
            return False
        named = {hit.entity for passage in passages for hit in self._watchlist.names(passage, story)}
        return not core.isdisjoint(named) or patterns.can_fill(named | self._words(story, passages))

    def _may_pass(self, story: str, passages: Collection[Passage]) -> bool:
        """Say whether a text may pass, before any name is read: by what may stand in its chunks."""
        names: set[str] = set()
        for passage in passages:
            names |= self._sighted_names(passage).get(story, set())
        return (
            ANY_NAME in names
            or not self._core[story].isdisjoint(names)
            or self._patterns[story].can_fill(names | self._words(story, passages))
            or any(story in self._watchlist.may_hear(passage) for passage in passages)
        )

    def _words(self, story: str, passages: Collection[Passage]) -> set[str]:
        """Return the word classes that a text may say."""
        words: set[str] = set()
        for passage in passages:
            sighted = self._sighted_words(passage)
            words |= sighted.get("", set()) | sighted.get(story, set())
        return words

    def _sighted_names(self, passage: Passage) -> dict[str, set[str]]:
        if passage.sighted_names is None:
            if passage.lang in _UNSPACED:
                sightings = self._watchlist.sighted_names(passage.chunked, passage.lang)
                passage.sighted_names = _by_owner(sightings, passage.folded)
            else:
                self._look_up(passage)
        return passage.sighted_names or {}

    def _sighted_words(self, passage: Passage) -> dict[str, set[str]]:
        if passage.sighted_words is None:
            if passage.lang in _UNSPACED:
                sightings = self._watchlist.sighted_words(passage.chunked, passage.lang)
                passage.sighted_words = _by_owner(sightings, passage.folded)
            else:
                self._look_up(passage)
        return passage.sighted_words or {}

    def _look_up(self, passage: Passage) -> None:
        """Gather what the chunks of a passage were found to hold."""
        lang = passage.lang
        chunks = self._chunks.get(lang)
        if chunks is None:
            chunks = self._chunks[lang] = Chunks(partial(self._look, lang))
        names: list[_Sighting] = []
        words: list[_Sighting] = []
        for [held] in chunks.telling(passage.chunked).values():
            names += held.names
            words += held.words
        passage.sighted_names = _by_owner(names, passage.folded)
        passage.sighted_words = _by_owner(words, passage.folded)

    def _look(self, lang: str, chunk: str) -> tuple[_Held, ...]:
        text = ChunkedText(chunk)
        held = _Held(
            _together(self._watchlist.sighted_names(text, lang)), _together(self._watchlist.sighted_words(text, lang))
        )
        return (held,) if held.names or held.words else ()


def _together(sightings: Iterable[_Sighting]) -> list[_Sighting]:
    """Return sightings with those together that need the same."""
    by_need: dict[str, set[Owned]] = {}
    for need, owned in sightings:
        by_need.setdefault(need, set()).update(owned)
    return [(need, frozenset(owned)) for need, owned in by_need.items() if owned]


def _by_owner(sightings: Iterable[_Sighting], folded: str) -> dict[str, set[str]]:
    """Return what was sighted by whose it is, where a text holds all that is needed for it."""
    found: set[Owned] = set()
    for need, owned in sightings:
        if need in folded:
            found.update(owned)
    by_owner: dict[str, set[str]] = {}
    for owner, part in found:
        by_owner.setdefault(owner, set()).add(part)
    return by_owner
