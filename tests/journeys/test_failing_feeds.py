"""Feeds fail in every way at once, and the service says of each how, reads the healthy ones and keeps its calm."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from journeys.service_process import Service, free_port, until, write_opml
from journeys.small_story import FOLLOW_UP, STORY, story_folder
from news_site import Item, NewsSite

Json = dict[str, Any]
_CUT_OFF = '<?xml version="1.0"?><rss version="2.0"><channel><title>Cut & off</title><item><title>Half an it'
_WANTED = {
    "/slow": "timeout",
    "/silent": "timeout",
    "/loop": "redirects",
    "/hops/30/a.xml": "redirects",
    "/page.html": "not_a_feed",
    "/empty": "not_a_feed",
    "/noise": "not_a_feed",
    "/status/401": "http",
    "/status/403": "http",
    "/status/404": "not_found",
    "/status/410": "gone",
    "/status/429?retry-after=3600": "rate_limited",
    "/status/500": "http",
    "/status/503": "rate_limited",
    "/huge": "too_large",
    "/bomb": "too_large",
    "/reset": "connection",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Polled:
    """What the API and the log say once every feed was polled."""

    feeds: dict[str, Json]  # path or address → row of /v1/feeds
    entries: list[Json]
    deltas: list[Json]
    ready: int
    log: str
    elsewhere: dict[str, str]  # address → error class


async def _poll(folder: Path) -> Polled:
    now = datetime.now(UTC)
    async with NewsSite(slow_s=60.0) as site:
        site.publish("/a.xml", [Item(FOLLOW_UP, link="https://news.example/a", published=now)])
        site.publish("/b.xml", [Item("Admiral Hentzau flees Strelsau", link="https://news.example/b", published=now)])
        site.serve("/page.html", "<!doctype html><html><body><h1>Welcome</h1></body></html>", "text/html")
        site.serve("/empty", b"")
        site.serve("/noise", bytes(range(256)) * 40, "application/octet-stream")
        site.serve("/cut-off.xml", _CUT_OFF)
        elsewhere = {
            f"http://127.0.0.1:{free_port()}/closed.xml": "connection",
            f"https://127.0.0.1:{site.port}/no-tls.xml": "tls",
            "http://192.168.77.7/private.xml": "refused",
            "http://169.254.169.254/latest/meta-data": "refused",
            "http://[::1]/loopback.xml": "refused",
        }
        urls = [site.url(path) for path in ("/a.xml", "/b.xml", "/cut-off.xml", *_WANTED)] + [*elsewhere]
        settings: dict[str, object] = {
            "feeds": write_opml(folder / "feeds.opml", urls),
            "stories": story_folder(folder),
            "fetch_timeout_s": 2,
            "feed_body_limit_bytes": 200_000,
            "poll_concurrency": 32,
        }
        async with Service(folder=folder, settings=settings) as service:
            await service.ready(30.0)

            async def all_polled() -> bool:
                feeds = (await service.json("/v1/feeds"))["items"]
                has_told = len((await service.json(f"/v1/stories/{STORY}/deltas"))["items"]) == 2
                return len(feeds) == len(urls) and all(feed["polls"] for feed in feeds) and has_told

            await until(all_polled, 30.0)
            rows = (await service.json("/v1/feeds"))["items"]
            polled = Polled(
                feeds={row["url"].removeprefix(site.url("")): row for row in rows},
                entries=(await service.json("/v1/entries?q="))["items"],
                deltas=(await service.json(f"/v1/stories/{STORY}/deltas"))["items"],
                ready=(await service.get("/readyz"))[0],
                log=service.log,
                elsewhere=elsewhere,
            )
            assert await service.end(signal.SIGTERM) == 0
    return polled


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    return asyncio.run(_poll(tmp_path_factory.mktemp("failing")))


def test_every_failure_has_its_class(polled: Polled) -> None:
    found = {address: row["error_class"] for address, row in polled.feeds.items()}

    assert {address: found[address] for address in (*_WANTED, *polled.elsewhere)} == {**_WANTED, **polled.elsewhere}


def test_every_failure_is_explained_in_a_line_that_names_the_feed(polled: Polled) -> None:
    for address in (*_WANTED, *polled.elsewhere):
        row = polled.feeds[address]
        assert row["error"], address
        assert "\n" not in row["error"]
        assert "Traceback" not in row["error"]
        assert row["url"] in row["error"] or "address" in row["error"] or "document" in row["error"], row["error"]
        assert row["failures"] >= 1
        assert row["next_poll_reason"]


def test_healthy_feeds_are_read_beside_them(polled: Polled) -> None:
    for path in ("/a.xml", "/b.xml"):
        assert polled.feeds[path]["error_class"] is None
        assert polled.feeds[path]["entries_seen"] == 1
    assert {delta["url"] for delta in polled.deltas} == {"https://news.example/a", "https://news.example/b"}
    assert polled.ready == 200


def test_what_can_be_read_of_broken_xml_is_read_and_no_more(polled: Polled) -> None:
    row = polled.feeds["/cut-off.xml"]
    titles = [entry["title"] for entry in polled.entries if entry["feed"] == row["id"]]

    assert row["error_class"] in {None, "parse", "not_a_feed"}
    assert titles in ([], ["Half an it"])


def test_a_feed_that_is_gone_is_polled_no_more(polled: Polled) -> None:
    gone = polled.feeds["/status/410"]

    assert (gone["state"], gone["next_poll_at"], gone["polls"]) == ("gone", None, 1)


def test_a_publisher_that_asks_for_patience_gets_it(polled: Polled) -> None:
    row = polled.feeds["/status/429?retry-after=3600"]
    wait = datetime.fromisoformat(row["next_poll_at"]) - datetime.fromisoformat(row["last_attempt_at"])

    assert wait >= timedelta(seconds=3600)
    assert row["polls"] == 1


def test_the_wait_doubles_with_every_failure_in_a_row(polled: Polled) -> None:
    for path in ("/status/500", "/status/403", "/reset", "/slow"):
        row = polled.feeds[path]
        wait = datetime.fromisoformat(row["next_poll_at"]) - datetime.fromisoformat(row["last_attempt_at"])
        assert wait >= timedelta(seconds=0.9 * 2 ** (row["failures"] - 1)), path


def test_the_log_has_no_traceback_and_no_error(polled: Polled) -> None:
    assert "Traceback" not in polled.log
    assert 'File "' not in polled.log
    assert [line for line in polled.log.splitlines() if " error   " in line] == []
