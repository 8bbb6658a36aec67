"""What counts as one kind of happening, so that the same told in another word is no news."""

from __future__ import annotations

from collections.abc import Mapping

from service.core.developments.reports import Report
from service.core.model import ActionClass, Event

# An arrest, a charge and a sentence are three happenings; a pullout and an evacuation are two words for one.
STEPPED = frozenset(
    {"justice", "health", "lawsuit", "business", "penalty", "office", "works", "insolvency", "safety", "answer"}
)
STEPS = frozenset({"honour", "extend", "terminate", "propose"})  # what talks come to
_KIN = {"flight": "presence", "expulsion": "presence"}
STATES = frozenset({"life"})  # how things are: a lead that tells no more tells of nothing that happened
NO_NEWS_ALONE = frozenset({"statements"}) | STATES  # beside something else that was told

NOT_SO = frozenset({"-", "?"})


def is_said_not_to_be(event: Event, known: list[Report], actions: Mapping[str, ActionClass]) -> bool:
    """Say whether an earlier report has said already that a thing of this kind is not so."""
    kind = kind_of(event.action, actions)
    return any(
        sign in NOT_SO and kind_of(frame.split("|")[0], actions) == kind
        for r in known
        for frame, sign in zip(r.frames, r.polarity, strict=False)
    )


def kind_of(action_id: str, actions: Mapping[str, ActionClass]) -> str:
    """Return what counts as one kind of happening: mostly a family, in some each action is a step of its own."""
    action = actions.get(action_id)
    if action is None:
        return action_id
    if action.family in STEPPED or action.id in STEPS:
        return action.derived_from or action.id
    return _KIN.get(action.family, action.family)


def is_new_kind(event: Event, known: list[Report], actions: Mapping[str, ActionClass]) -> bool:
    """Say whether no earlier report told of a happening of this kind; of statements only the first denial is one."""
    action = actions.get(event.action)
    if action is not None and action.family in NO_NEWS_ALONE:
        return action.id == "deny" and not any(r.denies or NOT_SO.intersection(r.polarity) for r in known)
    return kind_of(event.action, actions) not in {kind_of(f.split("|")[0], actions) for r in known for f in r.frames}
