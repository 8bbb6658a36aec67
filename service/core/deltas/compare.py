"""What a follow-up adds to or changes in what is known: the decision, its development, and a delta or none.

The order of questions: is it another revision of something told? a copy? which development is it part of? what does
it do to facts? what else is new in it? Only when nothing is new is it a repeat.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from service.core.deltas.additions import added, pledged, put_on_record
from service.core.deltas.reporting import report_of
from service.core.deltas.telling import Case, CompareRules, News, settle
from service.core.deltas.worth import (
    as_put_off,
    claimed,
    first_news,
    has_claim,
    has_survey,
    is_put_off,
    looks_back,
    unless_told,
)
from service.core.developments.kinds import NO_NEWS_ALONE, NOT_SO, is_new_kind, is_said_not_to_be, kind_of
from service.core.developments.reports import Report, polarity
from service.core.events.dates import dated
from service.core.events.extraction import Figures, read_events
from service.core.events.movers import with_ours
from service.core.events.pronouns import with_pronouns
from service.core.events.quantities import in_words
from service.core.events.questions import asks
from service.core.facts.effects import MOST_CHANGES, Effect, baseline_effects, denied_fact, on_sides, undone_effects
from service.core.facts.memory import StoryMemory
from service.core.ids import development_id
from service.core.matching.reading import Reading
from service.core.model import (
    Change,
    Comparison,
    Decision,
    DeltaType,
    Entry,
    Event,
    Role,
)
from service.core.records import altered

_MARKER_REACH = 4  # code points before a headline marker: an emoji, a bracket


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
    reading = with_ours(with_pronouns(reading), rules.words.sides)
    figures = Figures(rules.words)
    today = (entry.published_at or now).date()
    done = [] if has_survey(reading) else read_events(reading, rules.words, figures)  # what people want nobody does
    done = as_put_off(done, rules.words.actions) if is_put_off(reading) else done
    events, when = dated(done, reading, rules.words.calendar, today, memory.story.as_of.date())
    case = Case(
        decision=decision,
        entry=entry,
        reading=reading,
        memory=memory,
        rules=rules,
        now=now,
        events=tuple(events),
        when={span: each.in_words(today) for span, each in when.items()},
    )
    report = report_of(entry, decision, reading, events, rules, memory.story.facts, figures)
    earlier = memory.by_entry.get(entry.id)
    if earlier is not None and earlier.revision < entry.revision:
        return _revised(case, report, earlier)
    withdrawn = has_marker(reading, "withdrawn")
    original = memory.original_of(report)
    if original is not None and withdrawn:
        return _withdrawn_anew(case, report, original)
    if original is not None and not memory.is_taken_back(original.development):
        report = altered(report, development=original.development, origin=original.origin, duplicate_of=original.entry)
        return settle(case, report, None)
    tells_nothing = not (events or report.quantities or has_claim(reading))
    cluster = memory.open.nearest(report, rules.kin, rules.join)
    if looks_back(case) or (cluster is None and tells_nothing and _is_beside_the_point(case, report)):
        return settle(case, replace(report, development=development_id(memory.story.id, entry.id)), None)
    first = cluster is None or memory.is_taken_back(cluster.id) or not any(r.delta or r.frames for r in cluster.reports)
    report = altered(report, development=cluster.id if cluster else development_id(memory.story.id, entry.id))
    if first:
        cluster = None  # what is known of a development whose every delta was taken back counts for nothing
    news = _denial(events, memory, rules, cluster.id if cluster else None, cluster.reports if cluster else [])
    if news is None and cluster is not None:
        news = _denied_development(events, memory, rules, cluster.id, cluster.reports)
    known = cluster.reports if cluster else None
    news = _with_facts(news, case, report, known) if news else _of_facts(case, report, known)
    if news is not None and first and news.type is DeltaType.UPDATE:
        news = replace(news, type=DeltaType.NEW_DEVELOPMENT)
    if first:
        news = unless_told(news, case, report)
    if news is None and first:
        news = first_news(case, report)
    if news is None and cluster is not None:
        if withdrawn:
            first_told = next((r for r in cluster.reports if r.delta), cluster.reports[0])
            return _withdrawn_anew(case, report, first_told)
        more = added(report, cluster.reports, events, case) or pledged(case, cluster.reports)
        news = unless_told(more, case, report)
    return settle(case, report, news, first=first)


def _is_beside_the_point(case: Case, report: Report) -> bool:
    """Say whether a report in which nothing was read to happen only looks at what is told anyway.

    It is part of no development, since nothing says of which; nor is it worth telling while one as near as that is open.
    A question is not, beside any.
    """
    least = -math.inf if asks(case.reading.title) else case.rules.join.nothing_read
    return case.memory.open.nearest(report, case.rules.kin, case.rules.join, least) is not None


def _effects_beyond(case: Case, report: Report, known: list[Report] | None) -> list[Effect]:
    """Return what a report does to facts beyond what its development did; `known` is None where it begins one."""
    memory, rules = case.memory, case.rules
    claims = claimed(case.reading, case.events, rules.words.actions)
    settled = memory.settled_facts(report.development)
    undone = undone_effects(memory, case.reading, claims, rules.words.actions)
    settled |= {effect.change.fact for effect in undone}
    effects = [*undone, *_effects(memory, case.reading, claims, rules, report, besides=settled)][:MOST_CHANGES]
    if known is None:
        return effects
    touched = memory.told_facts.get(report.development, {})
    return [
        effect
        for effect in effects
        if _tells_more(effect, report, known, rules, memory)
        and (effect.change.fact not in touched or effect.change.stance == "contradicts")
    ]


def _withdrawn_anew(case: Case, report: Report, original: Report) -> Comparison:
    """Compare a notice of its own that withdraws what another entry told: the first such notice retracts it."""
    memory = case.memory
    report = replace(report, development=original.development, origin=original.origin, retracted=True)
    told = memory.by_entry[original.entry].delta
    is_first = not any(r.retracted and r.development == original.development for r in memory.by_entry.values())
    news = _retraction("The report is withdrawn", memory, told) if told and is_first else None
    return settle(case, report, news)


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


def _tells_more(effect: Effect, report: Report, known: list[Report], rules: CompareRules, memory: StoryMemory) -> bool:
    """Say whether a further report of a development tells of a fact what its first reports did not.

    The same happening in other words is a repeat: only a new voice on the record, a kind of event that no earlier
    report of it told of, or a turn in a fact of which nothing was told yet, changes what is known.
    """
    heard = {r.origin for r in known} | {frame.split("|")[1] for r in known for frame in r.frames}
    new_voice = report.on_record and report.origin not in heard
    is_denial = effect.event.action == "deny" or effect.event.modality == "denied"
    if (is_denial or effect.change.stance == "contradicts") and any(r.on_record and r.denies for r in known):
        new_voice = False  # a denial that stands is not told again for each who joins in it
    in_title = effect.span is not None and effect.span.field == "title"
    is_new = is_new_kind(effect.event, known, rules.words.actions)
    if effect.change.stance == "contradicts" and polarity(effect.event) in NOT_SO:
        is_new = is_new or not is_said_not_to_be(effect.event, known, rules.words.actions)
    is_turn = effect.type is DeltaType.STATUS_CHANGE and not memory.facts[effect.change.fact].told
    return in_title and (new_voice or is_new or is_turn)


def _of_facts(case: Case, report: Report, known: list[Report] | None) -> News | None:
    """Return what a report does to facts; that somebody stands by it with a name tells more than an update of one."""
    news = _fact_news(_effects_beyond(case, report, known))
    is_put = known is not None and (news is None or news.type is DeltaType.UPDATE)
    named = put_on_record(case, report, known) if is_put and known else None
    return unless_told(named, case, report) or news


def _with_facts(denial: News, case: Case, report: Report, known: list[Report] | None) -> News:
    """Return the denial of a development with what it does to facts: that of a poisoning leaves him safe again."""
    mine = {change.fact for change in denial.changes}
    undone = undone_effects(case.memory, case.reading, case.events, case.rules.words.actions)
    touched = {effect.change.fact for effect in undone} | mine
    more = [*undone, *(e for e in _effects_beyond(case, report, known) if e.change.fact not in touched)]
    changes = [e.change for e in more if e.change.fact not in mine and e.change.stance != "develops"]
    return replace(denial, changes=(*denial.changes, *changes)[:MOST_CHANGES])


def _fact_news(effects: list[Effect]) -> News | None:
    if not effects:
        return None
    changes = tuple(effect.change for effect in effects)
    stance = {"contradicts": "Against", "confirms": "Confirms", "develops": "Adds to"}[changes[0].stance]
    return News(
        type=effects[0].type,
        why=f"{stance} what was known: {changes[0].before}",
        effects=tuple(effects),
        changes=changes,
    )


def _retraction(why: str, memory: StoryMemory, superseded: str | None) -> News:
    changes = memory.taken_back(superseded) if superseded else ()
    return News(type=DeltaType.RETRACTION, why=why, changes=changes, supersedes=superseded)


def _denial(
    events: list[Event], memory: StoryMemory, rules: CompareRules, development: str | None, known: list[Report]
) -> News | None:
    for event in events:
        if is_said_not_to_be(event, known, rules.words.actions):
            continue  # told already, whatever fact it was said of
        state = denied_fact(memory, event, rules.words.actions, development)
        if state is None:
            continue
        change = Change(fact=state.fact.id, before=state.now, after=f"Denied: {state.now}", stance="contradicts")
        effect = Effect(change=change, type=DeltaType.CONTRADICTION, span=event.span, event=event)
        return News(
            type=DeltaType.CONTRADICTION,
            why=f"Denies what was reported: {state.now}",
            effects=(effect,),
            changes=(change,),
        )
    return None


def _denied_development(
    events: list[Event], memory: StoryMemory, rules: CompareRules, development: str, known: list[Report]
) -> News | None:
    """Return the denial of what a development reports, where nobody has denied it yet."""
    state = memory.facts.get(development)
    denial = next((e for e in events if e.action == "deny" or e.modality == "denied"), None)
    if state is None or denial is None or state.fact.negated or any(report.denies for report in known):
        return None
    said = {
        kind_of(e.action, rules.words.actions)
        for e in events
        if rules.words.actions[e.action].family not in NO_NEWS_ALONE
    }
    if said and state.fact.action is not None and kind_of(state.fact.action, rules.words.actions) not in said:
        return None  # it denies something else
    told = on_sides(state.fact.actor, state.fact.object, memory=memory)
    denied = {side for e in events for side in on_sides(e.actor, e.target, e.place, memory=memory)}
    if told and denied and not told & denied:
        return None  # of somebody else
    change = Change(fact=development, before=state.now, after=f"Denied: {state.now}", stance="contradicts")
    effect = Effect(change=change, type=DeltaType.CONTRADICTION, span=denial.span, event=denial)
    why = f"Denies what was reported: {state.now}"
    return News(type=DeltaType.CONTRADICTION, why=why, effects=(effect,), changes=(change,))


def _revised(case: Case, report: Report, earlier: Report) -> Comparison:
    """Compare a later revision of an entry with the one that was told."""
    reading, memory, rules, events = case.reading, case.memory, case.rules, list(case.events)
    report = replace(report, development=earlier.development, origin=earlier.origin, delta=earlier.delta)
    news: News | None = None
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
            what = "; ".join(f"{in_words(unit, old)} → {in_words(unit, new)}" for unit, (old, new) in changed.items())
            news = News(type=DeltaType.CORRECTION, why=f"Corrected{': ' + what if what else ''}")
        elif changed:
            what = "; ".join(f"{in_words(unit, old)} → {in_words(unit, new)}" for unit, (old, new) in changed.items())
            news = News(type=DeltaType.VALUE_CHANGE, why=what)
        else:
            told = memory.told_facts.get(earlier.development, {})
            news = _fact_news(_effects(memory, reading, events, rules, report, besides=frozenset(told)))
            if news is None and set(report.frames[:1]) - set(earlier.frames):
                cluster = memory.clusters.get(earlier.development)
                news = added(report, [earlier, *(cluster.reports if cluster else [])], events, case)
        if news is not None:
            news = replace(news, supersedes=earlier.delta)
    if news is None:  # still the copy that it was
        report = replace(report, duplicate_of=earlier.duplicate_of)
    return settle(case, report, news)
