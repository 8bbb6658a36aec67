"""What an editor sends and gets back."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StrictBool

from service.api.wire import DecisionOut, Instant, Wire
from service.core.deltas.editing import LONGEST_NOTE
from service.core.model import Judgement, Regrouping

Note = Annotated[str, Field(max_length=LONGEST_NOTE, description="Why; published with what follows from it")]


class FeedbackIn(Wire):
    """An editor's judgement on an entry: does it follow up on the story?"""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"relevant": False, "note": "About another base of the same name"}]},
    )

    relevant: StrictBool
    note: Note = ""
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


class SplitIn(Wire):
    """Reports to move out of a development, since they tell of another happening."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"entries": ["e-0123456789abcdef"], "note": "Another convoy"}]},
    )

    entries: Annotated[
        list[Annotated[str, Field(max_length=200)]],
        Field(min_length=1, max_length=1000, description="Entries to move into a new development; copies go with them"),
    ]
    note: Note = ""


class MergeIn(Wire):
    """The development that tells of the same happening."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"into": "v-0123456789ab", "note": "The same convoy"}]},
    )

    into: Annotated[str, Field(max_length=200, description="A development of the same story; it takes all reports")]
    note: Note = ""


class RegroupingOut(Wire):
    """A split or merge that was kept; reports move and `delta` is published within moments."""

    delta: str  # the correction that will tell of it
    story: str
    kind: Literal["split", "merge"]
    development: str  # whose reports move
    into: str  # where to; a split makes it
    entries: list[str]  # which, copies included; empty for a merge, which moves all
    note: str
    ordered_at: Instant

    @classmethod
    def from_model(cls, order: Regrouping) -> Self:
        """Convert an order."""
        return cls(
            delta=order.id,
            story=order.story,
            kind=order.kind,
            development=order.development,
            into=order.into,
            entries=list(order.entries),
            note=order.note,
            ordered_at=order.ordered_at,
        )
