"""What is no news although it is relevant: a question, what is only said beside something else, what was told already.

Here it is decided what a report claims to have happened, before that is compared with what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from service.core.model import ActionClass, DeltaType, Event, Fact
from service.core.reading import Reading, Sentence
from service.core.reports import Report, frame, polarity
from service.core.telling import Case, News

_ASKS = ("?", "\uff1f", "\u061f", ";")  # the last is the Greek question mark
# How long talks between the same two, or a statement of the same speaker, count as the ones told already.
_SAME_TALKS, _SAME_STATEMENT = timedelta(days=5), timedelta(days=1)


def asks(text: str) -> bool:
    """Say whether a text ends as a question."""
    return text.rstrip().endswith(_ASKS)


def _is_asked(sentence: Sentence) -> bool:
    """Say whether a sentence asks, and does not say that something is reported."""
    if sentence.text.rstrip().endswith(";") and sentence.lang != "el":
        return False
    return asks(sentence.text) and not any(word.word_class == "reported" for word in sentence.words)


def claimed(reading: Reading, events: Iterable[Event], actions: Mapping[str, ActionClass]) -> list[Event]:
    """Return the events that a reading claims: not what it asks, and not what goes against what it tells first.

    "Russia may be forced to leave, as it failed to agree on its stay" tells of leaving, not of staying.
    """
    asked = {(s.field, s.start) for s in reading.sentences if _is_asked(s)}
    kept: list[Event] = []
    for event in events:
        if event.span and (event.span.field, event.span.start) in asked:
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


def is_telling(reading: Reading, events: Iterable[Event], actions: Mapping[str, ActionClass]) -> bool:
    """Say whether a first report tells something by itself: a question does not, nor do words of nobody known."""
    events = list(events)
    if any(_is_asked(sentence) for sentence in reading.title_sentences):
        return any(e.span is not None and e.span.field == "title" for e in claimed(reading, events, actions))
    return not events or any(
        event.actor or event.target or event.speaker or actions[event.action].family != "statements" for event in events
    )


def _key(frame: str, actions: Mapping[str, ActionClass]) -> tuple[str, frozenset[str], timedelta] | None:
    """Return what makes two events one for a while, where their kind has such a thing."""
    action_id, actor, target = frame.split("|")
    family = actions[action_id].family if action_id in actions else ""
    if family == "talks" and actor and target:
        return family, frozenset({actor, target}), _SAME_TALKS
    if family == "statements" and actor:
        return family, frozenset({actor}), _SAME_STATEMENT
    return None


def told_before(
    report: Report, events: Sequence[Event], earlier: Iterable[Report], actions: Mapping[str, ActionClass]
) -> Report | None:
    """Return the report that told the same talks, or a statement of the same speaker on the same subject, before."""
    key = _key(frame(events[0]), actions) if events else None
    if key is None:
        return None
    for other in earlier:
        if other.delta is None or other.retracted or not other.frames or other.entry == report.entry:
            continue
        if abs(report.dated_at - other.dated_at) > key[2] or not set(report.threads) & set(other.threads):
            continue
        if _key(other.frames[0], actions) == key and other.polarity[0] == polarity(events[0]):
            return other
    return None


def is_background(event: Event, baseline: Iterable[Fact]) -> bool:
    """Say whether an event only restates the article: "the leader who fled to Moscow" stands in every report."""
    return any(
        fact.action == event.action
        and fact.actor in {event.actor, None}
        and fact.object in {event.target, None}
        and polarity(event) == ("-" if fact.negated else "!" if fact.modality == "planned" else "+")
        for fact in baseline
    )


def is_told_already(case: Case, report: Report) -> bool:
    """Say whether another report told the main event, and an editor has not withdrawn that."""
    earlier, actions = case.memory.possible_originals(report.dated_at), case.rules.words.actions
    same = told_before(report, case.events, earlier, actions)
    return same is not None and not case.memory.is_taken_back(same.development)


def first_news(case: Case, report: Report) -> News | None:
    """Return a new development, unless its first report asks, restates the article, or tells what was told before."""
    events, facts = case.events, case.memory.story.facts
    if (
        events
        and not report.quantities
        and all(event.place is None and is_background(event, facts) for event in events)
    ):
        return None
    if not is_telling(case.reading, events, case.rules.words.actions) or is_told_already(case, report):
        return None
    return News(type=DeltaType.NEW_DEVELOPMENT, why="First report of a new development")


def unless_told(news: News | None, case: Case, report: Report) -> News | None:
    """Return what a further report adds, but not a confirmation or an update whose main event was told before."""
    repeatable = news is not None and news.type in {DeltaType.CONFIRMATION, DeltaType.UPDATE}
    return None if repeatable and is_told_already(case, report) else news
