"""Who takes part in an action, and as what: roles by type, not by word order.

One rule serves verb-first Arabic and verb-last Turkish: a presence action wants a place, a refuge action a person, talks
want two parties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.core.events.dealings import DEALINGS, accused, dealing_roles, is_of_its_chief, who_pays
from service.core.events.function_words import (
    VERB_LAST,
    is_bound_for,
    is_companion,
    is_from,
    is_located,
    is_owner,
    is_placed,
    is_setting,
    is_site,
    is_site_owner,
    says_before,
    whose_forces,
)
from service.core.events.mediation import mediator_of
from service.core.events.meetings import is_inside, side_of, talking
from service.core.events.sides import is_behind_comma
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import ActionClass, Role
from service.core.model.entity_types import PARTIES, PEOPLE, PLACES, SITES, SPEAKERS

# family → (types wanted as target, types wanted as actor)
_WANTED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "presence": (SITES, PARTIES),
    "flight": (frozenset({"place", "facility", "country"}), PEOPLE),
    "refuge": (PEOPLE, frozenset({"country", "organization", "place", "person"})),
    "justice": (PEOPLE, frozenset({"country", "organization", "place"})),
    "health": (PEOPLE, frozenset()),
    "violence": (frozenset({"facility", "place", "vessel", "person"}), frozenset({"group", "organization", "country"})),
    "accidents": (frozenset({"vessel", "facility"}), frozenset()),
}
_ANY = PLACES | PARTIES
_SPEAKING_PLACES = PARTIES | {"place"}
# Where nothing of the wanted kind is named, a country may be where it happens: "Russia withdraws from Syria".
_COUNTRY_AS_PLACE = frozenset({"presence", "flight"})
CAN_BE_SETTING = frozenset({"violence", "accidents"})
_RIGHT_AFTER = 12  # code points from an action to what it is done to: "leave Syria", "flees to Moscow"
ASKABLE = frozenset(
    {"presence", "talks", "violence", "measures", "flight", "expulsion", "restitution", "justice"}
)  # what one side asks of another
CRASHES = frozenset({"breakdown", "blaze"})
_HARMED = frozenset({"kill", "die", "killed", "wounded"})
_BESIDE = 4  # code points from "debt of" to whose it is, articles and all
_DEBT = re.compile(r"борг|долг|dług|dette|deuda|debito|dívida|schuld|debt of")  # whose it is stands right behind


def nearest(names: list[SpottedName], types: frozenset[str], position: int, *, before: bool) -> SpottedName | None:
    """Return the name of one of some types nearest to a position, on the side asked for if there is one."""
    fitting = [name for name in names if name.type in types]
    first = [name for name in fitting if (name.end <= position) == before]
    pool = first or fitting
    return min(pool, key=lambda name: abs(name.start - position), default=None)


def roles_in(
    action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence, sides: Mapping[str, str]
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return (actor, target)."""
    if action.family == "mediation":
        return mediator_of(names, verb, sentence, sides), None
    if action.family in DEALINGS:
        return dealing_roles(action, names, verb, sentence)
    if action.family == "justice" and any(n.type == "organization" and n.role is Role.CORE for n in names):
        return accused(action, names, verb, sentence)
    if action.family == "justice":
        names = [n for n in names if n.type != "place" or not is_located(n, sentence)]  # no town arrests anybody in it
    if action.family == "refuge":
        names = [n for n in names if not is_of_its_chief(n, sentence)]
    if action.id == "pay" and (payer := who_pays(names, sentence)) is not None:
        return payer, next((n for n in names if n.type in PARTIES and n.entity != payer.entity), None)
    if action.id == "pay":
        return _who_pays_whom(names, verb, sentence, sides)
    return _by_type(action, names, verb, sentence, sides)


def _who_pays_whom(
    names: list[SpottedName], verb: WordHit, sentence: Sentence, sides: Mapping[str, str]
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who pays and who is paid, of two sides; what for takes no part."""
    parties = [n for n in names if n.type in PARTIES or n.entity in sides]
    if not parties or any(n.type in PEOPLE for n in parties):
        return _people(names, verb.start, sentence)
    text = sentence.text[verb.start - sentence.start :].casefold()
    debtor = next((n for n in parties if 0 <= n.start - verb.end <= _BESIDE), None) if _DEBT.match(text) else None
    payer = (
        debtor
        or next((n for n in parties if is_from(n, sentence)), None)
        or nearest(parties, _ANY, verb.start, before=True)
    )
    paid = [n for n in parties if payer is None or side_of(n, sides) != side_of(payer, sides)]
    return payer, nearest(paid, _ANY, verb.start, before=False)


def _by_type(
    action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence, sides: Mapping[str, str]
) -> tuple[SpottedName | None, SpottedName | None]:
    if action.family == "flight":
        owners = {n.entity for n in names if n.type == "country" and is_owner(n, sentence)}
        names = [n for n in names if n.entity not in owners]  # nobody flees to Russia who flees to a Russian base
    if action.family in CAN_BE_SETTING and is_setting(verb, sentence):
        names = [name for name in names if name.start >= verb.end]
    match action.family:
        case "talks":
            return talking(action, names, sentence, verb, sides)
        case "statements":
            return _demand(names, verb, sentence) or _speaker_of(_voices(action, names, sentence), verb.start)
        case "presence":
            return _at_a_place(action, names, verb, sentence, sides)
        case "expulsion":
            return _host_and_guest(names, verb, sentence, sides)
        case "restitution":
            return _giver(names, verb, sides)
        case "schemes":
            return _schemers(names, verb, sentence)
        case "life":
            return _dweller(names, verb)
        case "restraint":
            return _kept_away(names, verb.start)
        case family if family in _WANTED:
            return _wanted(action, names, verb, sentence)
        case _:
            return _people(names, verb.start, sentence)


def _demand(
    names: list[SpottedName], verb: WordHit, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None] | None:
    """Return whom somebody demands something of whom the story does not know; None of any other statement."""
    if verb.word_class != "demand" or not _is_of_an_unknown(names, verb, sentence):
        return None
    return None, nearest(names, PARTIES - PEOPLE, verb.end, before=False)


def _is_of_an_unknown(names: list[SpottedName], verb: WordHit, sentence: Sentence) -> bool:
    """Say whether a verb has a subject that the story does not know: "UN panel urges Russia to …"."""
    return says_before(verb.start, sentence) and all(n.start > verb.start for n in names)


def _wanted(
    action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who does it to what, by the types that the family wants."""
    position = verb.start
    if action.id == "evacuate" and (rescued := _rescue(names, sentence)) is not None:
        return rescued
    target_types, actor_types = _WANTED[action.family]
    if action.id == "refuse" and (subject := _who_refuses(names, verb, sentence)) is not None:
        return subject, None
    if action.id == "breakdown":
        target_types -= {"facility"}  # where it happens
    if action.id == "kill":  # "killed in Syria" accuses nobody, nor does an accident
        actor_types = frozenset() if CRASHES & sentence.classes() else actor_types - {"country"}
    target = nearest(names, target_types, position, before=False)
    if action.id == "attack" and target is not None and target.type in PEOPLE and _is_at_site(verb, target, sentence):
        target = None
    if action.id == "kill" and "attempted" in sentence.classes():
        target = nearest(names, frozenset({"person"}), position, before=False) or target  # on whose life, not where
    if target is not None and target.type in PEOPLE:
        core = [n for n in names if n.role is not Role.CONTEXT and n.type in target_types]
        target = min(core, key=lambda n: abs(n.start - position), default=target)
    rest = [name for name in names if target is None or name.entity != target.entity]
    rest = [n for n in rest if not is_site_owner(n, sentence)]  # whose base it is does not refuse to leave it
    actor = nearest(rest, actor_types, position, before=True) if actor_types else None
    if action.family == "violence" and actor is not None and is_behind_comma(actor, verb, sentence):
        actor = None  # "Blast near the base, ministry says": who tells of it did not do it
    if action.family == "violence" and actor is not None and actor.type == "country":
        in_order = target is not None and actor.end <= position <= target.start and not is_placed(actor, sentence)
        in_order = in_order and not (is_owner(actor, sentence) and _HARMED & sentence.classes())  # whose soldiers die
        actor = actor if in_order else None  # a country in the passive is where it happened
    if actor is None and actor_types and action.family != "violence":
        actor = nearest(rest, _SPEAKING_PLACES, position, before=True)  # a capital speaks for its government
    if target is None and action.family in _COUNTRY_AS_PLACE:
        others = [n for n in rest if actor is None or n.entity != actor.entity]
        target = nearest(others, frozenset({"country"}), position, before=False)
    return actor, target


def _who_refuses(names: list[SpottedName], verb: WordHit, sentence: Sentence) -> SpottedName | None:
    """Return the person right before a verb of refusing, where nobody else is: he is not whom it is refused to hand over."""
    people = [n for n in names if n.type == "person"]
    subject = people[0] if len(people) == 1 and people[0].role is not Role.CORE else None
    is_right = subject is not None and 0 <= verb.start - subject.end <= 1 and sentence.lang not in VERB_LAST
    return subject if is_right else None


def _rescue(names: list[SpottedName], sentence: Sentence) -> tuple[SpottedName, SpottedName] | None:
    """Return which country takes which person to safety, where a sentence names both as that."""
    people = [n for n in names if n.type == "person"]
    states = [n for n in names if n.type == "country" and not (is_placed(n, sentence) or is_owner(n, sentence))]
    return (states[0], people[0]) if len(people) == len(states) == 1 else None


def _is_at_site(verb: WordHit, person: SpottedName, sentence: Sentence) -> bool:
    """Say whether a base or a port without a name stands nearer to an attack than a person does."""
    far = min(abs(person.start - verb.end), abs(verb.start - person.end))
    return any(
        word.word_class in {"base", "port", "airport"}
        and min(abs(word.start - verb.end), abs(verb.start - word.end)) < far
        for word in sentence.words
    )


def _at_a_place(
    action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence, sides: Mapping[str, str]
) -> tuple[SpottedName | None, SpottedName | None]:
    if action.id == "take_over":  # whose base it is does not take it over
        names = [n for n in names if not is_site_owner(n, sentence)] or names
    if action.id == "cede":  # to whom it is handed over does not hand it over
        names = [n for n in names if not (is_bound_for(n, sentence) or is_owner(n, sentence))] or names
    if action.id == "drill":  # who is named first holds it; the other takes part
        countries = [n for n in names if n.type == "country" and not is_placed(n, sentence)]
        names = [n for n in names if n not in countries[1:]]
    actor, target = _forces_and_place(names, verb, sentence)
    is_inside = actor is not None and verb.start <= actor.start and actor.end <= verb.end
    if actor is not None and is_inside and not is_owner(actor, sentence):  # "leave Syria" as one phrase
        others = [n for n in names if n.end <= verb.start or n.start >= verb.end]
        actor = nearest(others, PARTIES, verb.start, before=True) or actor
    if target is not None and target.entity in sides and not is_placed(target, sentence):
        stated = (n for n in names if n.entity == sides[target.entity] and is_placed(n, sentence))
        target = next(stated, None if action.id == "keep" else target)  # "in Syria at the request of Damascus"
    is_own = actor is not None and target is not None and side_of(actor, sides) == side_of(target, sides)
    if is_own and target and (target.type == "country" or (action.id == "keep" and target.type == "place")):
        target = None  # nobody stays in his own capital
    return actor, target


def _forces_and_place(
    names: list[SpottedName], verb: WordHit, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return whose forces move or stay, and where."""
    places, parties = _WANTED["presence"]
    # a capital before the verb, and not as where, is who does it
    sited = [
        n for n in names if n.type != "place" or n.start > verb.start or is_placed(n, sentence) or is_site(n, sentence)
    ]
    along = {n.start for n in names if is_companion(n, sentence, of_talks=False)}  # "under a deal with Damascus"
    sited = [n for n in sited if n.type != "place" or n.start not in along]
    target = nearest(
        sited if any(n.type in places | {"country"} for n in sited) else names, places, verb.start, before=False
    )
    countries = [name for name in names if name.type == "country"]
    if target is None:
        near = (n for n in countries if 0 <= n.start - verb.end <= _RIGHT_AFTER and n.start not in along)
        target = next((n for n in near if not is_owner(n, sentence)), None)  # "withdrawal of Russian troops"
    rest = [n for n in names if target is None or (n.entity != target.entity and not _is_part(n, target))]
    free = [name for name in rest if not is_placed(name, sentence)]
    owner = whose_forces(free or rest, sentence)
    actor = nearest([name for name in free if name.end <= verb.start], parties, verb.start, before=True)
    if owner is not None and (actor is None or actor.type == "country"):
        actor = owner
    actor = actor or nearest(free or rest, parties, verb.start, before=True)
    if actor is None:
        actor = nearest(rest, _SPEAKING_PLACES, verb.start, before=True)  # a capital speaks for its government
    if target is None:
        others = [n for n in countries if actor is None or n.entity != actor.entity]
        others = [n for n in others if n.start not in along] or others
        told = [n for n in others if n.role is not Role.BACKGROUND]
        target = nearest(told or others, PLACES, verb.start, before=False)
    return actor, target


def _host_and_guest(
    names: list[SpottedName], verb: WordHit, sentence: Sentence, sides: Mapping[str, str]
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who closes or expels, and what or whom: a site by its name, or else the country whose it is."""
    sites = [n for n in names if n.type in {"facility", "vessel"}]
    owners = [n for n in names if is_owner(n, sentence)]
    free = [n for n in names if n.type in PARTIES and not is_placed(n, sentence)]
    things = free if "expel" in sentence.classes() else [n for n in free if n.type not in PEOPLE]  # nobody closes Putin
    target = nearest(
        sites or owners or things or [n for n in names if n not in free] or names, _ANY, verb.start, before=False
    )
    hosts = [
        n
        for n in names
        if (n.type in PARTIES or n.entity in sides)
        and n not in owners
        and (target is None or side_of(n, sides) != side_of(target, sides))
    ]
    return nearest([n for n in hosts if n in free] or hosts, _ANY, verb.start, before=True), target


def _giver(
    names: list[SpottedName], verb: WordHit, sides: Mapping[str, str]
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who gives something back, and to whom: two sides; whose it was takes no part."""
    parties = [n for n in names if n.type not in PEOPLE and (n.type in PARTIES or n.entity in sides)]
    giver = nearest(parties, _ANY, verb.start, before=True)
    rest = [n for n in parties if giver is None or side_of(n, sides) != side_of(giver, sides)]
    return giver, nearest(rest, _ANY, verb.end, before=False)


def _schemers(
    names: list[SpottedName], verb: WordHit, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who plots or foils a plot, and against whom; where they sit is neither."""
    free = [n for n in names if not (is_from(n, sentence) or is_site_owner(n, sentence))]
    sited = [n for n in free if n.type in {"facility", "vessel"}]
    able = [n for n in free if n.type in PEOPLE or not is_placed(n, sentence)]
    actor = nearest([n for n in able if n.end <= verb.start], PARTIES | {"place"}, verb.start, before=True)
    rest = [n for n in free if actor is None or n.entity != actor.entity]
    target = nearest(sited, _ANY, verb.end, before=False) or nearest(rest, _ANY, verb.end, before=False)
    return actor, target


def _dweller(names: list[SpottedName], verb: WordHit) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who lives or is seen somewhere, and where."""
    person = nearest(names, PEOPLE, verb.start, before=True)
    places = [n for n in names if n.type in {"place", "facility"}] or [n for n in names if n.type == "country"]
    return person, min(places, key=lambda n: abs(n.start - verb.start), default=None)


def _voices(action: ActionClass, names: list[SpottedName], sentence: Sentence) -> list[SpottedName]:
    """Return the names of those who can make a statement: not whose bases it is on, nor whom it is said to."""
    if action.id == "undecided":
        states = [n for n in names if n.type in PARTIES - PEOPLE and not is_owner(n, sentence)]
        names = [n for n in states if not is_placed(n, sentence)] or names  # Russia has not, though Peskov says so
    names = [n for n in names if not (n.type == "country" and is_owner(n, sentence))] or names
    owned = any(n.type == "person" and is_owner(n, sentence) for n in names)
    names = [
        n for n in names if not owned or ((n.type in SPEAKERS or action.id == "demand") and not is_owner(n, sentence))
    ]
    return [n for n in names if not is_placed(n, sentence)] or names


def _kept_away(names: list[SpottedName], position: int) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who keeps away, and from whom; those who are told to are seldom the country they live in."""
    target = nearest(names, _ANY, position, before=False)
    rest = [n for n in names if target is None or n.entity != target.entity]
    return nearest(rest, PEOPLE | {"organization"}, position, before=True), target


def _people(
    names: list[SpottedName], position: int, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return whom an action of another kind concerns: people, or who does it to what; whose base it is does nothing."""
    people = [name for name in names if name.type in PEOPLE]
    if people:
        return None, min(people, key=lambda n: (n.role is not Role.CORE, abs(n.start - position)))
    target = nearest(names, _ANY, position, before=False)
    rest = [name for name in names if target is None or name.entity != target.entity]
    return nearest([n for n in rest if not is_site_owner(n, sentence)], PARTIES, position, before=True), target


def _speaker_of(names: list[SpottedName], position: int) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who makes a statement; what it is about is said by other events, or by the thread."""
    for pool in ([name for name in names if name.end <= position], names):  # "Minsk denies that Assad will come"
        for types in (SPEAKERS, PARTIES, _SPEAKING_PLACES):
            voice = nearest(pool, types, position, before=True)
            if voice is not None:
                return voice, None
    return None, None


def _is_part(name: SpottedName, site: SpottedName) -> bool:
    """Say whether a place's name only stands inside the name of a site: "Tartus naval base"."""
    return name.type == "place" and is_inside(name, site)
