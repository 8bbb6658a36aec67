"""The lexicon: complete in every language, and its action words found in sentences.

`tests/data/actions.jsonl` is the table of sentences. Lines still wrong stand at its end as `known_wrong`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

import pytest

from service.core.language.folding import fold
from service.core.language.phrases import word_pattern
from service.core.matching.passages import Passage
from service.core.rules import Rules
from service.loading.lexicon_files import LEXICON_FOLDER, load_lexicon

LANGUAGES = ("en", "ru", "uk", "ar", "fa", "tr", "he", "fr", "de", "es", "it", "pl", "zh", "vi", "pt", "el", "ja")
TABLE = Path(__file__).parent.parent / "data" / "actions.jsonl"
LEAST_WORDS = 8  # of an action, each with its inflection
MARKERS = frozenset({"correction", "withdrawn", "updated", "repeat_marker"})

# What was wrong when the table was written. It may only get smaller.
KNOWN_WRONG = 1


class _Optional(TypedDict, total=False):
    known_wrong: bool


Line = TypedDict("Line", {"lang": str, "text": str, "classes": list[str], "not": list[str]}, total=False)


class Marked(Line, _Optional):
    """One line of the table: the classes that must be found in a sentence, and those that must not."""


def _lines() -> list[Marked]:
    with TABLE.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


LINES = _lines()
SETTLED = [line for line in LINES if not line.get("known_wrong")]
WRONG = [line for line in LINES if line.get("known_wrong")]
LEXICON = load_lexicon()
OWN = sorted(
    word_class
    for word_class in LEXICON.groups
    if word_class not in LEXICON.actions or LEXICON.actions[word_class].derived_from is None
)


def _classes(rules: Rules, text: str, lang: str) -> set[str]:
    return {hit.word_class for hit in rules.watchlist.words(Passage(text=text, lang=lang, folded=fold(text)))}


def _found(rules: Rules, line: Marked) -> set[str]:
    return _classes(rules, line["text"], line["lang"])


def _is_right(rules: Rules, line: Marked) -> bool:
    found = _found(rules, line)
    return found.issuperset(line["classes"]) and found.isdisjoint(line.get("not", []))


# --- completeness ------------------------------------------------------------------------


def test_there_is_a_file_for_every_language() -> None:
    assert set(LEXICON.languages) == set(LANGUAGES)
    assert all((LEXICON_FOLDER / f"{lang}.yaml").is_file() for lang in LANGUAGES)


@pytest.mark.parametrize("lang", LEXICON.languages)
def test_every_class_has_words_in_every_language(lang: str) -> None:
    words = LEXICON.words[lang]
    thin = {
        word_class: words.get(word_class, ())
        for word_class in OWN
        if len(set(words.get(word_class, ()))) < (2 if word_class in MARKERS else 3)
    }
    assert thin == {}


@pytest.mark.parametrize("lang", LEXICON.languages)
def test_no_action_goes_short_of_words_in_any_language(lang: str) -> None:
    """A rule set is only as multilingual as its words of what happens: a poor one loses a language, not an item."""
    words = LEXICON.words[lang]
    counts = {action: len(set(words[action])) for action in OWN if action in LEXICON.actions}
    assert {action: count for action, count in counts.items() if count < LEAST_WORDS} == {}


@pytest.mark.parametrize("lang", LEXICON.languages)
def test_a_language_has_no_class_that_is_unknown_or_derived(lang: str) -> None:
    assert set(LEXICON.words[lang]) <= set(OWN)


@pytest.mark.parametrize("lang", LEXICON.languages)
def test_every_phrase_compiles(lang: str) -> None:
    assert [
        phrase for phrases in LEXICON.words[lang].values() for phrase in phrases if word_pattern(phrase, lang) is None
    ] == []


def test_a_starred_word_takes_in_its_possessive(rules: Rules) -> None:
    text = "Russia's quiet comeback"
    passage = Passage(text=text, lang="en", folded=fold(text))

    assert "russia_stays" in {hit.word_class for hit in rules.watchlist.words(passage, "assad-exit")}


def test_a_polish_adjective_is_found_where_its_stem_changes(rules: Rules) -> None:
    found = [
        {
            hit.word_class
            for hit in rules.watchlist.words(Passage(text=text, lang="pl", folded=fold(text)), "assad-exit")
        }
        for text in ("rosyjskich żołnierzy", "Rosyjscy żołnierze")
    ]

    assert all("russian_forces" in classes for classes in found)


@pytest.mark.parametrize("lang", LEXICON.languages)
def test_a_phrase_finds_itself(rules: Rules, lang: str) -> None:
    joint = "" if lang in {"zh", "ja"} else " "
    lost = []
    for word_class, phrases in LEXICON.words[lang].items():
        for phrase in phrases:
            text = joint.join(part.strip("*") for part in phrase.replace("..", " ").split())
            if word_class not in _classes(rules, text, lang):
                lost.append(f"{word_class}: {phrase}")
    assert lost == []


@pytest.mark.parametrize("lang", LEXICON.languages)
def test_months_and_numbers_are_there(lang: str) -> None:
    assert set(LEXICON.months[lang].values()) == set(range(1, 13))
    assert {2, 3, 10} <= set(LEXICON.numbers[lang].values())


# --- the table ---------------------------------------------------------------------------


@pytest.mark.parametrize("line", [pytest.param(line, id=f"{line['lang']}{i}") for i, line in enumerate(SETTLED, 1)])
def test_the_action_of_a_sentence_is_found(rules: Rules, line: Marked) -> None:
    found = _found(rules, line)
    assert found.issuperset(line["classes"]), line["text"]
    assert found.isdisjoint(line.get("not", [])), line["text"]


def test_the_known_wrong_sentences_only_get_fewer(rules: Rules) -> None:
    assert len(WRONG) <= KNOWN_WRONG
    assert sum(not _is_right(rules, line) for line in WRONG) <= KNOWN_WRONG


def test_the_known_wrong_sentences_stand_at_the_end() -> None:
    assert LINES == SETTLED + WRONG


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_covers_every_language(lang: str) -> None:
    assert sum(line["lang"] == lang for line in LINES) >= 7


def test_the_table_names_only_known_classes() -> None:
    named = {word_class for line in LINES for word_class in [*line["classes"], *line.get("not", [])]}
    assert named <= set(OWN)


# --- German compounds --------------------------------------------------------------------


@pytest.mark.parametrize("word", ["Delegation", "Militärdelegation", "Regierungsdelegationen"])
def test_a_german_noun_is_found_at_the_end_of_a_compound(rules: Rules, word: str) -> None:
    assert "delegation" in _classes(rules, f"Eine {word} ist unterwegs", "de")


def test_a_star_before_a_word_stays_short_in_other_languages(rules: Rules) -> None:
    assert "refuse" not in _classes(rules, "شخصيرفض", "ar")


@pytest.mark.parametrize(
    ("text", "is_there"), [("That isn't so.", True), ("That isn’t so.", True), ("See isn.t for it.", False)]
)
def test_a_mark_in_a_phrase_must_stand_in_the_text(rules: Rules, text: str, *, is_there: bool) -> None:
    hits = rules.watchlist.words(Passage(text=text, lang="en", folded=fold(text)))
    assert any(hit.word_class == "negation" for hit in hits) is is_there
