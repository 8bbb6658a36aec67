"""What a story file names, and whether it is there: entities, word classes, actions, threads, facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, get_args

from service.core.model import CORE_AS_TIME
from service.loading.story_faults import meant, meant_language

if TYPE_CHECKING:
    from service.core.language.lexicon import Lexicon
    from service.loading.story_files import StoryFile

Modality = Literal["reported", "confirmed", "denied", "planned", "possible", "demanded", "attempted"]
_Location = tuple[int | str, ...]


def alternatives(slot: str) -> list[str]:
    """Return the ids of a slot, any of which fills it."""
    return [part for part in slot.split("|") if part]


def used_classes(file: StoryFile) -> set[str]:
    """Return the ids in a story's slots and rules, and those it gives words for, that are no entities of its."""
    slots = [slot for thread in file.threads for pattern in thread.belongs for slot in pattern]
    for fact in file.facts:
        slots += [fact.action or "", *(slot for change in fact.changed_by for slot in (change.action, *change.with_))]
    named = {part for slot in slots for part in alternatives(slot)} | file.words.keys()
    return named - {entity.id for entity in file.entities}


def unknown_references(file: StoryFile, lexicon: Lexicon) -> Iterator[tuple[_Location, str]]:
    """Yield (location, message) for every id that stands for nothing."""
    entities = {entity.id for entity in file.entities}
    actions = {*lexicon.actions, *lexicon.subject_actions, *(action.id for action in file.actions)}
    classes = {*lexicon.groups, *file.words, *actions}
    for clash in sorted(entities & (classes - lexicon.subject_actions.keys())):
        index = next(i for i, entity in enumerate(file.entities) if entity.id == clash)
        yield ("entities", index, "id"), f"{clash!r} is also a word class; choose another entity id"
    for e, entity in enumerate(file.entities):
        if entity.speaks_for is not None and entity.speaks_for not in entities:
            yield ("entities", e, "speaks_for"), f"unknown entity {entity.speaks_for!r}"
    yield from _unknown_more_words(file, lexicon)
    known = entities | classes | lexicon.subjects.keys() | {CORE_AS_TIME}
    for t, thread in enumerate(file.threads):
        for p, pattern in enumerate(thread.belongs):
            yield from _unknown_slots(pattern, known, ("threads", t, "belongs", p))
    yield from _unknown_in_facts(file, entities, actions, known)
    for t, thread in enumerate(file.threads):
        own = {fact.id for fact in file.facts if fact.thread == thread.id}
        for a, answer in enumerate(thread.answered_by):
            if answer not in own:
                yield ("threads", t, "answered_by", a), f"{answer!r} is no fact of thread {thread.id!r}"


def _unknown_more_words(file: StoryFile, lexicon: Lexicon) -> Iterator[tuple[_Location, str]]:
    """Yield what is wrong with the phrases that a story adds: classes without words, languages nobody reads."""
    for word_class, table in file.more_words.items():
        action = lexicon.actions.get(word_class)
        if word_class not in lexicon.groups:
            remedy = (
                meant(word_class, lexicon.groups)
                or "; words of the story's own classes and of subjects go under `words`"
            )
            yield ("more_words", word_class), f"{word_class!r} is no class of the lexicon{remedy}"
        elif action is not None and action.derived_from is not None:
            yield (
                ("more_words", word_class),
                f"{word_class!r} has no words of its own; give them to {action.derived_from!r}",
            )
        elif word_class in file.words:
            yield ("more_words", word_class), f"{word_class!r} has words under `words` already; give all of them there"
        for lang in sorted(table.keys() - lexicon.words.keys()):
            message = f"no words are looked for in {lang!r}{meant_language(lang, lexicon)}"
            yield ("more_words", word_class, lang), message


def _unknown_slots(slots: list[str], known: set[str], location: _Location) -> Iterator[tuple[_Location, str]]:
    for s, slot in enumerate(slots):
        if not alternatives(slot):
            yield (*location, s), "names nothing; put an entity or a word class there"
        for part in alternatives(slot):
            if part not in known:
                yield (*location, s), f"{part!r} is neither an entity nor a word class{meant(part, known)}"


def _unknown_in_facts(
    file: StoryFile, entities: set[str], actions: set[str], known: set[str]
) -> Iterator[tuple[_Location, str]]:
    threads = {thread.id for thread in file.threads}
    for f, fact in enumerate(file.facts):
        if fact.thread not in threads:
            yield ("facts", f, "thread"), f"unknown thread {fact.thread!r}; there are: {', '.join(sorted(threads))}"
        for key in ("actor", "object", "place"):
            value = getattr(fact, key)
            if value is not None and value not in entities:
                yield ("facts", f, key), f"unknown entity {value!r}{meant(value, entities)}"
        if fact.action is not None and fact.action not in actions:
            yield ("facts", f, "action"), f"unknown action {fact.action!r}{meant(fact.action, actions)}"
        for c, change in enumerate(fact.changed_by):
            for part in alternatives(change.action):
                if part not in actions and part != "any":
                    yield ("facts", f, "changed_by", c, "action"), f"unknown action {part!r}{meant(part, actions)}"
            for part in alternatives(change.modality or ""):
                if part not in get_args(Modality):
                    yield (
                        ("facts", f, "changed_by", c, "modality"),
                        f"unknown modality {part!r}; there are: {', '.join(get_args(Modality))}",
                    )
            yield from _unknown_slots(change.with_, known, ("facts", f, "changed_by", c, "with"))
