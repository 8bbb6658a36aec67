"""The watchlist: every name of every story and every word of the lexicon, compiled for looking up.

Two stages. One automaton over all names' anchors says in a few microseconds whether a text can concern any story at
all; only then are the few patterns behind those anchors tried, and the lexicon of the text's language read. Spans are
those of the original text, always.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick

from service.core.lexicon import Lexicon
from service.core.model import Entity, Role, Story
from service.core.phrases import IS_LETTER, LETTERS, PhrasePattern, match_at, name_pattern, word_pattern
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
    need: str  # what else must stand in the text
    form: str  # the folded base form
    written: str  # the base form as written
    is_core: bool
    weak: bool
    is_title: bool
    is_veto: bool

    def rank(self, surface: str) -> int:
        """Return how well the name stands for a folded surface; 0 is best."""
        if self.is_veto:
            return 0
        return 0 if surface == self.form else 1 if self.is_core else 2


# Everything but letters and digits becomes a space: so " stem" in the automaton is found at the edge of a word only.
_EDGES: dict[int, str] = {}


def _spaced(folded: str) -> str:
    for character in set(folded):
        if ord(character) not in _EDGES:
            _EDGES[ord(character)] = character if IS_LETTER[character] else " "
    return " " + folded.translate(_EDGES)


class _Automaton:
    """Finds where names may stand: anchor → indexes of the patterns that begin with it."""

    def __init__(self, patterns: Iterable[tuple[PhrasePattern, int]]) -> None:
        by_anchor: dict[str, list[int]] = {}
        for pattern, index in patterns:
            by_anchor.setdefault(pattern.anchor, []).append(index)
        self._empty = not by_anchor
        self._automaton = ahocorasick.Automaton()
        for anchor, indexes in by_anchor.items():
            self._automaton.add_word(anchor, (len(anchor) - 1, tuple(indexes)))
        if not self._empty:
            self._automaton.make_automaton()

    def candidates(self, folded: str) -> Iterator[tuple[int, int]]:
        """Yield (pattern index, where its anchor begins) for every anchor in the text."""
        if self._empty:
            return
        for end, (back, indexes) in self._automaton.iter(folded):
            for index in indexes:
                yield index, end - back


class _Gate:
    """Says which stories a text may be of: by the longest literal of each of their telling phrases."""

    def __init__(self, phrases: Iterable[tuple[str, PhrasePattern]]) -> None:
        self._phrases = [(story, pattern) for story, pattern in dict.fromkeys(phrases)]
        by_literal: dict[str, list[int]] = {}
        for index, (_, pattern) in enumerate(self._phrases):
            by_literal.setdefault(max((t.literal for t in pattern.tokens), key=len), []).append(index)
        self._automaton = ahocorasick.Automaton()
        for literal, indexes in by_literal.items():
            self._automaton.add_word(literal, tuple(indexes))
        if by_literal:
            self._automaton.make_automaton()

    def stories(self, folded: str) -> set[str]:
        """Return the ids of the stories any of whose phrases stands in a folded text."""
        found: set[str] = set()
        if not self._phrases:
            return found
        for indexes in {indexes for _, indexes in self._automaton.iter(folded)}:
            for index in indexes:
                story, pattern = self._phrases[index]
                if story not in found and _stands(pattern, folded):
                    found.add(story)
        return found


def _stands(pattern: PhrasePattern, folded: str) -> bool:
    position = folded.find(pattern.anchor)
    while position >= 0:
        if match_at(pattern, folded, position) is not None:
            return True
        position = folded.find(pattern.anchor, position + 1)
    return False


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
                    need=pattern.need,
                    form=folded,
                    written=unicodedata.normalize("NFC", form).casefold(),
                    is_core=entity.role is Role.CORE,
                    weak=kind == "name" and entity.type == "person" and several and len(long_words) <= 1,
                    is_title=kind == "title",
                    is_veto=kind == "veto",
                )


@dataclass(slots=True)
class _Tries:
    """What to try where an anchor stands: most phrases are one word, whole or with any ending, and need no more."""

    back: int  # how far before its end the anchor begins
    whole: list[str] = field(default_factory=list)  # classes of phrases that are this word
    begun: list[str] = field(default_factory=list)  # classes of phrases that any word beginning so is
    others: list[tuple[str, PhrasePattern, str]] = field(default_factory=list)  # with what else must be in the text


class _Words:
    """The word classes of one language.

    Anchors of phrases that begin a word are looked for with the edge before them, which spares most of the tries; in
    scripts without spaces a word may follow anything.
    """

    def __init__(self, lang: str, classes: Mapping[str, tuple[str, ...]]) -> None:
        self._edges = lang not in {"zh", "ja"}
        tries: dict[str, dict[int, _Tries]] = {}
        for word_class, phrases in classes.items():
            for phrase in dict.fromkeys(phrases):
                pattern = word_pattern(phrase, lang)
                if pattern is not None:
                    self._add(tries, word_class, pattern)
        self._empty = not tries
        self._automaton = ahocorasick.Automaton()
        for key, by_length in tries.items():
            self._automaton.add_word(key, tuple(by_length.values()))
        if not self._empty:
            self._automaton.make_automaton()

    def _add(self, tries: dict[str, dict[int, _Tries]], word_class: str, pattern: PhrasePattern) -> None:
        anchor = pattern.anchor
        is_edge = self._edges and pattern.begins_a_word and IS_LETTER[anchor[0]]
        key = _spaced(anchor)[0 if is_edge else 1 :] if self._edges else anchor
        place = tries.setdefault(key, {}).setdefault(len(anchor), _Tries(len(anchor) - 1))
        token = pattern.tokens[0]
        is_simple = len(pattern.tokens) == 1 and all(IS_LETTER[c] for c in anchor) if self._edges else True
        if len(pattern.tokens) == 1 and is_simple and (is_edge or not self._edges):
            (place.begun if token.after == "any" or not self._edges else place.whole).append(word_class)
        else:
            place.others.append((word_class, pattern, pattern.need))

    def find(self, folded: str) -> set[tuple[str, int, int]]:
        """Return (class, start, end) of every phrase in a folded text."""
        found: set[tuple[str, int, int]] = set()
        if self._empty:
            return found
        shift = 1 if self._edges else 0
        ends = {run.start(): run.end() for run in LETTERS.finditer(folded)} if self._edges else {}
        for last, places in self._automaton.iter(_spaced(folded) if self._edges else folded):
            for place in places:
                start = last - place.back - shift
                stop = last + 1 - shift
                if place.begun:
                    end = ends.get(start, stop)
                    found.update((word_class, start, end) for word_class in place.begun)
                if place.whole and ends.get(start) == stop:
                    found.update((word_class, start, stop) for word_class in place.whole)
                for word_class, pattern, need in place.others:
                    span = match_at(pattern, folded, start) if need in folded else None
                    if span is not None:
                        found.add((word_class, *span))
        return found


def _same_marks(text: str, offsets: Sequence[int], span: tuple[int, int], name: _Name) -> bool:
    """Say whether a Vietnamese surface has the marks of its name: ngà (ivory) is not Nga (Russia)."""
    surface = text[offsets[span[0]] : offsets[span[1] - 1] + 1]
    return surface.isascii() or unicodedata.normalize("NFC", surface).casefold() == name.written


class Watchlist:
    """All names of all stories, and the lexicon, ready for use. Build once; it never changes."""

    def __init__(self, stories: Sequence[Story], lexicon: Lexicon) -> None:
        self.stories: Mapping[str, Story] = {story.id: story for story in stories}
        self.lexicon = lexicon
        self._names = [name for story in stories for entity in story.entities for name in _names_of(story, entity)]
        self._automaton = _Automaton((name.pattern, i) for i, name in enumerate(self._names))
        self._words: dict[tuple[str, str], _Words] = {}  # (story or "", language) → its table, made when first needed
        self._gate = _Gate(gate for story in stories for gate in self._gates_of(story))

    def _gates_of(self, story: Story) -> Iterator[tuple[str, PhrasePattern]]:
        """Yield what an item must hold to be of a story: for each thread's pattern, its rarest slot."""
        entities = {entity.id: entity for entity in story.entities}

        def commonness(slot: frozenset[str]) -> tuple[int, int]:
            kinds = [entities[part].role is Role.CORE if part in entities else None for part in slot]
            countries = sum(part in entities and entities[part].type == "country" for part in slot)
            return (kinds.count(None) * 100 + countries * 10 + kinds.count(False), len(slot))

        wanted = {part for thread in story.threads for p in thread.belongs for part in min(p.slots, key=commonness)}
        wanted |= {entity.id for entity in story.entities if entity.role is Role.CORE}
        for name in self._names:
            if name.story == story.id and name.entity in wanted and not name.is_veto:
                yield story.id, name.pattern
        for word_class in wanted - entities.keys():
            tables = [
                story.words.get(word_class, {}),
                {k: v.get(word_class, ()) for k, v in self.lexicon.words.items()},
            ]
            for table in tables:
                for lang, phrases in table.items():
                    for phrase in phrases:
                        pattern = word_pattern(phrase, lang)
                        if pattern is not None:
                            yield story.id, pattern

    def concerned(self, folded: str) -> set[str]:
        """Return the stories that a folded text may follow up on. Cheap; never leaves out one that it does."""
        return self._gate.stories(folded)

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
            if name.lang not in langs or name.need not in folded:
                continue
            span = match_at(name.pattern, folded, position)
            if span is not None and (lang != "vi" or _same_marks(text, offsets, span, name)):
                found.setdefault(name.story, []).append((*span, name))
        hits: list[NameHit] = []
        for story, matches in found.items():
            for start, end, name in self._settle(folded, matches):
                begin, stop = offsets[start], offsets[end - 1] + 1
                while stop < len(text) and unicodedata.combining(text[stop]):
                    stop += 1
                hits.append(NameHit(story, name.entity, begin, stop, name.lang, name.weak, name.is_title))
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.story, hit.entity))

    @staticmethod
    def _settle(folded: str, matches: list[tuple[int, int, _Name]]) -> Iterator[tuple[int, int, _Name]]:
        # of several names on one stretch the one written there, else the story's core: "Асада" is the man in the
        # genitive before it is «Асады», the clan
        first: dict[tuple[int, int], int] = {}
        for start, end, name in matches:
            if not name.is_veto:
                first[start, end] = min(first.get((start, end), 9), name.rank(folded[start:end]))
        own_veto = {(start, end, name.entity) for start, end, name in matches if name.is_veto}
        matches.sort(key=lambda m: (m[0] - m[1], m[2].is_veto, m[2].weak, m[0], m[2].entity))
        taken: list[tuple[int, int, str | None, str]] = []  # start, end, type (None: veto), entity
        for start, end, name in matches:
            if not name.is_veto:
                rank = name.rank(folded[start:end])
                if rank > first[start, end] or (rank and (start, end, name.entity) in own_veto):
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

    def _table(self, story: str, lang: str) -> _Words:
        """Return the words of a language, general or a story's own.

        Compiling all languages takes a second, and most processes meet few of them at first.
        """
        table = self._words.get((story, lang))
        if table is None:
            own = self.stories[story].words if story else {}
            classes = {name: phrases[lang] for name, phrases in own.items() if lang in phrases}
            table = _Words(lang, classes if story else self.lexicon.words.get(lang, {}))
            self._words[story, lang] = table
        return table

    def words(self, text: str, lang: str, story: str | None = None) -> list[WordHit]:
        """Return the lexicon's words in a text of a language; with `story`, that story's own words too."""
        folded = fold(text)
        tables = [self._table("", lang), *([self._table(story, lang)] if story else [])]
        offsets = fold_offsets(text)
        hits: set[WordHit] = set()
        for table in tables:
            for word_class, start, end in table.find(folded):
                hits.add(WordHit(word_class, offsets[start], offsets[end - 1] + 1))
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.word_class))
