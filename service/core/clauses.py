"""Background clauses: "the leader, who fled to the capital, left debts" is about debts, not about a flight.

A relative clause, a participle or a clause of time beside a name says what is long known of it. The words and names in
it are there, but they are not what happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from service.core.passages import NameHit, WordHit

_CLAUSE, _PARTICIPLE = "background_clause", "background_participle"
CLAUSE_WORDS = frozenset({_CLAUSE, _PARTICIPLE})

_STOP = re.compile('[,;:،؛，、；：。|()«»“”"]|\\s[-–—]\\s')
_OPENED = re.compile("[,،，、(–—]\\s*$")  # what makes a participle one that stands apart
_REACH = 40  # characters from a cue to the place it leads to
_BESIDE = 30  # characters between a participle and the name it belongs to
_VERB_LAST = frozenset({"de", "ja", "tr"})  # there the place stands before the participle


def background_spans(
    text: str, lang: str, end: int, words: Iterable[WordHit], people: Sequence[NameHit], places: Sequence[NameHit]
) -> list[tuple[int, int]]:
    """Return the stretches of a sentence that only say what is long known.

    Args:
        text: The field the sentence stands in.
        lang: Its language.
        end: Where the sentence ends.
        words: The sentence's words.
        people: The sentence's names of people and groups, in order.
        places: The sentence's names of places and countries, in order.
    """
    spans: list[tuple[int, int]] = []
    for word in words:
        if word.word_class == _CLAUSE or (word.word_class == _PARTICIPLE and _OPENED.search(text, 0, word.start)):
            spans.append((word.start, _clause_end(text, end, word, places)))
        elif word.word_class == _PARTICIPLE:
            name = next((n for n in people if 0 <= n.start - word.end <= _BESIDE), None)
            if name is not None and not _STOP.search(text, word.end, name.start):
                spans.append((_clause_start(text, lang, word, places), name.start))
    return spans


def _clause_end(text: str, end: int, word: WordHit, places: Sequence[NameHit]) -> int:
    """Return where a clause ends: with the place it leads to, or where punctuation ends it, or with its cue."""
    stop = _STOP.search(text, word.end, end)
    limit = stop.start() if stop else end
    for place in places:
        if word.start <= place.start and place.end <= min(limit, word.end + _REACH):
            return max(place.end, word.end)
    return limit if stop else word.end


def _clause_start(text: str, lang: str, word: WordHit, places: Sequence[NameHit]) -> int:
    if lang in _VERB_LAST:
        for place in reversed(places):
            if 0 <= word.start - place.end <= _BESIDE and not _STOP.search(text, place.end, word.start):
                # with its preposition
                return text.rfind(" ", 0, max(place.start - 1, 0)) + 1 if lang == "de" else place.start
    return word.start
