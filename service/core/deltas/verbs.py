"""How a verb is put in a line: as done, only possible, planned, or refused."""

from __future__ import annotations

from service.core.model import ActionClass, Event

_SHORT_VERB = len("dies")
_ONLY_MEANT = ("wants ", "plans ", "asks ")  # verbs that say themselves that it has not happened
_PLANS = "plans to "
_SUFFERED = frozenset({"attack", "kill", "poison"})  # what may have happened to somebody, not what may yet


def infinitive(phrase: str) -> str:
    """Return a phrase in the third person without its ending: "keeps its forces in" → "keep its forces in"."""
    verb, space, rest = phrase.partition(" ")
    if verb == "is":
        bare = "be"
    elif verb.endswith("ies") and len(verb) > _SHORT_VERB:
        bare = f"{verb[:-3]}y"
    elif verb.endswith(("sses", "shes", "ches", "xes")):
        bare = verb[:-2]
    else:
        bare = verb.removesuffix("s")
    return f"{bare}{space}{rest}"


def as_meant(event: Event, subject: str, phrase: str) -> str:
    """Return what a subject does, does not do, or is only to do."""
    if event.modality == "possible" and event.action in _SUFFERED and phrase.startswith("is "):
        return f"{subject} may {'not ' if event.negated else ''}have been {phrase.removeprefix('is ')}"
    if event.modality == "possible":
        return f"{subject} may {'not ' if event.negated else ''}{infinitive(phrase)}"
    if event.negated and phrase.startswith(_PLANS):
        return f"{subject} has no plan to {phrase.removeprefix(_PLANS)}"
    planned = event.modality == "planned" and not phrase.startswith(_ONLY_MEANT)
    if event.negated and event.modality != "denied":  # one negation is enough
        if planned:
            return f"{subject} has no plan to {infinitive(phrase)}"
        if phrase.startswith("is "):
            return f"{subject} is not {phrase.removeprefix('is ')}"
        return f"{subject} does not {infinitive(phrase)}"
    return f"{subject} is to {infinitive(phrase)}" if planned else f"{subject} {phrase}"


def attempt(actor: str, verb: str, target: str) -> str:
    """Return what somebody tries to do to whom, as far as it is known who."""
    return f"{actor} tries to {infinitive(verb)} {target}" if actor else f"Attempt to {infinitive(verb)} {target}"


def refusal(actor: str, refused: ActionClass, target: str) -> str:
    """Return who refuses to do what to whom; nobody refuses to want."""
    if refused.family == "measures":
        return f"{f'{actor} refuses' if actor else 'Refusal of'} the {refused.noun} over {target}"
    if refused.active.startswith(_ONLY_MEANT):
        return f"{f'{actor} refuses' if actor else 'Refusal of'} the {refused.noun} of {target}"
    return f"{f'{actor} refuses' if actor else 'Refusal'} to {infinitive(refused.active)} {target}"
