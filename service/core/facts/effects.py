"""What an entry does to facts: the story's baseline, and the later facts that deltas brought.

A fact changes at most once in the same way: what has been told is known, so a second report of it confirms at best.
Silence changes nothing, and a hedged repeat of what is known says nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from service.core.developments.kinds import NOT_SO
from service.core.developments.reports import polarity
from service.core.events.talks import topic_of
from service.core.facts.change_rules import AskedRule
from service.core.facts.memory import FactState, StoryMemory
from service.core.matching.reading import Reading, Sentence
from service.core.model import ActionClass, Change, ChangeRule, DeltaType, Event, Fact, Role, Span

MOST_CHANGES = 3
_DECIDED = frozenset({"presence", "refuge", "talks"})  # what a party does by its own will
_BOTH_COUNT = frozenset({"talks", "justice"})
# Beside core names, what talks on one thread are about.
_TALKED_OF = frozenset({"base", "port", "airport", "lease", "presence", "troops", "asylum", "extradition", "extradite"})
_BOTH = 2  # sides that talk
_WEIGHT = {kind: place for place, kind in enumerate(DeltaType)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A change to a fact, the delta type it gives, and the sentence that says so."""

    change: Change
    type: DeltaType
    span: Span | None
    event: Event


@dataclass(frozen=True, slots=True)
class _Heard:
    """An event with what can fill a rule's slots: people must take part in it, other things be named beside it."""

    event: Event
    said: frozenset[str]
    parties: frozenset[str | None]
    beside: frozenset[str]

    @classmethod
    def of(cls, event: Event, actions: Mapping[str, ActionClass], scope: Iterable[Sentence]) -> _Heard:
        beside: set[str] = set()
        for sentence in scope:
            beside.update(name.entity for name in sentence.names if name.oblique is None)
            beside.update(word.word_class for word in sentence.words)
        parties = frozenset({event.actor, event.target, event.speaker})
        return cls(event, _said(event, actions), parties, frozenset(beside))


def _said(event: Event, actions: Mapping[str, ActionClass]) -> frozenset[str]:
    """Return the actions that an event counts as."""
    known = actions.get(event.action)
    if known is None:
        return frozenset({event.action})
    return known.counts_as | {event.action, known.derived_from or event.action}


def _is_own_word(fact: Fact, event: Event, sides: Mapping[str, str]) -> bool:
    """Say whether an event tells what the party of a fact will not do: that is known of itself, whoever reports it."""
    own = {sides.get(fact.actor, fact.actor)} if fact.actor else set()
    is_will = event.action == "refuse" or (event.negated and event.modality in {"reported", "planned", "confirmed"})
    return is_will and event.actor is not None and sides.get(event.actor, event.actor) in own


def _effect(
    state: FactState, rule: ChangeRule, event: Event, origin: str, *, on_record: bool, named: bool
) -> Effect | None:
    """Return what a rule makes of an event; who stands by his own word is told the first time that he does so again."""
    fact = state.fact
    known_already = state.now == rule.after or f"{rule.stance}: {rule.after}" in state.told
    if known_already and rule.stance == "develops":
        return None  # told before; who tells it again confirms that, not the fact
    if rule.stance == "confirms" or known_already:
        # another outlet's retelling vouches for nothing: a second origin is a named one
        second_origin = named and len(state.origins) == 1 and origin not in state.origins
        upgrade = on_record and not state.on_record
        again = on_record and not state.told
        if not (second_origin or upgrade or again) or f"confirms: {rule.after}" in state.told:
            return None
        change = Change(fact=fact.id, before=state.now, after=rule.after, stance="confirms")
        return Effect(change=change, type=DeltaType.CONFIRMATION, span=event.span, event=event)
    change = Change(fact=fact.id, before=state.now, after=rule.after, stance=rule.stance)
    return Effect(change=change, type=DeltaType(rule.type), span=event.span, event=event)


def _is_undone(state: FactState, rule: ChangeRule, heard: _Heard) -> bool:
    """Say whether an event denies what a fact once said and does no longer: "never left", of ships said to be back."""
    fact = state.fact
    denies = heard.event.action == "deny" and fact.action in heard.beside
    denies = denies or (fact.action in heard.said and polarity(heard.event) in NOT_SO)
    is_undone = not fact.negated and state.now not in {fact.statement, rule.after}
    return denies and is_undone and rule.stance == "contradicts"


def baseline_effects(
    memory: StoryMemory,
    reading: Reading,
    events: Iterable[Event],
    actions: Mapping[str, ActionClass],
    origin: str,
    *,
    on_record: bool,
    named: bool,
    besides: frozenset[str] = frozenset(),
) -> list[Effect]:
    """Return what the events of a reading do to facts with change rules, the weightiest first.

    Args:
        memory: What is known.
        reading: The entry as the story reads it.
        events: Its events.
        actions: Action classes by id.
        origin: Who it rests on.
        on_record: They stand by it with their name.
        named: The origin is a source that the text names, not just the outlet that prints it.
        besides: Facts that are not asked about.
    """
    events = list(events)
    titles = list(reading.title_sentences)
    by_span = {(s.field, s.start): s for s in (*reading.title_sentences, *reading.lead)}
    # below a headline that tells something, only what goes against a fact is not beside the point
    is_headed = any(
        event.span is not None and event.span.field == "title" and actions[event.action].family != "statements"
        for event in events
    )
    found: dict[str, Effect] = {}
    for place, event in enumerate(events):
        if place and actions[event.action].family == "violence" and event.target is None:
            continue  # violence that is only the setting of what is told
        sentence = by_span.get((event.span.field, event.span.start)) if event.span else None
        if sentence is None:
            continue  # deep in the text: too far from what the item is about
        in_text = sentence.field != "title" and is_headed
        about = _threads_talked_about(event, sentence, memory, actions)
        decides = actions[event.action].family in _DECIDED
        heard = _Heard.of(event, actions, [sentence, *(title for title in titles if title is not sentence)])
        for state, rules in memory.rules_for(event, heard.said):
            fact_id = state.fact.id
            if fact_id in found or fact_id in besides or (about and state.fact.thread not in about):
                continue
            for asked in rules:
                if asked.is_filled(heard.parties, heard.beside):
                    if _is_undone(state, asked.rule, heard):
                        break
                    is_named = named or (decides and _is_own_word(state.fact, event, memory.cast.sides))
                    effect = _effect(state, asked.rule, event, origin, on_record=on_record, named=is_named)
                    if effect is not None and not (in_text and effect.change.stance != "contradicts"):
                        found[fact_id] = effect
                    break
    ranked = sorted(found.values(), key=lambda effect: (_WEIGHT[effect.type], effect.change.stance != "contradicts"))
    return ranked[:MOST_CHANGES]


def _met(rules: Iterable[AskedRule], heard: _Heard) -> ChangeRule | None:
    """Return the first rule whose slots are filled."""
    return next((asked.rule for asked in rules if asked.is_filled(heard.parties, heard.beside)), None)


def _undone(state: FactState, done: ChangeRule | None, said: ChangeRule | None) -> Change | None:
    """Return the change back of a fact that `done` had changed or added to, by an event that meets `said` as it stands."""
    if done is None or (said is not None and said.after == done.after):
        return None  # "not yet, but will" is told in either form
    if done.stance == "contradicts" and done.after == state.now:
        return Change(fact=state.fact.id, before=state.now, after=f"Denied: {state.now}", stance="contradicts")
    if done.stance != "develops" or f"develops: {done.after}" not in state.told:
        return None
    if said is None or said.stance != "develops" or f"develops: {said.after}" in state.told:
        return None  # what only adds to a fact is denied by what the story says denies it, once
    return Change(fact=state.fact.id, before=done.after, after=said.after, stance="develops")


def undone_effects(
    memory: StoryMemory, reading: Reading, events: Iterable[Event], actions: Mapping[str, ActionClass]
) -> list[Effect]:
    """Return which changes of facts the events of a reading say are not so: "no deal yet", after one was told."""
    titles = list(reading.title_sentences)
    by_span = {(s.field, s.start): s for s in (*titles, *reading.lead)}
    found: dict[str, Effect] = {}
    for event in events:
        sentence = by_span.get((event.span.field, event.span.start)) if event.span else None
        if sentence is None or polarity(event) not in NOT_SO or event.modality in {"planned", "possible", "demanded"}:
            continue  # what was not planned may have happened
        heard = _Heard.of(event, actions, [sentence, *(title for title in titles if title is not sentence)])
        so = memory.rules_for(replace(event, negated=False, modality="reported"), heard.said)
        told = [(state, rules) for state, rules in so if state.told]
        as_said = {state.fact.id: _met(rules, heard) for state, rules in memory.rules_for(event, heard.said) if told}
        for state, rules in told:
            undone = _undone(state, _met(rules, heard), as_said.get(state.fact.id))
            if undone is not None:
                effect = Effect(change=undone, type=DeltaType.CONTRADICTION, span=event.span, event=event)
                found.setdefault(state.fact.id, effect)
    return list(found.values())


def _threads_talked_about(
    event: Event, sentence: Sentence, memory: StoryMemory, actions: Mapping[str, ActionClass]
) -> frozenset[str]:
    """Return the threads that the topic of talks belongs to; empty where none is told, or it says nothing of that."""
    topic = topic_of(sentence, actions) if actions[event.action].family == "talks" else None
    if topic is None:
        return frozenset()
    talked = {n.entity for n in sentence.names if n.role is Role.CORE and topic.holds(n)}
    talked |= {w.word_class for w in sentence.words if w.word_class in _TALKED_OF and topic.holds(w)}
    known = memory.cast.threads_of
    return frozenset[str]().union(*(known[each] for each in talked if each in known))


def is_background(event: Event, baseline: Iterable[Fact]) -> bool:
    """Say whether an event only restates the article: "the leader who fled to Moscow" stands in every report."""
    if event.modality == "demanded":
        return False  # who asks for what is known tells something
    if event.negated and event.action in {"state", "confirm"}:
        return False  # nor is it known on what somebody says nothing now
    nobody = event.actor is None and event.target is None
    if nobody and any(fact.action == event.action and not fact.negated for fact in baseline) and not event.negated:
        return True  # "after the collapse"
    return any(
        fact.action == event.action
        and (fact.actor in {event.actor, None} or (event.actor is None and fact.object == event.target is not None))
        and fact.object in {event.target, None}
        and polarity(event) == ("-" if fact.negated else "!" if fact.modality == "planned" else "+")
        for fact in baseline
    )


def on_sides(*parties: str | None, memory: StoryMemory) -> set[str]:
    """Return those of some parties that are known, a capital or a ministry as the country that it speaks for."""
    sides = memory.cast.sides
    return {sides.get(party, party) for party in parties if party is not None}


def denied_fact(
    memory: StoryMemory, event: Event, actions: Mapping[str, ActionClass], development: str | None
) -> FactState | None:
    """Return the later fact that an event denies: same kind of action, a common party, the other polarity."""
    negated = event.negated or event.modality == "denied"
    if not negated or event.modality in {"planned", "possible", "demanded"}:  # what was not planned may have happened
        return None

    def family_of(action: str) -> str:
        return actions[action].family if action in actions else action

    family = family_of(event.action)
    between = on_sides(event.actor, event.target, event.speaker, memory=memory)
    if family == "statements" or (family == "talks" and len(between) < _BOTH):
        return None  # that one side meets nobody denies no talks
    denied = between | on_sides(event.place, memory=memory)
    # Who denies that ships leave does not deny that they had come back.
    against = actions[event.action].opposes if event.action in actions else frozenset()
    told = [a for a in memory.actions_told() if family_of(a) == family and a not in against]
    for state in memory.later_facts(told):
        fact = state.fact
        if fact.negated or fact.modality == "denied":
            continue
        if any(line.startswith("contradicts: Denied") for line in state.told):
            continue
        common = on_sides(fact.actor, fact.object, fact.place, memory=memory) & denied
        if not common:
            continue
        parties = on_sides(fact.actor, fact.object, memory=memory)
        if fact.id != development and family in _BOTH_COUNT and not parties <= denied:
            continue  # that one court declines denies no warrant of another's, nor one meeting another
        if fact.action == event.action or fact.id == development or (family == "presence" and len(common) > 1):
            return state  # the newest
    return None
