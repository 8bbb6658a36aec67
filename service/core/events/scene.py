"""What a sentence says of an event beside its parties: what is moved, and at what kind of place.

"Russia withdraws from Syria" says too much where equipment leaves one base. A delta's line therefore names the thing
and the kind of site that stand beside the action, where the lexicon has a concept for them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from service.core.events.askers import not_asked_for
from service.core.events.function_words import (
    is_bound_for,
    is_from,
    is_located,
    is_owner,
    is_placed,
    is_site_owner,
    whose_things,
)
from service.core.events.mediation import between_whom
from service.core.events.sides import asks_for_it, who_lets_whom, whose_people
from service.core.events.silence import unsaid
from service.core.events.speakers import parties_named, speaker_of
from service.core.events.talks import subject_of, topic_of
from service.core.language.money import CURRENCIES
from service.core.matching.reading import Reading, Sentence, SpottedName
from service.core.model import ActionClass, Event, Role

# Concept → how an English line names it; the first that is named counts.
_THINGS = {
    "equipment": "equipment",
    "warship": "ships",
    "aircraft": "aircraft",
    "convoy": "vehicles",
    "troops": "troops",
}
_WRECKED = ("warship", "aircraft", "convoy")  # what can have an accident of its own
_SITES = {"base": "base", "airport": "airport", "port": "port"}
_SITED = frozenset({"presence", "flight", "violence"})
_ON_A_TOPIC = frozenset({"talks", "mediation", "terms"})
_OFFERS = frozenset({"propose", "planned"})
_AGREED_ON = frozenset({"presence", "expulsion"})
_DENIED = frozenset({"deny", "denied", "negation"})
_OF_COURTS = frozenset({"charge", "try", "sentence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What surrounds an event; empty where nothing is known.

    Attributes:
        things: What is moved, such as "equipment".
        site: The kind of place, such as "base".
        owner: Entity whose site it is, where that is not who acts.
        country: Entity of the country it lies in.
        bound_for: Entity of the country or place where what is moved goes.
        refuses: The action that is refused.
        is_goal: The target is where what is moved goes.
        is_left: The target is where it comes from.
        is_delegation: A country visits by a delegation.
        is_leaving: Somebody goes, and nothing says that he flees.
        is_reduced: What stays is less than it was.
        is_person: Who acts is a person: he stays, and keeps no forces.
        lets: Entity that allows who acts to do it.
        keeps_bases: What is kept, or barred, is bases, not only forces.
        people_of: Entity whose people it is told of, with "relative" or "circle".
        is_town: What it is done to is a town: forces stay in it, nobody keeps it.
        is_unnamed: It rests on people who give no name.
        is_there: The place is said to be where it happens, not what it is about.
        at_request: Entity at whose request it is done.
        about: What is talked about, or what somebody says nothing on, as (action, entity).
        about_things: What of that entity is talked about, such as "bases".
        between: The two between whom somebody mediates.
        is_offer: It is only offered.
        when: When it is to happen, in words, as "on 15 October".
        is_ship: Who acts is a ship by its name.
        treaty: The kind of place that a treaty is about.
        crowd: Who acts where nobody is named: "Civilians".
        over: The site or town that a treaty or a payment is about.
        how: How a court deals with somebody, with a space before it: " to death in absentia".
        is_counterpart: A country stands for somebody's counterpart there.
        unasked: What it is said that nobody asks another to do.
        told_by: Entity that tells what another wants, and whether it stands by that with its name.
    """

    things: str = ""
    site: str = ""
    owner: str | None = None
    country: str | None = None
    bound_for: str | None = None
    refuses: str | None = None
    is_person: bool = False
    is_reduced: bool = False
    is_leaving: bool = False
    is_goal: bool = False
    is_left: bool = False
    is_delegation: bool = False
    lets: str | None = None
    keeps_bases: bool = False
    people_of: tuple[str, str] | None = None
    is_town: bool = False
    is_unnamed: bool = False
    is_there: bool = False
    at_request: str | None = None
    about: tuple[str | None, str | None] = (None, None)
    about_things: str = ""
    between: tuple[str, str] | None = None
    is_offer: bool = False
    when: str = ""
    is_ship: bool = False
    crowd: str = ""
    treaty: str = ""
    over: str | None = None
    how: str = ""
    is_counterpart: bool = False
    unasked: Event | None = None
    told_by: tuple[str, bool] | None = None


def scene_of(
    reading: Reading,
    event: Event | None,
    actions: Mapping[str, ActionClass],
    countries: Collection[str],
    sides: Mapping[str, str] = MappingProxyType({}),
) -> Scene:
    """Return the scene of an event, from the sentence it was read in.

    Args:
        reading: The entry as the story reads it.
        event: What is told.
        actions: Action classes by id.
        countries: Which entities are countries.
        sides: Entity → the one whose side it takes.
    """
    sentence = next(
        (
            s
            for s in reading.sentences
            if event and event.span and (s.field, s.start) == (event.span.field, event.span.start)
        ),
        None,
    )
    action = actions.get(event.action) if event else None
    if event is None or action is None or sentence is None:
        return Scene()
    said = {word.word_class for word in sentence.words if not word.background}
    kinds = _WRECKED if action.family == "accidents" else _THINGS
    things = next((_THINGS[concept] for concept in kinds if concept in said), "")
    things = things or ("money" if event.quantity and event.quantity.split()[-1] in CURRENCIES else "")
    site = next((name for concept, name in _SITES.items() if concept in said), "")
    is_person = any(n.entity == event.actor and n.type == "person" for n in sentence.names)
    in_country = event.target is None or event.target in countries
    asks = next((sides.get(n.entity, n.entity) for n in sentence.names if asks_for_it(n, sentence)), None)
    told = Scene(
        things=things,
        is_person=is_person,
        is_ship=any(n.entity == event.actor and n.type == "vessel" for n in sentence.names),
        is_counterpart=event.target in countries and "counterpart" in said,
        crowd="Civilians" if "civilians" in said else "",
        treaty=site if action.family == "talks" and "lease" in said else "",
        over=_site_named(sentence, sides) if action.family == "talks" or action.id == "pay" else None,
        is_goal=action.carries is not None and _stands(event.target, sentence, is_bound_for),
        is_left=action.carries is not None and _stands(event.target, sentence, is_from),
        is_delegation=action.id == "visit" and event.actor in countries and "delegation" in said,
        is_leaving=action.id == "flee" and (asks is not None or "flee" not in said),
        is_reduced=action.id == "keep" and "reduce" in said,
        bound_for=_bound_for(event, action, sentence, countries, sides),
        refuses=_refused(sentence, actions) if action.id == "refuse" else None,
        country=_other_country(event, sentence, countries) if action.whose else None,
        lets=_who_lets(event, action, sentence, sides),
        keeps_bases="base" in said and (action.id == "keep" or _stands(event.target, sentence, is_site_owner)),
        people_of=_people_of(sentence),
        is_town=any(n.entity == event.target and n.type == "place" for n in sentence.names),
        is_unnamed="anonymous" in said,
        is_there=_stands(event.place, sentence, is_placed),
        is_offer=bool(_OFFERS & said),
        at_request=asks,
        how=_how(action, said),
        unasked=not_asked_for(event, sentence, actions, sides) if action.id == "demand" and event.negated else None,
        told_by=_who_tells(event, sentence),
    )
    told = _with_topic(told, event, action, sentence, actions, sides)
    passes = action.family == "flight" and event.actor is not None  # a base he leaves through is not where he goes
    if action.family not in _SITED or not site or not in_country or passes:
        return told
    names = [n for n in sentence.names if n.entity in countries and n.role is not Role.BACKGROUND]
    owners = [n.entity for n in names if is_owner(n, sentence)]
    free = [n for n in names if n.entity not in owners and n.entity != event.actor]
    if not owners and len(free) > 1:  # "базы России в Сирии"
        owners = [n.entity for n in free if _is_behind_site(n, sentence) and not is_placed(n, sentence)]
    country = event.target or next((n.entity for n in free if n.entity not in owners), None)
    owner = next((entity for entity in owners if entity not in {event.actor, country}), None)
    if country is None and owner is None:
        return told
    return replace(told, site=site, owner=owner, country=country)


def _is_behind_site(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands right behind the word for a kind of place."""
    return any(word.word_class in _SITES and 0 <= name.start - word.end <= 1 for word in sentence.words)


def _with_topic(
    scene: Scene,
    event: Event,
    action: ActionClass,
    sentence: Sentence,
    actions: Mapping[str, ActionClass],
    sides: Mapping[str, str],
) -> Scene:
    """Return a scene with what is talked about, and between whom."""
    if action.family == "statements" and event.negated:
        return replace(scene, about=unsaid(sentence, event.actor, actions))
    if action.family not in _ON_A_TOPIC:
        return scene
    if action.id == "agree" and (agreed := _agreed(sentence, actions, sides)) is not None:
        done, site = agreed
        owner = next((n.entity for n in sentence.names if whose_things(n, sentence)), None) if site is None else None
        return replace(scene, about=(done, site or owner), about_things="bases" if owner else "")
    pair = between_whom(sentence, sides) if action.family == "mediation" else None
    topic = topic_of(sentence, actions)
    act, name = subject_of(topic, sentence, actions) if topic else (None, None)
    things = whose_things(name, sentence) if name and act is None else ""
    if name and act is None and not things and name.type == "country":
        parties = {event.actor, event.target, *(n.entity for n in pair or ())} - {None}
        name = None if name.entity in {sides.get(p, p) for p in parties if p} else name  # nobody talks about himself
    return replace(
        scene,
        about=(act, name.entity if name else None),
        about_things=things,
        between=(pair[0].entity, pair[1].entity) if pair else None,
    )


def _who_tells(event: Event, sentence: Sentence) -> tuple[str, bool] | None:
    """Return who tells of a demand that another makes: "Lavrov says Syria wants the bases to stay"."""
    entity, on_record = speaker_of(sentence, parties_named(sentence)) if event.speaker else (None, False)
    is_other = entity is not None and entity not in {event.speaker, event.actor, event.target}
    return (entity, on_record) if entity and is_other else None


def _agreed(
    sentence: Sentence, actions: Mapping[str, ActionClass], sides: Mapping[str, str]
) -> tuple[str, str | None] | None:
    """Return what is agreed on as (action, site), where the sentence tells one thing to do: "agree to halve the troops"."""
    words = [w for w in sentence.words if w.word_class in actions and not w.background]
    own = [(w.start, w.end) for w in words if w.word_class == "agree"]
    acts = {
        w.word_class
        for w in words
        if actions[w.word_class].family in _AGREED_ON and not any(s <= w.start and w.end <= e for s, e in own)
    }
    return (acts.pop(), _site_named(sentence, sides)) if len(acts) == 1 else None


def _how(action: ActionClass, said: Collection[str]) -> str:
    if action.id == "forbid" and ("withdraw" in said or "flee" in said):
        return " from leaving"
    if action.id in {"fall_ill", "be_well"} and "poison" in said and _DENIED.isdisjoint(said):
        return " after an attempt to poison him" if "attempted" in said else " after a poisoning"
    if action.id not in _OF_COURTS:
        return ""
    to_death = " to death" if action.id == "sentence" and "death_penalty" in said else ""
    return f"{to_death} in absentia" if "absentia" in said else to_death


def _who_lets(event: Event, action: ActionClass, sentence: Sentence, sides: Mapping[str, str]) -> str | None:
    """Return who lets the actor do what is told, where the sentence says so."""
    word = next((w for w in sentence.words if w.word_class == event.action), None)
    if word is None or action.family != "presence":
        return None
    asks = event.speaker if event.modality == "demanded" else None
    names = [n for n in sentence.names if n.role is not Role.PUBLISHER and n.oblique is None]
    found = who_lets_whom(names, word, sentence, sides, asks)
    return found[0].entity if found is not None and found[1].entity == event.actor else None


def _site_named(sentence: Sentence, sides: Mapping[str, str]) -> str | None:
    """Return the first site or town that a sentence names; a capital stands for its government."""
    named = (n for n in sentence.names if n.type in {"facility", "place"} and n.entity not in sides and not n.oblique)
    return next((n.entity for n in named), None)


def _people_of(sentence: Sentence) -> tuple[str, str] | None:
    found = ((name.entity, whose_people(name, sentence)) for name in sentence.names)
    return next(((entity, people) for entity, people in found if people is not None), None)


def _stands(entity: str | None, sentence: Sentence, how: Callable[[SpottedName, Sentence], bool]) -> bool:
    return any(name.entity == entity and how(name, sentence) for name in sentence.names)


def _destination(event: Event, sentence: Sentence) -> str | None:
    """Return where what is moved goes, where that is neither who moves it nor where from."""
    here = {event.actor, event.target, event.place}
    spans = [(n.start, n.end) for n in sentence.names if n.entity in here]
    names = (
        n
        for n in sentence.names
        if n.entity not in here
        and n.type in {"country", "place", "facility"}
        and not any(start <= n.start and n.end <= end for start, end in spans)  # "Tartus naval base"
    )
    bound = (n for n in names if is_bound_for(n, sentence))
    return next((n.entity for n in bound), None)


def _bound_for(
    event: Event, action: ActionClass, sentence: Sentence, countries: Collection[str], sides: Mapping[str, str]
) -> str | None:
    """Return where what is moved goes, or to which country a base is handed over."""
    if action.id == "cede":
        giver = sides.get(event.actor or "", event.actor)
        free = (n.entity for n in sentence.names if not is_located(n, sentence) or is_bound_for(n, sentence))
        return next((e for e in free if e in countries and e not in {giver, event.target}), None)
    return _destination(event, sentence) if action.carries and action.noun_with != "to" else None


def _refused(sentence: Sentence, actions: Mapping[str, ActionClass]) -> str | None:
    said = (actions[word.word_class] for word in sentence.words if word.word_class in actions)
    return next((a.id for a in said if a.id != "refuse" and a.family not in {"statements", "talks"}), None)


def _other_country(event: Event, sentence: Sentence, countries: Collection[str]) -> str | None:
    parties = {event.actor, event.target, event.speaker if event.modality == "demanded" else None}
    others = (n.entity for n in sentence.names if n.entity in countries and n.entity not in parties)
    return next(others, None)
