"""Facts that deltas brought."""

from __future__ import annotations

from typing import Any

from service.core.model import Attribution, ChangeRule, Fact
from service.storage.rows.values import Params, Row, from_json, instant_from, instant_text, to_json


def fact_params(fact: Fact, story: str) -> Params:
    """Return the columns of a fact that a delta brought to `story`."""
    # A fact is told apart by the delta that brought it; NULLs never collide, so "" stands for none.
    return {"id": fact.id, "story": story, "delta": fact.delta or "", "payload": to_json(_fact_out(fact))}


def fact_from(row: Row) -> Fact:
    """Return the fact of a row."""
    return _fact_in(from_json(row["payload"]))


def _fact_out(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "thread": fact.thread,
        "statement": fact.statement,
        "actor": fact.actor,
        "action": fact.action,
        "object": fact.object,
        "place": fact.place,
        "value": fact.value,
        "negated": fact.negated,
        "modality": fact.modality,
        "attribution": {
            "text": fact.attribution.text,
            "origin": fact.attribution.origin,
            "on_record": fact.attribution.on_record,
        },
        "as_of": instant_text(fact.as_of),
        "changed_by": [_change_rule_out(rule) for rule in fact.changed_by],
        "delta": fact.delta,
    }


def _fact_in(value: dict[str, Any]) -> Fact:
    nested = {
        "attribution": Attribution(**value["attribution"]),
        "as_of": instant_from(value["as_of"]),
        "changed_by": tuple(_change_rule_in(rule) for rule in value["changed_by"]),
    }
    return Fact(**{**value, **nested})


def _change_rule_out(rule: ChangeRule) -> dict[str, Any]:
    return {
        "actions": sorted(rule.actions),
        "slots": [sorted(slot) for slot in rule.slots],
        "stance": rule.stance,
        "type": rule.type,
        "after": rule.after,
        "negated": rule.negated,
        "modality": sorted(rule.modality),
    }


def _change_rule_in(value: dict[str, Any]) -> ChangeRule:
    nested = {
        "actions": frozenset(value["actions"]),
        "slots": tuple(frozenset(slot) for slot in value["slots"]),
        "modality": frozenset(value["modality"]),
    }
    return ChangeRule(**{**value, **nested})
