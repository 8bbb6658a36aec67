"""What a drafted story may go on about: the actions and subjects of its article, and what is told of together with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from service.core.language.lexicon import Lexicon
from service.core.model import ActionClass, Event

MOST_SUBJECTS = 8
# Said of anything at any time: no reason to think that an item follows up.
SPEECH_FAMILY = "statements"
# What is told of together: one of these in an article, and the next report may tell of the others.
_TOGETHER = (
    ("insolvency", "savings", "takeover", "jobs", "fraud"),
    ("strike", "union", "jobs"),
    ("flood", "leak", "victims", "missing"),
    ("accident", "fire", "earthquake", "victims", "missing"),
    ("theft", "jewels", "artwork", "suspects"),
    ("election", "protest"),
)
# What takes a thing further, one step or several.
FOLLOWS = {
    "investigate": ("charge", "arrest", "raid"),
    "arrest": ("charge", "try", "sentence"),
    "charge": ("try", "sentence"),
    "try": ("sentence",),
    "sentence": ("appeal",),
    "negotiate": ("agree", "bid", "acquire"),
    "bid": ("acquire",),
    "strike": ("negotiate",),
    "demand": ("resign", "dismiss"),
    "go_bankrupt": ("acquire", "bid", "shut_down", "dismiss", "sue"),
    "terminate": ("sue", "settle", "agree"),
    "resign": ("appoint", "elect"),
    "dismiss": ("appoint", "appeal"),
    "collapse": ("rescue", "rebuild", "investigate"),
    "rescue": ("end_search", "die", "investigate"),
    "acquire": ("dismiss", "shut_down"),
    "ban": ("appeal", "fine"),
    "shut_down": ("reopen", "rebuild"),
}
# What one action alone makes likely to be told of.
_TOLD_WITH = {
    "go_bankrupt": ("insolvency", "savings", "takeover", "jobs", "fraud", "court"),
    "collapse": ("victims", "missing", "inquiry"),
    "rescue": ("victims", "missing", "inquiry"),
    "strike": ("union", "jobs"),
    "steal": ("theft", "suspects"),
    "elect": ("election", "protest"),
    "resign": ("election", "inquiry"),
    "erupt": ("victims", "missing"),
}
# Families of which one party says enough: "Voltege is sued".
_OF_ONE = frozenset(
    (
        *("justice", "lawsuit", "penalty", "business", "insolvency", "safety", "office", "labour", "accidents"),
        *("health", "rescue", "works", "answer", "findings", "violence"),
    )
)
OF_PEOPLE = frozenset({"justice", "health", "rescue", "violence", "office", "answer", "accidents"})
OF_COURTS = frozenset({"court", "fraud", "bribery", "theft", "suspects", "inquiry", "prison"})
_TOO_GENERAL = frozenset({"office", "chief", "minister", "cost"})  # in news of every kind


def possible(classes: Collection[str], actions: Mapping[str, ActionClass]) -> tuple[str, ...]:
    """Return the actions that stand with the core, and all others of their families: what may come next."""
    families = {actions[name].family for name in classes if name in actions} - {SPEECH_FAMILY}
    return tuple(name for name, action in actions.items() if action.family in families and not action.derived_from)


def related(
    topics: Counter[str], early: Collection[str], actions: Mapping[str, ActionClass], lexicon: Lexicon
) -> tuple[str, ...]:
    """Return the subjects of an article, the most frequent first, then what is told of together with two of them."""
    own = [
        name
        for name, count in topics.most_common()
        if (count > 1 or name in early) and name not in actions and name not in _TOO_GENERAL
    ]
    own = [name for name in own if name not in lexicon.kinds]
    near = [name for group in _TOGETHER if len(topics.keys() & set(group)) > 1 for name in group]
    near += [name for action, group in _TOLD_WITH.items() if action in early for name in group]
    return tuple(dict.fromkeys([*own[:MOST_SUBJECTS], *near]))


def special(classes: Collection[str], actions: Mapping[str, ActionClass]) -> tuple[str, ...]:
    """Return the general actions that stand with the core, those of their families, what undoes and what follows them."""
    told = actions.keys() & set(classes)
    families = {actions[name].family for name in told}
    next_steps = {step for name in classes for step in FOLLOWS.get(name, ())}
    return tuple(
        name
        for name, action in actions.items()
        if name in told | next_steps or action.family in families or action.opposes & told
    )


def is_whole(event: Event, action: ActionClass) -> bool:
    """Say whether an event says who did it to whom, or needs no more than one of them: "Voltege is sued"."""
    if event.actor is not None and event.target is not None:
        return True
    if action.id == "kill" and event.quantity is not None and event.quantity.endswith(" killed"):
        return event.target is not None  # "31 killed at the dam"
    if action.family not in _OF_ONE or action.passive is None:
        return False
    return event.target is not None or (event.actor is not None and action.passive == action.alone)


def is_open(event: Event) -> bool:
    """Say whether what an event tells has not happened yet."""
    return event.negated or event.modality in {"planned", "possible", "demanded"}


def as_done(event: Event) -> Event:
    """Return an event as having happened."""
    return replace(event, negated=False, modality="reported")
