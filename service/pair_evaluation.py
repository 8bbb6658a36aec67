"""`eval --pairs`: how well the words alone say whether two texts tell of one event.

The line between yes and no is drawn on four fifths of the pairs and tried on the fifth, in turn; the interval is a
bootstrap over pairs. Beside it stands the usual baseline, TF-IDF over titles, with its line drawn the same way.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.core.developments.pairs import Side, best_threshold, cosine, counted, rarity
from service.core.developments.reports import MEANING_LENGTH, likeness_of_meaning
from service.core.errors import Invalid
from service.core.metrics import Score
from service.loading.text_files import read_text

_FOLDS, _SAMPLES, _SEED = 5, 1000, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPair:
    """Two texts, and whether people say that they tell of one event."""

    a: Side
    b: Side
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairScore:
    """A way to tell, with its score and the 95 % interval of F1."""

    name: str
    score: Score
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReport:
    """All that `eval --pairs` prints."""

    pairs: int
    same: int
    rows: tuple[PairScore, ...]

    def as_json(self) -> dict[str, object]:
        """Return the report as plain data."""
        return {
            "pairs": self.pairs,
            "same_event": self.same,
            "rows": [
                {
                    "name": row.name,
                    "precision": round(row.score.precision or 0, 3),
                    "recall": round(row.score.recall or 0, 3),
                    "f1": round(row.score.f1 or 0, 3),
                    "f1_low": round(row.low, 3),
                    "f1_high": round(row.high, 3),
                }
                for row in self.rows
            ],
        }

    def as_table(self) -> str:
        """Return the report as a Markdown table."""
        lines = ["| same event | pairs | precision | recall | F1 | 95 % |", "|--|--:|--:|--:|--:|--|"]
        for row in self.rows:
            s = row.score
            figures = f"{s.precision or 0:.2f} | {s.recall or 0:.2f} | {s.f1 or 0:.2f}"
            lines.append(f"| {row.name} | {self.pairs} | {figures} | {row.low:.2f}–{row.high:.2f} |")
        return "\n".join(lines)


def read_pairs(path: Path) -> list[JudgedPair]:
    """Read judged pairs, one JSON object a line: `{"a": {"title", "text"}, "b": …, "same_event": "OK" or "BAD"}`.

    Raises:
        Invalid: The file cannot be read, or a line is no pair.
    """
    lines = read_text(path).split("\n")  # a text may hold other ends of lines
    pairs = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            sides = [
                Side(title=_text(row[side]["title"]), text=_text(row[side].get("text") or "")) for side in ("a", "b")
            ]
            same = {"OK": True, "BAD": False, True: True, False: False}[row["same_event"]]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            what = f"{error} is missing or unknown" if isinstance(error, KeyError) else error
            remedy = 'a pair is {"a": {"title", "text"}, "b": {"title", "text"}, "same_event": "OK" or "BAD"}'
            raise Invalid(f"{path}:{number}: {what}; {remedy}") from error
        pairs.append(JudgedPair(a=sides[0], b=sides[1], same=same))
    if len(pairs) < _FOLDS:
        raise Invalid(f"{path}: holds {len(pairs)} pairs; at least {_FOLDS} are needed to draw a line and try it")
    return pairs


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def evaluate_pairs(pairs: Sequence[JudgedPair], encode: Callable[[str], tuple[int, ...]] | None = None) -> PairReport:
    """Score judged pairs; with an encoder (`service.semantic`), what it says of them stands beside."""
    ways = {
        "title and text, weighted words": _scores(pairs, title_only=False),
        "baseline: TF-IDF of titles": _scores(pairs, title_only=True),
    }
    if encode is not None:
        ways["meaning, by the sentence encoder"] = [
            likeness_of_meaning(_meaning(pair.a, encode), _meaning(pair.b, encode)) or 0.0 for pair in pairs
        ]
    truth = [pair.same for pair in pairs]
    rows = tuple(_row(name, scores, truth) for name, scores in ways.items())
    return PairReport(pairs=len(pairs), same=sum(truth), rows=rows)


def _meaning(side: Side, encode: Callable[[str], tuple[int, ...]]) -> tuple[int, ...]:
    return encode(f"{side.title}. {side.text[:MEANING_LENGTH]}")


def _scores(pairs: Sequence[JudgedPair], *, title_only: bool) -> list[float]:
    bags = [(counted(pair.a, title_only=title_only), counted(pair.b, title_only=title_only)) for pair in pairs]
    weight = rarity([bag for both in bags for bag in both])
    return [cosine(a, b, weight) for a, b in bags]


def _row(name: str, scores: Sequence[float], truth: Sequence[bool]) -> PairScore:
    order = list(range(len(scores)))
    random.Random(_SEED).shuffle(order)  # noqa: S311 (the same folds every time)
    called = [False] * len(scores)
    for fold in range(_FOLDS):
        tried = order[fold::_FOLDS]
        learned = set(order) - set(tried)
        threshold = best_threshold((scores[i], truth[i]) for i in learned)
        for i in tried:
            called[i] = scores[i] >= threshold
    chance = random.Random(_SEED)  # noqa: S311 (the same samples every time)
    f1s = sorted(
        _score(chance.choices(list(zip(called, truth, strict=True)), k=len(order))).f1 or 0 for _ in range(_SAMPLES)
    )
    return PairScore(
        name=name,
        score=_score(list(zip(called, truth, strict=True))),
        low=f1s[int(0.025 * _SAMPLES)],
        high=f1s[int(0.975 * _SAMPLES)],
    )


def _score(answers: Sequence[tuple[bool, bool]]) -> Score:
    return Score(
        right=sum(called and same for called, same in answers),
        found=sum(called for called, _ in answers),
        wanted=sum(same for _, same in answers),
    )
