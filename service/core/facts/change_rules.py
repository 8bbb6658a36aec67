"""The change rules of a story's facts, sorted out once for each kind of event that may touch a fact."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from service.core.model import ChangeRule, DeltaType, Event, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRule:
    """A rule with its slots by what fills them: people must take part in the event, other things be named beside it."""

    rule: ChangeRule
    people: tuple[frozenset[str], ...]
    others: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, rule: ChangeRule, people: frozenset[str]) -> AskedRule:
        """Tell a rule's slots apart; `people` are those of the story."""
        return cls(
            rule=rule,
            people=tuple(slot for slot in rule.slots if slot <= people),
            others=tuple(slot for slot in rule.slots if not slot <= people),
        )

    def is_filled(self, parties: Collection[str | None], beside: Collection[str]) -> bool:
        """Say whether something of every slot takes part, or stands beside."""
        for slot in self.people:
            if slot.isdisjoint(parties):
                return False
        return not any(slot.isdisjoint(beside) for slot in self.others)


# What is done, whether it is said not to be so, and how it is meant: all that a rule asks of an event besides its slots.
_Kind = tuple[frozenset[str], bool, str]


class ChangeRules:
    """Which rules of which facts an event may meet."""

    def __init__(self, facts: Iterable[Fact], people: frozenset[str]) -> None:
        self._facts = [(fact.id, [AskedRule.of(rule, people) for rule in fact.changed_by]) for fact in facts]
        self._known: dict[_Kind, list[tuple[str, list[AskedRule]]]] = {}

    def for_event(self, event: Event, said: frozenset[str]) -> list[tuple[str, list[AskedRule]]]:
        """Return facts with their rules for an event that counts as these actions, both in the order of the story."""
        negated = event.negated or event.modality == "denied"
        kind = said, negated, event.modality
        known = self._known.get(kind)
        if known is None:
            asked = (
                (fact, [each for each in rules if _hears(each.rule, said, event.modality, negated=negated)])
                for fact, rules in self._facts
            )
            known = self._known[kind] = [(fact, rules) for fact, rules in asked if rules]
        return known


def _hears(rule: ChangeRule, said: frozenset[str], modality: str, *, negated: bool) -> bool:
    """Say whether a rule is about such actions, so meant."""
    if "any" not in rule.actions and said.isdisjoint(rule.actions):
        return False
    if rule.negated is not None and rule.negated != negated:
        return False
    if modality == "possible" and "possible" not in rule.modality:
        # what may happen changes and confirms nothing; it develops what a plan of it would
        return rule.stance == "develops" and (not rule.modality or "planned" in rule.modality)
    if modality == "demanded" and not rule.modality and "any" not in rule.actions:
        return rule.stance == "develops" and rule.type != DeltaType.STATUS_CHANGE  # a demand changes nothing yet
    if modality == "attempted" and not rule.modality:
        return rule.stance == "develops"  # what was only tried has not come about
    return not rule.modality or modality in rule.modality
