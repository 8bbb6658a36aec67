"""How names stand in a sentence, by closed lists of function words: place, owner, relative clause, speaker."""

from __future__ import annotations

import pytest
from builders import NOON, an_entry

from service.core.events.extraction import read_events
from service.core.events.tenses import is_negative_verb
from service.core.model import Event
from service.core.rules import Rules


def _event(rules: Rules, title: str, lang: str) -> Event:
    story = rules.stories["assad-exit"]
    entry = an_entry(title=title, summary="", lang=lang, published_at=NOON)
    reading = rules.read(story, entry, anyway=True)
    assert reading is not None
    return read_events(reading, rules.compare[story.id].words)[0]


@pytest.mark.parametrize(
    ("lang", "title", "negated"),
    [
        ("en", "Russia has not yet withdrawn from Khmeimim", True),
        ("en", "Russia not only reinforces Tartus but withdraws from Khmeimim", False),
        ("de", "Russland zieht doch nicht aus Hmeimim ab", True),
        ("tr", "Putin: Esad ile henüz görüşmedim ama görüşmeyi planlıyorum", True),
        ("ru", "Россия не комментирует, но выводит войска с базы Хмеймим", False),
    ],
)
def test_a_negation_reaches_as_far_as_a_but(rules: Rules, lang: str, title: str, *, negated: bool) -> None:
    story = rules.stories["assad-exit"]
    reading = rules.read(story, an_entry(title=title, summary="", lang=lang, published_at=NOON), anyway=True)
    assert reading is not None
    found = {e.action: e for e in read_events(reading, rules.compare[story.id].words)}
    wanted = found.get("withdraw") or found["meet"]
    assert (wanted.negated, wanted.modality) == (negated, "reported")


@pytest.mark.parametrize(
    ("lang", "title", "actor"),
    [
        ("en", "Convoy that Israel had watched for days leaves Khmeimim with Russian trucks", "russia"),
        ("en", "In Syria, Russian troops pull out of Khmeimim", "russia"),
        ("en", "Peskov: Putin has not met Assad", "putin"),
        ("en", "Putin has not met Assad, Peskov", "putin"),
        ("es", "Putin no se ha reunido con Al Asad, según Peskov", "putin"),
        ("zh", "俄罗斯军队从叙利亚撤出军事装备", "russia"),
    ],
)
def test_the_actor_is_who_does_it(rules: Rules, lang: str, title: str, actor: str) -> None:
    assert _event(rules, title, lang).actor == actor


@pytest.mark.parametrize(
    ("lang", "title", "is_negated"),
    [
        ("de", "Russland zieht keine Truppen aus Tartus ab", True),
        ("de", "Russland zieht Truppen aus Tartus ab", False),
        ("tr", "Rusya Tartus üssünden çekilmiyor", True),
        ("tr", "Rusya Tartus üssünden çekiliyor", False),
        ("tr", "Kremlin: Rusya Esad'ı iade etmeyecek", True),
        ("pl", "Rosja nie wyda Asada", True),
        ("el", "Η Ρωσία δεν θα εκδώσει τον Άσαντ", True),
    ],
)
def test_a_negation_in_or_between_the_parts_of_a_verb_counts(
    rules: Rules, lang: str, title: str, *, is_negated: bool
) -> None:
    event = _event(rules, title, lang)
    assert (event.negated or event.action == "refuse") is is_negated


@pytest.mark.parametrize(
    ("word", "is_negative"),
    [("çekilmiyoruz", True), ("görüşmedi", True), ("etmeyecek", True), ("çekilme", False), ("görüşmede", False)],
)
def test_a_turkish_verb_carries_its_negation(word: str, *, is_negative: bool) -> None:
    assert is_negative_verb(word, "tr") is is_negative
    assert not is_negative_verb(word, "en")


@pytest.mark.parametrize(
    ("title", "target"),
    [("Assad flees to Moscow", "moscow"), ("Assad flees Syria", None), ("Assad fled Damascus", None)],
)
def test_where_one_comes_from_is_not_where_one_goes(rules: Rules, title: str, target: str | None) -> None:
    assert _event(rules, title, "en").target == target


def test_a_longer_phrase_wins_over_the_word_it_begins_with(rules: Rules) -> None:
    assert _event(rules, "Assault on Russian air base at Khmeimim leaves 2 soldiers dead", "en").action != "withdraw"
