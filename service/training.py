"""Training: labelled corpora to weights, with cross-validation by development."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.core.matching.match import before, features
from service.core.matching.patterns import pattern_hits
from service.core.matching.reading import read_entry
from service.core.matching.training import Example, cross_validated, fit
from service.core.metrics import Score
from service.core.model import Story
from service.core.rules import Rules
from service.loading.corpus_files import Corpus


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What training gives."""

    weights: dict[str, float]
    examples: int
    follow_ups: int
    validated: Score  # of decisions by weights that never saw the item's development


def examples_of(corpus: Corpus, story: Story, rules: Rules, *, weight: float = 1.0) -> tuple[list[Example], int]:
    """Return (examples, follow-ups that name nobody of the story and so cannot be learned from).

    Items labelled 1 and items dated before the story's `as_of` are left out.
    """
    examples: list[Example] = []
    unseen = 0
    for item in corpus.items:
        label = corpus.labels.get(item.id)
        dated_at = item.published_at or item.first_seen_at
        if label is None or label.relevant == 1:
            continue
        if dated_at is not None and before(dated_at, date_only=item.date_only, line=story.as_of):
            continue
        reading = read_entry(rules.watchlist, story, item.title, item.summary, item.lang)
        if reading is None:
            unseen += label.relevant == 2
            continue
        present = features(reading, pattern_hits(story, reading), rules.actions[story.id])
        examples.append(
            Example(
                features=frozenset(feature.name for feature in present),
                follow_up=label.relevant == 2,
                group=label.development or item.id,
                weight=weight,
            )
        )
    return examples, unseen


def train(
    corpora: Iterable[Corpus], story: Story, rules: Rules, prior: Mapping[str, float], *, stiffness: float = 1.0
) -> Trained:
    """Learn weights from corpora of a story.

    Raises:
        ValueError: No item can be learned from.
    """
    examples: list[Example] = []
    unseen = 0
    for corpus in corpora:
        more, missed = examples_of(corpus, story, rules)
        examples += more
        unseen += missed
    decided = cross_validated(examples, prior, stiffness=stiffness)
    follow_ups = sum(example.follow_up for example in examples) + unseen
    return Trained(
        weights=fit(examples, prior, stiffness=stiffness),
        examples=len(examples) + unseen,
        follow_ups=follow_ups,
        validated=Score(
            right=sum(d and e.follow_up for d, e in zip(decided, examples, strict=True)),
            found=sum(decided),
            wanted=follow_ups,
        ),
    )
