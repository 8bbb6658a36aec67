"""Whether two texts tell of one event, without any story: words weighted by rarity, titles counted twice.

This is the part of the join rule (core.developments.clustering) that needs no entities and no frames, measured by itself on pairs
that people have judged (`eval --pairs`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.core.language.folding import fold, words

_STEM = 5  # code points; inflection stands at the end in the languages of the judged pairs
_SHORTEST = 3
_LEAD = 150  # words of the text: what the event is stands at its beginning
_TITLE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One text of a pair."""

    title: str
    text: str


def _stems(text: str, most: int | None = None) -> list[str]:
    kept = [w if w.isdigit() else w[:_STEM] for w in words(fold(text)) if len(w) >= _SHORTEST or w.isdigit()]
    return kept[:most]


def counted(side: Side, *, title_only: bool = False) -> dict[str, float]:
    """Return stem → how often it stands in a text, damped; the title counts double."""
    found: Counter[str] = Counter()
    if not title_only:
        found.update(_stems(side.text, _LEAD))
    for stem in _stems(side.title):
        found[stem] += 1 if title_only else 2
    return {stem: 1 + math.log(count) for stem, count in found.items()}


def rarity(bags: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return stem → how rare it is among texts (inverse document frequency)."""
    frequency = Counter(stem for bag in bags for stem in bag)
    return {stem: math.log((1 + len(bags)) / (1 + count)) + 1 for stem, count in frequency.items()}


def cosine(a: Mapping[str, float], b: Mapping[str, float], weight: Mapping[str, float]) -> float:
    """Return how alike two bags of stems are, 0..1."""
    dot = sum(value * b[stem] * weight[stem] ** 2 for stem, value in a.items() if stem in b)
    norms = math.sqrt(_squares(a, weight) * _squares(b, weight))
    return dot / norms if norms else 0.0


def _squares(bag: Mapping[str, float], weight: Mapping[str, float]) -> float:
    return sum((value * weight[stem]) ** 2 for stem, value in bag.items())


def best_threshold(scored: Iterable[tuple[float, bool]]) -> float:
    """Return the least score to be called one event by which F1 is highest."""
    ranked = sorted(scored, reverse=True)
    wanted = sum(same for _, same in ranked)
    best, threshold, right = 0.0, 1.0, 0
    for found, (score, same) in enumerate(ranked, 1):
        right += same
        f1 = 2 * right / (found + wanted)
        if f1 > best:
            best, threshold = f1, score
    return threshold
