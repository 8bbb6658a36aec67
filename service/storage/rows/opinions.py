"""Second opinions on deltas."""

from __future__ import annotations

from service.core.model import DeltaType
from service.core.opinions import Opinion, Verdict
from service.storage.rows.values import (
    Params,
    Row,
    from_json,
    instant_from,
    instant_text,
    optional_instant,
    optional_text,
    to_json,
)


def opinion_params(opinion: Opinion) -> Params:
    """Return the columns of an opinion."""
    said = opinion.verdict
    verdict = None if said is None else to_json({"agrees": said.agrees, "type": said.type, "reason": said.reason})
    return {
        "delta": opinion.delta,
        "model": opinion.model,
        "outcome": opinion.outcome,
        "verdict": verdict,
        "error": opinion.error,
        "attempts": opinion.attempts,
        "next_attempt_at": optional_text(opinion.next_attempt_at),
        "asked_at": instant_text(opinion.asked_at),
    }


def opinion_from(row: Row) -> Opinion:
    """Return the opinion of a row."""
    said = None if row["verdict"] is None else from_json(row["verdict"])
    verdict = said and Verdict(
        agrees=said["agrees"], type=said["type"] and DeltaType(said["type"]), reason=said["reason"]
    )
    return Opinion(
        delta=row["delta"],
        model=row["model"],
        outcome=row["outcome"],
        verdict=verdict,
        error=row["error"],
        attempts=row["attempts"],
        next_attempt_at=optional_instant(row["next_attempt_at"]),
        asked_at=instant_from(row["asked_at"]),
    )
