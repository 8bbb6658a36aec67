"""Who mediates, and between whom: "Turkey offers to mediate between Moscow and Damascus" has three parties.

The two are those whom no more than a word such as "and" parts; who mediates is on neither side. Where the story does
not know the mediator, nobody is told as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from service.core.events.meetings import side_of
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import Role
from service.core.model.entity_types import PARTIES

# What stands between two who are named as a pair, in whatever language; articles of the second may follow it.
_AND = re.compile(
    r"[\s\-–]*(?:and|und|et|y|e|i|a|и|і|й|та|و|ve|ile|ו|ול|ל|לבין|ובין|与|與|和|跟|と|και|và)?[\s\-]*"
    r"(?:the|la|le|les|die|der|das|den|dem|il|el|o|a|η|την?|τη|του|της|ال)?\s*(?:new\s)?",
    re.IGNORECASE,
)


def between_whom(sentence: Sentence, sides: Mapping[str, str]) -> tuple[SpottedName, SpottedName] | None:
    """Return the two parties that a sentence names as a pair, of different sides; the first such pair.

    Args:
        sentence: The sentence.
        sides: Entity → the one whose side it takes, such as a capital → its country.
    """
    parties = list(_parties(sentence, sides))
    for one, other in pairwise(parties):
        between = sentence.text[one.end - sentence.start : max(one.end, other.start) - sentence.start]
        if side_of(one, sides) != side_of(other, sides) and _AND.fullmatch(between):
            return one, other
    return None


def mediator_of(
    names: list[SpottedName], verb: WordHit, sentence: Sentence, sides: Mapping[str, str]
) -> SpottedName | None:
    """Return who mediates: the party nearest before the verb that belongs to neither of the two.

    Args:
        names: The names that can take part.
        verb: The word of mediating.
        sentence: The sentence.
        sides: Entity → the one whose side it takes.
    """
    pair = between_whom(sentence, sides)
    if pair is None:
        return None
    taken = {side_of(name, sides) for name in pair}
    able = [n for n in names if n.type in PARTIES | {"place"} and side_of(n, sides) not in taken]
    return min(able, key=lambda n: (n.start > verb.start, abs(n.start - verb.start)), default=None)


def _parties(sentence: Sentence, sides: Mapping[str, str]) -> Iterator[SpottedName]:
    """Yield the names of a sentence that can be a party, in order; not those inside another."""
    end = 0
    for name in sorted(sentence.names, key=lambda n: (n.start, -n.end)):
        is_party = name.type in PARTIES or name.entity in sides
        if is_party and name.start >= end and name.role is not Role.PUBLISHER:
            yield name
            end = name.end
