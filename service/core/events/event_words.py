"""What reading events needs of the lexicon and of a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from service.core.events.dates import Calendar
from service.core.language.number_words import NumberWords
from service.core.model import ActionClass


@dataclass(frozen=True, kw_only=True)
class EventWords:
    """What reading events needs of the lexicon.

    Attributes:
        actions: Action classes by id, the story's own included.
        units: Word classes that are units.
        numbers: Language → folded number word → value.
        sides: Entity → the one whose side it takes in talks, such as a capital → its country.
        calendar: Finds dates.
        general: Actions that come with the subjects of a story.
        own: Actions that the story declares itself.
    """

    actions: Mapping[str, ActionClass]
    units: frozenset[str]
    numbers: Mapping[str, NumberWords]
    sides: Mapping[str, str] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)

    @cached_property
    def derived(self) -> Mapping[tuple[str, str | None], str]:
        """Return what an action is called that is meant in another way: (action, modality) → action."""
        actions = self.actions.values()
        return {(a.derived_from, a.derived_modality): a.id for a in actions if a.derived_from}

    general: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
