"""A reading of an entry for one story: its sentences, the entities they name and the words that say what happened.

Everything later (the decision, the events, the quotes) works on readings and never looks at the raw text again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.core.language.folding import sentences
from service.core.lazily import Lazily
from service.core.matching.background import background
from service.core.matching.clauses import may_say_where
from service.core.matching.in_passing import (
    LIKE,
    awaits_another,
    is_anothers,
    is_example,
    is_own,
    is_time,
    oblique_of,
)
from service.core.matching.office import introduces
from service.core.matching.passages import NameHit, Passage, WordHit
from service.core.matching.watchlist import Watchlist
from service.core.model import CORE_AS_TIME, Entity, Mention, Role, Span, Story, TextField


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryText:
    """What is read of an entry, once for all stories.

    Attributes:
        title: As it stands in the entry.
        summary: The whole of it.
        passages: The title and what is read of the summary, those that are not empty, the title first.
    """

    title: str
    summary: str
    passages: Mapping[TextField, Passage]

    @classmethod
    def of(
        cls, title: str, summary: str, lang: str | None, *, folded: Mapping[TextField, str] | None = None
    ) -> EntryText:
        """Return the texts of an entry.

        Args:
            title: Of the entry.
            summary: Of the entry.
            lang: The language of the entry or its feed.
            folded: The two texts folded, where the caller has them.
        """
        texts: dict[TextField, str] = {"title": title, "summary": summary[:_READ_CHARACTERS]}
        ready = folded if folded is not None and len(summary) <= _READ_CHARACTERS else {}
        passages = {name: Passage.of(text, lang, folded=ready.get(name)) for name, text in texts.items() if text}
        return cls(title=title, summary=summary, passages=passages)


# A feed's summary says what matters early; some feeds put the whole article there.
_READ_CHARACTERS = 2000
_LEAD_SENTENCES = 2
# A surname alone is the story's man where the text speaks of one who is not there.
_AWAY = frozenset({"absentia", "exile", "extradition"})
# So it is where a thread asks for nobody but him, and the text says that one of these befalls him.
_PURSUED, _REFUGE = frozenset({"justice", "refuge", "health", "life"}), "asylum"
# Whose name can be a label or a time ("the fall of X", "X-era"): the collapse of a bridge is the thing itself.
_LABELS = frozenset({"person", "group"})
# An agreement on gas is none on a base, where nothing of an army is named, nor anybody by name.
_GOODS = "trade"
_ARMED = frozenset(
    {
        "base",
        "troops",
        "military",
        "presence",
        "equipment",
        "convoy",
        "drone",
        "keep",
        "deploy",
        "build_up",
        "pay",
        "terminate",
    }
)
_TRADERS = frozenset({"country", "place"})
_DOCUMENT = "document"
_LABEL_WORDS = frozenset({"background_before", "background_after", "analogy"})
_TELLING = (Role.CORE, Role.CONTEXT)


class SpottedName(NamedTuple):
    """A mention with how it stands in its sentence.

    Attributes:
        oblique: The name is a label or a time ("the fall of X", "X-era"), stands in a clause that says what is long
            known ("who fled to X"), or is an example ("like X").
        is_title: Found by a description that stands for the name.
        is_typo: One of its words is misspelt.
    """

    entity: str
    role: Role
    type: str
    start: int
    end: int
    weak: bool
    is_title: bool
    is_typo: bool = False
    oblique: str | None = None


class Sentence(NamedTuple):
    """One sentence with what was found in it. Offsets are those of the field."""

    field: TextField
    start: int
    end: int
    text: str
    lang: str
    number: int  # 0 for the title's first, then on through the summary
    names: tuple[SpottedName, ...]
    words: tuple[WordHit, ...]
    ids: frozenset[str]  # what can fill a slot here: entities and word classes

    def classes(self) -> frozenset[str]:
        """Return the word classes that say what the sentence is about: those of background clauses do not."""
        return frozenset(hit.word_class for hit in self.words if not hit.background)

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

    @Lazily
    def ids(self) -> frozenset[str]:
        """Return what can fill a slot anywhere in the item."""
        return frozenset().union(*[sentence.ids for sentence in self.sentences])

    @Lazily
    def title_sentences(self) -> tuple[Sentence, ...]:
        """Return the sentences of the title."""
        return tuple(s for s in self.sentences if s.field == "title")

    @Lazily
    def lead(self) -> tuple[Sentence, ...]:
        """Return the first sentences of the summary."""
        return tuple(s for s in self.sentences if s.field == "summary")[:_LEAD_SENTENCES]

    @Lazily
    def rest(self) -> tuple[Sentence, ...]:
        """Return the sentences after the lead."""
        return self.sentences[len(self.title_sentences) + len(self.lead) :]

    @Lazily
    def goods(self) -> WordHit | None:
        """Return the word by which a title tells only of goods or peaceful business between places, if it does."""
        words = [word for sentence in self.title_sentences for word in sentence.words if not word.background]
        if not _ARMED.isdisjoint(word.word_class for word in words):
            return None
        named = [name for sentence in self.title_sentences for name in sentence.names]
        if any(name.type not in _TRADERS or name.role is Role.CORE for name in named):
            return None
        return next((word for word in words if word.word_class == _GOODS), None)

    @Lazily
    def named(self) -> list[tuple[Sentence, SpottedName]]:
        """Return all names with their sentences, in order."""
        return [(sentence, name) for sentence in self.sentences for name in sentence.names]

    @Lazily
    def _by_role(self) -> dict[Role, list[tuple[Sentence, SpottedName]]]:
        by_role: dict[Role, list[tuple[Sentence, SpottedName]]] = {}
        for pair in self.named:
            by_role.setdefault(pair[1].role, []).append(pair)
        return by_role

    def names(self, *roles: Role) -> Sequence[tuple[Sentence, SpottedName]]:
        """Return the names with these roles and their sentences, in order."""
        if len(roles) == 1:
            return self._by_role.get(roles[0], ())
        return [pair for pair in self.named if pair[1].role in roles]

    def mentions(self) -> tuple[Mention, ...]:
        """Return the mentions of core and context entities, as stored and served."""
        return tuple(
            Mention(
                name.entity,
                Span(sentence.field, name.start, name.end),
                self.text(sentence.field)[name.start : name.end],
            )
            for sentence, name in self.names(Role.CORE, Role.CONTEXT)
        )

    def text(self, field: TextField) -> str:
        """Return the title or the summary."""
        return self.title if field == "title" else self.summary


def _settled_weak(
    found: list[tuple[NameHit, TextField]],
    entities: Mapping[str, Entity],
    vouched: Callable[[NameHit, TextField], bool],
) -> list[NameHit]:
    """Drop surnames that stand alone: they need their own full form or another entity of the story in the item.

    A core person's surname counts also where it is `vouched` for: the text is about one who is not there, or a phrase
    of the story holds the name. A misspelt name needs the company of another core or context entity spelt right and
    in full, and keeps none itself.
    """
    counted = [hit for hit, _ in found if entities[hit.entity].role is not Role.PUBLISHER and not hit.is_typo]
    strong = {hit.entity for hit in counted if not hit.weak}
    named = {hit.entity for hit in counted}
    certain = {hit.entity for hit, _ in found if hit.vouches}
    return [
        hit
        for hit, field in found
        if (bool(certain - {hit.entity}) if hit.is_typo else not hit.weak)
        or hit.entity in strong
        or (not hit.is_typo and bool(named - {hit.entity}))
        or (not hit.is_typo and entities[hit.entity].role is Role.CORE and vouched(hit, field))
    ]


def _holds(story: Story, word: WordHit, name: NameHit) -> bool:
    """Say whether a phrase of the story's own holds a name: it says what the named one does."""
    return word.word_class in story.words and word.start <= name.start and name.end <= word.end


def _pursues(watchlist: Watchlist, story: Story, word: WordHit, name: NameHit) -> bool:
    """Say whether a word is what a state does to a named one, and one of the story's threads asks for no more.

    So does a word of the story's own beside which a thread wants nobody but him.
    """
    action = watchlist.lexicon.actions.get(word.word_class)
    tells = (
        word.word_class in story.words
        or word.word_class == _REFUGE
        or (action is not None and action.family in _PURSUED)
    )
    return tells and any(
        len(pattern.slots) == 2
        and any(name.entity in slot for slot in pattern.slots)
        and any(word.word_class in slot for slot in pattern.slots)
        for thread in story.threads
        for pattern in thread.belongs
    )


def read_entry(
    watchlist: Watchlist, story: Story, title: str, summary: str, lang: str | None, *, anyway: bool = False
) -> Reading | None:
    """Read an entry for a story; None when it names no core or context entity of it, unless wanted `anyway`."""
    return read_text(watchlist, story, EntryText.of(title, summary, lang), anyway=anyway)


def read_text(watchlist: Watchlist, story: Story, entry_text: EntryText, *, anyway: bool = False) -> Reading | None:
    """Read an entry's texts for a story, as `read_entry` does."""
    passages = entry_text.passages
    entities, actions = watchlist.entities[story.id], watchlist.lexicon.actions
    hits = {name: watchlist.names(passage, story.id) for name, passage in passages.items()}

    def vouched(core: NameHit, field: TextField) -> bool:
        beside = watchlist.words(passages[field], story.id)
        if any(_holds(story, word, core) for word in beside):
            return True
        pursued = any(_pursues(watchlist, story, word, core) for word in beside)
        if pursued and not is_anothers(passages[field], core, beside):
            return True
        return any(w.word_class in _AWAY for p in passages.values() for w in watchlist.words(p, story.id))

    kept = _settled_weak([(hit, name) for name in passages for hit in hits[name]], entities, vouched)
    if not anyway and not any(entities[hit.entity].role in _TELLING for hit in kept):
        return None
    named = frozenset(hit.entity for hit in kept)
    speaks = anyway or watchlist.can_belong(story.id, named)
    keep = set(map(id, kept))
    spotted: list[Sentence] = []
    for field, passage in passages.items():
        names = [hit for hit in hits[field] if id(hit) in keep]
        words = _words_beside(names, watchlist, story, passage, entities) if speaks else []
        spotted.extend(_sentences(watchlist, story, field, passage, names, words, entities, actions, len(spotted)))
    return Reading(story=story.id, title=entry_text.title, summary=entry_text.summary, sentences=tuple(spotted))


def _words_beside(
    names: list[NameHit], watchlist: Watchlist, story: Story, passage: Passage, entities: Mapping[str, Entity]
) -> list[WordHit]:
    """Return the words of a passage that are not merely part of a name; a document's name says what has happened."""
    spans = [(n.start, n.end) for n in names if not (n.is_title or entities[n.entity].type == _DOCUMENT)]
    whole = {(name.start, name.end) for name in names}
    groups, units = watchlist.lexicon.groups, watchlist.lexicon.units
    beside: list[WordHit] = []
    begun = reach = 0  # how many of the names begin before the word or with it, and how far they go
    for word in watchlist.words(passage, story.id):
        word_class, first, last, _ = word
        while begun < len(spans) and spans[begun][0] <= first:
            reach = max(reach, spans[begun][1])
            begun += 1
        if last > reach:
            beside.append(word)
            continue
        # "Moskova'da" is the city's name and says "in Moscow" at once
        own = word_class in story.words and (first, last) in whole
        if own or groups.get(word_class) == "concept" or word_class in units:
            beside.append(word)
    return beside


def _sentences(
    watchlist: Watchlist,
    story: Story,
    field: TextField,
    passage: Passage,
    names: list[NameHit],
    words: list[WordHit],
    entities: Mapping[str, Entity],
    actions: Container[str],
    number: int,
) -> Iterator[Sentence]:
    """Yield the sentences of a passage with the names and words that stand in them; both come in order."""
    text = passage.text
    next_word = next_name = 0
    may_compare = passage.lang in LIKE
    says_where = bool(names and words) and may_say_where(passage)
    for start, end in sentences(text):
        inside: list[WordHit] = []
        while next_word < len(words) and (word := words[next_word]).start < end:
            if word.start >= start and word.end <= end:
                inside.append(word)
            next_word += 1
        named: list[NameHit] = []
        while next_name < len(names) and (name := names[next_name]).start < end:
            if name.start >= start and name.end <= end:
                named.append(name)
            next_name += 1
        if not inside and not named:
            yield Sentence(field, start, end, text[start:end], passage.lang, number, (), (), frozenset())
            number += 1
            continue
        ids = [word.word_class for word in inside]  # and of the entities, once they are seen to
        spans = background(
            watchlist, story, field, passage, (start, end), named, inside, actions, says_where=says_where
        )
        if spans:
            inside = [word._replace(background=_within(word, spans)) for word in inside]
        labels = [] if _LABEL_WORDS.isdisjoint(ids) else [w for w in inside if w.word_class in _LABEL_WORDS]
        spotted = []
        compared = may_compare and any(
            entities[hit.entity].role is Role.BACKGROUND and entities[hit.entity].type == "person" for hit in named
        )
        for hit in named:
            entity = entities[hit.entity]
            like_him = compared and entity.type == "person"
            is_like = may_compare and is_example(text, hit, passage.lang, end, beside_another=like_him)
            oblique = "analogy" if is_like else None
            if labels and oblique is None and entity.type in _LABELS:
                own = [word for word in inside if word.word_class in story.words and not word.background]
                held = [word for word in own if _holds(story, word, hit)]
                shared = compared or awaits_another(text, hit, passage.lang)
                beside = [word for word in labels if not is_own(word, held, shared=shared)] if held else labels
                beside = [word for word in beside if not introduces(watchlist, passage, word, hit)]
                oblique = oblique_of(text, hit, beside, inside, actions)
            if oblique is None and (
                (spans and _within(hit, spans)) or (entity.type in _LABELS and is_time(text, hit, passage.lang, start))
            ):
                oblique = "background"
            _, _, first, last, _, weak, is_title, is_typo, _ = hit
            name_here = SpottedName(entity.id, entity.role, entity.type, first, last, weak, is_title, is_typo, oblique)
            spotted.append(name_here)
            ids.append(entity.id)
            if oblique == "background" and entity.role is Role.CORE:
                ids.append(CORE_AS_TIME)
        yield Sentence(
            field, start, end, text[start:end], passage.lang, number, tuple(spotted), tuple(inside), frozenset(ids)
        )
        number += 1


def _within(hit: NameHit | WordHit, spans: list[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in spans)
