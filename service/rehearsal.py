"""A rehearsal: what the rules would make of entries, from nothing and writing nothing.

The same calls into the core as the steps make, with a memory that is thrown away. It serves questions that begin with
"what would": cases with a known answer, and changed rules before they are applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.core.deltas.compare import compare
from service.core.deltas.editing import accepted, rejected
from service.core.facts.memory import StoryMemory
from service.core.items import Item
from service.core.model import Decision, Delta, Entry, Judgement, Outcome, Story
from service.core.polls.identity import content_hash
from service.core.rules import Rules
from service.replay import in_order_of_time, item_entry, item_key

_NO_JUDGEMENTS: Mapping[str, Judgement] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What came of it.

    Attributes:
        decisions: (entry, revision) → the decision, where the entry touched the story.
        deltas: In the order in which they would be published.
    """

    decisions: dict[tuple[str, int], Decision]
    deltas: tuple[Delta, ...]


def rehearse(
    entries: Iterable[Entry],
    story: Story,
    rules: Rules,
    judgements: Mapping[str, Judgement] = _NO_JUDGEMENTS,
    *,
    backlog_counts: bool = True,
) -> Rehearsal:
    """Return what the rules make of entries over an empty ledger; what they see sets the clock.

    Args:
        entries: In order of arrival.
        story: The story.
        rules: Must hold the story.
        judgements: Entry → what an editor said of it: it is told, or not told, accordingly.
        backlog_counts: What came with a feed's first poll is news too.
    """
    memory = StoryMemory(story)
    decisions: dict[tuple[str, int], Decision] = {}
    told: set[str] = set()
    for entry in entries:
        known = (story.id,) if entry.id in told else ()
        judged = rules.judge(entry, told=known, backlog_counts=backlog_counts)
        decision = next((d for d in judged if d.story == story.id), None)
        judgement = judgements.get(entry.id)
        if judgement is not None:
            decision = _as_judged(decision or rules.decide(story, entry), judgement)
        if decision is None:
            continue
        if decision.outcome is Outcome.PENDING:
            reading = rules.read(story, entry, anyway=True)
            assert reading is not None  # wanted anyway
            compared = compare(decision, entry, reading, memory, rules.compare[story.id], entry.seen_at)
            memory.apply(compared)
            decision = compared.decision
        if decision.relevant:
            told.add(entry.id)
        decisions[entry.id, entry.revision] = decision
    return Rehearsal(decisions=decisions, deltas=tuple(memory.deltas.values()))


def _as_judged(decision: Decision, judgement: Judgement) -> Decision:
    if not judgement.relevant:
        return rejected(decision, judgement.note)
    return decision if decision.outcome is Outcome.PENDING else accepted(decision, judgement.note)


def entries_of(items: Sequence[Item], story: Story) -> Iterator[tuple[Item, Entry, bool]]:
    """Yield recorded items in order of time as the entries that an empty ledger would take them for.

    The last value says that the item is an earlier one again: the same link, the same text.
    """
    heads: dict[str, tuple[Entry, str]] = {}
    for at, item in in_order_of_time(items, story.as_of):
        key = item_key(item)
        fingerprint = content_hash(item.title, item.summary)
        head, old = heads.get(key, (None, ""))
        if head is not None and fingerprint == old:
            yield item, head, True
            continue
        revision, first_seen = (head.revision + 1, head.first_seen_at) if head else (1, at)
        entry = item_entry(item, key, revision, first_seen, at)
        heads[key] = (entry, fingerprint)
        yield item, entry, False
