"""What an editor's split or merge does: reports move to another development, and a correction tells of it.

Nothing published is edited, and a development keeps its id even when all its reports have moved. The grouping stands in
the decisions, so a memory made from them has it, and what is reported later joins accordingly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from service.core.deltas.telling import later_fact
from service.core.developments.reports import Report
from service.core.errors import InvalidDocument
from service.core.facts.memory import StoryMemory
from service.core.ids import regrouping_ids
from service.core.model import Comparison, Decision, Delta, DeltaType, Development, Entry, Regrouping


def ordered_split(
    development: Development, named: Sequence[str], decisions: Iterable[Decision], after: int, note: str, now: datetime
) -> Regrouping:
    """Return the order to move reports out of a development into a new one; copies go with what they copy.

    A copy that is moved alone counts as one no more.

    Args:
        development: The one to split.
        named: The entries to move out.
        decisions: Those of the story that were told or repeated.
        after: How many changes by editors the story has seen.
        note: Why.
        now: The instant of the order, UTC.

    Raises:
        InvalidDocument: An entry is not in the development, or none would stay.
    """
    inside = {d.entry: d.duplicate_of for d in decisions if d.development == development.id}
    faults: list[tuple[tuple[int | str, ...], str]] = [
        (("entries", place), f"entry {entry!r} is no report of development {development.id}")
        for place, entry in enumerate(named)
        if entry not in inside
    ]
    moved = tuple(sorted(entry for entry, original in inside.items() if entry in named or original in named))
    if not faults and len(moved) == len(inside):
        faults.append((("entries",), f"these are all reports of development {development.id}: leave one or more"))
    if faults:
        raise InvalidDocument(tuple(faults))
    name, into = regrouping_ids(development.story, "split", (development.id, *moved), after)
    return Regrouping(
        id=name,
        story=development.story,
        kind="split",
        development=development.id,
        into=into,
        entries=moved,
        note=note,
        ordered_at=now,
    )


def ordered_merge(
    development: Development, into: Development | None, named: str, after: int, note: str, now: datetime
) -> Regrouping:
    """Return the order to move all reports of a development into another one of its story.

    Args:
        development: The one that is left without reports.
        into: The other, as it is known; None when it is not.
        named: The id it was named by.
        after: How many changes by editors the story has seen.
        note: Why.
        now: The instant of the order, UTC.

    Raises:
        InvalidDocument: The other is unknown, the same, of another story, or has no reports.
    """
    fault = None
    if into is None:
        fault = f"there is no development {named!r}"
    elif into.id == development.id:
        fault = "a development cannot be merged with itself"
    elif into.story != development.story:
        fault = f"development {into.id} is of story {into.story}, not of {development.story}"
    elif not into.reports:
        fault = f"development {into.id} has no reports left"
    if fault:
        raise InvalidDocument(((("into",), fault),))
    name, _ = regrouping_ids(development.story, "merge", (development.id, named), after)
    return Regrouping(
        id=name,
        story=development.story,
        kind="merge",
        development=development.id,
        into=named,
        note=note,
        ordered_at=now,
    )


def moved_reports(order: Regrouping, memory: StoryMemory) -> list[Report]:
    """Return the reports that an order still moves, the first to be dated first; none when it has nothing to do."""
    there = [report for report in memory.by_entry.values() if report.development == order.development]
    moved = [report for report in there if order.kind == "merge" or report.entry in order.entries]
    if order.kind == "split" and len(moved) == len(there):
        return []  # what should stay has been withdrawn meanwhile, so that there is one happening again
    if order.kind == "merge" and not any(report.development == order.into for report in memory.by_entry.values()):
        return []
    return sorted(moved, key=lambda report: (report.dated_at, report.entry))


def regrouped(
    order: Regrouping,
    decisions: Iterable[Decision],
    entries: Mapping[str, Entry],
    memory: StoryMemory,
    rules_version: str,
    now: datetime,
) -> list[Comparison]:
    """Return what an order changes; empty when it has nothing to do any more.

    Args:
        order: The order.
        decisions: Those of the story that were told or repeated.
        entries: The moved reports' entries, in the revisions that memory knows.
        memory: What is known of the story; not changed here, and no longer true once the result is committed.
        rules_version: Of the rules in force.
        now: The instant to stamp on what is published, UTC.
    """
    moved = moved_reports(order, memory)
    if not moved:
        return []
    names = {report.entry for report in moved}
    newest: dict[str, Decision] = {}
    changed: list[Decision] = []
    stayed: dict[str, Decision] = {}
    for decision in decisions:
        if decision.entry in names and decision.trace is not None:
            copied = decision.duplicate_of if decision.duplicate_of in names else None
            report = replace(Report.from_json(decision.trace), development=order.into, duplicate_of=copied)
            changed.append(replace(decision, development=order.into, duplicate_of=copied, trace=report.to_json()))
            newest[decision.entry] = changed[-1]
        elif decision.development is not None:
            stayed[decision.development] = decision
    first = next((report for report in moved if report.delta), moved[0])
    entry, decision = entries[first.entry], newest[first.entry]
    before, target = memory.developments[order.development], memory.developments.get(order.into)
    reports = [report for report in memory.by_entry.values() if report.development == order.into and target] + moved
    told = memory.newest_delta(first.entry)
    title = target.line if target else (_phrase(told) if told else entry.title)
    opened = target or replace(
        before,
        id=order.into,
        title=entry.title,
        lang=entry.lang,
        line=title,
        first_entry=entry.id,
        threads=(),
    )
    threads = tuple(t.id for t in memory.story.threads if any(t.id in report.threads for report in reports))
    delta = _correction(order, told, first, entry, decision, title=title, rules_version=rules_version, now=now)
    facts = (later_fact(memory.story, delta, delta.event, first),) if delta.event and target is None else ()
    grown = Comparison(
        decision=newest[first.entry],
        others=tuple(each for each in changed if each is not newest[first.entry]),
        development=_counted(replace(opened, threads=threads), reports),
        delta=delta,
        facts=facts,
        by_editor=True,
    )
    left = [r for r in memory.by_entry.values() if r.development == order.development and r.entry not in names]
    shrunk = Comparison(
        decision=stayed[order.development] if left else newest[first.entry],
        development=_counted(_headed(before, left, memory), left),
        by_editor=True,
    )
    return [grown, shrunk]


def _correction(
    order: Regrouping,
    told: Delta | None,
    first: Report,
    entry: Entry,
    decision: Decision,
    *,
    title: str,
    rules_version: str,
    now: datetime,
) -> Delta:
    """Return what tells readers of an order: it stands with the first report that was moved, and what that had told."""
    said = "Two happenings, not one" if order.kind == "split" else "One happening"
    note = order.note.rstrip(".")
    return Delta(
        id=order.id,
        story=order.story,
        threads=decision.threads,
        type=DeltaType.CORRECTION,
        line=f"{said}: {title}",
        headline=entry.title,
        url=entry.url,
        outlet=entry.outlet,
        feed=entry.feed_id,
        pole=entry.pole,
        lang=entry.lang,
        published_at=entry.published_at,
        first_seen_at=entry.first_seen_at,
        created_at=now,
        score=decision.score,
        novelty=0.0,
        reason=f"{said}, says an editor{f': {note}' if note else ''}.",
        added=(),
        changes=(),
        event=told.event if told else None,
        plover=told.plover if told else None,
        entities=decision.mentions,
        development=order.into,
        development_title=title,
        first_report=False,
        origin=first.origin,
        entry=entry.id,
        revision=entry.revision,
        supersedes=told.id if told else None,
        by="editor",
        rules_version=rules_version,
    )


def _phrase(delta: Delta) -> str:
    """Return what a delta tells of, as the name of a development of its own."""
    names_it = delta.first_report or delta.by == "editor"
    return delta.development_title if names_it else delta.line


def _headed(development: Development, left: Sequence[Report], memory: StoryMemory) -> Development:
    """Return a development under the name of a report that is still in it."""
    if not left or any(report.entry == development.first_entry for report in left):
        return development
    ordered = sorted(left, key=lambda report: (report.dated_at, report.entry))
    head = next((report for report in ordered if report.delta), ordered[0])
    told = memory.deltas.get(head.delta or "")
    if told is None:
        return replace(development, first_entry=head.entry)
    return replace(development, first_entry=head.entry, title=told.headline, lang=told.lang, line=_phrase(told))


def _counted(development: Development, reports: Sequence[Report]) -> Development:
    """Return a development with what is counted of it taken from its reports."""
    ordered = sorted(reports, key=lambda report: (report.dated_at, report.entry))
    return replace(
        development,
        first_at=ordered[0].dated_at if ordered else development.first_at,
        last_at=ordered[-1].dated_at if ordered else development.last_at,
        reports=len(ordered),
        outlets=tuple(dict.fromkeys(report.outlet or report.origin for report in ordered)),
        origins=tuple(dict.fromkeys(report.origin for report in ordered)),
    )
