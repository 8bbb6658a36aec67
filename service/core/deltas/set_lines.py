"""Clauses of the actions that are no "somebody does something to somebody": who mediates, what is no condition."""

from __future__ import annotations

from collections.abc import Mapping

from service.core.events.scene import Scene
from service.core.model import Event

MEDIATION, TERMS = "mediation", "terms"


def mediation(event: Event, actor: str, names: Mapping[str, str], scene: Scene) -> str:
    """Return who mediates between whom, as "Turkey offers to mediate between Moscow and Damascus".

    Args:
        event: The event.
        actor: Who mediates; empty where the story does not know it.
        names: Entity id → English display name.
        scene: Between whom, and whether it is only offered.
    """
    between = f" between {' and '.join(names[each] for each in scene.between)}" if scene.between else ""
    if event.modality == "demanded":
        return f"Call for mediation{f' by {actor}' if actor else ''}{between}"
    is_offer = (scene.is_offer or event.modality == "planned") and event.modality not in {"possible", "denied"}
    if not actor:
        noun = "Offer to mediate" if is_offer else "Possible mediation" if event.modality == "possible" else "Mediation"
        return f"{'No ' + noun.lower() if event.negated else noun}{between}"
    if event.modality == "possible":
        return f"{actor} may {'not ' if event.negated else ''}mediate{between}"
    if is_offer:
        return f"{actor} {'does not offer' if event.negated else 'offers'} to mediate{between}"
    return f"{actor} {'does not mediate' if event.negated else 'mediates'}{between}"


def no_condition(about: str) -> str:
    """Return of what is said that it is no condition, as "The handover of Bashar al-Assad is not a condition"."""
    return f"{about[:1].upper()}{about[1:]} is not a condition" if about else "No condition is made"
