"""What a sentence only asks: that is not told, or as a possibility at most."""

from __future__ import annotations

import re

from service.core.matching.reading import Sentence

_ASKS = ("?", "\uff1f", "\u061f", ";")  # the last is the Greek question mark
_ASKS_JA = re.compile("(?:る|た|い|う|の)か(?:[\\s\u3000\u2014\u2015\uff1d]|$)")  # "can it keep them? Experts say"


def asks(text: str) -> bool:
    """Say whether a text ends as a question."""
    return text.rstrip().endswith(_ASKS)


def is_asked(sentence: Sentence) -> bool:
    """Say whether a sentence asks, and does not say that something is reported."""
    if sentence.text.rstrip().endswith(";") and sentence.lang != "el":
        return False
    if sentence.lang == "ja" and _ASKS_JA.search(sentence.text):
        return True
    return asks(sentence.text) and not any(word.word_class == "reported" for word in sentence.words)
