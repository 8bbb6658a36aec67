"""What sentences of many languages say happened: who did what to whom, or did not, or will."""

from __future__ import annotations

from typing import Any

import pytest
from builders import an_entry

from service.core.events.extraction import read_events
from service.core.matching.reading import read_entry
from service.core.model import Event
from service.core.rules import Rules


def _events(rules: Rules, title: str, lang: str = "en", summary: str = "") -> list[Event]:
    story = rules.stories["assad-exit"]
    reading = read_entry(rules.watchlist, story, title, summary, lang, anyway=True)
    assert reading is not None
    return read_events(reading, rules.compare[story.id].words)


LEAVES = {"action": "withdraw", "actor": "russia", "target": "khmeimim", "negated": False, "modality": "reported"}


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("en", "Russia withdraws its crews from Khmeimim air base", LEAVES),
        ("ru", "Россия выводит войска с авиабазы Хмеймим", LEAVES),
        ("uk", "Росія виводить війська з Хмеймім", LEAVES),
        ("ar", "روسيا تسحب قواتها من قاعدة حميميم", LEAVES),
        ("he", "רוסיה נסוגה מבסיס חמיימים", LEAVES),
        ("zh", "俄罗斯从赫梅米姆基地撤军", LEAVES),
        ("ja", "ロシア軍がフメイミム基地から撤退", LEAVES),
        ("de", "Russland zieht Truppen aus Hmeimim ab", LEAVES),
        ("tr", "Rusya Hmeymim üssünden çekiliyor", LEAVES),
        ("fr", "La Russie retire ses troupes de Hmeimim", LEAVES),
        ("es", "Rusia retira sus tropas de Hmeimim", LEAVES),
        ("it", "La Russia ritira le truppe da Hmeimim", LEAVES),
        ("pt", "A Rússia retira tropas de Hmeimim", LEAVES),
        ("pl", "Rosja wycofuje wojska z bazy Hmejmim", LEAVES),
        ("el", "Η Ρωσία αποσύρει στρατεύματα από τη Χμεϊμίμ", LEAVES),
        ("vi", "Nga rút quân khỏi căn cứ Hmeimim", LEAVES),
        ("en", "Russia has not withdrawn from Khmeimim", LEAVES | {"negated": True}),
        ("ru", "Россия не выводит войска с базы Хмеймим", LEAVES | {"negated": True}),
        ("ar", "روسيا لم تسحب قواتها من حميميم", LEAVES | {"negated": True}),
        ("zh", "俄罗斯没有从赫梅米姆基地撤军", LEAVES | {"negated": True}),
        ("fr", "La Russie ne retire pas ses troupes de Hmeimim", LEAVES | {"negated": True}),
        ("es", "Rusia no retira sus tropas de Hmeimim", LEAVES | {"negated": True}),
        ("en", "Russia will withdraw from Khmeimim", LEAVES | {"modality": "planned"}),
        (
            "en",
            "Kremlin denies Russia is leaving Khmeimim",
            LEAVES | {"modality": "denied", "speaker": "kremlin", "on_record": True},
        ),
        (
            "ru",
            "Кремль опровергает вывод войск с базы Хмеймим",
            {"action": "withdraw", "target": "khmeimim", "modality": "denied", "speaker": "kremlin"},
        ),
        (
            "ar",
            "الكرملين ينفي انسحاب روسيا من حميميم",
            {"action": "withdraw", "target": "khmeimim", "modality": "denied", "speaker": "kremlin"},
        ),
        (
            "de",
            "Kreml dementiert Abzug aus Hmeimim",
            {"action": "withdraw", "target": "khmeimim", "modality": "denied", "speaker": "kremlin"},
        ),
        (
            "en",
            "Syria demands that Moscow hand over Assad",
            {"action": "request_extradition", "actor": "syria", "target": "bashar-assad", "modality": "demanded"},
        ),
        (
            "en",
            "Peskov says Russia grants Assad asylum",
            {"action": "grant_asylum", "actor": "russia", "target": "bashar-assad", "speaker": "peskov"},
        ),
        (
            "en",
            "France issues an arrest warrant for Bashar al-Assad",
            {"action": "issue_warrant", "actor": "france", "target": "bashar-assad"},
        ),
        ("en", "Putin met Assad in Moscow", {"action": "meet", "actor": "putin", "target": "bashar-assad"}),
        ("ru", "Путин встретился с Шараа в Москве", {"action": "meet", "actor": "putin", "target": "sharaa"}),
        ("zh", "普京会见沙拉", {"action": "meet", "actor": "putin", "target": "sharaa"}),
        (
            "en",
            "Lavrov confirms talks with Sharaa in Damascus",
            {"action": "negotiate", "actor": "lavrov", "target": "sharaa", "modality": "confirmed", "on_record": True},
        ),
        ("en", "Russia withdraws from Syria", {"action": "withdraw", "actor": "russia", "target": "syria"}),
        ("en", "Assad was poisoned in Moscow", {"action": "poison", "actor": None, "target": "bashar-assad"}),
        ("en", "Drones attack Khmeimim air base", {"action": "attack", "actor": None, "target": "khmeimim"}),
        ("en", "Israel strikes Tartus naval base", {"action": "attack", "actor": "israel", "target": "tartus-base"}),
        ("en", "Soldiers killed in Syria", {"action": "kill", "actor": None}),
        ("en", "Two ships withdraw from Tartus naval base", {"action": "withdraw", "quantity": "2 ships"}),
        ("ru", "Три корабля покинули Тартус", {"action": "withdraw", "quantity": "3 ships"}),
        ("ar", "مقتل ٣ جنود في هجوم على قاعدة حميميم", {"quantity": "3 killed", "target": "khmeimim"}),
        ("tr", "Hmeymim üssüne saldırıda üç asker öldü", {"quantity": "3 soldiers", "target": "khmeimim"}),
    ],
)
def test_the_main_event_is_read(rules: Rules, lang: str, text: str, wanted: dict[str, Any]) -> None:
    event = _events(rules, text, lang)[0]

    assert {key: getattr(event, key) for key in wanted} == wanted


def test_an_anonymous_source_is_not_on_the_record_and_counts_no_people(rules: Rules) -> None:
    event = _events(rules, "Assad was poisoned in Moscow, three people familiar with the matter say")[0]

    assert (event.speaker, event.on_record, event.quantity) == (None, False, None)


def test_people_flee_what_troops_withdraw_from(rules: Rules) -> None:
    event = _events(rules, "Bashar al-Assad pulls out of Damascus")[0]

    assert event.action == "flee"


def test_what_happened_to_somebody_else_is_told_for_comparison_only(rules: Rules) -> None:
    assert not [
        e for e in _events(rules, "Russia granted Khamenei asylum, Moscow papers say") if e.target == "khamenei"
    ]


def test_the_title_comes_before_the_text_and_deeds_before_statements(rules: Rules) -> None:
    events = _events(
        rules, "Kremlin confirms Russia keeps Tartus naval base", summary="Drones attacked Khmeimim in the night."
    )

    assert [event.action for event in events] == ["keep", "confirm", "attack"]
    assert [event.span.field for event in events if event.span] == ["title", "title", "summary"]


def test_an_action_is_told_once_a_sentence(rules: Rules) -> None:
    events = _events(rules, "Russia withdraws from Khmeimim, leaving, pulling out, packing up")

    assert [event.action for event in events].count("withdraw") == 1


def test_a_headline_marker_is_no_troop_movement(rules: Rules) -> None:
    events = _events(rules, "WITHDRAWN: Drones attack Khmeimim air base")

    assert [event.action for event in events] == ["attack"]


def test_no_words_of_action_make_no_event(rules: Rules) -> None:
    assert _events(rules, "Khmeimim, a portrait") == []
    assert _events(rules, "") == []


@pytest.mark.parametrize(
    ("title", "lang"),
    [
        ("Kremlin refuses to hand Assad over to Syria", "en"),
        ("Кремль отказался выдать Асада", "ru"),
        ("Moskau lehnt Auslieferung Assads ab", "de"),
        ("روسيا ترفض تسليم الأسد", "ar"),
        ("俄罗斯拒绝引渡阿萨德", "zh"),
    ],
)
def test_what_is_refused_does_not_happen(rules: Rules, title: str, lang: str) -> None:
    story = rules.stories["assad-exit"]
    reading = rules.read(story, an_entry(title=title, lang=lang))
    assert reading is not None
    events = read_events(reading, rules.compare[story.id].words)
    assert all(event.negated for event in events if event.action in {"extradite", "request_extradition"})
