"""The lexicon as a value: which words say what, per language. The data lives in service/lexicon/*.yaml."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.core.model import ActionClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Trigger words of every class in every language.

    Attributes:
        actions: Action classes by id, derived ones included.
        groups: Class id → "action", "concept", "grammar" or "unit" (a concept may also count as a unit).
        units: Classes that numbers can count.
        words: Language → class id → phrases (notation: core.language.phrases).
        numbers: Language → number word → value; None for a vague number such as "dozens".
        months: Language → month name → 1..12.
        subjects: Word class that a story may use → language → phrases; see service/lexicon/subjects.yaml.
        subject_actions: Those of them that are actions.
        kinds: Classes whose words are the generic part of names: "Bank", "bridge".
        digest: Of all the files; part of rules_version.
    """

    actions: dict[str, ActionClass]
    groups: dict[str, str]
    units: frozenset[str]
    words: dict[str, dict[str, tuple[str, ...]]]
    numbers: dict[str, dict[str, float | None]] = field(default_factory=dict)
    months: dict[str, dict[str, int]] = field(default_factory=dict)
    subjects: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    subject_actions: dict[str, ActionClass] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    digest: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that have words, sorted."""
        return tuple(sorted(self.words))

    def kind_words(self, kind: str, lang: str) -> tuple[str, ...]:
        """Return the words of a language for a kind of thing."""
        return self.subjects.get(kind, {}).get(lang) or self.words.get(lang, {}).get(kind, ())
