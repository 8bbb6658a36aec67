"""How good decisions are against labels: precision, recall, thread overlap, B-cubed. Plain arithmetic on values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision, recall and F1 with the counts behind them; None where nothing could be counted."""

    right: float
    found: float
    wanted: float

    @property
    def precision(self) -> float | None:
        """Return right / found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Return right / wanted."""
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else None


def relevance(labels: Mapping[str, int], relevant: Mapping[str, bool]) -> Score:
    """Score decisions against labels 0 and 2; an item labelled 1 counts neither way."""
    counted = [item for item, label in labels.items() if label != 1]
    return Score(
        right=sum(relevant[item] for item in counted if labels[item] == 2),
        found=sum(relevant[item] for item in counted),
        wanted=sum(labels[item] == 2 for item in counted),
    )


def jaccard(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> float | None:
    """Return the mean Jaccard overlap of pairs of sets; two empty sets are alike."""
    if not pairs:
        return None
    return sum(len(a & b) / len(a | b) if a | b else 1.0 for a, b in pairs) / len(pairs)


def b_cubed(truth: Mapping[str, Hashable], found: Mapping[str, Hashable | None]) -> tuple[float, float, float] | None:
    """Return B-cubed precision, recall and F1 over all items of `truth`; one not found is a cluster of its own.

    Source: Bagga and Baldwin 1998, entity-based cross-document coreferencing.
    """
    if not truth:
        return None
    clusters = {item: found.get(item) or ("missed", item) for item in truth}
    sizes = Counter(clusters.values())
    true_sizes = Counter(truth.values())
    both = Counter((clusters[item], truth[item]) for item in truth)
    precision = sum(both[clusters[item], truth[item]] / sizes[clusters[item]] for item in truth) / len(truth)
    recall = sum(both[clusters[item], truth[item]] / true_sizes[truth[item]] for item in truth) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def pairwise(groups: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Score:
    """Score duplicate pairs: two items of one labelled group against two items of one found group."""
    items = list(groups)
    right = wanted = guessed = 0
    for index, a in enumerate(items):
        for b in items[index + 1 :]:
            same, guess = groups[a] == groups[b], found.get(a, a) == found.get(b, b)
            wanted += same
            guessed += guess
            right += same and guess
    return Score(right=right, found=guessed, wanted=wanted)
