"""Copies and twins of texts, made by rule and by a seeded generator.

A copy is what outlets make of a wire: words exchanged, a prefix, a credit, the end cut, names spelt otherwise. A twin
looks as much alike, but tells of another thing: another number, another party.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d+")
_FILLERS = {
    "en": "meanwhile local officials here added later reportedly overnight sources also again further several early",
    "ru": "между тем местные власти позже добавили также ночью снова ранее источники накануне здесь далее вновь",
    "fr": "entretemps autorités locales ensuite ajouté également nuit encore auparavant sources veille ici plus",
    "de": "unterdessen örtliche Behörden später außerdem nachts erneut zuvor Quellen gestern hier weiter indes",
    "es": "mientras autoridades locales luego también noche nuevamente antes fuentes víspera aquí más además",
    "it": "intanto autorità locali poi inoltre notte ancora prima fonti vigilia qui oltre ieri nuovamente",
    "pl": "tymczasem lokalne władze później także nocą ponownie wcześniej źródła wczoraj tutaj dalej znowu",
    "tr": "bu arada yerel yetkililer sonra ayrıca gece yeniden daha önce kaynaklar dün burada yine",
    "uk": "тим часом місцева влада пізніше також вночі знову раніше джерела вчора тут далі вкотре",
}
_SPELT = {"Khmeimim": "Hmeimim", "Hmeimim": "Khmeimim", "Sharaa": "Shara", "Хмеймим": "Хмеймим", "Tartus": "Tartous"}
_PREFIXES = ("BREAKING: ", "UPDATE 1-", "Exclusive | ", "")
_CREDITS = (" (Agency A)", " - Outlet B", " via Agency A", "")
_PARTIES = {
    "en": (("Khmeimim", "Tartus naval base"), ("Hmeimim", "Qamishli"), ("Putin", "Lavrov"), ("Russia", "Turkey")),
    "ru": (("Хмеймим", "Тартус"), ("Путин", "Лавров")),
    "de": (("Hmeimim", "Tartus"),),
    "fr": (("Hmeimim", "Tartous"), ("Poutine", "Lavrov")),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A title with its summary in a language."""

    lang: str
    title: str
    summary: str

    @property
    def length(self) -> int:
        return len(_WORD.findall(f"{self.title} {self.summary}"))


def reworded(text: Text, share: float, chance: random.Random) -> Text:
    """Exchange a share of the words for others; names and numbers stay."""
    spots = [
        (field, match.span())
        for field in ("title", "summary")
        for match in _WORD.finditer(getattr(text, field))
        if match.group()[0].islower()
    ]
    wanted = min(len(spots), round(share * text.length))
    parts = {"title": text.title, "summary": text.summary}
    fillers = _FILLERS[text.lang].split()
    for field, (start, end) in sorted(chance.sample(spots, wanted), key=lambda spot: -spot[1][0]):
        parts[field] = parts[field][:start] + chance.choice(fillers) + parts[field][end:]
    return Text(text.lang, parts["title"], parts["summary"])


def copied(text: Text, share: float, chance: random.Random) -> Text:
    """Return what another outlet makes of a text, with a share of its words exchanged."""
    copy = reworded(text, share, chance)
    title, summary = copy.title, copy.summary
    if chance.random() < 0.3:
        for name, other in _SPELT.items():
            title, summary = title.replace(name, other), summary.replace(name, other)
    title = chance.choice(_PREFIXES) + title + (chance.choice(_CREDITS) if chance.random() < 0.5 else "")
    if chance.random() < 0.3:
        words = summary.split()
        summary = " ".join(words[: max(6, int(len(words) * 0.8))])
    return Text(text.lang, title, summary + chance.choice(_CREDITS))


def twin(text: Text, chance: random.Random) -> Text | None:
    """Return a text that tells of another thing in the same words; None where nothing in it can be exchanged."""
    ways = []
    whole = f"{text.title}\0{text.summary}"
    if _NUMBER.search(whole):
        ways.append(_NUMBER.sub(lambda match: str(int(match.group()) + chance.randint(1, 5)), whole))
    for name, other in _PARTIES.get(text.lang, ()):
        if name in whole and other not in whole:
            ways.append(whole.replace(name, other))
    if not ways:
        return None
    title, summary = chance.choice(ways).split("\0")
    return Text(text.lang, title, summary)


def languages() -> frozenset[str]:
    """Return the languages that copies can be made in."""
    return frozenset(_FILLERS)
