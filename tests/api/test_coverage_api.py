"""Silence told from deafness: /coverage, the feeds' health, and the notice in every feed and on the page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from api.api_builders import a_report, a_site, assert_problem
from builders import a_feed

from service.core.model import Outage, PollWrite

if TYPE_CHECKING:
    from api.api_builders import Site

REPORTS = [a_report(number) for number in range(3)]
FORMATS = ("rss", "atom", "json")


async def hear(site: Site) -> None:
    """Let the one feed of the story answer now."""
    now = site.clock.now()
    await site.store.save_poll(
        PollWrite(feed=a_feed(last_success_at=now, next_poll_at=now + timedelta(hours=1), polls=6))
    )


async def deafen(site: Site, days: float, **over: Any) -> None:
    """Let the one feed of the story fail since so many days ago."""
    now = site.clock.now()
    since = now - timedelta(days=days)
    feed = a_feed(
        first_success_at=since - timedelta(days=3),
        last_success_at=since,
        failing_since_at=since,
        failures=4,
        error_class="tls",
        error="https://news.example/rss.xml has no valid certificate",
        polls=7,
        **over,
    )
    outage = Outage(feed_id=feed.id, began_at=since, ended_at=None, error_class="tls", error=feed.error or "")
    await site.store.save_poll(PollWrite(feed=feed, outages=(outage,)))


async def test_coverage_tells_since_when_and_what_was_missed() -> None:
    async with a_site(REPORTS) as site:
        await deafen(site, 2, pole="wire")
        found = (await site.get("/v1/stories/harbour/coverage")).json()
        assert (found["feeds"], found["answering"]) == (1, 0)
        assert found["covered_since"] < found["down_since"]
        assert [(group["name"], group["down_since"]) for group in found["poles"]] == [("wire", found["down_since"])]
        (outage,) = found["outages"]
        assert (outage["title"], outage["ended_at"], outage["error_class"]) == ("Example News", None, "tls")
        assert outage["began_at"] == found["down_since"]
        assert len(found["notices"]) == 1
        assert_problem(await site.get("/v1/stories/harbour/coverage?since=soon"), 400, "bad_parameter")
        assert (await site.get("/v1/stories/none/coverage")).status == 404


async def test_outages_since_a_day_are_those_since_its_beginning() -> None:
    async with a_site(REPORTS) as site:
        await deafen(site, 2)
        feed = a_feed(last_success_at=site.clock.now(), polls=8)
        ended = Outage(
            feed_id=feed.id,
            began_at=site.clock.now() - timedelta(days=2),
            ended_at=site.clock.now(),
            error_class="tls",
            error="",
        )
        await site.store.save_poll(PollWrite(feed=feed, outages=(ended,)))

        for day, outages in ((site.clock.now().date(), 1), (site.clock.now().date() + timedelta(days=1), 0)):
            found = (await site.get(f"/v1/stories/harbour/coverage?since={day}")).json()
            assert len(found["outages"]) == outages


async def test_a_notice_stands_in_every_feed_and_on_the_page_and_is_no_item() -> None:
    async with a_site(REPORTS) as site:
        await hear(site)
        before = {fmt: await site.get(f"/feeds/harbour.{fmt}") for fmt in FORMATS}
        await deafen(site, 2)
        assert "answered since" not in before["rss"].text
        site.clock.advance(timedelta(minutes=2))  # looked up once a minute
        for fmt in FORMATS:
            after = await site.get(f"/feeds/harbour.{fmt}")
            assert "answered since" in after.text
            assert after.headers["ETag"] != before[fmt].headers["ETag"]
            assert after.text.count("tag:") == before[fmt].text.count("tag:")
            again = await site.get(f"/feeds/harbour.{fmt}", If_None_Match=after.headers["ETag"])
            assert again.status == 304
        assert "answered since" in (await site.get("/stories/harbour")).text


async def test_an_outage_of_less_than_a_day_is_no_notice() -> None:
    async with a_site(REPORTS) as site:
        await deafen(site, 0.9)
        site.clock.advance(timedelta(minutes=2))
        assert "answered since" not in (await site.get("/feeds/harbour.rss")).text


async def test_feeds_tell_what_they_yield() -> None:
    async with a_site(REPORTS) as site:
        await deafen(site, 2, items_per_day=12.345, moved_to="https://new.example/rss?token=s3cret")
        (feed,) = (await site.get("/v1/feeds")).json()["items"]
        assert (feed["deltas"], feed["repeats"], feed["duplicate_share"]) == (3, 0, 0.0)
        assert feed["items_per_day"] == pytest.approx(12.345, abs=0.01)
        assert feed["failing_since_at"] is not None
        assert "s3cret" not in str(feed)
        page = (await site.get("/feeds")).text
        assert "12 entries a day; 3 follow-ups, 0% told before" in page
