"""Dates of what is to come, in every language, and none of what is past or only looks like one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from builders import an_entry

from service.core.events.dates import Calendar, When, when_in
from service.core.matching.reading import Sentence
from service.core.model import Delta
from service.core.rules import Rules
from service.loading.lexicon_files import load_lexicon
from service.rehearsal import rehearse

MONTHS = Calendar(load_lexicon().months)
TODAY, BEGUN = date(2026, 1, 12), date(2024, 12, 11)


def _when(text: str, lang: str, today: date = TODAY) -> When | None:
    sentence = Sentence(
        field="title", number=0, start=0, end=len(text), text=text, lang=lang, names=(), words=(), ids=frozenset()
    )
    return when_in(sentence, MONTHS, today, BEGUN)


def _told(text: str, lang: str, today: date = TODAY) -> str:
    when = _when(text, lang, today)
    return when.in_words(today) if when else ""


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Trial of Assad opens on 4 May"),
        ("en", "Trial of Assad opens May 4th in Damascus"),
        ("de", "Der Prozess gegen Assad beginnt am 4. Mai"),
        ("fr", "Le procès d'Assad s'ouvre le 4 mai"),
        ("es", "El juicio contra Asad comienza el 4 de mayo"),
        ("it", "Il processo ad Assad si apre il 4 maggio"),
        ("pt", "O julgamento de Assad começa a 4 de maio"),
        ("pl", "Proces Asada rusza 4 maja"),
        ("ru", "Суд над Асадом начнётся 4 мая"),
        ("uk", "Суд над Асадом почнеться 4 травня"),
        ("el", "Η δίκη του Άσαντ αρχίζει στις 4 Μαΐου"),
        ("tr", "Esad'ın davası 4 Mayıs'ta başlıyor"),
        ("ar", "محاكمة الأسد تبدأ في 4 أيار/مايو"),
        ("fa", "محاکمه اسد ۴ مه آغاز می‌شود"),
        ("he", "משפטו של אסד ייפתח ב-4 במאי"),
        ("vi", "Phiên tòa xét xử Assad mở ngày 4/5"),
        ("vi", "Phiên tòa xét xử Assad mở ngày 4 tháng 5"),
        ("zh", "阿萨德案5月4日开庭"),
        ("ja", "アサド氏の公判は5月4日に始まる"),
    ],
)
def test_a_day_is_read_in_every_language(lang: str, text: str) -> None:
    assert _told(text, lang) == "on 4 May"


@pytest.mark.parametrize(
    ("lang", "text", "told"),
    [
        ("en", "Russia to leave by 30 June", "by 30 June"),
        ("en", "Russia to leave by the end of March", "by the end of March"),
        ("en", "A new treaty is due in March", "in March"),
        ("de", "Russland soll bis Ende März abziehen", "by the end of March"),
        ("fr", "Les Russes partiront d'ici le 30 juin", "by 30 June"),
        ("es", "Los rusos se irán antes del 30 de junio", "by 30 June"),
        ("pl", "Rosjanie wyjdą do końca marca", "by the end of March"),
        ("ru", "Войска выведут до конца марта", "by the end of March"),
        ("tr", "Ruslar 30 Haziran'a kadar çekilecek", "by 30 June"),
        ("ar", "إخلاء القاعدة قبل 30 حزيران", "by 30 June"),
        ("zh", "俄军将在6月30日前撤离", "by 30 June"),
        ("ja", "ロシア軍は3月末までに撤収", "by the end of March"),
        ("en", "Lease to run until 15 March 2031", ""),  # too far off to be when it happens
        ("en", "Treaty signed by Putin takes force on 1 February", "on 1 February"),
        ("en", "Russia to leave by 10 January 2027", "by 10 January 2027"),
    ],
)
def test_a_deadline_is_told_as_one(lang: str, text: str, told: str) -> None:
    today = TODAY if "2027" not in text else date(2026, 11, 23)
    assert _told(text, lang, today) == told


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Assad wanted over attack of 21 August 2013"),
        ("en", "Russia withdrew on 4 January"),  # a week ago
        ("en", "Russia has kept its base since 4 May"),
        ("en", "What 8 December meant for Russia"),  # round the beginning of the story
        ("en", "Russia may march on 31 bases"),
        ("en", "Russia leaves on 31 June"),
        ("de", "Seit 4. Mai sind die Russen fort"),
    ],
)
def test_what_is_past_or_no_date_is_not_told(lang: str, text: str) -> None:
    assert _when(text, lang) is None


def _delta(rules: Rules, title: str, lang: str) -> Delta:
    entry = an_entry(title=title, summary="", lang=lang, published_at=datetime(2026, 1, 12, tzinfo=UTC))
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas
    return delta


@pytest.mark.parametrize(
    ("lang", "title", "line", "day"),
    [
        (
            "en",
            "Putin and Sharaa to meet in Sochi on 3 March",
            "Vladimir Putin plans to meet Ahmed al-Sharaa on 3 March",
            "2026-03-03",
        ),
        (
            "uk",
            "Шараа відвідає Москву 15 жовтня, говоритимуть про бази",
            "Ahmed al-Sharaa is to visit Moscow on 15 October",
            "2026-10-15",
        ),
        (
            "ru",
            "Россия выведет войска из Камышлы до конца марта",
            "Russia is to withdraw troops from Qamishli by the end of March",
            "2026-03",
        ),
    ],
)
def test_a_line_says_when_it_is_to_happen(rules: Rules, lang: str, title: str, line: str, day: str) -> None:
    delta = _delta(rules, title, lang)

    assert delta.line.startswith(line)
    assert delta.event is not None
    assert (delta.event.date, delta.event.modality) == (day, "planned")
