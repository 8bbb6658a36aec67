"""Who moves or stays that is no party's forces: civilians, ships by name, and whose "our" bases are."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.rules import Rules
from service.rehearsal import rehearse


def _line(rules: Rules, lang: str, title: str) -> str:
    (delta,) = rehearse([an_entry(title=title, summary="", lang=lang)], rules.stories["assad-exit"], rules).deltas
    return delta.line


@pytest.mark.parametrize(
    ("lang", "title", "line"),
    [
        ("en", "Residents leave Russian base at Khmeimim", "Civilians leave Khmeimim Air Base"),
        ("es", "Refugiados abandonan la base rusa de Jmeimim", "Civilians leave Khmeimim Air Base"),
        (
            "ru",
            "На базе Хмеймим остаются 300 мирных жителей - Захарова",
            "300 people shelter at Khmeimim Air Base (says",
        ),
        ("en", "Russian troops leave Khmeimim as families watch", "Russia withdraws troops from Khmeimim Air Base"),
    ],
)
def test_civilians_are_nobodys_forces(rules: Rules, lang: str, title: str, line: str) -> None:
    assert _line(rules, lang, title).startswith(line)


@pytest.mark.parametrize(
    ("lang", "title", "line"),
    [
        ("en", "Sparta II enters Tartus harbour", "Cargo ship Sparta II calls at Tartus"),
        ("ru", "Сухогруз «Спарта» покинул Тартус", "Cargo ship Sparta leaves Tartus"),
        ("en", "Ursa Major, sailing to Syria for a base evacuation, sinks", "Cargo ship Ursa Major breaks down"),
    ],
)
def test_a_ship_comes_and_goes_by_its_name(rules: Rules, lang: str, title: str, line: str) -> None:
    assert _line(rules, lang, title).startswith(line)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Lavrov: our bases will remain in Syria"),
        ("ar", "لافروف: قواعدنا في سوريا ستبقى"),
        ("tr", "Lavrov: Suriye'deki üslerimiz kalacak"),
        ("zh", "拉夫罗夫：我们的基地将保留在叙利亚"),
    ],
)
def test_our_bases_are_those_of_the_country_of_who_speaks(rules: Rules, lang: str, title: str) -> None:
    assert _line(rules, lang, title).startswith("Russia is to keep its forces in Syria")
