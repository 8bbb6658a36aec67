"""`feeds add`, `feeds import` and `poll` as an operator calls them: in processes of their own, against a real site."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from journeys.service_process import Service, command, until, write_opml
from journeys.small_story import FOLLOW_UP, STORY, story_folder
from news_site import Item, NewsSite, rss

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


async def called(folder: Path, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(command, folder, *arguments, **settings)


def page(*feeds: str) -> str:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    return f"<!doctype html><html><head>{links}</head><body>News</body></html>"


async def listed(folder: Path, **settings: object) -> dict[str, dict[str, Any]]:
    done = await called(folder, "feeds", "list", "--json", **settings)
    assert done.returncode == 0, done.stderr
    return {feed["url"]: feed for feed in json.loads(done.stdout)}


async def test_a_page_is_enough_to_add_its_feed_and_several_are_a_choice(tmp_path: Path) -> None:
    async with NewsSite() as site:
        site.serve("/world.rss", rss([Item("One")], title="World", channel="<language>fr</language>"))
        site.serve("/sport.rss", rss([], title="Sport"))
        site.serve("/", page("/world.rss"), "text/html")
        site.serve("/all", page("/world.rss", "/sport.rss"), "text/html")
        added = await called(tmp_path, "feeds", "add", site.url("/"), "--pole", "wire", "--json")
        again = await called(tmp_path, "feeds", "add", site.url("/world.rss"))
        choice = await called(tmp_path, "feeds", "add", site.url("/all"), "--json")
        nothing = await called(tmp_path, "feeds", "add", site.url("/none"))
        feeds = await listed(tmp_path)
    url = site.url("/world.rss")
    answer = json.loads(added.stdout)
    assert (added.returncode, answer["added"], answer["feed"]["title"], answer["feed"]["items"]) == (
        0,
        True,
        "World",
        1,
    )
    assert (feeds[url]["lang"], feeds[url]["pole"], feeds[url]["source"]) == ("fr", "wire", "command")
    assert (again.returncode, again.stdout.startswith("already there: World")) == (0, True)
    assert choice.returncode == 1
    assert [feed["title"] for feed in json.loads(choice.stdout)["choices"]] == ["World", "Sport"]
    assert site.url("/sport.rss") not in feeds
    assert nothing.returncode == 1
    assert "404" in nothing.stderr
    assert len(nothing.stderr.strip().splitlines()) == 1


async def test_feeds_are_added_and_polled_by_the_service_that_runs(tmp_path: Path) -> None:
    async with NewsSite() as site:
        site.serve("/base.rss", rss([Item("One", guid="1")]))
        site.serve("/world.rss", rss([Item("Two")], title="World"))
        opml = write_opml(tmp_path / "feeds.opml", [site.url("/base.rss"), site.url("/status/500")])
        settings: dict[str, Any] = {
            "feeds": opml,
            "stories": story_folder(tmp_path),
            "admin_token": "s3same",
            "poll_min_interval_s": 3600,  # nothing is due of itself
        }
        async with Service(folder=tmp_path, settings=settings) as service:
            await service.ready(60)
            added = await called(tmp_path, "feeds", "add", site.url("/world.rss"), **settings)
            assert added.returncode == 0, added.stderr

            async def are_polled() -> bool:
                feeds = (await service.json("/v1/feeds"))["items"]
                return len(feeds) == 3 and all(feed["polls"] for feed in feeds)

            await until(are_polled, 60)
            now = datetime.now(UTC)
            site.serve("/base.rss", rss([Item(FOLLOW_UP, guid="2", published=now), Item("One, corrected", guid="1")]))
            told = await called(tmp_path, "poll", "--all", "--json", **settings)
            deltas = (await service.json(f"/v1/stories/{STORY}/deltas"))["items"]
            backfill = await called(tmp_path, "poll", "--all", "--backfill", **settings)
    assert "sent to http://127.0.0.1" in added.stderr
    assert "polled by http://127.0.0.1" in told.stderr
    assert json.loads(told.stdout) == {
        "feeds": {"polled": 2, "not_modified": 1, "failed": 0},  # the third waits after its failure
        "entries": {"new": 1, "revised": 1},
        "matches": 1,
        "deltas": 1,
    }
    assert len(deltas) == 1
    assert backfill.returncode == 1
    assert "started with --backfill" in backfill.stderr


async def test_five_thousand_feeds_are_imported_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    lines = [f'<outline text="F{n}" xmlUrl="https://news{n % 100}.example/{n}"/>' for n in range(5000)]
    lines += [
        lines[7],
        '<outline text="Odd" xmlUrl="ftp://x/"/>',
        '<outline text="Folder"><outline text="No feed"/></outline>',
    ]
    (tmp_path / "many.opml").write_text(f"<opml><body>{''.join(lines)}</body></opml>", encoding="utf-8")
    done = await called(tmp_path, "feeds", "import", "many.opml")
    again = await called(tmp_path, "feeds", "import", "many.opml")
    assert done.returncode == again.returncode == 0, done.stderr
    assert "5000 feeds added, 0 already there, 2 left out" in done.stdout
    assert "0 feeds added, 5000 already there, 2 left out" in again.stdout
    assert "F7: https://news7.example/7 is there twice" in done.stdout
    assert "Odd: 'ftp://x/' is no http or https address" in done.stdout
