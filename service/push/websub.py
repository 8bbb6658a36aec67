"""WebSub: tells a hub which of our feeds have changed, so that its subscribers need not poll.

The hub fetches the feed itself; a ping carries only its address. Pings are repeated until the hub takes them.
Source: W3C WebSub §7 leaves the form of a ping open; this is the one public hubs take.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlencode

from service.core.errors import ServiceError
from service.core.webhooks import was_received
from service.ports import DeltaFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from service.core.model import Delta
    from service.ports import Store
    from service.subscribers import Sender

_STRETCH: Final = 500
_LONGEST_WAIT_S: Final = 3600.0
_HEADERS: Final = {"Content-Type": "application/x-www-form-urlencoded"}
log = logging.getLogger(__name__)


def _unobserved(_outcome: str) -> None:
    pass


class Publisher:
    """Pings a hub between `async with` and its end.

    Args:
        store: Has the ledger, and the position up to which the hub was told.
        sender: Does the POST.
        hub: Its address.
        stories: Returns the ids of the stories that are followed.
        topics: Returns the addresses of the feeds that a delta changes.
        interval_s: Between two looks; deltas that come within it are one ping a feed.
        observed: Called with what became of each ping: pinged or failed.
    """

    def __init__(
        self,
        *,
        store: Store,
        sender: Sender,
        hub: str,
        stories: Callable[[], Iterable[str]],
        topics: Callable[[Delta], list[str]],
        interval_s: float = 2.0,
        observed: Callable[[str], None] = _unobserved,
    ) -> None:
        self._store = store
        self._sender = sender
        self._hub = hub
        self._stories = stories
        self._topics = topics
        self._interval_s = interval_s
        self._observed = observed
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        for story in self._stories():
            await self._position(story)  # what comes from now on is told
        self._task = asyncio.create_task(self._look_on(), name="websub")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _look_on(self) -> None:
        wait_s = self._interval_s
        while True:
            try:
                taken = all([await self._tell(story) for story in self._stories()])
            except ServiceError as error:
                log.warning("the hub was not told", extra={"error": error.message})
                taken = False
            except Exception:
                log.exception("telling the hub failed; it is tried again")
                taken = False
            wait_s = self._interval_s if taken else min(wait_s * 2, _LONGEST_WAIT_S)
            await asyncio.sleep(wait_s)

    async def _position(self, story: str) -> int:
        """Return up to which delta the hub was told: the newest, where it was never told anything."""
        name = f"websub:{story}"
        kept = await self._store.subscribers.position(name)
        newest = (await self._store.ledger_state(story)).seq
        if kept is None or kept > newest:  # the first start, or a restored ledger
            await self._store.subscribers.move_position(name, newest)
            return newest
        return kept

    async def _tell(self, story: str) -> bool:
        """Ping the feeds that deltas since the last ping have changed; say whether the hub took all pings."""
        position = await self._position(story)
        deltas = await self._store.deltas_after(story, position, _STRETCH, DeltaFilter())
        changed = dict.fromkeys(topic for delta in deltas for topic in self._topics(delta))
        for topic in changed:
            body = urlencode({"hub.mode": "publish", "hub.url": topic}).encode()
            sent = await self._sender.post(self._hub, body, _HEADERS)
            self._observed("pinged" if was_received(sent) else "failed")
            if not was_received(sent):
                log.warning("the hub took no ping", extra={"topic": topic, "status": sent.status, "error": sent.error})
                return False
        if deltas:
            await self._store.subscribers.move_position(f"websub:{story}", deltas[-1].seq)
            log.info("hub told", extra={"story": story, "topics": len(changed)})
        return True
