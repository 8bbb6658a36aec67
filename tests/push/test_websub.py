"""A real hub on loopback is told of the feeds that change, and only of those; a hub that fails is told again."""

from __future__ import annotations

import ipaddress
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from api.api_builders import FakeClock, a_report, publish
from builders import a_mention
from push.receiver import Receiver, until

from service.api.documents import topics
from service.api.links import Links
from service.core.model import DeltaType
from service.feeds.send import HttpSender
from service.push.websub import Publisher
from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LINKS = Links.of("https://aftermath.example", "aftermath.example")


@asynccontextmanager
async def a_hub() -> AsyncIterator[tuple[SqliteStore, Receiver]]:
    store = await SqliteStore.open(":memory:", now=FakeClock().now)
    try:
        async with Receiver() as hub:
            yield store, hub
    finally:
        await store.close()


@asynccontextmanager
async def publishing(store: SqliteStore, hub: Receiver) -> AsyncIterator[None]:
    async with (
        HttpSender(allowed=[ipaddress.ip_network("127.0.0.0/8")]) as sender,
        Publisher(
            store=store,
            sender=sender,
            hub=hub.url("/"),
            stories=lambda: ["harbour"],
            topics=lambda delta: topics(delta, LINKS),
            interval_s=0.02,
        ),
    ):
        yield


def pinged(hub: Receiver) -> list[str]:
    forms = [parse_qs(call.body.decode()) for call in hub.calls]
    assert all(form["hub.mode"] == ["publish"] for form in forms)
    return [form["hub.url"][0].removeprefix("https://aftermath.example/feeds/") for form in forms]


WANTED = [
    f"{name}.{fmt}{query}"
    for name, query in [
        ("harbour", ""),
        ("harbour", "?type=correction"),
        ("harbour/bases", ""),
        ("harbour", "?entity=navy"),
        ("harbour", "?lang=ar"),
    ]
    for fmt in ("rss", "atom", "json")
]


async def test_the_hub_is_told_of_every_feed_a_delta_changes_and_of_nothing_before() -> None:
    async with a_hub() as (store, hub):
        await publish(store, [a_report(1)])
        async with publishing(store, hub):
            report = a_report(
                2, type=DeltaType.CORRECTION, threads=("bases",), lang="ar", entities=(a_mention(), a_mention())
            )
            await publish(store, [report])
            await hub.until(lambda: len(hub.calls) >= len(WANTED))
        assert pinged(hub) == WANTED


async def test_a_hub_that_fails_is_told_again_also_after_a_restart() -> None:
    async with a_hub() as (store, hub):
        async with publishing(store, hub):
            hub.statuses["/"] = [500] * 3
            await publish(store, [a_report(1, lang="ar", threads=())])
            await hub.until(lambda: len(hub.calls) >= 2)
        hub.statuses["/"].clear()
        hub.calls.clear()
        async with publishing(store, hub):
            await hub.until(lambda: len(hub.calls) >= 9)
        assert "harbour.rss" in pinged(hub)
        assert len(set(pinged(hub))) == 9


async def _told(store: SqliteStore) -> bool:
    return await store.subscribers.position("websub:harbour") == (await store.ledger_state("harbour")).seq


async def test_what_was_told_is_not_told_again() -> None:
    async with a_hub() as (store, hub):
        for number in (1, 2):
            async with publishing(store, hub):
                await publish(store, [a_report(number, lang="ar", threads=())])
                await until(partial(_told, store))
        assert len(hub.calls) == 18
