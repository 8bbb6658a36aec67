"""How sure a line is and whose word it is: the note in brackets behind its clause."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.core.model import Change, Event

_SAYS_ITSELF = re.compile(
    r"^(?:Call (?:for|against)|Possible|No talks on) | (?:does|will) not ask | calls (?:for|against) | refuses to | has no plan to | asks .+ to let | offers to |^Offer to mediate | (?:plans|asks|may) | planned$"
)


def says_less(event: Event, family: str, changes: tuple[Change, ...]) -> bool:
    """Say whether an event says less than what it does to a fact: that somebody spoke, or what has not happened."""
    is_speech = family == "statements" and event.action in {"state", "confirm"}
    return is_speech or (event.negated and event.modality != "denied" and changes[0].stance == "contradicts")


def notes_on(
    event: Event,
    clause: str,
    names: Mapping[str, str],
    *,
    is_unnamed: bool,
    told_by: tuple[str, bool] | None = None,
) -> list[str]:
    """Return how sure an event is and whose word it is, as far as its clause does not say it."""
    speaker, on_record = names.get(event.speaker or "", ""), event.on_record
    if told_by is not None and (not speaker or speaker in clause):
        speaker, on_record = names[told_by[0]], told_by[1]
    says = f"{'says' if on_record else 'according to'} {speaker}" if speaker and speaker not in clause else ""
    if event.modality == "denied" and says:
        return [f"denied by {speaker}"]
    if is_unnamed and not says:
        says = "say unnamed sources"
    if _SAYS_ITSELF.search(clause):
        return [says] if says else []
    notes = (
        ["reported" if event.modality == "attempted" else event.modality]
        if event.modality != "reported" or not (speaker or says)
        else []
    )
    return [*notes, says] if says else notes
