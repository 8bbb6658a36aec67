"""An operator changes what a running service follows: by files and a signal, and over the API."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import yaml
from journeys.service_process import Service, command, until, write_opml
from journeys.small_story import FOLLOW_UP, SMALL_STORY, write_story
from news_site import Item, NewsSite

from service.core.ids import feed_id

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "s3same"
LIMIT_S = 30.0
SECOND = SMALL_STORY.replace("id: harbour\n", "id: second\n", 1)


def an_item(title: str, name: str) -> Item:
    link = f"https://outlet.test/{name}"
    return Item(title, "As our reporter saw.", link, link, datetime.now(UTC) - timedelta(hours=2))


async def ask(service: Service, method: str, path: str, body: object = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.request(method, service.address + path, json=body) as answer,
    ):
        text = await answer.text()
        return answer.status, json.loads(text) if text else None


async def deltas(service: Service, story: str) -> int:
    return len((await service.json(f"/v1/stories/{story}/deltas"))["items"])


async def test_a_running_service_takes_over_files_and_stories_and_keeps_them(tmp_path: Path) -> None:
    file = write_story(tmp_path / "stories")
    settings = {"stories": file.parent, "feeds": tmp_path / "feeds.opml", "admin_token": TOKEN}
    async with NewsSite() as site:
        site.publish("/first.rss", [an_item(FOLLOW_UP, "first")])
        site.publish("/second.rss", [an_item("Admiral Hentzau arrested at Strelsau harbour", "second")])
        write_opml(tmp_path / "feeds.opml", [site.url("/first.rss")])
        async with Service(folder=tmp_path, settings=dict(settings)) as service:
            await service.ready(LIMIT_S)

            async def told() -> bool:
                return await deltas(service, "harbour") > 0

            await until(told, LIMIT_S)

            # a signal takes over the files
            write_opml(tmp_path / "feeds.opml", [site.url("/first.rss"), site.url("/second.rss")])
            file.write_text(SMALL_STORY.replace("The navy and its harbour", "The navy"), encoding="utf-8")
            assert service.process is not None
            service.process.send_signal(signal.SIGHUP)

            async def reloaded() -> bool:
                renamed = (await service.json("/v1/stories/harbour"))["title"] == "The navy"
                return renamed and await deltas(service, "harbour") > 1

            await until(reloaded, LIMIT_S)

            # a bad file is refused by name and line
            file.write_text(SMALL_STORY.replace("role: core", "role: hero", 1), encoding="utf-8")
            status, problem = await ask(service, "POST", "/v1/admin/reload")
            assert (status, "harbour.yaml:11" in problem["detail"]) == (422, True)
            assert (await service.json("/v1/stories/harbour"))["title"] == "The navy"
            file.write_text(SMALL_STORY, encoding="utf-8")

            # a story sent over the API is judged over what is stored
            status, _ = await ask(service, "POST", "/v1/stories", json.loads(json.dumps(_document(), default=str)))
            assert status == 201

            async def backfilled() -> bool:
                return await deltas(service, "second") == await deltas(service, "harbour")

            await until(backfilled, LIMIT_S)

            # a feed deleted by hand stays so
            gone = feed_id(site.url("/second.rss"))
            assert (await ask(service, "DELETE", f"/v1/feeds/{gone}"))[0] == 204
            status, changes = await ask(service, "POST", "/v1/admin/reload")
            assert [feed["id"] for feed in changes["feeds"]["deleted_by_hand"]] == [gone]
            listed = command(tmp_path, "feeds", "list", **settings)
            assert "Outlet 1: deleted by hand" in listed.stdout, listed.stderr

            # a command's feeds go through it, and say which were there
            opml = write_opml(tmp_path / "more.opml", [site.url("/first.rss"), site.url("/third.rss")])
            sent = command(tmp_path, "feeds", "import", opml, **settings)
            assert "1 feed added, 1 already there" in sent.stdout, sent.stderr
            assert f"the store is in use; sent to {service.address}" in sent.stderr

            # beside it, a reader sees the same and says who writes
            reader = Service(folder=tmp_path, settings=dict(settings), arguments=("serve",))
            async with reader:
                await reader.ready(LIMIT_S)
                assert await deltas(reader, "second") == await deltas(service, "second")
                status, problem = await ask(reader, "DELETE", "/v1/stories/second")
                assert (status, f"process {service.process.pid}" in problem["detail"]) == (409, True)

                assert (await ask(service, "DELETE", "/v1/stories/second"))[0] == 204

                async def noticed() -> bool:
                    return not (await reader.json("/v1/stories/second"))["followed"]

                await until(noticed, LIMIT_S)
            assert await deltas(service, "second") > 0
            assert await service.end(signal.SIGTERM) == 0


def _document() -> Any:
    return yaml.safe_load(SECOND)
