"""What kind of thing a name in an article is of: guessed from what stands in it and beside it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from service.core.drafting.candidates import Candidate, NameWords
from service.core.drafting.capital_names import is_title
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
# What stands behind the name of a firm and hardly behind that of a person: "Helvex, based in Linz".
_OF_FIRMS = {
    "en": ("based", "which", "headquartered", "employs", "shares", "customers"),
    "es": ("cotiza",),
    "de": ("beschäftigt",),
    "fr": ("emploie", "basée", "basé"),
}
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
        """Return the likeliest type: by what is in the name, else by what stands beside it."""
        return self._by_end(candidate) or self._by_parts(candidate) or self._by_neighbours(candidate)

    def _by_parts(self, candidate: Candidate) -> str | None:
        """Return what a name is by its own words, or by what it is the name of: "Mount Harrow", "government of Lunde"."""
        inside = {fold(word) for form in candidate.forms for word in form.split()}
        inside |= {word.rpartition("-")[2] for word in inside}  # "Port-Caradec" is a town
        if self.lang == "de":
            inside |= {word.removesuffix("s") for word in inside}
        joined = fold(candidate.name)
        if self.whole_of(candidate) or inside & self.words.facility or joined.endswith(self._ends("facility")):
            return "facility"
        if inside & self.words.organization or joined.endswith(self._ends("organization")):
            return "organization"
        heads = {head for head, _ in candidate.heads}
        if heads & self.words.state:
            return "country"  # or a region: what has a government acts
        if candidate.before.keys() & self.words.vessel:
            return "vessel"
        if inside & self.words.area or heads & self.words.area or heads & (self.words.label | self.words.organization):
            return "place"
        if _PRODUCT.fullmatch(candidate.name):
            return "object"
        if candidate.is_acronym:
            return "organization"
        if self._has_adjective(candidate):
            return "country"
        return "facility" if self.kind_behind(candidate) else None

    def _by_neighbours(self, candidate: Candidate) -> str:
        """Return what a name is by the words before and behind it; two words of which nothing tells are a person."""
        before, after = candidate.before, candidate.after
        labels = self.words.label | (self.words.organization if self.lang == "en" else frozenset())
        if any(before[word] or before[f"{word}s"] for word in labels):
            return "organization"  # "the engineering company Helvex", "des Konzerns Helvex"
        if any(after[word] for word in _OF_FIRMS.get(self.lang, ())):
            return "organization"
        beside = before + after
        addressed = beside if self.lang in {"zh", "ja"} else before  # elsewhere the title comes first
        people = sum(addressed[word] for word in addressed if word in self.words.person)
        if sum(before[word] for word in _THE.get(self.lang, ())) * 2 >= candidate.count > people * 2:
            return "organization"
        places = before["@place"] + sum(before[word] for word in self.words.place)
        says = sum(beside[word] for word in beside if {word, word.removeprefix("و")} & self._saying)
        if people and people >= places:
            return "person"
        if places * 3 >= candidate.count:
            return "place"
        if says or len(candidate.name.split()) == 2:
            return "person"
        return "place" if places or any(before[word] for word in _OF) else "organization"

    def _by_end(self, candidate: Candidate) -> str | None:
        """Return what a Japanese or Chinese name is by what stands behind it, or at its end."""
        if self.lang not in {"zh", "ja"}:
            return None
        if any(candidate.after[word] for word in self.words.person):
            return "person"
        return "place" if candidate.before["@place"] and candidate.name[-1] in "県市町村郡" else None

    def whole_of(self, candidate: Candidate) -> str | None:
        """Return a name with the building before it that it mostly stands behind: "puente de San Telmo"."""
        wholes = Counter({whole: n for (head, whole), n in candidate.heads.items() if head in self.words.facility})
        whole, _ = max(wholes.items(), key=lambda each: (each[1], -len(each[0])), default=("", 0))
        return whole if whole and wholes.total() * 2 >= candidate.count else None

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

    def is_kind(self, candidate: Candidate) -> bool:
        """Say whether an English capital is but one of many: "a Republican"."""
        return self.lang == "en" and candidate.before.keys() <= {"a", "an"} and " " not in candidate.name

    def is_charge(self, candidate: Candidate) -> bool:
        """Say whether a word is but what somebody is in charge of: "consejera de Transportes"."""
        charges = sum(n for (head, _), n in candidate.heads.items() if head in self.words.person)
        return " " not in candidate.name and charges == candidate.count

    def is_introduced(self, candidate: Candidate) -> bool:
        """Say whether a full name stands behind what its bearer is: "prime minister Ada Holm"."""
        if self.lang == "ja":
            return any(candidate.after[word] for word in self.words.person)
        return " " in candidate.name and any(is_title(word, self.words) for word in candidate.before)

    def base_form(self, form: str) -> str:
        """Return a form whose first word, what kind of thing it is, stands in no genitive: "Hafens Olsund"."""
        first, _, rest = form.partition(" ")
        bare = first.removesuffix("s")
        kinds = self.words.facility | self.words.organization
        return f"{bare} {rest}" if rest and self.lang == "de" and fold(bare) in kinds else form

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

    def _ends(self, kind: str) -> tuple[str, ...]:
        """Chinese, Japanese and German write the kind at the end of the name itself: "Bürgerpartei"."""
        least = {"zh": 1, "ja": 1, "de": 4}.get(self.lang)
        words = self.words.facility if kind == "facility" else self.words.organization
        return tuple(word for word in words if len(word) >= least) if least else ()

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
