"""Names in a Japanese text, by what follows them: 榊原達也社長 is a man, 霧沢町 a town, 白鷺ダム a dam.

Japanese writes what a person is behind the name, and what kind of thing it is at its end; its particles part one stretch
of such characters from the next. So a stretch that ends in such a word is a name, however seldom it stands there. In
Chinese nothing parts them, and only what is repeated is found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from service.core.language.folding import fold

_CHARACTER = "\u3400-\u4dbf\u4e00-\u9fff々ヶ"
_STRETCH = re.compile(f"[{_CHARACTER}\u30a1-\u30ff]+")
# A town's name ends in what it is, unless its mayor or council follows; 村 ends surnames, too.
_NOT_ITS = "(?!長|民|議|内|外|立|政|警)"
_PLACE = re.compile(f"[{_CHARACTER}]{{1,4}}?[県市町村郡]{_NOT_ITS}")
_PLACE_OF_MANY = re.compile(f"[{_CHARACTER}]{{1,4}}?[県市町]{_NOT_ITS}")
_LONGEST = 6  # characters of a person's name in Chinese characters
_LEAST_PERSON = 3  # "社長" behind two characters is mostly a surname, behind one a word


def told_by_end(
    pieces: Sequence[str], titles: Collection[str], kinds: Collection[str], common: Collection[str]
) -> dict[str, Counter[str]]:
    """Return name → what told it, and how often; see `named_stretches`."""
    told: dict[str, Counter[str]] = {}
    for piece in pieces:
        for name, by in named_stretches(piece, titles, kinds, common):
            told.setdefault(name, Counter())[by] += 1
    return told


def named_stretches(
    piece: str, titles: Collection[str], kinds: Collection[str], common: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield (name, what tells it: a title, a kind or "") of the stretches of a sentence that say what they are.

    Args:
        piece: A sentence.
        titles: What a person is, as written behind a name.
        kinds: What a thing is, as written at the end of its name.
        common: Words that are no names.
    """
    folded = fold(piece)
    for match in _STRETCH.finditer(piece):
        begin, end = match.span()
        title = _longest(titles, folded[begin:end], least=2)
        town = _PLACE_OF_MANY if title else _PLACE
        while place := town.match(piece, begin, end):
            if fold(place.group()) not in common:
                yield place.group(), "@place"
            begin = place.end()
        if title:
            name = piece[begin : end - len(title)]
            if _LEAST_PERSON <= len(name) <= _LONGEST and not _longest(kinds, fold(name), least=1):
                yield name, piece[end - len(title) : end]
            continue
        kind = _longest(kinds, folded[begin:end], least=1)
        if kind and len(kind) + 1 < end - begin <= len(kind) + _LONGEST and folded[begin:end] not in common:
            yield piece[begin:end], kind


def _longest(words: Collection[str], text: str, *, least: int) -> str:
    """Return the longest of some words that a text ends in, "" where it ends in none of at least that length."""
    return max((word for word in words if len(word) >= least and text.endswith(word)), key=len, default="")
