"""The screen between the gate and a reading in full: it may let too much through, and never too little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from builders import an_entry
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_material import SHARED, needs_shared

from service.core.matching.match import WITHOUT_EITHER, needs_core_or_pattern
from service.core.matching.passages import Passage
from service.core.matching.reading import EntryText
from service.core.matching.watchlist import ANY_NAME
from service.core.model import Decision, Entry, Role
from service.core.rules import Rules
from service.loading.item_files import read_items
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_stories
from service.loading.weight_file import load_weights
from service.settings import BUNDLED_STORIES

DATA = Path(__file__).parent.parent / "data"
CORPORA = sorted(DATA.glob("corpus*/items.jsonl"))
STORY = "assad-exit"


def _entries(path: Path, step: int) -> Iterator[Entry]:
    for item in islice(read_items(path), 0, None, step):
        at = {"published_at": item.published_at} if item.published_at else {}
        yield an_entry(f"e-{item.id}", title=item.title, summary=item.summary, lang=item.lang, **at)


def _same_without(rules: Rules, entries: Iterator[Entry]) -> tuple[int, int]:
    """Check that the screen changes no decision; return how many entries the gate let through, and the screen."""
    unscreened = replace(rules, screen=None)
    assert rules.screen is not None
    gated = screened = 0
    for entry in entries:
        judged = rules.judge(entry)
        assert judged == unscreened.judge(entry), entry.title
        text = EntryText.of(entry.title, entry.summary, entry.lang)
        concerned = rules.watchlist.concerned(" ".join(passage.folded for passage in text.passages.values()))
        gated += len(concerned)
        screened += sum(rules.screen.passes(story, text) for story in concerned)
    return gated, screened


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.parent.name)
def test_the_screen_changes_no_decision_on_the_corpora(rules: Rules, path: Path) -> None:
    gated, screened = _same_without(rules, _entries(path, 5))

    assert 0 < screened < gated


def test_the_screen_changes_no_decision_where_stories_share_it() -> None:
    lexicon = load_lexicon()
    stories = {**read_stories(DATA / "stories", lexicon), **read_stories(BUNDLED_STORIES, lexicon)}
    many = Rules.of(list(stories.values()), lexicon, load_weights())

    for path in (*sorted((DATA / "stories").glob("*/items.jsonl")), *CORPORA):
        _same_without(many, (entry for entry in _entries(path, 2) if entry.lang == "en"))


@needs_shared
@pytest.mark.parametrize(("name", "step"), [("labelled/items.jsonl", 10), ("stream/items.jsonl.gz", 50)])
def test_the_screen_changes_no_decision_on_real_items(rules: Rules, name: str, step: int) -> None:
    gated, screened = _same_without(rules, _entries(SHARED / "corpus" / name, step))

    assert screened < gated


# Pieces of which texts are made that the bundled story is nearly or fully told by, in scripts with and without spaces.
_PIECES = {
    lang: pieces.split()
    for lang, pieces in (
        (
            "zh",
            "俄罗斯 俄军 叙利亚 阿萨德 赫梅米姆 塔尔图斯 基地 撤离 撤军 庇护 莫斯科 普京 会谈 港口 前总统 引渡 的 在 ， 。 ab",
        ),
        (
            "ja",
            "ロシア ロシア軍 シリア アサド フメイミム タルトゥース 基地 撤退 亡命 モスクワ プーチン 会談 港 前大統領 の は 、 。",
        ),
        (
            "ru",
            "Россия российские войска Сирии Асад Асаду Хмеймим Тартус базу вывод покинули убежище Москве Путин в с , .",
        ),
        (
            "en",
            "Russia Russian troops Syria's Assad Khmeimim Khmeimmim Tartus base withdraw leave asylum Moscow in , .",
        ),
        ("ar", "روسيا القوات الروسية سوريا الأسد حميميم طرطوس قاعدة انسحاب لجوء موسكو بوتين في و والقاعدة ."),
    )
}
_TEXTS = st.sampled_from(sorted(_PIECES)).flatmap(
    lambda lang: st.tuples(st.just(lang), st.lists(st.sampled_from(_PIECES[lang]), max_size=12))
)


@given(_TEXTS, _TEXTS)
@settings(max_examples=300)
def test_the_screen_changes_no_decision_on_texts_made_of_telling_pieces(
    rules: Rules, title: tuple[str, list[str]], summary: tuple[str, list[str]]
) -> None:
    said = [("" if lang in {"zh", "ja"} else " ").join(pieces) for lang, pieces in (title, summary)]

    _same_without(rules, iter([an_entry(title=said[0], summary=said[1], lang=title[0])]))


@given(_TEXTS)
@settings(max_examples=200)
def test_a_passage_holds_no_name_or_word_that_was_not_sighted(rules: Rules, text: tuple[str, list[str]]) -> None:
    lang, pieces = text
    passage = Passage.of(("" if lang in {"zh", "ja"} else " ").join(pieces), lang)
    chunked = passage.chunked
    sighted_names, sighted_words = (
        {owned for need, each in sightings for owned in each if need in passage.folded}
        for sightings in (
            rules.watchlist.sighted_names(chunked, passage.lang),
            rules.watchlist.sighted_words(chunked, passage.lang),
        )
    )

    if (STORY, ANY_NAME) not in sighted_names and STORY not in rules.watchlist.may_hear(passage):
        assert {(STORY, name.entity) for name in rules.watchlist.names(passage, STORY)} <= sighted_names
    for word in rules.watchlist.words(passage, STORY):
        assert {("", word.word_class), (STORY, word.word_class)} & sighted_words


def _judged(rules: Rules, title: str, revision: int = 1) -> list[Decision]:
    return rules.judge(an_entry(title=title, summary="", revision=revision))


def test_an_entry_that_names_no_core_and_holds_no_pattern_leaves_no_decision(rules: Rules) -> None:
    title = "Syria beats Russia in a football friendly"
    entry = an_entry(title=title, summary="")
    assert rules.watchlist.concerned(title.casefold()) == {STORY}

    assert rules.judge(entry) == []
    implied = rules.implied(rules.stories[STORY], entry)
    assert implied == rules.decide(rules.stories[STORY], entry)
    assert implied is not None
    assert (implied.relevant, bool(implied.mentions), len(implied.reasons) > 1) == (False, True, True)


def test_a_pattern_without_a_core_entity_leaves_a_decision(rules: Rules) -> None:
    [decision] = _judged(rules, "Russian troops leave Syria")

    core = {entity.id for entity in rules.stories[STORY].entities if entity.role is Role.CORE}
    assert not core & {mention.entity for mention in decision.mentions}
    assert any(reason.feature.startswith("pattern") for reason in decision.reasons)


def test_of_a_later_revision_whatever_names_the_story_leaves_a_decision(rules: Rules) -> None:
    title = "Syria beats Russia in a football friendly"

    assert [decision.relevant for decision in _judged(rules, title, revision=2)] == [False]


def test_nothing_is_implied_of_an_entry_that_the_gate_turns_away(rules: Rules) -> None:
    assert rules.implied(rules.stories[STORY], an_entry(title="Bakery opens", summary="")) is None
    assert rules.implied(rules.stories[STORY], an_entry(title="Assad opens a bakery", summary="")) is None


def test_weights_by_which_anything_may_count_leave_no_screen() -> None:
    lexicon = load_lexicon()
    stories = list(read_stories(BUNDLED_STORIES, lexicon).values())

    assert Rules.of(stories, lexicon, {}).screen is None
    assert needs_core_or_pattern({"base": -1.0, "pattern_title": 5.0, "no_core": -1.0})
    assert not needs_core_or_pattern({"base": -1.0, "no_core": 1.0})


def test_the_features_of_an_entry_with_neither_are_known(rules: Rules) -> None:
    story = rules.stories[STORY]
    present = {
        reason.feature
        for path in CORPORA
        for entry in _entries(path, 5)
        if not (match := rules.match(story, entry)).touched and match.mentions
        for reason in match.reasons
    }

    assert present - {"base", "before_as_of"} <= WITHOUT_EITHER
    assert len(present) > 4
