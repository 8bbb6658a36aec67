"""What must happen first, where what is told hangs on a condition."""

from __future__ import annotations

from service.core.events.event_words import EventWords
from service.core.events.function_words import VERB_LAST
from service.core.events.modality import WEAK_FAMILIES, is_covered, modality_of
from service.core.events.parties import parties_of
from service.core.events.sides import condition_in, is_hinged, is_inside, without_agreement
from service.core.matching.reading import Reading, Sentence
from service.core.model import Event, Span

_CONDITION_FIRST = VERB_LAST | {"ar"}


def conditional_event(reading: Reading, words: EventWords, span: Span | None) -> Event | None:
    """Return what must happen first, where what is told hangs on a condition: "…, if Russia leaves".

    Args:
        reading: The entry as the story reads it.
        words: The lexicon's part.
        span: The sentence that is told; None looks in all of the headline.
    """
    for sentence in reading.title_sentences if span is None else reading.sentences:
        condition = condition_in(sentence)
        if condition is None or (span is not None and (sentence.field, sentence.start) != (span.field, span.start)):
            continue
        names = [n for n in sentence.names if n.oblique is None and condition[0] <= n.start and n.end <= condition[1]]
        # of "ties relief to the closure of bases" the last is the condition; in Arabic and where verbs stand last, the first
        is_last = is_hinged(sentence) and sentence.lang not in _CONDITION_FIRST
        for word in reversed(sentence.words) if is_last else sentence.words:
            action = words.actions.get(word.word_class)
            if action is None or action.family in WEAK_FAMILIES or not is_inside(word, condition):
                continue
            if is_covered(word, sentence, words.actions):
                continue
            _, negated = modality_of(sentence, word, action)
            parties = parties_of(action, names, word, sentence, words.actions, words.sides, is_asked=False)
            if parties.actor is not None or (parties.target is not None and parties.action.passive is not None):
                return Event(
                    action=parties.action.id,
                    actor=parties.actor.entity if parties.actor else None,
                    target=parties.target.entity if parties.target else None,
                    negated=negated,
                )
    return None


def is_without_agreement(reading: Reading, span: Span | None) -> bool:
    """Say whether what is told comes only if there is no agreement; without a span, whatever the headline tells."""
    return any(without_agreement(sentence) is not None for sentence in _told_in(reading, span))


def hangs(reading: Reading, span: Span | None) -> bool:
    """Say whether what is told hangs on a condition, whatever that is."""
    return any(condition_in(sentence) is not None for sentence in _told_in(reading, span))


def _told_in(reading: Reading, span: Span | None) -> list[Sentence]:
    if span is None:
        return list(reading.title_sentences)
    return [s for s in reading.sentences if (s.field, s.start) == (span.field, span.start)]
