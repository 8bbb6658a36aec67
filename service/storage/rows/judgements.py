"""Decisions with their reasons, and editors' judgements."""

from __future__ import annotations

from typing import Any

from service.core.model import Decision, DeltaType, Judgement, Outcome, Reason
from service.storage.rows.values import (
    Params,
    Row,
    from_json,
    instant_from,
    instant_text,
    mention_in,
    mention_out,
    optional_span_in,
    span_out,
    to_json,
)


def decision_params(decision: Decision) -> Params:
    """Return the columns of a decision."""
    return {
        "story": decision.story,
        "entry_id": decision.entry,
        "revision": decision.revision,
        "entry_seq": decision.entry_seq,
        "relevant": decision.relevant,
        "score": decision.score,
        "outcome": decision.outcome.value,
        "threads": to_json(decision.threads),
        "reasons": to_json([_reason_out(reason) for reason in decision.reasons]),
        "mentions": to_json([mention_out(mention) for mention in decision.mentions]),
        "type": None if decision.type is None else decision.type.value,
        "delta": decision.delta,
        "development": decision.development,
        "duplicate_of": decision.duplicate_of,
        "origin": decision.origin,
        "novelty": decision.novelty,
        "decided_at": instant_text(decision.decided_at),
        "rules_version": decision.rules_version,
        "trace": decision.trace,
    }


def decision_from(row: Row) -> Decision:
    """Return the decision of a row."""
    return Decision(
        story=row["story"],
        entry=row["entry_id"],
        revision=row["revision"],
        entry_seq=row["entry_seq"],
        relevant=bool(row["relevant"]),
        score=row["score"],
        outcome=Outcome(row["outcome"]),
        threads=tuple(from_json(row["threads"])),
        reasons=tuple(_reason_in(reason) for reason in from_json(row["reasons"])),
        mentions=tuple(mention_in(mention) for mention in from_json(row["mentions"])),
        type=None if row["type"] is None else DeltaType(row["type"]),
        delta=row["delta"],
        development=row["development"],
        duplicate_of=row["duplicate_of"],
        origin=row["origin"],
        novelty=row["novelty"],
        decided_at=instant_from(row["decided_at"]),
        rules_version=row["rules_version"],
        trace=row["trace"],
    )


def judgement_params(judgement: Judgement) -> Params:
    """Return the columns of an editor's judgement."""
    return {
        "story": judgement.story,
        "entry_id": judgement.entry,
        "revision": judgement.revision,
        "relevant": judgement.relevant,
        "note": judgement.note,
        "judged_at": instant_text(judgement.judged_at),
    }


def judgement_from(row: Row) -> Judgement:
    """Return the judgement of a row."""
    return Judgement(
        story=row["story"],
        entry=row["entry_id"],
        revision=row["revision"],
        relevant=bool(row["relevant"]),
        note=row["note"],
        judged_at=instant_from(row["judged_at"]),
    )


def _reason_out(reason: Reason) -> dict[str, Any]:
    return {
        "feature": reason.feature,
        "weight": reason.weight,
        "span": span_out(reason.span),
        "text": reason.text,
    }


def _reason_in(value: dict[str, Any]) -> Reason:
    return Reason(
        feature=value["feature"],
        weight=value["weight"],
        span=optional_span_in(value["span"]),
        text=value["text"],
    )
