"""Who talks with whom, and who visits whom or where."""

from __future__ import annotations

from collections.abc import Mapping

from service.core.events.function_words import is_from, is_located, is_owner, is_placed
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import ActionClass
from service.core.model.entity_types import PARTIES, PEOPLE, SITES

# Classes that tell of a visit rather than make it: "comments on the visit of".
_TELLS_OF = frozenset({"says", "state", "comment", "confirm", "confirmed", "deny", "denied", "about"})
_BESIDE = 4  # code points from "visit of" to whose it is, articles and all
_ENDINGS = frozenset({"terminate", "extend"})  # whose lease it is takes part in these


def talking(
    action: ActionClass, names: list[SpottedName], sentence: Sentence, verb: WordHit, sides: Mapping[str, str]
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return who talks with whom, or visits whom or where."""
    first, second = _parties(_taking_sides(action, names, sentence, verb), sides)
    if action.id == "visit" and first is not None and second is None:
        second = _visited(first, names, sentence, sides)
    return first, second


def _taking_sides(
    action: ActionClass, names: list[SpottedName], sentence: Sentence, verb: WordHit
) -> list[SpottedName]:
    """Return the names that can be a side in talks: not places where, nor whose bases they are about."""
    names = outermost(names)
    if action.id not in _ENDINGS:
        names = [n for n in names if n.type in PEOPLE or not is_owner(n, sentence)] or names
    visitor = _visitor(names, sentence, verb) if action.id == "visit" else None
    if visitor is not None:
        names = [n for n in names if n is visitor or n.start > visitor.start]
    is_there = is_placed if action.id == "visit" else is_located
    return [n for n in names if n.type in PEOPLE or not is_there(n, sentence)]


def _visitor(names: list[SpottedName], sentence: Sentence, verb: WordHit) -> SpottedName | None:
    """Return whose visit it is, where that stands behind the word: "визит Путина"; who stands before it may tell of it."""
    people = [n for n in names if n.type == "person"]
    visitor = next((n for n in people if 0 <= n.start - verb.end <= _BESIDE), None)
    before = next((n for n in reversed(people) if n.end <= verb.start), None)
    if before is None or visitor is None:
        return visitor
    tells = any(
        word.word_class in _TELLS_OF and before.end <= word.start and word.end <= verb.start for word in sentence.words
    )
    return visitor if tells else None  # "Ivanov visits Petrov" is Ivanov's


def _visited(
    visitor: SpottedName, names: list[SpottedName], sentence: Sentence, sides: Mapping[str, str]
) -> SpottedName | None:
    """Return the country that somebody visits where no town or party in it is named: "прибыл с визитом в Россию"."""
    if any(n.type in SITES for n in names):
        return None
    countries = (n for n in names if n.type == "country" and side_of(n, sides) != side_of(visitor, sides))
    return next((n for n in countries if is_placed(n, sentence) and not is_from(n, sentence)), None)


def _parties(names: list[SpottedName], sides: Mapping[str, str]) -> tuple[SpottedName | None, SpottedName | None]:
    """Return the first two parties of talks, people before the countries they speak for; nobody talks with himself.

    A capital speaks for its government, other places only where nobody else is named.
    """
    parties: dict[str, SpottedName] = {}
    for name in sorted(names, key=lambda n: (n.type not in PARTIES, n.type not in PEOPLE, n.start)):
        if name.type in PARTIES or (name.type == "place" and (name.entity in sides or not parties)):
            parties.setdefault(side_of(name, sides), name)
    first = sorted(list(parties.values())[:2], key=lambda n: n.start)
    return (first[0] if first else None), (first[1] if len(first) > 1 else None)


def outermost(names: list[SpottedName]) -> list[SpottedName]:
    """Return names without those inside a party's: "Syria's new rulers" are one party, not two."""
    return [
        name
        for name in names
        if not any(other.type in PARTIES and other.entity != name.entity and is_inside(name, other) for other in names)
    ]


def is_inside(name: SpottedName, other: SpottedName) -> bool:
    """Say whether a name is a part of another."""
    return other.start <= name.start and name.end <= other.end and other.end - other.start > name.end - name.start


def side_of(name: SpottedName, sides: Mapping[str, str]) -> str:
    """Return the entity whose side a name takes: itself, or the country it speaks for."""
    return sides.get(name.entity, name.entity)
