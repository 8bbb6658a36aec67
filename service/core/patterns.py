"""Where a story's patterns are found in a reading: in the title, in headline and lead together, deeper, or nearly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from service.core.model import Pattern, Role, Span, Story, Thread
from service.core.reading import Reading, Sentence

# Where all slots of a pattern were found, best first; last, where all but its word were.
LEVELS = ("title", "headline", "lead", "sentence", "item", "unread")
UNREAD = LEVELS[-1]
LONG_TITLE = 200
_TELLING = (Role.CORE, Role.CONTEXT)
SETTINGS = frozenset({"country", "place"})
_LEAST_UNREAD_SLOTS = 3  # of a pattern with one word unread: two names and the word
_CHOICES = 4  # fills tried for each slot of a pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternHit:
    """A thread's pattern found in a reading.

    Attributes:
        level: Where all its slots are filled: one of LEVELS.
        direct: No slot is filled only by an oblique mention or by a word of a background clause.
        spans: The words that fill it.
        ids: The entities and word classes that these are.
    """

    thread: str
    pattern: Pattern
    level: str
    direct: bool
    spans: tuple[tuple[Span, str], ...]
    ids: frozenset[str] = frozenset()


class _Fill(NamedTuple):
    id: str  # of the entity or the word class
    span: Span
    text: str
    oblique: bool = False
    is_setting: bool = False  # a country or place that is no core of the story: where, not what


def _fills(slot: frozenset[str], sentences: tuple[Sentence, ...], reading: Reading) -> list[_Fill]:
    """Return what can fill a slot in some sentences, direct mentions before oblique ones."""
    direct: list[_Fill] = []
    oblique: list[_Fill] = []
    for sentence in sentences:
        if slot.isdisjoint(sentence.ids):
            continue
        text = reading.text(sentence.field)
        for name in sentence.names:
            if name.entity in slot:
                span = Span(field=sentence.field, start=name.start, end=name.end)
                is_setting = name.type in SETTINGS and name.role is not Role.CORE
                fill = _Fill(name.entity, span, text[name.start : name.end], name.oblique is not None, is_setting)
                (oblique if fill.oblique else direct).append(fill)
        for word in sentence.words:
            if word.word_class in slot:
                span = Span(field=sentence.field, start=word.start, end=word.end)
                fill = _Fill(word.word_class, span, text[word.start : word.end], word.background)
                (oblique if word.background else direct).append(fill)
    return direct + oblique


def _assigned(choices: list[list[_Fill]], taken: tuple[_Fill, ...] = ()) -> tuple[_Fill, ...] | None:
    """Return one fill for each slot, no stretch of text twice; None where there are not enough."""
    if not choices:
        return taken
    for fill in choices[0][:_CHOICES]:
        if all(fill.span != other.span for other in taken):
            found = _assigned(choices[1:], (*taken, fill))
            if found is not None:
                return found
    return None


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where all slots of a pattern may be filled, and what could fill them there.

    Attributes:
        filled: What fills a slot here, once asked: threads share their slots.
    """

    level: str
    sentences: tuple[Sentence, ...]
    ids: frozenset[str]
    filled: dict[frozenset[str], list[_Fill]] = field(default_factory=dict)

    def fills(self, slot: frozenset[str], reading: Reading) -> list[_Fill]:
        """Return what can fill a slot here, direct mentions before oblique ones."""
        found = self.filled.get(slot)
        if found is None:
            found = self.filled[slot] = _fills(slot, self.sentences, reading)
        return found


def _scopes(reading: Reading) -> Iterator[_Scope]:
    """Yield where to look for patterns, best first."""
    title, lead = reading.title_sentences, reading.lead
    whole = len(reading.title) <= LONG_TITLE  # not a post as its own title, whose sentences speak of different things
    yield from [_scope("title", title)] if whole else [_scope("title", (sentence,)) for sentence in title]
    if lead and whole:
        yield _scope("headline", (*title, *lead))
    yield from (_scope("lead", (sentence,)) for sentence in lead)
    yield from (_scope("sentence", (sentence,)) for sentence in reading.rest)
    yield _Scope("item", reading.sentences, reading.ids)


def _scope(level: str, sentences: tuple[Sentence, ...]) -> _Scope:
    return _Scope(level, sentences, frozenset().union(*(sentence.ids for sentence in sentences)))


def _match_pattern(pattern: Pattern, thread: Thread, reading: Reading, scopes: list[_Scope]) -> PatternHit | None:
    best: PatternHit | None = None
    for scope in scopes:
        choices = [scope.fills(slot, reading) for slot in pattern.slots if not slot.isdisjoint(scope.ids)]
        found = _assigned(choices) if len(choices) == len(pattern.slots) else None
        if found is None:
            continue
        if scope.level == "headline" and not _opened_by_title(found):
            continue
        hit = PatternHit(
            thread=thread.id,
            pattern=pattern,
            level=scope.level,
            direct=not any(fill.oblique for fill in found),
            spans=tuple((fill.span, fill.text) for fill in found),
            ids=frozenset(fill.id for fill in found),
        )
        if hit.direct:
            return hit
        best = best or hit
    return best


def _opened_by_title(found: tuple[_Fill, ...]) -> bool:
    """Say whether a title gives more of what was found than one place where it happens: else that is a lead."""
    titled = [fill for fill in found if fill.span.field == "title"]
    return len(titled) >= 2 or any(not fill.is_setting for fill in titled)


class PatternIndex:
    """The patterns of a story's threads, each filed under what can fill its choosiest slot.

    A story has a hundred patterns, and of most only the names are there: so a slot for a word is asked for first.
    """

    def __init__(self, story: Story) -> None:
        """File the patterns."""
        entities = {entity.id for entity in story.entities}
        self._patterns = [(pattern, thread) for thread in story.threads for pattern in thread.belongs]
        self._filed: dict[str, list[int]] = {}  # entity or word class → numbers of patterns
        for number, (pattern, _) in enumerate(self._patterns):
            for part in min(pattern.slots, key=lambda slot: (len(slot & entities), len(slot))):
                self._filed.setdefault(part, []).append(number)

    def fillable(self, ids: frozenset[str]) -> list[tuple[Pattern, Thread]]:
        """Return the patterns all of whose slots some of these can fill, threads in the story's order."""
        found: set[int] = set()
        for part in self._filed.keys() & ids:
            found.update(self._filed[part])
        return [
            self._patterns[number]
            for number in sorted(found)
            if not any(map(ids.isdisjoint, self._patterns[number][0].slots))
        ]


def pattern_hits(story: Story, reading: Reading, index: PatternIndex | None = None) -> list[PatternHit]:
    """Return the best hit of every pattern that is found, threads in the story's order.

    Args:
        story: The story.
        reading: An entry as the story reads it.
        index: The story's patterns, where the caller has them filed.
    """
    fillable = (index or PatternIndex(story)).fillable(reading.ids)
    scopes = list(_scopes(reading)) if fillable else []
    hits = [hit for p, thread in fillable if (hit := _match_pattern(p, thread, reading, scopes)) is not None]
    if not any(hit.level == "title" and hit.direct for hit in hits):
        hits += _unread_hits(story, reading)
    return hits


def _unread_hits(story: Story, reading: Reading) -> Iterator[PatternHit]:
    """Yield the patterns all of whose names stand in the title, one of the story's core, with their word unread."""
    title = reading.title_sentences
    named = {n.entity: n.role for s in title for n in s.names if n.role in _TELLING and n.oblique is None}
    if len(named) < 2 or Role.CORE not in named.values():
        return
    core = {entity for entity, role in named.items() if role is Role.CORE}
    entities = {entity.id for entity in story.entities}
    scope = _scope("title", title)
    for thread in story.threads:
        for pattern in thread.belongs:
            if len(pattern.slots) < _LEAST_UNREAD_SLOTS:
                continue
            filled = [slot.intersection(named) for slot in pattern.slots if not slot.isdisjoint(named)]
            unread = [slot for slot in pattern.slots if slot.isdisjoint(named)]
            if len(unread) != 1 or unread[0] & entities or not any(core & slot for slot in filled):
                continue
            found = _assigned([[f for f in scope.fills(slot, reading) if not f.oblique] for slot in filled])
            if found is not None:
                spans = tuple((fill.span, fill.text) for fill in found)
                yield PatternHit(thread=thread.id, pattern=pattern, level=UNREAD, direct=True, spans=spans)


def rank(hit: PatternHit) -> tuple[bool, int]:
    """Return what sorts hits, the best first."""
    return (not hit.direct, LEVELS.index(hit.level))
