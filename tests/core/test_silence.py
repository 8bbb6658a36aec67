"""What somebody does not say: it is told that he says nothing, and on what, and nothing else."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.events.extraction import read_events
from service.core.matching.reading import read_entry
from service.core.model import Event
from service.core.rules import Rules
from service.rehearsal import rehearse


def _events(rules: Rules, title: str, lang: str) -> list[Event]:
    reading = read_entry(rules.watchlist, rules.stories["assad-exit"], title, "", lang, anyway=True)
    assert reading is not None
    return read_events(reading, rules.compare["assad-exit"].words)


@pytest.mark.parametrize(
    ("lang", "title", "who", "action"),
    [
        ("en", "Peskov refuses to say whether Assad will be handed over", "peskov", "state"),
        ("en", "Moscow has no information on a request for Assad's extradition", "russia", "confirm"),
        ("ru", "В Кремле не подтвердили, что Асада просили выдать", "kremlin", "confirm"),
        ("ar", "روسيا لا تعلق على طلب تسليم الأسد", "russia", "state"),
        ("tr", "Peskov, Esad'ın iadesi hakkında konuşmayı reddetti", "peskov", "state"),
        ("zh", "俄罗斯未确认阿萨德被引渡的请求", "russia", "confirm"),
    ],
)
def test_who_says_nothing_neither_does_nor_denies_it(
    rules: Rules, lang: str, title: str, who: str, action: str
) -> None:
    (event,) = _events(rules, title, lang)
    assert (event.action, event.actor, event.negated, event.modality) == (action, who, True, "reported")


@pytest.mark.parametrize(
    "title", ["Assad poisoned in Moscow, Kremlin declines to comment", "Kremlin silent; Assad poisoned"]
)
def test_what_another_clause_tells_comes_first(rules: Rules, title: str) -> None:
    assert _events(rules, title, "en")[0].action == "poison"


def test_what_nobody_known_keeps_silent_on_is_not_told(rules: Rules) -> None:
    assert _events(rules, "Officials decline to comment on Assad's extradition", "en") == []


@pytest.mark.parametrize(
    ("title", "line"),
    [
        (
            "Kremlin won't comment on handing over Assad",
            "The Kremlin does not comment on the handover of Bashar al-Assad",
        ),
        (
            "Peskov does not confirm Assad's divorce",
            "Dmitry Peskov does not confirm reports on the divorce of Bashar al-Assad",
        ),
        (
            "Kremlin has no comment on Russia's bases in Syria",
            "The Kremlin does not comment on Russia's bases in Syria",
        ),
    ],
)
def test_the_line_says_on_what(rules: Rules, title: str, line: str) -> None:
    entry = an_entry(title=title, summary="", lang="en")
    (delta,) = rehearse([entry], rules.stories["assad-exit"], rules).deltas
    assert delta.line == line
