"""The facts that a draft begins with: lines of our own for what an article says happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.core.deltas.wording import event_phrase
from service.core.drafting.proposal import SETTINGS, DraftEntity, DraftFact
from service.core.drafting.topics import FOLLOWS, OF_PEOPLE, SPEECH_FAMILY, as_done, is_open, is_whole
from service.core.model import ActionClass, Event, Role

MOST_FACTS = 6
_TELLING = frozenset({Role.CORE, Role.CONTEXT})


def facts_of(
    happened: Sequence[Event], entities: Sequence[DraftEntity], actions: Mapping[str, ActionClass]
) -> tuple[DraftFact, ...]:
    """Return one fact per event that names who or what; the first telling of it counts."""
    names = {entity.id: entity.names[0] for entity in entities}
    roles = {entity.id: entity.role for entity in entities}
    places = {entity.id for entity in entities if entity.type in SETTINGS}
    settings = {entity.id for entity in entities if entity.type in {"place", "facility", "vessel"}}  # they do nothing
    facts: list[DraftFact] = []
    done: list[tuple[str, set[str]]] = []
    ids: set[str] = set()
    people = {entity.id for entity in entities if entity.type == "person"}
    for event in happened:
        action = actions[event.action]
        parties = {each for each in (event.actor, event.target) if each is not None}
        if action.family == SPEECH_FAMILY or not any(roles.get(each) in _TELLING for each in parties):
            continue
        if event.actor == event.target or event.actor in settings or not is_whole(event, action):
            continue
        if event.target in places and action.family in OF_PEOPLE and event.quantity is None:
            continue  # where it happened is nobody whom it happened to
        if (event.modality == "denied" or event.negated) and len(parties) == 1:  # "he is charged and denies it": he is
            continue
        if (event.negated and event.speaker == event.actor) or (action.family == "presence" and event.actor in people):
            continue  # who says that nothing happened mostly does not say it of himself; one man moves no forces
        if any(event.action == known and parties & others for known, others in done) or len(facts) >= MOST_FACTS:
            continue  # two of one act are one
        done.append((event.action, parties))
        undoing = {each.id for each in actions.values() if action.id in each.opposes and not each.derived_from}
        opposing = tuple(sorted((action.opposes | undoing) & actions.keys()))
        undone = replace(event, action=opposing[0], negated=False) if opposing else None
        facts.append(
            DraftFact(
                id=_unlike(f"{event.action.replace('_', '-')}-{event.target or event.actor}"[:60].strip("-"), ids),
                statement=_sentence(event_phrase(event, actions, names, (), settings)),
                event=event,
                speaker=names.get(event.speaker or "") if event.speaker not in {event.actor, event.target} else None,
                opposite=_sentence(event_phrase(undone, actions, names)) if undone else None,
                opposing=opposing,
                done=_sentence(event_phrase(as_done(event), actions, names, (), settings)) if is_open(event) else None,
                following=tuple(each for each in FOLLOWS.get(event.action, ()) if each in actions),
            )
        )
    return tuple(facts)


def _unlike(base: str, taken: set[str]) -> str:
    """Return an id that is not taken, numbered where it must be, and take it: two may do the same to one."""
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found)
    return found


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:] + "."
