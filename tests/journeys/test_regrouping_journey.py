"""An editor takes apart what was taken for one happening, the service is killed, and what is reported later fits."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from journeys.service_process import Service, until, write_opml
from news_site import Item, NewsSite

from service.client import Client

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "s3same"
STORY = "/v1/stories/assad-exit"
FIRST = "Russia withdraws all its soldiers from the Khmeimim air base"
SECOND = "Khmeimim: Russian soldiers have left the air base, witnesses say"
LATER = "Witnesses say that Russian soldiers left the Khmeimim air base on foot"
LIMIT_S = 30.0


def items(*titles: str) -> list[Item]:
    at = datetime.now(UTC) - timedelta(hours=2)
    links = [f"https://outlet.test/{place}" for place in range(len(titles))]
    return [Item(title, "", link, link, at) for title, link in zip(titles, links, strict=True)]


async def grouping(service: Service) -> dict[str, int]:
    """Return development → reports."""
    page = await service.json(f"{STORY}/developments?limit=100")
    return {each["id"]: each["reports"] for each in page["items"]}


async def deltas(service: Service) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await service.json(f"{STORY}/deltas?limit=100"))["items"]
    return found


async def test_a_split_outlives_a_kill_and_a_merge_undoes_it(tmp_path: Path) -> None:
    async with NewsSite() as site:
        site.publish("/news.xml", items(FIRST, SECOND))
        feeds = write_opml(tmp_path / "feeds.opml", [site.url("/news.xml")])
        service = Service(folder=tmp_path, settings={"feeds": feeds, "poll_max_interval_s": 1, "admin_token": TOKEN})

        async def is_grouped(*reports: int) -> bool:
            return sorted((await grouping(service)).values()) == sorted(reports)

        async with service:
            await service.ready(LIMIT_S)
            await until(lambda: is_grouped(2), LIMIT_S)
            [one] = await grouping(service)
            before = await deltas(service)
            entries = (await service.json("/v1/entries?limit=10"))["items"]
            second = next(entry["id"] for entry in entries if entry["title"] == SECOND)
            async with Client(service.address, token=TOKEN) as editor:
                order = await editor.split(one, [second], note="Another unit")
            await service.end(signal.SIGKILL)

        async with service:
            await service.ready(LIMIT_S)
            await until(lambda: is_grouped(1, 1), LIMIT_S)
            told = await deltas(service)
            assert told[: len(before)] == before
            [correction] = told[len(before) :]
            assert (correction["id"], correction["type"], correction["by"]) == (order.delta, "correction", "editor")
            assert correction["line"].startswith("Two happenings, not one: ")
            site.publish("/news.xml", items(FIRST, SECOND, LATER))
            await until(lambda: is_grouped(1, 2), LIMIT_S)
            assert await grouping(service) == {one: 1, order.into: 2}
            async with Client(service.address, token=TOKEN) as editor:
                back = await editor.merge(order.into, one)
            await until(lambda: is_grouped(0, 3), LIMIT_S)
            assert await grouping(service) == {one: 3, order.into: 0}
            newest = (await deltas(service))[-1]
            assert (newest["id"], newest["supersedes"]) == (back.delta, order.delta)
            assert newest["line"].startswith("One happening: ")
            assert await service.end(signal.SIGTERM) == 0
        assert "Traceback" not in service.log
