"""What talks are about does not happen, and who is spoken of does not talk."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.rules import Rules
from service.rehearsal import rehearse


def _line(rules: Rules, title: str, lang: str) -> str:
    entry = an_entry(title=title, summary="", lang=lang)
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas
    return delta.line


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Lavrov and Shaibani discuss handover of Assad in Moscow"),
        ("de", "Lawrow und Schaibani erörtern Auslieferung Assads"),
        ("fr", "Lavrov et Chaibani discutent de l'extradition d'Assad"),
        ("es", "Lavrov y Shaibani hablan de la entrega de Asad"),
        ("it", "Lavrov e Shaibani discutono dell'estradizione di Assad"),
        ("pt", "Lavrov e Shaibani discutem entrega de Assad"),
        ("pl", "Ławrow i asz-Szajbani rozmawiali o wydaniu Asada"),
        ("ru", "Лавров и Шейбани обсудили выдачу Асада"),
        ("uk", "Лавров і Шейбані обговорили видачу Асада"),
        ("el", "Λαβρόφ και Σαϊμπάνι συζητούν την έκδοση του Άσαντ"),
        ("tr", "Lavrov ve Şeybani Esad'ın iadesini görüştü"),
        ("ar", "لافروف والشيباني يبحثان تسليم الأسد"),
        ("fa", "لاوروف و شیبانی درباره تحویل اسد گفتگو کردند"),
        ("he", "לברוב ושיבאני דנו בהסגרת אסד"),
        ("zh", "拉夫罗夫与希巴尼讨论引渡阿萨德"),
        ("ja", "ラブロフ氏とシェイバニ氏、アサド氏の引き渡しを協議"),
        ("vi", "Ông Lavrov và ông Shaibani thảo luận việc dẫn độ ông Assad"),
    ],
)
def test_talks_on_a_handover_hand_nobody_over(rules: Rules, lang: str, title: str) -> None:
    line = _line(rules, title, lang)

    assert line.startswith(("Sergei Lavrov negotiates with", "Sergei Lavrov meets"))
    assert " Asaad al-Shaibani on the handover of Bashar al-Assad (reported)" in line


@pytest.mark.parametrize(
    ("lang", "title", "begins"),
    [
        (
            "en",
            "Moscow opens talks with Syria's new leaders on lease of Tartus base",
            "Moscow negotiates with Syria's new government on the Russian naval base at Tartus",
        ),
        (
            "de",
            "Moskau verhandelt mit Syriens neuer Führung über den Stützpunkt Tartus",
            "Moscow negotiates with Syria on the Russian naval base at Tartus",
        ),
        ("ru", "Россия и Сирия обсудили статус базы Хмеймим", "Russia negotiates with Syria on Khmeimim Air Base"),
        ("ar", "موسكو ودمشق تبحثان مستقبل قاعدة حميميم", "Moscow negotiates with Damascus on Khmeimim Air Base"),
        ("en", "Talks on Russian withdrawal from Tartus begin", "Talks on the withdrawal from Tartus"),
    ],
)
def test_a_line_says_what_talks_are_about(rules: Rules, lang: str, title: str, begins: str) -> None:
    assert _line(rules, title, lang).startswith(begins)


@pytest.mark.parametrize(
    ("title", "begins"),
    [
        ("Russia leaves Tartus after talks on Monday", "Russia withdraws"),
        ("Putin meets Sharaa as Russia withdraws from Khmeimim", "Vladimir Putin meets Ahmed al-Sharaa (reported)"),
    ],
)
def test_what_stands_beside_talks_is_no_topic_of_theirs(rules: Rules, title: str, begins: str) -> None:
    assert _line(rules, title, "en").startswith(begins)


@pytest.mark.parametrize("comma", ["，", ","])
def test_a_topic_ends_with_its_clause_in_chinese_too(rules: Rules, comma: str) -> None:
    line = _line(rules, f"普京与沙拉讨论叙利亚局势{comma}俄军从赫梅米姆基地撤出", "zh")

    assert "on the withdrawal" not in line


def test_whose_handover_is_asked_for_does_not_ask_for_it(rules: Rules) -> None:
    title = "Suriye, Rusya'dan Esad'ın iadesini resmen istedi"
    entry = an_entry(title=title, summary="", lang="tr")
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas

    assert delta.line.startswith("Syria asks for the handover of Bashar al-Assad")
    assert delta.event is not None
    assert delta.event.speaker is None
    assert delta.origin != "bashar-assad"


@pytest.mark.parametrize(
    ("lang", "title", "begins"),
    [
        ("en", "Syria threatens to terminate lease of Tartus base", "Syria may end an agreement over"),
        ("pl", "Syria grozi zerwaniem umowy o bazie w Tartusie", "Syria may end an agreement over"),
        ("zh", "叙利亚威胁终止塔尔图斯基地协议", "Syria may end an agreement over"),
        ("fr", "Damas menace de fermer la base de Tartous", "Damascus may close the Russian naval base at Tartus"),
        (
            "ru",
            "Песков: вопрос о выдаче Асада не обсуждается",
            "No talks on the handover of Bashar al-Assad (says Dmitry Peskov)",
        ),
        ("pl", "Asad nie zostanie wydany Syrii, zapewnia Kreml", "Russia will not hand Assad over"),
    ],
)
def test_what_is_threatened_or_not_even_discussed_has_not_happened(
    rules: Rules, lang: str, title: str, begins: str
) -> None:
    assert _line(rules, title, lang).startswith(begins)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Shaibani and Lavrov talk about Assad's fate in Moscow"),
        ("ru", "Лавров и Шейбани обсудили в Москве судьбу Асада"),
        ("ar", "الشيباني ولافروف يبحثان مصير الأسد"),
    ],
)
def test_talks_on_the_man_say_nothing_of_the_bases(rules: Rules, lang: str, title: str) -> None:
    assert "bases" not in _line(rules, title, lang)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("de", "Peskow: Über die Auslieferung Assads wird nicht verhandelt"),
        ("it", "Peskov: la consegna di Assad non è in discussione"),
        ("el", "Πεσκόφ: Η παράδοση του Άσαντ δεν συζητείται"),
    ],
)
def test_what_is_not_talked_about_takes_no_part(rules: Rules, lang: str, title: str) -> None:
    line = _line(rules, title, lang)

    assert "on the handover of Bashar al-Assad" in line
    assert "with Bashar" not in line


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("de", "Damaskus an Moskau: «Liefert Assad aus!»"),
        ("fr", "« Livrez Assad » : l'appel de Damas à Moscou"),
        ("en", 'Damascus to Moscow: "Hand over Assad"'),
    ],
)
def test_a_call_in_quotes_is_no_deed(rules: Rules, lang: str, title: str) -> None:
    assert "asks for the handover of Bashar al-Assad" in _line(rules, title, lang)


@pytest.mark.parametrize(
    ("lang", "title", "begins"),
    [
        (
            "ru",
            "Кремль отрицает планы вывести войска из Хмеймима",
            "Russia withdraws troops from Khmeimim Air Base (denied",
        ),
        ("pl", "Rosyjskie wojsko opuszcza lotnisko w Kamiszli", "Russia withdraws"),
        ("ar", "عودة الدوريات الروسية إلى جنوب سوريا", "Russia patrols Syria"),
        ("en", "Russia keeps Tartus but gives up Khmeimim", "Russia stays in Tartus"),
        ("en", "Two Russian soldiers die in attack on Khmeimim", "Khmeimim Air Base is attacked"),
        ("ja", "シリア、ロシアの基地維持を容認", "Syria lets Russia keep its bases"),
    ],
)
def test_whose_forces_they_are_is_told(rules: Rules, lang: str, title: str, begins: str) -> None:
    assert _line(rules, title, lang).startswith(begins)


def test_who_a_story_does_not_know_is_nobody_else(rules: Rules) -> None:
    assert not _line(rules, "Interpol rejects Syria's request for a red notice on Assad", "en").startswith("Syria")


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Assad's family sues in Dubai over frozen accounts"),
        ("pl", "Asad pozwał syryjski rząd"),
        ("ru", "Бывшая жена сына Асада подала в суд в Москве"),
    ],
)
def test_who_goes_to_court_is_not_charged(rules: Rules, lang: str, title: str) -> None:
    assert "charge" not in _line(rules, title, lang).lower()


def test_of_a_mans_transfer_no_forces_move(rules: Rules) -> None:
    line = _line(rules, "Le Kremlin dément tout transfert d'Assad vers Damas", "fr")

    assert line.startswith("Bashar al-Assad travels to Damascus (denied by the Kremlin)")


@pytest.mark.parametrize(
    ("lang", "title"),
    [("en", "Sharaa travels to Russia"), ("ru", "Аш-Шараа прибыл в Россию"), ("fr", "Al-Charaa en visite en Russie")],
)
def test_the_country_somebody_visits_is_told(rules: Rules, lang: str, title: str) -> None:
    (delta,) = rehearse([an_entry(title=title, summary="", lang=lang)], rules.stories["assad-exit"], rules).deltas

    assert delta.line.startswith("Ahmed al-Sharaa visits Russia")
