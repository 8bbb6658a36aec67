"""One story told item after item, as the compare step does it, and texts that several test files tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from builders import an_entry

from service.core.deltas.compare import compare
from service.core.facts.memory import StoryMemory
from service.core.model import Comparison, Delta, Entry, Outcome
from service.core.rules import Rules

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
WIRE = (
    "A Russian freighter took military equipment out of the naval base at Tartus on Sunday night, two people working "
    "in the harbour said, and sailed west along the coast with its lights switched off."
)
WIRE_TITLE = "Russian freighter takes equipment out of Tartus naval base"
KILLED = "Three Russian soldiers killed at Khmeimim air base"
LEAVES = "Russia withdraws its crews from Khmeimim air base"


class Desk:
    """One story told item after item."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.story = rules.stories["assad-exit"]
        self.memory = StoryMemory(self.story)

    def read(self, entry: Entry) -> Comparison:
        told = {self.story.id} if entry.revision > 1 else set[str]()
        [decision] = self.rules.judge(entry, told=told)
        assert decision.relevant, entry.title
        reading = self.rules.read(self.story, entry, anyway=True)
        assert reading is not None
        rules = self.rules.compare[self.story.id]
        comparison = compare(decision, entry, reading, self.memory, rules, entry.seen_at)
        self.memory.apply(comparison)
        return comparison

    def tell(
        self, key: str, title: str, summary: str = "", *, days: float = 0, lang: str = "en", outlet: str = "Agency One"
    ) -> Comparison:
        at = MONDAY + timedelta(days=days)
        return self.read(
            an_entry(
                key,
                title=title,
                summary=summary,
                lang=lang,
                outlet=outlet,
                published_at=at,
                first_seen_at=at,
                seen_at=at,
            )
        )

    def revise(self, key: str, revision: int, title: str, summary: str = "") -> Comparison:
        seen = MONDAY + timedelta(hours=revision)
        return self.read(
            an_entry(
                key,
                revision=revision,
                title=title,
                summary=summary,
                outlet="Agency One",
                published_at=MONDAY,
                first_seen_at=MONDAY,
                seen_at=seen,
            )
        )


def told(comparison: Comparison) -> Delta:
    assert comparison.delta is not None
    return comparison.delta


def is_repeat(comparison: Comparison) -> bool:
    return comparison.delta is None and comparison.decision.outcome is Outcome.REPEAT
