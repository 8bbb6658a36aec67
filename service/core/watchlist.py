"""The watchlist: every name of every story and every word of the lexicon, compiled for looking up.

Two stages. One automaton over all names' anchors says in a few microseconds whether a text can concern any story at
all; only then are the few patterns behind those anchors tried, and the lexicon of the text's language read. Spans are
those of the original text, always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick

from service.core.lexicon import Lexicon
from service.core.model import Entity, Role, Story
from service.core.phrases import PhrasePattern, match_at, name_pattern, word_pattern
from service.core.text import fold, fold_offsets

# Which languages' names are looked for in a text of a language. English transliterations turn up everywhere.
_READABLE: dict[str, frozenset[str]] = {
    "ru": frozenset({"ru", "uk", "en"}),
    "uk": frozenset({"ru", "uk", "en"}),
    "ar": frozenset({"ar", "en"}),
    "fa": frozenset({"ar", "fa", "en"}),
    "zh": frozenset({"zh", "en"}),
    "ja": frozenset({"ja", "zh", "en"}),
}


def readable(lang: str) -> frozenset[str]:
    """Return the languages whose names can stand in a text of this language."""
    return _READABLE.get(lang) or frozenset({lang, "en"})


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name found in a text: offsets are those of the original text."""

    story: str
    entity: str
    start: int
    end: int
    lang: str
    weak: bool  # a surname alone: needs company
    is_title: bool  # a description that stands for the name


@dataclass(frozen=True, slots=True)
class WordHit:
    """A word of a class found in a text: offsets are those of the original text."""

    word_class: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    story: str
    entity: str
    type: str
    lang: str
    pattern: PhrasePattern
    form: str  # the folded base form
    is_core: bool
    weak: bool
    is_title: bool
    is_veto: bool

    def rank(self, surface: str) -> int:
        """Return how well the name stands for a folded surface; 0 is best."""
        if self.is_veto:
            return 0
        return 0 if surface == self.form else 1 if self.is_core else 2


class _Automaton:
    """Anchor → indexes of the patterns that contain it."""

    def __init__(self, anchors: Iterable[tuple[str, int]]) -> None:
        by_anchor: dict[str, list[int]] = {}
        for anchor, index in anchors:
            by_anchor.setdefault(anchor, []).append(index)
        self._empty = not by_anchor
        self._automaton = ahocorasick.Automaton()
        for anchor, indexes in by_anchor.items():
            self._automaton.add_word(anchor, (len(anchor), tuple(indexes)))
        if not self._empty:
            self._automaton.make_automaton()

    def any(self, folded: str) -> bool:
        """Say whether any anchor stands in the text."""
        return not self._empty and next(self._automaton.iter(folded), None) is not None

    def candidates(self, folded: str) -> Iterator[tuple[int, int]]:
        """Yield (pattern index, where its anchor begins) for every anchor in the text."""
        if self._empty:
            return
        for end, (length, indexes) in self._automaton.iter(folded):
            for index in indexes:
                yield index, end + 1 - length


def _names_of(story: Story, entity: Entity) -> Iterator[_Name]:
    for kind, table in (("name", entity.names), ("title", entity.titles), ("veto", entity.veto)):
        for lang, forms in table.items():
            several = any(len(fold(form).split()) > 1 for form in forms)
            for form in forms:
                pattern = name_pattern(form, lang)
                if pattern is None:
                    continue
                folded = fold(form)
                long_words = [word for word in folded.split() if len(word) > 2]
                yield _Name(
                    story=story.id,
                    entity=entity.id,
                    type=entity.type,
                    lang=lang,
                    pattern=pattern,
                    form=folded,
                    is_core=entity.role is Role.CORE,
                    weak=kind == "name" and entity.type == "person" and several and len(long_words) <= 1,
                    is_title=kind == "title",
                    is_veto=kind == "veto",
                )


class Watchlist:
    """All names of all stories, and the lexicon, ready for use. Build once; it never changes."""

    def __init__(self, stories: Sequence[Story], lexicon: Lexicon) -> None:
        self.stories: Mapping[str, Story] = {story.id: story for story in stories}
        self.lexicon = lexicon
        self._names = [name for story in stories for entity in story.entities for name in _names_of(story, entity)]
        self._roles = {(story.id, entity.id): entity.role for story in stories for entity in story.entities}
        self._automaton = _Automaton((name.pattern.anchor, i) for i, name in enumerate(self._names))
        counted = {Role.CORE, Role.CONTEXT}
        self._gate = _Automaton(
            (name.pattern.anchor, 0)
            for name in self._names
            if not name.is_veto and self._roles[name.story, name.entity] in counted
        )
        self._words: dict[str, tuple[list[tuple[str, PhrasePattern]], _Automaton]] = {}
        for lang in lexicon.languages:
            self._words[lang] = self._compile_words(lang, lexicon.words[lang])
        self._own_words: dict[tuple[str, str], tuple[list[tuple[str, PhrasePattern]], _Automaton]] = {}
        for story in stories:
            by_lang: dict[str, dict[str, tuple[str, ...]]] = {}
            for word_class, phrases in story.words.items():
                for lang, forms in phrases.items():
                    by_lang.setdefault(lang, {})[word_class] = forms
            for lang, classes in by_lang.items():
                self._own_words[story.id, lang] = self._compile_words(lang, classes)

    @staticmethod
    def _compile_words(
        lang: str, classes: Mapping[str, tuple[str, ...]]
    ) -> tuple[list[tuple[str, PhrasePattern]], _Automaton]:
        patterns = [
            (word_class, pattern)
            for word_class, phrases in classes.items()
            for phrase in phrases
            if (pattern := word_pattern(phrase, lang)) is not None
        ]
        return patterns, _Automaton((pattern.anchor, i) for i, (_, pattern) in enumerate(patterns))

    def concerns(self, folded: str) -> bool:
        """Say whether a folded text may name a core or context entity of any story. Cheap; never wrongly False."""
        return self._gate.any(folded)

    def names(self, text: str, lang: str) -> list[NameHit]:
        """Return the names in a text, longest first where they overlap.

        A phrase in which a name means something else removes that name. A name inside a longer one of the same type
        is part of it (the brother's full name is not the brother); inside one of another type it counts as well (the
        town in the name of its base).
        """
        folded = fold(text)
        langs = readable(lang)
        offsets = fold_offsets(text)
        found: dict[str, list[tuple[int, int, _Name]]] = {}
        for index, position in self._automaton.candidates(folded):
            name = self._names[index]
            if name.lang not in langs:
                continue
            span = match_at(name.pattern, folded, position)
            if span is not None:
                found.setdefault(name.story, []).append((*span, name))
        hits: list[NameHit] = []
        for story, matches in found.items():
            for start, end, name in self._settle(folded, matches):
                begin, stop = offsets[start], offsets[end - 1] + 1
                hits.append(NameHit(story, name.entity, begin, stop, name.lang, name.weak, name.is_title))
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.story, hit.entity))

    @staticmethod
    def _settle(folded: str, matches: list[tuple[int, int, _Name]]) -> Iterator[tuple[int, int, _Name]]:
        # of several names on one stretch the one written there, else the story's core: "Асада" is the man in the
        # genitive before it is «Асады», the clan
        first: dict[tuple[int, int], int] = {}
        for start, end, name in matches:
            first[start, end] = min(first.get((start, end), 9), name.rank(folded[start:end]))
        matches.sort(key=lambda m: (m[0] - m[1], m[2].is_veto, m[2].weak, m[0], m[2].entity))
        taken: list[tuple[int, int, str | None, str]] = []  # start, end, type (None: veto), entity
        for start, end, name in matches:
            if name.rank(folded[start:end]) > first[start, end]:
                continue
            overlapping = [t for t in taken if t[0] < end and start < t[1]]
            if name.is_veto:
                if not any(t[0] <= start and end <= t[1] and t[2] is not None for t in overlapping):
                    taken.append((start, end, None, name.entity))
                continue
            if any(t[2] is None or t[2] == name.type or t[3] == name.entity for t in overlapping):
                continue
            taken.append((start, end, name.type, name.entity))
            yield start, end, name

    def words(self, text: str, lang: str, story: str | None = None) -> list[WordHit]:
        """Return the lexicon's words in a text of a language; with `story`, that story's own words too."""
        folded = fold(text)
        tables = [table for table in (self._words.get(lang), self._own_words.get((story or "", lang))) if table]
        if not tables:
            return []
        offsets = fold_offsets(text)
        hits: set[WordHit] = set()
        for patterns, automaton in tables:
            for index, position in automaton.candidates(folded):
                word_class, pattern = patterns[index]
                span = match_at(pattern, folded, position)
                if span is not None:
                    hits.add(WordHit(word_class, offsets[span[0]], offsets[span[1] - 1] + 1))
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.word_class))
