"""Two happenings in one headline: "Kyiv offers to help as Damascus urges Russia to leave" has a party to each.

A word such as "as" or "while" parts them. Names and small words of one half say nothing of the other, so each is read
by itself. Closed lists by language; what parts no two happenings is left whole.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from service.core.matching.reading import Sentence
from service.core.model import Role

_JOINTS = {
    lang: re.compile(rf"(?<!\w)(?:{words})(?!\w)|;", re.IGNORECASE)
    for lang, words in {
        "en": "as|while|whereas",
        "de": "während|wohingegen",
        "fr": "alors que|tandis que|pendant que",
        "es": "mientras|al tiempo que",
        "it": "mentre",
        "pt": "enquanto",
        "pl": "podczas gdy",
        "ru": "пока(?! не)|в то время как",
        "uk": "поки(?! не)|тимчасом як|тоді як",
        "el": "ενώ|καθώς",
        "vi": "trong khi",
        "ar": "بينما|فيما|في حين",
        "fa": "در حالی که|درحالی‌که|همزمان با",
        "he": "בעוד|בזמן ש\\w+",
    }.items()
}
_ASKS = ("?", "\uff1f", "\u061f")
# There a verb ends the first half.
_JOINTS_LAST = {"tr": re.compile(r"\w{2,}ken(?!\w)|;"), "ja": re.compile("一方で?、?|；")}


def halves_of(sentence: Sentence, actions: Container[str]) -> Iterator[Sentence]:
    """Return the parts of a sentence that each name somebody and say what happens; mostly that is all of it.

    Args:
        sentence: The sentence.
        actions: The word classes that say what happens.
    """
    joint = _joint(sentence, actions)
    if joint is None:
        yield sentence
        return
    start, end = joint
    yield _part(sentence, sentence.start, start)
    yield from halves_of(_part(sentence, end, sentence.end), actions)


def before_question(sentence: Sentence) -> Sentence:
    """Return what a sentence says before it asks something: "Sharaa meets Putin: what of the bases?"; else all of it."""
    if not sentence.text.rstrip().endswith(_ASKS):
        return sentence
    colon = max(sentence.text.rfind(mark) for mark in (":", "："))
    left = _part(sentence, sentence.start, sentence.start + colon) if colon > 0 else sentence
    return left if left.names and left.words and len(left.text.split()) > 1 else sentence


def _joint(sentence: Sentence, actions: Container[str]) -> tuple[int, int] | None:
    """Return where the first half ends and the second begins, in offsets of the field; None where there is but one."""
    parts = _JOINTS.get(sentence.lang) or _JOINTS_LAST.get(sentence.lang)
    if parts is None or len(sentence.names) <= 1:
        return None
    for found in parts.finditer(sentence.text):
        at = found.end() if sentence.lang in _JOINTS_LAST else found.start()
        first, last = sentence.start + at, sentence.start + found.end()
        if _tells(sentence, sentence.start, first, actions) and (
            found.group() == ";" or _tells(sentence, last, sentence.end, actions)
        ):
            return first, last
    return None


def _tells(sentence: Sentence, start: int, end: int, actions: Container[str]) -> bool:
    return any(
        start <= n.start and n.end <= end and n.oblique is None and n.role is not Role.PUBLISHER for n in sentence.names
    ) and any(
        start <= w.start and w.end <= end and w.word_class in actions and not w.background for w in sentence.words
    )


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    """Return a stretch of a sentence as a sentence; a name or phrase that reaches across belongs to none."""
    return sentence._replace(
        start=start,
        end=end,
        text=sentence.text[start - sentence.start : end - sentence.start],
        names=tuple(n for n in sentence.names if start <= n.start and n.end <= end),
        words=tuple(w for w in sentence.words if start <= w.start and w.end <= end),
    )
