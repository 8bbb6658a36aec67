"""On whose side something happens: who lets whom, whose people, what is only spoken of, on what condition."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.events.conditions import conditional_event
from service.core.events.extraction import read_events
from service.core.events.pronouns import with_pronouns
from service.core.matching.reading import Reading, read_entry
from service.core.model import Event
from service.core.rules import Rules
from service.rehearsal import rehearse


def _read(rules: Rules, title: str, lang: str = "en", summary: str = "") -> Reading:
    reading = read_entry(rules.watchlist, rules.stories["assad-exit"], title, summary, lang, anyway=True)
    assert reading is not None
    return with_pronouns(reading)


def _events(rules: Rules, title: str, lang: str = "en", summary: str = "") -> list[Event]:
    return read_events(_read(rules, title, lang, summary), rules.compare["assad-exit"].words)


def _line(rules: Rules, title: str, lang: str = "en") -> str:
    story = rules.stories["assad-exit"]
    entry = an_entry(title=title, summary="", lang=lang)
    (delta,) = rehearse([entry], story, rules).deltas
    return delta.line


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Syria will let Russia keep its bases"),
        ("es", "Siria permitirá a Rusia conservar sus bases"),
        ("tr", "Suriye, Rusya'nın üslerini korumasına izin verecek"),
        ("ar", "ستسمح سوريا لروسيا بالإبقاء على قواعدها"),
        ("zh", "叙利亚将允许俄罗斯保留军事基地"),
    ],
)
def test_who_is_allowed_to_stay_is_who_stays(rules: Rules, lang: str, title: str) -> None:
    event = _events(rules, title, lang)[0]

    assert (event.action, event.actor, event.target) == ("keep", "russia", "syria")
    assert _line(rules, title, lang).startswith("Syria is to let Russia keep its bases")


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("de", "Damaskus lässt Russlands Flotte noch ein Jahr in Tartus bleiben"),
        ("fr", "Damas laisse la flotte russe rester un an à Tartous"),
        ("ru", "Дамаск разрешил флоту России ещё год оставаться в Тартусе"),
    ],
)
def test_a_capital_lets_others_stay_elsewhere(rules: Rules, lang: str, title: str) -> None:
    event = _events(rules, title, lang)[0]

    assert (event.action, event.target) == ("keep", "tartus")
    assert _line(rules, title, lang).startswith("Damascus lets ")


def test_nobody_lets_where_leave_is_only_received(rules: Rules) -> None:
    assert " let " not in _line(rules, "Russia is allowed to keep its bases in Syria")


def test_who_asks_whom_to_let_whom_is_told(rules: Rules) -> None:
    line = _line(rules, "Israel urges Washington to let Russia keep its bases in Syria")

    assert line.startswith("Israel asks the United States to let Russia keep its bases")


@pytest.mark.parametrize(
    ("lang", "title", "is_his"),
    [
        ("en", "The sister of Bashar al-Assad has died", False),
        ("de", "Tante gestorben: Assad trauert in Moskau", True),
        ("ru", "Умер отец Башара Асада", False),
        ("pt", "Morre a mãe de Bashar al-Assad", False),
    ],
)
def test_a_relatives_death_is_not_his(rules: Rules, lang: str, title: str, *, is_his: bool) -> None:
    dead = [event for event in _events(rules, title, lang) if event.action == "die"]

    assert any(event.target == "bashar-assad" for event in dead) is is_his


@pytest.mark.parametrize("title", ["Kremlin silent on handing over Assad", "Moscow asked about handover of Assad"])
def test_what_is_only_spoken_of_has_not_happened(rules: Rules, title: str) -> None:
    assert all(event.action != "extradite" for event in _events(rules, title))


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("France issues arrest warrant for Assad over the killing of reporters", {"issue_warrant"}),
        ("French court annuls arrest warrant for Assad", {"acquit"}),
        ("Syria foils attack on Russia's Khmeimim base", {"foil"}),
    ],
)
def test_a_reason_a_warrant_undone_and_a_foiled_attack_are_no_happenings(
    rules: Rules, title: str, told: set[str]
) -> None:
    assert {event.action for event in _events(rules, title)} == told


def test_a_condition_is_read_with_its_own_parties(rules: Rules) -> None:
    reading = _read(rules, "Germany to lift sanctions on Syria if Russia leaves Tartus")
    words = rules.compare["assad-exit"].words
    told = read_events(reading, words)[0]
    condition = conditional_event(reading, words, told.span)

    assert (told.action, told.actor, told.target) == ("lift_sanctions", "germany", "syria")
    assert condition is not None
    assert (condition.action, condition.actor, condition.target) == ("withdraw", "russia", "tartus")


@pytest.mark.parametrize(
    ("before", "actor"),
    [("Russia has had the letter for a week.", "russia"), ("Russia and Turkey have had the letter for a week.", None)],
)
def test_a_pronoun_is_read_only_where_it_can_mean_but_one(rules: Rules, before: str, actor: str | None) -> None:
    events = _events(rules, "The letter on Khmeimim", summary=f"{before} It will withdraw from Khmeimim in June.")

    assert next(event for event in events if event.action == "withdraw").actor == actor


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Kremlin declines to comment on Assad's illness"),
        ("ru", "Песков отказался комментировать болезнь Асада"),
        ("zh", "克里姆林宫拒绝就阿萨德患病置评"),
    ],
)
def test_who_will_not_comment_denies_nothing(rules: Rules, lang: str, title: str) -> None:
    events = _events(rules, title, lang)

    assert all(not event.negated and event.modality != "denied" for event in events if event.action == "fall_ill")
    assert all(event.action != "refuse" for event in events)


def test_a_call_in_one_word_is_a_call(rules: Rules) -> None:
    (event, *_) = _events(rules, "Дамаск Москве: выдайте Асада", "ru")

    assert (event.action, event.actor, event.target) == ("request_extradition", "damascus", "bashar-assad")


def test_of_whom_a_payment_is_asked_pays(rules: Rules) -> None:
    (event, *_) = _events(rules, "Syria demands that Russia pay for its bases")

    assert (event.action, event.actor, event.speaker) == ("pay", "russia", "syria")


def test_a_ship_that_arrives_visits_nobody(rules: Rules) -> None:
    assert {event.action for event in _events(rules, "Russian frigate arrives in Tartus")} == {"move"}


def test_the_ousted_government_is_not_the_new_one(rules: Rules) -> None:
    events = _events(rules, "Officials of the ousted Syrian government say Assad moved money to Russia")

    assert all(event.speaker != "syrian-government" for event in events)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("de", "Prozess gegen Assad in Damaskus eröffnet – ohne den Angeklagten"),
        ("en", "Assad trial opens without him"),
    ],
)
def test_what_goes_on_without_somebody_goes_on(rules: Rules, lang: str, title: str) -> None:
    assert any(event.action == "try" and not event.negated for event in _events(rules, title, lang))


def test_who_stands_before_a_denial_makes_it(rules: Rules) -> None:
    events = _events(rules, "Minsk denies that Assad will be given asylum")

    assert [event.actor for event in events if event.action == "deny"] in (["belarus"], [])
    assert all(event.speaker != "bashar-assad" for event in events)


def test_a_base_under_fire_is_no_attack_on_who_left_it(rules: Rules) -> None:
    events = _events(rules, "Assad says he was told to go after the air base came under attack")

    assert all(event.target != "bashar-assad" for event in events if event.action == "attack")


def test_a_request_that_is_refused_is_told_as_refused(rules: Rules) -> None:
    assert _line(rules, "Moscow rejects request for handover of Assad").startswith("Russia refuses to hand Assad over")


def test_what_is_negotiated_over_has_not_come_about(rules: Rules) -> None:
    assert {event.action for event in _events(rules, "Russia in talks on withdrawal from Tartus")} == {"negotiate"}


def test_an_expelled_president_expels_nobody(rules: Rules) -> None:
    assert all(event.action != "expel" for event in _events(rules, "被驱逐的总统巴沙尔·阿萨德接受采访", "zh"))


def test_a_pronoun_for_who_lets_the_others_stay_is_read(rules: Rules) -> None:
    entry = an_entry(
        title="Syria sets terms for Russian presence",
        summary="It will let the Russians stay at Tartus but wants Khmeimim back, officials said.",
        lang="en",
    )
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas

    assert delta.line.startswith("Syria is to let Russia stay in Tartus")


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Assad left Damascus at Russia's request"),
        ("ru", "Асад покинул Дамаск по просьбе Москвы"),
        ("tr", "Esad, Moskova'nın talebi üzerine Şam'dan ayrıldı"),
        ("zh", "阿萨德应俄罗斯要求离开大马士革"),
    ],
)
def test_at_whose_request_somebody_leaves_takes_no_part_in_it(rules: Rules, lang: str, title: str) -> None:
    event = _events(rules, title, lang)[0]

    assert (event.action, event.actor, event.target, event.modality) == ("flee", "bashar-assad", None, "reported")
    assert "leaves" in _line(rules, title, lang)
    assert "at Russia's request" in _line(rules, title, lang)


def test_a_country_takes_a_person_to_safety(rules: Rules) -> None:
    event = _events(rules, "Rusya Esad'ı tahliye etti", "tr")[0]

    assert (event.action, event.actor, event.target) == ("evacuate", "russia", "bashar-assad")


def test_a_country_that_ends_what_is_said_does_not_say_it(rules: Rules) -> None:
    for title in ("Assad wants to leave Russia, reports say", "Aide says Assad is ready to leave Russia"):
        assert all(event.speaker is None for event in _events(rules, title))
