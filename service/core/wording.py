"""The one English line of a delta, made from its event and its facts, never from another's words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.core.model import ActionClass, Change, DeltaType, Event

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


def event_phrase(event: Event, actions: Mapping[str, ActionClass], names: Mapping[str, str]) -> str:
    """Return an event as an English clause, such as "Russia withdraws from Qamishli"."""
    action = actions.get(event.action)
    if action is None:
        return event.action.replace("_", " ")
    actor = names.get(event.actor or "", "")
    if action.family == "statements" and not event.target:
        return f"{actor}: {action.noun}" if actor else action.noun.capitalize()
    target = names.get(event.target or event.place or "", "")
    if event.target is None and event.place == event.actor:
        target = ""
    verb = action.active
    if not target:
        verb = _PREPOSITION.sub("", verb)  # without its object: "Russia withdraws"
    if event.negated:
        of = ", ".join(name for name in (actor, target) if name)
        return f"No {action.noun}" + (f": {of}" if of else "")
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
) -> str:
    """Return the line of a delta.

    Args:
        kind: The delta's type.
        event: Its main event, if one was read.
        changes: What happens to facts.
        actions: Action classes by id.
        names: Entity id → English display name.
        subject: What to name where no event was read ("Khmeimim Air Base, Russia").
    """
    clause = event_phrase(event, actions, names) if event else f"New report on {subject}"
    if event and not event.target and event.action in actions and actions[event.action].family == "statements":
        clause += f" on {subject}"
    if event and event.quantity and not event.negated:
        clause += f", {event.quantity}"
    notes = []
    if event:
        speaker = names.get(event.speaker or "")
        if event.modality != "reported" or not speaker:
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
