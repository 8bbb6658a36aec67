"""What readers of a story must know of its sources: looked up once a minute, not with every request of a feed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from service.core.polls.coverage import coverage_of

if TYPE_CHECKING:
    from datetime import datetime

    from service.core.model import Feed, Story
    from service.ports import Clock, Store

_KEPT_FOR: Final = timedelta(minutes=1)


class Notices:
    """Notices by story, at most a minute old."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._looked_at: datetime | None = None
        self._feeds: list[Feed] = []
        self._kept: dict[str, tuple[str, ...]] = {}

    async def of(self, story: Story) -> tuple[str, ...]:
        """Return the notices of a story, in full sentences."""
        now = self._clock.now()
        if self._looked_at is None or not self._looked_at <= now < self._looked_at + _KEPT_FOR:
            self._feeds = await self._store.feeds()
            self._looked_at = now
            self._kept.clear()
        key = f"{story.id} {story.digest}"
        if key not in self._kept:
            self._kept[key] = coverage_of(story, self._feeds, (), now).notices
        return self._kept[key]
