"""Whether an entry follows up on a story: interpretable features of its reading, weighed and added up.

The score is the logistic function of the sum of the weights of the features that are present; 0.5 is the line. The
weights are numbers in service/lexicon/weights.yaml, so a judgement can be explained to its last point; what a feature
means is said in `meanings.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from service.core.matching.clauses import clause_around
from service.core.matching.patterns import LEVELS, LONG_TITLE, UNREAD, PatternHit, PatternIndex, pattern_hits, rank
from service.core.matching.reading import Reading
from service.core.model import Entry, Match, Outcome, Reason, Role, Span, Story

_LONG_SUMMARY = 700
_TELLING = (Role.CORE, Role.CONTEXT)
# What a feed held at its first poll and is older than this is context, not news (CONTRACT §5.4).
_BACKLOG_AGE = timedelta(days=7)


def _flag(reading: Reading, word_class: str, field: str) -> tuple[Span, str] | None:
    for sentence in reading.sentences:
        if sentence.field == field:
            for word in sentence.words:
                if word.word_class == word_class:
                    span = Span(field=sentence.field, start=word.start, end=word.end)
                    return span, reading.text(sentence.field)[word.start : word.end]
    return None


# All features that an item can have which names no core entity and holds no pattern.
WITHOUT_EITHER = frozenset({
    "no_core", "title_names_nobody", "two_context_in_title", "background_in_title", "background_entity", "name_typo",
    "anniversary_in_title", "anniversary_in_summary", "roundup_in_title", "roundup_names_nobody", "analogy_in_title",
    "courtesy_in_title", "beast_in_title", "trade_in_title", "long_summary",
})  # fmt: skip


class Feature(NamedTuple):
    """A feature that is present, with the words that show it."""

    name: str
    span: Span | None = None
    text: str | None = None


def features(reading: Reading, hits: list[PatternHit], actions: frozenset[str]) -> list[Feature]:
    """Return the features present in a reading.

    Args:
        reading: The entry as the story reads it.
        hits: The patterns found.
        actions: Ids of the word classes that are actions.
    """
    return [
        *_pattern_features(hits, actions, reading),
        *_title_features(reading, actions),
        *_company_features(reading),
        *_kind_features(reading, hits),
        *_spelling_features(reading),
    ]


def _pattern_features(hits: list[PatternHit], actions: frozenset[str], reading: Reading) -> Iterator[Feature]:
    """Yield what the threads' patterns say: how near to the headline the best one stands."""
    unread = next((hit for hit in hits if hit.level == UNREAD), None)
    if unread is not None:
        yield Feature(name="pattern_unread", span=unread.found[0].span, text=f"{unread.thread}: {unread.text(reading)}")
    best = min((hit for hit in hits if hit.level != UNREAD), key=rank, default=None)
    if best is None:
        return
    name = f"pattern_{best.level}" + ("" if best.direct else "_oblique")
    yield Feature(name=name, span=best.found[0].span, text=f"{best.thread}: {best.text(reading)}")
    if best.level == "lead" and best.direct:
        yield from _lead_features(reading)
    strong = [hit for hit in hits if hit.direct and hit.level in {"title", "headline", "lead"}]
    if len({hit.pattern.slots for hit in strong if hit.level != "lead"}) > 1:  # threads share some
        yield Feature(name="several_patterns")
    elif len({hit.pattern.slots for hit in strong}) > 1:
        yield Feature(name="several_in_lead")
    acted = any(hit.ids & actions for hit in strong)
    if best.level in {"headline", "lead"}:
        if acted:
            yield Feature(name="lead_with_action")
        elif not any(sentence.classes() & actions for sentence in reading.lead):
            yield Feature(name="lead_without_action")
    if any(len(hit.pattern.slots) == 1 and hit.level == "title" for hit in strong):
        yield Feature(name="unmistakable_name_in_title")
    elif any(len(hit.pattern.slots) == 1 for hit in strong):
        yield Feature(name="unmistakable_name_in_lead")
    if acted:
        yield Feature(name="pattern_with_action")


def _lead_features(reading: Reading) -> Iterator[Feature]:
    """Yield whether the title prepares for what the lead tells, or the lead comes to it after other news."""
    named = {name.entity for s in reading.title_sentences for name in s.names if name.role in _TELLING}
    if len(named) >= 2:
        yield Feature(name="lead_told_by_title")
    if not named and not any(name.role in _TELLING for s in reading.lead[:1] for name in s.names):
        yield Feature(name="lead_after_other_news")


def _title_features(reading: Reading, actions: frozenset[str]) -> Iterator[Feature]:
    """Yield who the title is about."""
    core = [(s, n) for s, n in reading.names(Role.CORE) if s.field == "title"]
    context = {n.entity for s, n in reading.names(Role.CONTEXT) if s.field == "title"}
    direct = [(s, n) for s, n in core if n.oblique is None]
    if direct:
        sentence, name = direct[0]
        span = Span(field="title", start=name.start, end=name.end)
        yield Feature(name="core_in_title", span=span, text=reading.title[name.start : name.end])
        if sentence.classes() & actions:
            yield Feature(name="core_and_action_in_title")
        if name.start <= max(12, len(reading.title) // 4):
            yield Feature(name="core_opens_title", span=span)
    elif core:
        yield Feature(name="core_in_title_oblique")
    elif not context:
        yield Feature(name="title_names_nobody")
    if len(context) >= 2:
        yield Feature(name="two_context_in_title")


def _company_features(reading: Reading) -> Iterator[Feature]:
    """Yield which entities keep each other company."""
    core = {n.entity for _, n in reading.names(Role.CORE)}
    if len(core) >= 2:
        yield Feature(name="several_core")
    if not core:
        yield Feature(name="no_core")
    background = [(s.field, n.type) for s, n in reading.names(Role.BACKGROUND)]
    is_headline = len(reading.title) <= LONG_TITLE  # a post as its own title names many in passing
    if is_headline and any(field == "title" for field, _ in background):
        yield Feature(name="background_in_title")
        persons = [n for s, n in reading.names(Role.CORE) if s.field == "title" and n.type == "person"]
        if persons and ("title", "person") in background:
            yield Feature(name="person_beside_another")
    elif background:
        yield Feature(name="background_entity")


def _spelling_features(reading: Reading) -> Iterator[Feature]:
    """Yield the first entity that is named by a misspelt name alone."""
    named = reading.names(Role.CORE, Role.CONTEXT)
    certain = {name.entity for _, name in named if not name.is_typo}
    for sentence, name in named:
        if name.entity not in certain:
            span = Span(field=sentence.field, start=name.start, end=name.end)
            yield Feature(name="name_typo", span=span, text=reading.text(sentence.field)[name.start : name.end])
            return


def _kind_features(reading: Reading, hits: list[PatternHit]) -> Iterator[Feature]:
    """Yield what kind of item it is: a look back, a roundup, a comparison, good wishes, a zoo's news, a whole article."""
    for word_class, part in (
        ("anniversary", "title"),
        ("roundup", "title"),
        ("analogy", "title"),
        ("courtesy", "title"),
        ("beast", "title"),
        ("anniversary", "summary"),
    ):
        flag = _flag(reading, word_class, part) if word_class in reading.ids else None
        if flag is None or ((word_class, part) == ("anniversary", "title") and _goes_on(reading, flag[0], hits)):
            continue
        yield Feature(name=f"{word_class}_in_{part}", span=flag[0], text=flag[1])
        if word_class == "roundup" and not any(
            name.role in _TELLING for s in reading.title_sentences for name in s.names
        ):
            yield Feature(name="roundup_names_nobody")
    if (goods := reading.goods) is not None:
        span = Span(field="title", start=goods.start, end=goods.end)
        yield Feature(name="trade_in_title", span=span, text=reading.title[goods.start : goods.end])
    if any(n.oblique == "analogy" for _, n in reading.names(Role.CORE)):
        yield Feature(name="core_as_example")
    if len(reading.summary) > _LONG_SUMMARY:
        yield Feature(name="long_summary")


def _goes_on(reading: Reading, anniversary: Span, hits: list[PatternHit]) -> bool:
    """Say whether a title tells something beside the clause that looks back: "A year on, the base is open"."""
    start, end = clause_around(reading.title, anniversary.start, anniversary.end)
    return any(
        hit.level == "title" and hit.direct and all(f.end <= start or end <= f.start for f in hit.found) for hit in hits
    )


def needs_core_or_pattern(weights: Mapping[str, float]) -> bool:
    """Say whether an item that names no core entity and holds no pattern stays below the line, whatever else it says."""
    return weights.get("base", 0.0) + sum(max(0.0, weights.get(feature, 0.0)) for feature in WITHOUT_EITHER) < 0


def before(instant: datetime, *, date_only: bool, line: datetime) -> bool:
    """Say whether a date lies before a line; a date without a time is the whole day (CONTRACT §5.5)."""
    return line - instant >= timedelta(days=1) if date_only else instant < line


def decide(
    story: Story,
    reading: Reading | None,
    entry: Entry,
    *,
    dated_at: datetime,
    weights: Mapping[str, float],
    actions: frozenset[str],
    index: PatternIndex,
    backlog_counts: bool = False,
) -> Match:
    """Decide whether an entry follows up on a story.

    Args:
        story: The story.
        reading: The entry as the story reads it; None when it names nothing of it.
        entry: The entry.
        dated_at: The date to compare with `as_of` (published, else first seen).
        weights: Feature → weight in log-odds; "base" is always added.
        actions: Ids of the word classes that are actions.
        index: The story's patterns.
        backlog_counts: What came with a feed's first poll is news too (`--backfill`, and always in replay).

    Returns:
        The match. The weights of its reasons add up to the log-odds of its score.
    """
    if reading is None:
        reason = Reason(feature="no_mention", weight=-9.0)
        return Match(story=story.id, relevant=False, score=logistic(-9.0), threads=(), reasons=(reason,), touched=False)
    hits = pattern_hits(story, reading, index)
    present = features(reading, hits, actions)
    reasons = [Reason(feature="base", weight=weights.get("base", 0.0))]
    reasons += [Reason(feature=f.name, weight=weights.get(f.name, 0.0), span=f.span, text=f.text) for f in present]
    total = round(sum(reason.weight for reason in reasons), 4)  # or a sum of 0 may come out as less
    outcome = Outcome.PENDING if total >= 0 else Outcome.REJECTED
    if before(dated_at, date_only=entry.date_only, line=story.as_of):
        text = f"dated {dated_at.date().isoformat()}, before {story.as_of.date().isoformat()}"
        reasons.append(Reason(feature="before_as_of", weight=round(min(0.0, -3.0 - total), 4), text=text))
        total = round(sum(reason.weight for reason in reasons), 4)
        outcome = Outcome.CONTEXT if outcome is Outcome.PENDING else outcome
    elif (
        outcome is Outcome.PENDING
        and entry.backlog
        and not backlog_counts
        and before(dated_at, date_only=entry.date_only, line=entry.first_seen_at - _BACKLOG_AGE)
    ):
        outcome = Outcome.CONTEXT
        text = f"{_BACKLOG_AGE.days} days older than the first poll of its feed"
        reasons.append(Reason(feature="backlog", weight=0.0, text=text))
    score = logistic(total)
    return Match(
        story=story.id,
        relevant=score >= 0.5,
        score=round(score, 4),
        threads=threads_of(story, hits),
        reasons=tuple(reasons),
        mentions=reading.mentions(),
        outcome=outcome,
        touched=score >= 0.5 or bool(hits) or bool(reading.names(Role.CORE)),
    )


def threads_of(story: Story, hits: list[PatternHit]) -> tuple[str, ...]:
    """Return the threads on the table: those with the best pattern, and any as clear as a headline.

    A thread found only deep in the text does not count where another stands in the headline.
    """
    if not hits:
        return ()
    top = min(rank(hit) for hit in hits)
    clear = {
        hit.thread
        for hit in hits
        if rank(hit) == top or (hit.direct and (hit.level in {"title", "headline"} or top[1] >= LEVELS.index("lead")))
    }
    return tuple(thread.id for thread in story.threads if thread.id in clear)


def logistic(x: float) -> float:
    """Return 1 / (1 + e^-x)."""
    return 1.0 / (1.0 + math.exp(-x))
