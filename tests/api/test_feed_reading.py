"""What feed readers rely on beyond one document: filters, archives, parts, hubs and private addresses."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from api.api_builders import PATHS, Site, a_report, a_site, assert_problem, publish
from builders import NOON, a_mention

from service.api.access import token_digest
from service.core.model import DeltaType
from service.core.webhooks import ReaderToken

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
FORMATS = ("rss", "atom", "json")


def reports(count: int, start: int = 0) -> list[Any]:
    return [
        a_report(number, entities=(a_mention(entity="harbour-north"),) if number % 2 else ())
        for number in range(start, start + count)
    ]


def a_reader_token(token: str, story: str | None = None) -> ReaderToken:
    return ReaderToken(id="t-1", digest=token_digest(token), story=story, note="", created_at=NOON)


def ids(fmt: str, body: bytes) -> list[str]:
    if fmt == "json":
        return [item["id"] for item in json.loads(body)["items"]]
    feed = feedparser.parse(body)
    assert not feed.bozo
    return [entry.id for entry in feed.entries]


def link(fmt: str, body: bytes, rel: str) -> str | None:
    """Return the path of a link of a document, on the host of the test."""
    if fmt == "json":
        name = {"prev-archive": "next_url", "self": "feed_url"}[rel]
        address = json.loads(body).get(name)
    else:
        found = ET.fromstring(body).find(f".//{ATOM}link[@rel='{rel}']")
        address = None if found is None else found.get("href")
    if address is None:
        return None
    assert address.startswith("https://aftermath.example/")
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else str(parts.path)


@pytest.mark.parametrize(
    "query", ["entity=harbour-north", "type=retraction", "lang=ar", "thread=crews&entity=harbour-north"]
)
async def test_a_filtered_feed_is_the_same_in_every_format(query: str) -> None:
    async with a_site(reports(40)) as site:
        wanted = (await site.get(f"/v1/stories/harbour/deltas?{query}&order=desc&limit=50")).json()["items"]
        assert 0 < len(wanted) < 40
        for fmt in FORMATS:
            answer = await site.get(f"/feeds/harbour.{fmt}?{query}")
            assert [each.rpartition("/")[2] for each in ids(fmt, answer.body)] == [delta["id"] for delta in wanted]


@pytest.mark.parametrize(
    ("fmt", "count", "pages"),
    [("rss", 0, 0), ("json", 50, 0), ("atom", 51, 1), ("json", 100, 1), ("rss", 101, 2), ("json", 101, 2)],
)
async def test_a_feed_and_its_archive_hold_every_delta(fmt: str, count: int, pages: int) -> None:
    async with a_site(reports(count)) as site:
        path: str | None = f"/feeds/harbour.{fmt}"
        seen: set[str] = set()
        walked = []
        while path is not None:
            body = (await site.get(path)).body
            walked.append(path)
            seen |= set(ids(fmt, body))
            path = link(fmt, body, "prev-archive")
        assert len(seen) == count
        assert walked[1:] == [f"/feeds/harbour/archive/{page}.{fmt}" for page in range(pages, 0, -1)]


async def test_a_page_of_the_archive_never_changes() -> None:
    async with a_site(reports(60)) as site:
        before = {fmt: await site.get(f"/feeds/harbour/archive/1.{fmt}") for fmt in FORMATS}
        await publish(site.store, reports(100, start=60))
        for fmt, answer in before.items():
            again = await site.get(f"/feeds/harbour/archive/1.{fmt}")
            assert again.body == answer.body
            assert again.headers["ETag"] == answer.headers["ETag"]
            assert len(ids(fmt, again.body)) == 50


async def test_an_archive_says_that_it_is_one_and_where_the_feed_is() -> None:
    async with a_site(reports(60)) as site:
        for fmt in ("rss", "atom"):
            body = (await site.get(f"/feeds/harbour/archive/1.{fmt}?thread=bases")).body
            assert ET.fromstring(body).find(f".//{HISTORY}archive") is not None
            assert link(fmt, body, "current") == f"/feeds/harbour/bases.{fmt}"
            assert link(fmt, body, "self") == f"/feeds/harbour/archive/1.{fmt}?thread=bases"
            assert ET.fromstring((await site.get(f"/feeds/harbour.{fmt}")).body).find(f".//{HISTORY}archive") is None


@pytest.mark.parametrize("page", ["2", "0", "01", "-1", "x", "999999999999999999999999"])
async def test_a_page_that_is_not_full_is_not_there(page: str) -> None:
    async with a_site(reports(60)) as site:
        assert_problem(await site.get(f"/feeds/harbour/archive/{page}.rss"), 404, "not_found")


@pytest.mark.parametrize("fmt", FORMATS)
async def test_a_reader_that_takes_parts_gets_what_it_has_not_seen(fmt: str) -> None:
    async with a_site(reports(30)) as site:
        path = f"/feeds/harbour.{fmt}"
        first = await site.get(path, A_IM="feed", Accept_Encoding="gzip")
        assert first.status == 200
        etag = first.headers["ETag"]
        assert (await site.get(path, A_IM="feed", Accept_Encoding="gzip", If_None_Match=etag)).status == 304
        await publish(site.store, reports(2, start=30))
        part = await site.get(path, A_IM="x, feed;q=1", If_None_Match=f'"other", {etag}')
        whole = await site.get(path)
        assert (part.status, part.headers["IM"]) == (226, "feed")
        assert ids(fmt, part.body) == ids(fmt, whole.body)[:2]
        assert part.headers["ETag"] == whole.headers["ETag"]
        assert "no-store" in part.headers["Cache-Control"]
        assert {"A-IM", "If-None-Match"} <= set(part.headers["Vary"].split(", "))
        assert (await site.get(path, A_IM="feed", If_None_Match=part.headers["ETag"])).status == 304
        for headers in ({"A_IM": "gzip"}, {}, {"A_IM": "feed", "If_None_Match": '"unknown"'}):
            assert (await site.get(path, **{"If_None_Match": etag, **headers})).status == 200
        assert (await site.get(f"{path}?lang=ar", A_IM="feed", If_None_Match=etag)).status == 200
        unaware = {"A_IM": "feed", "If_None_Match": etag, "User_Agent": "feedparser/6.0.14 +https://feedparser.example"}
        assert (await site.get(path, **unaware)).status == 200, "its users, not it, would have to know of parts"


async def test_a_reader_too_far_behind_gets_the_whole_feed() -> None:
    async with a_site(reports(3)) as site:
        etag = (await site.get("/feeds/harbour.rss")).headers["ETag"]
        await publish(site.store, reports(60, start=3))
        answer = await site.get("/feeds/harbour.rss", A_IM="feed", If_None_Match=etag)
        assert answer.status == 200
        assert len(ids("rss", answer.body)) == 50


async def test_a_retraction_leaves_a_tombstone_in_the_part_too() -> None:
    async with a_site(reports(3)) as site:
        address = "/feeds/harbour.atom?tombstones=yes"
        first = await site.get(address)
        assert b"harbour.atom?tombstones=yes" in first.body, "the reader stays with what it asked for"
        gone = (await site.get("/v1/stories/harbour/deltas?limit=1")).json()["items"][0]["id"]
        await publish(site.store, [a_report(99, type=DeltaType.RETRACTION, supersedes=gone)])
        part = await site.get(address, A_IM="feed", If_None_Match=first.headers["ETag"])
        assert part.status == 226
        assert b"deleted-entry" not in (await site.get("/feeds/harbour.atom")).body
        assert (await site.get("/feeds/harbour.rss?tombstones=yes")).status == 400
        tombs = ET.fromstring(part.body).findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
        assert [str(each.get("ref")).rpartition("/")[2] for each in tombs] == [gone]


async def test_a_hub_is_named_where_it_is_told_of_changes() -> None:
    hub = "https://hub.example/"
    async with a_site(reports(60), config={"hub": hub}) as site:
        for path in ("/feeds/harbour.rss", "/feeds/harbour/bases.atom", "/feeds/harbour.rss?lang=ar"):
            answer = await site.get(path)
            assert f'<{hub}>; rel="hub"' in answer.headers["Link"]
            assert ET.fromstring(answer.body).find(f".//{ATOM}link[@rel='hub']") is not None
        feed = (await site.get("/feeds/harbour.json")).json()
        assert feed["hubs"] == [{"type": "WebSub", "url": hub}]
        for path in ("/feeds/harbour/bases.rss?lang=ar", "/feeds/harbour/archive/1.rss"):
            assert hub not in (await site.get(path)).text
    async with a_site(config={"hub": hub, "read_token": "secret"}) as site:
        answer = await site.get("/feeds/harbour.rss", Authorization="Bearer secret")
        assert hub not in answer.text + answer.headers["Link"]


async def test_a_feed_points_at_itself_its_formats_and_its_hub_by_header_too() -> None:
    async with a_site(reports(1)) as site:
        links = (await site.get("/feeds/harbour/bases.atom")).headers["Link"]
        assert '<https://aftermath.example/feeds/harbour/bases.atom>; rel="self"; type="application/atom+xml"' in links
        assert '<https://aftermath.example/feeds/harbour/bases.rss>; rel="alternate"' in links


async def private_links(site: Site, path: str, fmt: str, **headers: str) -> list[str | None]:
    answer = await site.get(path, **headers)
    assert answer.status == 200
    assert answer.headers["Cache-Control"].startswith("private")
    return [link(fmt, answer.body, rel) for rel in ("self", "prev-archive")]


@pytest.mark.parametrize("fmt", FORMATS)
async def test_a_private_feed_points_at_addresses_its_reader_can_open(fmt: str) -> None:
    async with a_site(reports(60), config={"read_token": "sesame"}) as site:
        await site.store.subscribers.add_token(a_reader_token("a&b"))
        path, older = f"/feeds/harbour.{fmt}", f"/feeds/harbour/archive/1.{fmt}"
        assert await private_links(site, f"{path}?token=a%26b", fmt) == [f"{path}?token=a%26b", f"{older}?token=a%26b"]
        assert (await site.get(f"{older}?token=a%26b")).status == 200
        for address, headers in (
            (f"{path}?token=guess", {"Authorization": "Bearer sesame"}),
            (path, {"Authorization": "Bearer a&b"}),
            (f"{path}?token=sesame", {}),
        ):
            assert await private_links(site, address, fmt, **headers) == [path, older]


async def test_only_the_links_of_a_feed_carry_its_readers_token() -> None:
    async with a_site(reports(3), config={"read_token": "sesame"}) as site:
        await site.store.subscribers.add_token(a_reader_token("opens-it"))
        for path in PATHS:
            answer = await site.get(path + ("&" if "?" in path else "?") + "token=opens-it")
            assert answer.status == 200, path
            told = answer.text.count("opens-it") + answer.headers.get("Link", "").count("opens-it")
            assert bool(told) == path.startswith(("/feeds/", "/feeds.opml")), path


async def test_a_public_feed_echoes_no_token() -> None:
    async with a_site(reports(1)) as site:
        answer = await site.get("/feeds/harbour.rss?token=guess")
        assert "guess" not in answer.text + answer.headers["Link"]


async def test_the_list_of_feeds_comes_in_each_format() -> None:
    async with a_site() as site:
        for fmt in FORMATS:
            outlines = ET.fromstring((await site.get(f"/feeds.opml?format={fmt}")).body).iter("outline")
            addresses = [each.get("xmlUrl", "") for each in outlines if each.get("xmlUrl")]
            assert len(addresses) == 3
            assert all(address.endswith(f".{fmt}") for address in addresses)
        assert_problem(await site.get("/feeds.opml?format=pdf"), 400, "bad_parameter")
