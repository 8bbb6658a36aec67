"""What an editor's judgement does: it withdraws what an entry told, or has it told after all.

A judgement holds for the entry, so all its revisions follow it, those that come later as well. Nothing published is
edited: a withdrawal is a delta of its own, which says who withdrew and what becomes known again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from service.core.deltas.compare import compare
from service.core.deltas.telling import EDITOR, CompareRules
from service.core.deltas.wording import delta_line
from service.core.errors import Invalid
from service.core.facts.memory import StoryMemory
from service.core.ids import delta_id
from service.core.matching.match import logistic
from service.core.matching.reading import Reading
from service.core.model import (
    Comparison,
    Decision,
    Delta,
    DeltaType,
    Development,
    Entry,
    Judgement,
    Outcome,
    Reason,
)

LONGEST_NOTE = 1000
_CLEAR = 0.1  # log-odds beyond the line that a judgement moves a score to, at least
_PUBLISHED = (Outcome.DELTA, Outcome.REPEAT)


def judge(
    judgement: Judgement,
    decisions: Sequence[Decision],
    entry: Entry,
    reading: Reading,
    memory: StoryMemory,
    rules: CompareRules,
    now: datetime,
) -> Comparison | None:
    """Return what a judgement changes; None when the decisions follow it already.

    Args:
        judgement: The judgement.
        decisions: Those on the entry in the story, oldest revision first; at least one.
        entry: The revision that the last of them is on.
        reading: That revision as the story reads it.
        memory: What is known of the story; not changed here, and no longer true once the result is committed.
        rules: Lexicon, join rule and their version.
        now: The instant to stamp on what is published, UTC.
    """
    if judgement.relevant:
        if decisions[-1].outcome not in {Outcome.REJECTED, Outcome.CONTEXT}:
            return None
        wanted = accepted(decisions[-1], judgement.note)
        return replace(compare(wanted, entry, reading, memory, rules, now), by_editor=True)
    if not any(decision.relevant for decision in decisions):
        return None
    told = memory.newest_delta(judgement.entry)
    delta = (
        None if told is None or _withdraws_itself(told, memory) else _withdrawal(told, judgement, memory, rules, now)
    )
    *others, newest = (
        replace(rejected(decision, judgement.note), decided_at=now) if decision.relevant else decision
        for decision in decisions
    )
    if delta is not None:
        newest = replace(newest, type=delta.type, delta=delta.id)
    return Comparison(
        decision=newest,
        others=tuple(each for each, before in zip(others, decisions, strict=False) if each != before),
        development=_without(judgement.entry, entry, memory),
        delta=delta,
        by_editor=True,
    )


def accepted(decision: Decision, note: str = "") -> Decision:
    """Return a decision that an editor has raised over the line; comparing completes it."""
    reasons, total = _own(decision)
    reason = Reason(feature=EDITOR, weight=round(max(0.0, _CLEAR - total), 4), text=note or None)
    return replace(
        decision,
        relevant=True,
        outcome=Outcome.PENDING,
        reasons=(*reasons, reason),
        score=round(logistic(total + reason.weight), 4),
        type=None,
        delta=None,
    )


def rejected(decision: Decision, note: str = "") -> Decision:
    """Return a decision that an editor has put below the line."""
    reasons, total = _own(decision)
    reason = Reason(feature=EDITOR, weight=round(min(0.0, -_CLEAR - total), 4), text=note or None)
    return replace(
        decision,
        relevant=False,
        outcome=Outcome.REJECTED,
        reasons=(*reasons, reason),
        score=round(logistic(total + reason.weight), 4),
        type=None,
        delta=None,
        development=None,
        duplicate_of=None,
        origin=None,
        novelty=None,
        trace=None,
    )


def _own(decision: Decision) -> tuple[tuple[Reason, ...], float]:
    """Return the reasons that are the matcher's, and their sum."""
    reasons = tuple(reason for reason in decision.reasons if reason.feature != EDITOR)
    return reasons, sum(reason.weight for reason in reasons)


def _withdraws_itself(told: Delta, memory: StoryMemory) -> bool:
    """Say whether the publisher has withdrawn the report already."""
    if told.type is not DeltaType.RETRACTION:
        return False
    superseded = memory.deltas.get(told.supersedes or "")
    return told.by == EDITOR or superseded is None or superseded.entry == told.entry


def _withdrawal(told: Delta, judgement: Judgement, memory: StoryMemory, rules: CompareRules, now: datetime) -> Delta:
    """Return the retraction of a delta. It passes the filters that the delta passed, but for its type."""
    story = memory.story
    names = {entity.id: entity.name for entity in story.entities}
    titles = {thread.id: thread.title for thread in story.threads}
    subject = " and ".join(titles.get(thread, thread) for thread in told.threads) or story.title
    countries = {entity.id for entity in story.entities if entity.type == "country"}
    if told.event is None:
        subject = f"Report on {subject}"
    line = delta_line(DeltaType.UPDATE, told.event, (), rules.words.actions, names, subject, countries)
    note = judgement.note.rstrip(".")
    again = memory.rejections(told.entry)
    return replace(
        told,
        id=delta_id(story.id, told.entry, told.revision, f"retraction by editor {again + 1}"),
        type=DeltaType.RETRACTION,
        line=f"Withdrawn by an editor: {line}",
        created_at=now,
        novelty=0.0,
        reason=f"Withdrawn by an editor{f': {note}' if note else ''}.",
        added=(),
        changes=memory.taken_back(told.id),
        first_report=False,
        supersedes=told.id,
        by="editor",
        rules_version=rules.rules_version,
        seq=0,
    )


def _without(entry_id: str, entry: Entry, memory: StoryMemory) -> Development | None:
    """Return the development of an entry with its report counted out; None when it was in none."""
    report = memory.by_entry.get(entry_id)
    known = memory.developments.get(report.development) if report else None
    if report is None or known is None:
        return None
    left = [r for r in memory.by_entry.values() if r.development == known.id and r.entry != entry_id]
    kept_outlets = {r.outlet for r in left}
    kept_origins = {r.origin for r in left}
    outlet = entry.outlet or entry.feed_id
    return replace(
        known,
        last_at=max((r.dated_at for r in left), default=known.last_at),
        reports=len(left),
        outlets=tuple(o for o in known.outlets if o != outlet or report.outlet in kept_outlets) if left else (),
        origins=tuple(o for o in known.origins if o in kept_origins),
    )


def story_judged(decisions: Mapping[str, Decision | None], named: str | None = None) -> str:
    """Return the story that a judgement is about: the one named, else where the entry scored highest.

    Args:
        decisions: Story followed → the newest decision on the entry in it.
        named: The story that the editor named.

    Raises:
        Invalid: There is no such story, or the entry was judged in none of several.
    """
    known = ", ".join(decisions) or "none"
    if named is not None:
        if named not in decisions:
            raise Invalid(f"no story {named!r} is followed; there are: {known}")
        return named
    made = [decision for decision in decisions.values() if decision is not None]
    if made:
        return max(made, key=lambda decision: (decision.relevant, decision.score)).story
    if len(decisions) == 1:
        return next(iter(decisions))
    raise Invalid(f"the entry names nothing of any story; say which one it belongs to: {known}")


def plain_note(text: str) -> str:
    """Return a note as one line of printable text: it is published in feeds."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
