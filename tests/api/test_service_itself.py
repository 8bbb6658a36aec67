"""The service about itself, who may read, where links point, and the stream."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp import ClientSession
from api.api_builders import Site, a_report, a_site, assert_problem, every_path, publish
from builders import a_feed
from openapi_spec_validator import validate
from patience import patient

from service.api.links import Links
from service.api.operations import OPERATIONS
from service.api.pages import Pages
from service.api.problems import STATUS
from service.core.model import PollWrite

REPORTS = [a_report(number) for number in range(14)]


async def test_the_openapi_document_is_valid_and_has_every_route() -> None:
    async with a_site() as site:
        document = (await site.get("/openapi.json")).json()
        validate(document)
        assert set(document["paths"]) == {operation.path for operation in OPERATIONS}
        ids = [each["operationId"] for methods in document["paths"].values() for each in methods.values()]
        assert len(ids) == len(set(ids))
        docs = (await site.get("/docs")).text
        for operation in OPERATIONS:
            assert f"{operation.method} {operation.path}" in docs
        for code in STATUS:
            assert f'id="problem-{code}"' in docs
        assert "`" not in docs
        assert "keep <code>next_cursor</code>; it reads on" in docs
        assert '<a href="#schema-FeedOut">' in docs


async def test_schemas_are_served_and_further_ones_can_be_given() -> None:
    async with a_site(schemas={"story": {"title": "A story file"}}) as site:
        schema = (await site.get("/schemas/delta.json")).json()
        assert schema["$id"] == "https://aftermath.example/schemas/delta.json"
        assert "next_cursor" not in schema["properties"]
        assert (await site.get("/schemas/story.json")).json() == {"title": "A story file"}


async def test_probes_say_what_is_missing() -> None:
    async with a_site() as site:
        assert (await site.get("/healthz")).json() == {"status": "ok", "version": "9.9.9"}
        assert (await site.get("/readyz")).json()["status"] == "ready"
        site.stories.clear()
        assert "no story" in assert_problem(await site.get("/readyz"), 503, "not_ready")["detail"]
        await site.store.close()
        assert "store" in assert_problem(await site.get("/readyz"), 503, "not_ready")["detail"]
        assert (await site.get("/healthz")).status == 200


@pytest.mark.parametrize(("age", "status"), [(None, 503), (5.0, 200), (61.0, 503)])
async def test_a_polling_process_is_ready_while_its_scheduler_ticks(age: float | None, status: int) -> None:
    async with a_site(config={"polls": True, "tick_age": lambda: age}) as site:
        assert (await site.get("/readyz")).status == status


async def test_a_health_callback_can_hold_readiness_back() -> None:
    async def faults() -> list[str]:
        return ["the disk is full"]

    async with a_site(health=faults) as site:
        assert "disk" in (await site.get("/readyz")).json()["detail"]


async def test_private_reading_needs_the_token_everywhere() -> None:
    async with a_site(REPORTS[:2], config={"read_token": "sesame"}) as site:
        for operation in OPERATIONS:
            answer = await site.get(operation.path)
            if operation.path in {"/healthz", "/readyz"}:
                assert answer.status == 200
            else:
                assert answer.status == 401, operation.path
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
                assert "harbour" not in answer.text.lower() or "{" in operation.path
        for path in ("/nothing", "/v1/stories?token=wrong"):
            assert (await site.get(path)).status == 401
        assert (await site.get("/v1/stories", Authorization="Bearer sesame")).status == 200
        assert (await site.get("/v1/stories", Authorization="Bearer other")).status == 401
        feed = await site.get("/feeds/harbour.rss?token=sesame")
        assert feed.status == 200
        assert b"sesame" not in feed.body
        assert feed.headers["Cache-Control"].startswith("private")
        assert "Access-Control-Allow-Origin" not in feed.headers
        page = await site.get("/v1/stories/harbour/deltas?token=sesame")
        assert "sesame" not in page.headers["Link"]


async def test_a_browser_that_came_with_the_token_keeps_reading() -> None:
    async with a_site(REPORTS[:1], config={"read_token": "sesame"}) as site:
        page = await site.get("/?token=sesame")
        assert "sesame" not in page.text
        cookie = page.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "sesame" not in cookie
        assert (await site.get("/static/style.css", Cookie=cookie.split(";")[0])).status == 200
        asked = await site.get("/", Accept="text/html")
        assert asked.status == 401
        assert 'name="token"' in asked.text


@pytest.mark.parametrize("base", ["https://proxy.example/news", "https://proxy.example/news/"])
async def test_links_come_from_the_public_base_url_and_never_from_the_host(base: str) -> None:
    async with a_site(REPORTS, config={"public_base_url": base}) as site:
        for path in await every_path(site):
            answer = await site.get(path, Host="evil.example", X_Forwarded_Host="evil.example")
            assert b"evil" not in answer.body
            assert b"127.0.0.1" not in answer.body
            assert b"//feeds" not in answer.body
            if path.startswith("/feeds/"):
                assert b"https://proxy.example/news/feeds/harbour" in answer.body
        page = (await site.get("/")).text
        assert 'href="/news/static/style.css' in page
        assert (await site.get("/news/v1/stories")).status == 200
        assert (await site.get("/news/")).status == 200
        assert (await site.get("/news")).body == (await site.get("/news/")).body == (await site.get("/")).body
        assert (await site.get("/newsreel")).status == 404


async def test_credentials_of_polled_feeds_never_show() -> None:
    async with a_site() as site:
        url = "https://user:pw12@feeds.example/rss?token=tok34"
        feed = a_feed(url=url, failures=1, error=f"{url} did not answer")
        await site.store.save_poll(PollWrite(feed=feed))
        await publish(site.store, [a_report(0), a_report(1, feed=feed.id)])
        for path in ("/feeds/harbour.rss", "/feeds/harbour.atom"):
            body = (await site.get(path)).text
            assert body.count("<source") == 1, "an address that holds a secret is named nowhere"
            assert "tok34" not in body
        for path in ("/v1/feeds", "/sources.opml", "/feeds"):
            body = (await site.get(path)).text
            assert "feeds.example" in body
            assert "pw12" not in body
            assert "tok34" not in body


async def test_feed_health_has_the_names_of_the_contract() -> None:
    async with a_site(REPORTS[:1]) as site:
        page = (await site.get("/v1/feeds")).json()
        assert {"items", "next_cursor", "has_more"} == set(page)
        assert {
            *("id", "url", "title", "lang", "pole", "state", "last_success_at", "last_attempt_at", "error_class"),
            *("error", "failures", "next_poll_at", "next_poll_reason"),
        } <= set(page["items"][0])


async def test_a_stream_resumes_where_it_was_left() -> None:
    async with a_site(REPORTS[:3]) as site:
        start = (await site.get("/v1/stories/harbour/deltas?limit=1")).json()["next_cursor"]
        events = await listen(site, 2, **{"Last-Event-ID": start})
        assert [event["event"] for event in events] == ["delta", "delta"]
        seqs = [json.loads(event["data"])["seq"] for event in events]
        await publish(site.store, [a_report(3)])
        more = await listen(site, 1, **{"Last-Event-ID": events[-1]["id"]})
        assert json.loads(more[0]["data"])["seq"] > max(seqs)
        listed = await site.get(f"/v1/stories/harbour/deltas?after={more[0]['id']}")
        assert listed.json()["items"] == []


async def test_a_stream_starts_now_and_brings_what_comes() -> None:
    path = "/v1/stories/harbour/stream"
    async with a_site(REPORTS[:2]) as site, ClientSession() as http, http.get(site.url + path) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Cache-Control"] == "no-store"
        assert (await response.content.readuntil(b"\n\n")).startswith(b"retry: 5000")
        assert await response.content.readuntil(b"\n\n") == b": still here\n\n"
        await publish(site.store, [a_report(2)])
        event = b""
        while b"event: delta" not in event:
            event = await response.content.readuntil(b"\n\n")
        assert b"(report 2)" in event


async def test_an_open_stream_does_not_hold_up_the_end() -> None:
    async with ClientSession() as http:
        async with a_site(REPORTS[:1], config={"stream_poll_s": 3000.0}) as site:
            response = await http.get(site.url + "/v1/stories/harbour/stream")
            await response.content.readuntil(b"\n\n")
        async with asyncio.timeout(patient(10)):
            assert await response.content.read() == b""


async def test_a_stream_refuses_foreign_cursors_and_too_many_readers() -> None:
    async with a_site(REPORTS[:1], config={"max_streams": 0}) as site:
        path = "/v1/stories/harbour/stream"
        assert_problem(await site.get(path, Last_Event_ID="garbage"), 400, "cursor_invalid")
        assert_problem(await site.get(path), 503, "too_many_streams")
        assert (await site.ask("HEAD", path)).status == 200


async def listen(site: Site, count: int, **headers: str) -> list[dict[str, str]]:
    """Return the first `count` events of the stream."""
    events: list[dict[str, str]] = []
    async with ClientSession() as http, http.get(f"{site.url}/v1/stories/harbour/stream", headers=headers) as response:
        while len(events) < count:
            block = (await response.content.readuntil(b"\n\n")).decode()
            fields = dict(line.split(": ", 1) for line in block.strip().splitlines())
            if "event" in fields:
                events.append(fields)
    return events


def test_static_files_are_small() -> None:
    files = Pages(Links.of("http://x", "x"), demo=False).files
    assert len(files["live.js"][1]) <= 6 * 1024
    assert len(files["style.css"][1]) <= 16 * 1024
