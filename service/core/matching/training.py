"""Learn the matcher's weights from labelled items: ridge logistic regression around hand-set priors.

The prior of a weight is what a person would set; labels move it as far as they have something to say. So a feature
that the corpus hardly shows keeps a sensible weight, and every number can be read and disputed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.core.matching.match import logistic

BASE = "base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled item as the matcher sees it.

    Attributes:
        features: Names of the features present ("base" is implied).
        follow_up: The label.
        group: Items of one group (a development) are never on both sides of a fold.
        weight: How much it counts.
    """

    features: frozenset[str]
    follow_up: bool
    group: str
    weight: float = 1.0


def fit(
    examples: Sequence[Example], prior: Mapping[str, float], *, stiffness: float = 1.0, rounds: int = 30
) -> dict[str, float]:
    """Return the weights with the highest posterior (iteratively reweighted least squares; deterministic).

    Args:
        examples: The labelled items.
        prior: Feature → weight before any label; its keys are the features that are fitted.
        stiffness: Inverse variance of each weight around its prior; larger trusts the labels less.
        rounds: At most so many steps; it stops when nothing moves.
    """
    names = sorted(prior)
    index = {name: i for i, name in enumerate(names)}
    weights = [prior[name] for name in names]
    rows = [
        ([index[BASE], *(index[f] for f in e.features if f in index and f != BASE)], e.follow_up, e.weight)
        for e in examples
    ]
    for _ in range(rounds):
        gradient = [stiffness * (prior[name] - weights[i]) for i, name in enumerate(names)]
        curvature = [[stiffness if i == j else 0.0 for j in range(len(names))] for i in range(len(names))]
        for active, follow_up, importance in rows:
            p = logistic(max(-30.0, min(30.0, sum(weights[i] for i in active))))
            error, spread = importance * (follow_up - p), importance * p * (1 - p)
            for i in active:
                gradient[i] += error
                row = curvature[i]
                for j in active:
                    row[j] += spread
        step = _solve(curvature, gradient)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return {name: round(weights[i], 2) for i, name in enumerate(names)}


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a symmetric positive definite system by Cholesky decomposition."""
    size = len(right)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            total = matrix[i][j] - sum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i][j] = math.sqrt(total) if i == j else total / lower[j][j]
    forward: list[float] = []
    for i in range(size):
        forward.append((right[i] - sum(lower[i][k] * forward[k] for k in range(i))) / lower[i][i])
    back = [0.0] * size
    for i in reversed(range(size)):
        back[i] = (forward[i] - sum(lower[k][i] * back[k] for k in range(i + 1, size))) / lower[i][i]
    return back


def score(weights: Mapping[str, float], features: Iterable[str]) -> float:
    """Return the log-odds of a set of features."""
    return weights.get(BASE, 0.0) + sum(weights.get(feature, 0.0) for feature in features if feature != BASE)


def cross_validated(
    examples: Sequence[Example], prior: Mapping[str, float], *, folds: int = 5, stiffness: float = 1.0
) -> list[bool]:
    """Return, for each example, the decision of weights that never saw its group."""
    groups = sorted({example.group for example in examples})
    fold_of = {group: i % folds for i, group in enumerate(groups)}
    decided = [False] * len(examples)
    for fold in range(folds):
        known = [example for example in examples if fold_of[example.group] != fold]
        weights = fit(known, prior, stiffness=stiffness)
        for i, example in enumerate(examples):
            if fold_of[example.group] == fold:
                decided[i] = score(weights, example.features) >= 0
    return decided
