"""How well the comparing step says what changed: cases rehearsed one by one, each from nothing.

Beside it stands the baseline that takes every follow-up for news ("all new"), which is what a similarity filter says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.core.deltas.wording import clause
from service.core.metrics import Score
from service.core.model import ActionClass, Decision, Delta, Event, Outcome
from service.core.rules import Rules
from service.loading.case_files import KINDS, NOTHING, REPEAT, DeltaCase, Expected
from service.rehearsal import entries_of, rehearse

ALL_NEW = "new_development"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one expected item came to."""

    case: str
    lang: str
    expected: Expected
    kind: str
    wrong: tuple[str, ...]  # the questions other than the kind that were answered wrongly
    asked: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """All that `eval --deltas` prints."""

    cases: int
    answers: tuple[Answer, ...]
    left_out: int  # cases of stories that are not followed

    @property
    def accuracy(self) -> float:
        """Return the share of items with the right kind."""
        return _share([a.kind in a.expected.kinds for a in self.answers])

    @property
    def all_new(self) -> float:
        """Return the share that the baseline gets right: every item is a new development."""
        return _share([ALL_NEW in a.expected.kinds for a in self.answers])

    def by_kind(self) -> dict[str, Score]:
        """Return precision and recall per kind; an item counts as wanted where its kind is beyond doubt."""
        scores = {}
        for kind in KINDS:
            found = [a for a in self.answers if a.kind == kind]
            wanted = [a for a in self.answers if a.expected.kinds == (kind,)]
            right = sum(kind in a.expected.kinds for a in found)
            scores[kind] = _KindScore(
                right=right, found=len(found), wanted=len(wanted), met=sum(a.kind == kind for a in wanted)
            )
        return dict(scores)

    def by_language(self) -> dict[str, float]:
        """Return language → share of right kinds."""
        langs = sorted({a.lang for a in self.answers})
        return {lang: _share([a.kind in a.expected.kinds for a in self.answers if a.lang == lang]) for lang in langs}

    def questions(self) -> dict[str, float]:
        """Return question → share answered rightly: the event read, the fact touched, the development joined."""
        asked = sorted({question for a in self.answers for question in a.asked})
        return {q: _share([q not in a.wrong for a in self.answers if q in a.asked]) for q in asked}

    def mistakes(self) -> list[str]:
        """Return a line for every item that came to something else."""
        lines = []
        for a in self.answers:
            wrong = [*([] if a.kind in a.expected.kinds else [f"is {a.kind}, not {'/'.join(a.expected.kinds)}"])]
            wrong += a.wrong
            if wrong:
                lines.append(f"{a.case}/{a.expected.id} [{a.lang}] {'; '.join(wrong)}: {a.text}")
        return lines

    def as_json(self) -> dict[str, object]:
        """Return the report as plain data."""
        return {
            "cases": self.cases,
            "items": len(self.answers),
            "left_out": self.left_out,
            "accuracy": round(self.accuracy, 3),
            "accuracy_all_new": round(self.all_new, 3),
            "kinds": {
                kind: {"precision": _rounded(s.precision), "recall": _rounded(s.recall), "items": s.wanted}
                for kind, s in self.by_kind().items()
            },
            "languages": {lang: round(share, 3) for lang, share in self.by_language().items()},
            "questions": {question: round(share, 3) for question, share in self.questions().items()},
            "mistakes": self.mistakes(),
        }

    def as_table(self) -> str:
        """Return the report as Markdown tables."""
        lines = [
            "| what a follow-up changes | items | right |",
            "|--|--:|--:|",
            f"| its kind | {len(self.answers)} | {self.accuracy:.2f} |",
            f"| baseline: all new | {len(self.answers)} | {self.all_new:.2f} |",
        ]
        for question, share in self.questions().items():
            items = sum(question in a.asked for a in self.answers)
            lines.append(f"| {question.replace('_', ' ')} | {items} | {share:.2f} |")
        lines += ["", "| kind | items | precision | recall |", "|--|--:|--:|--:|"]
        for kind, s in self.by_kind().items():
            lines.append(f"| {kind} | {s.wanted} | {_shown(s.precision)} | {_shown(s.recall)} |")
        shares = ", ".join(f"{lang} {share:.2f}" for lang, share in self.by_language().items())
        return "\n".join([*lines, "", f"Right kinds per language: {shares}."])


@dataclass(frozen=True, slots=True, kw_only=True)
class _KindScore(Score):
    met: float

    @property
    def recall(self) -> float | None:
        return self.met / self.wanted if self.wanted else None


def _share(held: Sequence[bool]) -> float:
    return sum(held) / len(held) if held else 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def evaluate_cases(cases: Sequence[DeltaCase], rules: Rules) -> CaseReport:
    """Rehearse each case by itself and compare what it comes to with what it expects.

    Args:
        cases: Those of stories that are not followed are left out.
        rules: The stories that are followed.
    """
    followed = [case for case in cases if case.story in rules.stories]
    answers = [answer for case in followed for answer in _answers(case, rules)]
    return CaseReport(cases=len(followed), answers=tuple(answers), left_out=len(cases) - len(followed))


def _answers(case: DeltaCase, rules: Rules) -> Iterator[Answer]:
    story = rules.stories[case.story]
    arrived = list(entries_of(case.items, story))
    rehearsal = rehearse([entry for _, entry, is_again in arrived if not is_again], story, rules)
    deltas = {delta.id: delta for delta in rehearsal.deltas}
    items = {item.id: item for item in case.items}
    ids = {entry.id: item.id for item, entry, _ in reversed(arrived)}
    found = {item.id: rehearsal.decisions.get((entry.id, entry.revision)) for item, entry, _ in arrived}
    for expected in case.expected:
        decision = found[expected.id]
        delta = deltas.get(decision.delta or "") if decision else None
        is_repeat = decision is not None and decision.outcome is Outcome.REPEAT
        checks = dict(_checks(expected, found, delta, ids, rules.compare[story.id].words.actions))
        yield Answer(
            case=case.name,
            lang=items[expected.id].lang or "?",
            expected=expected,
            kind=delta.type.value if delta else REPEAT if is_repeat else NOTHING,
            asked=tuple(checks),
            wrong=tuple(question for question, held in checks.items() if not held),
            text=delta.line if delta else items[expected.id].title,
        )


def _holds(line: str, expected: Expected) -> bool:
    told = line.casefold()
    named = all(any(word.casefold() in told for word in part.split("|")) for part in expected.line)
    return named and not any(part in line for part in expected.line_without)


def _may_be_nothing(delta: Delta | None, expected: Expected) -> bool:
    return delta is None and not {NOTHING, REPEAT}.isdisjoint(expected.kinds)


def _checks(
    expected: Expected,
    found: Mapping[str, Decision | None],
    delta: Delta | None,
    ids: Mapping[str, str],
    actions: Mapping[str, ActionClass],
) -> Iterator[tuple[str, bool]]:
    """Yield each further question that a case asks of an item, with whether it was answered rightly."""

    def development(item: str) -> str | None:
        decision = found[item]
        return decision.development if decision else None

    event = delta.event if delta else None
    if expected.event:
        said = {event.action, actions[event.action].derived_from} if event and event.action in actions else set()
        yield "event", bool(said & set(expected.event))
    if expected.fact is not None:
        yield "fact", delta is not None and any(change.fact == expected.fact for change in delta.changes)
    yield from _party_checks(expected, event)
    if expected.line or expected.line_without:
        yield "line", (delta is not None and _holds(clause(delta.line), expected)) or _may_be_nothing(delta, expected)
    if expected.not_event:
        yield "event", event is None or event.action not in expected.not_event
    if expected.modality:
        yield "modality", event is not None and event.modality in expected.modality
    if expected.quantity is not None:
        yield "quantity", event is not None and event.quantity == expected.quantity
    if expected.same_development_as is not None:
        own = development(expected.id)
        yield "same_development", own is not None and own == development(expected.same_development_as)
    if expected.other_development_than is not None:
        yield "other_development", development(expected.id) != development(expected.other_development_than)
    if expected.duplicate_of is not None:
        decision = found[expected.id]
        original = decision.duplicate_of if decision else None
        yield "copy", ids.get(original or "") == expected.duplicate_of


def _party_checks(expected: Expected, event: Event | None) -> Iterator[tuple[str, bool]]:
    if expected.actor:
        yield "actor", event is not None and event.actor in expected.actor
    if expected.target:
        yield "target", event is not None and event.target in expected.target
    if expected.not_target is not None:
        yield "target", event is not None and event.target != expected.not_target
    if expected.not_actor is not None:
        yield "actor", event is not None and event.actor != expected.not_actor
    if expected.not_speaker is not None:
        yield "speaker", event is not None and event.speaker != expected.not_speaker
