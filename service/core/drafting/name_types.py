"""What kind of thing a name in an article is of: guessed from what stands in it and beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.core.drafting.naming import Candidate, NameWords, is_title
from service.core.language.folding import fold
from service.core.language.lexicon import Lexicon

_THE = {
    "en": ("the",),
    "fr": ("le", "la", "les", "l"),
    "de": ("der", "die", "das", "dem", "den"),
    "es": ("el", "la", "los", "las"),
    "it": ("il", "la", "lo", "i", "gli"),
    "el": ("ο", "η", "το"),
}
_PRODUCT = re.compile(r"[A-Z]{1,4}-?\d{1,4}[A-Za-z]?")  # what a maker calls a model: "VX-4"
_OF = frozenset({"of", "de", "von", "di"})
_ADJECTIVES = ("ish", "ese", "ian", "iss", "ench", "utch")


@dataclass(frozen=True, slots=True)
class Typing:
    """Guesses what kind of thing a name is of."""

    lexicon: Lexicon
    lang: str
    words: NameWords
    outlet: str

    def type_of(self, candidate: Candidate) -> str:
        """Return the likeliest type; `place` and `person` by what stands beside, others by what is in the name."""
        inside = {fold(word) for form in candidate.forms for word in re.split(r"[\s\-]+", form)}
        joined = fold(candidate.name)
        by_end = self._by_end(candidate)
        if by_end is not None:
            return by_end
        if inside & self.words.facility or any(joined.endswith(word) for word in self._ends("facility")):
            return "facility"
        if inside & self.words.organization or any(joined.endswith(word) for word in self._ends("organization")):
            return "organization"
        if candidate.is_acronym or _PRODUCT.fullmatch(candidate.name):
            return "object" if _PRODUCT.fullmatch(candidate.name) else "organization"
        if self._has_adjective(candidate):
            return "country"
        if self.kind_behind(candidate):
            return "facility"
        beside = candidate.before + candidate.after
        addressed = beside if self.lang in {"zh", "ja"} else candidate.before  # elsewhere the title comes first
        if self.lang == "en" and any(candidate.before[word] for word in self.words.organization):
            return "organization"  # "the engineering company Helvex"
        people = sum(addressed[word] for word in addressed if word in self.words.person)
        if sum(candidate.before[word] for word in _THE.get(self.lang, ())) * 2 >= candidate.count > people * 2:
            return "organization"
        places = candidate.before["@place"] + sum(candidate.before[word] for word in self.words.place)
        says = sum(beside[word] for word in beside if {word, word.removeprefix("و")} & self._saying)
        if people and people >= places:
            return "person"
        if places * 3 >= candidate.count:
            return "place"
        if says or len(candidate.name.split()) == 2:
            return "person"
        return "place" if places or any(candidate.before[word] for word in _OF) else "organization"

    def _by_end(self, candidate: Candidate) -> str | None:
        """Return what a Japanese or Chinese name is by what stands behind it, or at its end."""
        if self.lang not in {"zh", "ja"}:
            return None
        if any(candidate.after[word] for word in self.words.person):
            return "person"
        return "place" if candidate.before["@place"] and candidate.name[-1] in "県市町村郡" else None

    def kind_behind(self, candidate: Candidate) -> str | None:
        """Return the word that says what the name is of, where English writes it behind: "the Marsa tunnel"."""
        if self.lang != "en" or " " in candidate.name:
            return None
        word, count = max(
            ((word, count) for word, count in candidate.after.items() if word in self.words.facility),
            key=lambda each: each[1],
            default=("", 0),
        )
        return word if word and count * 2 >= candidate.count else None

    def is_adjective(self, candidate: Candidate) -> bool:
        """Say whether an English capital is but an adjective: "Swiss", "Maltese", always with a word behind."""
        return (
            self.lang == "en"
            and candidate.name.endswith(_ADJECTIVES)
            and " " not in candidate.name
            and not candidate.after[""]
        )

    def is_introduced(self, candidate: Candidate) -> bool:
        """Say whether a full name stands behind what its bearer is: "prime minister Ada Holm"."""
        if self.lang == "ja":
            return any(candidate.after[word] for word in self.words.person)
        return " " in candidate.name and any(is_title(word, self.words) for word in candidate.before)

    def is_generic(self, form: str) -> bool:
        """Say whether a form is no more than what kind of thing it is: "Bank"."""
        return all(fold(word) in self.words.organization | self.words.facility for word in form.split())

    def _has_adjective(self, candidate: Candidate) -> bool:
        """What has an adjective of its own, and is one word, is a country: "Ruritania", "Ruritanian"."""
        single = sorted((form for form in candidate.forms if " " not in form), key=len)
        return (
            self.lang == "en"
            and len(single) > 1
            and single[-1].startswith(single[0])
            and single[0] in {form for form in candidate.forms if form != single[-1]}
        )

    def _ends(self, kind: str) -> frozenset[str]:
        """Chinese and Japanese write the kind at the end of the name itself."""
        if self.lang not in {"zh", "ja"}:
            return frozenset()
        return self.words.facility if kind == "facility" else self.words.organization

    @property
    def _saying(self) -> frozenset[str]:
        phrases = self.lexicon.words.get(self.lang, {})
        return frozenset(fold(word.strip("*")) for name in ("says", "state") for word in phrases.get(name, ()))

    def reports(self, candidate: Candidate) -> bool:
        """Say whether a name is only that of who reports: the outlet, or what sources "told"."""
        if self.outlet and fold(self.outlet) in {fold(form) for form in candidate.forms}:
            return True
        told = candidate.before["told"] + candidate.before["dit"] + candidate.before["сообщили"]
        return self.lang == "en" and told * 2 >= candidate.count
