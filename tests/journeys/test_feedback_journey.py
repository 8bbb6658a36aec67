"""An editor at work on a running service: what readers see, after further polls and after a restart."""

from __future__ import annotations

import asyncio
import io
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import feedparser
from journeys.service_process import Service, command, until, write_opml
from news_site import Item, NewsSite

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "s3same"
STORY = "/v1/stories/assad-exit"
TOLD = "Russia withdraws all its soldiers from the Khmeimim air base"
MISSED = "Tourists return to Tartus beaches"
LIMIT_S = 30.0


def an_item(title: str, name: str) -> Item:
    link = f"https://outlet.test/{name}"
    return Item(title, "As our reporter saw.", link, link, datetime.now(UTC) - timedelta(hours=2))


async def entry_of(service: Service, title: str) -> dict[str, Any]:
    page = await service.json("/v1/entries?limit=500")
    found: dict[str, Any] = next(entry for entry in page["items"] if entry["title"].startswith(title))
    return found


async def deltas(service: Service) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await service.json(f"{STORY}/deltas?limit=500"))["items"]
    return items


async def outcome(service: Service, entry: str) -> tuple[int, str]:
    decision = await service.json(f"/v1/entries/{entry}/decision")
    return decision["revision"], decision["outcome"]


async def rss_titles(service: Service) -> list[str]:
    _, body = await service.get("/feeds/assad-exit.rss")
    document = feedparser.parse(io.BytesIO(body))
    assert not document.bozo
    return [entry.title for entry in document.entries]


async def judge(service: Service, entry: str, *, relevant: bool, note: str = "") -> int:
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
        http.post(
            f"{service.address}/v1/entries/{entry}/feedback", json={"relevant": relevant, "note": note}
        ) as answer,
    ):
        return answer.status


async def test_what_an_editor_decides_is_published_and_stays(tmp_path: Path) -> None:
    async with NewsSite() as site:
        site.publish("/news.xml", [an_item(TOLD, "told"), an_item(MISSED, "missed")])
        feeds = write_opml(tmp_path / "feeds.opml", [site.url("/news.xml")])
        settings: dict[str, object] = {"feeds": feeds, "poll_max_interval_s": 1, "admin_token": TOKEN}
        service = Service(folder=tmp_path, settings=settings)
        async with service:
            await service.ready(LIMIT_S)

            async def is_told() -> bool:
                return len(await deltas(service)) == 1

            await until(is_told, LIMIT_S)
            told, missed = [await entry_of(service, title) for title in (TOLD, MISSED)]
            assert await outcome(service, missed["id"]) == (1, "rejected")

            # a rejection is a retraction in the feed
            assert await judge(service, told["id"], relevant=False, note="It is another base") == 202

            async def is_withdrawn() -> bool:
                return len(await deltas(service)) == 2

            await until(is_withdrawn, LIMIT_S)
            first, retraction = await deltas(service)
            assert (retraction["type"], retraction["by"], retraction["supersedes"]) == (
                "retraction",
                "editor",
                first["id"],
            )
            assert "It is another base" in retraction["reason"]
            assert (await rss_titles(service))[0].startswith("[retraction]")

            # an accepted near miss appears, judged by command while the service runs
            done = await asyncio.to_thread(
                command, tmp_path, "feedback", missed["id"], "--relevant", "yes", **settings, port=service.port
            )
            assert done.returncode == 0, done.stderr

            async def is_accepted() -> bool:
                return len(await deltas(service)) == 3

            await until(is_accepted, LIMIT_S)
            assert MISSED in (await rss_titles(service))[0]

            # the publisher edits both items: nothing is brought back, nothing told twice
            site.publish("/news.xml", [an_item(f"{TOLD}, officials say", "told"), an_item(f"{MISSED} again", "missed")])

            async def is_judged_again() -> bool:
                outcomes = [await outcome(service, entry["id"]) for entry in (told, missed)]
                return outcomes[0] == (2, "rejected") and outcomes[1] == (2, "repeat")

            await until(is_judged_again, LIMIT_S)
            before = await deltas(service)
            assert Counter(delta["type"] for delta in before) == {"new_development": 2, "retraction": 1}
            assert await service.end(signal.SIGTERM) == 0

        # a restarted service makes the same of it, and of what comes then
        async with service:
            await service.ready(LIMIT_S)
            site.publish("/news.xml", [an_item(f"{TOLD}: minister", "told"), an_item(f"{MISSED} again", "missed")])

            async def is_third_revision_judged() -> bool:
                return await outcome(service, told["id"]) == (3, "rejected")

            await until(is_third_revision_judged, LIMIT_S)
            assert await deltas(service) == before
            assert await judge(service, told["id"], relevant=False) == 202
            assert await judge(service, missed["id"], relevant=False) == 202

            async def is_withdrawn_too() -> bool:
                return len(await deltas(service)) == 4

            await until(is_withdrawn_too, LIMIT_S)
            assert (await deltas(service))[:3] == before
            assert (await deltas(service))[3]["supersedes"] == before[2]["id"]
            assert await service.end(signal.SIGTERM) == 0
        assert "Traceback" not in service.log
