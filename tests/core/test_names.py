"""Names in running text, in seventeen languages: what must be found, with its exact span, and what must not.

`tests/data/names.jsonl` is the table. Lines the matcher still gets wrong stand at its end as `known_wrong`; when one
comes right, take the mark off and lower the count here.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from service.core.language.chunks import ChunkedText
from service.core.language.folding import fold, fold_offsets, language_of, sentences
from service.core.language.hanzi import SIMPLIFIED, TRADITIONAL
from service.core.language.phrases import name_pattern
from service.core.matching.passages import NameHit, Passage
from service.core.names.misspellings import Misspellings, is_slip
from service.core.rules import Rules

LANGUAGES = ("en", "ru", "uk", "ar", "fa", "tr", "he", "fr", "de", "es", "it", "pl", "zh", "vi", "pt", "el", "ja")
STORY = "assad-exit"
TABLE = Path(__file__).parent.parent / "data" / "names.jsonl"

# What was wrong when the table was written. These may only get smaller.
KNOWN_WRONG = 5
NOT_FINDING_THEMSELVES = 0


class _Optional(TypedDict, total=False):
    why: str
    known_wrong: bool


class Line(_Optional):
    """One line of the table; no surface means that the entity must not be found."""

    lang: str
    text: str
    entity: str
    surface: str | None


def _lines() -> list[Line]:
    with TABLE.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


LINES = _lines()
SETTLED = [line for line in LINES if not line.get("known_wrong")]
WRONG = [line for line in LINES if line.get("known_wrong")]


def _names(rules: Rules, text: str, lang: str) -> list[NameHit]:
    return rules.watchlist.names(Passage(text=text, lang=lang, folded=fold(text)), STORY)


def _surfaces(rules: Rules, line: Line) -> list[str]:
    hits = _names(rules, line["text"], line["lang"])
    return [line["text"][hit.start : hit.end] for hit in hits if hit.entity == line["entity"]]


def _is_right(rules: Rules, line: Line) -> bool:
    surfaces = _surfaces(rules, line)
    return not surfaces if line["surface"] is None else line["surface"] in surfaces


def _cases(*, traps: bool) -> list[object]:
    return [
        pytest.param(line, id=f"{line['lang']}{number}-{line['entity']}")
        for number, line in enumerate(SETTLED, start=1)
        if (line["surface"] is None) is traps
    ]


# --- the table ---------------------------------------------------------------------------


@pytest.mark.parametrize("line", _cases(traps=False))
def test_a_name_is_found_where_it_stands(rules: Rules, line: Line) -> None:
    assert line["surface"] in _surfaces(rules, line), line["text"]


@pytest.mark.parametrize("line", _cases(traps=True))
def test_what_only_looks_like_a_name_is_not_found(rules: Rules, line: Line) -> None:
    assert _surfaces(rules, line) == [], f"{line['text']} ({line['why']})"


def test_the_known_wrong_lines_only_get_fewer(rules: Rules) -> None:
    assert len(WRONG) <= KNOWN_WRONG
    assert sum(not _is_right(rules, line) for line in WRONG) <= KNOWN_WRONG


def test_the_known_wrong_lines_stand_at_the_end() -> None:
    assert LINES == SETTLED + WRONG


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_covers_every_language(lang: str) -> None:
    mine = [line for line in LINES if line["lang"] == lang]
    assert len(mine) >= (10 if lang in {"vi", "pt", "el", "ja"} else 24)
    assert any(line["surface"] is None for line in mine)


def test_a_surface_is_a_part_of_its_sentence() -> None:
    assert [line for line in LINES if line["surface"] is not None and line["surface"] not in line["text"]] == []


def test_the_table_names_only_entities_of_the_story(rules: Rules) -> None:
    entities = {entity.id for entity in rules.watchlist.stories[STORY].entities}
    assert {line["entity"] for line in LINES} <= entities


def test_no_line_stands_in_the_table_twice() -> None:
    keys = [(line["lang"], line["text"], line["entity"]) for line in LINES]
    assert len(keys) == len(set(keys))


# --- the story's own names ---------------------------------------------------------------


def test_a_name_of_the_story_finds_itself(rules: Rules) -> None:
    lost = [
        f"{lang}: {form} ({entity.id})"
        for story in [rules.watchlist.stories[STORY]]
        for entity in story.entities
        for names in (entity.names, entity.titles)
        for lang, forms in names.items()
        for form in forms
        if all(hit.entity != entity.id for hit in _names(rules, form, lang))
    ]
    assert len(lost) <= NOT_FINDING_THEMSELVES, "\n".join(lost)


# --- folding -----------------------------------------------------------------------------

_PIECES = sorted({line["surface"] for line in LINES if line["surface"]} | {"\u200f", "\u00ad", "\u200c", "ß", "İ", "…"})
_TEXTS = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=4))).map("".join))


@given(_TEXTS)
def test_offsets_of_folded_text_run_from_start_to_end(text: str) -> None:
    folded = fold(text)
    offsets = list(fold_offsets(text))
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[0] >= 0
    assert offsets[-1] == len(text)


@given(_TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(_TEXTS)
def test_a_text_folds_alike_in_any_company(text: str) -> None:
    """Beside an emoji no code page serves, and each character is looked up by itself."""
    assert fold(f"{text} 🙂 {text}") == f"{fold(text)} 🙂 {fold(text)}"


@pytest.mark.parametrize("of_script", ["latin", "vietnamese", "cyrillic"])
def test_every_character_of_a_page_folds_as_it_does_elsewhere(of_script: str) -> None:
    text = {
        "latin": " ".join([*map(chr, range(0xA0, 0x180)), "“Œuvre” … ½ ™"]),
        "vietnamese": " ".join(map(chr, range(0x1EA0, 0x1EFA))),
        "cyrillic": " ".join(map(chr, range(0x400, 0x530))),
    }[of_script]
    for word in (*text.split(" "), text):
        assert fold(f"{word} 🙂") == f"{fold(word)} 🙂"
        assert len(fold_offsets(word)) == len(fold(word)) + 1


@settings(deadline=None)
@given(text=_TEXTS, lang=st.sampled_from(LANGUAGES))
def test_a_found_span_lies_within_the_text(rules: Rules, text: str, lang: str) -> None:
    for hit in _names(rules, text, lang):
        assert 0 <= hit.start < hit.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["Moscú", "Hmeïmim", "Mátxcơva", "Прямой рейс", "Сирії", "Άσαντ", "الأسد", "آمد", "İstanbul", "Łódź", "בַּשָּׁאר"],
)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def _composed_names(rules: Rules, text: str, lang: str) -> list[tuple[str, str]]:
    hits = _names(rules, text, lang)
    return sorted((hit.entity, unicodedata.normalize("NFC", text[hit.start : hit.end])) for hit in hits)


def test_decomposed_text_has_the_same_names(rules: Rules) -> None:
    changed = [
        line["text"]
        for line in LINES
        if _composed_names(rules, unicodedata.normalize("NFC", line["text"]), line["lang"])
        != _composed_names(rules, unicodedata.normalize("NFD", line["text"]), line["lang"])
    ]
    assert not changed, "\n".join(changed)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("text", "surface", "lang"),
    [("昔はジャウラニと呼ばれた。", "ジャウラニ", "ja"), ("Llovió en Moscú también.", "Moscú", "es")],
)
def test_a_span_holds_the_marks_of_its_last_letter(rules: Rules, text: str, surface: str, lang: str, form: str) -> None:
    text, surface = unicodedata.normalize(form, text), unicodedata.normalize(form, surface)  # type: ignore[arg-type]
    assert [text[hit.start : hit.end] for hit in _names(rules, text, lang)] == [surface]


@pytest.mark.parametrize("text", ["プーチン", "ダマスカス", "다마스쿠스", "한국", "시리아"])
def test_letters_in_pieces_fold_to_whole_ones(text: str) -> None:
    pieces = unicodedata.normalize("NFD", text)
    assert fold(pieces) == fold(text)
    assert len(fold_offsets(pieces)) == len(fold(pieces)) + 1


# --- misspelt names ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("khmeimmim", "khmeimim"),  # typed twice
        ("medvedchuck", "medvedchuk"),
        ("khmiemim", "khmeimim"),  # swapped
        ("khmemim", "khmeimim"),  # missing
        ("khmeimin", "khmeimim"),  # a neighbouring key
        ("хмеиммим", "хмеимим"),
    ],
)
def test_a_slip_is_recognised(wrong: str, right: str) -> None:
    assert is_slip(wrong, right)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("damascus", "damascus"),
        ("damascius", "damascus"),  # another letter comes in
        ("hamascus", "damascus"),  # the first letter
        ("zakharovo", "zakharova"),  # another ending
        ("novorossiys", "novorossiysk"),  # the last letter is gone
        ("dimascus", "damascus"),  # far from each other on any keyboard
    ],
)
def test_another_word_is_no_slip(wrong: str, right: str) -> None:
    assert not is_slip(wrong, right)


@pytest.mark.parametrize(("longer", "is_found"), [(0, True), (1, False), (5000, False)])
def test_a_slip_is_found_with_clitics_and_ending_but_not_in_what_is_longer(longer: int, is_found: bool) -> None:
    name = name_pattern("Novorossiysk", "en")
    assert name is not None
    slips = Misspellings([(STORY, name)], known=[])

    suspects = slips.suspects(ChunkedText("כבל" + "novorossiiysk" + "skim" + "m" * longer))

    assert bool(suspects) is is_found


def test_a_misspelt_name_says_so_and_is_marked(rules: Rules) -> None:
    (hit,) = _names(rules, "Crews left Khmeimmim.", "en")
    assert (hit.entity, hit.is_typo) == ("khmeimim", True)
    assert not _names(rules, "Crews left Khmeimim.", "en")[0].is_typo


@pytest.mark.parametrize(
    ("variants", "folded"),
    [
        (["Assad’s", "Assad‘s", "Assadʼs", "Assad′s", "Assad`s", "ASSAD'S"], "assad's"),
        (["al-Assad", "al\u2010Assad", "al\u2011Assad", "al–Assad", "al\u00a0Assad", "AL ASSAD"], "al assad"),
        (["Ａｓｓａｄ", "As\u00adsad", "\u200fAssad\u200e", "Assa\u0323d", "\u2067Assad\u2069"], "assad"),
        (["حميميم", "حُمَيْمِيم", "حمـيميم", "حمیمیم"], "حميميم"),
        (["الأسد", "الاسد", "ٱلأسد", "ﺍﻷﺳﺪ"], "الاسد"),
        (["ח'מיימים", "ח׳מיימים", "ח’מיימים"], "ח'מיימימ"),
        (["敘利亞", "叙利亚", "敘\u200b利亞"], "叙利亚"),
        (["阿薩德", "阿萨德"], "阿萨德"),
        (["シリア", "ｼﾘｱ"], "シリア"),
        (["٤٩", "۴۹", "４９", "49"], "49"),
    ],
)
def test_spellings_that_mean_the_same_fold_alike(variants: list[str], folded: str) -> None:
    assert {fold(variant) for variant in variants} == {folded}


def test_the_table_of_characters_is_that_of_opencc() -> None:
    converter = OpenCC("t2s")
    characters = map(chr, range(0x4E00, 0xA000))
    expected = {character: simple for character in characters if (simple := converter.convert(character)) != character}
    assert dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)) == expected


# --- language and sentences --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Assad left", None, "en"),
        ("Assad left", "en-GB", "en"),
        ("Assad ist fort", "de_AT", "de"),
        ("Assad saiu", "pt-BR", "pt"),
        ("Assad left", "ru", "en"),
        ("Асад уехал", None, "ru"),
        ("Асад уехал", "en", "ru"),
        ("Асад поїхав", None, "uk"),
        ("Асад поїхав", "ru", "uk"),
        ("Асад тут", "uk", "uk"),
        ("غادر الأسد", None, "ar"),
        ("غادر الأسد", "en", "ar"),
        ("اسد رفت", "fa", "fa"),
        ("اسد می\u200cرود", None, "fa"),
        ("پوتین آمد", None, "fa"),
        ("אסד עזב", "en", "he"),
        ("Ο Άσαντ έφυγε", None, "el"),
        ("阿萨德离开", None, "zh"),
        ("阿薩德離開", "en", "zh"),
        ("アサドは去った", "en", "ja"),
        ("前大統領亡命", "ja", "ja"),
        ("前大統領亡命", None, "zh"),
        ("Assad（阿萨德）离开大马士革", "en", "zh"),
        ("Асад уехал (Assad)", "en", "ru"),
        ("2024", "fr", "fr"),
        ("2024", None, "en"),
        ("", "tr", "tr"),
        ("", None, "en"),
    ],
)
def test_the_script_says_the_language_where_it_can(text: str, declared: str | None, expected: str) -> None:
    assert language_of(text, declared) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \n ", []),
        ("One plane left.", ["One plane left."]),
        ("One plane left. Two stayed!  Why?", ["One plane left.", "Two stayed!", "Why?"]),
        ("Gen. Orlov spoke. Mr. Brown did not.", ["Gen. Orlov spoke.", "Mr. Brown did not."]),
        ("J. Smith wrote it.", ["J. Smith wrote it."]),
        ("Wheat fell 1.5 per cent. Oil rose.", ["Wheat fell 1.5 per cent.", "Oil rose."]),
        ("«Мы уходим». Он ушёл.", ["«Мы уходим».", "Он ушёл."]),
        ("Он ушёл… Она осталась.", ["Он ушёл…", "Она осталась."]),
        ("غادر أمس. لماذا؟ لا أحد يعرف.", ["غادر أمس.", "لماذا؟", "لا أحد يعرف."]),
        ("רכבת יצאה. אוטובוס נשאר.", ["רכבת יצאה.", "אוטובוס נשאר."]),
        ("他走了。她留下！为什么？", ["他走了。", "她留下！", "为什么？"]),
        ("彼は「行く」と言った。雨だ。", ["彼は「行く」と言った。", "雨だ。"]),
        ("A headline\nA summary", ["A headline", "A summary"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(_TEXTS)
def test_sentences_stand_in_order_and_lose_only_space(text: str) -> None:
    position = 0
    for start, end in sentences(text):
        assert position <= start < end <= len(text)
        assert text[position:start].strip() == ""
        position = end
    assert text[position:].strip() == ""
