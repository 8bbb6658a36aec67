"""The rules as one value: their version, and what they make of an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from builders import an_entry

from service.core.deltas.telling import EDITOR
from service.core.language.lexicon import Lexicon
from service.core.matching.match import logistic
from service.core.matching.meanings import MEANINGS
from service.core.model import Entry, Outcome, Story
from service.core.rules import Rules
from service.loading.lexicon_files import load_lexicon
from service.loading.weight_file import load_weights

NOW = datetime(2025, 3, 3, tzinfo=UTC)
STORY = "assad-exit"


@pytest.fixture(scope="module")
def small() -> Story:
    """The bundled story with two entities: quick to compile."""
    from service.loading.story_files import read_stories
    from service.settings import BUNDLED_STORIES

    story = read_stories(BUNDLED_STORIES, load_lexicon())[STORY]
    return replace(story, entities=story.entities[:2], words={})


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    """The bundled lexicon, English only."""
    whole = load_lexicon()
    return replace(whole, words={"en": whole.words["en"]})


def _entry(title: str, summary: str = "", **over: Any) -> Entry:
    return an_entry(title=title, summary=summary, published_at=NOW, first_seen_at=NOW, seen_at=NOW, **over)


def _version(story: Story, lexicon: Lexicon, **weights: float) -> str:
    return Rules.of([story], lexicon, load_weights() | weights).versions[STORY]


def test_the_version_moves_with_the_story_the_lexicon_and_the_weights(small: Story, lexicon: Lexicon) -> None:
    versions = [
        _version(small, lexicon),
        _version(replace(small, digest="other"), lexicon),
        _version(small, replace(lexicon, digest="other")),
        _version(small, lexicon, base=-9.5),
    ]

    assert len(set(versions)) == len(versions)
    assert _version(small, lexicon) == versions[0]


def test_another_set_of_stories_starts_the_match_over(small: Story, lexicon: Lexicon) -> None:
    second = replace(small, id="second")
    one, both = (Rules.of(stories, lexicon, {}) for stories in ([small], [small, second]))

    assert one.cursor != both.cursor
    assert both.cursor == Rules.of([second, small], lexicon, {}).cursor
    assert one.cursor == Rules.of([small], lexicon, {"base": 1.0}).cursor


def test_an_entry_is_judged_for_every_story_it_touches(small: Story, lexicon: Lexicon) -> None:
    both = Rules.of([small, replace(small, id="second")], lexicon, load_weights())
    decisions = both.judge(_entry("Bashar al-Assad moves out of Moscow"))

    assert [decision.story for decision in decisions] == [STORY, "second"]
    assert {decision.rules_version for decision in decisions} == set(both.versions.values())


def test_an_entry_that_touches_nothing_leaves_no_decision(rules: Rules) -> None:
    assert rules.judge(_entry("Bakery opens")) == []
    assert rules.judge(_entry("Assad opens a bakery")) == []


def test_a_near_miss_leaves_a_decision(rules: Rules) -> None:
    [decision] = rules.judge(_entry("Tartus holds a song contest"))

    assert (decision.relevant, decision.outcome) == (False, Outcome.REJECTED)
    assert decision.decided_at == NOW


def test_a_follow_up_goes_on_to_comparing(rules: Rules) -> None:
    [decision] = rules.judge(_entry("Russia withdraws its crews from Khmeimim", revision=3))

    assert (decision.relevant, decision.outcome, decision.revision) == (True, Outcome.PENDING, 3)
    assert decision.threads == ("bases",)
    assert decision.mentions


def test_the_withdrawal_of_a_told_report_reaches_comparing(rules: Rules) -> None:
    notice = _entry("WITHDRAWN: Port report", "The agency regrets the error.", revision=2)
    [decision] = rules.judge(notice, told={STORY})

    assert (decision.relevant, decision.outcome) == (True, Outcome.PENDING)
    assert decision.reasons[-1].feature == "withdraws_a_told_report"
    assert decision.score == pytest.approx(logistic(sum(reason.weight for reason in decision.reasons)), abs=1e-3)
    assert rules.judge(notice) == []


def test_a_later_revision_that_withdraws_nothing_is_judged_by_its_words(rules: Rules) -> None:
    assert rules.judge(_entry("Port report", "Bread prices fall.", revision=2), told={STORY}) == []
    [decision] = rules.judge(_entry("Tartus holds a song contest", revision=2), told={STORY})
    assert decision.relevant is False


def test_the_storys_own_actions_are_actions(small: Story, lexicon: Lexicon) -> None:
    from service.core.model import ActionClass

    own = ActionClass(id="divorce", plover=None, family="family", active="divorces", noun="divorce")
    compiled = Rules.of([replace(small, actions=(own,))], lexicon, {})

    assert "divorce" in compiled.actions[STORY]
    assert compiled.compare[STORY].words.actions["divorce"] is own
    assert "divorce" not in Rules.of([replace(small, actions=())], lexicon, {}).actions[STORY]


def test_every_feature_that_is_weighed_has_a_meaning_of_its_own() -> None:
    assert set(load_weights()) <= set(MEANINGS)
    assert len(set(MEANINGS.values())) == len(MEANINGS)


def test_a_meaning_is_kept_for_no_feature_that_is_gone() -> None:
    not_weighed = {"no_mention", "before_as_of", "backlog", "withdraws_a_told_report", EDITOR}

    assert set(MEANINGS) - set(load_weights()) == not_weighed
