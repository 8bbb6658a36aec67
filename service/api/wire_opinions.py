"""What a model said of a delta."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field

from service.api.wire import Instant, Wire
from service.core.model import DeltaType
from service.core.opinions import Opinion


class OpinionOut(Wire):
    """A second opinion on a delta, by a model the operator chose; the delta is as published, whatever it says."""

    delta: str
    model: str
    outcome: Annotated[
        Literal["given", "invalid", "failed"],
        Field(description="invalid: the answer was not of the form asked for; failed: no answer came"),
    ]
    agrees: bool | None  # null unless it was given
    type: DeltaType | None  # the one it would have given the delta, if any
    reason: str | None
    error: str | None  # what was wrong, where it was not given
    asked_at: Instant

    @classmethod
    def from_model(cls, opinion: Opinion) -> Self:
        """Convert an opinion that is settled."""
        assert opinion.outcome != "waiting"
        verdict = opinion.verdict
        return cls(
            delta=opinion.delta,
            model=opinion.model,
            outcome=opinion.outcome,
            agrees=verdict.agrees if verdict else None,
            type=verdict.type if verdict else None,
            reason=verdict.reason if verdict else None,
            error=opinion.error,
            asked_at=opinion.asked_at,
        )
