"""What HTTP promises: validators, variants, problems, headers, methods."""

from __future__ import annotations

import gzip
import importlib
import sys
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from api.api_builders import PATHS, a_report, a_site, assert_problem, every_path, publish

from service.api.encodings import best_encoding
from service.core.errors import Conflict, Invalid, ServiceError, StorageError

zstd = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
REPORTS = [a_report(number) for number in range(14)]


async def test_every_get_carries_validators_answers_304_and_head_and_stays_the_same() -> None:
    async with a_site(REPORTS) as site:
        for path in await every_path(site):
            first = await site.get(path)
            assert first.status == 200, path
            etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
            assert etag.startswith('"')
            site.clock.advance(timedelta(hours=1))
            again = await site.get(path)
            assert again.body == first.body, path
            assert again.headers["ETag"] == etag
            assert again.headers["Last-Modified"] == modified
            for tags in (etag, f"W/{etag}", f'"x", {etag}', "*"):
                same = await site.get(path, If_None_Match=tags)
                assert same.status == 304, (path, tags)
                assert same.body == b""
                assert same.headers["ETag"] == etag
                assert all(name in same.headers for name in ("Cache-Control", "Vary", "Last-Modified"))
            assert (await site.get(path, If_None_Match='"other"', If_Modified_Since=modified)).status == 200
            assert (await site.get(path, If_Modified_Since=modified)).status == 304
            assert (await site.get(path, If_Modified_Since="Fri, 01 Jan 1999 00:00:00 GMT")).status == 200
            assert (await site.get(path, If_Modified_Since="garbage")).status == 200
            head = await site.ask("HEAD", path)
            assert (head.status, head.body) == (200, b"")
            assert head.headers["Content-Length"] == str(len(first.body))
            assert head.headers["ETag"] == etag


async def test_a_new_delta_changes_what_shows_it() -> None:
    async with a_site(REPORTS[:3]) as site:
        before = {path: (await site.get(path)).headers for path in PATHS}
        await publish(site.store, [a_report(3)])
        for path in ("/", "/feeds/harbour.rss", "/feeds/harbour/bases.atom", "/v1/stories/harbour/deltas"):
            answer = await site.get(
                path, If_None_Match=before[path]["ETag"], If_Modified_Since=before[path]["Last-Modified"]
            )
            assert answer.status == 200, path
            assert (await site.get(path, If_Modified_Since=before[path]["Last-Modified"])).status == 200, path


async def test_compressed_variants_hold_the_same_bytes_under_their_own_etag() -> None:
    async with a_site(REPORTS) as site:
        for path in ("/feeds/harbour.rss", "/", "/v1/stories/harbour/deltas"):
            plain = await site.get(path)
            zipped = await site.get(path, Accept_Encoding="gzip")
            small = await site.get(path, Accept_Encoding="gzip;q=0.5, br")
            assert gzip.decompress(zipped.body) == plain.body
            assert importlib.import_module("brotli").decompress(small.body) == plain.body
            quick = await site.get(path, Accept_Encoding="gzip;q=0.5, zstd")
            assert zstd.decompress(quick.body) == plain.body
            assert len({answer.headers["ETag"] for answer in (plain, zipped, small, quick)}) == 4
            assert "Accept-Encoding" in plain.headers["Vary"]
            same = await site.get(path, Accept_Encoding="gzip", If_None_Match=zipped.headers["ETag"])
            assert same.status == 304
            assert "Content-Encoding" not in (await site.get(path, Accept_Encoding="gzip;q=0")).headers


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None),
        ("identity", None),
        ("*", None),
        ("deflate", None),
        ("GZIP", "gzip"),
        ("gzip ; q = 0.5", "gzip"),
        ("br, zstd, gzip", "br"),
        ("br;q=0.2, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0.1, identity;q=0.5", None),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("identity;q=0", None),
        ("identity;q=0, *;q=0.5", "br"),
        ("identity;q=0, gzip", "gzip"),
        ("gzip;q=nan", None),
        ("gzip;q=1.5", None),
        ("gzip;level=9", None),
        (",;,q=1,,", None),
    ],
)
def test_the_coding_that_the_client_likes_best_is_chosen(accepted: str, chosen: str | None) -> None:
    assert best_encoding(accepted, 10_000) == chosen


def test_few_bytes_stay_plain_unless_the_client_refuses_them_so() -> None:
    assert best_encoding("gzip", 20) is None
    assert best_encoding("gzip, identity;q=0", 20) == "gzip"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/v1/stories/none",
        "/v1/stories/none/deltas",
        "/v1/stories/none/stream",
        "/feeds/none.rss",
        "/feeds/harbour/none.atom",
        "/feeds/harbour.xml",
        "/v1/deltas/none",
        "/deltas/none",
        "/v1/entries/none",
        "/v1/entries/none/revisions",
        "/v1/entries/none/decision",
        "/schemas/none.json",
        "/static/none.css",
        "/static/..%2fconfig.py",
        "/v1/stories/",
    ],
)
async def test_what_is_not_there_is_a_problem(path: str) -> None:
    async with a_site(REPORTS[:1]) as site:
        assert_problem(await site.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/v1/stories/harbour/deltas?limti=3", "limti"),
        ("/v1/stories/harbour/deltas?limit=0", "limit"),
        ("/v1/stories/harbour/deltas?limit=501", "limit"),
        ("/v1/stories/harbour/deltas?limit=ten", "limit"),
        ("/v1/stories/harbour/facts?as_of=0001-01-01T00:00:00%2B14:00", "as_of"),
        ("/v1/stories/harbour/coverage?since=9999-12-31T23:59:59-01:00", "since"),
        ("/v1/stories/harbour/deltas?limit=1&limit=2", "limit"),
        ("/v1/stories/harbour/deltas?type=rumour", "type"),
        ("/v1/stories/harbour/deltas?thread=none", "thread"),
        ("/v1/stories/harbour/deltas?entity=none", "entity"),
        ("/v1/stories/harbour/deltas?min_score=nan", "min_score"),
        ("/v1/stories/harbour/deltas?min_score=2", "min_score"),
        ("/v1/stories/harbour/deltas?lang=%00", "lang"),
        ("/v1/stories/harbour/deltas?order=up", "order"),
        ("/v1/stories/harbour/deltas?after=garbage", "after"),
        ("/v1/stories/harbour/decisions?outcome=maybe", "outcome"),
        ("/v1/stories?x=1", "x"),
        ("/feeds/harbour.rss?limit=3", "limit"),
        ("/feeds/harbour/bases.rss?thread=bases", "thread"),
    ],
)
async def test_a_wrong_parameter_is_named(path: str, parameter: str) -> None:
    async with a_site() as site:
        problem = assert_problem(await site.get(path), 400, "bad_parameter")
        assert parameter in problem["detail"]
        assert problem["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("limit=99999999999999999999", "between 1 and 500"),
        ("min_score=99999999999999999999.5", "between 0 and 1"),
        ("after=garbage", "a cursor from `next_cursor` of an earlier answer, or `now`"),
        ("lang=English!", "a language such as `en`"),
    ],
)
async def test_a_wrong_value_is_answered_with_what_would_be_right(query: str, words: str) -> None:
    async with a_site() as site:
        assert (
            words
            in assert_problem(await site.get(f"/v1/stories/harbour/deltas?{query}"), 400, "bad_parameter")["detail"]
        )


async def test_a_condition_beyond_the_calendar_is_no_condition() -> None:
    async with a_site() as site:
        for moment in ("Fri, 31 Dec 9999 23:59:59 -0100", "Mon, 01 Jan 0001 00:00:00 +1400", "soon"):
            assert (await site.get("/v1/stories", If_Modified_Since=moment)).status == 200


async def test_pages_pass_over_trackers() -> None:
    async with a_site() as site:
        assert (await site.get("/?utm_source=mail")).status == 200


async def test_a_wrong_method_names_the_right_ones() -> None:
    async with a_site() as site:
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            for path in ("/v1/entries", "/feeds/harbour.rss", "/"):
                answer = await site.ask(method, path)
                assert_problem(answer, 405, "method_not_allowed")
                assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


async def test_errors_of_the_service_have_their_status_and_internals_stay_inside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(error: Exception) -> Any:
        async def handle(_request: web.Request) -> web.StreamResponse:
            raise error

        return handle

    class Unheard(ServiceError):
        code = "unheard_of"

    routes = {
        "/x/invalid": failing(Invalid("body is wrong")),
        "/x/conflict": failing(Conflict("is there already")),
        "/x/store": failing(StorageError("/secret/path.db is locked")),
        "/x/bug": failing(RuntimeError("password=hunter2")),
        "/x/unheard": failing(Unheard("hm")),
        "/x/large": failing(web.HTTPRequestEntityTooLarge(max_size=1, actual_size=2)),
    }
    async with a_site(extra_routes=routes) as site:
        assert_problem(await site.get("/x/invalid"), 422, "invalid")
        assert_problem(await site.get("/x/conflict"), 409, "conflict")
        assert_problem(await site.get("/x/large"), 413, "too_large")
        store = await site.get("/x/store")
        assert "secret" not in assert_problem(store, 503, "storage_unavailable")["detail"]
        assert store.headers["Retry-After"]
        caplog.clear()
        bug = await site.get("/x/bug")
        assert "hunter2" not in str(assert_problem(bug, 500, "internal"))
        assert [record.message for record in caplog.records if record.name.startswith("service")] == ["request failed"]
        assert_problem(await site.get("/x/unheard"), 500, "internal")


async def test_browsers_get_a_page_for_an_error_and_programs_a_problem() -> None:
    async with a_site() as site:
        page = await site.get("/stories/none", Accept="text/html,*/*")
        assert page.status == 404
        assert page.headers["Content-Type"].startswith("text/html")
        assert_problem(await site.get("/v1/stories/none", Accept="text/html"), 404, "not_found")


async def test_security_headers_are_on_every_answer() -> None:
    async with a_site(REPORTS[:1]) as site:
        for path in ("/", "/feeds/harbour.rss", "/v1/stories", "/nothing", "/healthz"):
            answer = await site.get(path)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Server"] == "Aftermath"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert (await site.get("/")).headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert (await site.get("/feeds/harbour.rss")).headers["Cache-Control"].startswith("max-age=60, ")
        assert (await site.get("/v1/stories")).headers["Cache-Control"] == "no-cache"
        assert (await site.get("/healthz")).headers["Cache-Control"] == "no-store"


async def test_a_preflight_is_answered() -> None:
    async with a_site() as site:
        answer = await site.ask("OPTIONS", "/v1/stories", Origin="https://x.example")
        assert answer.status == 204
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert (await site.ask("OPTIONS", "/nothing")).status == 404
