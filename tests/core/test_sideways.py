"""Titles that say sideways what the story is about, and titles that only share its words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders import an_entry

from service.core.model import Match
from service.core.rules import Rules

LATER = datetime(2025, 3, 11, tzinfo=UTC)


def _match(rules: Rules, title: str, *, lang: str = "en") -> Match:
    entry = an_entry(title=title, summary="", lang=lang, published_at=LATER, first_seen_at=LATER)
    return rules.match(rules.stories["assad-exit"], entry)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "After Assad fled to Moscow, Russia weighs fate of its bases"),
        ("de", "Nach Assads Sturz: Was wird aus Russlands Basen?"),
        ("ru", "После падения Асада: что будет с российскими базами?"),
        ("ar", "بعد سقوط الأسد.. ما مصير القواعد الروسية؟"),
        ("zh", "阿萨德倒台后，俄罗斯军事基地何去何从"),
        ("ja", "アサド政権崩壊後、ロシア軍基地はどうなる"),
    ],
)
def test_whose_fall_it_was_says_where(rules: Rules, lang: str, title: str) -> None:
    assert _match(rules, title, lang=lang).threads == ("bases",)
    assert _match(rules, title, lang=lang).relevant


@pytest.mark.parametrize(
    "title",
    ["Since Assad's fall Russia has built up its base in Libya", "After Assad's fall, US bases in Syria shrink"],
)
def test_whose_fall_it_was_makes_no_news_of_bases_elsewhere(rules: Rules, title: str) -> None:
    assert not _match(rules, title).relevant


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Russia replaces commander of its troops in Syria"),
        ("es", "Rusia releva al jefe de sus tropas en Siria"),
        ("tr", "Rusya, Suriye'deki komutanını görevden aldı"),
        ("uk", "Росія призначила нового командувача в Сирії"),
        ("vi", "Nga thay chỉ huy lực lượng tại Syria"),
    ],
)
def test_a_new_commander_of_the_troops_is_news_of_them(rules: Rules, lang: str, title: str) -> None:
    assert _match(rules, title, lang=lang).relevant


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Putin names general who led campaign in Syria as new commander in Ukraine"),
        ("en", "Painting of Assad removed from Russian embassy"),
        ("en", "Kremlin dismisses comparison of Maduro with Assad"),
        ("fa", "سرنوشت مادورو شبیه اسد می‌شود؟"),
        ("he", "אריה בשם אסד ברח מגן החיות במוסקבה"),
        ("pl", "Syryjscy najemnicy Rosji zginęli pod Pokrowskiem"),
        ("pl", "Szara eminencja Putina"),
    ],
)
def test_what_only_shares_words_with_the_story_is_not_of_it(rules: Rules, lang: str, title: str) -> None:
    assert not _match(rules, title, lang=lang).relevant


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Lavrov visits Cairo for talks on Syria"),
        ("ru", "Лавров прибыл в Каир, обсудит Сирию"),
        ("zh", "拉夫罗夫访问开罗 讨论叙利亚"),
        ("en", "Russia and Syria sign aviation deal"),
        ("de", "Moskau und Damaskus unterzeichnen Luftfahrtabkommen"),
        ("en", "Assad's former intelligence chief sentenced to life"),
        ("he", "ראש המודיעין לשעבר של אסד הורשע"),
        ("it", "Siria, giustizia per le vittime: a processo i carnefici di Assad"),
        ("en", "Stadium named after Assad gets new name"),
    ],
)
def test_what_goes_elsewhere_or_is_done_to_others_is_not_of_it(rules: Rules, lang: str, title: str) -> None:
    assert not _match(rules, title, lang=lang).relevant


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Lavrov meets Shaibani in Geneva"),
        ("en", "Sharaa returns from Riyadh, heads to Moscow"),
        ("uk", "Кремль не знає, де Асад"),
        ("fr", "Le Kremlin dit ignorer où se trouve Assad"),
        ("el", "Ο Άσαντ δίνει πρώτη συνέντευξη μετά τη φυγή του"),
        ("ar", "الأسد في أول مقابلة منذ هروبه"),
    ],
)
def test_a_meeting_elsewhere_and_what_he_says_are_of_it(rules: Rules, lang: str, title: str) -> None:
    assert _match(rules, title, lang=lang).relevant


def test_anothers_trial_is_none_of_his_whom_the_summary_names(rules: Rules) -> None:
    lead = "Assad, ousted in December 2024, lives in exile in Russia."
    entry = an_entry(title="Syrian rebel commander on trial in Stockholm", summary=lead, published_at=LATER)
    assert not rules.match(rules.stories["assad-exit"], entry).relevant


def test_a_country_in_a_phrase_of_the_story_is_not_called_on(rules: Rules) -> None:
    assert _match(rules, "دمشق تمهل الروس ستة أشهر", lang="ar").relevant


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Russia has no plans to quit Syria"),
        ("fr", "Lavrov : la Russie n'a pas l'intention de quitter la Syrie"),
        ("es", "Lavrov: Rusia no tiene intención de abandonar Siria"),
        ("it", "Lavrov: la Russia non ha intenzione di lasciare la Siria"),
        ("pt", "Lavrov: a Rússia não tem intenção de deixar a Síria"),
        ("uk", "Лавров: Росія не має наміру йти з Сирії"),
        ("ar", "لافروف: روسيا لا تنوي مغادرة سوريا"),
        ("he", "לברוב: לרוסיה אין כוונה לעזוב את סוריה"),
        ("el", "Λαβρόφ: Η Ρωσία δεν σκοπεύει να φύγει από τη Συρία"),
        ("vi", "Lavrov: Nga không có ý định rời Syria"),
        ("zh", "拉夫罗夫：俄罗斯无意离开叙利亚"),
    ],
)
def test_who_does_not_mean_to_leave_keeps_its_bases(rules: Rules, lang: str, title: str) -> None:
    assert _match(rules, title, lang=lang).relevant


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Turkey has no plans to leave Syria, Erdogan tells Putin"),
        ("ru", "США не намерены уходить из Сирии, заявил Лавров"),
        ("fr", "Les États-Unis n'ont pas l'intention de quitter la Syrie, regrette Lavrov"),
    ],
)
def test_who_else_does_not_mean_to_leave_has_no_part_in_it(rules: Rules, lang: str, title: str) -> None:
    assert not _match(rules, title, lang=lang).relevant
