"""Many readers of one stream: each gets every delta once, in order, however often it comes back."""

from __future__ import annotations

import asyncio

from aiohttp import ClientSession, TCPConnector
from api.api_builders import a_report, a_site, publish
from api.subscriber import Subscriber
from patience import patient

READERS = 200
DELTAS = 6


async def test_every_reader_gets_every_delta_once_across_reconnects() -> None:
    async with a_site([a_report(0)]) as site, ClientSession(connector=TCPConnector(limit=0)) as http:
        url = f"{site.url}/v1/stories/harbour/stream"
        readers = [Subscriber(http, url, DELTAS, patience=2 + number % 3) for number in range(READERS)]
        async with asyncio.timeout(patient(60)), asyncio.TaskGroup() as tasks:
            for reader in readers:
                tasks.create_task(reader.run())
            for reader in readers:
                await reader.ready.wait()
            for number in range(1, DELTAS + 1, 3):
                await publish(site.store, [a_report(each) for each in range(number, number + 3)])
        wanted = list(range(2, DELTAS + 2))
        assert [reader.seqs for reader in readers] == [wanted] * READERS
        assert any(reader.connections > 1 for reader in readers)


async def test_readers_with_the_same_filter_are_served_from_one_look_at_the_ledger() -> None:
    async with a_site([a_report(0)]) as site, ClientSession(connector=TCPConnector(limit=0)) as http:
        looks = 0
        look = site.store.deltas_after

        async def counted(*args: object, **named: object) -> object:
            nonlocal looks
            looks += 1
            return await look(*args, **named)  # type: ignore[arg-type]

        site.store.deltas_after = counted  # type: ignore[method-assign, assignment]
        url = f"{site.url}/v1/stories/harbour/stream"
        readers = [Subscriber(http, f"{url}?lang={'ru' if number % 2 else 'ar'}", 1, 9) for number in range(40)]
        async with asyncio.timeout(patient(30)), asyncio.TaskGroup() as tasks:
            for reader in readers:
                tasks.create_task(reader.run())
            for reader in readers:
                await reader.ready.wait()
            await publish(site.store, [a_report(1, lang="ru"), a_report(2, lang="ar")])
        assert {tuple(reader.seqs) for reader in readers} == {(2,), (3,)}
        assert looks <= 8
