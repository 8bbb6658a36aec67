"""The lexicon holds the words of any story: none of its phrases may name what one of our stories is about.

Such phrases go into the story's file, under `more_words`. What only looks like a name is listed here with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.core.language.folding import fold
from service.core.matching.passages import Passage
from service.core.matching.watchlist import Watchlist
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_stories
from service.settings import BUNDLED_STORIES

LEXICON = load_lexicon()
STORIES = {
    **read_stories(BUNDLED_STORIES, LEXICON),
    **read_stories(Path(__file__).parent.parent / "data" / "stories", LEXICON),
}
SIGNS = {"zh": "俄叙敘", "ja": "露"}  # that stand for a country beside other signs
BETWEEN = " / "

# Why → language → phrases. A phrase that stands in a name, or looks like one, and yet is a word of any story.
ALLOWED: dict[str, dict[str, set[str]]] = {
    "a country's parliament, service or navy is a word for one, whichever story it stands in": {
        "ar": {"مجلس الدوما"},
        "de": {"Staatsduma", "Föderationsrat*"},
        "el": {"δούμα", "δούμας", "FSB", "GRU"},
        "es": {"duma", "consejo de la federación"},
        "fa": {"مجلس دوما"},
        "fr": {"sénat"},
        "it": {"duma", "consiglio della federazione"},
        "ja": {"国家院"},
        "pl": {"duma państwow*", "dumy państwow*", "dumę państwow*", "dumie państwow*", "FSB", "GRU"},
        "pt": {"duma"},
        "ru": {"госдум*", "совет федерации", "ФСБ", "ГРУ", "СВР", "ВМФ"},
        "tr": {"duma", "fsb", "gru"},
        "uk": {"держдум*", "ФСБ", "ГУР", "ВМФ"},
        "vi": {"FSB", "GRU"},
        "zh": {"杜马", "国家杜马"},
    },
    "currencies are called after countries": {"en": {"us dollars"}},
    '"the deposed one" may be any ruler': {
        "ar": {"المخلوع", "المخلوع ونظامه", "تسليم المخلوع", "إيواء الرئيس المخلوع"},
        "he": {"הנשיא המודח"},
    },
    "another word: us, mother-in-law, will go, lawmaker, remain, visitors, base, accident, data, to expose": {
        "ar": {"*حماة"},
        "en": {
            "what .. tells us",
            "follow us",
            "give us",
            "give us back",
            "hand us",
            "told us no",
        },
        "fa": {"باقی می مان*"},
        "he": {"מבקרים ב*"},
        "it": {"corregge i dati", "inventato di sana pianta"},
        "ja": {"暴露"},
        "pt": {"irá", "irão"},
        "tr": {
            "üs",
            "askeri üs*",
            "lojistik üs*",
            "insani yardım üss*",
            "yeni üs",
            "üs inşa*",
            "üs kapat*",
            "üs kur*",
            "üs anlaşma*",
            "kaza kırım*",
        },
        "vi": {"nhà lập pháp"},
    },
}


@pytest.fixture(scope="module")
def watchlist() -> Watchlist:
    """The names that stories give; without words no language is lent those of another."""
    return Watchlist(list(STORIES.values()), replace(LEXICON, words={}))


def _tables(lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from LEXICON.words[lang].items()
    for subject, table in LEXICON.subjects.items():
        yield subject, table.get(lang, ())


def _naming(watchlist: Watchlist, lang: str, phrases: tuple[str, ...]) -> set[str]:
    """Return the phrases in which a name stands that a story gives in this language, as written or in capitals."""
    joint = "" if lang in SIGNS else " "
    found = {phrase for phrase in phrases if any(sign in phrase for sign in SIGNS.get(lang, ""))}
    bare = {phrase: joint.join(phrase.replace("*", "").replace("..", " ").split()) for phrase in phrases}
    for written in (bare, {phrase: text.title() for phrase, text in bare.items()}):
        text, ends = "", {}
        for phrase, words in written.items():
            text += words + BETWEEN
            ends[len(text)] = phrase
        passage = Passage(text=text, lang=lang, folded=fold(text))
        for story in STORIES.values():
            for hit in watchlist.names(passage, story.id):
                if not hit.is_typo:
                    found.add(next(phrase for end, phrase in ends.items() if hit.start < end))
    return found


@pytest.mark.parametrize("lang", LEXICON.languages)
def test_no_general_phrase_names_what_a_story_is_about(watchlist: Watchlist, lang: str) -> None:
    allowed = {phrase for by_lang in ALLOWED.values() for phrase in by_lang.get(lang, ())}
    naming = {(each, phrase) for each, phrases in _tables(lang) for phrase in _naming(watchlist, lang, phrases)}

    assert {(each, phrase) for each, phrase in naming if phrase not in allowed} == set()
    assert allowed - {phrase for _, phrase in naming} == set(), "an exception that nothing needs"
