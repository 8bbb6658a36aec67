"""Splitting and merging developments over HTTP: who may, what is kept, and what is refused."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from api.api_builders import Answer, Site, a_report, a_site, a_story, assert_problem
from builders import STORY, an_entry

from service.core.model import Judgement, Regrouping

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN = "s3same"
SPLIT, MERGE = "/v1/developments/v-one/split", "/v1/developments/v-one/merge"
A, B = an_entry("guid-0").id, an_entry("guid-1").id
OF = ("v-one", "v-one", "v-two")  # the development of each report


@asynccontextmanager
async def an_open_site(**over: Any) -> AsyncIterator[tuple[Site, list[Judgement | Regrouping]]]:
    """A site with two reports in one development and one in another, and what it was told by editors."""
    taken: list[Judgement | Regrouping] = []

    async def judge(said: Judgement | Regrouping) -> None:
        taken.append(said)

    reports = [a_report(number, development=name) for number, name in enumerate(OF)]
    values: dict[str, Any] = {"config": {"admin_token": TOKEN}, "judge": judge} | over
    async with a_site(reports, **values) as site:
        yield site, taken


async def send(site: Site, path: str, body: object, token: str | None = TOKEN) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with site.http.post(site.url + path, json=body, headers=headers) as response:
        return Answer(response.status, response.headers, await response.read())


async def test_a_split_is_kept_and_answered_with_where_reports_will_be() -> None:
    async with an_open_site() as (site, taken):
        answer = await send(site, SPLIT, {"entries": [B], "note": "Another\nconvoy"})
        assert (answer.status, answer.headers["Cache-Control"]) == (202, "no-store")
        out = answer.json()
        [order] = taken
        assert isinstance(order, Regrouping)
        assert (order.story, order.kind, order.development, order.entries) == (STORY, "split", "v-one", (B,))
        assert (order.note, order.ordered_at) == ("Another convoy", site.clock.at)
        assert (out["delta"], out["into"], out["entries"]) == (order.id, order.into, [B])
        assert (await send(site, SPLIT, {"entries": [B]})).json()["into"] == order.into  # sent twice, it is one


async def test_a_merge_is_kept() -> None:
    async with an_open_site() as (site, taken):
        out = (await send(site, MERGE, {"into": "v-two"})).json()
        assert (out["kind"], out["development"], out["into"], out["entries"]) == ("merge", "v-one", "v-two", [])
        assert [each.id for each in taken if isinstance(each, Regrouping)] == [out["delta"]]


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (SPLIT, {}, "#/entries"),
        (SPLIT, {"entries": []}, "#/entries"),
        (SPLIT, {"entries": [A, "e-none"]}, "#/entries/1"),
        (SPLIT, {"entries": [an_entry("guid-2").id]}, "#/entries/0"),
        (SPLIT, {"entries": [A, B]}, "#/entries"),
        (SPLIT, {"entries": [A], "into": "v-two"}, "#/into"),
        (SPLIT, {"entries": [A], "note": "x" * 1001}, "#/note"),
        (MERGE, {}, "#/into"),
        (MERGE, {"into": "v-none"}, "#/into"),
        (MERGE, {"into": "v-one"}, "#/into"),
    ],
)
async def test_a_bad_body_is_refused_with_its_place(path: str, body: object, pointer: str) -> None:
    async with an_open_site() as (site, taken):
        problem = assert_problem(await send(site, path, body), 422, "invalid")
        assert [each["pointer"] for each in problem["errors"]] == [pointer]
        assert taken == []


async def test_an_unknown_development_is_not_found() -> None:
    async with an_open_site() as (site, _):
        assert_problem(await send(site, "/v1/developments/v-none/split", {"entries": [A]}), 404, "not_found")
        assert_problem(await send(site, "/v1/developments/v-none/merge", {"into": "v-one"}), 404, "not_found")


async def test_a_story_that_is_followed_no_more_keeps_its_developments() -> None:
    async with an_open_site(stories=[a_story(id="other")]) as (site, taken):
        assert_problem(await send(site, SPLIT, {"entries": [A]}), 409, "conflict")
        assert taken == []


async def test_regrouping_needs_the_admin_token_and_a_process_that_writes() -> None:
    async with an_open_site() as (site, taken):
        for token in (None, "wrong"):
            assert_problem(await send(site, SPLIT, {"entries": [A]}, token), 401, "unauthorized")
            assert_problem(await send(site, MERGE, {"into": "v-two"}, token), 401, "unauthorized")
        assert taken == []
    async with an_open_site(judge=None) as (site, _):
        assert_problem(await send(site, SPLIT, {"entries": [A]}), 409, "read_only")
        assert_problem(await send(site, MERGE, {"into": "v-two"}), 409, "read_only")
    async with an_open_site(config={}) as (site, _):
        assert_problem(await send(site, SPLIT, {"entries": [A]}), 403, "forbidden")


async def test_the_page_leaves_out_what_was_merged_into_another() -> None:
    async with an_open_site() as (site, _):
        known = await site.store.development("v-two")
        assert known is not None
        before = (await site.get(f"/stories/{STORY}")).text.count("data-development")
        _, comparison = a_report(2, development="v-two")
        await site.store.save_comparisons([replace(comparison, development=replace(known, reports=0))])
        assert (await site.get(f"/stories/{STORY}")).text.count("data-development") == before - 1
