"""Put into words and values what comparing found: the settled decision, the development, the delta with its quotes.

What is new is decided in core.deltas.compare; here nothing is judged any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from service.core.deltas.report_topics import named_in, topic
from service.core.deltas.wording import capital, delta_line, event_phrase
from service.core.developments.likeness import JoinRule, Kinship
from service.core.developments.reports import Report, bare_title
from service.core.events.conditions import conditional_event, hangs, is_without_agreement
from service.core.events.event_words import EventWords
from service.core.events.scene import scene_of
from service.core.facts.effects import Effect, is_background
from service.core.facts.memory import StoryMemory
from service.core.ids import delta_id
from service.core.matching.meanings import found_by
from service.core.matching.reading import Reading
from service.core.model import (
    ActionClass,
    Attribution,
    Change,
    Comparison,
    Decision,
    Delta,
    DeltaType,
    Development,
    Entry,
    Event,
    Fact,
    Outcome,
    Quote,
    Span,
    Story,
)
from service.core.records import altered

PUT_OFF = "It is put off"  # why a delta tells that what was planned is to be later
EDITOR = "editor"  # the feature by which an editor's judgement enters the score
_QUOTE_LENGTH = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRules:
    """Everything comparing needs besides memory and the entry."""

    words: EventWords
    kin: Kinship
    join: JoinRule
    rules_version: str
    encode: Callable[[str], tuple[int, ...]] | None = None  # what a text means, where the encoder is switched on


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new in a follow-up, and why it is told."""

    type: DeltaType
    why: str
    effects: tuple[Effect, ...] = ()
    changes: tuple[Change, ...] = ()
    supersedes: str | None = None
    event: Event | None = None  # the new one among several
    figure: str | None = None  # the new one, where it is news


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A follow-up on the desk: what is compared, with what, and when."""

    decision: Decision
    entry: Entry
    reading: Reading
    memory: StoryMemory
    rules: CompareRules
    now: datetime
    events: tuple[Event, ...]
    when: Mapping[Span, str] = field(default_factory=dict)  # sentence → when what it tells is to happen


def _novelty(report: Report, memory: StoryMemory, news: News | None, *, first: bool) -> float:
    cluster = memory.clusters.get(report.development)
    told = [r.text_words for r in cluster.reports if r.lang == report.lang and r.text_words] if cluster else []
    unseen = float(first)
    if told and report.text_words:
        new = set(report.text_words.as_set())
        for words in told:
            new -= words.as_set()
        unseen = len(new) / report.text_words.size
    if news is None:
        return round(0.25 * unseen, 2)
    floor = 0.7 if first or news.changes else 0.4
    return round(min(1.0, floor + 0.3 * unseen), 2)


def _quote(reading: Reading, span: Span | None) -> Quote:
    """Return the words of a sentence as an exact quote; a long sentence is cut at a space."""
    if span is None:
        span = Span(field="title", start=0, end=len(reading.title))
    text = reading.text(span.field)[span.start : span.end]
    if len(text) > _QUOTE_LENGTH:
        cut = text.rfind(" ", 0, _QUOTE_LENGTH)
        text = text[: cut if cut > 0 else _QUOTE_LENGTH]
    return Quote(quote=text, span=Span(field=span.field, start=span.start, end=span.start + len(text)))


def main_event(case: Case) -> Event | None:
    """Return the event to tell of: what is long known comes last.

    A statement deep in the text is not what a headline that names others is about.
    """
    actions = case.rules.words.actions
    facts = case.memory.story.facts
    named = {name.entity for sentence in case.reading.title_sentences for name in sentence.names}
    events = list(case.events)
    if events and is_background(events[0], facts):
        headlined = [e for e in events if e.span is None or e.span.field == "title"]
        events = [*(e for e in headlined if not is_background(e, facts)), *events]
    for event in events:
        is_aside = event.action in actions and actions[event.action].family == "statements" and event.actor not in named
        in_title = event.span is None or event.span.field == "title"
        if in_title or not is_aside or not any(sentence.names for sentence in case.reading.title_sentences):
            return event
    return None


def _what_is_denied(event: Event, case: Case) -> Event:
    """Return what a denial is about, where the same sentence says it."""
    if event.action != "deny":
        return event
    said = (e for e in case.events if e.modality == "denied" and e.span == event.span)
    return next((e for e in said if e.actor or e.target), event)


def settle(case: Case, report: Report, news: News | None, *, first: bool = False) -> Comparison:
    """Return all that comparing changes: the settled decision, its development, and a delta where there is news.

    Args:
        case: What was compared.
        report: The entry as memory will keep it.
        news: What is new in it; None for a repeat.
        first: It begins its development.
    """
    decision, entry, reading, memory, rules = case.decision, case.entry, case.reading, case.memory, case.rules
    now = case.now
    story = memory.story
    cast, names = memory.cast, memory.cast.names
    actions = rules.words.actions
    novelty = _novelty(report, memory, news, first=first)
    delta: Delta | None = None
    facts: tuple[Fact, ...] = ()
    known = memory.developments.get(report.development)
    cluster = memory.clusters.get(report.development)
    is_told = not first and cluster is not None and any(other.delta for other in cluster.reports)
    if news is not None:
        event = _what_is_denied(news.effects[0].event, case) if news.effects else news.event or main_event(case)
        if news.figure and event is not None and not event.negated:
            event = replace(event, quantity=news.figure)
        threads = " and ".join(cast.threads[thread] for thread in decision.threads) or story.title
        subject = threads if event else topic(reading, names) or f"New report on {threads}"
        countries, places = cast.countries, cast.places
        scene = scene_of(reading, event, actions, countries, rules.words.sides)
        if event is not None and event.date is not None and event.span is not None:
            scene = replace(scene, when=case.when[event.span])
        instead = _what_it_confirms(news, event, memory, actions) or _who_confirms(news, event, known, names, actions)
        if news.why == PUT_OFF and known is not None:
            instead = f"Put off: {known.line}"
        hangs_on = conditional_event(reading, rules.words, event.span if event else None)
        condition = f"if {event_phrase(hangs_on, actions, names, countries, places)}" if hangs_on else ""
        if is_without_agreement(reading, event.span if event else None):
            condition = "if there is no agreement"
        elif not condition and event and event.modality == "planned" and hangs(reading, event.span):
            condition = "on a condition"
        about = named_in(reading, names)
        line = delta_line(
            news.type, event, news.changes, actions, names, subject, countries, places, scene, instead, condition, about
        )
        spans = dict.fromkeys(effect.span for effect in news.effects) or {event.span if event else None: None}
        title = (
            known.line
            if known and is_told
            else (capital(event_phrase(event, actions, names, countries, places, scene)) if event else line)
        )
        plover = actions[event.action].plover if event and event.action in actions else None
        delta = Delta(
            id=delta_id(story.id, entry.id, entry.revision, _kind(news.type, memory.rejections(entry.id))),
            story=story.id,
            threads=decision.threads,
            type=news.type,
            line=line,
            headline=entry.title,
            url=entry.url,
            outlet=entry.outlet,
            feed=entry.feed_id,
            pole=entry.pole,
            lang=entry.lang,
            published_at=entry.published_at,
            first_seen_at=entry.first_seen_at,
            created_at=now,
            score=decision.score,
            novelty=novelty,
            reason=_reason(news, decision, entry),
            added=tuple(_quote(reading, span) for span in list(spans)[:3]),
            changes=news.changes,
            event=event,
            plover=plover,
            entities=decision.mentions,
            development=report.development,
            development_title=title,
            first_report=first,
            origin=report.origin,
            entry=entry.id,
            revision=entry.revision,
            supersedes=news.supersedes,
            by="publisher",
            rules_version=rules.rules_version,
        )
        report = altered(report, delta=delta.id)
        if first and event is not None:
            facts = (later_fact(story, delta, event, report),)
    line = delta.development_title if delta else (known.line if known else entry.title)
    if known and delta and not is_told:
        known = replace(known, line=line)  # nothing was told of it before
    development = _projected(known, story, entry, report, line, is_new=entry.id not in memory.by_entry)
    settled = altered(
        decision,
        outcome=Outcome.DELTA if delta else Outcome.REPEAT,
        type=delta.type if delta else None,
        delta=delta.id if delta else None,
        development=report.development,
        duplicate_of=report.duplicate_of,
        origin=report.origin,
        novelty=novelty,
        decided_at=now,
        rules_version=rules.rules_version,
        trace=report.to_json(),
    )
    return Comparison(decision=settled, development=development, delta=delta, facts=facts, report=report.kept())


def _what_it_confirms(news: News, event: Event | None, memory: StoryMemory, actions: Mapping[str, ActionClass]) -> str:
    """Return what a report makes of a fact that its event is not about: "Assad leaves" may confirm whom he told."""
    if news.type is not DeltaType.CONFIRMATION or not news.changes or event is None:
        return ""
    fact = memory.facts[news.changes[0].fact].fact
    said = {event.action, actions[event.action].derived_from} if event.action in actions else {event.action}
    is_about = fact.action is None or fact.action in said or event.action == "undecided"
    return "" if is_about else news.changes[0].after


def _who_confirms(
    news: News,
    event: Event | None,
    known: Development | None,
    names: Mapping[str, str],
    actions: Mapping[str, ActionClass],
) -> str:
    """Return who stands by what a development told, where no more is said than that somebody does."""
    if news.type is not DeltaType.CONFIRMATION or news.changes or event is None or known is None:
        return ""
    who = names.get(event.speaker or event.actor or "", "")
    is_only_said = event.action in actions and actions[event.action].family == "statements"
    return f"{who} confirms: {known.line}" if who and is_only_said else ""


def _kind(kind: DeltaType, rejections: int) -> str:
    """Return what tells an entry's deltas apart: what is told again after an editor withdrew it is another delta."""
    return f"{kind.value} after {rejections} rejections" if rejections else kind.value


def _reason(news: News, decision: Decision, entry: Entry) -> str:
    strongest = max((r for r in decision.reasons if r.weight > 0 and r.text), key=lambda r: r.weight, default=None)
    found = f" Found by {found_by(strongest)}." if strongest else ""
    says = "says so" if news.type is DeltaType.RETRACTION else "reports it"
    return f"{news.why.rstrip('.')}. {entry.outlet or 'A feed'} {says}.{found}"


def later_fact(story: Story, delta: Delta, event: Event, report: Report) -> Fact:
    """Return the fact that the first delta of a development brings: that it has happened."""
    return Fact(
        id=delta.development,
        thread=delta.threads[0] if delta.threads else story.threads[0].id,
        statement=delta.development_title,
        actor=event.actor,
        action=event.action,
        object=event.target,
        place=event.place,
        value=event.quantity,
        negated=event.negated,
        modality=event.modality,
        attribution=Attribution(text=delta.outlet or report.origin, origin=report.origin, on_record=report.on_record),
        as_of=delta.created_at,
        delta=delta.id,
    )


def _projected(
    known: Development | None, story: Story, entry: Entry, report: Report, line: str, *, is_new: bool
) -> Development:
    """Return the development with this report counted in."""
    outlet = entry.outlet or entry.feed_id
    if known is None:
        return Development(
            id=report.development,
            story=story.id,
            threads=report.threads,
            title=bare_title(entry.title, entry.outlet),
            lang=entry.lang,
            line=line,
            first_entry=entry.id,
            first_at=report.dated_at,
            last_at=report.dated_at,
            reports=1,
            outlets=(outlet,),
            origins=(report.origin,),
        )
    return altered(
        known,
        threads=tuple(t.id for t in story.threads if t.id in {*known.threads, *report.threads}),
        last_at=max(known.last_at, report.dated_at),
        reports=known.reports + is_new,
        outlets=known.outlets if outlet in known.outlets else (*known.outlets, outlet),
        origins=known.origins if report.origin in known.origins else (*known.origins, report.origin),
    )
