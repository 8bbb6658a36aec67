"""Pages of lists, probes, problems, and the table of published schemas."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from service.api.wire import DecisionOut, DeltaOut, EntryOut, Wire
from service.api.wire_coverage import CoverageOut
from service.api.wire_stories import DevelopmentOut, FactOut, FeedOut, StoryOut

Item = TypeVar("Item", bound=Wire)


class Page(Wire, Generic[Item]):
    """A stretch of a list. A list that is always whole has no cursor."""

    items: list[Item]
    next_cursor: str | None = None
    has_more: bool = False


class DeltaPage(Page[DeltaOut]):
    """Deltas in order of `seq`; `next_cursor` is there also when `items` is empty."""


class DecisionPage(Page[DecisionOut]):
    """Decisions in order of arrival; `next_cursor` is there also when `items` is empty."""


class DevelopmentPage(Page[DevelopmentOut]):
    """Developments, the last reported first; `next_cursor` is there also when `items` is empty."""


class EntryPage(Page[EntryOut]):
    """Entries in order of arrival; `next_cursor` is there also when `items` is empty."""


class RevisionPage(Page[EntryOut]):
    """All revisions of one entry, oldest first."""


class FactPage(Page[FactOut]):
    """Facts: the baseline, then what deltas brought."""


class StoryPage(Page[StoryOut]):
    """Stories that are followed."""


class FeedPage(Page[FeedOut]):
    """Polled feeds by title; read on in pages, by id."""


class Health(Wire):
    """The answer of a probe."""

    status: Literal["ok", "ready"]
    version: str


class ProblemError(Wire):
    """One thing wrong with a request."""

    parameter: str | None = None  # of the query
    pointer: str | None = None  # into the body: a JSON pointer as a URI fragment
    detail: str


class Problem(Wire):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: str
    errors: list[ProblemError] | None = None
    oldest_cursor: str | None = None


SCHEMAS: dict[str, type[Wire]] = {
    "coverage": CoverageOut,
    "decision": DecisionOut,
    "delta": DeltaOut,
    "development": DevelopmentOut,
    "entry": EntryOut,
    "fact": FactOut,
    "feed": FeedOut,
    "followed-story": StoryOut,
    "problem": Problem,
}
"""What `/schemas/{name}.json` serves. (`story` is the schema of story *files* and comes from their loader.)"""
