"""Phrases that a story adds to classes of the lexicon: read as if they stood there, and for that story alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import an_entry

from service.core.language.folding import fold
from service.core.language.lexicon import Lexicon
from service.core.matching.passages import Passage
from service.core.model import Story
from service.core.rules import Rules
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_story
from service.loading.weight_file import load_weights

STORY = """\
id: island
title: The island
as_of: 2025-01-01
article: {headline: The navy and the island, outlet: Example Post, published: 2025-01-01}
entities:
  - {id: zerafa, type: person, role: core, names: {en: [Carmel Zerafa, Zerafa]}}
  - {id: navy, type: organization, role: context, names: {en: [Northern Navy]}}
  - {id: gozo, type: place, role: core, names: {en: [Gozo]}}
threads:
  - {id: main, title: Main, question: What now?, belongs: [[zerafa, extradite], [navy, withdraw, gozo], [withdraw, gozo]]}
more_words:
  withdraw: {en: ["gone from Gozo"]}
  extradite: {en: ["give us Zerafa"]}
"""
TITLES = (
    "Northern Navy gone from Gozo, officials say",
    "Gone from Gozo: the last ship of a navy",
    "Hundreds march: give us Zerafa",
    "Carmel Zerafa is on Gozo",
)


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Story:
    path: Path = tmp_path_factory.mktemp("more-words") / "island.yaml"
    path.write_text(STORY, encoding="utf-8")
    return read_story(path, load_lexicon())


def _classes(rules: Rules, story: str) -> set[str]:
    passage = Passage(text=TITLES[0], lang="en", folded=fold(TITLES[0]))
    return {hit.word_class for hit in rules.watchlist.words(passage, story)}


def test_a_phrase_is_added_for_its_story_alone(island: Story) -> None:
    other = replace(island, id="mainland", more_words={})
    rules = Rules.of([island, other], load_lexicon(), load_weights())

    assert "withdraw" in _classes(rules, "island")
    assert "withdraw" not in _classes(rules, "mainland") | _classes(rules, "")


def _judged(island: Story, lexicon: Lexicon) -> list[tuple[object, ...]]:
    """Return what is read in each title, and how it is decided: by the gate, the screen and the sum of features."""
    rules = Rules.of([island], lexicon, load_weights())
    entries = [an_entry(f"e-{number}", title=title, summary="") for number, title in enumerate(TITLES)]
    return [
        (
            rules.read(island, entry, anyway=True),
            *((each.relevant, each.score, each.reasons, each.mentions) for each in rules.judge(entry)),
        )
        for entry in entries
    ]


def test_a_phrase_says_the_same_from_the_story_as_from_the_lexicon(island: Story) -> None:
    lexicon, bare = load_lexicon(), replace(island, more_words={})
    added = {each: (*lexicon.words["en"][each], *table["en"]) for each, table in island.more_words.items()}
    fuller = replace(lexicon, words={**lexicon.words, "en": {**lexicon.words["en"], **added}})

    from_story = _judged(island, lexicon)

    assert from_story == _judged(bare, fuller)
    assert from_story != _judged(bare, lexicon)
