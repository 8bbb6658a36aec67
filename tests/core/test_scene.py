"""A line names what is moved and at what kind of place, so that it says no more than its source."""

from __future__ import annotations

import pytest

from service.core.deltas.wording import delta_line
from service.core.events.extraction import read_events
from service.core.events.scene import Scene, scene_of
from service.core.matching.reading import read_entry
from service.core.model import DeltaType
from service.core.rules import Rules


def _line(rules: Rules, title: str, lang: str) -> str:
    story = rules.stories["assad-exit"]
    reading = read_entry(rules.watchlist, story, title, "", lang, anyway=True)
    assert reading is not None
    words = rules.compare[story.id].words
    event = read_events(reading, words)[0]
    names = {entity.id: entity.name for entity in story.entities}
    countries = {entity.id for entity in story.entities if entity.type == "country"}
    scene = scene_of(reading, event, words.actions, countries)
    subject = "Russia's bases in Syria"
    return delta_line(DeltaType.UPDATE, event, (), words.actions, names, subject, countries, countries, scene)


@pytest.mark.parametrize(
    ("lang", "title", "line"),
    [
        (
            "en",
            "Russia removes military equipment from Syrian port",
            "Russia withdraws equipment from a port in Syria (reported)",
        ),
        ("en", "Russia moves equipment from Syria to Libya", "Russia moves equipment from Syria to Libya (reported)"),
        ("en", "Russian ships move from Syrian base", "Russia moves ships from a base in Syria (reported)"),
        ("en", "Russia to keep a reduced presence in Syria", "Russia is to keep a reduced presence in Syria (planned)"),
        ("en", "Russian delegation visits Syria", "A delegation from Russia visits Syria (reported)"),
        ("en", "Kremlin refuses to hand Assad over", "The Kremlin refuses to hand over Bashar al-Assad"),
        ("en", "Assad leaves Moscow", "Bashar al-Assad leaves Moscow (reported)"),
        (
            "en",
            "Germany urges Russia to withdraw troops from Syria",
            "Germany calls for Russia's withdrawal from Syria",
        ),
        (
            "en",
            "Fighters ordered to keep away from Russian troops in Syria",
            "Order to keep away from Russia's troops in Syria (reported)",
        ),
        ("en", "Russia withdraws from Syria", "Russia withdraws forces from Syria (reported)"),
        ("en", "Russia has not withdrawn from Syria", "Russia does not withdraw from Syria (reported)"),
        ("de", "Russland zieht Truppen aus Hmeimim ab", "Russia withdraws troops from Khmeimim Air Base (reported)"),
        ("ru", "Российские корабли возвращаются на базу в Сирии", "Russia returns ships to a base in Syria (reported)"),
        ("en", "Thousands flee to Russian base in Syria", "Flight to Russia's base in Syria (reported)"),
        ("en", "Drones attack Russian base in Syria", "Attack on Russia's base in Syria (reported)"),
        (
            "fr",
            "La Russie pourrait retirer des blindés de Hmeimim",
            "Russia may withdraw equipment from Khmeimim Air Base",
        ),
        ("en", "Assad wanted to stay in Syria", "Bashar al-Assad is to stay in Syria (planned)"),
        ("en", "Putin has not met Assad", "Vladimir Putin has not met Bashar al-Assad (reported)"),
    ],
)
def test_a_line_says_what_is_moved_and_where(rules: Rules, lang: str, title: str, line: str) -> None:
    assert _line(rules, title, lang) == line


def test_without_an_event_there_is_no_scene(rules: Rules) -> None:
    story = rules.stories["assad-exit"]
    reading = read_entry(rules.watchlist, story, "Russian base in Syria", "", "en", anyway=True)
    assert reading is not None

    assert scene_of(reading, None, {}, ()) == Scene()
