"""A reading of an entry for one story: its sentences, the entities they name and the words that say what happened.

Everything later (the decision, the events, the quotes) works on readings and never looks at the raw text again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from service.core.model import Mention, Role, Span, Story, TextField
from service.core.text import language_of, sentences
from service.core.watchlist import NameHit, Watchlist, WordHit

_FIELDS: tuple[TextField, ...] = ("title", "summary")
# A feed's summary says what matters early; some feeds put the whole article there.
_READ_CHARACTERS = 2000
_LEAD_SENTENCES = 2
# A surname alone is the story's man where the text speaks of one who is not there.
_AWAY = frozenset({"absentia", "exile", "extradition"})
# Whose name can be a label or a time ("the fall of X", "X-era"): the collapse of a bridge is the thing itself.
_LABELS = frozenset({"person", "group"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpottedName:
    """A mention with how it stands in its sentence.

    Attributes:
        oblique: The name is a label or a time ("the fall of X", "X-era"), or an example ("like X").
        is_title: Found by a description that stands for the name.
    """

    entity: str
    role: Role
    type: str
    start: int
    end: int
    weak: bool
    is_title: bool
    oblique: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence with what was found in it. Offsets are those of the field."""

    field: TextField
    start: int
    end: int
    text: str
    lang: str
    number: int  # 0 for the title's first, then on through the summary
    names: tuple[SpottedName, ...]
    words: tuple[WordHit, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        """Return what can fill a slot here: entities and word classes."""
        return frozenset((*(name.entity for name in self.names), *(word.word_class for word in self.words)))

    def classes(self) -> frozenset[str]:
        """Return the word classes that stand in the sentence."""
        return frozenset(hit.word_class for hit in self.words)

    def entities(self, *, oblique: bool = True) -> frozenset[str]:
        """Return the entities named in the sentence; without the oblique ones if so asked."""
        return frozenset(name.entity for name in self.names if oblique or name.oblique is None)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An entry as one story reads it."""

    story: str
    title: str
    summary: str
    sentences: tuple[Sentence, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        """Return what can fill a slot anywhere in the item."""
        return frozenset().union(*(sentence.ids for sentence in self.sentences))

    @cached_property
    def title_sentences(self) -> tuple[Sentence, ...]:
        """Return the sentences of the title."""
        return tuple(s for s in self.sentences if s.field == "title")

    @cached_property
    def lead(self) -> tuple[Sentence, ...]:
        """Return the first sentences of the summary."""
        return tuple(s for s in self.sentences if s.field == "summary")[:_LEAD_SENTENCES]

    def names(self, *roles: Role) -> Iterator[tuple[Sentence, SpottedName]]:
        """Yield the names with these roles and their sentences, in order."""
        for sentence in self.sentences:
            for name in sentence.names:
                if name.role in roles:
                    yield sentence, name

    def mentions(self) -> tuple[Mention, ...]:
        """Return the mentions of core and context entities, as stored and served."""
        return tuple(
            Mention(
                entity=name.entity,
                span=Span(field=sentence.field, start=name.start, end=name.end),
                surface=self.text(sentence.field)[name.start : name.end],
            )
            for sentence, name in self.names(Role.CORE, Role.CONTEXT)
        )

    def text(self, field: TextField) -> str:
        """Return the title or the summary."""
        return self.title if field == "title" else self.summary


def _oblique(text: str, name: NameHit, words: Iterable[WordHit]) -> str | None:
    for hit in words:
        if hit.word_class == "background_before" and 0 <= name.start - hit.end <= 4:
            between = text[hit.end : name.start]
            if not between.strip(" '’-–al") or between.isspace():
                return "background"
        if hit.word_class == "background_before" and hit.start < name.start < hit.end:
            return "background"
        if hit.word_class == "background_after" and 0 <= hit.start - name.end <= 3:
            return "background"
        if (
            hit.word_class == "analogy"
            and 0 <= name.start - hit.end <= 24
            and text[hit.end : name.start].count(" ") <= 3
        ):
            return "analogy"
    return None


def _settled_weak(hits: list[NameHit], roles: dict[str, Role], away: Callable[[], bool]) -> list[NameHit]:
    """Drop surnames that stand alone: they need their own full form or another entity of the story in the item.

    A core person's surname counts also where `away` says that the text is about one who is not there.
    """
    counted = [hit for hit in hits if roles[hit.entity] is not Role.PUBLISHER]
    strong = {hit.entity for hit in counted if not hit.weak}
    named = {hit.entity for hit in counted}
    return [
        hit
        for hit in hits
        if not hit.weak
        or hit.entity in strong
        or bool(named - {hit.entity})
        or (roles[hit.entity] is Role.CORE and away())
    ]


def _can_belong(story: Story, named: frozenset[str]) -> bool:
    """Say whether any thread's pattern could be filled, were all its words there; else words need not be read."""
    entities = {entity.id for entity in story.entities}
    return any(
        all(slot & named or not slot <= entities for slot in pattern.slots)
        for thread in story.threads
        for pattern in thread.belongs
    )


def read_entry(
    watchlist: Watchlist, story: Story, title: str, summary: str, lang: str | None, *, anyway: bool = False
) -> Reading | None:
    """Read an entry for a story; None when it names no core or context entity of it, unless wanted `anyway`."""
    roles = {entity.id: entity.role for entity in story.entities}
    types = {entity.id: entity.type for entity in story.entities}
    texts = {"title": title, "summary": summary[:_READ_CHARACTERS]}
    langs = {name: language_of(text, lang) for name, text in texts.items()}
    hits = {
        name: [hit for hit in watchlist.names(text, langs[name]) if hit.story == story.id] if text else []
        for name, text in texts.items()
    }

    def away() -> bool:
        found = (word for name, text in texts.items() if text for word in watchlist.words(text, langs[name], story.id))
        return any(word.word_class in _AWAY for word in found)

    kept = _settled_weak([*hits["title"], *hits["summary"]], roles, away)
    if not anyway and not any(roles[hit.entity] in {Role.CORE, Role.CONTEXT} for hit in kept):
        return None
    named = frozenset(hit.entity for hit in kept)
    speaks = anyway or _can_belong(story, named)
    keep = set(map(id, kept))
    spotted: list[Sentence] = []
    for field in _FIELDS:
        text = texts[field]
        if not text:
            continue
        words = watchlist.words(text, langs[field], story.id) if speaks else []
        names = [hit for hit in hits[field] if id(hit) in keep]
        words = [
            word
            for word in words
            if not any(name.start <= word.start and word.end <= name.end and not name.is_title for name in names)
            # "Moskova'da" is the city's name and says "in Moscow" at once
            or (word.word_class in story.words and any((n.start, n.end) == (word.start, word.end) for n in names))
            or watchlist.lexicon.groups.get(word.word_class) == "concept"
            or word.word_class in watchlist.lexicon.units
        ]
        for start, end in sentences(text):
            inside = [word for word in words if start <= word.start and word.end <= end]
            spotted.append(
                Sentence(
                    field=field,
                    start=start,
                    end=end,
                    text=text[start:end],
                    lang=langs[field],
                    number=len(spotted),
                    names=tuple(
                        SpottedName(
                            entity=hit.entity,
                            role=roles[hit.entity],
                            type=types[hit.entity],
                            start=hit.start,
                            end=hit.end,
                            weak=hit.weak,
                            is_title=hit.is_title,
                            oblique=_oblique(text, hit, inside) if types[hit.entity] in _LABELS else None,
                        )
                        for hit in names
                        if start <= hit.start and hit.end <= end
                    ),
                    words=tuple(inside),
                )
            )
    return Reading(story=story.id, title=title, summary=summary, sentences=tuple(spotted))
