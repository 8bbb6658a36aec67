"""A catch-up brief: what changed after a position of the ledger, made of nothing but sentences of deltas.

Grouped by thread, because a thread is a question that a reader follows. Of each development only the newest word is
told; what was withdrawn or replaced meanwhile is left out, unless the reader had been told it before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.core.facts.withdrawals import Withdrawals
from service.core.model import Change, Delta, DeltaType, Development, Story

_CONTESTS = frozenset({DeltaType.CONTRADICTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefSentence:
    """The sentence of one delta, with how widely its development is reported by now.

    Attributes:
        told: How many deltas of the development the brief stands for; this is the newest of them.
        outlets: Who has printed it.
        origins: On whom it rests, independent of each other.
    """

    delta: Delta
    told: int
    outlets: int
    origins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A fact of which two versions stand, with the delta that brought the second."""

    delta: Delta
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadBrief:
    """What is new on one question."""

    thread: str
    title: str
    question: str
    changed: tuple[BriefSentence, ...]
    contested: tuple[Contest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The whole; threads on which nothing is new are there too, with nothing in them."""

    deltas: int
    threads: tuple[ThreadBrief, ...]


def make_brief(
    story: Story, deltas: Iterable[Delta], withdrawals: Withdrawals, developments: Mapping[str, Development]
) -> Brief:
    """Return the brief of a stretch of a story's ledger.

    Args:
        story: The story.
        deltas: Those after the reader's position, in order of seq.
        withdrawals: Of the whole ledger.
        developments: By id, as they stand.
    """
    stretch = list(deltas)
    new = {delta.id for delta in stretch}
    replaced = {delta.supersedes for delta in stretch if delta.supersedes}
    standing = [
        delta
        for delta in stretch
        if delta.id not in withdrawals.ids
        and delta.id not in replaced
        and not (delta.type is DeltaType.RETRACTION and delta.supersedes in new)
    ]
    return Brief(
        deltas=len(stretch),
        threads=tuple(
            ThreadBrief(
                thread=thread.id,
                title=thread.title,
                question=thread.question,
                changed=_changed([d for d in standing if thread.id in d.threads], developments),
                contested=_contested(d for d in standing if thread.id in d.threads),
            )
            for thread in story.threads
        ),
    )


def _changed(deltas: list[Delta], developments: Mapping[str, Development]) -> tuple[BriefSentence, ...]:
    newest = {delta.development: delta for delta in deltas}
    counts: dict[str, int] = {}
    for delta in deltas:
        counts[delta.development] = counts.get(delta.development, 0) + 1
    sentences = []
    for name, delta in newest.items():
        known = developments.get(name)
        sentences.append(
            BriefSentence(
                delta=delta,
                told=counts[name],
                outlets=len(known.outlets) if known else 1,
                origins=len(known.origins) if known else 1,
            )
        )
    order = list(DeltaType)
    return tuple(sorted(sentences, key=lambda each: (order.index(each.delta.type), each.delta.seq)))


def _contested(deltas: Iterable[Delta]) -> tuple[Contest, ...]:
    latest: dict[str, Contest] = {}
    for delta in deltas:
        for change in delta.changes:
            if delta.type in _CONTESTS and change.stance == "contradicts":
                latest[change.fact] = Contest(delta=delta, change=change)
    return tuple(latest.values())
