"""When something is to happen: "Assad to stand trial on 15 October", "out of Qamishli by the end of March".

A date is told of what is still to come, and what bears a date to come is planned, however its verb is written: headlines
in many languages tell tomorrow's trial in the present tense. Months are named in the lexicon; what stands before or behind
a date is a closed list by language, in folded letters.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from service.core.language.folding import fold
from service.core.matching.reading import Reading, Sentence
from service.core.model import Event, Span

_TO_COME = frozenset({"planned", "possible", "demanded"})
_TOLD = frozenset({"reported", "confirmed"})
_PAST_DAYS = 60  # a date without a year that lies further back is next year's
_SOON_DAYS = 300  # what is told in the present may bear a date as far ahead
_ROUND_THE_START_DAYS = 7  # dates as near to a story's beginning, without a year, recall it
_REACH = 20  # code points before a date that are looked at
_LETTER = r"[^\W\d_]"
_BY = {
    lang: re.compile(rf"(?<!{_LETTER})(?:{words})(?!{_LETTER})")
    for lang, words in {
        "en": "by|until|till|before|no later than|within",
        "de": "bis|vor|spatestens",
        "fr": "d'ici|avant|jusqu'a|jusqu'au|jusqu'en",
        "es": "antes de|antes del|hasta|a mas tardar|para",
        "it": "entro|prima d\\w+|fino a\\w*",
        "pt": "ate|antes d\\w+",
        "pl": "do|przed|najpozniej",
        "ru": "до|к|не позднее",
        "uk": "до|не пізніше",
        "el": "εως|μεχρι|πριν",
        "ar": "قبل|حتى|بحلول|حتي",
        "fa": "تا|پیش از|قبل از",
        "he": "עד|לפני",
        "vi": "truoc|den|muon nhat",
    }.items()
}
_BY_AFTER = {
    "tr": re.compile(rf"{_LETTER}*\s*(?:sonuna\s*)?(?:kadar|dek|once)"),
    "ja": re.compile("末?(?:まで|以前|前に)"),
    "zh": re.compile("底?(?:之前|以前|前|截止)"),
}
_SINCE = {
    lang: re.compile(rf"(?<!{_LETTER})(?:{words})(?!{_LETTER})")
    for lang, words in {
        "en": "since|after|as of|dated|of",
        "de": "seit|nach|vom",
        "fr": "depuis|apres|du",
        "es": "desde|tras|del",
        "it": "dal|dallo|dopo|del",
        "pt": "desde|apos|de|do",
        "pl": "od|po|z",
        "ru": "после|от",
        "uk": "після|від",
        "el": "απο|μετα",
        "ar": "منذ|بعد",
        "fa": "پس از|بعد از|از",
        "he": "מאז|אחרי|לאחר",
        "vi": "tu|sau",
    }.items()
}
# Before a month without a day: its end, or that it is when something happens.
_END = {
    lang: re.compile(rf"(?<!{_LETTER})(?:{words})(?!{_LETTER})")
    for lang, words in {
        "en": "end of|late",
        "de": "ende",
        "fr": "fin|la fin",
        "es": "fin d\\w+|fines d\\w+|final d\\w+|finales d\\w+",
        "it": "fine",
        "pt": "fim d\\w+|final d\\w+|finais d\\w+",
        "pl": "konca|koniec|koncem",
        "ru": "конца|конце|концу",
        "uk": "кінця|кінці",
        "el": "τελος|τελη",
        "ar": "نهايه|نهاية|اواخر",
        "fa": "پایان|اواخر",
        "he": "סוף",
        "vi": "cuoi",
    }.items()
}
_END_AFTER = {"tr": re.compile(rf"{_LETTER}*\s*sonu"), "ja": re.compile("末"), "zh": re.compile("底")}
_IN = {
    lang: re.compile(rf"(?<!{_LETTER})(?:{words})(?!{_LETTER})")
    for lang, words in {
        "en": "in|early|mid",
        "de": "im|anfang|mitte",
        "fr": "en|debut|mi",
        "es": "en",
        "it": "a|ad|in",
        "pt": "em",
        "pl": "w|we",
        "ru": "в|во",
        "uk": "у|в",
        "el": "τον|στα",
        "ar": "في|خلال",
        "fa": "در",
        "he": "ב",
        "vi": "trong|vao",
    }.items()
}
_SUFFIX = {"tr": rf"(?:['’]?{_LETTER}{{0,4}})"}
_BEFORE_MONTH = {"he": "(?:[בל] ?)?"}
# What may stand between such a word and the date.
_SMALL = re.compile(
    rf"(?<!{_LETTER})(?:the|le|la|el|il|l|den|dem|zum|de|del|do|di|of|al|ao|o|a|dia|day|der|des|της?|την|τις|στις|ngay|день|дня)(?!{_LETTER})"
)
_NUMBERED = {
    "zh": re.compile(r"(?:(?P<year>\d{4})年)?(?<!\d)(?P<month>1[0-2]|[1-9])月(?:(?P<day>\d{1,2})[日号])?"),
    "ja": re.compile(r"(?:(?P<year>\d{4})年)?(?<!\d)(?P<month>1[0-2]|[1-9])月(?:(?P<day>\d{1,2})日)?"),
    "vi": re.compile(
        r"(?<![\d/])(?P<day>\d{1,2})(?:/|-| thang )(?P<month>1[0-2]|0?[1-9])(?:(?:/|-| nam )(?P<year>\d{4}))?(?![\d/])"
    ),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text: a day, or a month without one, with the year if that is said."""

    start: int  # in the folded text
    end: int
    month: int
    day: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class When:
    """When something is to happen.

    Attributes:
        day: The day, or the last day of the month.
        is_day: A day is said, not only a month.
        how: "on", "by", "in" or "by the end of".
    """

    day: date
    is_day: bool
    how: str

    @property
    def iso(self) -> str:
        """Return it as an event holds it: "2026-10-15", or "2026-10" where no day is said."""
        return self.day.isoformat() if self.is_day else self.day.strftime("%Y-%m")

    def in_words(self, today: date) -> str:
        """Return it as a line tells it, with the year where it is not this one: "on 15 October", "by the end of March"."""
        day = f"{self.day.day} " if self.is_day else ""
        year = f" {self.day.year}" if self.day.year != today.year else ""
        return f"{self.how} {day}{calendar.month_name[self.day.month]}{year}"


@dataclass(frozen=True)
class Calendar:
    """Finds dates by the names of months.

    Attributes:
        months: Language → name of a month → 1..12.
    """

    months: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    _patterns: dict[str, tuple[re.Pattern[str], Mapping[str, int]]] = field(default_factory=dict, compare=False)

    def dates_in(self, folded: str, lang: str) -> Iterator[Dated]:
        """Yield the dates in a folded text, in order."""
        numbered = _NUMBERED.get(lang)
        named, table = self._pattern(lang)
        for found in (numbered or named).finditer(folded):
            parts = found.groupdict()
            name = next((n for n in (parts.get("month"), parts.get("month2"), parts.get("alone")) if n), "")
            month = int(name) if name.isdecimal() else table.get(name, 0)
            day = int(parts.get("day") or parts.get("day2") or 0)
            year = int(parts.get("year") or 0)
            if month and day <= _LONGEST[month]:
                yield Dated(found.start(), found.end(), month, day or None, year or None)

    def is_day(self, folded: str, lang: str) -> bool:
        """Say whether a folded text begins with the day of a date, which counts nothing else."""
        first = next(self.dates_in(folded, lang), None)
        return first is not None and first.start == 0 and first.day is not None

    def _pattern(self, lang: str) -> tuple[re.Pattern[str], Mapping[str, int]]:
        known = self._patterns.get(lang)
        if known is None:
            table = {fold(name): month for name, month in self.months.get(lang, {}).items()}
            names = "|".join(re.escape(name) for name in sorted(table, key=len, reverse=True)) or "(?!)"
            before, after = _BEFORE_MONTH.get(lang, ""), _SUFFIX.get(lang, "")
            year = r"(?:,?\s*(?:de |del |do )?(?P<year>20\d\d))?"
            day = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|η|ης|\.|-?го|-?е)?\s+(?:of |de |d')?(?:the )?"
            known = self._patterns[lang] = (
                re.compile(
                    rf"(?:{day}{before}(?P<month>{names})|(?<!{_LETTER})(?P<month2>{names})\.?\s+(?P<day2>\d{{1,2}})"
                    rf"(?:st|nd|rd|th)?(?![\d:])|(?<!{_LETTER}){before}(?P<alone>{names})){after}(?!{_LETTER}){year}"
                ),
                table,
            )
        return known


NO_DATES = Calendar()
_LONGEST = {month: calendar.monthrange(2024, month)[1] for month in range(1, 13)}


def dated(
    events: Sequence[Event], reading: Reading, months: Calendar, today: date, begun: date
) -> tuple[list[Event], dict[Span, When]]:
    """Return events with when they are to happen, and by sentence what that is.

    Args:
        events: What was read.
        reading: The entry as the story reads it.
        months: Finds dates.
        today: The day of the entry.
        begun: The day the story began: dates round it are told as of then.
    """
    told: list[Event] = []
    found: dict[Span, When] = {}
    sentences = {(s.field, s.start): s for s in reading.sentences}
    for event in events:
        span = event.span
        if span is not None and span not in found:
            sentence = sentences.get((span.field, span.start))
            when = when_in(sentence, months, today, begun) if sentence is not None else None
            if when is not None:
                found[span] = when
        when = found.get(span) if span is not None else None
        told.append(event if when is None else _at(event, when))
    return told, found


def _at(event: Event, when: When) -> Event:
    if event.modality in _TO_COME:
        return replace(event, date=when.iso)
    is_planned = (
        event.modality in _TOLD and not event.negated and event.span is not None and event.span.field == "title"
    )
    return replace(event, date=when.iso, modality="planned") if is_planned else event


def when_in(sentence: Sentence, months: Calendar, today: date, begun: date) -> When | None:
    """Return the first date of a sentence that is still to come; None where it has none.

    Args:
        sentence: The sentence.
        months: Finds dates.
        today: The day of the entry.
        begun: The day the story began.
    """
    folded = fold(sentence.text)
    for at in months.dates_in(folded, sentence.lang):
        before = folded[max(0, at.start - _REACH) : at.start]
        how = _how(at, before, folded, sentence.lang)
        if how is None or (how == "on" and _ends_with(_SINCE.get(sentence.lang), before, sentence.lang)):
            continue
        day = _resolved(at, today, begun)
        if day is not None and today <= day <= today + timedelta(days=_SOON_DAYS):
            return When(day, at.day is not None, how)
    return None


def _ends_with(words: re.Pattern[str] | None, before: str, lang: str) -> bool:
    """Say whether nothing but small words stands between one of some words and a date."""
    for found in words.finditer(before) if words else ():
        between = before[found.end() :]
        between = _END[lang].sub("", between) if lang in _END else between
        if not _SMALL.sub("", between).strip(" '’ה"):
            return True
    return False


def _how(at: Dated, before: str, folded: str, lang: str) -> str | None:
    """Return how a date is told; None for a month that nothing says to be one."""
    by_after, end_after = _BY_AFTER.get(lang), _END_AFTER.get(lang)
    is_by = bool(by_after.match(folded, at.end)) if by_after else _ends_with(_BY.get(lang), before, lang)
    if at.day is not None:
        return "by" if is_by else "on"
    is_end = bool(end_after.match(folded, at.end)) if end_after else _ends_with(_END.get(lang), before, lang)
    if is_end:
        return "by the end of" if is_by else "at the end of"
    if is_by:
        return "by"
    return "in" if lang in _NUMBERED or _ends_with(_IN.get(lang), before, lang) else None


def _resolved(at: Dated, today: date, begun: date) -> date | None:
    """Return the day a date means: without a year the next such day, but one shortly past; None if it recalls the start."""
    day = at.day or _LONGEST[at.month]
    if at.year is not None:
        return _day(at.year, at.month, day)
    recalled = _day(begun.year, at.month, day)
    if at.day is not None and abs((recalled - begun).days) <= _ROUND_THE_START_DAYS:
        return None
    years = (today.year - 1, today.year, today.year + 1)
    meant = (_day(year, at.month, day) for year in years)
    return next((day for day in meant if day >= today - timedelta(days=_PAST_DAYS)), None)


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
