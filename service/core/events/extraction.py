"""What a reading says happened: typed events with actor, target, negation, modality, quantity and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from service.core.developments.kinds import NO_NEWS_ALONE
from service.core.events.askers import asking, who_demands
from service.core.events.dealings import is_toll, where
from service.core.events.event_words import EventWords
from service.core.events.function_words import is_located, is_setting
from service.core.events.halves import before_question, halves_of
from service.core.events.modality import (
    WEAK_FAMILIES,
    modality_of,
)
from service.core.events.parties import OF_WHO_SPEAKS, parties_of, taking_part
from service.core.events.quantities import main_quantity, quantities
from service.core.events.questions import is_asked
from service.core.events.reasons import without_reasons
from service.core.events.roles import CAN_BE_SETTING
from service.core.events.sides import (
    asks_for_it,
    condition_in,
    is_inside,
    is_judged,
    is_of_his_people,
    whose_people,
)
from service.core.events.silence import Silence, silence_in, who_is_silent
from service.core.events.speakers import parties_named, speaker_of
from service.core.events.talks import topic_of, who_talks
from service.core.events.told_words import told_words
from service.core.matching.reading import Reading, Sentence, SpottedName
from service.core.model import ActionClass, Event, Role, Span
from service.core.model.entity_types import SPEAKERS

_AS_FACT = frozenset({"reported", "confirmed"})
_READ_SENTENCES = 6
_HEAD_SENTENCES = 3
_SETS = CAN_BE_SETTING | {"talks"}  # "on a visit to Moscow, after talks"
_LASTING = frozenset({"talks", "justice", "refuge"})  # of a lease or a sentence it is told how long
_OF_GOVERNMENTS = frozenset({"expulsion", "restitution"})
_TALKED = frozenset({"talks", "mediation"})


def sentence_quantities(sentence: Sentence, words: EventWords) -> dict[str, int]:
    """Return unit → value for a sentence; "three people with knowledge of the talks" counts no victims."""
    counted = quantities(sentence, words.units, words.numbers, words.calendar)
    if not counted:
        return counted
    classes = sentence.classes()
    if "anonymous" in classes:
        counted.pop("people", None)
    victims = [unit for unit in ("soldiers", "people") if unit in counted]
    if "kill" in classes and len(victims) == 1 and not counted.keys() & {"killed", "wounded"}:
        counted["killed"] = counted[victims[0]]  # "killing of two soldiers", in whatever order
    return counted


class Figures:
    """What the sentences of a reading count; each is read once."""

    def __init__(self, words: EventWords) -> None:
        self._words = words
        self._found: dict[int, dict[str, int]] = {}

    def of(self, sentence: Sentence) -> Mapping[str, int]:
        """Return what `sentence_quantities` says of a sentence."""
        found = self._found.get(sentence.number)
        if found is None:
            found = self._found[sentence.number] = sentence_quantities(sentence, self._words)
        return found


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
        speaker, on_record = speaker_of(sentence, parties_named(sentence))
        if speaker is not None and on_record and "state" in words.actions and silence_in(sentence) is None:
            span = Span(field=sentence.field, start=sentence.start, end=sentence.end)
            whereabouts = _whereabouts(sentence, speaker) if "live" in words.actions else None
            if whereabouts is not None:
                who, place = whereabouts
                yield Event(action="live", actor=who, target=place, speaker=speaker, on_record=True, span=span)
                return
            yield Event(action="state", actor=speaker, speaker=speaker, on_record=True, span=span)
            return


def _whereabouts(sentence: Sentence, speaker: str) -> tuple[str, str] | None:
    """Return whom somebody says to be where, without a verb that tells more: "Lavrov: Assad is in Moscow"."""
    people = {n.entity for n in sentence.names if n.type == "person" and n.entity != speaker}
    core = [n.entity for n in sentence.names if n.type == "person" and n.role is Role.CORE and n.entity in people]
    places = [n.entity for n in sentence.names if n.type in {"place", "country"} and is_located(n, sentence)]
    return (core[0], places[0]) if len(people) == len(core) == len(places) == 1 else None


def _attributed(events: list[Event], sentences: list[Sentence]) -> list[Event]:
    """Return events with who says so: what a headline tells as a plan or a possibility is that of the lead's speaker."""
    lead = next((s for s in sentences if s.field == "summary"), None)
    speaker, on_record = speaker_of(lead, parties_named(lead)) if lead else (None, False)
    if speaker is None or not on_record:
        return events
    return [
        replace(e, speaker=speaker, on_record=True)
        if e.speaker is None and e.modality in {"possible", "planned"} and e.span and e.span.field == "title"
        else e
        for e in events
    ]


def _specific_first(events: list[Event]) -> list[Event]:
    """Return events with what is said before that something is said: below "Kremlin comments on bases"."""
    if not events or events[0].action != "state":
        return events
    first = next((e for e in events if e.action in OF_WHO_SPEAKS), None)
    return events if first is None else [first, *(e for e in events if e is not first)]


def _halves(sentences: list[Sentence], words: EventWords) -> Iterator[tuple[int, Sentence, Sentence]]:
    """Yield (place, sentence, half of it that tells one thing), the first sentences only."""
    for order, sentence in enumerate(sentences[:_READ_SENTENCES]):
        said = before_question(sentence)
        for half in halves_of(said, words.actions):
            yield order, said, half


def read_events(reading: Reading, words: EventWords, figures: Figures | None = None) -> list[Event]:
    """Return the events of a reading, the most telling first.

    Events of the title come before those of the text; what happened comes before what was said about it; what a
    background clause tells comes last. The caller has `figures` where it asks for them too.
    """
    figures = figures or Figures(words)
    derived = words.derived
    withdrawn = _marker_end(reading)
    ranked: list[tuple[tuple[int, ...], Event]] = []
    sentences = [s for s in reading.sentences if s.names or s.field == "title"]
    is_headed = any(sentence.names for sentence in reading.title_sentences)
    for order, whole, sentence in _halves(sentences, words):
        named = [n for n in sentence.names if n.role is not Role.PUBLISHER and n.oblique != "analogy"]
        named = [n for n in named if whose_people(n, sentence) is None and not is_of_his_people(n, sentence)]
        named = [n for n in named if not asks_for_it(n, sentence)]
        counted = main_quantity(figures.of(whole))
        speaker, on_record = speaker_of(sentence, named)
        anonymous = any(word.word_class == "anonymous" for word in sentence.words)
        condition, talked = condition_in(sentence), topic_of(sentence, words.actions)
        span = Span(field=whole.field, start=whole.start, end=whole.end)
        silence = silence_in(sentence)
        ranked += _unsaid(silence, named, sentence, words, span, order)
        for word, told in told_words(sentence, words, silence, talked, withdrawn, is_headed=is_headed):
            names = _outside(named, condition) if condition and not is_inside(word, condition) else named
            talking = who_talks(names, talked, sentence) if talked and told.family in _TALKED else names
            direct = taking_part(talking, told, word, sentence, speaker)
            modality, negated = modality_of(sentence, word, told)
            modality = "possible" if is_asked(whole) and modality in _AS_FACT else modality
            if told.id == "threaten" and negated:
                continue  # "nothing threatens him": nothing has happened
            is_derived = (told.id, modality) in derived
            parties = parties_of(
                told,
                direct,
                word,
                sentence,
                words.actions,
                words.sides,
                is_asked=modality == "demanded" and not is_derived,
                speaker=speaker,
            )
            action, actor, target = parties.action, parties.actor, parties.target
            if (target is not None and target.role is Role.BACKGROUND) or _is_thought_of(action, modality, sentence):
                continue  # what happened to somebody else, told for comparison; what is only thought of a demand
            action_id = derived.get((action.id, modality), action.id)
            if modality == "demanded" and is_derived:
                actor = asking(direct, target, sentence, actor, speaker)
            elif action_id == "demand":
                actor, target = who_demands(actor, target, sentence, speaker)
            states = action.family in WEAK_FAMILIES and actor is not None and actor.type in SPEAKERS
            voice = parties.demanding or (actor if states else None)  # a statement is that of who makes it
            event = Event(
                action=action_id,
                actor=actor.entity if actor else None,
                target=target.entity if target else None,
                negated=negated,
                modality=modality,
                quantity=None if counted and _is_duration(counted) and action.family not in _LASTING else counted,
                speaker=voice.entity if voice else speaker,
                on_record=(states or on_record) and not anonymous,
                place=_place(action, _beside_capitals(action, names, words), actor, target),
                span=span,
            )
            counts_dead = bool(words.general) and is_toll(action, sentence, figures.of(whole))
            rank = (
                int(word.background or (action.family in _SETS and is_setting(word, sentence))),
                order,
                int(
                    action.family in NO_NEWS_ALONE
                    or (action.family == "violence" and not (actor or target or counts_dead))
                ),
                int(not counts_dead),
                -int(event.actor is not None) - int(event.target is not None),
                word.start,
            )
            ranked.append((rank, event))
    ranked.sort(key=lambda pair: pair[0])
    once = {(event.action, event.span): event for _, event in reversed(ranked)}
    events = [event for _, event in ranked if once[event.action, event.span] is event]
    events = events or list(_said_at_least(sentences[:_HEAD_SENTENCES], words))
    events = _specific_first(_attributed(events, sentences))
    return without_reasons(events)


def _unsaid(
    silence: Silence | None, names: list[SpottedName], sentence: Sentence, words: EventWords, span: Span, order: int
) -> Iterator[tuple[tuple[int, ...], Event]]:
    """Yield that somebody does not comment on something, or does not confirm it: behind all that happens there."""
    silent = who_is_silent(silence, names, sentence, words.sides) if silence else None
    if silence is None or silent is None or silence.action not in words.actions:
        return
    who = words.sides.get(silent.entity, silent.entity) if silent.type == "place" else silent.entity
    event = Event(
        action=silence.action, actor=who, negated=True, speaker=who, on_record=silent.type in SPEAKERS, span=span
    )
    yield (0, order, 1, 1, -1, silence.word.start), event


def _is_duration(quantity: str) -> bool:
    return quantity.rsplit(maxsplit=1)[-1].rstrip("s") in {"day", "month", "year"}


def _beside_capitals(action: ActionClass, names: list[SpottedName], words: EventWords) -> list[SpottedName]:
    """Return where it may happen: a capital is no place that forces are kept at."""
    return [n for n in names if n.entity not in words.sides] if action.id == "keep" else names


def _place(
    action: ActionClass, names: list[SpottedName], actor: SpottedName | None, target: SpottedName | None
) -> str | None:
    """Return where it happens; governments close, expel and give back, which their capitals stand for, nowhere."""
    parties = (actor, target if action.family == "talks" else None)  # a capital that acts or is talked to is no place
    elsewhere = [n for n in names if n.start not in {party.start for party in parties if party}]
    return None if action.family in _OF_GOVERNMENTS else where(action, elsewhere, actor or target)


def _is_thought_of(action: ActionClass, modality: str, sentence: Sentence) -> bool:
    """Say whether it is a demand of which the sentence only says what somebody thinks of it."""
    return (modality == "demanded" or action.id == "demand") and is_judged(sentence)


def _outside(names: list[SpottedName], span: tuple[int, int]) -> list[SpottedName]:
    """Return the names that do not stand in the clause of a condition: whose condition it is takes no part."""
    return [n for n in names if not (span[0] <= n.start and n.end <= span[1])]
