"""Where a story's patterns are found in a reading: in the title, in headline and lead together, deeper, or nearly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from service.core.matching.owners import Owners, own_countries, scene_of, tells_of_goods
from service.core.matching.reading import Reading
from service.core.matching.slots import SETTINGS, Fill, Slots, among, assigned
from service.core.model import Pattern, Role, Story, Thread

# Where all slots of a pattern were found, best first; last, where all but its word were.
LEVELS = ("title", "headline", "lead", "sentence", "item", "unread")
UNREAD = LEVELS[-1]
LONG_TITLE = 200
_TOLD_BY_SUMMARY = frozenset({"headline", "lead"})
_TELLING = (Role.CORE, Role.CONTEXT)
_TRIED = frozenset({"charge", "arrest", "try", "sentence"})
_LEAST_UNREAD_SLOTS = 3  # of a pattern with one word unread: two names and the word


class PatternHit(NamedTuple):
    """A thread's pattern found in a reading.

    Attributes:
        level: Where all its slots are filled: one of LEVELS.
        direct: No slot is filled only by an oblique mention or by a word of a background clause.
        found: What fills them.
    """

    thread: str
    pattern: Pattern
    level: str
    direct: bool
    found: tuple[Fill, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Return the entities and word classes that fill the slots."""
        return frozenset(fill.id for fill in self.found)

    def text(self, reading: Reading) -> str:
        """Return the words that fill the slots."""
        return " + ".join(reading.text(fill.field)[fill.start : fill.end] for fill in self.found)


class _Scope(NamedTuple):
    """Where all slots of a pattern may be filled: its level, and the sentences as bits of a number."""

    level: str
    sentences: int


def _scopes(reading: Reading) -> Iterator[_Scope]:
    """Yield where to look for patterns, best first."""
    titled = len(reading.title_sentences)
    led = titled + len(reading.lead)
    if len(reading.title) <= LONG_TITLE:
        yield _Scope("title", (1 << titled) - 1)
        if led > titled:
            yield _Scope("headline", (1 << led) - 1)
    else:  # a post as its own title, whose sentences speak of different things
        yield from (_Scope("title", 1 << number) for number in range(titled))
    yield from (_Scope("lead", 1 << number) for number in range(titled, led))
    yield from (_Scope("sentence", 1 << number) for number in range(led, len(reading.sentences)))
    yield _Scope("item", (1 << len(reading.sentences)) - 1)


def _match_pattern(
    pattern: Pattern, thread: Thread, slots: Slots, scopes: list[_Scope], owners: Owners
) -> PatternHit | None:
    best: PatternHit | None = None
    filling = [slots.filling(slot) for slot in pattern.slots]
    asked = pattern.slots
    for level, sentences in scopes:
        for where, _ in filling:
            if not where & sentences:
                break
        else:
            choices = [among(fills, sentences) for _, fills in filling]
            found = assigned([[fill for fill in fills if not owners.means_another(fill, asked)] for fills in choices])
            if found is None or owners.only_calls(found, asked):
                continue
            if level == "headline" and not _opened_by_title(found):
                continue
            if level in _TOLD_BY_SUMMARY and owners.goes_elsewhere(found, asked):
                continue
            hit = _hit(pattern, thread, level, found)
            if hit.direct:
                return hit
            best = best or hit
    return best


def _hit(pattern: Pattern, thread: Thread, level: str, found: tuple[Fill, ...]) -> PatternHit:
    return PatternHit(thread.id, pattern, level, not any(fill.oblique for fill in found), found)


def _opened_by_title(found: tuple[Fill, ...]) -> bool:
    """Say whether a title gives more of what was found than one place where it happens: else that is a lead.

    Nor does one do that tells of a trial and leaves to the summary whose it is: there somebody may be named in passing.
    """
    titled = [fill for fill in found if fill.field == "title" and fill.id not in _TRIED]
    return len(titled) >= 2 or any(not fill.is_setting for fill in titled)


class PatternIndex:
    """The patterns of a story's threads, each filed under what can fill its choosiest slot.

    A story has a hundred patterns, and of most only the names are there: so a slot for a word is asked for first.
    """

    def __init__(self, story: Story) -> None:
        """File the patterns."""
        entities = {entity.id for entity in story.entities}
        self._patterns = [(pattern, thread) for thread in story.threads for pattern in thread.belongs]
        # of each pattern, the choosiest first
        self.slots = [
            sorted(pattern.slots, key=lambda slot: (len(slot & entities), len(slot))) for pattern, _ in self._patterns
        ]
        self._filed: dict[str, list[int]] = {}  # entity or word class → numbers of patterns
        for number, (choosiest, *_) in enumerate(self.slots):
            for part in choosiest:
                self._filed.setdefault(part, []).append(number)
        self.parts = frozenset().union(*(slot for pattern, _ in self._patterns for slot in pattern.slots))
        settings = {entity.id for entity in story.entities if entity.type in SETTINGS}
        core = {entity.id for entity in story.entities if entity.role is Role.CORE}
        countries = {entity.id for entity in story.entities if entity.type == "country"}
        self.own = own_countries((slot for pattern, _ in self._patterns for slot in pattern.slots), countries)
        self.scene = scene_of((slot for pattern, _ in self._patterns for slot in pattern.slots), settings, core)
        # Of each pattern that may have its word unread the other slots: those that a name can fill.
        self.unread = [
            (pattern, thread, named)
            for pattern, thread in self._patterns
            if len(pattern.slots) >= _LEAST_UNREAD_SLOTS
            and len(named := [slot for slot in pattern.slots if slot & entities]) == len(pattern.slots) - 1
        ]

    def fillable(self, ids: frozenset[str]) -> list[tuple[Pattern, Thread]]:
        """Return the patterns all of whose slots some of these can fill, threads in the story's order."""
        numbers: set[int] = set()
        for part in self._filed.keys() & ids:
            numbers.update(self._filed[part])
        found: list[tuple[Pattern, Thread]] = []
        for number in sorted(numbers):
            filed = self._patterns[number]
            for slot in filed[0].slots:
                if slot.isdisjoint(ids):
                    break
            else:
                found.append(filed)
        return found


def pattern_hits(story: Story, reading: Reading, index: PatternIndex | None = None) -> list[PatternHit]:
    """Return the best hit of every pattern that is found, threads in the story's order.

    Args:
        story: The story.
        reading: An entry as the story reads it.
        index: The story's patterns, where the caller has them filed.
    """
    index = index or PatternIndex(story)
    slots = Slots(reading, index.parts)
    fillable = index.fillable(reading.ids)
    scopes = list(_scopes(reading)) if fillable else []
    owners = Owners(reading, index.scene, index.own)
    tried = (_match_pattern(pattern, thread, slots, scopes, owners) for pattern, thread in fillable)
    hits = [hit for hit in tried if hit is not None]
    if not any(hit.level == "title" and hit.direct for hit in hits):
        hits += _unread_hits(index, reading, slots)
    return hits


def _unread_hits(index: PatternIndex, reading: Reading, slots: Slots) -> Iterator[PatternHit]:
    """Yield the patterns all of whose names stand in the title, one of the story's core, with their word unread."""
    title = reading.title_sentences
    named = {n.entity: n.role for s in title for n in s.names if n.role in _TELLING and n.oblique is None}
    if len(named) < 2 or Role.CORE not in named.values() or any(map(tells_of_goods, title)):
        return
    core = {entity for entity, role in named.items() if role is Role.CORE}
    titled = (1 << len(title)) - 1
    for pattern, thread, by_name in index.unread:
        for slot in by_name:
            if slot.isdisjoint(named):
                break  # nearly all
        else:
            if all(map(core.isdisjoint, by_name)):
                continue
            fills = [slots.filling(slot.intersection(named))[1] for slot in by_name]
            found = assigned([[fill for fill in among(choices, titled) if not fill.oblique] for choices in fills])
            if found is not None:
                yield _hit(pattern, thread, UNREAD, found)


def rank(hit: PatternHit) -> tuple[bool, int]:
    """Return what sorts hits, the best first."""
    return (not hit.direct, LEVELS.index(hit.level))
