"""What every store promises about who is told of deltas: webhooks, deliveries, reader tokens, positions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from builders import MINUTE, NOON, STORY

from service.core.errors import StorageError
from service.core.webhooks import Delivery, DeliveryState, ReaderToken, Webhook

if TYPE_CHECKING:
    from service.ports import Store


def a_webhook(**over: Any) -> Webhook:
    values: dict[str, Any] = {
        "id": "w-1",
        "url": "https://desk.example/hook",
        "story": STORY,
        "filters": {"thread": "bases", "min_score": 0.5},
        "secret": "whsec_x",
        "position": 3,
        "created_at": NOON,
    }
    return Webhook(**values | over)


def a_delivery(**over: Any) -> Delivery:
    values: dict[str, Any] = {"webhook": "w-1", "delta": "d-1", "seq": 4}
    return Delivery(**values | over)


def a_token(**over: Any) -> ReaderToken:
    values: dict[str, Any] = {"id": "t-1", "digest": "ab" * 32, "story": None, "note": "Бюро", "created_at": NOON}
    return ReaderToken(**values | over)


async def test_webhooks_come_back_as_they_were_kept_oldest_first(store: Store) -> None:
    later = a_webhook(id="w-0", filters={}, created_at=NOON + MINUTE, disabled="gone")
    await store.subscribers.add_webhook(later)
    await store.subscribers.add_webhook(a_webhook())
    assert await store.subscribers.webhooks() == [a_webhook(), later]


async def test_a_removed_webhook_is_gone_with_its_deliveries(store: Store) -> None:
    await store.subscribers.add_webhook(a_webhook())
    await store.subscribers.save_delivery(a_delivery())
    assert await store.subscribers.remove_webhook("w-1")
    assert not await store.subscribers.remove_webhook("w-1")
    assert await store.subscribers.deliveries("w-1", 0, 10) == []
    with pytest.raises(StorageError, match="removed"):
        await store.subscribers.save_delivery(a_delivery())


async def test_a_delivery_replaces_its_earlier_state_and_keeps_its_place(store: Store) -> None:
    await store.subscribers.add_webhook(a_webhook())
    first = a_delivery(attempts=1, status=503, error="busy", next_attempt_at=NOON + MINUTE, last_attempt_at=NOON)
    await store.subscribers.save_delivery(first)
    await store.subscribers.save_delivery(a_delivery(delta="d-2", seq=5))
    await store.subscribers.save_delivery(replace(first, state="delivered", attempts=2, next_attempt_at=None))
    held = await store.subscribers.deliveries("w-1", 0, 10)
    assert [(each.delta, each.state, each.attempts) for each in held] == [
        ("d-1", "delivered", 2),
        ("d-2", "waiting", 0),
    ]
    assert held[0] == await store.subscribers.delivery("w-1", "d-1")
    assert await store.subscribers.deliveries("w-1", held[0].number, 10) == held[1:]
    assert await store.subscribers.deliveries("w-1", 0, 10, "waiting") == held[1:]
    assert await store.subscribers.delivery("w-1", "d-9") is None


@pytest.mark.parametrize(("state", "position"), [("waiting", 3), ("delivered", 7), ("dead", 7)])
async def test_only_what_is_settled_moves_a_webhook_on(store: Store, state: Any, position: int) -> None:
    await store.subscribers.add_webhook(a_webhook())
    await store.subscribers.save_delivery(a_delivery(seq=7, state=state))
    await store.subscribers.save_delivery(a_delivery(delta="d-0", seq=1, state=state))
    assert [each.position for each in await store.subscribers.webhooks()] == [position]


async def test_a_webhook_is_leased_to_one_at_a_time(store: Store) -> None:
    lease = store.subscribers.lease_webhook
    await store.subscribers.add_webhook(a_webhook())
    assert await lease("w-1", NOON, NOON + MINUTE)
    assert not await lease("w-1", NOON, NOON + MINUTE)
    assert await lease("w-1", NOON + MINUTE, NOON + 2 * MINUTE)
    await store.subscribers.save_delivery(a_delivery())
    assert await lease("w-1", NOON, NOON + MINUTE)
    await store.subscribers.disable_webhook("w-1", "gone (410)")
    assert not await lease("w-1", NOON + 9 * MINUTE, NOON + 10 * MINUTE)
    assert not await lease("w-9", NOON, NOON + MINUTE)
    assert [each.disabled for each in await store.subscribers.webhooks()] == ["gone (410)"]


async def test_a_disabled_webhook_goes_on_from_its_position_when_it_is_enabled(store: Store) -> None:
    await store.subscribers.add_webhook(a_webhook())
    await store.subscribers.save_delivery(a_delivery(state="dead", seq=7))
    await store.subscribers.disable_webhook("w-1", "gone (410)")
    assert await store.subscribers.enable_webhook("w-1")
    assert await store.subscribers.webhooks() == [a_webhook(position=7)]
    assert await store.subscribers.lease_webhook("w-1", NOON, NOON + MINUTE)
    assert not await store.subscribers.enable_webhook("w-9")


async def test_dead_deliveries_wait_again_all_at_once_and_nothing_else_moves(store: Store) -> None:
    for name in ("w-1", "w-2"):
        await store.subscribers.add_webhook(a_webhook(id=name))
        states: tuple[DeliveryState, ...] = ("dead", "delivered", "dead", "waiting")
        for number, state in enumerate(states, start=1):
            given = a_delivery(webhook=name, delta=f"d-{number}", seq=number, attempts=9, error="busy")
            await store.subscribers.save_delivery(replace(given, state=state))
    assert await store.subscribers.resend_dead("w-1", NOON) == 2
    assert await store.subscribers.resend_dead("w-1", NOON) == 0
    held = await store.subscribers.deliveries("w-1", 0, 10)
    assert [(each.state, each.attempts) for each in held] == [
        ("waiting", 0),
        ("delivered", 9),
        ("waiting", 0),
        ("waiting", 9),
    ]
    assert held[0].next_attempt_at == NOON
    assert (await store.subscribers.webhooks())[0].position == 3
    assert len(await store.subscribers.deliveries("w-2", 0, 10, "dead")) == 2


async def test_the_oldest_delivered_are_forgotten_the_others_stay(store: Store) -> None:
    await store.subscribers.add_webhook(a_webhook())
    await store.subscribers.save_delivery(a_delivery(delta="d-dead", state="dead"))
    for number in range(510):
        await store.subscribers.save_delivery(a_delivery(delta=f"d-{number}", seq=number, state="delivered"))
    held = [each.delta for each in await store.subscribers.deliveries("w-1", 0, 1000)]
    assert held == ["d-dead", *[f"d-{number}" for number in range(10, 510)]]


async def test_tokens_are_found_by_their_digest_until_they_are_revoked(store: Store) -> None:
    other = a_token(id="t-2", digest="cd" * 32, story=STORY, created_at=NOON + MINUTE)
    await store.subscribers.add_token(other)
    await store.subscribers.add_token(a_token())
    assert await store.subscribers.tokens() == [a_token(), other]
    assert await store.subscribers.token("cd" * 32) == other
    assert await store.subscribers.remove_token("t-2")
    assert not await store.subscribers.remove_token("t-2")
    assert await store.subscribers.token("cd" * 32) is None


async def test_a_position_is_none_until_it_is_kept(store: Store) -> None:
    assert await store.subscribers.position("websub:x") is None
    await store.subscribers.move_position("websub:x", 5)
    await store.subscribers.move_position("websub:x", 3)
    assert await store.subscribers.position("websub:x") == 3
