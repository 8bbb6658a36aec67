"""The one English line of a delta, made from its event and its facts, never from another's words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from service.core.deltas.crowds import crowd_phrase, over, ship_verb
from service.core.deltas.notes import notes_on, says_less
from service.core.deltas.report_topics import ON_CONDITION
from service.core.deltas.set_lines import MEDIATION, TERMS, mediation, no_condition, not_asked
from service.core.deltas.verbs import as_meant, attempt, infinitive, refusal
from service.core.events.scene import Scene
from service.core.model import ActionClass, Change, DeltaType, Event

_BEFALLS = frozenset({"health", "justice", "refuge", "family"})
_MEASURES = "measures"
_MET = frozenset({"meet", "call", "negotiate"})  # persons do, with persons
_BETWEEN_TWO = frozenset({"talks"})
_HAS_SUBJECT = _BETWEEN_TWO | {"statements", MEDIATION, TERMS}
_OF_TREATIES = frozenset({"agree", "extend", "terminate", "honour", "reexamine"})
_OF_AN_AGREEMENT = frozenset({"extend", "terminate"})
_ONE = {"ships": "a ship", "aircraft": "an aircraft", "vehicles": "a vehicle"}
_LAST_NAME = re.compile(r"\w+$")
_ENDS_IN_PLACE = re.compile(r" (?:in|at|from|to)$")
_PREPOSITION = re.compile(r" (?:from|to|on|over|at|for|of|with)$")
NO_SCENE = Scene()
_OF_OFFICES = frozenset({"justice", "office", "health"})  # what happens to people at a firm, or in a town
# What is done to parties; where it happens suffers nothing.
_TO_PARTIES = frozenset({"justice", "office", "lawsuit", "penalty", "business", "insolvency", "answer", "schemes"})
_NOTE = " \N{EM DASH} "
_TYPE_WORDS = {
    DeltaType.RETRACTION: "Withdrawn",
    DeltaType.CORRECTION: "Corrected",
}


def _named(action: ActionClass, target: str, *, in_country: bool) -> str:
    """Return an action as a noun with what it is done to: "withdrawal from Syria", "attack on Khmeimim Air Base"."""
    if not target:
        return action.noun
    inside = in_country and (action.noun_with == "at" or (action.in_country or "").endswith(" in"))
    if action.noun_with == "from":
        inside = False
    return f"{action.noun} {'in' if inside else action.noun_with} {target}"


def _counts_dead(event: Event) -> bool:
    return event.quantity is not None and event.quantity.endswith(" killed") and not event.negated


def _noun(
    event: Event, action: ActionClass, target: str, scene: Scene, places: Collection[str], *, in_country: bool
) -> str:
    if event.target is None and event.actor is None and action.family in _OF_OFFICES:
        action = replace(action, noun_with="in" if event.place in places else "at")  # "arrest at Nordhanse Bank"
    if action.id == "kill" and not event.actor and _counts_dead(event):
        is_there = target and event.target in {None, *places}
        return f"{event.quantity} {'in' if in_country else 'at'} {target}" if is_there else event.quantity or ""
    if action.noun_with == "with" and event.target is None:  # nobody talks with a base
        action = replace(action, noun_with="in" if scene.is_there else "over")
    if action.family == "accidents" and event.target is None and scene.things in _ONE:
        where = f" {'in' if in_country else 'at'} {target}" if target else ""
        return f"{'accident' if scene.things == 'aircraft' else action.noun} of {_ONE[scene.things]}{where}"
    return _named(action, target, in_country=in_country)


def _site(scene: Scene, names: Mapping[str, str]) -> str:
    """Return a kind of place as a name: "Russia's base in Syria", "a port in Syria"."""
    if not scene.site:
        return ""
    article = "an" if scene.site[0] in "aeiou" else "a"
    owner = names.get(scene.owner or "", "")
    of_whom = f"{owner}'s {scene.site}" if owner else f"{article} {scene.site}"
    country = names.get(scene.country or "", "")
    return f"{of_whom} in {country}" if country else of_whom


def _of(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _call(event: Event, noun: str, names: Mapping[str, str]) -> str:
    """Return a demand with who makes it and who is to act, as far as they are known."""
    who, doer = names.get(event.speaker or "", ""), names.get(event.actor or "", "")
    is_other = event.actor not in {event.speaker, event.target, event.place} and not (who and doer.startswith(who))
    what = f"{_of(doer)} {noun}" if doer and is_other else noun
    if event.speaker is not None and event.speaker == event.target and not event.negated:
        return f"{who} asks {f'{doer} ' if doer and doer != who else ''}for {noun.removesuffix(f' for {who}')}"
    call = f"{who} calls" if who else "Call"
    return f"{call} {'against' if event.negated else 'for'} {what}"


def _verb(action: ActionClass, scene: Scene, *, in_country: bool, is_site: bool, negated: bool) -> str:
    """Return what an actor does, up to what it is done to: "withdraws equipment from", "keeps its forces in"."""
    if action.id == "keep" and scene.is_town and not scene.is_reduced:
        return "stays in"
    sails = ship_verb(action.id, is_goal=scene.is_goal) if scene.is_ship else None
    if sails is not None:
        return sails
    if scene.is_reduced:
        return f"keeps a reduced presence {'in' if in_country and not is_site else 'at'}"
    if scene.is_person and action.id == "move" and not (scene.things or scene.bound_for):
        return "leaves" if scene.is_left else "travels to"
    if action.carries and (scene.things or scene.bound_for or scene.is_goal or (in_country and not negated)):
        join = "in" if in_country and not is_site and action.noun_with == "at" else action.noun_with
        if (scene.bound_for or scene.is_left) and action.noun_with != "to":
            join = "from"
        elif scene.is_goal and action.noun_with == "at":
            join = "to"
        return f"{action.carries} {scene.things or 'forces'} {join}"
    return action.in_country if in_country and action.in_country and not is_site else action.active


def event_phrase(
    event: Event,
    actions: Mapping[str, ActionClass],
    names: Mapping[str, str],
    countries: Collection[str] = (),
    places: Collection[str] = (),
    scene: Scene = NO_SCENE,
) -> str:
    """Return an event as an English clause, such as "Russia withdraws from Qamishli".

    Args:
        event: The event.
        actions: Action classes by id.
        names: Entity id → English display name.
        countries: Those entities that are countries: forces are kept in one, a base is kept.
        places: Those entities that are places of any kind: nobody kills a base, people are killed there.
        scene: What is moved, and at what kind of place.
    """
    action = actions.get(event.action)
    if action is None:
        return event.action.replace("_", " ")
    has_subject = action.family in _HAS_SUBJECT
    about = _about(scene, actions, names) if has_subject else ""
    if action.family == TERMS:
        return no_condition(about)
    if scene.unasked is not None:
        asked = event_phrase(scene.unasked, actions, names, countries, places)
        return not_asked(event, asked, names, scene.unasked.actor)
    if action.id == "negotiate" and event.negated and about and not (event.actor and event.target):
        return f"No talks on {about}"
    if action.id == "negotiate" and event.negated and about:
        return f"{names[event.actor or '']} does not discuss {about} with {names[event.target or '']}"
    if action.id == "agree" and _is_no_agreement(event):
        return f"No agreement{over(names, scene)}"
    told = _phrase(event, action, actions, names, countries, places, scene) + scene.how
    asks = names.get(scene.at_request or "", "")
    if about:
        told += f"{' for talks' if action.id == 'visit' else ''} on {about}"
    elif action.id == "pay" and (site := names.get(scene.over or "", "")) not in told:
        told += f" over {site}"
    return f"{told} at {_of(asks)} request" if asks else told


def _is_no_agreement(event: Event) -> bool:
    """Say whether somebody says that there is no agreement, rather than that he does not agree with another."""
    is_told = event.actor is None or event.actor == event.speaker
    return is_told and event.target is None and event.negated and event.modality in {"reported", "confirmed"}


def _about(scene: Scene, actions: Mapping[str, ActionClass], names: Mapping[str, str]) -> str:
    """Return what is talked about, as "the handover of Assad"."""
    act, entity = scene.about
    name = names.get(entity or "", "")
    name = f"{_of(name)} {scene.about_things}" if name and scene.about_things else name
    if act in _OF_AN_AGREEMENT:
        return f"the {actions[act].noun} of an agreement{f' over {name}' if name else ''}"
    return f"the {_named(actions[act], name, in_country=False)}" if act else name


def _phrase(
    event: Event,
    action: ActionClass,
    actions: Mapping[str, ActionClass],
    names: Mapping[str, str],
    countries: Collection[str],
    places: Collection[str],
    scene: Scene,
) -> str:
    actor = _doer(event, names, scene)
    if action.family == MEDIATION:
        return mediation(event, actor, names, scene)
    people = _people(scene, names)
    befallen = _befallen(event, action, people)
    if befallen:
        return befallen
    actor = actor or people
    action = replace(action, active="leaves for", noun="departure") if scene.is_leaving else action
    alone = action.alone or _PREPOSITION.sub("", action.active)  # without its object: "Russia withdraws"
    if action.family == "statements" and not event.target:
        alone = "confirms reports" if action.id == "confirm" and event.negated else alone
        return as_meant(event, actor, alone) if actor else capital(action.noun)
    fled = action.id == "flee" and event.target is None and event.place != event.actor  # where to would be its target
    left = names.get(event.place or "", "") if fled else ""
    alone = f"{'leaves' if scene.is_leaving else f'{alone} from'} {left}" if left else alone
    done_to = event.target or (None if fled or (actor and action.family in _TO_PARTIES) else event.place)
    if action.family in _BETWEEN_TWO and done_to is not None and done_to in {event.actor, scene.about[1]}:
        done_to = None  # nobody talks with what he talks about
    if event.target is None and done_to in {event.actor, scene.lets}:
        done_to = None  # nobody meets himself, and nothing happens in itself
    site = _site(scene, names) if action.in_country is None or action.carries or not actor else ""
    target = site or names.get(done_to or "", "")
    target = f"a counterpart from {target}" if scene.is_counterpart and action.id in _MET else target
    in_country = done_to in countries or (bool(scene.country) and not done_to)
    is_of_bases = action.family == "expulsion" or (action.id == "forbid" and scene.keeps_bases)
    things = "bases" if is_of_bases else scene.things
    if action.whose and things and done_to in countries:
        where = names.get(scene.country or "", "")
        target = f"{_of(target)} {things}" + (f" in {where}" if where else "")
        action = replace(action, passive=action.passive and action.passive.replace("is ", "are ", 1))
        in_country = False
    noun = _noun(event, action, target, scene, places, in_country=in_country and not site)
    lets = names.get(scene.lets or "", "")
    if lets and actor:
        return _as_let(event, lets, actor, _what_is_let(action, scene, target, in_country=in_country), names)
    if event.modality == "demanded" and action.derived_from is None:  # who is to do it is often not who asks
        return _call(event, noun, names)
    refused = actions.get(scene.refuses or "")
    if refused is not None and target and not event.negated:
        return refusal(actor, refused, target)
    if target and (actor or event.modality == "attempted"):
        verb = _verb(action, scene, in_country=in_country, is_site=bool(site), negated=event.negated)
        going = names.get(scene.bound_for or "", "")
        told = _of_both(event, action, actor, f"{target} to {going}" if going else target, alone, verb, scene)
        is_about = action.id in _OF_TREATIES and event.target is not None and scene.about == NO_SCENE.about
        return f"{told}{over(names, scene)}" if is_about else told
    if actor:
        moves = f"{action.carries} {scene.things}" if action.carries and scene.things else alone
        return as_meant(event, actor, moves)
    is_scene = (action.id == "kill" and done_to in places) or bool(site)
    if target and action.passive and not (event.target is None or in_country or is_scene):
        return as_meant(event, target, action.passive)
    join = "from" if action.noun_with == "from" else "with" if in_country and not site else "at"
    where = f"{join} {target}" if target else ""
    return crowd_phrase(event, scene.crowd, where, left) or _as_noun(event, noun)


def _befallen(event: Event, action: ActionClass, people: str) -> str:
    """Return what happens to somebody's people, where it is told of them: nothing where they may be who acts."""
    if not people:
        return ""
    if action.family == _MEASURES and event.actor is None and event.target in {None, event.place}:
        return _as_noun(event, _named(action, people, in_country=False))
    if action.family not in _BEFALLS or event.target is not None:
        return ""
    return as_meant(event, people, action.passive) if action.passive else f"{capital(action.noun)} of {people}"


def _as_noun(event: Event, noun: str) -> str:
    """Return what happens where nobody is known to do it."""
    if event.modality == "possible" and not event.negated:
        return f"Possible {noun}"
    if not event.negated or event.modality == "denied":  # one negation is enough
        return capital(noun)
    return f"No {noun}{' planned' if event.modality == 'planned' else ''}"


def _what_is_let(action: ActionClass, scene: Scene, target: str, *, in_country: bool) -> str:
    """Return what somebody is let do, in the infinitive: "keep its bases"; where, only if it is a place of its own."""
    if scene.keeps_bases and (in_country or not target):
        return "keep its bases"
    if in_country or not target:
        return infinitive(_ENDS_IN_PLACE.sub("", action.in_country or action.alone or action.active))
    return f"{infinitive(_verb(action, scene, in_country=False, is_site=False, negated=False))} {target}"


def _as_let(event: Event, lets: str, actor: str, what: str, names: Mapping[str, str]) -> str:
    """Return who lets whom do what, or is asked to."""
    if event.modality == "demanded":
        who = names.get(event.speaker or "", "")
        asks = f"{who} asks {lets}" if who and who != lets else f"{lets} is asked"
        return f"{asks} {'not ' if event.negated else ''}to let {actor} {what}"
    return as_meant(event, lets, f"lets {actor} {what}")


def _people(scene: Scene, names: Mapping[str, str]) -> str:
    if scene.people_of is None:
        return ""
    entity, kind = scene.people_of
    return f"{'a relative of' if kind == 'relative' else 'somebody close to'} {names[entity]}"


def _doer(event: Event, names: Mapping[str, str], scene: Scene) -> str:
    actor = names.get(event.actor or "", "")
    return f"a delegation from {actor}" if scene.is_delegation else actor


def _of_both(event: Event, action: ActionClass, actor: str, target: str, alone: str, verb: str, scene: Scene) -> str:
    """Return what somebody does to somebody or somewhere, who are both named."""
    if event.modality == "attempted":
        return attempt(actor, verb, target)
    if event.target is None and action.family in _BETWEEN_TWO and action.id != "visit":
        join = "over" if action.id in _OF_TREATIES else "in"  # they talk there, not with it
        return f"{as_meant(event, actor, alone)} {join} {target}"
    if event.negated and action.undone and event.modality in {"reported", "confirmed"}:
        return f"{actor} {action.undone} {target}"
    if scene.is_person and action.family == "presence" and action.alone:
        return as_meant(event, actor, f"{alone} in {target}")
    return as_meant(event, actor, f"{verb} {target}")


def delta_line(
    kind: DeltaType,
    event: Event | None,
    changes: tuple[Change, ...],
    actions: Mapping[str, ActionClass],
    names: Mapping[str, str],
    subject: str,
    countries: Collection[str] = (),
    places: Collection[str] = (),
    scene: Scene = NO_SCENE,
    instead: str = "",
    condition: str = "",
    about: str = "",
) -> str:
    """Return the line of a delta.

    Args:
        kind: The delta's type.
        event: Its main event, if one was read.
        changes: What happens to facts.
        actions: Action classes by id.
        names: Entity id → English display name.
        subject: What to name where an event names nobody ("Russia's bases in Syria"); without an event, all it says.
        countries: Which entities are countries.
        places: Which are places of any kind.
        scene: What is moved, and at what kind of place.
        instead: What to say in place of the event.
        condition: What it all hangs on, as a clause.
        about: Whom the report names, where the event names nobody.
    """
    if condition:
        subject = subject.removesuffix(ON_CONDITION)  # the line says on which
    clause = event_phrase(event, actions, names, countries, places, scene) if event else subject
    family = actions[event.action].family if event and event.action in actions else ""
    is_speech = event is not None and (
        (family == "statements" and not (event.actor and event.target))
        or (event.action == "propose" and event.actor is not None)
    )
    is_on = (is_speech or clause == "No agreement") and scene.about == NO_SCENE.about and scene.unasked is None
    if is_on:
        clause += f" on {subject}"
    elif (
        event
        and event.actor
        and event.action == "negotiate"
        and not event.target
        and event.place in {None, event.actor}
        and scene.about == NO_SCENE.about
    ):
        clause += f" over {subject}"
    elif event and not (event.actor or event.target or event.place or scene.site) and event.action in actions:
        clause = f"{about or subject}: {clause[0].lower()}{clause[1:]}"
    clause += f" {scene.when}" if scene.when else ""
    if event and event.quantity and not event.negated and event.quantity not in clause:
        clause += f", {event.quantity}"
    clause += f", {condition}" if condition else ""
    notes = notes_on(event, clause, names, is_unnamed=scene.is_unnamed, told_by=scene.told_by) if event else []
    told = next((c.after for c in changes if c.stance in {"confirms", "contradicts"}), "")
    if instead or (told and event and says_less(event, family, changes)):
        clause = (instead or told).rstrip(".")  # what is said of the fact says more than that somebody spoke
        if event and family == "refuge" and not (event.speaker or event.actor in countries or scene.is_unnamed):
            notes = notes_on(replace(event, speaker=event.actor, on_record=True), clause, names, is_unnamed=False)
        who = _LAST_NAME.search(names.get(event.speaker or "", "") if event else "")
        is_named = who is not None and who[0] in clause
        notes = [note for note in notes if note.startswith(("says ", "according ")) and not is_named]
    line = clause + (f" ({', '.join(notes)})" if notes else "")
    before = _TYPE_WORDS.get(kind)
    if before:
        line = f"{before}: {line}"
    if changes and kind is not DeltaType.RETRACTION:
        stance = {"contradicts": "against", "confirms": "confirms", "develops": "adds to"}[changes[0].stance]
        line += f"{_NOTE}{stance} what was known: {changes[0].before.rstrip('.')}"
    return capital(line)


def capital(text: str) -> str:
    """Return a clause as a sentence begins."""
    return text[:1].upper() + text[1:]


def clause(line: str) -> str:
    """Return a delta's line without its note on what was known: for where both sides stand beside it."""
    return line.split(_NOTE, 1)[0]
