"""Webhooks from the ledger to a real receiver: everything, in order, signed, again when it failed, to nobody else."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from api.api_builders import a_report, a_story, publish
from push.receiver import Call, Receiver, until

from service.api.cloud_events import cloud_event
from service.api.links import Links
from service.core.model import DeltaType
from service.core.webhooks import Webhook
from service.feeds.send import HttpSender, receiver_refusal
from service.push.deliverer import Deliverer
from service.push.signing import new_secret, secret_fault
from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from service.core.model import Delta

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]
LINKS = Links.of("https://aftermath.example", "aftermath.example")
AT_ONCE = (timedelta(0), timedelta(0))


class Now:
    """The machine's clock: what waits becomes due by itself."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def encode(delta: Delta) -> bytes:
    return cloud_event(delta, {entity.id: entity for entity in a_story().entities}, LINKS)


@dataclass(slots=True)
class Desk:
    """A ledger, a receiver, and webhooks between them."""

    store: SqliteStore
    receiver: Receiver

    async def subscribe(self, path: str = "/hook", **over: Any) -> Webhook:
        held = await self.store.subscribers.webhooks()
        values: dict[str, Any] = {
            "id": f"w-{len(held)}",
            "url": self.receiver.url(path),
            "story": "harbour",
            "secret": new_secret(),
            "position": 0,
            "created_at": Now().now(),
        }
        webhook = Webhook(**values | over)
        await self.store.subscribers.add_webhook(webhook)
        return webhook

    async def states(self, webhook: Webhook) -> list[str]:
        return [each.state for each in await self.store.subscribers.deliveries(webhook.id, 0, 100)]


@asynccontextmanager
async def a_desk(path: str | Path = ":memory:") -> AsyncIterator[Desk]:
    store = await SqliteStore.open(path, now=Now().now)
    try:
        async with Receiver() as receiver:
            yield Desk(store, receiver)
    finally:
        await store.close()


@asynccontextmanager
async def delivering(
    desk: Desk, *, waits: Sequence[timedelta] = AT_ONCE, allowed: Any = LOOPBACK, timeout_s: float = 10.0
) -> AsyncIterator[None]:
    async with (
        HttpSender(contact="ops@aftermath.example", allowed=allowed, timeout_s=timeout_s) as sender,
        Deliverer(store=desk.store, sender=sender, clock=Now(), encode=encode, waits=waits, interval_s=0.02),
    ):
        yield


def ids(calls: Sequence[Call]) -> list[str]:
    return [call.json()["id"] for call in calls]


def is_signed(call: Call, secret: str) -> bool:
    """Check a signature as a receiver would."""
    headers = {name.lower(): value for name, value in call.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + call.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == f"v1,{wanted}"


async def test_every_delta_comes_once_in_order_signed_as_a_cloud_event() -> None:
    async with a_desk() as desk:
        webhook = await desk.subscribe()
        deltas = await publish(desk.store, [a_report(number) for number in range(3)])
        async with delivering(desk):
            await desk.receiver.until(lambda: len(desk.receiver.calls) == 3)
            deltas += await publish(desk.store, [a_report(9, type=DeltaType.RETRACTION, supersedes=deltas[0].id)])
            await desk.receiver.until(lambda: len(desk.receiver.calls) == 4)
        calls = desk.receiver.calls
        assert ids(calls) == [delta.id for delta in deltas]
        assert all(is_signed(call, webhook.secret) for call in calls)
        assert not is_signed(calls[0], new_secret())
        event = calls[-1].json()
        assert event["specversion"] == "1.0"
        assert event["source"] == "https://aftermath.example/v1/stories/harbour"
        assert event["type"] == "aftermath.delta.v1"
        assert (event["data"]["type"], event["data"]["supersedes"]) == ("retraction", deltas[0].id)
        assert calls[0].headers["Content-Type"].startswith("application/cloudevents+json")
        assert "ops@aftermath.example" in calls[0].headers["User-Agent"]


async def test_a_webhook_is_told_only_what_it_asked_for() -> None:
    async with a_desk() as desk:
        await desk.subscribe(filters={"lang": "ar", "min_score": 0.5})
        await publish(desk.store, [a_report(0, lang="ru"), a_report(1, lang="ar"), a_report(2, lang="ar", score=0.1)])
        last = await publish(desk.store, [a_report(3, lang="ar")])
        async with delivering(desk):
            await desk.receiver.until(lambda: len(desk.receiver.calls) == 2)
        assert [call.json()["data"]["lang"] for call in desk.receiver.calls] == ["ar", "ar"]
        assert ids(desk.receiver.calls)[-1] == last[0].id


async def test_what_fails_is_sent_again_before_what_follows() -> None:
    async with a_desk() as desk:
        await desk.subscribe()
        desk.receiver.statuses["/hook"] = [500, 302, 204]
        deltas = await publish(desk.store, [a_report(0), a_report(1)])
        async with delivering(desk):
            await desk.receiver.until(lambda: len(desk.receiver.calls) == 4)
        assert ids(desk.receiver.calls) == [deltas[0].id] * 3 + [deltas[1].id]


async def test_what_fails_too_often_is_dead_until_it_is_sent_again_by_hand() -> None:
    async with a_desk() as desk:
        webhook = await desk.subscribe()
        desk.receiver.statuses["/hook"] = [500] * 3
        deltas = await publish(desk.store, [a_report(0), a_report(1)])
        async with delivering(desk):
            await desk.receiver.until(lambda: len(desk.receiver.calls) == 4)
            dead = await desk.store.subscribers.delivery(webhook.id, deltas[0].id)
            assert dead is not None
            assert (dead.state, dead.attempts, dead.status) == ("dead", 3, 500)
            await desk.store.subscribers.save_delivery(
                type(dead)(webhook=dead.webhook, delta=dead.delta, seq=dead.seq, next_attempt_at=Now().now())
            )
            await desk.receiver.until(lambda: len(desk.receiver.calls) == 5)

            async def delivered() -> bool:
                return await desk.states(webhook) == ["delivered", "delivered"]

            await until(delivered)
        assert ids(desk.receiver.calls)[-1] == deltas[0].id


async def test_a_slow_receiver_holds_up_nobody_else() -> None:
    async with a_desk() as desk:
        desk.receiver.hold["/slow"] = asyncio.Event()
        await desk.subscribe("/slow")
        await desk.subscribe("/fast")
        await publish(desk.store, [a_report(number) for number in range(5)])
        async with delivering(desk):
            await desk.receiver.until(lambda: len(desk.receiver.of("/fast")) == 5)
        assert len(desk.receiver.of("/slow")) == 1


async def test_a_receiver_that_never_answers_is_a_failed_attempt() -> None:
    async with a_desk() as desk:
        desk.receiver.hold["/hook"] = asyncio.Event()
        webhook = await desk.subscribe()
        await publish(desk.store, [a_report(0)])

        async def dead() -> bool:
            return await desk.states(webhook) == ["dead"]

        async with delivering(desk, timeout_s=0.05):
            await until(dead)
        held = await desk.store.subscribers.deliveries(webhook.id, 0, 1)
        assert held[0].error == "no answer within 0.05 s"


async def test_a_receiver_that_is_gone_is_left_alone() -> None:
    async with a_desk() as desk:
        webhook = await desk.subscribe()
        desk.receiver.statuses["/hook"] = [410]
        deltas = await publish(desk.store, [a_report(0), a_report(1)])

        async def disabled() -> bool:
            return (await desk.store.subscribers.webhooks())[0].disabled is not None

        async with delivering(desk):
            await until(disabled)
        assert len(desk.receiver.calls) == 1
        assert await desk.states(webhook) == ["dead"]
        desk.receiver.statuses["/hook"] = []
        await desk.store.subscribers.enable_webhook(webhook.id)
        assert await desk.store.subscribers.resend_dead(webhook.id, Now().now()) == 1

        async def delivered() -> bool:
            return await desk.states(webhook) == ["delivered", "delivered"]

        async with delivering(desk):
            await until(delivered)
        assert ids(desk.receiver.calls) == [deltas[0].id, *(delta.id for delta in deltas)]


async def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    async with Receiver() as receiver:
        path = tmp_path / "ledger.db"
        store = await SqliteStore.open(path, now=Now().now)
        desk = Desk(store, receiver)
        await desk.subscribe()
        receiver.statuses["/hook"] = [204, 503]
        deltas = await publish(store, [a_report(number) for number in range(4)])
        async with delivering(desk, waits=(timedelta(milliseconds=300),)):
            await receiver.until(lambda: len(receiver.calls) == 2)

            async def kept() -> bool:
                return len(await store.subscribers.deliveries("w-0", 0, 9, "waiting")) == 1

            await until(kept)
        await store.close()
        store = await SqliteStore.open(path, now=Now().now)
        async with delivering(Desk(store, receiver)):
            await receiver.until(lambda: len(receiver.calls) == 5)
        await store.close()
        assert ids(receiver.calls) == [deltas[number].id for number in (0, 1, 1, 2, 3)]


async def test_nothing_is_sent_into_our_own_network() -> None:
    async with a_desk() as desk:
        webhook = await desk.subscribe()
        by_name = await desk.subscribe(url=desk.receiver.url("/named").replace("127.0.0.1", "localhost"))
        await publish(desk.store, [a_report(0)])

        async def dead() -> bool:
            return [await desk.states(each) for each in (webhook, by_name)] == [["dead"], ["dead"]]

        async with delivering(desk, allowed=()):
            await until(dead)
        assert desk.receiver.calls == []
        for each in (webhook, by_name):
            held = await desk.store.subscribers.deliveries(each.id, 0, 1)
            assert "not a public address" in str(held[0].error)


async def test_a_redirect_is_not_followed() -> None:
    async with a_desk() as desk:
        await desk.subscribe()
        desk.receiver.statuses["/hook"] = [307, 307, 307]
        desk.receiver.headers["Location"] = desk.receiver.url("/elsewhere")
        await publish(desk.store, [a_report(0)])
        async with delivering(desk):
            await desk.receiver.until(lambda: len(desk.receiver.of("/hook")) == 3)
        assert desk.receiver.of("/elsewhere") == []


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://desk.example/hook", True),
        ("http://8.8.8.8/hook", True),
        ("http://127.0.0.1/hook", False),
        ("http://[::ffff:10.0.0.1]/", False),
        ("ftp://desk.example/", False),
        ("https://me:pw@desk.example/", False),
        ("https://desk.example/a b", False),
    ],
)
def test_an_address_that_can_never_be_called_is_refused_at_once(url: str, *, fine: bool) -> None:
    assert (receiver_refusal(url, ()) is None) is fine


@pytest.mark.parametrize("secret", ["", "short", "whsec_", "whsec_AAAA", "whsec_!!!", "x" * 44, f"whsec_{'A' * 120}"])
def test_a_secret_is_long_enough_to_be_one(secret: str) -> None:
    assert secret_fault(secret) is not None
    assert secret_fault(new_secret()) is None
    assert new_secret() != new_secret()
