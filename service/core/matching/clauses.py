"""Background clauses: "the leader, who fled to the capital, left debts" is about debts, not about a flight.

A relative clause, a participle or a clause of time beside a name says what is long known of it. The words and names in
it are there, but they are not what happened.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime

from service.core.language.folding import fold
from service.core.matching.passages import NameHit, Passage, WordHit

_CLAUSE, _PARTICIPLE = "background_clause", "background_participle"
CLAUSE_WORDS = frozenset({_CLAUSE, _PARTICIPLE})
_HOLDS = "keep"

_STOP = re.compile('[,;:،؛，、；：。|()«»“”"]|\\s[-–—]\\s')
# a colon ends no clause here: "One year on: how he fled" looks back as a whole
_CLAUSE_END = re.compile('[,;،؛，、；。|()«»“”".!?…؟！？]|\\s[-–—]\\s')
_OPENED = re.compile("[,،，、(–—]\\s*$")  # what makes a participle one that stands apart
# "…, where it has a base": what is known of a place, unless something happens there in the same breath
_WHERE = {
    "en": "where",
    "de": "wo",
    "fr": "où",
    "es": "donde",
    "it": "dove",
    "pt": "onde",
    "pl": "gdzie",
    "ru": "где",
    "uk": "де",
    "el": "όπου",
    "vi": "nơi",
    "ar": "حيث",
    "fa": "جایی که",
    "he": "שבה|שבו|היכן ש",
}
_OPENS_WHERE = {lang: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for lang, words in _WHERE.items()}
# "it became known where he lives": then that is what is told
_KNOWN = {
    lang: re.compile(rf"\b(?:{words})(?: \w+)?,?\s$", re.IGNORECASE)
    for lang, words in {
        "en": r"known|know|reveal\w*|learn\w*|found out|discover\w*|show\w*",
        "de": r"bekannt|klar|enthüll\w*|verrät|zeigt|weiß",
        "fr": r"sait|révèl\w*|connu|découvr\w*",
        "es": r"sabe|revel\w*|conoc\w*|descubr\w*",
        "it": r"sa|rivel\w*|noto|scopr\w*",
        "pt": r"sabe|revel\w*|descobr\w*",
        "pl": r"wiadomo|ujawni\w*|ustal\w*|odkry\w*",
        "ru": r"известно|узнал\w*|раскры\w*|выяснил\w*|показал\w*",
        "uk": r"відомо|дізнал\w*|розкри\w*|з'ясув\w*|показал\w*",
        "el": r"γνωστό|αποκαλύ\w*|μάθαμε",
        "he": "נחשף|ידוע|התגלה|התברר",
    }.items()
}
# there the clause stands before the place it tells of
_ENDS = {
    "zh": "所在的|所在|驻扎的",
    "ja": "がある|のある|を置く",
    "tr": "bulunduğu|olduğu",
}
_WHERE_ENDS = {lang: re.compile(words) for lang, words in _ENDS.items()}
_CUES = {lang: tuple(map(fold, words.split("|"))) for lang, words in {**_WHERE, **_ENDS}.items()}
_REACH = 40  # characters from a cue to the place it leads to
_BESIDE = 30  # characters between a participle and the name it belongs to
_VERB_LAST = frozenset({"de", "ja", "tr"})  # there the place stands before the participle
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_RECALLED = frozenset(
    {"flee", "evacuate", "shelter", "grant_asylum"}
)  # what is told of one who is gone, year after year
_GOES = frozenset({"move", "visit"})  # read beside it, in "fled to"
_BEFORE_YEAR = 24  # characters in which a month stands before its year
_MONTH_BEFORE = re.compile(r"(?:tháng |^|[^\d./])(1[0-2]|0?[1-9])(?: năm |[./])$")
_MONTH_BEHIND = re.compile(r"\s?年\s?(1[0-2]|0?[1-9])\s?月")


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause begins and ends in which some words stand, by the marks around them.

    Args:
        text: A title or sentence.
        start: Where the words begin.
        end: Where they end.
    """
    before = max((stop.end() for stop in _CLAUSE_END.finditer(text, 0, start)), default=0)
    after = _CLAUSE_END.search(text, end)
    return before, after.start() if after else len(text)


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


def may_say_where(passage: Passage) -> bool:
    """Say whether a passage may hold such a stretch as `where_spans` returns: a look much cheaper than that."""
    return any(map(passage.folded.__contains__, _CUES.get(passage.lang, ())))


def where_spans(
    text: str, lang: str, start: int, end: int, words: Iterable[WordHit], actions: Container[str]
) -> list[tuple[int, int]]:
    """Return the stretches of a sentence that say where a place is or what is there, and tell of no action.

    Args:
        text: The field the sentence stands in.
        lang: Its language.
        start: Where the sentence begins.
        end: Where it ends.
        words: The sentence's words.
        actions: The classes of words that say what happens.
    """
    spans: list[tuple[int, int]] = []
    if lang in _OPENS_WHERE:
        for opened in _OPENS_WHERE[lang].finditer(text, start + 1, end):  # at the beginning it asks
            known = _KNOWN.get(lang)
            if known is not None and known.search(text, start, opened.start()):
                continue
            stop = _STOP.search(text, opened.end(), end)
            spans.append((opened.start(), stop.start() if stop else end))
    elif lang in _WHERE_ENDS:
        for closed in _WHERE_ENDS[lang].finditer(text, start, end):
            stops = [stop.end() for stop in _STOP.finditer(text, start, closed.start())]
            spans.append((stops[-1] if stops else start, closed.end()))
    return [
        span
        for span in spans
        if not any(w.word_class in actions and w.word_class != _HOLDS and span[0] <= w.start < span[1] for w in words)
    ]


def bygone_spans(
    passage: Passage,
    start: int,
    end: int,
    words: Iterable[WordHit],
    actions: Container[str],
    months: Mapping[str, int],
    as_of: datetime,
) -> list[tuple[int, int]]:
    """Return the clauses of a sentence that tell of nothing but what they date to the story's first days or before.

    "He fled to the capital in December 2024" says where he is and is no news; with a verdict in the same clause it is.

    Args:
        passage: The field.
        start: Where the sentence begins.
        end: Where it ends.
        words: The sentence's words.
        actions: The classes of words that say what happens.
        months: Name of a month → 1..12.
        as_of: When the story began.
    """
    spans: list[tuple[int, int]] = []
    text = passage.text
    done = [word for word in words if word.word_class in actions]
    if not any(word.word_class in _RECALLED for word in done):
        return spans
    for year in _YEAR.finditer(text, start, end):
        month = _month_of(passage.folded, year, months)
        if (int(year.group()), month) > (as_of.year, as_of.month):
            continue
        first, last = clause_around(text, year.start(), year.end())
        span = max(first, start), min(last, end)
        told = {word.word_class for word in done if span[0] <= word.start < span[1]}
        if told & _RECALLED and told <= _RECALLED | _GOES:
            spans.append(span)
    return spans


def _month_of(folded: str, year: re.Match[str], months: Mapping[str, int]) -> int:
    """Return the month that is named with a year, else its last."""
    if behind := _MONTH_BEHIND.match(folded, year.end()):
        return int(behind.group(1))
    before = folded[max(0, year.start() - _BEFORE_YEAR) : year.start()]
    if number := _MONTH_BEFORE.search(before):
        return int(number.group(1))
    named = [(before.rfind(fold(name)), len(name), month) for name, month in months.items()]
    found = max((each for each in named if each[0] >= 0), default=None)
    return found[2] if found else 12


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
