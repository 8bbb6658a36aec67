"""Whose forces a text means: "Russia calls on Israel to withdraw its troops" withdraws none of Russia's.

A pattern asks for a party and for what becomes of troops or bases, and a sentence may hold both without their belonging
together. What stands right beside a third country's name is that country's, who is called on to act is who acts, and a
deal, a ship or a port that goods are named with is one of trade.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from service.core.lazily import Lazily
from service.core.matching.passages import WordHit
from service.core.matching.reading import Reading, Sentence, SpottedName
from service.core.matching.slots import SETTINGS, Fill, Slot
from service.core.model import Role, TextField

_OWNED = frozenset({"troops", "base", "presence", "warship", "aircraft", "equipment", "convoy", "military"})
_DEEDS = frozenset({"withdraw", "evacuate", "reduce", "move", "return", "deploy", "build_up"})
_DONE = _DEEDS | {"keep"}
_CALLS = frozenset({"demanded", "demand"})
_GOES = frozenset({"visit", "meet", "call", "move", "return", "delegation"})
_CLAIMED = frozenset({"withdraw", "evacuate", "reduce", "deploy", "build_up", "visit", "meet", "call"})
_FOREIGN, _ELSEWHERE = "foreign", "elsewhere"
_WAYS = frozenset({"visit", "move", "return", "delegation"})
_MEN = frozenset({"troops", "presence"})
_BRINGS = frozenset({"warship", "port", "aircraft"})
_CARRIES = _BRINGS | {"lease"}
_GOODS = "trade"
_BESIDE = 1  # code points between a country and what it has: "US base", "US-Basis"
_BEHIND = 5  # the same where the country comes behind, with an article: "base des USA"
_JOINED = 5  # between two countries that have something together: "Russian and Turkish troops"
_RARELY = 4  # a country that is asked for less often than the first by this factor only takes part
_STOP = re.compile('[.,:;!?،؛—–()«»"“”]')
_COLON = re.compile(":")

_Slots = tuple[Slot, ...]


class _Countries(NamedTuple):
    """The countries that a field names, in order."""

    names: list[SpottedName]
    starts: list[int]

    def beginning(self, after: int, until: int) -> list[SpottedName]:
        """Return those that begin behind one place and not behind another."""
        return self.names[bisect_right(self.starts, after) : bisect_right(self.starts, until)]


class Owners:
    """What tells whose the things are that a reading speaks of."""

    def __init__(self, reading: Reading, scene: Collection[str], own: Collection[str]) -> None:
        """Look at nothing yet.

        Args:
            reading: The entry as the story reads it.
            scene: The countries and places where the story happens.
            own: The countries whose story it is.
        """
        self._reading = reading
        self._scene = scene
        self._own = own
        self._beside: dict[tuple[TextField, int, int], list[SpottedName]] = {}

    @Lazily
    def _countries(self) -> dict[TextField, _Countries]:
        """Return the countries that are named in each field that names any, but for those in which the story happens."""
        countries: dict[TextField, _Countries] = {}
        for sentence in self._reading.sentences:
            for name in sentence.names:
                if name.type == "country" and name.role is not Role.CORE and name.entity not in self._scene:
                    names, starts = countries.setdefault(sentence.field, _Countries([], []))
                    names.append(name)
                    starts.append(name.start)
        return countries

    def _countries_in(self, field: TextField) -> list[SpottedName]:
        countries = self._countries.get(field)
        return countries.names if countries else []

    @Lazily
    def _freight(self) -> list[tuple[TextField, WordHit]]:
        """Return the words for a deal, a ship or a plane in sentences that tell of goods."""
        return [
            (sentence.field, word)
            for sentence in self._reading.sentences
            if carries_goods(sentence)
            for word in sentence.words
            if word.word_class in _CARRIES
        ]

    @Lazily
    def _calling(self) -> dict[TextField, list[int]]:
        """Return where somebody is called on in each field: in most nobody is."""
        calling: dict[TextField, list[int]] = {}
        for sentence in self._reading.sentences:
            colons = [sentence.start + colon.start() for colon in _COLON.finditer(sentence.text)]
            calls = [word.start for word in sentence.words if word.word_class in _CALLS]
            if colons or calls:
                calling.setdefault(sentence.field, []).extend(sorted(colons + calls))
        return calling

    def means_another(self, fill: Fill, slots: _Slots) -> bool:
        """Say whether a word means what a third country has, or what goods come with.

        Args:
            fill: A word or a name that could fill a slot.
            slots: What the pattern asks for.
        """
        if fill.is_word and self._freight and self._is_freight(fill):
            return True
        if fill.is_word and self._claimed and self._is_claimed(fill, slots):
            return True
        return fill.id in _OWNED and any(self._has(country, fill, slots) for country in self._countries_at(fill))

    def _is_freight(self, fill: Fill) -> bool:
        return any(
            fill.field == field and (word.word_class == fill.id or word.word_class in _BRINGS) and _overlap(fill, word)
            for field, word in self._freight
        )

    def _is_claimed(self, fill: Fill, slots: _Slots) -> bool:
        return any(
            fill.field == field
            and (fill.start == word.start or fill.start < word.start < word.end <= fill.end)
            and (name is None or not _asked_for(name, slots) or _is_phrase_around(fill, word))
            and not (name is not None and self._goes_on(name, field, slots))
            for field, word, name in self._claimed
        )

    def _goes_on(self, name: SpottedName, field: TextField, slots: _Slots) -> bool:
        """Say whether a place that is asked for comes right behind a country: "flies to Ankara and Moscow"."""
        text = self._reading.text(field)
        return any(
            sentence.field == field
            and 0 < other.start - name.end <= _JOINED
            and other.type in SETTINGS
            and _goes_through(text, name.end, other.start)
            and _asked_for(other, slots)
            and other.entity not in self._scene
            for sentence in self._reading.sentences
            for other in sentence.names
        )

    @Lazily
    def _claimed(self) -> list[tuple[TextField, WordHit, SpottedName | None]]:
        """Return the words for deeds that stand right beside a third country, with its name, or what is nobody's.

        "The US withdrawal" is no other's, "withdrawal of foreign troops" is nobody's, and who "flies to Paris" does not
        fly to where the same sentence ends.
        """
        third = {
            field: [name for name in countries.names if name.entity not in self._own and name.role is Role.CONTEXT]
            for field, countries in self._countries.items()
        }
        return [
            (sentence.field, word, name)
            for sentence in self._reading.sentences
            if third.get(sentence.field) or _FOREIGN in sentence.ids or _ELSEWHERE in sentence.ids
            for word in sentence.words
            if word.word_class in _CLAIMED or word.word_class in _OWNED
            for name in self._claimants(sentence, word, third.get(sentence.field, []))
        ]

    def _claimants(self, sentence: Sentence, word: WordHit, third: list[SpottedName]) -> Iterator[SpottedName | None]:
        """Yield who claims a word: the third countries beside it or beside what comes right behind it."""
        text = self._reading.text(sentence.field)
        owned = [w for w in sentence.words if w.word_class in _OWNED and _is_next(text, word.end, w.start)]
        men = [w for w in (word, *owned) if w.word_class in _MEN]  # "foreign bases" may be one's own abroad
        if any(w.word_class == _FOREIGN and any(_is_beside(text, m, w) for m in men) for w in sentence.words):
            yield None
        if word.word_class in _OWNED:
            return
        if word.word_class in _WAYS and any(
            w.word_class == _ELSEWHERE and _is_beside(text, word, w) for w in sentence.words
        ):
            yield None
        for name in third:
            if any(_is_beside(text, w, name) for w in (word, *owned)) and not any(
                other.entity in self._own and 0 < name.start - other.end <= _JOINED
                for other in self._countries_in(sentence.field)
            ):
                yield name

    def _countries_at(self, fill: Fill) -> list[SpottedName]:
        """Return the countries that stand right before or behind a word: of most words none do."""
        place = fill.field, fill.start, fill.end
        beside = self._beside.get(place)
        if beside is None:
            countries = self._countries.get(fill.field, _Countries([], []))
            text, behind = self._reading.text(fill.field), countries.beginning(fill.end, fill.end + _BEHIND)
            beside = self._beside[place] = [
                *(name for name in countries.names if 0 <= fill.start - name.end <= _BESIDE),
                *(name for name in behind if _goes_through(text, fill.end, name.start)),
            ]
        return beside

    def _has(self, country: SpottedName, fill: Fill, slots: _Slots) -> bool:
        if _asked_for(country, slots):
            return False
        return country.start > fill.start or not any(
            _asked_for(other, slots) and 0 < country.start - other.end <= _JOINED
            for other in self._countries_in(fill.field)
        )

    @Lazily
    def _leads_elsewhere(self) -> bool:
        """Return whether the title tells of nobody's way but one to places where the story does not happen."""
        title = self._reading.title_sentences
        return any(
            name.type in SETTINGS and name.role is not Role.CORE and name.entity not in self._scene
            for sentence in title
            for name in sentence.names
        )

    def goes_elsewhere(self, found: tuple[Fill, ...], slots: _Slots) -> bool:
        """Say whether a journey or meeting is the title's, which names other places than what a summary adds.

        "The president flies to Washington" and, further down, "he had been in Moscow" are two journeys.

        Args:
            found: What fills the slots, not all of it in the title.
            slots: What the pattern asks for.
        """
        return (
            self._leads_elsewhere
            and any(fill.id in _GOES for fill in found)
            and any(not fill.is_word and fill.field != "title" for fill in found)
            and not any(
                name.type in SETTINGS and _asked_for(name, slots)
                for sentence in self._reading.title_sentences
                for name in sentence.names
                if name.entity not in self._scene
            )
        )

    def only_calls(self, found: tuple[Fill, ...], slots: _Slots) -> bool:
        """Say whether who is named only calls on a third country to do what is told.

        Args:
            found: What fills the slots.
            slots: What the pattern asks for.
        """
        if not self._countries:
            return False
        names = [fill for fill in found if not fill.is_word]
        if any(self._does_another(fill, names) for fill in found if fill.id in _DONE):
            return True
        return bool(self._calling) and any(
            self._calls_on(deed.start, deed.end + _BEHIND, deed.field, (), held=deed)
            or (
                deed.id in _DEEDS
                and any(self._calls_on(n.end, deed.start, deed.field, slots) for n in names if n.field == deed.field)
            )
            for deed in found
            if deed.is_word
        )

    def _does_another(self, deed: Fill, names: list[Fill]) -> bool:
        """Say whether a country does it in one clause and who is asked for comes in the next: "US stays, Moscow protests"."""
        text, countries = self._reading.text(deed.field), self._countries_in(deed.field)
        parties = [name for name in names if name.id not in self._scene and name.field == deed.field]
        return (
            any(not _goes_through(text, deed.end, party.start) for party in parties if party.start > deed.end)
            and any(name.end <= deed.start and _goes_through(text, name.end, deed.start) for name in countries)
            and not any(
                party.start < deed.start
                and all(party.start != name.start for each in self._countries.values() for name in each.names)
                for party in parties
            )
        )

    def _calls_on(self, begin: int, until: int, field: TextField, slots: _Slots, *, held: Fill | None = None) -> bool:
        """Say whether in a stretch somebody is called on, and then comes a country that no slot asks for.

        None that a phrase of the story's holds, where it is one of those whose story it is: "gives Russians a month".
        """
        countries = self._countries.get(field)
        return countries is not None and any(
            not _asked_for(name, slots)
            and not (held is not None and name.entity in self._own and held.start < name.start and name.end <= held.end)
            and self._calls(field, begin, name.start)
            for name in countries.beginning(begin, until)
        )

    def _calls(self, field: TextField, start: int, end: int) -> bool:
        places = self._calling.get(field, [])
        at = bisect_left(places, start)
        return at < len(places) and places[at] < end


def _goes_through(text: str, end: int, start: int) -> bool:
    """Say whether no clause ends between two places of a text."""
    return _STOP.search(text, end, start) is None


def _is_next(text: str, end: int, start: int) -> bool:
    return 0 <= start - end <= _BEHIND and _goes_through(text, end, start)


def _is_beside(text: str, word: WordHit, other: WordHit | SpottedName) -> bool:
    """Say whether something stands right before a word or close behind it."""
    return 0 <= word.start - other.end <= _BESIDE or _is_next(text, word.end, other.start)


def _is_phrase_around(fill: Fill, word: WordHit) -> bool:
    """Say whether a phrase of the story that says who does it was stretched over another's deed."""
    return max(word.start - fill.start, fill.end - word.end) > _BEHIND


def own_countries(slots: Iterable[Slot], countries: Collection[str]) -> frozenset[str]:
    """Return the countries whose story it is: those that patterns ask for about as often as for any other."""
    asked = Counter(part for slot in slots for part in slot if part in countries)
    most = max(asked.values(), default=0)
    return frozenset(country for country, times in asked.items() if times * _RARELY >= most)


def _overlap(fill: Fill, word: WordHit) -> bool:
    return fill.start < word.end and word.start < fill.end


def carries_goods(sentence: Sentence) -> bool:
    """Say whether a sentence tells of goods that states deal in, and of a deal or a ship."""
    return tells_of_goods(sentence) and not _CARRIES.isdisjoint(sentence.ids)


def tells_of_goods(sentence: Sentence) -> bool:
    """Say whether a sentence tells of goods that states deal in."""
    return _GOODS in sentence.ids


def scene_of(slots: Iterable[Slot], settings: Collection[str], core: Collection[str]) -> frozenset[str]:
    """Return the countries and places where a story happens: those that a slot names beside what it is about."""
    return frozenset(part for slot in slots if not slot.isdisjoint(core) for part in slot if part in settings)


def _asked_for(name: SpottedName, slots: _Slots) -> bool:
    return any(name.entity in slot for slot in slots)
