"""Webhooks: every delta to every webhook that wants it, at least once, in order of the ledger.

Each webhook has a task of its own, so that a slow receiver delays nobody else. All state is in the store: after a
restart each goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from service.core.errors import ServiceError
from service.core.webhooks import RETRY_WAITS, Delivery, Webhook, after_attempt, is_unwanted
from service.ports import DeltaFilter
from service.push.signing import signed_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from service.core.model import Delta
    from service.ports import Clock, Store
    from service.subscribers import Sender

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
_LEASE: Final = timedelta(seconds=30)  # longer than a Sender takes
_MANY: Final = 1000
log = logging.getLogger(__name__)


def _unobserved(_outcome: str) -> None:
    pass


class Deliverer:
    """Delivers between `async with` and its end; what is under way at the end is sent again after the next start.

    Args:
        store: Has webhooks, ledger and deliveries.
        sender: Does the POST.
        clock: Stamps what is sent, and says what is due.
        encode: Returns a delta as the body of an event.
        waits: After failed attempts; one more failure and a delivery is dead.
        interval_s: Between two looks at the store.
        observed: Called with what became of each attempt: delivered, waiting or dead.
    """

    def __init__(
        self,
        *,
        store: Store,
        sender: Sender,
        clock: Clock,
        encode: Callable[[Delta], bytes],
        waits: Sequence[timedelta] = RETRY_WAITS,
        interval_s: float = 1.0,
        observed: Callable[[str], None] = _unobserved,
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._encode = encode
        self._waits = tuple(waits)
        self._interval_s = interval_s
        self._observed = observed
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._told: dict[str, int] = {}  # webhook → seq of the ledger up to which nothing is left for it
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._looking = asyncio.create_task(self._look_on(), name="deliverer")
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [*self._lanes.values(), *([self._looking] if self._looking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_on(self) -> None:
        while True:
            try:
                await self._look()
            except ServiceError as error:
                log.warning("webhooks were not looked at", extra={"error": error.message})
            except Exception:
                log.exception("looking at webhooks failed; the next look tries again")
            await asyncio.sleep(self._interval_s)

    async def _look(self) -> None:
        """Start a lane for each webhook that may have something to send."""
        webhooks = {each.id: each for each in await self._store.subscribers.webhooks() if each.disabled is None}
        for gone in self._told.keys() - webhooks.keys():
            del self._told[gone]
        self._lanes = {name: task for name, task in self._lanes.items() if not task.done()}
        newest: dict[str, int] = {}
        for webhook in webhooks.values():
            if webhook.id in self._lanes:
                continue
            if webhook.story not in newest:
                newest[webhook.story] = (await self._store.ledger_state(webhook.story)).seq
            waiting = await self._store.subscribers.deliveries(webhook.id, 0, 1, "waiting")
            if waiting or self._told.get(webhook.id, -1) < newest[webhook.story]:
                self._lanes[webhook.id] = asyncio.create_task(self._serve(webhook), name=f"webhook-{webhook.id}")

    async def _serve(self, webhook: Webhook) -> None:
        """Send what is due to one webhook, one delta after the other."""
        subscribers = self._store.subscribers
        position = webhook.position
        with contextlib.suppress(asyncio.CancelledError):
            try:
                while (delivery := await self._due(webhook, position)) is not None:
                    now = self._clock.now()
                    if not await subscribers.lease_webhook(webhook.id, now, now + _LEASE):
                        return
                    tried = await self._attempt(webhook, delivery)
                    if tried.state != "waiting":
                        position = max(position, tried.seq)
            except ServiceError as error:
                log.warning("webhook was left for later", extra={"webhook": webhook.id, "error": error.message})
            except Exception:
                log.exception("webhook failed; the next look tries again", extra={"webhook": webhook.id})

    async def _due(self, webhook: Webhook, position: int) -> Delivery | None:
        """Return what to send now: what waits and is due, else the next delta, unless an earlier one still waits."""
        waiting = await self._store.subscribers.deliveries(webhook.id, 0, _MANY, "waiting")
        now = self._clock.now()
        due = [each for each in waiting if each.next_attempt_at is None or each.next_attempt_at <= now]
        if due:
            return min(due, key=lambda each: each.seq)
        if any(each.seq > position for each in waiting):
            return None
        newest = (await self._store.ledger_state(webhook.story)).seq
        where = DeltaFilter(**webhook.filters)  # type: ignore[arg-type]
        deltas = await self._store.deltas_after(webhook.story, position, 1, where)
        if not deltas:
            self._told[webhook.id] = newest  # read before the deltas, so none of them is passed over
            return None
        return Delivery(webhook=webhook.id, delta=deltas[0].id, seq=deltas[0].seq)

    async def _attempt(self, webhook: Webhook, delivery: Delivery) -> Delivery:
        subscribers = self._store.subscribers
        delta = await self._store.delta(delivery.delta)
        if delta is None:  # of a ledger before a restore
            await subscribers.save_delivery(tried := _given_up(delivery, "the delta is gone", self._clock.now()))
            return tried
        body = self._encode(delta)
        headers = {"Content-Type": CONTENT_TYPE}
        headers |= signed_headers(webhook.secret, delta.id, body, self._clock.now())
        sent = await self._sender.post(webhook.url, body, headers)
        tried = after_attempt(delivery, sent, self._clock.now(), self._waits)
        await subscribers.save_delivery(tried)
        self._observed(tried.state)
        if is_unwanted(sent):
            await subscribers.disable_webhook(webhook.id, "the receiver answered that it is gone (410)")
        log.info(
            "webhook called",
            extra={"webhook": webhook.id, "delta": delta.id, "outcome": tried.state, "status": tried.status},
        )
        return tried


def _given_up(delivery: Delivery, why: str, now: datetime) -> Delivery:
    return Delivery(
        webhook=delivery.webhook,
        delta=delivery.delta,
        seq=delivery.seq,
        state="dead",
        attempts=delivery.attempts,
        error=why,
        last_attempt_at=now,
    )
