"""Who takes part in an action of a sentence: the names that can, who asks for it, who lets whom do it.

What each of them takes part as is told by type in core.events.roles; here it is decided which names are asked at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.core.events.askers import asked
from service.core.events.dealings import DEALINGS
from service.core.events.function_words import (
    VERB_LAST,
    headline_speaker,
    is_apart,
    is_bound_for,
    is_from,
    is_owner,
    is_placed,
    is_where_to,
    says_before,
    whose_forces,
)
from service.core.events.movers import as_of_civilians, ship_in
from service.core.events.roles import ASKABLE, roles_in
from service.core.events.sides import CLAUSE_ENDS, who_lets_whom
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import ActionClass, Role
from service.core.model.entity_types import PARTIES, PEOPLE, SITES

_VISITORS = frozenset({"delegation", "talks_noun", "president", "meet", "negotiate"})
_BY_THE_STATE = frozenset({"grant_asylum", "naturalise", "extradite", "prolong_asylum"})
_OF_WHOM = 4  # code points between "transfert" and whose it is
_OF_A_SUBJECT = frozenset({"refuse", "forbid", "propose"})
_OF_A_STATE = frozenset({"keep", "build_up", "reduce"})  # what nobody does by himself
# An open decision is told of those who speak themselves.
OF_WHO_SPEAKS = frozenset({"undecided"})


def taking_part(
    names: list[SpottedName], action: ActionClass, verb: WordHit, sentence: Sentence, speaker: str | None
) -> list[SpottedName]:
    """Return the names that can take part in an action: not labels, not subjects of other clauses, not who tells it."""
    direct = [n for n in names if n.oblique is None and not is_apart(n, verb, sentence)] or names
    if action.id == "visit":
        direct = _up_to_clause_end(direct, verb, sentence)
    if action.family == "violence":
        direct = [n for n in direct if n.entity != speaker or n.end <= verb.start]  # who tells of a blast behind it
    if action.id in OF_WHO_SPEAKS or action.family in DEALINGS:
        return direct  # "Lawsuit against Rollo: Voltege wants damages"
    others = [n for n in direct if n.entity != speaker]
    people = {n.entity for n in others if n.type in PEOPLE}
    told_by_form = headline_speaker(names, sentence) is not None
    sides = {n.entity for n in others if n.type in PARTIES}
    enough = bool(others) if told_by_form else len(people) > 1
    if action.family == "presence" and whose_forces(others, sentence) is not None:
        enough = True  # the troops', not the minister's who denies it
    if action.family == "talks":
        is_of_sides = bool(others) and not people
        enough = len(people) > 1 or (told_by_form and (len(sides) > 1 or is_of_sides))
    return others if enough else direct


def _up_to_clause_end(names: list[SpottedName], verb: WordHit, sentence: Sentence) -> list[SpottedName]:
    """Return the names before a clause ends after a verb: "visits Moscow, asks for Assad" visits nobody else."""
    found = CLAUSE_ENDS.search(sentence.text, verb.end - sentence.start)
    ends = [sentence.start + found.start()] if found else []
    if sentence.lang not in VERB_LAST:  # "in Moscow to ask for Assad"
        ends += [w.start for w in sentence.words if w.word_class == "demanded" and w.start >= verb.end]
    end = min(ends, default=sentence.end)
    return [n for n in names if n.start < end] if ends and any(n.start < end for n in names) else names


def _who_goes_where(
    action: ActionClass, actor: SpottedName | None, target: SpottedName | None, verb: WordHit, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return the parties of a flight: a country is its people, and where one flees from is no target."""
    if action.id == "flee" and target is not None and not is_where_to(target, verb, sentence):
        target = None
    is_rescued = target is not None and target.type == "person"
    return (None if actor is not None and actor.type == "country" and not is_rescued else actor), target


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part in an action, the action itself where they make it another, and who asks for it."""

    action: ActionClass
    actor: SpottedName | None
    target: SpottedName | None
    demanding: SpottedName | None = None


def parties_of(
    action: ActionClass,
    names: list[SpottedName],
    word: WordHit,
    sentence: Sentence,
    actions: Mapping[str, ActionClass],
    sides: Mapping[str, str],
    *,
    is_asked: bool,
    speaker: str | None = None,
) -> Parties:
    """Return who takes part in an action.

    Args:
        action: The action.
        names: The names that can take part.
        word: Its word in the sentence.
        sentence: The sentence.
        actions: Action classes by id.
        sides: Entity → the one whose side it takes.
        is_asked: Somebody asks for it.
        speaker: Who says it.
    """
    no_party = _of_no_party(action, names, word, sentence, actions, sides)
    if no_party is not None:
        return no_party
    action = _as_by_whom(action, names, word, sentence, actions)
    person = _who_is_moved(names, word) if action.id == "move" else None
    if person is not None:
        names = [person, *(n for n in names if n.type not in PEOPLE and n.entity not in sides.values())]
    demanding = None
    if is_asked and action.family in ASKABLE:
        actor, target, demanding = asked(action, names, word, sentence, sides, speaker)
    else:
        actor, target = roles_in(action, names, word, sentence, sides)
    actor = person or actor
    if actor is not None and actor.entity in sides and _has_forces_of_its_country(action, actor):
        actor = actor._replace(entity=sides[actor.entity], type="country")
    if action.id == "repurpose":
        target = target if target is not None and target.type in SITES and target.entity not in sides else None
        return Parties(action, None, target, demanding)  # who speaks of it is not who does it
    if action.family == "presence":
        leave = who_lets_whom(names, word, sentence, sides, demanding.entity if demanding else None)
        if leave is not None:
            lets, allowed = leave
            where = _stay([n for n in names if n is not demanding], lets, allowed, sides, word)
            return Parties(action, allowed, where, demanding)
    if action.id == "withdraw" and actor is not None and _can_flee(actor) and "flee" in actions:
        action = actions["flee"]  # people flee what troops withdraw from; the verb is often one
        actor, target = roles_in(action, names, word, sentence, sides)
    if action.id in _OF_A_SUBJECT and actor is not None and _is_of_somebody_else(names, word, sentence):
        actor = None
    if actor is not None and action.family == "refuge":
        actor = _government(actor, action, sides)  # what is told of "Moscow" elsewhere may well happen there
    if action.family == "flight":
        actor, target = _who_goes_where(action, actor, target, word, sentence)
    return Parties(action, actor, target, demanding)


def _can_flee(name: SpottedName) -> bool:
    """Say whether who leaves is a person, or a family that the story is about, and no forces."""
    return name.type == "person" or (name.type == "group" and name.role is Role.CORE)


def _government(name: SpottedName, action: ActionClass, sides: Mapping[str, str]) -> SpottedName:
    """Return the country for its capital, or for a body of its where the state acts: no office takes anybody in."""
    kinds = {"place", "organization"} if action.id in _BY_THE_STATE else {"place"}
    if name.type not in kinds or name.entity not in sides:
        return name
    return name._replace(entity=sides[name.entity], type="country")


def _as_by_whom(
    action: ActionClass, names: list[SpottedName], word: WordHit, sentence: Sentence, actions: Mapping[str, ActionClass]
) -> ActionClass:
    """Return the action that a word tells where who is named makes it another: "la Russie quitte la Syrie" withdraws."""
    if action.id == "visit" and _is_by_ship(names, sentence):
        return actions.get("move", action)
    if action.id == "meet" and _is_taken_in(names):
        return actions.get("grant_asylum", action)  # a country that receives who fled meets nobody
    if action.id == "deploy" and _is_sent_on(names, sentence):
        return actions.get("move", action)
    if action.id == "flee" and _is_of_a_country(names, word, sentence):
        return actions.get("withdraw", action)
    return action


def _is_sent_on(names: list[SpottedName], sentence: Sentence) -> bool:
    """Say whether forces come from one place and go to another: "from Khmeimim to Libya" deploys none to Khmeimim."""
    places = [n for n in names if n.type in {"country", "place", "facility"}]
    left = {n.entity for n in places if is_from(n, sentence)}
    return bool(left) and any(is_bound_for(n, sentence) and n.entity not in left for n in places)


def _has_forces_of_its_country(action: ActionClass, actor: SpottedName) -> bool:
    """Say whether forces told to be a ministry's, or their stay a president's, are his country's."""
    kinds = {"organization", "person"} if action.id in _OF_A_STATE else {"organization"}
    return action.family == "presence" and actor.type in kinds


def _is_taken_in(names: list[SpottedName]) -> bool:
    """Say whether only a country and the story's own person are named."""
    parties = [n for n in names if n.type in PARTIES]
    return {n.type for n in parties} == {"country", "person"} and all(
        n.role is Role.CORE for n in parties if n.type == "person"
    )


def _of_no_party(
    action: ActionClass,
    names: list[SpottedName],
    word: WordHit,
    sentence: Sentence,
    actions: Mapping[str, ActionClass],
    sides: Mapping[str, str],
) -> Parties | None:
    """Return who takes part where civilians or a ship by its name come, go or stay; None of anybody else."""
    crowd = as_of_civilians(action, names, word, sentence, actions)
    if crowd is not None:
        _, where = roles_in(crowd, names, word, sentence, sides)
        return Parties(crowd, None, where if crowd.id == "shelter" else None)
    ship = ship_in(action, names, word, sentence)
    if ship is None:
        return None
    action = actions.get({"visit": "move", "flee": "withdraw"}.get(action.id, action.id), action)
    places = [
        n for n in names if n.type in {"place", "facility"} or (n.type == "country" and not is_owner(n, sentence))
    ]
    _, where = roles_in(action, places, word, sentence, sides)
    where = where or next(iter(places), None)
    return Parties(action, ship, where)


def _is_of_somebody_else(names: list[SpottedName], word: WordHit, sentence: Sentence) -> bool:
    """Say whether a verb has a subject that the story does not know: "Interpol rejects Syria's request"."""
    return says_before(word.start, sentence) and all(n.start > word.start for n in names)


def _is_of_a_country(names: list[SpottedName], word: WordHit, sentence: Sentence) -> bool:
    """Say whether a country stands right before a verb of leaving, and no person could be its subject."""
    if any(n.type == "person" and word.start <= n.start < word.end for n in sentence.names):
        return False  # "persuades Assad to leave"
    subject = next((n for n in names if 0 <= word.start - n.end <= 1), None)
    return subject is not None and subject.type == "country" and not is_placed(subject, sentence)


def _who_is_moved(names: list[SpottedName], word: WordHit) -> SpottedName | None:
    """Return the person right behind a word of moving: of "transfert d'Assad" no forces move."""
    return next((n for n in names if n.type == "person" and 0 <= n.start - word.end <= _OF_WHOM), None)


def _is_by_ship(names: list[SpottedName], sentence: Sentence) -> bool:
    """Say whether it is a ship that comes, and nobody on a visit."""
    said = sentence.classes()
    return "warship" in said and said.isdisjoint(_VISITORS) and not any(n.type == "person" for n in names)


def _stay(
    names: list[SpottedName], lets: SpottedName, allowed: SpottedName, sides: Mapping[str, str], verb: WordHit
) -> SpottedName | None:
    """Return where one lets another stay: at the nearest site or town, in another country that is named, or its own."""
    others = [n for n in names if n.entity not in {lets.entity, allowed.entity} and n.entity not in sides]
    for kinds in (frozenset({"facility", "place"}), frozenset({"country"})):
        # of a site and the town in its name, which begin at nearly the same place, the site is meant
        fitting = [n for n in others if n.type in kinds]
        sites = [n for n in fitting if not any(_is_part_of(n, other) for other in fitting)]
        if sites:
            return min(sites, key=lambda n: abs(n.start - verb.start))
    return lets if lets.type == "country" else None


def _is_part_of(name: SpottedName, other: SpottedName) -> bool:
    is_inside = other.start <= name.start and name.end <= other.end
    return is_inside and other.end - other.start > name.end - name.start
