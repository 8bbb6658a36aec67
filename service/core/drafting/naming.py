"""Candidate names in a text about anything: what a draft of a story proposes, and an author reviews.

Only what stands on the page counts: capitals, repetition, the words beside a name, what is in quotation marks or
brackets. There is no list of known names. Scripts without capitals offer less, so there a candidate must be repeated.
"""

from __future__ import annotations

from service.core.drafting.candidates import Candidate, NameWords
from service.core.drafting.capital_names import capitalised, merged
from service.core.drafting.caseless_names import repeated_stretches, repeated_words
from service.core.language.folding import sentences

_CASELESS = frozenset({"ar", "fa", "he"})
_UNSPACED = frozenset({"zh", "ja"})


def find_names(title: str, text: str, lang: str, words: NameWords) -> list[Candidate]:
    """Return the things that a headline and a text name, the most often named first.

    Args:
        title: The headline, "" where there is none.
        text: The body.
        lang: Its language: decides what a name looks like.
        words: The helping words of that language.
    """
    pieces = [title, *(text[start:end] for start, end in sentences(text))]
    if lang in _UNSPACED:
        found = repeated_stretches(pieces, words, by_end=lang == "ja")
    elif lang in _CASELESS:
        found = repeated_words(pieces, lang, words)
    else:
        found = merged(capitalised(pieces, lang, words), lang)
    return sorted(found, key=lambda each: (-each.count, each.places[:1], each.name))
