"""Second opinions: asks a model about each new delta, one at a time, within a budget of requests a day.

Nothing waits for it and nothing depends on it. All state is in the store, so a restart goes on where it was.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from service.core.errors import ServiceError
from service.core.opinions import RETRY_WAITS, after_asking
from service.push.question import question, verdict_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from service.core.model import Delta
    from service.core.opinions import Opinion
    from service.opinions import Inquirer
    from service.ports import Clock, Store

_LEASE: Final = timedelta(seconds=30)  # beyond the time limit of a request
log = logging.getLogger(__name__)


def _unobserved(_outcome: str) -> None:
    pass


class OpinionSeeker:
    """Asks between `async with` and its end.

    Args:
        store: Has the ledger, and keeps what was said.
        inquirer: Does the POST.
        clock: Says what is due, and which day it is.
        base: Address of the endpoint, without `/chat/completions`.
        key: Its key; None sends none. It is never logged or kept.
        model: Who is asked.
        budget: Requests a UTC day, over all stories and processes. Of what waits for the next day so many of the newest
            deltas of a story are asked about then; older ones are left without an opinion.
        timeout_s: How long the inquirer takes at most.
        stories: Returns the ids of the stories that are followed.
        waits: After failed attempts.
        interval_s: Between two looks at the ledger.
        observed: Called with what became of each request: given, invalid, failed or waiting.
    """

    def __init__(
        self,
        *,
        store: Store,
        inquirer: Inquirer,
        clock: Clock,
        base: str,
        key: str | None,
        model: str,
        budget: int,
        timeout_s: float,
        stories: Callable[[], Iterable[str]],
        waits: Sequence[timedelta] = RETRY_WAITS,
        interval_s: float = 5.0,
        observed: Callable[[str], None] = _unobserved,
    ) -> None:
        self._store = store
        self._inquirer = inquirer
        self._clock = clock
        self._url = f"{base.rstrip('/')}/chat/completions"
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key}"
        self._model = model
        self._budget = budget
        self._lease = timedelta(seconds=timeout_s) + _LEASE
        self._stories = stories
        self._waits = tuple(waits)
        self._interval_s = interval_s
        self._observed = observed
        self._paused_until: datetime | None = None
        self._spent_on: date | None = None  # the day of which it was said
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        for story in self._stories():
            await self._begin(story)  # what comes from now on is asked about
        self._task = asyncio.create_task(self._look_on(), name="second-opinion")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _look_on(self) -> None:
        while True:
            try:
                await self.look()
            except ServiceError as error:
                log.warning("no opinion was asked for", extra={"error": error.message})
            except Exception:
                log.exception("asking for an opinion failed; the next look tries again")
            await asyncio.sleep(self._interval_s)

    async def look(self) -> None:
        """Ask about all that is due now; return when nothing is left, the budget is spent or the endpoint wants rest."""
        for story in self._stories():
            after = await self._begin(story)
            while not self._rests():
                now = self._clock.now()
                delta = await self._store.opinions.next_unasked(story, self._model, after, self._budget, now)
                if delta is None:
                    break
                claimed = await self._store.opinions.claim(delta.id, self._model, now, now + self._lease, self._budget)
                if claimed == "spent":
                    self._say_spent(now.date())
                    return
                if claimed != "taken":  # else another process asks, and it is not due any more
                    await self._ask(delta, claimed)

    def _say_spent(self, day: date) -> None:
        if self._spent_on != day:
            self._spent_on = day
            log.info("the budget for opinions is spent; the rest waits for the next day", extra={"day": str(day)})

    def _rests(self) -> bool:
        return self._paused_until is not None and self._clock.now() < self._paused_until

    async def _begin(self, story: str) -> int:
        """Return the seq after which deltas are asked about: the newest, where this model was never asked."""
        name = f"opinion:{self._model}:{story}"
        kept = await self._store.subscribers.position(name)
        newest = (await self._store.ledger_state(story)).seq
        if kept is None or kept > newest:  # the first start, or a restored ledger
            await self._store.subscribers.move_position(name, newest)
            return newest
        return kept

    async def _ask(self, delta: Delta, claimed: Opinion) -> None:
        sent, answer = await self._inquirer.ask(self._url, question(delta, self._model), self._headers)
        now = self._clock.now()
        opinion, pause = after_asking(claimed, sent, verdict_of(answer), now, self._waits)
        await self._store.opinions.save(opinion)
        if pause is not None:
            self._paused_until = now + pause
        self._observed(opinion.outcome)
        log.info(
            "opinion asked for",
            extra={"delta": delta.id, "outcome": opinion.outcome, "status": sent.status, "error": opinion.error},
        )
