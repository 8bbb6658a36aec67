"""Who wants to hear, within this process, that a delta ledger has moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Told = Callable[[str | None], None]


@dataclass(slots=True)
class Notices:
    """The listeners of one store."""

    _listeners: list[Told] = field(default_factory=list)

    def listen(self, told: Told) -> Callable[[], None]:
        """Call `told` from now on; return what ends that."""
        self._listeners.append(told)

        def end() -> None:
            if told in self._listeners:
                self._listeners.remove(told)

        return end

    def tell(self, stories: Iterable[str | None]) -> None:
        """Tell every listener of these stories; None stands for all."""
        for story in stories:
            for told in tuple(self._listeners):
                told(story)
