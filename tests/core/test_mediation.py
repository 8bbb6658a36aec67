"""Who mediates is no party to the talks, and what is no condition is not refused."""

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
    ("lang", "title", "line"),
    [
        (
            "en",
            "Turkey offers to mediate between Moscow and Damascus over Tartus",
            "Turkey offers to mediate between Moscow and Damascus on Tartus",
        ),
        (
            "ru",
            "Турция выступила посредником между Москвой и Дамаском по базам",
            "Turkey mediates between Moscow and Damascus (reported)",
        ),
        (
            "ar",
            "تركيا تعرض الوساطة بين دمشق وموسكو بشأن القواعد الروسية",
            "Turkey offers to mediate between Damascus and Moscow",
        ),
        ("zh", "土耳其提议在俄罗斯与叙利亚之间就基地问题斡旋", "Turkey offers to mediate between Russia and Syria"),
        (
            "tr",
            "Erdoğan, Rusya ile Suriye arasında üsler için arabulucu olmayı teklif etti",
            "Recep Tayyip Erdoğan offers to mediate between Russia and Syria",
        ),
        (
            "en",
            "Oman could mediate between Moscow and Damascus over Russian bases",
            "Possible mediation between Moscow and Damascus on Russia's bases",
        ),
    ],
)
def test_a_mediator_is_told_apart_from_the_two(rules: Rules, lang: str, title: str, line: str) -> None:
    assert _line(rules, title, lang).startswith(line)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Shaibani: handover of Assad is not a precondition for new ties with Moscow"),
        ("es", "Shaibani: la entrega de Asad no es condición para las relaciones con Moscú"),
        ("he", "א-שרע: הסגרת אסד אינה תנאי ליחסים עם מוסקבה"),
        ("zh", "沙拉：引渡阿萨德不是与俄罗斯发展关系的条件"),
    ],
)
def test_what_is_no_condition_is_neither_refused_nor_done(rules: Rules, lang: str, title: str) -> None:
    assert _line(rules, title, lang).startswith("The handover of Bashar al-Assad is not a condition")


def test_treaties_under_review_are_not_negotiated(rules: Rules) -> None:
    line = _line(rules, "Syria to review all treaties with Russia, including Tartus lease", "en")

    assert line.startswith("Syria is to review agreements with Russia")


def test_talks_on_somebodys_bases_name_the_bases(rules: Rules) -> None:
    line = _line(rules, "Lavrov and Shaibani discuss Russian bases", "en")

    assert line.startswith("Sergei Lavrov negotiates with Asaad al-Shaibani on Russia's bases")
