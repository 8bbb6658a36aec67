"""What a reading says happened: typed events with actor, target, negation, modality, quantity and who says so.

Roles are assigned by type, not by word order, so one rule serves verb-first Arabic and verb-last Turkish: a presence
action wants a place, a refuge action a person, talks want two parties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.core.function_words import (
    headline_speaker,
    is_apart,
    is_owner,
    is_placed,
    is_setting,
    is_where_to,
    whose_forces,
)
from service.core.modality import (
    WEAK_FAMILIES,
    is_conditional,
    is_of_a_site,
    is_staying_away,
    is_told_earlier,
    modality_of,
)
from service.core.model import ActionClass, Event, Role, Span
from service.core.passages import WordHit
from service.core.quantities import main_quantity, quantities
from service.core.reading import Reading, Sentence, SpottedName

_PLACES = frozenset({"place", "facility", "vessel", "country"})
_PARTIES = frozenset({"person", "organization", "country", "group"})
_PERSON = frozenset({"person", "group"})
# family → (types wanted as target, types wanted as actor)
_WANTED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "presence": (frozenset({"facility", "place", "vessel"}), _PARTIES),
    "flight": (frozenset({"place", "facility", "country"}), _PERSON),
    "refuge": (_PERSON, frozenset({"country", "organization", "place", "person"})),
    "justice": (_PERSON, frozenset({"country", "organization", "place"})),
    "health": (_PERSON, frozenset()),
    "violence": (frozenset({"facility", "place", "vessel", "person"}), frozenset({"group", "organization", "country"})),
    "accidents": (frozenset({"vessel", "facility"}), frozenset()),
    "talks": (_PARTIES, _PARTIES),
}
_ANY = _PLACES | _PARTIES
_SPEAKING_PLACES = _PARTIES | {"place"}
# Where nothing of the wanted kind is named, a country may be where it happens: "Russia withdraws from Syria".
_COUNTRY_AS_PLACE = frozenset({"presence", "flight"})
_READ_SENTENCES = 6
_HEAD_SENTENCES = 3
# A sentence in a trial is told as the sentence.
_OUTCOMES_OF_A_TRIAL = frozenset({"sentence", "acquit", "charge", "issue_warrant"})
_SPEAK_THEMSELVES = frozenset({"person", "organization"})
_CAN_BE_SETTING = frozenset({"violence", "accidents"})
_RIGHT_AFTER = 12  # code points from an action to what it is done to: "leave Syria", "flees to Moscow"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWords:
    """What reading events needs of the lexicon.

    Attributes:
        actions: Action classes by id, the story's own included.
        units: Word classes that are units.
        numbers: Language → folded number word → value.
    """

    actions: Mapping[str, ActionClass]
    units: frozenset[str]
    numbers: Mapping[str, Mapping[str, int | None]]


def _nearest(names: list[SpottedName], types: frozenset[str], position: int, *, before: bool) -> SpottedName | None:
    fitting = [name for name in names if name.type in types]
    first = [name for name in fitting if (name.end <= position) == before]
    pool = first or fitting
    return min(pool, key=lambda name: abs(name.start - position), default=None)


def _roles(
    action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return (actor, target)."""
    position = verb.start
    if action.family == "talks":
        names = [n for n in names if not (n.type == "country" and is_owner(n, sentence))] or names
        return _parties([n for n in names if not is_placed(n, sentence)] if action.id == "visit" else names)
    if action.family == "flight":
        owners = {n.entity for n in names if n.type == "country" and is_owner(n, sentence)}
        names = [n for n in names if n.entity not in owners]  # nobody flees to Russia who flees to a Russian base
    if action.family in _CAN_BE_SETTING and is_setting(verb, sentence):
        names = [name for name in names if name.start >= verb.end]
    if action.family == "statements":
        names = [n for n in names if not (n.type == "country" and is_owner(n, sentence))] or names
        owned = any(n.type == "person" and is_owner(n, sentence) for n in names)
        names = [n for n in names if not owned or (n.type in _SPEAK_THEMSELVES and not is_owner(n, sentence))]
        names = [n for n in names if not is_placed(n, sentence)] or names  # not whom it is said to
    if action.family == "presence":
        return _forces_and_place(names, verb, sentence)
    if action.family not in _WANTED:
        return _people(names, position) if action.family != "statements" else _speaker_of(names, position)
    target_types, actor_types = _WANTED[action.family]
    if action.id == "kill":
        actor_types -= {"country"}  # "killed in Syria" accuses nobody
    target = _nearest(names, target_types, position, before=False)
    if target is not None and target.type in _PERSON:
        core = [n for n in names if n.role is not Role.CONTEXT and n.type in target_types]
        target = min(core, key=lambda n: abs(n.start - position), default=target)
    rest = [name for name in names if target is None or name.entity != target.entity]
    actor = _nearest(rest, actor_types, position, before=True) if actor_types else None
    if action.family == "violence" and actor is not None and actor.type == "country":
        in_order = target is not None and actor.end <= position <= target.start
        actor = actor if in_order else None  # a country in the passive is where it happened
    if actor is None and actor_types and action.family != "violence":
        actor = _nearest(rest, _SPEAKING_PLACES, position, before=True)  # a capital speaks for its government
    if target is None and action.family in _COUNTRY_AS_PLACE:
        others = [n for n in rest if actor is None or n.entity != actor.entity]
        target = _nearest(others, frozenset({"country"}), position, before=False)
    return actor, target


def _forces_and_place(
    names: list[SpottedName], verb: WordHit, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return whose forces move or stay, and where."""
    places, parties = _WANTED["presence"]
    # a capital before the verb, and not as where, is who does it
    sited = [n for n in names if n.type != "place" or n.start > verb.start or is_placed(n, sentence)]
    target = _nearest(
        sited if any(n.type in places | {"country"} for n in sited) else names, places, verb.start, before=False
    )
    countries = [name for name in names if name.type == "country"]
    if target is None:
        target = next((n for n in countries if 0 <= n.start - verb.end <= _RIGHT_AFTER), None)
    rest = [name for name in names if target is None or name.entity != target.entity]
    free = [name for name in rest if not is_placed(name, sentence)]
    owner = whose_forces(free or rest, sentence)
    actor = _nearest([name for name in free if name.end <= verb.start], parties, verb.start, before=True)
    if owner is not None and (actor is None or actor.type == "country"):
        actor = owner
    actor = actor or _nearest(free or rest, parties, verb.start, before=True)
    if actor is None:
        actor = _nearest(rest, _SPEAKING_PLACES, verb.start, before=True)  # a capital speaks for its government
    if target is None:
        others = [n for n in countries if actor is None or n.entity != actor.entity]
        told = [n for n in others if n.role is not Role.BACKGROUND]
        target = _nearest(told or others, _PLACES, verb.start, before=False)
    return actor, target


def _parties(names: list[SpottedName]) -> tuple[SpottedName | None, SpottedName | None]:
    """Return the first two parties of talks, people before the countries they speak for.

    A capital speaks for its government where nobody else is named.
    """
    parties: dict[str, SpottedName] = {}
    for name in sorted(names, key=lambda n: (n.type not in _PERSON, n.start)):
        if name.type in _PARTIES:
            parties.setdefault(name.entity, name)
    for name in () if parties else names:
        if name.type == "place":
            parties.setdefault(name.entity, name)
    first = sorted(list(parties.values())[:2], key=lambda n: n.start)
    return (first[0] if first else None), (first[1] if len(first) > 1 else None)


def _people(names: list[SpottedName], position: int) -> tuple[SpottedName | None, SpottedName | None]:
    """Return whom an action of another kind concerns: people, or who does it to what."""
    people = [name for name in names if name.type in _PERSON]
    if people:
        return None, min(people, key=lambda n: (n.role is not Role.CORE, abs(n.start - position)))
    target = _nearest(names, _ANY, position, before=False)
    rest = [name for name in names if target is None or name.entity != target.entity]
    return _nearest(rest, _PARTIES, position, before=True), target


def _speaker_of(names: list[SpottedName], position: int) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who makes a statement; what it is about is said by other events, or by the thread."""
    voices = _nearest(names, frozenset({"person", "organization"}), position, before=True)
    parties = voices or _nearest(names, _PARTIES, position, before=True)
    return parties or _nearest(names, _SPEAKING_PLACES, position, before=True), None


def _asking(names: list[SpottedName], target: SpottedName | None) -> SpottedName | None:
    """Return who demands something: the party named first."""
    parties = [n for n in names if n.type in _PARTIES | {"place"} and (target is None or n.entity != target.entity)]
    return min(parties, key=lambda n: n.start, default=None)


def _speaker(sentence: Sentence, names: list[SpottedName]) -> tuple[str | None, bool]:
    """Return (entity that says so, on the record)."""
    if any(word.word_class == "anonymous" for word in sentence.words):
        return None, False
    named = headline_speaker(names, sentence)
    if named is not None:
        return named.entity, True
    for word in sentence.words:
        if word.word_class in {"says", "confirm", "confirmed", "deny", "denied", "state"}:
            near = [
                n
                for n in names
                if n.type in _PARTIES
                and not is_placed(n, sentence)
                and min(abs(n.end - word.start), abs(word.end - n.start)) <= 40
            ]
            if near:
                speaker = min(near, key=lambda n: min(abs(n.end - word.start), abs(word.end - n.start)))
                if word.word_class == "state":
                    speaker = _who_leads(near, sentence) or speaker
                # "a Syrian official said" names a side, not a person who stands by it
                return speaker.entity, speaker.type in {"person", "organization"}
    return None, False


def _who_leads(names: list[SpottedName], sentence: Sentence) -> SpottedName | None:
    """Return whom a sentence begins with: "Putin comments on the statement of …" has one who speaks now."""
    first = min(names, key=lambda n: n.start)
    begins = len(sentence.text[: first.start - sentence.start].split()) <= 1
    return first if begins and first.type in _SPEAK_THEMSELVES else None


def _taking_part(
    names: list[SpottedName], action: ActionClass, verb: WordHit, sentence: Sentence, speaker: str | None
) -> list[SpottedName]:
    """Return the names that can take part in an action: not labels, not subjects of other clauses, not who tells it."""
    direct = [n for n in names if n.oblique is None and not is_apart(n, verb, sentence)] or names
    others = [n for n in direct if n.entity != speaker]
    people = {n.entity for n in others if n.type in _PERSON}
    told_by_form = headline_speaker(names, sentence) is not None
    sides = {n.entity for n in others if n.type in _PARTIES}
    enough = bool(others) if told_by_form else len(people) > 1
    if action.family == "talks":
        is_of_sides = bool(others) and not people
        enough = len(people) > 1 or (told_by_form and (len(sides) > 1 or is_of_sides))
    return others if enough else direct


def _is_longer_there(word: WordHit, action: ActionClass, sentence: Sentence, words: EventWords) -> bool:
    """Say whether a longer phrase of another class begins with the word: "leaves two dead" is no leaving."""
    return any(
        other.start == word.start
        and other.end > word.end
        and other.word_class in words.actions
        and other.word_class != action.id
        for other in sentence.words
    )


def _who_goes_where(
    action: ActionClass, actor: SpottedName | None, target: SpottedName | None, verb: WordHit, sentence: Sentence
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return the parties of a flight: a country is its people, and where one flees from is no target."""
    if action.id == "flee" and target is not None and not is_where_to(target, verb, sentence):
        target = None
    return (None if actor is not None and actor.type == "country" else actor), target


def _is_no_event(word: WordHit, sentence: Sentence, *, is_headed: bool) -> bool:
    """Say whether an action stands in a condition, is undone, is part of a title, or is of former times below a headline."""
    if is_conditional(word, sentence) or is_staying_away(word, sentence) or is_of_a_site(word, sentence):
        return True
    if any(name.is_title and name.start <= word.start and word.end <= name.end for name in sentence.names):
        return True  # "the expelled president" is who he is
    return is_headed and is_told_earlier(word, sentence)


def sentence_quantities(sentence: Sentence, words: EventWords) -> dict[str, int]:
    """Return unit → value for a sentence; "three people with knowledge of the talks" counts no victims."""
    counted = quantities(sentence, words.units, words.numbers)
    classes = sentence.classes()
    if "anonymous" in classes:
        counted.pop("people", None)
    victims = [unit for unit in ("soldiers", "people") if unit in counted]
    if "kill" in classes and len(victims) == 1 and not counted.keys() & {"killed", "wounded"}:
        counted["killed"] = counted[victims[0]]  # "killing of two soldiers", in whatever order
    return counted


def _marker_end(reading: Reading) -> int | None:
    """Return where a headline's WITHDRAWN ends: it says that a report is withdrawn, not troops."""
    ends = [
        word.end
        for sentence in reading.title_sentences[:1]
        for word in sentence.words
        if word.word_class == "withdrawn" and word.start == 0 and reading.title[: word.end].isupper()
    ]
    return max(ends, default=None)


def _said_at_least(sentences: list[Sentence], words: EventWords) -> Iterator[Event]:
    """Yield what somebody says, on the record, where nothing is said to have happened."""
    for sentence in sentences:
        names = [n for n in sentence.names if n.role is not Role.PUBLISHER and n.oblique is None]
        speaker, on_record = _speaker(sentence, names)
        if speaker is not None and on_record and "state" in words.actions:
            span = Span(field=sentence.field, start=sentence.start, end=sentence.end)
            yield Event(action="state", actor=speaker, speaker=speaker, on_record=True, span=span)
            return


def read_events(reading: Reading, words: EventWords) -> list[Event]:
    """Return the events of a reading, the most telling first.

    Events of the title come before those of the text; what happened comes before what was said about it; what a
    background clause tells comes last.
    """
    derived = {
        (action.derived_from, action.derived_modality): action.id
        for action in words.actions.values()
        if action.derived_from
    }
    withdrawn = _marker_end(reading)
    ranked: list[tuple[tuple[int, ...], Event]] = []
    sentences = [s for s in reading.sentences if s.names or s.field == "title"]
    is_headed = any(sentence.names for sentence in reading.title_sentences)
    for order, sentence in enumerate(sentences[:_READ_SENTENCES]):
        names = [n for n in sentence.names if n.role is not Role.PUBLISHER and n.oblique != "analogy"]
        counted = main_quantity(sentence_quantities(sentence, words))
        speaker, on_record = _speaker(sentence, names)
        anonymous = any(word.word_class == "anonymous" for word in sentence.words)
        for word in sentence.words:
            action = words.actions.get(word.word_class)
            if action is None or (withdrawn is not None and word.start < withdrawn and sentence.field == "title"):
                continue
            if _is_longer_there(word, action, sentence, words) or _is_no_event(word, sentence, is_headed=is_headed):
                continue
            direct = _taking_part(names, action, word, sentence, speaker)
            actor, target = _roles(action, direct, word, sentence)
            if action.id == "withdraw" and actor is not None and actor.type == "person" and "flee" in words.actions:
                action = words.actions["flee"]  # people flee what troops withdraw from; the verb is often one
                actor, target = _roles(action, direct, word, sentence)
            if action.family == "flight":
                actor, target = _who_goes_where(action, actor, target, word, sentence)
            if target is not None and target.role is Role.BACKGROUND:
                continue  # what happened to somebody else, told for comparison
            modality, negated = modality_of(sentence, word, action)
            if modality == "demanded" and (action.id, modality) in derived:
                actor = _asking(direct, target) or actor
            action_id = derived.get((action.id, modality), action.id)
            states = action.family in WEAK_FAMILIES and actor is not None and actor.type in _SPEAK_THEMSELVES
            said_by = actor.entity if states and actor else speaker  # a statement is that of who makes it
            event = Event(
                action=action_id,
                actor=actor.entity if actor else None,
                target=target.entity if target else None,
                negated=negated,
                modality=modality,
                quantity=counted,
                speaker=said_by,
                on_record=(states or on_record) and not anonymous,
                place=next((n.entity for n in names if n.type in {"facility", "place"}), None),
                span=Span(field=sentence.field, start=sentence.start, end=sentence.end),
            )
            rank = (
                int(word.background or (action.family in _CAN_BE_SETTING and is_setting(word, sentence))),
                order,
                int(action.family in WEAK_FAMILIES or (action.family == "violence" and not (actor or target))),
                -int(event.actor is not None) - int(event.target is not None),
                word.start,
            )
            ranked.append((rank, event))
    ranked.sort(key=lambda pair: pair[0])
    once = {(event.action, event.span): event for _, event in reversed(ranked)}
    events = [event for _, event in ranked if once[event.action, event.span] is event]
    events = events or list(_said_at_least(sentences[:_HEAD_SENTENCES], words))
    outcomes = {e.span for e in events if e.action in _OUTCOMES_OF_A_TRIAL}
    return [e for e in events if e.action != "try" or e.span not in outcomes]
