"""What an editor sends and gets back."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, StrictBool

from service.api.wire import DecisionOut, Instant, Wire
from service.core.editing import LONGEST_NOTE
from service.core.model import Judgement


class FeedbackIn(Wire):
    """An editor's judgement on an entry: does it follow up on the story?"""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"relevant": False, "note": "About another base of the same name"}]},
    )

    relevant: StrictBool
    note: Annotated[str, Field(max_length=LONGEST_NOTE, description="Why; published with what follows from it")] = ""
    story: Annotated[
        str | None, Field(max_length=200, description="The story judged for; absent: where the entry scored highest")
    ] = None


class JudgementOut(Wire):
    """A judgement as it was kept; `entry` and `revision` say what it was made on."""

    story: str
    entry: str
    revision: int
    relevant: bool
    note: str
    judged_at: Instant

    @classmethod
    def from_model(cls, judgement: Judgement) -> JudgementOut:
        """Convert a judgement."""
        return cls(
            story=judgement.story,
            entry=judgement.entry,
            revision=judgement.revision,
            relevant=judgement.relevant,
            note=judgement.note,
            judged_at=judgement.judged_at,
        )


class FeedbackOut(Wire):
    """A judgement that was kept, and the decision as it stands; it follows the judgement within moments."""

    judgement: JudgementOut
    decision: DecisionOut | None  # null: the entry names nothing of the story, and nothing was decided yet
