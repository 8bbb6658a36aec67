"""Text cut into stretches, so that a template can mark quotes and entities in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something to mark in a text."""

    start: int
    end: int
    kind: str  # "quote" or "entity"
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a text under the same marks."""

    text: str
    quoted: bool
    entity: str | None


def stretches(text: str, marks: Iterable[Mark]) -> list[Stretch]:
    """Return the text in order, cut wherever a mark begins or ends; joined again, it is the text."""
    valid = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    cuts = sorted({0, len(text), *(mark.start for mark in valid), *(mark.end for mark in valid)})
    out = []
    for start, end in pairwise(cuts):
        over = [mark for mark in valid if mark.start <= start and end <= mark.end]
        entity = next((mark.label for mark in over if mark.kind == "entity"), None)
        out.append(Stretch(text=text[start:end], quoted=any(mark.kind == "quote" for mark in over), entity=entity))
    return out
