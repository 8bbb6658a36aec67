"""Names in languages for which a story gives none: by their sound in another script, with that language's endings."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.language.folding import fold
from service.core.matching.passages import Passage
from service.core.model import Entry
from service.core.names.sounds import SCRIPT_OF, readings, sounds_of, vowels_agree
from service.core.rules import Rules
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_story
from service.loading.weight_file import load_weights

STORY = """\
id: tunnel
title: The tunnel
as_of: 2026-01-01
article: {headline: A minister and a tunnel, outlet: Example Post, published: 2026-01-01}
entities:
  - id: zerafa
    type: person
    role: core
    names: {en: [Carmel Zerafa, Zerafa]}
  - id: tunnel
    type: facility
    role: core
    names: {en: [Marsa tunnel]}
  - id: lender
    type: organization
    role: core
    names: {de: [Nordhanse Bank, Bank, Nordhanse], ru: [Северный банк]}
  - id: orban-like
    name: the ruler
    type: person
    role: core
    names: {en: [Rudolf Strelsau]}
    titles: {en: [Ruritanian president]}
  - id: watchdog
    type: organization
    role: context
    names: {de: [Aufsicht], en: [the regulator]}
threads:
  - {id: main, title: Main, question: What now?, belongs: [[zerafa, arrest], [tunnel, bribery], [orban-like, arrest]]}
"""


@pytest.fixture(scope="module")
def tunnel(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    path = tmp_path_factory.mktemp("loans") / "tunnel.yaml"
    path.write_text(STORY, encoding="utf-8")
    return Rules.of([read_story(path, load_lexicon())], load_lexicon(), load_weights())


def _found(rules: Rules, lang: str, text: str) -> list[tuple[str, str]]:
    hits = rules.watchlist.names(Passage(text=text, lang=lang, folded=fold(text)), "tunnel")
    return [(hit.entity, text[hit.start : hit.end]) for hit in hits]


@pytest.mark.parametrize(
    ("lang", "text", "surface"),
    [
        ("ru", "Суд арестовал Кармеля Зерафу.", "Кармеля Зерафу"),
        ("uk", "Суд над Кармелем Зерафою почався.", "Кармелем Зерафою"),
        ("el", "Συνελήφθη ο Κάρμελ Ζεράφα.", "Κάρμελ Ζεράφα"),
        ("ar", "توقيف كارمل زيرافا في مالطا", "كارمل زيرافا"),
        ("fa", "بازداشت کارمل زرافا", "کارمل زرافا"),
        ("he", "כרמל זראפה נעצר", "כרמל זראפה"),
        ("ja", "カーメル・ゼラファ容疑者を逮捕", "カーメル・ゼラファ"),
        ("pl", "Zatrzymano Carmela Zerafę.", "Carmela Zerafę"),
        ("tr", "Carmel Zerafa'nın avukatı konuştu.", "Carmel Zerafa'nın"),
    ],
)
def test_a_person_is_found_in_languages_without_names(tunnel: Rules, lang: str, text: str, surface: str) -> None:
    assert ("zerafa", surface) in _found(tunnel, lang, text)
    assert tunnel.watchlist.concerned(fold(text)) == {"tunnel"}


@pytest.mark.parametrize(
    ("lang", "text", "surface"),
    [
        ("es", "Cierran el túnel de Marsa por obras.", "Marsa"),
        ("pl", "Wraca spór o tunel w Marsie.", "Marsie"),
        ("ru", "Тоннель в Марсе закрыт.", "Марсе"),
        ("el", "Έκλεισε η σήραγγα της Μάρσα.", "Μάρσα"),
        ("de", "Der Marsa-Tunnel bleibt zu.", "Marsa-Tunnel"),
    ],
)
def test_what_is_generic_in_a_name_is_said_in_the_language_of_the_text(
    tunnel: Rules, lang: str, text: str, surface: str
) -> None:
    assert ("tunnel", surface) in _found(tunnel, lang, text)


@pytest.mark.parametrize(
    ("lang", "text", "why"),
    [
        ("ru", "Жирафа перевезли на Мальту.", "a giraffe"),
        ("ru", "Вода на Марсе: новое открытие.", "no tunnel near"),
        ("pl", "Łazik na Marsie sfotografował skałę.", "no tunnel near"),
        ("es", "Las playas de Marsa Alam están llenas.", "no tunnel near"),
        ("ru", "тоннель, кармель зерафа", "names have capitals"),
        ("en", "The bank raised its rates.", "a generic word alone is no name elsewhere"),
        ("fr", "Aufsicht et banque", "a German noun has a capital, too"),
        ("ja", "カメラ", "too short"),
    ],
)
def test_what_only_sounds_alike_is_not_found(tunnel: Rules, lang: str, text: str, why: str) -> None:
    assert _found(tunnel, lang, text) == [], why


def test_a_name_that_is_given_is_not_guessed(tunnel: Rules) -> None:
    assert _found(tunnel, "ru", "Нордханзе закрывает филиалы.") == []
    assert _found(tunnel, "ru", "Северный банк закрывает филиалы.") == [("lender", "Северный банк")]
    assert _found(tunnel, "el", "Η τράπεζα Νόρντχανζε κλείνει.") == [("lender", "Νόρντχανζε")]


def test_an_office_before_a_name_is_a_label_only_before_a_ruler(tunnel: Rules) -> None:
    def oblique(text: str) -> list[str | None]:
        reading = tunnel.read(tunnel.stories["tunnel"], an_item(text))
        assert reading is not None
        return [name.oblique for sentence in reading.sentences for name in sentence.names]

    assert oblique("Früherer Minister Carmel Zerafa festgenommen") == [None]
    assert oblique("Früherer Minister Rudolf Strelsau festgenommen") == ["background"]


def test_a_surname_by_its_sound_needs_company(tunnel: Rules) -> None:
    story = tunnel.stories["tunnel"]
    assert tunnel.read(story, an_item("В городе видели Зерафу.", lang="ru")) is None
    assert tunnel.read(story, an_item("Зерафу арестовали из-за тоннеля в Марсе.", lang="ru")) is not None


@pytest.mark.parametrize(
    ("name", "given_in", "written", "lang"),
    [
        ("Volkerts", "de", "Фолькертс", "ru"),
        ("Henrik", "de", "Генрік", "uk"),
        ("Nordhanse", "de", "نوردهانزه", "ar"),
        ("Volkerts", "de", "פולקרטס", "he"),
        ("Volkerts", "de", "フォルカーツ", "ja"),
        ("Baltimore", "en", "ボルティモア", "ja"),
        ("Portelli", "it", "Πορτέλι", "el"),
        ("Laurent", "fr", "Лоран", "ru"),
        ("Rachida", "fr", "Рашида", "ru"),
        ("Louvre", "fr", "ルーブル", "ja"),
        ("Stein", "de", "Штейн", "ru"),
        ("Reeve", "en", "ريف", "ar"),
    ],
)
def test_a_name_sounds_alike_in_another_script(name: str, given_in: str, written: str, lang: str) -> None:
    script = SCRIPT_OF[lang]
    assert sounds_of(fold(written), script) in readings(name, given_in, script)


@pytest.mark.parametrize(
    ("name", "written"), [("Zerafa", "Жирафа"), ("Marsa", "Марта"), ("Borg", "Борд"), ("Calder", "Кальмар")]
)
def test_another_name_sounds_different(name: str, written: str) -> None:
    assert sounds_of(fold(written), "cyrillic") not in readings(name, "en", "cyrillic")


@pytest.mark.parametrize(("one", "other", "agree"), [("louvre", "лувр", True), ("louvre", "ливер", False)])
def test_vowels_tell_short_names_apart(one: str, other: str, *, agree: bool) -> None:
    assert vowels_agree(one, other) is agree


def an_item(title: str, lang: str = "de") -> Entry:
    return an_entry(title=title, summary="", lang=lang)
