"""Two happenings in one headline, what hangs on a condition, and what somebody only thinks of another's demand."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.model import DeltaType
from service.core.rules import Rules
from service.rehearsal import rehearse


def _line(rules: Rules, title: str, lang: str) -> str:
    entry = an_entry(title=title, summary="", lang=lang)
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas
    return delta.line.partition(" \N{EM DASH} ")[0]


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        ("en", "Kyiv offers Syria advisers while Damascus urges Russia to leave Tartus", "Damascus calls for Russia's"),
        (
            "fr",
            "Lavrov rencontre Chaibani tandis que la Russie retire ses avions de Hmeimim",
            "Sergei Lavrov meets Asaad",
        ),
        (
            "es",
            "Putin recibe a Al Sharaa mientras Alemania pide a Siria expulsar a los rusos",
            "Vladimir Putin meets Ahmed",
        ),
    ],
)
def test_each_half_of_a_headline_has_its_own_parties(rules: Rules, lang: str, title: str, says: str) -> None:
    assert says in _line(rules, title, lang)


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        ("en", "Without a new treaty Russian troops will quit Tartus base by autumn", ", if there is no agreement"),
        ("de", "Ohne neuen Vertrag verlassen russische Soldaten Syrien", ", if there is no agreement"),
        ("pl", "Bez nowej umowy Rosja wycofa wojska z Syrii", ", if there is no agreement"),
        ("tr", "Yeni anlaşma olmazsa Rusya Suriye'den çekilecek", ", if there is no agreement"),
        (
            "it",
            "L'Ue condiziona gli aiuti alla Siria alla chiusura delle basi russe",
            ", if Syria closes Russia's bases",
        ),
        ("es", "Las bases rusas siguen en Siria a cambio de la entrega de Asad", ", if Bashar al-Assad is handed over"),
    ],
)
def test_what_hangs_on_a_condition_is_told_with_it(rules: Rules, lang: str, title: str, says: str) -> None:
    line = _line(rules, title, lang)

    assert says in line
    assert "(reported)" not in line


def test_that_talks_end_without_an_agreement_is_no_condition(rules: Rules) -> None:
    line = _line(rules, "Talks between Lavrov and Shaibani on Tartus base end without an agreement", "en")

    assert ", if" not in line


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Kremlin says demand to extradite Assad is politically motivated"),
        ("de", "Kreml nennt Forderung nach Auslieferung Assads politisch motiviert"),
        ("ru", "Кремль назвал требование выдать Асада политически мотивированным"),
        ("pl", "Kreml: żądanie wydania Asada jest motywowane politycznie"),
    ],
)
def test_who_judges_a_demand_does_not_make_it(rules: Rules, lang: str, title: str) -> None:
    assert "asks for" not in _line(rules, title, lang)


@pytest.mark.parametrize(
    ("lang", "title", "begins"),
    [
        (
            "en",
            "Damascus asks Moscow to return state funds taken by Assad",
            "Damascus calls for Moscow's return of assets",
        ),
        (
            "es",
            "Siria exige a Rusia que devuelva los fondos de la familia Asad",
            "Syria calls for Russia's return of assets",
        ),
        ("uk", "Сирія вимагає від Росії повернути активи Асада", "Syria calls for Russia's return of assets"),
        (
            "it",
            "La Germania chiede a Damasco di chiudere le basi russe",
            "Germany calls for Damascus' closure of Russia's",
        ),
        ("zh", "德国要求叙利亚关闭俄罗斯军事基地", "Germany calls for Syria's closure of Russia's bases"),
    ],
)
def test_who_is_to_give_back_or_to_close_is_told_from_whose_it_is(
    rules: Rules, lang: str, title: str, begins: str
) -> None:
    assert _line(rules, title, lang).startswith(begins)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("ru", "Россия выведет войска с базы Хмеймим"),
        ("uk", "Росія виведе війська з бази Хмеймім"),
        ("pl", "Rosja wycofa wojska z bazy Hmejmim"),
    ],
)
def test_a_slavic_perfective_tells_a_plan(rules: Rules, lang: str, title: str) -> None:
    line = _line(rules, title, lang)

    assert line.startswith("Russia is to withdraw troops from Khmeimim")


def test_an_agreement_to_extend_is_told_as_the_extension(rules: Rules) -> None:
    entry = an_entry(title="Siria y Rusia acuerdan prorrogar el alquiler de Tartus", summary="", lang="es")
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas

    assert delta.type is DeltaType.STATUS_CHANGE
    assert delta.line.startswith("Syria agrees to an extension with Russia")


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Sharaa meets Putin: will the bases stay?"),
        ("de", "Al-Scharaa trifft Putin: Bleiben die Stützpunkte?"),
        ("es", "Al Sharaa se reúne con Putin: ¿seguirán las bases?"),
    ],
)
def test_what_stands_before_a_question_is_said(rules: Rules, lang: str, title: str) -> None:
    (delta,) = rehearse([an_entry(title=title, summary="", lang=lang)], rules.stories["assad-exit"], rules).deltas

    assert delta.line.startswith("Ahmed al-Sharaa meets Vladimir Putin")
    assert delta.added[0].quote == title.split(":", maxsplit=1)[0]
