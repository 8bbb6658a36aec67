"""Who says what a sentence tells, and whether they stand by it with their name."""

from __future__ import annotations

from service.core.events.function_words import headline_speaker, is_placed, is_possessor
from service.core.events.sides import is_ousted
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import Role
from service.core.model.entity_types import PARTIES, SPEAKERS

_SUBJECT_FIRST = frozenset({"zh", "vi"})  # there who says something always stands before the verb


def speaker_of(sentence: Sentence, names: list[SpottedName]) -> tuple[str | None, bool]:
    """Return (entity that says so, on the record)."""
    if any(word.word_class == "anonymous" for word in sentence.words):
        return None, False
    named = headline_speaker(names, sentence)
    if named is not None:
        return named.entity, True
    for word in sentence.words:
        if word.word_class in {"says", "confirm", "confirmed", "deny", "denied", "state"}:
            near = [
                n
                for n in names
                if n.type in PARTIES
                and not is_placed(n, sentence)
                and not is_possessor(n, sentence)
                and not is_ousted(n, sentence)
                and not _has_own_voice(word, n, sentence)
                and min(abs(n.end - word.start), abs(word.end - n.start)) <= 40
                and (n.end <= word.start or sentence.lang not in _SUBJECT_FIRST)
            ]
            if near:
                speaker = min(near, key=lambda n: min(abs(n.end - word.start), abs(word.end - n.start)))
                if word.word_class == "state":
                    speaker = _who_leads(near, sentence) or speaker
                # "a Syrian official said" names a side, not a person who stands by it
                return speaker.entity, speaker.type in {"person", "organization"}
    return None, False


def _has_own_voice(word: WordHit, name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a word of saying has a subject of its own after a comma: "Assad leaves Moscow, a source says"."""
    between = sentence.text[name.end - sentence.start : max(name.end, word.start) - sentence.start]
    before, comma, after = between.rpartition(",")
    return bool(comma) and any(c.isalpha() for c in before + after) and any(c.isalpha() for c in after)


def _who_leads(names: list[SpottedName], sentence: Sentence) -> SpottedName | None:
    """Return whom a sentence begins with: "Putin comments on the statement of …" has one who speaks now."""
    first = min(names, key=lambda n: n.start)
    begins = len(sentence.text[: first.start - sentence.start].split()) <= 1
    return first if begins and first.type in SPEAKERS else None


def parties_named(sentence: Sentence) -> list[SpottedName]:
    """Return the names of a sentence that can speak: not who publishes it, and no labels."""
    return [n for n in sentence.names if n.role is not Role.PUBLISHER and n.oblique is None]
