"""What a draft of a story proposes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.core.model import Event, Role

SETTINGS = frozenset({"place", "country"})  # what a story is about only where the headline names it, or the text often


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEntity:
    """A proposed entity, and why."""

    id: str
    type: str
    role: Role
    names: tuple[str, ...]
    count: int
    in_headline: bool
    in_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFact:
    """A proposed fact: a line of our own for an event of the article."""

    id: str
    statement: str
    event: Event
    speaker: str | None  # display name of who says so
    opposite: str | None  # the line of what would undo it, with its action ids
    opposing: tuple[str, ...] = ()
    following: tuple[str, ...] = ()  # actions that would take it further
    done: str | None = None  # the line of its happening, where it has not happened yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that is proposed."""

    lang: str
    headline: str
    headline_is_guessed: bool
    day: date | None  # that the article is from, where it says so itself
    agency: str  # named in its dateline, "" where none is
    entities: tuple[DraftEntity, ...]
    left_out: tuple[str, ...]  # named once or in passing
    actions: tuple[str, ...]  # what may happen next, by the families of what has happened
    concepts: tuple[str, ...]
    patterns: tuple[tuple[str, ...], ...]
    facts: tuple[DraftFact, ...]
