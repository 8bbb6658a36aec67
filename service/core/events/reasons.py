"""What in a sentence is only the reason, the subject or another name of something else that it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.core.model import Event, Span

# A sentence in a trial is told as the sentence.
_OUTCOMES_OF_A_TRIAL = frozenset({"sentence", "acquit", "charge", "issue_warrant"})
# What a court's act is for, and what a plot that was foiled would have been, has not happened now.
_HARM = frozenset({"attack", "kill", "die", "poison", "threaten"})
_REASONS: dict[str, frozenset[str]] = {
    **dict.fromkeys(_OUTCOMES_OF_A_TRIAL, _HARM),
    "issue_warrant": _HARM | {"arrest"},
    "acquit": _HARM | {"issue_warrant"},
    "be_well": frozenset({"fall_ill", "poison", "die"}),  # what it denies, or what he recovers from
    "foil": _HARM | {"plot", "take_over"},
    "propose": frozenset({"build_up"}),  # help to rebuild a port that is offered
}
# What only says in wider words what the same sentence says more closely: who resumes patrols patrols.
_SAID_CLOSER: dict[str, frozenset[str]] = {
    "agree": frozenset({"extend", "reexamine"}),  # it is told as the extension that is agreed
    "negotiate": frozenset({"mediate", "reexamine"}),
    "meet": frozenset({"mediate"}),
    "propose": frozenset({"mediate"}),
    "return": frozenset({"patrol"}),
    "patrol": frozenset({"attack", "kill"}),  # a checkpoint that is fired at
    "refuse": frozenset({"free"}),  # a court that refuses to release somebody
    "investigate": frozenset({"arrest", "raid", "free", "sue"}) | _OUTCOMES_OF_A_TRIAL,
}
_WRECKS = frozenset({"breakdown", "blaze"})
_UNDONE = frozenset({"terminate"})  # "annuls the warrant"


def says_closer(action: str, other: str) -> bool:
    """Say whether an action says more closely what another, told beside it, says in wider words."""
    return action in _SAID_CLOSER.get(other, ())


def without_reasons(events: list[Event]) -> list[Event]:
    """Return events without what in the same sentence is only the reason, the subject or the name of another.

    A trial that ends is told as its end, a warrant is no arrest, one that is annulled none at all, and the killings
    it is for, or the attack that was foiled, have not happened now.
    """
    told: dict[Span | None, set[str]] = {}
    for event in events:
        told.setdefault(event.span, set()).add(event.action)
    asked_for = {(event.span, event.target) for event in events if event.modality == "demanded" and event.target}
    wrecks = {event.span for event in events if event.action in _WRECKS and event.target}
    wrecked = {(event.span, event.target) for event in events if event.action in _WRECKS and event.target}
    agreed = {event.span: event for event in reversed(events) if event.action == "agree"}
    return [
        event
        for event in (_as_agreed(_as_undone(event, told=told), agreed) for event in events)
        if not _is_reason(event, told[event.span])
        and (event.span, event.actor) not in wrecked  # a ship that sinks on its way
        and not (event.action == "evacuate" and event.span in wrecks)  # what it was sent for
        and not (event.action == "demand" and (event.span, event.actor) in asked_for)  # nobody asks for himself
    ]


def _is_reason(event: Event, told: set[str]) -> bool:
    if event.action == "try":
        return not told.isdisjoint(_OUTCOMES_OF_A_TRIAL)
    if not told.isdisjoint(_SAID_CLOSER.get(event.action, ())):
        return True
    if event.action in _UNDONE:
        return "issue_warrant" in told
    if event.modality == "demanded" and event.negated and "refuse" in told:
        return True  # a request that is refused is told as refused
    return any(event.action in _REASONS.get(other, ()) for other in told)


def _as_agreed(event: Event, agreed: Mapping[Span | None, Event]) -> Event:
    """Return an extension as it is meant by who agrees to it: "agree to extend" plans no agreement."""
    agreement = agreed.get(event.span)
    if event.action != "extend" or agreement is None:
        return event
    return replace(event, modality=agreement.modality, negated=event.negated or agreement.negated)


def _as_undone(event: Event, told: Mapping[Span | None, set[str]]) -> Event:
    is_annulled = event.action == "issue_warrant" and not told[event.span].isdisjoint(_UNDONE)
    return replace(event, action="acquit") if is_annulled else event
