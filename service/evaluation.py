"""Evaluation: replay a labelled corpus and say how good the decisions are, beside simple baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.core.items import Item
from service.core.language.folding import language_of
from service.core.matching.passages import Passage
from service.core.metrics import Score, b_cubed, jaccard, pairwise, relevance
from service.core.model import Role, Story
from service.core.rules import Rules
from service.loading.corpus_files import Corpus
from service.replay import Replayed

LEAST_FOLLOW_UPS = 3  # a language with fewer gets no row of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the relevance table."""

    name: str
    items: int
    follow_ups: int
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that `eval` prints."""

    items: int
    relevance: tuple[Row, ...]
    baselines: tuple[Row, ...]
    threads: float | None
    developments: tuple[float, float, float] | None
    everything_new: tuple[float, float, float] | None
    duplicates: Score | None
    false_alarms: tuple[str, ...]
    missed: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the report as plain data."""

        def row(r: Row) -> dict[str, object]:
            return {
                "name": r.name,
                "items": r.items,
                "follow_ups": r.follow_ups,
                "precision": _rounded(r.score.precision),
                "recall": _rounded(r.score.recall),
                "f1": _rounded(r.score.f1),
            }

        def triple(t: tuple[float, float, float] | None) -> dict[str, object] | None:
            return None if t is None else dict(zip(("precision", "recall", "f1"), map(_rounded, t), strict=True))

        return {
            "items": self.items,
            "relevant": [row(r) for r in self.relevance],
            "baselines": [row(r) for r in self.baselines],
            "threads_jaccard": _rounded(self.threads),
            "developments_b_cubed": triple(self.developments),
            "developments_everything_new": triple(self.everything_new),
            "duplicates_f1": _rounded(self.duplicates.f1) if self.duplicates else None,
            "false_alarms": list(self.false_alarms),
            "missed": list(self.missed),
        }

    def as_table(self) -> str:
        """Return the report as a Markdown table."""
        lines = [
            "| relevant | items | follow-ups | precision | recall | F1 |",
            "|--|--:|--:|--:|--:|--:|",
        ]
        for r in (*self.relevance, *self.baselines):
            cells = (_shown(r.score.precision), _shown(r.score.recall), _shown(r.score.f1))
            lines.append(f"| {r.name} | {r.items} | {r.follow_ups} | {' | '.join(cells)} |")
        lines += ["", "| clusters and threads | precision | recall | F1 |", "|--|--:|--:|--:|"]
        for name, t in (
            ("developments, B-cubed", self.developments),
            ("baseline: everything is new", self.everything_new),
        ):
            if t is not None:
                lines.append(f"| {name} | {' | '.join(_shown(value) for value in t)} |")
        if self.duplicates is not None:
            d = self.duplicates
            lines.append(f"| duplicate pairs | {_shown(d.precision)} | {_shown(d.recall)} | {_shown(d.f1)} |")
        lines.append(f"| threads, mean Jaccard of the sets | | | {_shown(self.threads)} |")
        return "\n".join(lines)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def evaluate(corpus: Corpus, replayed: Replayed, story: Story, rules: Rules) -> Report:
    """Score a replay of a corpus against its labels."""
    labels = {item: label.relevant for item, label in corpus.labels.items()}
    decided = {row.item.id: row for row in replayed.items}
    items = {item.id: item for item in corpus.items if item.id in labels}
    relevant = {item: decided[item].relevant for item in items}
    labels = {item: labels[item] for item in items}
    langs = {item.id: _lang(item) for item in items.values()}
    rows = [_row("all", labels, relevant)]
    for lang in sorted(set(langs.values())):
        part = {item: label for item, label in labels.items() if langs[item] == lang}
        if sum(label == 2 for label in part.values()) >= LEAST_FOLLOW_UPS:
            rows.append(_row(lang, part, relevant))
    baselines = [_row(f"baseline: {name}", labels, rule(items)) for name, rule in _baselines(story, rules).items()]
    follow_ups = [item for item, label in labels.items() if label == 2]
    truth = {i: d for i in follow_ups if (d := corpus.labels[i].development)}
    found = {i: row.decision.development if (row := decided[i]).decision else None for i in truth}
    groups = {i: g for i in items if (g := corpus.labels[i].duplicate_group)}
    copies = {i: decided[i].duplicate_of or i for i in items}
    return Report(
        items=len(items),
        relevance=tuple(rows),
        baselines=tuple(baselines),
        threads=jaccard(
            [
                (corpus.labels[i].threads, frozenset(row.decision.threads))
                for i in follow_ups
                if (row := decided[i]).relevant and row.decision and corpus.labels[i].threads
            ]
        ),
        developments=b_cubed(truth, found),
        everything_new=b_cubed(truth, {}),
        duplicates=pairwise(groups, copies) if groups else None,
        false_alarms=tuple(i for i in items if labels[i] == 0 and relevant[i]),
        missed=tuple(i for i in follow_ups if not relevant[i]),
    )


def _lang(item: Item) -> str:
    return language_of(f"{item.title} {item.summary[:200]}", item.lang)


def _row(name: str, labels: Mapping[str, int], relevant: Mapping[str, bool]) -> Row:
    return Row(
        name=name,
        items=len(labels),
        follow_ups=sum(label == 2 for label in labels.values()),
        score=relevance(labels, relevant),
    )


def _baselines(story: Story, rules: Rules) -> dict[str, Callable[[Mapping[str, Item]], dict[str, bool]]]:
    """Return the two rules every score stands beside."""
    roles = {entity.id: entity.role for entity in story.entities}

    def named(item: Item) -> set[str]:
        text = f"{item.title}\n{item.summary}"
        return {hit.entity for hit in rules.watchlist.names(Passage.of(text, item.lang), story.id)}

    def has_core(items: Mapping[str, Item]) -> dict[str, bool]:
        return {i: any(roles[e] is Role.CORE for e in named(item)) for i, item in items.items()}

    def has_core_and_context(items: Mapping[str, Item]) -> dict[str, bool]:
        return {i: {Role.CORE, Role.CONTEXT} <= {roles[e] for e in named(item)} for i, item in items.items()}

    return {"names a core entity": has_core, "names a core and a context entity": has_core_and_context}
