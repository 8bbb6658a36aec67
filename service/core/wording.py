"""The one English line of a delta, made from its event and its facts, never from another's words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from service.core.model import ActionClass, Change, DeltaType, Event, Role
from service.core.reading import Reading

_PREPOSITION = re.compile(r" (?:from|to|on|over|at|for|of|with)$")
_MODALITY = {
    "reported": "reported",
    "confirmed": "confirmed",
    "denied": "denied",
    "planned": "planned",
    "demanded": "demanded",
}
_NOTE = " \N{EM DASH} "
_TYPE_WORDS = {
    DeltaType.RETRACTION: "Withdrawn",
    DeltaType.CORRECTION: "Corrected",
}


# Concepts that say what a report is about, where no event was read in it.
_TOPICS = (
    *("base", "port", "airport", "troops", "warship", "aircraft", "equipment", "convoy", "drone", "lease", "presence"),
    *("asylum", "exile", "extradition", "court", "talks_noun", "delegation", "embassy", "compensation"),
    *("family_members", "satellite", "military", "intelligence", "parliament"),
)
_TOPIC_NAMES = {"talks_noun": "talks", "family_members": "family", "satellite": "satellite pictures"}
_MOST_TOPICS, _MOST_NAMES = 2, 3


def topic(reading: Reading, names: Mapping[str, str]) -> str:
    """Return what a report is about, from its headline, as "convoy: Khmeimim Air Base, Russia"; empty if unknown."""
    sentences = [s for s in reading.title_sentences if s.names] or list(reading.lead)
    said = {word.word_class for sentence in sentences for word in sentence.words}
    concepts = [_TOPIC_NAMES.get(each, each) for each in _TOPICS if each in said][:_MOST_TOPICS]
    spotted = sorted(
        (name for s in sentences for name in s.names if name.role in {Role.CORE, Role.CONTEXT} and not name.oblique),
        key=lambda name: name.role is not Role.CORE,
    )
    entities = list(dict.fromkeys(names[name.entity] for name in spotted))[:_MOST_NAMES]
    about = " and ".join(concepts)
    return f"{about}: {', '.join(entities)}" if about and entities else about or ", ".join(entities)


def event_phrase(
    event: Event,
    actions: Mapping[str, ActionClass],
    names: Mapping[str, str],
    countries: Collection[str] = (),
) -> str:
    """Return an event as an English clause, such as "Russia withdraws from Qamishli".

    Args:
        event: The event.
        actions: Action classes by id.
        names: Entity id → English display name.
        countries: Those entities that are countries: forces are kept in one, a base is kept.
    """
    action = actions.get(event.action)
    if action is None:
        return event.action.replace("_", " ")
    actor = names.get(event.actor or "", "")
    if action.family == "statements" and not event.target:
        return f"{actor}: {action.noun}" if actor else action.noun.capitalize()
    target = names.get(event.target or event.place or "", "")
    if event.target is None and event.place == event.actor:
        target = ""
    verb = action.in_country if action.in_country and (event.target or event.place) in countries else action.active
    if not target:
        verb = _PREPOSITION.sub("", verb)  # without its object: "Russia withdraws"
    if event.negated:
        of = ", ".join(name for name in (actor, target) if name)
        plan = " planned" if event.modality == "planned" else ""
        return f"No {action.noun}{plan}" + (f": {of}" if of else "")
    if event.modality == "demanded" and action.derived_from is None:
        return f"Call for {action.noun}" + (f": {target}" if target else "")  # who is to do it is often not who asks
    if not actor:
        noun = action.noun[0].upper() + action.noun[1:]
        return f"{noun}: {target}" if target else noun
    return f"{actor} {verb} {target}".strip()


def delta_line(
    kind: DeltaType,
    event: Event | None,
    changes: tuple[Change, ...],
    actions: Mapping[str, ActionClass],
    names: Mapping[str, str],
    subject: str,
    countries: Collection[str] = (),
) -> str:
    """Return the line of a delta.

    Args:
        kind: The delta's type.
        event: Its main event, if one was read.
        changes: What happens to facts.
        actions: Action classes by id.
        names: Entity id → English display name.
        subject: What to name where no event was read ("Khmeimim Air Base, Russia").
        countries: Which entities are countries.
    """
    clause = event_phrase(event, actions, names, countries) if event else f"New report on {subject}"
    if event and not event.target and event.action in actions and actions[event.action].family == "statements":
        clause += f" on {subject}"
    elif event and not (event.actor or event.target or event.place) and event.action in actions:
        clause += f" ({subject})"
    if event and event.quantity and not event.negated:
        clause += f", {event.quantity}"
    notes = []
    if event:
        speaker = names.get(event.speaker or "")
        is_said = event.negated and event.modality == "planned"  # "No meeting planned"
        is_said = is_said or clause.startswith("Call for ")
        if not is_said and (event.modality != "reported" or not speaker):
            notes.append(_MODALITY[event.modality])
        if speaker and event.on_record and speaker not in clause:
            notes.append(f"says {speaker}")
    line = clause + (f" ({', '.join(notes)})" if notes else "")
    before = _TYPE_WORDS.get(kind)
    if before:
        line = f"{before}: {line}"
    if changes and kind is not DeltaType.RETRACTION:
        stance = {"contradicts": "against", "confirms": "confirms", "develops": "adds to"}[changes[0].stance]
        line += f"{_NOTE}{stance} what was known: {changes[0].before.rstrip('.')}"
    return line[0].upper() + line[1:]


def clause(line: str) -> str:
    """Return a delta's line without its note on what was known: for where both sides stand beside it."""
    return line.split(_NOTE, 1)[0]
