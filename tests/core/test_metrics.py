"""The figures of `eval`, against sums done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.metrics import Score, b_cubed, jaccard, pairwise, relevance

CLUSTERS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 4), min_size=1, max_size=12)


def test_a_score_of_nothing_is_none() -> None:
    score = Score(right=0, found=0, wanted=0)

    assert (score.precision, score.recall, score.f1) == (None, None, None)


def test_precision_recall_and_f1_come_from_the_counts() -> None:
    score = Score(right=3, found=4, wanted=6)

    assert score.precision == 3 / 4
    assert score.recall == 3 / 6
    assert score.f1 == pytest.approx(2 * 0.75 * 0.5 / (0.75 + 0.5))


def test_a_disputed_item_counts_neither_way() -> None:
    labels = {"hit": 2, "missed": 2, "false": 0, "quiet": 0, "disputed": 1}
    decided = {"hit": True, "missed": False, "false": True, "quiet": False, "disputed": True}

    assert relevance(labels, decided) == Score(right=1, found=2, wanted=2)


def test_thread_overlap_is_the_mean_jaccard() -> None:
    both, one, none = frozenset({"bases", "asylum"}), frozenset({"bases"}), frozenset[str]()

    assert jaccard([]) is None
    assert jaccard([(none, none)]) == 1.0
    assert jaccard([(both, one), (one, none), (one, one)]) == pytest.approx((0.5 + 0 + 1) / 3)


def test_b_cubed_by_hand() -> None:
    # true {a b c} {d e}; found {a b} {c d e}
    truth = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2}
    found = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "y"}

    result = b_cubed(truth, found)

    assert result is not None
    precision = (1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5
    recall = (2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5
    assert result == pytest.approx((precision, recall, 2 * precision * recall / (precision + recall)))


def test_a_missed_item_is_a_cluster_of_its_own() -> None:
    result = b_cubed({"a": 1, "b": 1, "c": 1}, {"a": "x", "b": None})

    assert result is not None
    assert result[:2] == pytest.approx((1.0, 1 / 3))


def test_b_cubed_of_nothing_is_none() -> None:
    assert b_cubed({}, {}) is None


@given(truth=CLUSTERS)
def test_the_truth_scores_one(truth: dict[str, int]) -> None:
    assert b_cubed(truth, truth) == pytest.approx((1.0, 1.0, 1.0))


@given(truth=CLUSTERS, found=CLUSTERS)
def test_b_cubed_stays_within_0_and_1(truth: dict[str, int], found: dict[str, int]) -> None:
    result = b_cubed(truth, found)

    assert result is not None
    assert all(0 < value <= 1 + 1e-9 for value in result)


def test_duplicate_pairs_by_hand() -> None:
    # wanted: ab ac bc, de; found: ab, cd; e is not in any group
    groups = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2}
    found = {"a": "x", "b": "x", "c": "y", "d": "y"}

    assert pairwise(groups, found) == Score(right=1, found=2, wanted=4)
