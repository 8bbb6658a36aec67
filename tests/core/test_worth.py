"""What is relevant and yet no news: questions, what restates the article, what was told before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.core.deltas.worth import claimed, is_telling
from service.core.events.extraction import read_events
from service.core.events.questions import asks
from service.core.matching.reading import Reading, read_entry
from service.core.model import ActionClass, Event
from service.core.rules import Rules


def _read(
    rules: Rules, title: str, lang: str, summary: str = ""
) -> tuple[Reading, list[Event], Mapping[str, ActionClass]]:
    story = rules.stories["assad-exit"]
    reading = read_entry(rules.watchlist, story, title, summary, lang, anyway=True)
    assert reading is not None
    words = rules.compare[story.id].words
    return reading, read_events(reading, words), words.actions


@pytest.mark.parametrize(
    ("lang", "title", "telling"),
    [
        ("en", "Will Russia withdraw from Khmeimim air base?", False),
        ("en", "Russia withdraws from Khmeimim air base", True),
        ("en", "Russia is reportedly leaving Khmeimim air base?", True),
        ("de", "Zieht Russland aus Hmeimim ab?", False),
        ("ru", "Уйдёт ли Россия с авиабазы Хмеймим?", False),
        ("zh", "俄罗斯会从赫梅米姆基地撤军吗？", False),
        ("ar", "هل تسحب روسيا قواتها من قاعدة حميميم؟", False),
        ("en", "What next for Assad and his family?", False),
    ],
)
def test_a_headline_that_only_asks_tells_nothing(rules: Rules, lang: str, title: str, telling: bool) -> None:
    assert is_telling(*_read(rules, title, lang)) is telling


def test_what_goes_against_the_headline_is_not_claimed(rules: Rules) -> None:
    read = _read(
        rules, "Russia withdraws from Khmeimim", "en", "Russia wanted the deal. Russia stays at Tartus for now."
    )

    assert "keep" not in {event.action for event in claimed(*read)}


def test_only_a_greek_semicolon_asks() -> None:
    assert asks("Will they go?")
    assert asks("هل يغادرون؟")
    assert not asks("They go.")


@pytest.mark.parametrize(
    ("lang", "title", "wanted"),
    [
        ("en", "Trump praises Ahmed al-Sharaa after attack", {"action": "attack", "target": None}),
        ("en", "Bashar al-Assad attacked by gunmen", {"action": "attack", "target": "bashar-assad"}),
        ("zh", "数百人逃到俄罗斯基地", {"action": "flee", "target": None}),
        ("zh", "拉夫罗夫：俄罗斯与叙利亚新当局谈判", {"action": "negotiate", "actor": "russia"}),
        ("en", "Assad did not tell his aides that he would flee", {"action": "flee", "negated": False}),
        ("en", "Assad did not flee to Moscow", {"action": "flee", "negated": True}),
    ],
)
def test_who_takes_part_and_what_is_negated(rules: Rules, lang: str, title: str, wanted: dict[str, Any]) -> None:
    _, events, _ = _read(rules, title, lang)
    event = next(each for each in events if each.action == wanted["action"])

    assert {name: getattr(event, name) for name in wanted} == wanted
