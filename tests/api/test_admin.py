"""Changing over HTTP what is followed and polled: who may, what is refused and how it is told, what readers see."""

from __future__ import annotations

import io
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from api.api_builders import Answer, FakeClock, Site, a_report, assert_problem, publish, serving
from builders import MINUTE
from journeys.service_process import write_opml
from journeys.small_story import SMALL_STORY, STORY, write_story

from service.api.operations import OPERATIONS
from service.core.ids import feed_id
from service.core.model import FeedState, PollWrite
from service.settings import Settings
from service.steering import Steering, read_plan
from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

TOKEN = "s3same"
JSON = "application/json"
YAML = "application/yaml"
SECOND = SMALL_STORY.replace("id: harbour\n", "id: second\n", 1)
FEED = "https://new.example/rss"
FEED_ID = feed_id(FEED)


def document(text: str = SECOND) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(text), default=str))
    return found


@asynccontextmanager
async def a_steered_site(folder: Path, *, token: str | None = TOKEN, writes: bool = True) -> AsyncIterator[Site]:
    """The application over a real store and real files."""
    write_story(folder / "stories")
    settings = Settings(stories=folder / "stories", feeds=write_opml(folder / "feeds.opml", ["https://a.example/rss"]))
    clock = FakeClock()
    store = await SqliteStore.open(":memory:", now=clock.now)
    await publish(store, [a_report(1)])
    steering = Steering(read_plan(settings), store, clock, writes=True)
    await steering.begin()
    await steering.reload()
    async with serving(
        store,
        clock,
        {"admin_token": token, "writer": lambda: "process 42"},
        stories=lambda: steering.rules.stories,
        ended=lambda: steering.ended,
        steering=steering if writes else None,
    ) as site:
        yield site


async def ask(
    site: Site,
    method: str,
    path: str,
    body: object = None,
    *,
    raw: bytes | None = None,
    media: str | None = JSON,
    token: str | None = TOKEN,
) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    if media is not None:
        headers["Content-Type"] = media
    content = raw if raw is not None else (None if body is None else json.dumps(body).encode())
    skipped = [] if media else ["Content-Type"]
    async with site.http.request(
        method,
        site.url + path,
        data=io.BytesIO(content) if content is not None else None,
        headers=headers,
        skip_auto_headers=skipped,
        allow_redirects=False,
    ) as response:
        return Answer(response.status, response.headers, await response.read())


WRITES = [
    (operation.method, operation.path.format(story="second", id=FEED_ID, webhook="w-1", delta="d-1", token="t-1"))
    for operation in OPERATIONS
    if operation.writes
]


# --- who may -------------------------------------------------------------------------------


async def test_nobody_changes_anything_without_the_token(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        for method, path in WRITES:
            for token in (None, "wrong", TOKEN + "x", ""):
                answer = await ask(site, method, path, document(), token=token)
                assert_problem(answer, 401, "unauthorized")
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_without_an_admin_token_writing_is_off(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path, token=None) as site:
        for method, path in WRITES:
            assert_problem(await ask(site, method, path, document()), 403, "forbidden")


async def test_a_process_that_only_reads_names_the_one_that_writes(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path, writes=False) as site:
        for method, path in WRITES:
            problem = assert_problem(await ask(site, method, path, document()), 409, "read_only")
            assert "process 42" in problem["detail"]


# --- stories -------------------------------------------------------------------------------


async def test_a_story_is_followed_replaced_and_deleted(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        made = await ask(site, "POST", "/v1/stories", document())
        assert made.status == 201
        assert made.headers["Location"] == "https://aftermath.example/v1/stories/second"
        assert (made.json()["id"], made.json()["followed"]) == ("second", True)
        assert [each["id"] for each in (await site.get("/v1/stories")).json()["items"]] == [STORY, "second"]

        replaced = await ask(site, "PUT", "/v1/stories/second", {**document(), "title": "Other"})
        assert (replaced.status, replaced.json()["title"]) == (200, "Other")
        assert_problem(await ask(site, "POST", "/v1/stories", document()), 409, "conflict")

        assert (await ask(site, "DELETE", "/v1/stories/second")).status == 204
        assert [each["id"] for each in (await site.get("/v1/stories")).json()["items"]] == [STORY]
        assert_problem(await ask(site, "DELETE", "/v1/stories/second"), 404, "not_found")


async def test_what_a_deleted_story_published_is_still_served(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        await ask(site, "PUT", "/v1/stories/second", document())
        await ask(site, "DELETE", "/v1/stories/second")
        assert (await site.get("/v1/stories/second")).json()["followed"] is False
        for path in ("/feeds/second.rss", "/feeds/second/crews.atom", "/v1/stories/second/deltas", "/stories/second"):
            assert (await site.get(path)).status == 200


async def test_a_story_can_be_sent_as_yaml(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        made = await ask(site, "PUT", "/v1/stories/second", raw=SECOND.encode(), media=YAML + "; charset=utf-8")
        assert made.status == 201


async def test_a_story_of_a_file_stays_the_files(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        for method, path in (("PUT", f"/v1/stories/{STORY}"), ("POST", "/v1/stories")):
            problem = assert_problem(await ask(site, method, path, document(SMALL_STORY)), 409, "conflict")
            assert "harbour.yaml" in problem["detail"]
            assert str(tmp_path) not in problem["detail"]
        assert_problem(await ask(site, "DELETE", f"/v1/stories/{STORY}"), 409, "conflict")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": "other"}, "#/id"),
        ({"colour": "red"}, "#/colour"),
        ({"entities": []}, "#/entities"),
        ({"as_of": "soon"}, "#/as_of"),
        ({"threads": [{"id": "a", "title": "A", "question": "?", "belongs": [["nobody"]]}]}, "#/threads/0/belongs/0/0"),
        ({"title": "\ud800"}, "#/title"),
        ({"title": "x" * 2000}, "#/title"),
    ],
)
async def test_every_fault_of_a_story_has_its_pointer(tmp_path: Path, change: dict[str, Any], pointer: str) -> None:
    async with a_steered_site(tmp_path) as site:
        answer = await ask(site, "PUT", "/v1/stories/second", {**document(), **change})
        problem = assert_problem(answer, 422, "invalid")
        assert pointer in [fault["pointer"] for fault in problem["errors"]]
        assert (await site.get("/v1/stories/second")).status == 404


@pytest.mark.parametrize(
    ("raw", "media", "status", "code"),
    [
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b"{}", None, 415, "unsupported_media_type"),
        (b"", JSON, 422, "invalid"),
        (b"{", JSON, 422, "invalid"),
        (b"[]", JSON, 422, "invalid"),
        (b"null", YAML, 422, "invalid"),
        (b"\xff\xfe", JSON, 422, "invalid"),
        (b"\xff", YAML, 422, "invalid"),
        (b'{"id": ' + b"[" * 100_000, JSON, 422, "invalid"),
        (b"[" * 100_000, YAML, 422, "invalid"),
        (b"a: &a [x]\nb: [*a, *a]\n", YAML, 422, "invalid"),
        (b"as_of: 2024-13-45\n", YAML, 422, "invalid"),
        (b"!!python/object/apply:os.system [id]\n", YAML, 422, "invalid"),
        (b" " * (2 * 1024 * 1024 + 1), JSON, 413, "too_large"),
    ],
)
async def test_what_is_no_story_is_a_problem_of_the_sender(
    tmp_path: Path, raw: bytes, media: str | None, status: int, code: str
) -> None:
    async with a_steered_site(tmp_path) as site:
        assert_problem(await ask(site, "POST", "/v1/stories", raw=raw, media=media), status, code)


# --- feeds ---------------------------------------------------------------------------------


async def test_a_feed_is_added_once_polled_when_asked_and_deleted(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        made = await ask(site, "POST", "/v1/feeds", {"url": FEED, "title": "New", "lang": "fa", "pole": "wire"})
        assert made.status == 201
        assert made.headers["Location"] == f"https://aftermath.example/v1/feeds/{FEED_ID}"
        feed = made.json()
        assert (feed["source"], feed["state"], feed["lang"], feed["pole"]) == ("api", "active", "fa", "wire")
        again = await ask(site, "POST", "/v1/feeds", {"url": FEED})
        assert (again.status, again.json()) == (200, feed)

        site.clock.advance(MINUTE)
        polled = await ask(site, "POST", f"/v1/feeds/{FEED_ID}/poll")
        assert (polled.status, polled.json()["next_poll_reason"]) == (202, "asked for by hand")

        assert (await ask(site, "DELETE", f"/v1/feeds/{FEED_ID}")).status == 204
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/poll")):
            assert_problem(await ask(site, method, f"/v1/feeds/{FEED_ID}{path}"), 404, "not_found")
        assert FEED not in (await site.get("/v1/feeds")).text
        assert (await ask(site, "POST", "/v1/feeds", {"url": FEED})).status == 201


async def test_the_scheme_of_an_address_may_be_written_large(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        made = await ask(site, "POST", "/v1/feeds", {"url": FEED.replace("https:", "HTTPS:")})
        assert (made.status, made.json()["id"]) == (201, FEED_ID)


async def test_a_feed_that_backs_off_is_not_polled_by_hand(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        await ask(site, "POST", "/v1/feeds", {"url": FEED})
        feed = await site.store.feed(FEED_ID)
        assert feed is not None
        late = site.clock.now() + 60 * MINUTE
        changed = {"failures": 3, "next_poll_at": late, "next_poll_reason": "backing off"}
        await site.store.save_poll(PollWrite(feed=replace(feed, **changed)))  # type: ignore[arg-type]
        problem = assert_problem(await ask(site, "POST", f"/v1/feeds/{FEED_ID}/poll"), 409, "conflict")
        assert f"left alone until {late:%Y-%m-%dT%H:%M:%SZ} (backing off; failures: 3)" in problem["detail"]

        await site.store.save_poll(PollWrite(feed=replace(feed, state=FeedState.GONE)))
        problem = assert_problem(await ask(site, "POST", f"/v1/feeds/{FEED_ID}/poll"), 409, "conflict")
        assert "is gone" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/url"),
        ({"url": "ftp://x.example/rss"}, "#/url"),
        ({"url": "file:///etc/passwd"}, "#/url"),
        ({"url": "javascript:alert(1)"}, "#/url"),
        ({"url": "no address"}, "#/url"),
        ({"url": "http://"}, "#/url"),
        ({"url": ""}, "#/url"),
        ({"url": 7}, "#/url"),
        ({"url": FEED, "lang": "EN!"}, "#/lang"),
        ({"url": FEED, "pole": "a b"}, "#/pole"),
        ({"url": FEED, "title": ""}, "#/title"),
        ({"url": FEED, "etag": "x"}, "#/etag"),
    ],
)
async def test_a_bad_feed_is_refused_with_its_pointer(tmp_path: Path, body: dict[str, Any], pointer: str) -> None:
    async with a_steered_site(tmp_path) as site:
        problem = assert_problem(await ask(site, "POST", "/v1/feeds", body), 422, "invalid")
        assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
        assert "pattern" not in problem["detail"]


async def test_credentials_in_a_feeds_address_are_refused_and_not_repeated(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        answer = await ask(site, "POST", "/v1/feeds", {"url": "https://me:hunter2@new.example/rss"})
        assert_problem(answer, 422, "invalid")
        assert "hunter2" not in answer.text


# --- reload --------------------------------------------------------------------------------


async def test_a_reload_answers_what_changed(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        (tmp_path / "stories" / "second.yaml").write_text(SECOND)
        write_opml(tmp_path / "feeds.opml", [FEED])
        out = (await ask(site, "POST", "/v1/admin/reload")).json()
        assert out["stories"] == {"added": ["second"], "changed": [], "removed": []}
        assert [feed["url"] for feed in out["feeds"]["added"]] == [FEED]
        assert [feed["url"] for feed in out["feeds"]["paused"]] == ["https://a.example/rss"]
        assert (out["settings"], out["words_changed"]) == ({"changed": [], "need_restart": []}, False)
        assert (await site.get("/feeds/second.rss")).status == 200


async def test_a_bad_file_is_told_with_file_and_line_and_changes_nothing(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        (tmp_path / "stories" / "second.yaml").write_text(SECOND.replace("role: core", "role: hero", 1))
        problem = assert_problem(await ask(site, "POST", "/v1/admin/reload"), 422, "invalid")
        assert "second.yaml:11: entities[0].role: " in problem["detail"]
        assert_problem(await site.get("/v1/stories/second"), 404, "not_found")


async def test_every_answer_is_as_the_document_says(tmp_path: Path) -> None:
    async with a_steered_site(tmp_path) as site:
        paths = (await site.get("/openapi.json")).json()["paths"]
        story = paths["/v1/stories/{story}"]["put"]
        assert set(story["requestBody"]["content"]) == {JSON, YAML}
        assert {"200", "201", "401", "403", "409", "413", "415", "422"} <= set(story["responses"])
        assert "content" not in paths["/v1/feeds/{id}"]["delete"]["responses"]["204"]
        assert paths["/v1/admin/reload"]["post"]["security"] == [{"bearer": []}]
