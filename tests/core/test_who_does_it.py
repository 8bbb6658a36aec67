"""A line names who does it: not who tells of it, whose paper prints it, nor what it is over."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.rules import Rules
from service.rehearsal import rehearse


@pytest.mark.parametrize(
    ("lang", "title", "begins"),
    [
        ("ar", "انفجار قرب حميميم والدفاع الروسية تقول إنها أسقطت مسيرة", "Khmeimim Air Base is attacked"),
        ("en", "Minsk denies plans to receive Bashar al-Assad", "Belarus grants asylum to Bashar al-Assad (denied"),
        ("en", "Asma al-Assad in hospital again, Turkish newspaper reports", "Asma al-Assad falls ill (reported)"),
        ("pl", "Mińsk dementuje, że przyjmie Asada", "Belarus grants asylum to Bashar al-Assad (denied"),
        ("en", "Mortar fire at Russian checkpoint near Latakia", "Latakia is attacked"),
        ("de", "Assad lebt laut einem Zeitungsbericht zurückgezogen in Moskau", "Bashar al-Assad lives in Moscow"),
        ("en", "Lavrov: Tartus may become a humanitarian hub", "Tartus may be put to new use (says Sergei Lavrov)"),
        ("he", "ישראל ביקשה מפוטין להשאיר את הבסיסים בסוריה", "Israel calls for Russia's continued presence in Syria"),
        ("ja", "ロシア軍、シリア東部でパトロール", "Russia patrols Syria"),
        (
            "en",
            "Russian judge rejects Asma al-Assad's request for divorce",
            "Russia refuses the divorce of Asma al-Assad",
        ),
        ("fr", "Une délégation syrienne à Moscou pour exiger Assad", "Syria's new government visits Moscow"),
        (
            "es",
            "Damasco y Moscú firman un acuerdo de arrendamiento de Tartus",
            "Damascus agrees with Moscow over Tartus (reported)",
        ),
        (
            "ru",
            "Сирия хочет брать с России плату за базу в Тартусе",
            "Russia is to compensate Syria over the Russian naval base at Tartus",
        ),
    ],
)
def test_the_one_who_does_it_is_told(rules: Rules, lang: str, title: str, begins: str) -> None:
    entry = an_entry(title=title, summary="", lang=lang)
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas

    assert delta.line.startswith(begins)


@pytest.mark.parametrize(
    ("lang", "title", "line"),
    [
        (
            "uk",
            "Сирія оцінила борг Росії за бази у три мільярди доларів",
            "Russia compensates Syria, 3 billion dollars",
        ),
        ("pl", "Rosja zaproponowała Syrii umowę w sprawie Tartusu", "Russia makes an offer to Syria"),
        ("en", "Russia offers to help Syria rebuild Tartus port", "Russia makes an offer to Syria"),
        ("fr", "Moscou réduit de moitié sa garnison de Tartous", "Moscow reduces its presence"),
    ],
)
def test_what_is_offered_or_owed_is_told_of_who_offers_or_owes(rules: Rules, lang: str, title: str, line: str) -> None:
    entry = an_entry(title=title, summary="", lang=lang)
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas

    assert delta.line.startswith(line)
