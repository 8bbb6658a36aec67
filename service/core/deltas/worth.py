"""What is no news although it is relevant: a question, what is only said beside something else, what was told already.

Here it is decided what a report claims to have happened, before that is compared with what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from service.core.deltas.telling import EDITOR, PUT_OFF, Case, News, main_event
from service.core.developments.reports import Report, frame, polarity
from service.core.developments.tellers import Tellers
from service.core.events.questions import is_asked
from service.core.facts.effects import is_background
from service.core.matching.reading import Reading
from service.core.model import ActionClass, DeltaType, Event, Role

_REPEATABLE = frozenset({DeltaType.CONFIRMATION, DeltaType.UPDATE, DeltaType.NEW_DEVELOPMENT})
# Kinds of which a plan and the thing itself are two pieces of news, and how much later the second must be told.
_COMES_ABOUT = frozenset({"talks", "refuge", "presence"})
_LATER = timedelta(hours=6)
# How long talks between the same two, a statement of the same speaker, or a flight of people count as those told.
_SAME_TALKS, _SAME_STATEMENT, _SAME_FLIGHT = timedelta(days=5), timedelta(hours=36), timedelta(days=3)
_SAME_ADDITION = timedelta(days=5)
# Concepts that say who, not what: a sentence that has no others says nothing of a thread's question.
_CLAIMS = frozenset({"says", "demanded", "condition"})
_PUT_OFF = frozenset({"talks", "justice"})
_HEADLINE = 2  # sentences; some feeds put the whole text into the title
_WHO = frozenset({"president", "ousted", "interim", "delegation", "talks_noun", "parliament", "embassy"})


def claimed(reading: Reading, events: Iterable[Event], actions: Mapping[str, ActionClass]) -> list[Event]:
    """Return the events that a reading claims: not what it asks, and not what goes against what it tells first.

    "Russia may be forced to leave, as it failed to agree on its stay" tells of leaving, not of staying. What a headline
    tells as a plan or a possibility, its text does not tell as done.
    """
    asked = {(s.field, s.start, s.end) for s in reading.sentences if is_asked(s)}
    kept: list[Event] = []
    for event in events:
        if event.span and (event.span.field, event.span.start, event.span.end) in asked:
            continue
        if event.span and event.span.field == "summary" and polarity(event) == "+":
            told = [e for e in kept if e.action == event.action and e.span and e.span.field == "title"]
            if any(polarity(e) == "!" for e in told):
                continue
        opposes = actions[event.action].opposes if event.action in actions else frozenset()
        if any(
            other.action in opposes
            and other.span is not None
            and other.span.field == "title"
            and other.span != event.span
            and other.actor == event.actor
            for other in kept
        ):
            continue
        kept.append(event)
    return kept


def has_claim(reading: Reading) -> bool:
    """Say whether a headline says, asks for or conditions something, whatever was read in it."""
    return any(word.word_class in _CLAIMS for sentence in reading.title_sentences for word in sentence.words)


def has_survey(reading: Reading) -> bool:
    """Say whether a headline tells what an opinion poll found."""
    return any(word.word_class == "survey" for sentence in reading.title_sentences for word in sentence.words)


def is_put_off(reading: Reading) -> bool:
    """Say whether a headline tells that something is to be later than was planned."""
    return any(word.word_class == "put_off" for sentence in reading.title_sentences for word in sentence.words)


def as_put_off(events: Iterable[Event], actions: Mapping[str, ActionClass]) -> list[Event]:
    """Return events as they stand where a headline tells that they are put off: talks and trials are to come."""
    return [
        replace(event, modality="planned")
        if event.span is not None
        and event.span.field == "title"
        and polarity(event) == "+"
        and actions[event.action].family in _PUT_OFF
        else event
        for event in events
    ]


def looks_back(case: Case) -> bool:
    """Say whether a headline tells on an anniversary what the article had told: "one year on: how he fled"."""
    is_dated = any(w.word_class == "anniversary" for sentence in case.reading.title_sentences for w in sentence.words)
    told = [event for event in case.events if event.span is not None and event.span.field == "title"]
    facts = case.memory.story.facts
    return is_dated and bool(told) and all(is_background(event, facts) for event in told)


def is_telling(reading: Reading, events: Iterable[Event], actions: Mapping[str, ActionClass]) -> bool:
    """Say whether a first report tells something by itself: a question does not, nor do words of nobody known."""
    events = list(events)
    if any(is_asked(sentence) for sentence in reading.title_sentences):
        return any(e.span is not None and e.span.field == "title" for e in claimed(reading, events, actions))
    return not events or any(
        event.actor or event.target or event.on_record or actions[event.action].family != "statements"
        for event in events
    )


@dataclass(frozen=True, slots=True)
class _Happening:
    """What makes two events one for a while, where their kind has such a thing."""

    family: str
    parties: frozenset[str]
    window: timedelta

    @classmethod
    def of(cls, frame: str, actions: Mapping[str, ActionClass]) -> _Happening | None:
        action_id, actor, target = frame.split("|")
        family = actions[action_id].family if action_id in actions else ""
        if family == "talks":
            return cls(family, frozenset({actor, target} - {""}), _SAME_TALKS)
        if family == "statements" and actor:
            return cls(family, frozenset({actor}), _SAME_STATEMENT)
        if family == "flight" and not actor:
            return cls(family, frozenset(), _SAME_FLIGHT)
        return None

    def is_told_by(self, other: _Happening | None) -> bool:
        """Say whether the other tells the same; talks that name fewer than two parties are those told before."""
        if other is None or self.family != other.family:
            return False
        if self.family == "talks":
            return len(other.parties) > 1 and (
                self.parties == other.parties or (len(self.parties) < 2 and self.parties <= other.parties)
            )
        return self.parties == other.parties


def told_before(
    report: Report,
    events: Sequence[Event],
    tellers: Tellers,
    actions: Mapping[str, ActionClass],
    *,
    is_comment: bool = False,
) -> Report | None:
    """Return the report that told the same talks or flight, or a statement of the same speaker, before.

    A comment on what is known tells no talks of its own: with it, any talks that are told count as the ones it is about.
    """
    main = _Happening.of(frame(events[0]), actions) if events else None
    if main is None:
        return None
    same = [told for told in tellers.main_frames() if _may_be(main, told, actions, is_comment=is_comment)]
    for other in tellers.mainly_telling(same, main.parties if main.family == "statements" else ()):
        if other.entry == report.entry:
            continue
        if abs(report.dated_at - other.dated_at) > main.window or not set(report.threads) & set(other.threads):
            continue
        told = _Happening.of(other.frames[0], actions)
        if is_comment and main.family == "talks" and told is not None and told.family == "talks":
            return other
        if main.family == "statements" and other.on_record and other.origin in main.parties:
            return other  # another part of what was said
        if main.is_told_by(told) and other.polarity[0] == polarity(events[0]):
            return other
    return None


def _may_be(main: _Happening, told: str, actions: Mapping[str, ActionClass], *, is_comment: bool) -> bool:
    """Say whether a frame that was told may be the same happening, or the talks that a comment is about."""
    action = actions.get(told.partition("|")[0])
    if action is None or action.family != main.family:
        return False
    other = _Happening.of(told, actions)
    return other is not None and ((is_comment and main.family == "talks") or main.is_told_by(other))


def _is_told_by(event: Event, other: Report, report: Report) -> bool:
    """Say whether another report that told of an event's frame told the same, and lately."""
    if other.entry == report.entry or abs(report.dated_at - other.dated_at) > _SAME_ADDITION:
        return False
    return other.polarity[other.frames.index(frame(event))] == polarity(event)


def _is_comment(reading: Reading) -> bool:
    return any(word.word_class == "analysis" for sentence in reading.title_sentences for word in sentence.words)


def says_something(case: Case) -> bool:
    """Say whether a report in which nothing happens speaks of what the story asks about: "Putin congratulates" does not.

    It must name one of the story's core entities, or what a thread is about, in its headline or first sentences; what
    an editor accepted needs neither.
    """
    if any(reason.feature == EDITOR for reason in case.decision.reasons):
        return True
    reading, actions = case.reading, case.rules.words.actions
    entities = {entity.id for entity in case.memory.story.entities}
    subjects = {
        word_class
        for thread in case.memory.story.threads
        if thread.id in case.decision.threads
        for pattern in thread.belongs
        for slot in pattern.slots
        for word_class in slot
    }
    subjects -= entities | _WHO | actions.keys()
    near = (*reading.title_sentences[:_HEADLINE], *reading.lead)
    return any(
        any(name.role is Role.CORE and name.oblique is None for name in sentence.names) or subjects & sentence.classes()
        for sentence in near
    )


def is_told_already(case: Case, report: Report) -> bool:
    """Say whether another report told the main event, and an editor has not withdrawn that."""
    told = main_event(case)
    same = told_before(
        report,
        case.events if told is None else [told],
        case.memory.tellers,
        case.rules.words.actions,
        is_comment=_is_comment(case.reading),
    )
    return same is not None and not case.memory.is_taken_back(same.development)


def is_step_told(event: Event, case: Case, report: Report) -> bool:
    """Say whether another report told one event of several: in the same words only.

    Talks that were told do not tell what they come to, so they are not asked, as `is_told_already` asks them: measured,
    a pledge made at a meeting was lost to the report that announced the meeting.
    """
    return any(_is_told_by(event, other, report) for other in case.memory.tellers.telling(frame(event)))


def _is_on_record(event: Event, actions: Mapping[str, ActionClass]) -> bool:
    """Say whether somebody says with his name that there are talks: that they are sought was known, not that."""
    return event.on_record and event.action in actions and actions[event.action].family == "talks"


def first_news(case: Case, report: Report) -> News | None:
    """Return a new development, unless its first report asks, restates the article, or tells what was told before."""
    events, facts = case.events, case.memory.story.facts
    if (
        events
        and not report.quantities
        and all(event.place is None and is_background(event, facts) for event in events)
        and not any(_is_on_record(event, case.rules.words.actions) for event in events)
    ):
        return None
    if not is_telling(case.reading, events, case.rules.words.actions) or is_told_already(case, report):
        return None
    told, actions = main_event(case), case.rules.words.actions
    if told is None and _is_comment(case.reading):
        return None  # an opinion, in which nothing happens
    if (told is None or actions[told.action].family == "statements") and not says_something(case):
        return None
    return News(type=DeltaType.NEW_DEVELOPMENT, why="First report of a new development")


def unless_told(news: News | None, case: Case, report: Report) -> News | None:
    """Return what is new, but not where it only confirms, develops or begins what was told before."""
    if news is None or news.type not in _REPEATABLE or news.why == PUT_OFF:
        return news
    is_told = is_step_told(news.event, case, report) if news.event else is_told_already(case, report)
    return None if is_told else news


def has_come_about(
    action: ActionClass, report: Report, known: Iterable[Report], actions: Mapping[str, ActionClass]
) -> bool:
    """Say whether what all earlier reports had as a plan or a demand is now told as done; talks are one by any name."""
    known = list(known)
    signs = {
        (frame.split("|")[0].removeprefix("plan_to_"), sign)
        for r in known
        for frame, sign in zip(r.frames, r.polarity, strict=False)
    }
    done = {action_id for action_id, sign in signs if sign == "+"}
    if action.family == "talks":
        done = {action.id for each in done if each in actions and actions[each].family == "talks"}
    later = any(report.dated_at - r.dated_at >= _LATER for r in known)
    return action.family in _COMES_ABOUT and later and (action.id, "!") in signs and action.id not in done
