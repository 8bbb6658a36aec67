"""Who asks whom for what a sentence tells."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.rules import Rules
from service.rehearsal import rehearse


def _line(rules: Rules, lang: str, title: str) -> str:
    (delta,) = rehearse([an_entry(title=title, summary="", lang=lang)], rules.stories["assad-exit"], rules).deltas
    return delta.line


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Sharaa: we have asked Moscow for Assad's handover"),
        ("es", "Al Sharaa: pedimos a Moscú que entregue a Asad"),
        ("ru", "Шараа: просим Москву выдать Асада"),
        ("ar", "الشرع: طلبنا من موسكو تسليم الأسد"),
        ("tr", "Şara: Moskova'dan Esad'ın iadesini istedik"),
        ("zh", "沙拉：我们请求莫斯科交出阿萨德"),
    ],
)
def test_who_says_we_asked_is_who_asks(rules: Rules, lang: str, title: str) -> None:
    assert _line(rules, lang, title).startswith("Ahmed al-Sharaa asks for the handover of Bashar al-Assad")


def test_who_cries_give_us_is_not_asked_himself(rules: Rules) -> None:
    line = _line(rules, "fr", "« Livrez-nous Assad » : Damas s'adresse à Moscou")

    assert line.startswith("Damascus asks for the handover of Bashar al-Assad")
