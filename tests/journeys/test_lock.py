"""One process writes a file, others read it: a second writer is told who holds it, and the first ends when asked."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from journeys.service_process import Service, command, until, write_opml
from journeys.small_story import FOLLOW_UP, STORY, story_folder
from news_site import Item, NewsSite
from patience import patient

DELTAS = f"/v1/stories/{STORY}/deltas"
_READY_S = 30.0


async def _told(service: Service) -> None:
    async def has_delta() -> bool:
        return bool((await service.json(DELTAS))["items"])

    await until(has_delta, 20.0)


def _site_with_news(site: NewsSite) -> None:
    site.publish("/a.xml", [Item(FOLLOW_UP, link="https://news.example/1", published=datetime.now(UTC))])


async def test_others_read_beside_a_running_service_and_none_writes(tmp_path: Path) -> None:
    async with NewsSite() as site:
        _site_with_news(site)
        feeds, stories = write_opml(tmp_path / "feeds.opml", [site.url("/a.xml")]), story_folder(tmp_path)

        async def call(*arguments: str | Path) -> tuple[int, str, str]:
            done = await asyncio.to_thread(command, tmp_path, *arguments, feeds=feeds, stories=stories)
            return done.returncode, done.stdout, done.stderr

        async with Service(folder=tmp_path, settings={"feeds": feeds, "stories": stories}) as service:
            await service.ready(_READY_S)
            await _told(service)
            assert service.process is not None
            for writer in (("poll", "--all"), ("feeds", "import", feeds)):
                code, out, err = await call(*writer)
                assert (code, out) == (1, ""), writer
                lines = [line for line in err.splitlines() if line]
                assert len(lines) == 1, err
                assert str(tmp_path / "aftermath.db") in lines[0]
                assert f"process {service.process.pid} (since " in lines[0]

            settings: dict[str, object] = {"feeds": feeds, "stories": stories}
            async with Service(folder=tmp_path, settings=settings, arguments=("serve",)) as reader:
                await reader.ready(_READY_S)
                assert await reader.json(DELTAS) == await service.json(DELTAS)
                assert (await reader.get(f"/feeds/{STORY}.rss"))[0] == 200
                # what the writer adds later, the reader sees
                site.publish("/a.xml", [Item("Admiral Hentzau flees Strelsau", guid="2", published=datetime.now(UTC))])

                async def sees_both() -> bool:
                    return len((await reader.json(DELTAS))["items"]) == 2

                await until(sees_both, 20.0)
                assert await reader.end(signal.SIGTERM) == 0

            code, out, _ = await call("feeds", "list", "--json")
            assert (code, [feed["url"] for feed in json.loads(out)]) == (0, [site.url("/a.xml")])
            assert (await call("config"))[0] == 0
            assert (await call("story", "list"))[0] == 0
            assert (await service.get("/readyz"))[0] == 200
            assert await service.end(signal.SIGTERM) == 0

        code, out, err = await call("poll", "--all", "--json")
        assert (code, err, json.loads(out)["entries"]) == (0, "", {"new": 0, "revised": 0})


async def test_a_service_whose_port_is_taken_asks_no_publisher(tmp_path: Path) -> None:
    async with NewsSite() as site:
        _site_with_news(site)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            done = await asyncio.to_thread(
                command,
                tmp_path,
                "run",
                feeds=write_opml(tmp_path / "feeds.opml", [site.url("/a.xml")]),
                stories=story_folder(tmp_path),
                port=taken.getsockname()[1],
            )
        assert done.returncode == 1
        assert "set AFTERMATH_PORT to a free port" in done.stderr
        assert site.requests == [], "who restarts it for ever would have it ask each time"


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
async def test_the_service_ends_in_time_whatever_is_under_way(tmp_path: Path, by: signal.Signals) -> None:
    async with NewsSite() as site:
        _site_with_news(site)
        paths = ["/a.xml", "/slow", "/silent", "/huge"]
        settings: dict[str, object] = {
            "feeds": write_opml(tmp_path / "feeds.opml", [site.url(path) for path in paths]),
            "stories": story_folder(tmp_path),
            "feed_body_limit_bytes": 2_000_000_000,
        }
        async with Service(folder=tmp_path, settings=settings) as service, aiohttp.ClientSession() as http:
            await service.ready(_READY_S)
            await _told(service)
            async with http.get(f"{service.address}/v1/stories/{STORY}/stream") as stream:  # a reader that stays
                assert stream.status == 200
                begun = time.monotonic()
                assert await service.end(by) == 0
                assert time.monotonic() - begun < patient(30.0)  # what containers are given

        assert "Traceback" not in service.log
        assert "\nstopping\n" in service.log  # polls that were under way may be logged behind it


async def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    async with NewsSite() as site:
        _site_with_news(site)
        feeds, stories = write_opml(tmp_path / "feeds.opml", [site.url("/a.xml")]), story_folder(tmp_path)
        done = await asyncio.to_thread(
            command, tmp_path, "run", feeds=feeds, stories=stories, port=site.port, log_level="warning"
        )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"127.0.0.1:{site.port}" in done.stderr
    assert "AFTERMATH_PORT" in done.stderr


async def test_where_the_port_is_left_open_every_link_names_the_one_picked(tmp_path: Path) -> None:
    async with NewsSite() as site:
        feeds, stories = write_opml(tmp_path / "feeds.opml", [site.url("/a.xml")]), story_folder(tmp_path)
        async with Service(folder=tmp_path, settings={"feeds": feeds, "stories": stories, "port": 0}) as service:

            async def says_where() -> bool:
                return "stop with" in await asyncio.to_thread(lambda: service.log)

            await until(says_where, _READY_S)
            service.port = int(service.log.partition("running at http://127.0.0.1:")[2].split()[0])
            feed = await service.json(f"/feeds/{STORY}.json")
            assert feed["feed_url"] == f"{service.address}/feeds/{STORY}.json"
            assert await service.end(signal.SIGTERM) == 0


async def test_serve_without_a_store_says_what_to_start_first(tmp_path: Path) -> None:
    done = await asyncio.to_thread(command, tmp_path, "serve", stories=story_folder(tmp_path))

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(tmp_path / "aftermath.db") in done.stderr
    assert not (tmp_path / "aftermath.db").exists()
