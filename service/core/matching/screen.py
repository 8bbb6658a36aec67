"""The screen: whether a text that the gate let through is worth reading in full.

It stands between the two, and nearly all that reaches it goes no further: the gate asks for one slot of a pattern, and a
reading costs many times what it does. The screen asks whether all slots of any pattern may be filled, by what the
chunks of the text were once found to hold; that may be too much, as most of what makes a name or a phrase what it is
was not asked, but never too little. A story's core entity is reason enough to read on (DESIGN 12).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain

from service.core.language.chunks import ChunkedText, Chunks
from service.core.language.literals import Literals
from service.core.matching.passages import Passage
from service.core.matching.patterns import PatternIndex
from service.core.matching.reading import EntryText
from service.core.matching.watchlist import ANY_NAME, Owned, Watchlist
from service.core.model import Entity, Role

_UNSPACED = frozenset({"zh", "ja"})  # whose texts are one chunk each, not worth remembering


# What may stand in a text if it holds something else as well, a literal that may be empty; whose and what it is.
_Sighting = tuple[str, Collection[Owned]]


class _Asked:
    """What a story asks of a text: a core entity, or something for every slot of one of its patterns.

    Slots are asked for as what is sighted is told: whose it is, and what.
    """

    def __init__(self, story: str, entities: Mapping[str, Entity], patterns: PatternIndex) -> None:
        self.names = frozenset((story, entity) for entity in (*entities, ANY_NAME))
        self.core = frozenset((story, entity.id) for entity in entities.values() if entity.role is Role.CORE)
        self.any_core = self.core | {(story, ANY_NAME)}
        # what can fill the choosiest slot of patterns → the other slots of each
        self._others: dict[Owned, set[tuple[frozenset[Owned], ...]]] = {}
        self.parts = self.any_core.union(*(_owned(story, slot) for slots in patterns.slots for slot in slots))
        for choosiest, *others in patterns.slots:
            rest = tuple(frozenset(_owned(story, slot)) for slot in others)
            for owned in _owned(story, choosiest):
                self._others.setdefault(owned, set()).add(rest)

    def can_fill(self, found: set[Owned]) -> bool:
        """Say whether all slots of any pattern can be filled by some of these."""
        others: set[tuple[frozenset[Owned], ...]] = set()
        for owned in self._others.keys() & found:
            others |= self._others[owned]
        return any(not any(map(found.isdisjoint, slots)) for slots in others)


def _owned(story: str, slot: Iterable[str]) -> Iterable[Owned]:
    return ((owner, part) for part in slot for owner in ("", story))


class Screen:
    """Says which entries may name a core entity of a story, or fill a pattern of its threads."""

    def __init__(self, watchlist: Watchlist, patterns: Mapping[str, PatternIndex]) -> None:
        """Remember nothing yet.

        Args:
            watchlist: The names and words of the stories.
            patterns: Story → the patterns of its threads.
        """
        self._watchlist = watchlist
        self._asked = {
            story: _Asked(story, entities, patterns[story]) for story, entities in watchlist.entities.items()
        }
        self._parts = frozenset[Owned]().union(*(asked.parts for asked in self._asked.values()))
        self._chunks: dict[str, Chunks[_Sighting]] = {}  # language → its chunks
        self._literals: dict[str, Literals[list[_Sighting]]] = {}  # language whose texts are one chunk each → its own

    def passes(self, story: str, text: EntryText) -> bool:
        """Say whether a text is to be read for a story: it names a core entity of it, or may hold a pattern."""
        asked = self._asked[story]
        passages = text.passages.values()
        sighted = set[Owned]().union(*map(self._sighted, passages))
        if (
            asked.any_core.isdisjoint(sighted)
            and not asked.can_fill(sighted)
            and not any(story in self._watchlist.may_hear(passage) for passage in passages)
        ):
            return False  # before any name is read
        named = {(story, hit.entity) for passage in passages for hit in self._watchlist.names(passage, story)}
        return not asked.core.isdisjoint(named) or asked.can_fill(named | (sighted - asked.names))

    def _sighted(self, passage: Passage) -> set[Owned]:
        """Return what may stand in a passage, and more than that, but nothing that no story asks for."""
        if passage.sighted is None:
            find = self._in_one if passage.lang in _UNSPACED else self._in_chunks
            found = [owned for need, owned in find(passage) if need in passage.folded]
            passage.sighted = set[Owned]().union(*found)
        return passage.sighted

    def _in_chunks(self, passage: Passage) -> Iterable[_Sighting]:
        lang = passage.lang
        chunks = self._chunks.get(lang)
        if chunks is None:
            chunks = self._chunks[lang] = Chunks(partial(self._look, lang))
        return chain.from_iterable(chunks.telling(passage.chunked).values())

    def _look(self, lang: str, chunk: str) -> tuple[_Sighting, ...]:
        text = ChunkedText(chunk)
        names, words = self._watchlist.sighted_names(text, lang), self._watchlist.sighted_words(text, lang)
        return tuple(self._asked_for(chain(names, words)))

    def _in_one(self, passage: Passage) -> Iterable[_Sighting]:
        lang = passage.lang
        literals = self._literals.get(lang)
        if literals is None:
            told: dict[str, list[_Sighting]] = {}
            for literal, need, owned in self._watchlist.told_by(lang):
                told.setdefault(literal, []).append((need, (owned,)))
            asked_for = {literal: list(self._asked_for(sightings)) for literal, sightings in told.items()}
            literals = Literals({literal: sightings for literal, sightings in asked_for.items() if sightings})
            self._literals[lang] = literals
        yield from self._watchlist.misspelt(passage.chunked)
        yield from chain.from_iterable(literals.held(passage.folded))

    def _asked_for(self, sightings: Iterable[_Sighting]) -> Iterator[_Sighting]:
        """Yield what any story asks for of what was sighted, with that together that needs the same."""
        by_need: dict[str, set[Owned]] = {}
        for need, owned in sightings:
            by_need.setdefault(need, set()).update(self._parts.intersection(owned))
        return ((need, frozenset(owned)) for need, owned in by_need.items() if owned)
