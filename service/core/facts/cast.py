"""Who and what a story has, by what is asked of it for each follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.core.model import Story
from service.core.model.entity_types import PLACES


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A story's entities by their kinds, the titles of its threads, and what speaks for which of them."""

    names: Mapping[str, str]
    people: frozenset[str]
    countries: frozenset[str]
    places: frozenset[str]
    threads: Mapping[str, str]
    threads_of: Mapping[str, frozenset[str]]
    sides: Mapping[str, str]

    @classmethod
    def of(cls, story: Story) -> Cast:
        """Sort out a story's entities."""
        return cls(
            names={entity.id: entity.name for entity in story.entities},
            people=frozenset(entity.id for entity in story.entities if entity.type == "person"),
            countries=frozenset(entity.id for entity in story.entities if entity.type == "country"),
            places=frozenset(entity.id for entity in story.entities if entity.type in PLACES),
            threads={thread.id: thread.title for thread in story.threads},
            threads_of=_threads_of(story),
            sides={entity.id: entity.speaks_for for entity in story.entities if entity.speaks_for},
        )


def _threads_of(story: Story) -> dict[str, frozenset[str]]:
    """Return entity or word class → the threads whose patterns name it."""
    found: dict[str, set[str]] = {}
    for thread in story.threads:
        for pattern in thread.belongs:
            for slot in pattern.slots:
                for each in slot:
                    found.setdefault(each, set()).add(thread.id)
    return {each: frozenset(threads) for each, threads in found.items()}
