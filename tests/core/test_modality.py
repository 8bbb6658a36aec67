"""How an event is meant: what may happen, what is planned, what stands in a condition, what was said before."""

from __future__ import annotations

import pytest

from service.core.events.extraction import read_events
from service.core.matching.reading import read_entry
from service.core.model import Event
from service.core.rules import Rules


def _events(rules: Rules, title: str, lang: str, summary: str = "") -> list[Event]:
    story = rules.stories["assad-exit"]
    reading = read_entry(rules.watchlist, story, title, summary, lang, anyway=True)
    assert reading is not None
    return read_events(reading, rules.compare[story.id].words)


@pytest.mark.parametrize(
    ("lang", "title", "action", "modality"),
    [
        ("en", "Russia could pull out of Khmeimim", "withdraw", "possible"),
        ("en", "Russia will pull out of Khmeimim", "withdraw", "planned"),
        ("en", "Russia pulls out of Khmeimim", "withdraw", "reported"),
        ("de", "Russland könnte aus Hmeimim abziehen", "withdraw", "possible"),
        ("tr", "Rusya Hmeymim'den çekilebilir", "withdraw", "possible"),
        ("zh", "俄罗斯可能从赫梅米姆基地撤军", "withdraw", "possible"),
        ("ar", "سوريا ستسمح لروسيا بالاحتفاظ بقاعدة طرطوس", "keep", "planned"),
        ("en", "Russia and Syria agree to extend lease of Tartus base", "extend", "reported"),
    ],
)
def test_what_may_happen_is_no_plan_and_a_plan_has_not_happened(
    rules: Rules, lang: str, title: str, action: str, modality: str
) -> None:
    found = {event.action: event.modality for event in _events(rules, title, lang)}

    assert found[action] == modality


@pytest.mark.parametrize(
    ("lang", "title", "action", "is_there"),
    [
        ("en", "EU to lift sanctions on Syria if Russia leaves Khmeimim", "withdraw", False),
        ("en", "If Syria asks, Russia withdraws from Khmeimim", "withdraw", True),
        ("fr", "La Syrie s'engage si la Russie se retire de Hmeimim", "withdraw", False),
        ("ru", "ЕС снимет санкции, если Россия выведет войска с базы Хмеймим", "withdraw", False),
        ("tr", "Rusya Hmeymim'den çekilirse yaptırımlar kalkacak", "withdraw", False),
        ("ja", "ロシアがフメイミム基地から撤退する場合、制裁を解除", "withdraw", False),
        ("en", "Fighters told to stay away from Russian troops in Tartus", "keep", False),
        ("en", "Russian troops stay in Tartus", "keep", True),
    ],
)
def test_a_condition_is_no_event_and_staying_away_no_stay(
    rules: Rules, lang: str, title: str, action: str, *, is_there: bool
) -> None:
    assert (action in {event.action for event in _events(rules, title, lang)}) is is_there


def test_what_was_said_before_is_not_what_a_headline_tells(rules: Rules) -> None:
    title, summary = "Drones attack Khmeimim air base", "The Kremlin had previously confirmed that the base stays."

    assert {event.action for event in _events(rules, title, "en", summary)} == {"attack"}


def test_a_statement_is_that_of_who_makes_it(rules: Rules) -> None:
    events = _events(rules, "Putin comments on Assad's statement about his flight to Moscow", "en")

    assert {event.speaker for event in events} == {"putin"}


def test_what_somebody_says_is_read_where_nothing_happens(rules: Rules) -> None:
    event = _events(rules, "Lavrov says Russia values Tartus", "en")[0]

    assert (event.action, event.actor, event.on_record) == ("state", "lavrov", True)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Peskov: no plans for Putin to meet Assad"),
        ("ru", "Песков: планов встречи Путина с Асадом нет"),
        ("de", "Peskow: Treffen zwischen Putin und Assad ist nicht geplant"),
        ("es", "Peskov dice que Putin no tiene previsto reunirse con Asad"),
        ("ja", "ペスコフ報道官：プーチン氏とアサド氏の会談予定なし"),
    ],
)
def test_what_is_not_planned_is_read_so_wherever_it_is_said(rules: Rules, lang: str, title: str) -> None:
    event = _events(rules, title, lang)[0]

    assert (event.action, event.negated) == ("plan_to_meet", True)
    assert (event.actor, event.target) == ("putin", "bashar-assad")


def test_what_is_planned_after_all_is_not_denied_by_what_was_not(rules: Rules) -> None:
    assert not _events(rules, "Russia had no plans for Tartus but will leave Khmeimim", "en")[0].negated


@pytest.mark.parametrize(
    ("lang", "title", "action"),
    [
        ("en", "Assad survives poisoning attempt in Moscow", "poison"),
        ("uk", "Асада намагалися отруїти в Москві", "poison"),
        ("ja", "アサド氏、モスクワで毒殺未遂", "poison"),
        ("ar", "محاولة اغتيال بشار الأسد في موسكو", "kill"),
    ],
)
def test_an_attempt_is_no_deed(rules: Rules, lang: str, title: str, action: str) -> None:
    event = _events(rules, title, lang)[0]

    assert (event.action, event.target, event.modality) == (action, "bashar-assad", "attempted")


def test_the_dead_of_an_attempt_are_dead(rules: Rules) -> None:
    events = _events(rules, "Two soldiers killed in attempted attack on Khmeimim air base", "en")

    assert all(event.modality == "reported" for event in events)


def test_what_is_asked_is_possible_at_most(rules: Rules) -> None:
    assert _events(rules, "Was Assad poisoned in Moscow?", "en")[0].modality == "possible"


def test_that_nothing_threatens_somebody_is_no_threat(rules: Rules) -> None:
    events = _events(rules, "Асад находится в Москве, ему ничего не угрожает - Лавров", "ru")

    assert all(event.action != "threaten" for event in events)


@pytest.mark.parametrize(
    ("lang", "title", "modality"),
    [
        ("en", "Russia may attack Damascus", "possible"),
        ("en", "Russia May Soon Attack Damascus", "possible"),
        ("en", "Drones in May attacked Hmeimim air base", "reported"),
        ("en", "Drones on 20 May attacked Hmeimim air base", "reported"),
        ("en", "The May attack on Hmeimim is still unexplained", "reported"),
        ("en", "Russia wants to attack Damascus", "planned"),
        ("en", "Russia is in talks to attack Damascus together with Iran", "planned"),
        ("en", "Russia denies it may attack Damascus", "denied"),
        ("fr", "La Russie peut attaquer Damas", "possible"),
        ("tr", "Rusya Şam'a saldırabilir", "possible"),
        ("ar", "روسيا قد تهاجم دمشق", "possible"),
        ("ar", "روسيا قد هاجمت دمشق", "reported"),
        ("ja", "ロシアはダマスカスを攻撃したい", "planned"),
    ],
)
def test_a_wish_and_a_may_are_read_with_any_verb(rules: Rules, lang: str, title: str, modality: str) -> None:
    assert [e.modality for e in _events(rules, title, lang) if e.action == "attack"] == [modality]


@pytest.mark.parametrize(
    ("title", "action"),
    [
        ("Russia offers to evacuate Hmeimim", "evacuate"),
        ("Syria in talks to recognise Russia's bases", "recognise"),
        ("Russia agrees to supply Syria with oil", "supply"),
    ],
)
def test_what_is_agreed_or_offered_is_still_to_be_done(rules: Rules, title: str, action: str) -> None:
    assert [e.modality for e in _events(rules, title, "en") if e.action == action] == ["planned"]
