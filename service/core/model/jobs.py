"""The jobs of the pipeline."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ingest:
    """Poll one feed."""

    feed_id: str

    @property
    def lane(self) -> str:
        """Jobs of one lane run one at a time."""
        return f"feed:{self.feed_id}"


@dataclass(frozen=True, slots=True)
class IngestBatch:
    """Poll those feeds of a batch that are due. Replicas share polling by batches, not by feeds: there are fewer."""

    prefix: str  # of the ids of its feeds, which are hashes

    @property
    def lane(self) -> str:
        """Jobs of one lane run one at a time."""
        return f"feeds:{self.prefix}"


@dataclass(frozen=True, slots=True)
class MatchEntries:
    """Match the entries after the cursor. A wake-up: it carries no data, so losing it only delays."""

    lane: str = "match"


@dataclass(frozen=True, slots=True)
class CompareMatches:
    """Compare the pending matches of one story."""

    story_id: str

    @property
    def lane(self) -> str:
        """Jobs of one lane run one at a time."""
        return f"story:{self.story_id}"


Step = Ingest | MatchEntries | CompareMatches
Job = Step | IngestBatch
