"""An editor's judgement over HTTP: who may send one, what is refused, and what readers see afterwards."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from api.api_builders import Answer, Site, a_report, a_site, a_story, assert_problem, publish
from builders import NOON, STORY, a_decision, a_delta, a_fact, a_poll, an_entry

from service.api.tally import Tallies
from service.core.model import Change, Comparison, DeltaType, Judgement, Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN = "s3same"
ENTRY = an_entry("guid-0").id
PATH = f"/v1/entries/{ENTRY}/feedback"
JSON = "application/json"


@asynccontextmanager
async def an_open_site(**over: Any) -> AsyncIterator[tuple[Site, list[Judgement]]]:
    """A site that takes judgements, and those it took."""
    taken: list[Judgement] = []

    async def judge(judgement: Judgement) -> None:
        taken.append(judgement)

    values: dict[str, Any] = {"config": {"admin_token": TOKEN}, "judge": judge} | over
    async with a_site([a_report(number) for number in range(2)], **values) as site:
        yield site, taken


async def send(
    site: Site,
    body: object = None,
    *,
    path: str = PATH,
    token: str | None = TOKEN,
    media: str | None = JSON,
    raw: bytes | None = None,
) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    if media is not None:
        headers["Content-Type"] = media
    content = raw if raw is not None else json.dumps({"relevant": False} if body is None else body).encode()
    skipped = ["Content-Type"] if media is None else []
    async with site.http.post(
        site.url + path, data=content, headers=headers, skip_auto_headers=skipped, allow_redirects=False
    ) as response:
        return Answer(response.status, response.headers, await response.read())


async def test_a_judgement_is_taken_and_answered_with_the_decision_as_it_stands() -> None:
    async with an_open_site() as (site, taken):
        answer = await send(site, {"relevant": False, "note": "Another\nharbour"})
        assert answer.status == 202
        assert answer.headers["Content-Type"] == JSON
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert taken == [
            Judgement(
                story=STORY,
                entry=ENTRY,
                revision=1,
                relevant=False,
                note="Another harbour",
                judged_at=site.clock.at,
            )
        ]
        out = answer.json()
        assert out["judgement"]["entry"] == out["decision"]["id"] == ENTRY
        assert (out["judgement"]["note"], out["decision"]["outcome"]) == ("Another harbour", "delta")


async def test_an_entry_that_names_nothing_of_the_story_can_be_judged() -> None:
    async with an_open_site() as (site, taken):
        await site.store.save_poll(a_poll(an_entry("untouched")))
        answer = await send(site, {"relevant": True}, path=f"/v1/entries/{an_entry('untouched').id}/feedback")
        assert (answer.status, answer.json()["decision"]) == (202, None)
        assert [each.relevant for each in taken] == [True]


async def test_the_story_can_be_named_and_must_be_where_it_cannot_be_told() -> None:
    stories = [a_story(), a_story(id="other")]
    async with an_open_site(stories=stories) as (site, taken):
        await send(site, {"relevant": False})
        await send(site, {"relevant": True, "story": "other"})
        assert [each.story for each in taken] == [STORY, "other"]
        await site.store.save_poll(a_poll(an_entry("untouched")))
        path = f"/v1/entries/{an_entry('untouched').id}/feedback"
        problem = assert_problem(await send(site, {"relevant": True}, path=path), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "#/story"
        assert "other" in problem["detail"]


async def test_without_an_admin_token_writing_is_off() -> None:
    for config in ({}, {"admin_token": ""}):
        async with an_open_site(config=config) as (site, taken):
            for token in (TOKEN, "", None):
                problem = assert_problem(await send(site, token=token), 403, "forbidden")
                assert "AFTERMATH_ADMIN_TOKEN" in problem["detail"]
            assert taken == []


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", TOKEN[:-1], "ünï"])
async def test_without_the_right_token_nothing_is_taken(token: str | None) -> None:
    async with an_open_site() as (site, taken):
        answer = await send(site, token=token)
        assert_problem(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert taken == []


async def test_the_read_token_does_not_write_and_the_token_in_the_address_neither() -> None:
    async with an_open_site(config={"admin_token": TOKEN, "read_token": "reader"}) as (site, taken):
        assert_problem(await send(site, token="reader"), 401, "unauthorized")
        assert_problem(await send(site, token=None, path=f"{PATH}?token=reader"), 401, "unauthorized")
        assert taken == []
        assert (await send(site)).status == 202


async def test_the_token_is_asked_for_before_anything_else() -> None:
    async with an_open_site() as (site, _):
        assert (await send(site, token="wrong", path="/v1/entries/none/feedback")).status == 401
        assert (await send(site, token="wrong", media="text/plain", raw=b"x")).status == 401


async def test_a_process_that_only_reads_says_so() -> None:
    async with a_site([a_report(0)], config={"admin_token": TOKEN}) as site:
        problem = assert_problem(await send(site), 409, "read_only")
        assert "only reads" in problem["detail"]


async def test_an_unknown_entry_is_not_found() -> None:
    async with an_open_site() as (site, taken):
        assert_problem(await send(site, path="/v1/entries/e-none/feedback"), 404, "not_found")
        assert taken == []


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["#/relevant"]),
        ({"relevant": "yes"}, ["#/relevant"]),
        ({"relevant": 1}, ["#/relevant"]),
        ({"relevant": None}, ["#/relevant"]),
        ({"relevant": True, "note": 5}, ["#/note"]),
        ({"relevant": True, "note": "x" * 1001}, ["#/note"]),
        ({"relevant": True, "by/~": 1}, ["#/by~1~0"]),
        ({"relevant": True, "story": "none"}, ["#/story"]),
        ({"note": [], "more": 1}, ["#/relevant", "#/note", "#/more"]),
        ([], ["#"]),
        ("relevant", ["#"]),
    ],
)
async def test_what_is_wrong_with_a_body_is_told_with_its_place(body: object, pointers: list[str]) -> None:
    async with an_open_site() as (site, taken):
        problem = assert_problem(await send(site, body), 422, "invalid")
        assert [error["pointer"] for error in problem["errors"]] == pointers
        assert all(error["detail"] for error in problem["errors"])
        assert taken == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "is missing"),
        ({"relevant": "yes"}, "must be true or false, without quotes"),
        (
            {"relevant": True, "notes": ""},
            "is unknown; remove it or correct its spelling; there are: relevant, note, story",
        ),
    ],
)
async def test_what_is_wrong_is_told_with_what_would_be_right(body: object, words: str) -> None:
    async with an_open_site() as (site, _):
        [error] = assert_problem(await send(site, body), 422, "invalid")["errors"]
        assert error["detail"] == words


@pytest.mark.parametrize("raw", [b"", b"{", b"relevant=no", b"\xff\xfe", b'{"relevant": false, "note": "\\ud800"}'])
async def test_a_body_that_is_no_json_is_refused(raw: bytes) -> None:
    async with an_open_site() as (site, taken):
        assert_problem(await send(site, raw=raw), 422, "invalid")
        assert taken == []


@pytest.mark.parametrize("media", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_another_media_type_is_refused(media: str | None) -> None:
    async with an_open_site() as (site, taken):
        assert_problem(await send(site, media=media), 415, "unsupported_media_type")
        assert taken == []


async def test_a_media_type_may_name_its_charset() -> None:
    async with an_open_site() as (site, _):
        assert (await send(site, media="application/json; charset=utf-8")).status == 202


async def test_a_body_that_is_too_large_is_refused() -> None:
    async with an_open_site() as (site, taken):
        raw = json.dumps({"relevant": True, "note": "x" * 300_000}).encode()
        assert_problem(await send(site, raw=raw), 413, "too_large")
        assert taken == []


async def test_other_methods_and_parameters_are_refused() -> None:
    async with an_open_site() as (site, _):
        answer = await site.get(PATH)
        assert_problem(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "OPTIONS, POST"
        assert_problem(await send(site, path=f"{PATH}?relevant=no"), 400, "bad_parameter")
        preflight = await site.ask("OPTIONS", PATH, Origin="https://x.example")
        assert "POST" not in preflight.headers["Access-Control-Allow-Methods"]


async def test_openapi_says_what_is_sent_and_by_whom() -> None:
    async with an_open_site() as (site, _):
        document = (await site.get("/openapi.json")).json()
        operation = document["paths"]["/v1/entries/{id}/feedback"]["post"]
        assert operation["security"] == [{"bearer": []}]
        assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
        schema = operation["requestBody"]["content"][JSON]["schema"]["$ref"].rpartition("/")[2]
        body = document["components"]["schemas"][schema]
        assert body["required"] == ["relevant"]
        assert body["additionalProperties"] is False
        assert {"202", "401", "403", "404", "413", "415", "422"} <= set(operation["responses"])
        assert "200" not in operation["responses"]
        assert f"POST {'/v1/entries/{id}/feedback'}" in (await site.get("/docs")).text


# --- what readers see --------------------------------------------------------------------


async def test_withdrawn_facts_and_changes_leave_the_facts_and_the_page() -> None:
    entry, told = a_report(
        0, changes=(Change(fact="crews-stay", before="They stay.", after="They went.", stance="confirms"),)
    )
    assert told.delta is not None
    fact = a_fact(id=told.delta.development, delta=told.delta.id, statement="The crews went.")
    retraction = a_delta(
        id="d-withdrawn",
        entry=entry.id,
        development=told.delta.development,
        type=DeltaType.RETRACTION,
        line="Withdrawn by an editor: the crews went",
        reason="Withdrawn by an editor: wrong crews.",
        supersedes=told.delta.id,
        by="editor",
        changes=(),
        added=(),
        entities=(),
        created_at=NOON,
    )
    async with a_site() as site:
        await publish(site.store, [(entry, Comparison(**{**_fields(told), "facts": (fact,)}))])
        assert "The crews went." in (await site.get("/v1/stories/harbour/facts")).text
        assert 'id="changed"' in (await site.get("/stories/harbour")).text
        off = a_decision(entry=entry.id, outcome=Outcome.REJECTED, relevant=False)
        await site.store.save_comparisons([Comparison(decision=off, delta=retraction, by_editor=True)])
        assert "The crews went." not in (await site.get("/v1/stories/harbour/facts")).text
        assert 'id="changed"' not in (await site.get("/stories/harbour")).text
        for path in ("rss", "atom", "json"):
            assert "Withdrawn by an editor: wrong crews." in (await site.get(f"/feeds/harbour.{path}")).text
        delta = (await site.get("/v1/deltas/d-withdrawn")).json()
        assert (delta["by"], delta["type"], delta["supersedes"]) == ("editor", "retraction", told.delta.id)


async def test_a_report_that_was_rejected_is_no_longer_counted() -> None:
    async with a_site([a_report(0), a_report(1)]) as site:
        tallies, story = Tallies(site.store), site.stories[STORY]
        assert (await tallies.look(story, await site.store.ledger_state(STORY))).reports == 2
        off = a_decision(entry=an_entry("guid-1").id, entry_seq=2, outcome=Outcome.REJECTED, relevant=False, score=0.4)
        await site.store.save_comparisons([Comparison(decision=off, by_editor=True)])
        assert (await tallies.look(story, await site.store.ledger_state(STORY))).reports == 1


def _fields(comparison: Comparison) -> dict[str, Any]:
    return {name: getattr(comparison, name) for name in ("decision", "development", "delta", "facts")}
