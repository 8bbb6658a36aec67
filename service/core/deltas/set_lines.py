"""Clauses of the actions that are no "somebody does something to somebody": who mediates, what is no condition."""

from __future__ import annotations

from collections.abc import Mapping

from service.core.deltas.verbs import infinitive
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


def not_asked(event: Event, asked: str, names: Mapping[str, str], doer: str | None) -> str:
    """Return what nobody asks another to do, as "Syria does not ask Russia to withdraw from Tartus".

    Args:
        event: That nobody asks.
        asked: What would be done, as a clause.
        names: Entity id → English display name.
        doer: Who would do it, with whom the clause begins; nobody if he is not named.
    """
    asker, who = names.get(event.actor or event.speaker or "", ""), names.get(doer or "", "")
    does_not = f"{asker} {'will' if event.modality == 'planned' else 'does'} not ask"
    if not asker:
        return f"No demand for the {asked[:1].lower()}{asked[1:]}" if not who else f"No demand that {asked}"
    if not who or not asked.startswith(f"{who} "):
        return f"{does_not} for the {asked[:1].lower()}{asked[1:]}"
    return f"{does_not} {who} to {infinitive(asked.removeprefix(f'{who} '))}"
