"""Learning the weights: labels move them, silence leaves them, and no fold sees its own groups."""

from __future__ import annotations

import pytest

from service.core.matching import training
from service.core.matching.training import BASE, Example, cross_validated, fit, score

PRIOR = {BASE: -1.0, "good": 0.0, "bad": 0.0, "unseen": 1.7}


def _examples() -> list[Example]:
    return [
        *(Example(features=frozenset({"good"}), follow_up=True, group=f"g{i}") for i in range(20)),
        *(Example(features=frozenset({"bad"}), follow_up=False, group=f"b{i}") for i in range(20)),
        *(Example(features=frozenset(), follow_up=i % 2 == 0, group=f"n{i}") for i in range(20)),
    ]


def test_labels_give_the_signs() -> None:
    weights = fit(_examples(), PRIOR)

    assert weights["good"] > 1
    assert weights["bad"] < -1


def test_without_labels_the_prior_stands() -> None:
    assert fit([], PRIOR) == PRIOR


def test_a_feature_that_no_item_shows_keeps_its_prior() -> None:
    assert fit(_examples(), PRIOR)["unseen"] == PRIOR["unseen"]


def test_a_feature_without_a_prior_is_not_fitted() -> None:
    strange = [Example(features=frozenset({"new", BASE}), follow_up=True, group="g")]

    assert set(fit(strange, PRIOR)) == set(PRIOR)


def test_a_stiffer_prior_moves_less() -> None:
    soft, stiff = fit(_examples(), PRIOR, stiffness=0.5), fit(_examples(), PRIOR, stiffness=50.0)

    assert 0 < stiff["good"] < soft["good"]


def test_a_heavier_example_pulls_more() -> None:
    def pulled(weight: float) -> float:
        one = Example(features=frozenset({"good"}), follow_up=True, group="g", weight=weight)
        return fit([one], PRIOR)["good"]

    assert pulled(5.0) > pulled(1.0) > 0


def test_fitting_is_deterministic_and_stops_at_the_round_limit() -> None:
    assert fit(_examples(), PRIOR) == fit(_examples(), PRIOR)
    assert fit(_examples(), PRIOR, rounds=1) != fit(_examples(), PRIOR)


def test_the_base_is_counted_once() -> None:
    weights = {BASE: -1.0, "good": 2.5}

    assert score(weights, {"good", "unknown", BASE}) == 1.5
    assert score({}, {"good"}) == 0.0


def test_cross_validation_never_sees_its_own_group(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = [Example(features=frozenset({"good"}), follow_up=True, group=f"group-{i // 3}") for i in range(30)]
    seen: list[set[str]] = []

    def spying(known: list[Example], prior: dict[str, float], *, stiffness: float) -> dict[str, float]:
        seen.append({example.group for example in known})
        return fit(known, prior, stiffness=stiffness)

    monkeypatch.setattr(training, "fit", spying)
    cross_validated(examples, PRIOR, folds=5)

    everyone = {example.group for example in examples}
    held_out = [everyone - known for known in seen]
    assert len(held_out) == 5
    assert set().union(*held_out) == everyone
    assert sum(map(len, held_out)) == len(everyone)


def test_a_label_that_only_its_own_group_shows_teaches_nothing_about_it() -> None:
    # "secret" decides within one group only: weights that never saw the group fall back on the prior
    lonely = [Example(features=frozenset({"bad", "good"}), follow_up=True, group="lonely") for _ in range(9)]
    others = [Example(features=frozenset({"bad"}), follow_up=False, group=f"o{i}") for i in range(9)]

    decided = cross_validated([*lonely, *others], PRIOR, folds=10)

    assert decided == [False] * 18
    assert score(fit([*lonely, *others], PRIOR), {"bad", "good"}) > 0


def test_cross_validation_learns_what_holds_for_every_group() -> None:
    examples = _examples()[:40]

    assert cross_validated(examples, PRIOR) == [example.follow_up for example in examples]
