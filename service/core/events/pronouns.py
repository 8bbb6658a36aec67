"""Pronouns: "they will have access to the bases" is told of whom the sentence before names, if that is but one.

A guess would put words into somebody's mouth, so where two could be meant, or the sentence names a party itself, the
pronoun stays unread. Of one that lets the others do something it can be told who it is not.
"""

from __future__ import annotations

from dataclasses import replace

from service.core.matching.passages import WordHit
from service.core.matching.reading import Reading, Sentence, SpottedName
from service.core.model import Role
from service.core.model.entity_types import PARTIES

_MEANT = {
    "he_she": frozenset({"person"}),
    "they_it": frozenset({"country", "organization", "group"}),
}


def with_pronouns(reading: Reading) -> Reading:
    """Return a reading in which a pronoun of its text stands as the name of whom it can only mean."""
    told: list[Sentence] = []
    for sentence in reading.sentences:
        meant = _meant(told[-1], sentence) if told and sentence.field == "summary" else None
        told.append(sentence if meant is None else sentence._replace(names=_in_order(sentence, meant)))
    if all(a is b for a, b in zip(told, reading.sentences, strict=True)):
        return reading
    return replace(reading, sentences=tuple(told))


def _meant(before: Sentence, sentence: Sentence) -> SpottedName | None:
    """Return the name that a sentence's pronoun stands for."""
    pronoun = next((word for word in sentence.words if word.word_class in _MEANT and not word.background), None)
    named = {name.entity for name in sentence.names if name.type in PARTIES and name.oblique is None}
    if pronoun is None or (named and not _lets(pronoun, sentence)):
        return None
    wanted = frozenset().union(
        *(_MEANT[w.word_class] for w in sentence.words if w.word_class in _MEANT and w.start == pronoun.start)
    )
    fitting = {
        n.entity: n
        for n in before.names
        if n.type in wanted and n.oblique is None and n.role is not Role.PUBLISHER and n.entity not in named
    }
    if len(fitting) != 1:
        return None
    (name,) = fitting.values()
    return name._replace(start=pronoun.start, end=pronoun.end, is_title=False, is_typo=False)


def _lets(pronoun: WordHit, sentence: Sentence) -> bool:
    """Say whether a pronoun stands for who lets the others, who are named, do something: "it will let the Russians stay"."""
    return any(word.word_class == "permit" and word.start >= pronoun.end for word in sentence.words) and all(
        name.start > pronoun.end for name in sentence.names
    )


def _in_order(sentence: Sentence, name: SpottedName) -> tuple[SpottedName, ...]:
    return tuple(sorted((*sentence.names, name), key=lambda n: n.start))
