"""Where a story stands, as values: the answer to each thread's question, and every fact that reports have touched. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.api.tally import Tally
    from service.core.facts.standing import Standing, Touch
    from service.core.model import Fact, Story, Thread

_ANSWERS = 3
_ADDED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A fact, before and now."""

    standing: Standing
    began: Fact | None  # as the article said it; None where a later report brought it
    threads: tuple[str, ...]
    newest_seq: int  # 0: untouched

    @property
    def confirmed(self) -> Touch | None:
        """Return what confirmed it last."""
        return self.standing.confirmed[-1] if self.standing.confirmed else None

    @property
    def added(self) -> tuple[Touch, ...]:
        """Return what was added last, the newest first, each addition once."""
        by_words = {touch.change.after: touch for touch in self.standing.added}
        return tuple(sorted(by_words.values(), key=lambda touch: -touch.seq))[:_ADDED]


def fact_row(story: Story, tally: Tally, fact: str) -> FactRow:
    """Return a fact as it stands."""
    began = next((each for each in story.facts if each.id == fact), None)
    stands = tally.standing(fact, began.statement if began else None)
    threads = (began.thread,) if began else (stands.newest.threads if stands.newest else ())
    return FactRow(standing=stands, began=began, threads=threads, newest_seq=stands.newest.seq if stands.newest else 0)


def answers(story: Story, tally: Tally, thread: Thread) -> tuple[FactRow, ...]:
    """Return the facts that answer a thread's question: those the story names, else those that moved last."""
    if thread.answered_by:
        return tuple(fact_row(story, tally, fact) for fact in thread.answered_by)
    rows = [fact_row(story, tally, fact.id) for fact in story.facts if fact.thread == thread.id]
    rows.sort(key=lambda row: (not row.standing.changed, -row.newest_seq))
    return tuple(rows[:_ANSWERS])


def touched_facts(story: Story, tally: Tally) -> tuple[FactRow, ...]:
    """Return the facts that changed, the newest change first; then those that stand with more known or confirmed."""
    rows = [fact_row(story, tally, fact) for fact in tally.touched]
    rows = [row for row in rows if row.standing.newest]
    return tuple(sorted(rows, key=lambda row: (not row.standing.changed, -_moved(row))))


def _moved(row: FactRow) -> int:
    """Return the seq by which a fact is sorted: of its change, where it changed."""
    return row.standing.since.seq if row.standing.since else row.newest_seq
