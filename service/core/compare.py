"""What a follow-up adds to or changes in what is known: the decision, its development, and a delta or none.

The order of questions: is it another revision of something told? a copy? which development is it part of? what does
it do to facts? what else is new in it? Only when nothing is new is it a repeat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from service.core.developments import JoinRule, best_cluster
from service.core.events import EventWords, read_events, sentence_quantities
from service.core.facts import Effect, baseline_effects, denied_fact
from service.core.ids import delta_id, development_id
from service.core.memory import StoryMemory
from service.core.model import (
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
    Role,
    Span,
    Story,
)
from service.core.reading import Reading
from service.core.reports import Report, bare_title, first_copy, frame, polarity, word_hashes
from service.core.wording import delta_line, event_phrase

_QUOTE_LENGTH = 400
_MARKER_REACH = 4  # code points before a headline marker: an emoji, a bracket


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRules:
    """Everything comparing needs besides memory and the entry."""

    words: EventWords
    join: JoinRule
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """What is new in a follow-up, and why it is told."""

    type: DeltaType
    why: str
    effects: tuple[Effect, ...] = ()
    changes: tuple[Change, ...] = ()
    supersedes: str | None = None


def has_marker(reading: Reading, word_class: str) -> bool:
    """Say whether a headline begins with a marker such as CORRECTED, or the summary says the same in a sentence."""
    for sentence in reading.sentences:
        for word in sentence.words:
            if word.word_class != word_class:
                continue
            if sentence.field == "title" and word.start <= _MARKER_REACH:
                written = reading.title[word.start : word.end]
                after = reading.title[word.end : word.end + 2].strip()
                if written.isupper() or after[:1] in {":", "-", "–", "—", "]", "】", "|", ")", "："}:
                    return True
            if sentence.field == "summary" and word_class == "withdrawn" and word.end - word.start > 12:
                return True
    return False


def _slug(outlet: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in outlet.casefold()).split()) or "unknown"


def _origin(reading: Reading, events: list[Event], entry: Entry) -> tuple[str, bool]:
    """Return (who it all rests on, whether they stand by it with their name)."""
    for event in events[:3]:
        if event.speaker and event.on_record:
            return event.speaker, True
    publishers = [name.entity for _, name in reading.names(Role.PUBLISHER)]
    if publishers:
        return publishers[0], False
    return _slug(entry.outlet or entry.feed_id), False


def _report(entry: Entry, decision: Decision, reading: Reading, events: list[Event], rules: CompareRules) -> Report:
    counted: dict[str, int] = {}
    for sentence in (*reading.title_sentences, *reading.lead):
        for unit, value in sentence_quantities(sentence, rules.words).items():
            counted.setdefault(unit, value)
    told = [(s, n) for s, n in reading.names(Role.CORE, Role.CONTEXT) if n.oblique is None]
    near = [(s, n) for s, n in told if s.field == "title" or s in reading.lead] or told
    strong = [e for e in events if rules.words.actions[e.action].family != "statements"] or events
    title = bare_title(reading.title, entry.outlet)
    origin, on_record = _origin(reading, events, entry)
    return Report(
        entry=entry.id,
        revision=entry.revision,
        dated_at=entry.published_at or entry.first_seen_at,
        lang=reading.sentences[0].lang if reading.sentences else entry.lang or "",
        outlet=entry.outlet,
        threads=decision.threads,
        frames=tuple(dict.fromkeys(frame(event) for event in strong))[:6],
        polarity=tuple(polarity(event) for event in strong)[:6],
        core=frozenset(n.entity for _, n in near if n.role is Role.CORE),
        entities=frozenset(n.entity for _, n in near),
        quantities=counted,
        title_words=word_hashes(title),
        text_words=word_hashes(f"{title} {reading.summary}"),
        origin=origin,
        on_record=on_record,
        denies=any(event.action == "deny" or event.modality == "denied" for event in events),
    )


def compare(
    decision: Decision, entry: Entry, reading: Reading, memory: StoryMemory, rules: CompareRules, now: datetime
) -> Comparison:
    """Compare a relevant entry with what is known of its story.

    Args:
        decision: The pending decision on it.
        entry: The entry revision.
        reading: The entry as the story reads it.
        memory: What is known; not changed here.
        rules: Lexicon, join rule and their version.
        now: The instant to stamp on what is published, UTC.
    """
    events = read_events(reading, rules.words)
    report = _report(entry, decision, reading, events, rules)
    earlier = memory.by_entry.get(entry.id)
    if earlier is not None and earlier.revision < entry.revision:
        return _revised(decision, entry, reading, memory, rules, now, events, report, earlier)
    withdrawn = has_marker(reading, "withdrawn")
    original = first_copy(report, memory.possible_originals(report.dated_at))
    if original is not None and withdrawn:
        return _withdrawn_anew(decision, entry, reading, memory, rules, now, events, report, original)
    if original is not None and not memory.is_taken_back(original.development):
        report = replace(report, development=original.development, origin=original.origin, duplicate_of=original.entry)
        return _settle(decision, entry, reading, memory, rules, now, events, report, None)
    cluster = best_cluster(report, memory.open_clusters(), rules.words.actions, rules.join)
    first = cluster is None or memory.is_taken_back(cluster.id)
    report = replace(report, development=cluster.id if cluster else development_id(memory.story.id, entry.id))
    if first:
        cluster = None  # what is known of a development whose every delta was taken back counts for nothing
    news = _denial(events, memory, rules, cluster.id if cluster else None)
    if news is None and cluster is not None:
        news = _denied_development(events, memory, cluster.id, cluster.reports)
    if news is None:
        told = memory.told_facts.get(report.development, set())
        effects = _effects(memory, reading, events, rules, report, besides=frozenset(told))
        if cluster is not None:
            effects = [effect for effect in effects if _tells_more(effect, report, cluster.reports, rules)]
        news = _fact_news(effects)
    if news is not None and first and news.type is DeltaType.UPDATE:
        news = replace(news, type=DeltaType.NEW_DEVELOPMENT)
    if news is None and first:
        news = _News(type=DeltaType.NEW_DEVELOPMENT, why="First report of a new development")
    if news is None and cluster is not None:
        if withdrawn:
            first_told = next((r for r in cluster.reports if r.delta), cluster.reports[0])
            return _withdrawn_anew(decision, entry, reading, memory, rules, now, events, report, first_told)
        news = _added(report, cluster.reports, events, rules)
    return _settle(decision, entry, reading, memory, rules, now, events, report, news, first=first)


def _withdrawn_anew(
    decision: Decision,
    entry: Entry,
    reading: Reading,
    memory: StoryMemory,
    rules: CompareRules,
    now: datetime,
    events: list[Event],
    report: Report,
    original: Report,
) -> Comparison:
    """Compare a notice of its own that withdraws what another entry told: the first such notice retracts it."""
    report = replace(report, development=original.development, origin=original.origin, retracted=True)
    told = memory.by_entry[original.entry].delta
    is_first = not any(r.retracted and r.development == original.development for r in memory.by_entry.values())
    news = _retraction("The report is withdrawn", memory, told) if told and is_first else None
    return _settle(decision, entry, reading, memory, rules, now, events, report, news)


def _effects(
    memory: StoryMemory,
    reading: Reading,
    events: list[Event],
    rules: CompareRules,
    report: Report,
    *,
    besides: frozenset[str],
) -> list[Effect]:
    named = report.on_record or any(True for _ in reading.names(Role.PUBLISHER))
    return baseline_effects(
        memory,
        reading,
        events,
        rules.words.actions,
        report.origin,
        on_record=report.on_record,
        named=named,
        besides=besides,
    )


def _tells_more(effect: Effect, report: Report, known: list[Report], rules: CompareRules) -> bool:
    """Say whether a further report of a development tells of a fact what its first reports did not.

    The same happening in other words is a repeat: only a new voice on the record, or a kind of event that no earlier
    report of it told of, changes what is known.
    """
    new_voice = report.on_record and report.origin not in {r.origin for r in known}
    families = {rules.words.actions[f.split("|")[0]].family for r in known for f in r.frames}
    action = rules.words.actions.get(effect.event.action)
    new_kind = action is not None and action.family not in families
    in_title = effect.span is not None and effect.span.field == "title"
    return in_title and (new_voice or new_kind)


def _fact_news(effects: list[Effect]) -> _News | None:
    if not effects:
        return None
    changes = tuple(effect.change for effect in effects)
    stance = {"contradicts": "Against", "confirms": "Confirms", "develops": "Adds to"}[changes[0].stance]
    return _News(
        type=effects[0].type,
        why=f"{stance} what was known: {changes[0].before}",
        effects=tuple(effects),
        changes=changes,
    )


def _retraction(why: str, memory: StoryMemory, superseded: str | None) -> _News:
    changes = memory.taken_back(superseded) if superseded else ()
    return _News(type=DeltaType.RETRACTION, why=why, changes=changes, supersedes=superseded)


def _denial(events: list[Event], memory: StoryMemory, rules: CompareRules, development: str | None) -> _News | None:
    for event in events:
        state = denied_fact(memory, event, rules.words.actions, development)
        if state is None:
            continue
        change = Change(fact=state.fact.id, before=state.now, after=f"Denied: {state.now}", stance="contradicts")
        effect = Effect(change=change, type=DeltaType.CONTRADICTION, span=event.span, event=event)
        return _News(
            type=DeltaType.CONTRADICTION,
            why=f"Denies what was reported: {state.now}",
            effects=(effect,),
            changes=(change,),
        )
    return None


def _denied_development(
    events: list[Event], memory: StoryMemory, development: str, known: list[Report]
) -> _News | None:
    """Return the denial of what a development reports, where nobody has denied it yet."""
    state = memory.facts.get(development)
    denial = next((e for e in events if e.action == "deny" or e.modality == "denied"), None)
    if state is None or denial is None or any(report.denies for report in known):
        return None
    change = Change(fact=development, before=state.now, after=f"Denied: {state.now}", stance="contradicts")
    effect = Effect(change=change, type=DeltaType.CONTRADICTION, span=denial.span, event=denial)
    why = f"Denies what was reported: {state.now}"
    return _News(type=DeltaType.CONTRADICTION, why=why, effects=(effect,), changes=(change,))


def _added(report: Report, known: list[Report], events: list[Event], rules: CompareRules) -> _News | None:
    """Return what a further report of a development adds, or None for a repeat."""
    for unit, value in report.quantities.items():
        told = {r.quantities[unit] for r in known if unit in r.quantities}
        if told and value not in told:
            return _News(type=DeltaType.VALUE_CHANGE, why=f"{unit}: {value}, not {', '.join(map(str, sorted(told)))}")
        if not told and unit in {"killed", "wounded", "soldiers", "ships", "aircraft", "vehicles", "people"}:
            return _News(type=DeltaType.UPDATE, why=f"Adds a figure: {value} {unit}")
    if report.on_record and not any(r.on_record for r in known):
        confirmed = any(e.modality == "confirmed" or e.action == "confirm" for e in events)
        if confirmed:
            return _News(type=DeltaType.CONFIRMATION, why=f"On the record now: {report.origin}")
    families = {rules.words.actions[f.split("|")[0]].family for r in known for f in r.frames}
    for event in events[:2]:
        family = rules.words.actions[event.action].family
        complete = event.actor is not None and event.target is not None
        in_title = event.span is not None and event.span.field == "title"
        if complete and in_title and families and family not in families and family != "statements":
            return _News(type=DeltaType.UPDATE, why=f"Adds a {rules.words.actions[event.action].noun}")
    return None


def _revised(
    decision: Decision,
    entry: Entry,
    reading: Reading,
    memory: StoryMemory,
    rules: CompareRules,
    now: datetime,
    events: list[Event],
    report: Report,
    earlier: Report,
) -> Comparison:
    """Compare a later revision of an entry with the one that was told."""
    report = replace(report, development=earlier.development, origin=earlier.origin, delta=earlier.delta)
    news: _News | None = None
    if has_marker(reading, "withdrawn"):
        if not earlier.retracted:
            news = _retraction("The publisher withdrew its report", memory, earlier.delta)
        report = replace(report, retracted=True)
    elif earlier.retracted:
        report = replace(report, retracted=True)
    else:
        changed = {
            unit: (earlier.quantities[unit], value)
            for unit, value in report.quantities.items()
            if unit in earlier.quantities and earlier.quantities[unit] != value
        }
        if has_marker(reading, "correction") and (changed or report.text_words != earlier.text_words):
            what = "; ".join(f"{unit} {old} → {new}" for unit, (old, new) in changed.items())
            news = _News(type=DeltaType.CORRECTION, why=f"Corrected{': ' + what if what else ''}")
        elif changed:
            what = "; ".join(f"{unit} {old} → {new}" for unit, (old, new) in changed.items())
            news = _News(type=DeltaType.VALUE_CHANGE, why=what)
        else:
            told = memory.told_facts.get(earlier.development, set())
            news = _fact_news(_effects(memory, reading, events, rules, report, besides=frozenset(told)))
            if news is None and set(report.frames[:1]) - set(earlier.frames):
                cluster = memory.clusters.get(earlier.development)
                news = _added(report, [earlier, *(cluster.reports if cluster else [])], events, rules)
        if news is not None:
            news = replace(news, supersedes=earlier.delta)
    if news is None:  # still the copy that it was
        report = replace(report, duplicate_of=earlier.duplicate_of)
    return _settle(decision, entry, reading, memory, rules, now, events, report, news)


def _novelty(report: Report, memory: StoryMemory, news: _News | None, *, first: bool) -> float:
    cluster = memory.clusters.get(report.development)
    told: set[int] = set()
    for other in cluster.reports if cluster else ():
        if other.lang == report.lang:
            told |= other.text_words
    unseen = len(report.text_words - told) / len(report.text_words) if report.text_words and told else float(first)
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


def _settle(
    decision: Decision,
    entry: Entry,
    reading: Reading,
    memory: StoryMemory,
    rules: CompareRules,
    now: datetime,
    events: list[Event],
    report: Report,
    news: _News | None,
    *,
    first: bool = False,
) -> Comparison:
    """Put the outcome together."""
    story = memory.story
    names = {entity.id: entity.name for entity in story.entities}
    actions = rules.words.actions
    novelty = _novelty(report, memory, news, first=first)
    delta: Delta | None = None
    facts: tuple[Fact, ...] = ()
    known = memory.developments.get(report.development)
    if news is not None:
        event = news.effects[0].event if news.effects else (events[0] if events else None)
        titles = {thread.id: thread.title for thread in story.threads}
        subject = " and ".join(titles[thread] for thread in decision.threads) or story.title
        line = delta_line(news.type, event, news.changes, actions, names, subject)
        spans = dict.fromkeys(effect.span for effect in news.effects) or {event.span if event else None: None}
        title = known.line if known else (event_phrase(event, actions, names) if event else line)
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
        report = replace(report, delta=delta.id)
        if first and event is not None:
            facts = (_later_fact(story, delta, event, report),)
    line = delta.development_title if delta else (known.line if known else entry.title)
    development = _projected(known, story, entry, report, line, is_new=entry.id not in memory.by_entry)
    settled = replace(
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
    return Comparison(decision=settled, development=development, delta=delta, facts=facts)


def _kind(kind: DeltaType, rejections: int) -> str:
    """Return what tells an entry's deltas apart: what is told again after an editor withdrew it is another delta."""
    return f"{kind.value} after {rejections} rejections" if rejections else kind.value


def _reason(news: _News, decision: Decision, entry: Entry) -> str:
    strongest = max((r for r in decision.reasons if r.weight > 0 and r.text), key=lambda r: r.weight, default=None)
    found = f" Found by {strongest.text} ({strongest.feature.replace('_', ' ')})." if strongest else ""
    return f"{news.why.rstrip('.')}. {entry.outlet or 'A feed'} reports it.{found}"


def _later_fact(story: Story, delta: Delta, event: Event, report: Report) -> Fact:
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
    return replace(
        known,
        threads=tuple(t.id for t in story.threads if t.id in {*known.threads, *report.threads}),
        last_at=max(known.last_at, report.dated_at),
        reports=known.reports + is_new,
        outlets=known.outlets if outlet in known.outlets else (*known.outlets, outlet),
        origins=known.origins if report.origin in known.origins else (*known.origins, report.origin),
    )
