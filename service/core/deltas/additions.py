"""What a further report adds to a development that was told: a figure, a name behind it, a step, a promise."""

from __future__ import annotations

from service.core.deltas.telling import PUT_OFF, Case, News
from service.core.deltas.worth import has_come_about, is_put_off
from service.core.developments.kinds import NO_NEWS_ALONE, STEPPED, STEPS, is_new_kind
from service.core.developments.reports import Report, polarity
from service.core.events.quantities import in_words
from service.core.facts.effects import on_sides
from service.core.model import ActionClass, DeltaType, Event

# Beside an arrest or a fine, people are those whom it was for.
_OF_FEW = frozenset({"justice", "lawsuit", "penalty", "business", "office", "safety", "findings"})
_PASSING = "days"  # two days ago, six days at sea: every report counts other ones
_TELLING_UNITS = frozenset({"killed", "wounded", "soldiers", "ships", "aircraft", "planes", "vehicles", "people"})


def added(report: Report, known: list[Report], events: list[Event], case: Case) -> News | None:
    """Return what a further report of a development adds, or None for a repeat."""
    rules = case.rules
    counted = _new_figure(report, known, case)
    if counted is not None:
        return counted
    if is_put_off(case.reading) and any(polarity(event) == "!" for event in events[:1]):
        told = (case.memory.deltas.get(r.delta or "") for r in known)
        if not any(delta is not None and delta.reason.startswith(PUT_OFF) for delta in told):
            return News(type=DeltaType.UPDATE, why=PUT_OFF, event=events[0])
    told_of_something = any(r.frames for r in known)
    for event in events[:2]:
        action = rules.words.actions[event.action]
        in_title = event.span is not None and event.span.field == "title"
        if not in_title or not told_of_something or action.family in NO_NEWS_ALONE:
            continue
        complete = event.target is not None and (event.actor is not None or action.family in STEPPED)
        complete = complete or (event.actor is not None and _is_done_by_oneself(action))
        if has_come_about(action, report, known, rules.words.actions) and polarity(event) == "+":
            return News(type=DeltaType.UPDATE, why=f"It has come about: {action.noun}", event=event)
        if complete and is_new_kind(event, known, rules.words.actions):
            return News(type=DeltaType.UPDATE, why=f"Adds: {action.noun}", event=event)
    return None


def _new_figure(report: Report, known: list[Report], case: Case) -> News | None:
    """Return the figure that is news: one that has changed, or else the first of its unit."""
    memory, dead = case.memory, report.quantities.get("killed")
    about = {case.rules.words.actions[e.action].family for e in case.events[:1]}
    uncounted = {"people"} if about & _OF_FEW else set()
    first: str | None = None
    for unit, value in report.quantities.items():
        if unit == _PASSING or (unit == "people" and any(r.quantities.get("killed", 0) == dead for r in known)):
            continue  # days pass; people are counted for many reasons around the same dead
        told = {r.quantities[unit] for r in known if unit in r.quantities}
        figure = in_words(unit, value)
        if told and value not in told:
            before = " or ".join(in_words(unit, each) for each in sorted(told))
            return News(type=DeltaType.VALUE_CHANGE, why=f"{figure}, not {before}", figure=figure)
        if not told and unit in _TELLING_UNITS - uncounted and first is None and not memory.is_known_value(figure):
            # the dead of the article stand in every report
            first = figure
    return News(type=DeltaType.UPDATE, why=f"Adds a figure: {first}", figure=first) if first else None


def _is_done_by_oneself(action: ActionClass) -> bool:
    """Say whether an action has no object: who appeals, or files for insolvency."""
    return action.passive is not None and action.passive == action.alone


def put_on_record(case: Case, report: Report, known: list[Report]) -> News | None:
    """Return the confirmation by somebody with a name, or by the other side, of what was told without it."""
    events = case.events
    confirms = [e for e in events if (e.modality == "confirmed" or e.action == "confirm") and not e.negated]
    if not confirms:
        return None
    if report.on_record and not any(r.on_record for r in known):
        return News(type=DeltaType.CONFIRMATION, why=f"On the record now: {report.origin}")
    memory, actions = case.memory, case.rules.words.actions
    told = [memory.deltas[r.delta] for r in known if r.delta in memory.deltas]
    heard = [r.origin for r in known] + [each for d in told if d.event for each in (d.event.speaker, d.origin) if each]
    who = [e.actor for e in confirms if e.action == "confirm"]
    sides = on_sides(*who, memory=memory) & memory.cast.countries
    is_same = any(actions[e.action].family not in NO_NEWS_ALONE and not is_new_kind(e, known, actions) for e in events)
    if told and sides and is_same and not sides & on_sides(*heard, memory=memory):
        return News(type=DeltaType.CONFIRMATION, why=f"Confirmed by {' and '.join(sorted(sides))} too")
    return None


def pledged(case: Case, known: list[Report]) -> News | None:
    """Return what somebody promises in the lead, where the headline only repeats what was told of him."""
    lead = {(sentence.field, sentence.start) for sentence in case.reading.lead}
    headlined = {e.actor for e in case.events if e.span is not None and e.span.field == "title"}
    for event in case.events:
        if event.span is None or (event.span.field, event.span.start) not in lead:
            continue
        if not (event.on_record or event.actor in headlined):
            continue
        action = case.rules.words.actions[event.action]
        is_whole = event.actor is not None and event.target is not None
        if is_whole and action.id in STEPS and is_new_kind(event, known, case.rules.words.actions):
            return News(type=DeltaType.UPDATE, why=f"Adds: {action.noun}", event=event)
    return None
