"""What a text names, as found on the page, and the words that help to find it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """Words of one language that help to find names, folded."""

    common: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()
    person: frozenset[str] = frozenset()
    organization: frozenset[str] = frozenset()
    facility: frozenset[str] = frozenset()
    area: frozenset[str] = frozenset()
    label: frozenset[str] = frozenset()
    vessel: frozenset[str] = frozenset()
    state: frozenset[str] = frozenset()
    byline: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A thing that a text names, with how it is named.

    Attributes:
        forms: Surface → how often, as written.
        places: The sentence numbers it stands in, 0 for the headline.
        before: Words right before it, folded, each time.
        after: Words right after it, folded, each time.
        heads: What it is the whole of, with a small word between: ("puente", "puente de San Telmo"), each time.
        is_acronym: It is all capitals.
    """

    forms: Counter[str]
    places: list[int] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    heads: Counter[tuple[str, str]] = field(default_factory=Counter)
    is_acronym: bool = False

    @property
    def count(self) -> int:
        """Return how often the text names it."""
        return sum(self.forms.values())

    @property
    def name(self) -> str:
        """Return the fullest form, for display; a country rather than its adjective."""
        return max(
            self.forms, key=lambda form: (len(form.split()), not self._is_made(form), self.forms[form], -len(form))
        )

    def _is_made(self, form: str) -> bool:
        """Say whether a form is another with something behind: "Ruritanian"."""
        return any(form != other and form.startswith(other) for other in self.forms)

    def take(self, other: Candidate) -> None:
        """Count another candidate as this one."""
        self.forms.update(other.forms)
        self.places.extend(other.places)
        self.before.update(other.before)
        self.after.update(other.after)
        self.heads.update(other.heads)
