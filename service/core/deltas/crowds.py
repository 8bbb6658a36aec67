"""Lines about those who come, go and stay without being a party (civilians, ships), and what a treaty is about."""

from __future__ import annotations

from collections.abc import Mapping

from service.core.events.scene import Scene
from service.core.model import Event

_SHIP_VERBS = {"withdraw": "leaves", "return": "returns to", "keep": "stays at", "move": "calls at"}
_CROWD_VERBS = {"shelter": "shelter", "evacuate": "are evacuated"}


def ship_verb(action: str, *, is_goal: bool) -> str | None:
    """Return what a ship does, up to where: "leaves", "sails to"; None of what no ship does."""
    return "sails to" if action == "move" and is_goal else _SHIP_VERBS.get(action)


def crowd_phrase(event: Event, who: str, where: str, left: str) -> str | None:
    """Return what people do whom nobody names, as "Civilians leave Khmeimim Air Base"; None where no more is known.

    Args:
        event: What they do; it names nobody who does it.
        who: "Civilians", or nothing where no more is said; how many they are says more.
        where: Where they do it, as "at Khmeimim Air Base", or where they come from.
        left: What they leave.
    """
    who = who or ("People" if event.action == "shelter" else "")
    people = event.quantity if event.quantity and event.quantity.endswith(" people") else who
    if not people or event.modality not in {"reported", "confirmed"}:
        return None
    if event.action == "flee" and left:
        return f"{people} {'do not leave' if event.negated else 'leave'} {left}"
    verb = _CROWD_VERBS.get(event.action)
    return f"{people} {verb} {where}" if verb and where and not event.negated else None


def over(names: Mapping[str, str], scene: Scene) -> str:
    """Return what a treaty of two is about, as " over Tartus", or as the kind of place; empty if nothing says it."""
    place = names.get(scene.over or "", "") or {"base": "bases", "port": "a port"}.get(scene.treaty, "")
    return f" over {place}" if place else ""
