"""Webhooks and reader tokens over HTTP: who may set them up, what is refused, what is shown once and never again."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from api.api_builders import Answer, Site, a_report, a_site, assert_problem, publish

from service.core.webhooks import Delivery, DeliveryState
from service.pushing import WebhookReceivers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ADMIN = "s3same"
HOOK = {"url": "https://desk.example/hook", "story": "harbour"}


@asynccontextmanager
async def an_open_site(**config: Any) -> AsyncIterator[Site]:
    values = {"admin_token": ADMIN} | config
    async with a_site([a_report(number) for number in range(3)], config=values, receivers=WebhookReceivers([])) as site:
        yield site


async def send(site: Site, method: str, path: str, body: object = None, token: str | None = ADMIN) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with site.http.request(method, site.url + path, json=body, headers=headers) as response:
        return Answer(response.status, response.headers, await response.read())


ROUTES = [
    ("GET", "/v1/webhooks"),
    ("POST", "/v1/webhooks"),
    ("GET", "/v1/webhooks/w-1"),
    ("DELETE", "/v1/webhooks/w-1"),
    ("GET", "/v1/webhooks/w-1/deliveries"),
    ("POST", "/v1/webhooks/w-1/deliveries/d-1/resend"),
    ("POST", "/v1/webhooks/w-1/resend"),
    ("POST", "/v1/webhooks/w-1/enable"),
    ("GET", "/v1/tokens"),
    ("POST", "/v1/tokens"),
    ("DELETE", "/v1/tokens/t-1"),
]


async def test_nothing_here_opens_without_the_admin_token() -> None:
    async with an_open_site(read_token="reads") as site:
        for method, path in ROUTES:
            assert (await send(site, method, path, HOOK, token="reads")).status == 401, path
            assert (await send(site, method, path, HOOK, token=None)).status == 401, path
    async with a_site(receivers=WebhookReceivers([])) as site:
        for method, path in ROUTES:
            assert_problem(await send(site, method, path, HOOK), 403, "forbidden")


async def test_a_process_that_only_reads_says_so() -> None:
    async with a_site(config={"admin_token": ADMIN}) as site:
        for method, path in ROUTES:
            if method != "GET":
                assert (await send(site, method, path, HOOK)).json()["type"].endswith("problem-read_only"), path


async def test_a_webhook_is_made_shown_and_removed_and_its_secret_told_once() -> None:
    async with an_open_site() as site:
        made = await send(site, "POST", "/v1/webhooks", {**HOOK, "filters": {"thread": "bases", "min_score": 0.5}})
        assert made.status == 201
        secret = made.json()["secret"]
        assert secret.startswith("whsec_")
        path = f"/v1/webhooks/{made.json()['id']}"
        assert made.headers["Location"] == f"https://aftermath.example{path}"
        assert made.headers["Cache-Control"] == "no-store"
        shown = await send(site, "GET", path)
        assert shown.json()["filters"]["thread"] == "bases"
        assert shown.json()["state"] == "active"
        listed = await send(site, "GET", "/v1/webhooks")
        assert [each["id"] for each in listed.json()["items"]] == [made.json()["id"]]
        assert secret not in shown.text + listed.text
        assert (await send(site, "DELETE", path)).status == 204
        for method in ("GET", "DELETE"):
            assert_problem(await send(site, method, path), 404, "not_found")


async def test_a_webhook_begins_with_what_comes_next() -> None:
    async with an_open_site() as site:
        await send(site, "POST", "/v1/webhooks", HOOK)
        held = await site.store.subscribers.webhooks()
        assert held[0].position == (await site.store.ledger_state("harbour")).seq > 0


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"url": "http://127.0.0.1/hook"}, "#/url"),
        ({"url": "http://[::1]/hook"}, "#/url"),
        ({"url": "gopher://desk.example/"}, "#/url"),
        ({"url": "https://me:pw@desk.example/"}, "#/url"),
        ({"url": ""}, "#/url"),
        ({"story": "none"}, "#/story"),
        ({"secret": "guess"}, "#/secret"),
        ({"filters": {"thread": "none"}}, "#/filters/thread"),
        ({"filters": {"entity": "none"}}, "#/filters/entity"),
        ({"filters": {"type": "rumour"}}, "#/filters/type"),
        ({"filters": {"min_score": 2}}, "#/filters/min_score"),
        ({"filters": {"x": 1}}, "#/filters/x"),
        ({"x": 1}, "#/x"),
        ({"filters": {"min_score": False}}, "#/filters/min_score"),
    ],
)
async def test_a_bad_webhook_is_refused_with_the_place(over: dict[str, Any], pointer: str) -> None:
    async with an_open_site() as site:
        problem = assert_problem(await send(site, "POST", "/v1/webhooks", HOOK | over), 422, "invalid")
        assert pointer in [error["pointer"] for error in problem["errors"]]
        assert "pw" not in problem["detail"].split("https://")[-1]
        assert await site.store.subscribers.webhooks() == []


async def test_deliveries_are_listed_by_state_and_a_dead_one_can_be_sent_again() -> None:
    async with an_open_site() as site:
        name = (await send(site, "POST", "/v1/webhooks", HOOK)).json()["id"]
        deltas = await publish(site.store, [a_report(number) for number in range(5, 8)])
        states: tuple[DeliveryState, ...] = ("delivered", "dead", "waiting")
        for delta, state in zip(deltas, states, strict=True):
            await site.store.subscribers.save_delivery(
                Delivery(webhook=name, delta=delta.id, seq=delta.seq, state=state, attempts=3, error="busy")
            )
        path = f"/v1/webhooks/{name}/deliveries"
        first = (await send(site, "GET", f"{path}?limit=2")).json()
        assert [each["state"] for each in first["items"]] == ["delivered", "dead"]
        rest = (await send(site, "GET", f"{path}?limit=2&after={first['next_cursor']}")).json()
        assert ([each["state"] for each in rest["items"]], rest["has_more"]) == (["waiting"], False)
        dead = (await send(site, "GET", f"{path}?state=dead")).json()["items"]
        assert [(each["delta"], each["error"]) for each in dead] == [(deltas[1].id, "busy")]
        again = await send(site, "POST", f"{path}/{deltas[1].id}/resend")
        assert (again.status, again.json()["state"], again.json()["attempts"]) == (202, "waiting", 0)
        assert_problem(await send(site, "POST", f"{path}/{deltas[2].id}/resend"), 409, "conflict")
        assert_problem(await send(site, "POST", f"{path}/d-none/resend"), 404, "not_found")
        assert_problem(await send(site, "GET", f"{path}?after={'x' * 39}"), 400, "cursor_invalid")


async def test_a_disabled_webhook_is_enabled_again_and_all_that_was_given_up_sent_again() -> None:
    async with an_open_site() as site:
        name = (await send(site, "POST", "/v1/webhooks", HOOK)).json()["id"]
        path = f"/v1/webhooks/{name}"
        subscribers = site.store.subscribers
        for delta in (dead := await publish(site.store, [a_report(number) for number in range(3, 6)])):
            await subscribers.save_delivery(
                Delivery(webhook=name, delta=delta.id, seq=delta.seq, state="dead", attempts=9, error="no answer")
            )
        await subscribers.disable_webhook(name, "gone (410)")
        shown = (await send(site, "GET", path)).json()
        assert (shown["state"], shown["reason"]) == ("disabled", "gone (410)")
        for refused in (f"{path}/deliveries/{dead[0].id}/resend", f"{path}/resend"):
            assert "enable" in assert_problem(await send(site, "POST", refused), 409, "conflict")["detail"]
        for _ in range(2):
            enabled = await send(site, "POST", f"{path}/enable")
            assert (enabled.status, enabled.json()["state"], enabled.json()["reason"]) == (200, "active", None)
        assert (await send(site, "POST", f"{path}/resend")).json() == {"resent": 3}
        assert (await send(site, "POST", f"{path}/resend")).json() == {"resent": 0}
        waiting = (await send(site, "GET", f"{path}/deliveries?state=waiting")).json()["items"]
        assert [(each["delta"], each["attempts"]) for each in waiting] == [(each.id, 0) for each in dead]
        for verb in ("enable", "resend"):
            assert_problem(await send(site, "POST", f"/v1/webhooks/w-none/{verb}"), 404, "not_found")


async def a_token(site: Site, **body: str) -> dict[str, Any]:
    made = await send(site, "POST", "/v1/tokens", body)
    assert made.status == 201
    token: dict[str, Any] = made.json()
    return token


async def test_a_token_opens_reading_until_it_is_revoked_and_is_shown_once() -> None:
    async with an_open_site(read_token="master") as site:
        made = await a_token(site, note="Desk phone")
        path = f"/feeds/harbour.rss?token={made['token']}"
        assert (await site.get("/feeds/harbour.rss")).status == 401
        assert (await site.get(path)).status == 200
        assert (await site.get("/v1/stories", Authorization=f"Bearer {made['token']}")).status == 200
        assert (await site.get(path + "x")).status == 401
        listed = await send(site, "GET", "/v1/tokens")
        assert listed.json()["items"][0] == {key: made[key] for key in ("id", "story", "note", "created_at")}
        assert made["token"] not in listed.text
        kept = await site.store.subscribers.tokens()
        assert made["token"] not in repr(kept)
        assert (await send(site, "DELETE", f"/v1/tokens/{made['id']}")).status == 204
        assert (await site.get(path)).status == 401
        assert_problem(await send(site, "DELETE", f"/v1/tokens/{made['id']}"), 404, "not_found")


async def test_a_token_is_no_admin_token() -> None:
    async with an_open_site(read_token="master") as site:
        made = await a_token(site)
        for method, path in ROUTES:
            assert (await send(site, method, path, HOOK, token=made["token"])).status == 401


async def test_a_token_of_one_story_opens_nothing_else() -> None:
    async with an_open_site(read_token="master") as site:
        token = (await a_token(site, story="harbour"))["token"]
        delta = (await send(site, "GET", "/v1/stories/harbour/deltas?limit=1")).json()["items"][0]
        for path in ("/feeds/harbour.json", "/feeds/harbour/bases.atom", "/v1/stories/harbour", "/stories/harbour"):
            assert (await site.get(f"{path}?token={token}")).status == 200, path
        for path in (f"/deltas/{delta['id']}", f"/v1/deltas/{delta['id']}"):
            assert (await site.get(f"{path}?token={token}")).status == 200, path
        for path in (
            "/v1/stories",
            "/",
            "/sources.opml",
            "/v1/entries",
            f"/v1/entries/{delta['entry']}",
            "/v1/deltas/x",
        ):
            assert_problem(await site.get(f"{path}?token={token}"), 403, "forbidden")
        assert_problem(await send(site, "POST", "/v1/tokens", {"story": "none"}), 422, "invalid")


async def test_a_browser_that_came_with_a_readers_token_keeps_reading_until_it_is_revoked() -> None:
    async with an_open_site(read_token="master") as site:
        made = await a_token(site, story="harbour")
        page = await site.get(f"/stories/harbour?token={made['token']}")
        cookie = page.headers["Set-Cookie"].split(";")[0]
        assert made["token"] not in cookie
        assert (await site.get("/static/style.css", Cookie=cookie)).status == 200
        assert (await site.get("/stories/harbour", Cookie=cookie)).status == 200
        assert (await site.get("/v1/stories", Cookie=cookie)).status == 403
        assert (await site.get("/stories/harbour", Cookie=cookie[:-1])).status == 401
        await send(site, "DELETE", f"/v1/tokens/{made['id']}")
        assert (await site.get("/stories/harbour", Cookie=cookie)).status == 401


async def test_a_token_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with an_open_site(read_token="master") as site:
        made = await a_token(site, note="n")
        hook = (await send(site, "POST", "/v1/webhooks", HOOK)).json()
        for path in ("/feeds/harbour.rss", "/nothing", "/v1/stories/none"):
            await site.get(f"{path}?token={made['token']}")
        text = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
        assert not any(secret in text for secret in (made["token"], hook["secret"], ADMIN, "master"))
