"""How an article begins: its headline, who wrote it where and when, and where its text starts.

A byline and a dateline name people and places that are no part of what happened, and say when the article is from.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from service.core.drafting.candidates import NameWords
from service.core.events.dates import Calendar
from service.core.language.folding import fold, sentences

_LONGEST_HEADLINE = 160  # code points
_LONGEST_BYLINE = 110
_MOST_BYLINES = 4  # lines between headline and text
_ENDS = (".", "。", "!", "؟", "۔", "?", "…")
_ISO_DATE = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
# "VALLETTA, 3 March 2026 (ABC) - ": at most so much stands before the dash.
_DATELINE = re.compile(r"\s*(?P<line>[^\n–—]{2,80}?)\s?(?:–|—|--|(?<=[ )])-)\s?(?=\w|[«“„\"'])")
_AGENCY = re.compile(r"\(([^()\n]{2,30})\)")
_MOST_PLACE_WORDS = 5
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b(?:uhr|gmt|utc|cet|est)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An article taken apart.

    Attributes:
        headline: Its headline, else its first sentence.
        is_guessed: It is the first sentence.
        text: What follows, without byline and dateline.
        day: The day it is from, where a byline or dateline gives it with the year.
        agency: Who is named in brackets in the dateline, "" where nobody is.
    """

    headline: str
    is_guessed: bool
    text: str
    day: date | None = None
    agency: str = ""


def opening_of(text: str, title: str, lang: str, words: NameWords, months: Calendar) -> Opening:
    """Take an article's text apart.

    Args:
        text: The article.
        title: Its headline where that is known; it may stand in the text again.
        lang: Its language.
        words: Say what a byline begins with.
        months: Finds dates.
    """
    lines = text.strip().split("\n")
    first = lines[0].strip()
    headline = " ".join(title.split())
    if headline and " ".join(first.split()) == headline:
        lines = lines[1:]
    elif not headline and len(lines) > 1 and len(first) <= _LONGEST_HEADLINE and not first.endswith(_ENDS[:-2]):
        headline, lines = first, lines[1:]
    day: date | None = None
    for _ in range(_MOST_BYLINES):
        while lines and not lines[0].strip():
            lines = lines[1:]
        found = _day_in(lines[0], lang, months) if lines else None
        if len(lines) < 2 or not _is_byline(lines[0].strip(), found, lang, words, months):
            break
        day, lines = day or found, lines[1:]
    body = "\n".join(lines).strip()
    dateline = _DATELINE.match(body)
    agency = ""
    if dateline and _is_dateline(dateline["line"], lang, months):
        named = _AGENCY.search(dateline["line"])
        agency = named[1] if named else ""
        day, body = day or _day_in(dateline["line"], lang, months), body[dateline.end() :]
    if headline:
        return Opening(headline=headline, is_guessed=False, text=body, day=day, agency=agency)
    spans = sentences(body)
    sentence = body[spans[0][0] : spans[0][1]] if spans else body
    return Opening(headline=" ".join(sentence.split())[:300], is_guessed=True, text=body, day=day, agency=agency)


def _is_byline(line: str, day: date | None, lang: str, words: NameWords, months: Calendar) -> bool:
    """Say whether a line between headline and text only says who wrote it, where and when."""
    if len(line) > _LONGEST_BYLINE:
        return False
    if any(fold(line).startswith(f"{word} ") for word in words.byline) and not line.endswith(_ENDS):
        return True
    rest = re.findall(r"[^\W_]+", _without_dates(line, lang, months))
    return day is not None and len(rest) <= _MOST_PLACE_WORDS * 2 and _names_only(line, rest)


def _is_dateline(line: str, lang: str, months: Calendar) -> bool:
    """Say whether what stands before a dash is a place, a date or an agency in brackets, and no more."""
    bare = _AGENCY.sub(" ", line)
    rest = re.findall(r"[^\W_]+", _without_dates(bare, lang, months))  # folded
    if not rest:
        return bare != line
    told = bare != line or _without_dates(bare, lang, months) != fold(bare) or bare.isupper()
    written = _names_only(bare, rest) if any(letter.isupper() for letter in bare) else told
    return len(rest) <= _MOST_PLACE_WORDS and written and (told or len(rest) <= 2)


def _names_only(line: str, rest: list[str]) -> bool:
    """Say whether all longer words of a line among some folded ones are names, as capitals tell: not "Vote on 3 May"."""
    return all(word[0].isupper() for word in re.findall(r"[^\W\d_]{4,}", line) if fold(word) in rest)


def _without_dates(line: str, lang: str, months: Calendar) -> str:
    folded = _CLOCK.sub(" ", _ISO_DATE.sub(" ", fold(line)))
    for found in reversed(list(months.dates_in(folded, lang))):
        if found.day is not None:
            folded = folded[: found.start] + folded[found.end :]
    return folded


def _day_in(line: str, lang: str, months: Calendar) -> date | None:
    """Return the first day in a line that is told with its year."""
    iso = _ISO_DATE.search(line)
    if iso:
        try:
            return date(*map(int, iso.groups()))
        except ValueError:
            return None
    told = months.dates_in(fold(line), lang)
    days = ((f.year, f.month, f.day) for f in told if f.year and f.day)
    return next((date(y, month, d) for y, month, d in days if d <= calendar.monthrange(y, month)[1]), None)
