"""The list of polled feeds: whole for simple clients, in pages for many feeds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from api.api_builders import a_report, a_site, assert_problem
from builders import NOON, a_feed

from service.core.model import FeedSpec, PollWrite

if TYPE_CHECKING:
    from api.api_builders import Site

EACH = 40


async def _filled(site: Site, count: int) -> None:
    specs = [
        FeedSpec(url=f"https://{n}.example/a/feed/of/some/length.rss", title=f"Feed {n % 7}") for n in range(count)
    ]
    await site.store.sync_feeds(specs, NOON)


async def test_without_a_limit_every_feed_is_listed_by_title() -> None:
    async with a_site() as site:
        await _filled(site, EACH)
        page = (await site.get("/v1/feeds")).json()
        titles = [feed["title"] for feed in page["items"]]
        assert titles == sorted(titles)
        assert (len(titles), page["has_more"]) == (EACH, False)


@pytest.mark.parametrize("limit", [1, 7, 20, 39, 40, 41])
async def test_reading_on_lists_every_feed_once_also_while_feeds_are_renamed_and_added(limit: int) -> None:
    async with a_site() as site:
        await _filled(site, EACH)
        wanted = {feed.id for feed in await site.store.feeds()}
        path, listed = f"/v1/feeds?limit={limit}", []
        while True:
            answer = await site.get(path)
            page = answer.json()
            listed += [feed["id"] for feed in page["items"]]
            assert len(page["items"]) <= limit
            assert f"after={page['next_cursor']}" in answer.headers["Link"]
            if not page["has_more"]:
                break
            path = f"/v1/feeds?limit={limit}&after={page['next_cursor']}"
            await site.store.sync_feeds(
                [FeedSpec(url=feed.url, title=f"{len(listed)} {feed.id}") for feed in await site.store.feeds()], NOON
            )
        assert len(listed) == len(set(listed))
        assert set(listed) == wanted
        after_all = (await site.get(f"/v1/feeds?after={page['next_cursor']}")).json()
        assert (after_all["items"], after_all["has_more"]) == ([], False)
        assert after_all["next_cursor"] == page["next_cursor"]


async def test_a_feed_whose_id_is_no_number_comes_last_and_ends_the_list() -> None:
    async with a_site() as site:
        await _filled(site, 3)
        await site.store.save_poll(PollWrite(feed=a_feed(id="f-replay", url="replay:")))
        page = (await site.get("/v1/feeds?limit=4")).json()
        assert page["items"][-1]["id"] == "f-replay"
        assert not page["has_more"]
        assert (await site.get(f"/v1/feeds?after={page['next_cursor']}")).json()["items"] == []


async def test_bad_limits_and_cursors_of_other_lists_are_refused() -> None:
    async with a_site([a_report(0)]) as site:
        foreign = (await site.get("/v1/stories/harbour/deltas")).json()["next_cursor"]
        assert_problem(await site.get(f"/v1/feeds?after={foreign}"), 400, "cursor_invalid")
        for query in ("limit=0", "limit=501", "limit=x", "after=now", "after=garbage", "limit=1&limit=2"):
            assert_problem(await site.get(f"/v1/feeds?{query}"), 400, "bad_parameter")


async def _with_polls(site: Site, count: int, polled: int) -> None:
    await _filled(site, count)
    for number, feed in enumerate((await site.store.feeds())[:polled]):
        over: dict[str, Any] = {"failures": 2, "error": f"{feed.url} did not answer within 30 s"}
        await site.store.save_poll(PollWrite(feed=replace(feed, last_success_at=NOON, **(over if number % 2 else {}))))


async def test_the_page_of_feeds_stays_light_with_thousands_of_them() -> None:
    async with a_site() as site:
        await _with_polls(site, 5000, 160)
        first = await site.get("/feeds")
        assert first.text.index('id="down"') < first.text.index('id="waiting"') < first.text.index('id="quiet"')
        assert '/feeds?group=down">all 80</a>' in first.text
        assert ">its address did not answer within 30 s<" in first.text  # which stands in full in the same row
        assert '/feeds?group=waiting">all 4840</a>' in first.text
        for answer in (first, await site.get("/feeds?group=waiting&page=60"), await site.get("/feeds?group=down")):
            assert answer.status == 200
            assert len(answer.body) < 150_000


async def test_pages_lead_to_every_feed_of_a_group() -> None:
    async with a_site() as site:
        await _with_polls(site, 200, 4)
        path, shown = "/feeds?group=waiting", list[str]()
        while path:
            page = await site.get(path)
            shown += re.findall(r'class="address"[^>]*>([^<]+)<', page.text)
            after = re.search(r'rel="next" href="([^"]+)"', page.text)
            path = after[1].replace("&amp;", "&") if after else ""
        assert len(shown) == len(set(shown)) == 196
        assert (await site.get("/feeds?group=waiting&page=4", Accept="text/html")).status == 404
        assert (await site.get("/feeds?group=other", Accept="text/html")).status == 400
