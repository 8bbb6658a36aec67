"""What is kept of a follow-up once it is compared: its report, made from its reading and events."""

from __future__ import annotations

from collections.abc import Sequence

from service.core.deltas.telling import CompareRules
from service.core.developments.reports import MEANING_LENGTH, Report, bare_title, frame, hashed, polarity
from service.core.events.extraction import Figures
from service.core.events.quantities import numbers_in
from service.core.facts.effects import is_background
from service.core.language.folding import fold, words
from service.core.language.number_words import NO_NUMBER_WORDS
from service.core.matching.reading import Reading
from service.core.model import Decision, Entry, Event, Fact, Role

_MOST_FRAMES = 3  # what is told deeper in a text than that says little about which happening it is of


def outlet_origin(outlet: str) -> str:
    """Return as whose word that counts which an outlet says of itself."""
    return "-".join("".join(c if c.isalnum() else " " for c in outlet.casefold()).split()) or "unknown"


def _origin(reading: Reading, events: list[Event], entry: Entry) -> tuple[str, bool]:
    """Return (who it all rests on, whether they stand by it with their name)."""
    for event in events[:3]:
        if event.speaker and event.on_record:
            return event.speaker, True
    publishers = [name.entity for _, name in reading.names(Role.PUBLISHER)]
    if publishers:
        return publishers[0], False
    return outlet_origin(entry.outlet or entry.feed_id), False


def report_of(
    entry: Entry,
    decision: Decision,
    reading: Reading,
    events: list[Event],
    rules: CompareRules,
    baseline: Sequence[Fact],
    figures: Figures | None = None,
) -> Report:
    """Return an entry as memory will keep it; which development it belongs to is not known yet."""
    figures = figures or Figures(rules.words)
    counted: dict[str, int] = {}
    for sentence in (*reading.title_sentences, *reading.lead):
        for unit, value in figures.of(sentence).items():
            counted.setdefault(unit, value)
    told = [(s, n) for s, n in reading.names(Role.CORE, Role.CONTEXT) if n.oblique is None]
    near = [(s, n) for s, n in told if s.field == "title" or s in reading.lead] or told
    strong = [e for e in events if rules.words.actions[e.action].family != "statements"] or events
    strong = [e for e in strong if not is_background(e, baseline)] or strong[:1]
    frames: dict[str, str] = {}
    for event in strong:
        frames.setdefault(frame(event), polarity(event))
    lang = reading.sentences[0].lang if reading.sentences else entry.lang or ""
    title = bare_title(reading.title, entry.outlet)
    folded_title, folded_summary = fold(title), fold(reading.summary)
    folded = f"{folded_title} {folded_summary}"
    title_tokens = words(folded_title)
    tokens = title_tokens + words(folded_summary)
    number_words = rules.words.numbers.get(lang, NO_NUMBER_WORDS)
    origin, on_record = _origin(reading, events, entry)
    return Report(
        entry=entry.id,
        revision=entry.revision,
        dated_at=entry.published_at or entry.first_seen_at,
        lang=lang,
        outlet=entry.outlet,
        threads=decision.threads,
        frames=tuple(frames)[:_MOST_FRAMES],
        polarity=tuple(frames.values())[:_MOST_FRAMES],
        core=frozenset(n.entity for _, n in near if n.role is Role.CORE),
        entities=frozenset(n.entity for _, n in near),
        quantities=counted,
        title_words=hashed(title_tokens),
        text_words=hashed(tokens),
        origin=origin,
        on_record=on_record,
        numbers=numbers_in(folded, number_words, tokens if folded.isascii() else None),
        meaning=rules.encode(f"{title}. {reading.summary[:MEANING_LENGTH]}") if rules.encode else (),
        denies=any(event.action == "deny" or event.modality == "denied" for event in events),
    )
