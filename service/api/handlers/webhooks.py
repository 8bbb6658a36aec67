"""Webhooks over the API: setting them up, and what became of their deliveries. The app delivers."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web

from service.api.bodies import read_body
from service.api.cursors import Scope
from service.api.handlers.answers import JSON, found
from service.api.handlers.deltas import next_link
from service.api.keys import CLOCK, CONFIG, LINKS, RECEIVERS, STORE, STORIES, Receivers
from service.api.problems import BadBody, BodyFault, ReadOnly
from service.api.wire_subscribers import (
    DeliveryOut,
    DeliveryPage,
    NewWebhookOut,
    ResentOut,
    WebhookIn,
    WebhookOut,
    WebhookPage,
)
from service.core.errors import Conflict
from service.core.webhooks import DeliveryState, Webhook

if TYPE_CHECKING:
    from service.api.params import Query
    from service.api.wire import Wire

MOST_WEBHOOKS = 100
_STATES: dict[str, DeliveryState] = {"waiting": "waiting", "delivered": "delivered", "dead": "dead"}


def private_answer(value: Wire, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a value that no cache may keep."""
    named = {"Content-Type": JSON, "Cache-Control": "no-store", **(headers or {})}
    return web.Response(status=status, body=value.model_dump_json().encode(), headers=named)


def writing(request: web.Request) -> Receivers:
    """Return what the app knows of receivers.

    Raises:
        ReadOnly: This process only reads.
    """
    receivers = request.app[RECEIVERS]
    if receivers is None:
        raise ReadOnly(f"this process only reads; {request.app[CONFIG].writer()} writes, ask that one")
    return receivers


async def _webhook(request: web.Request) -> Webhook:
    name = request.match_info["webhook"]
    held = {each.id: each for each in await request.app[STORE].subscribers.webhooks()}
    return found(held.get(name), f"webhook {name!r}")


async def list_webhooks(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve all webhooks."""
    held = await request.app[STORE].subscribers.webhooks()
    return private_answer(WebhookPage(items=[WebhookOut.from_model(each) for each in held]))


async def one_webhook(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve one webhook."""
    return private_answer(WebhookOut.from_model(await _webhook(request)))


async def create_webhook(request: web.Request, _query: Query) -> web.StreamResponse:
    """Set up a webhook; it is told what comes from now on.

    Raises:
        BadBody: The address may not be called, the secret is none, or the story has no such thread or entity.
        Conflict: There are as many webhooks as this service takes.
    """
    receivers, store = writing(request), request.app[STORE]
    body = await read_body(request, WebhookIn)
    faults = _faults(request, body, receivers)
    if faults:
        raise BadBody("; ".join(f"{fault.pointer}: {fault.message}" for fault in faults), tuple(faults))
    if len(await store.subscribers.webhooks()) >= MOST_WEBHOOKS:
        raise Conflict(f"there are {MOST_WEBHOOKS} webhooks already; delete one first")
    webhook = Webhook(
        id=f"w-{secrets.token_hex(8)}",
        url=body.url,
        story=body.story,
        filters=body.filters.model_dump(mode="json", exclude_none=True),
        secret=body.secret or receivers.new_secret(),
        position=(await store.ledger_state(body.story)).seq,
        created_at=request.app[CLOCK].now(),
    )
    await store.subscribers.add_webhook(webhook)
    out = NewWebhookOut(**WebhookOut.from_model(webhook).model_dump(), secret=webhook.secret)
    return private_answer(out, 201, {"Location": request.app[LINKS].url(f"/v1/webhooks/{webhook.id}")})


def _faults(request: web.Request, body: WebhookIn, receivers: Receivers) -> list[BodyFault]:
    faults = []
    if refusal := receivers.refusal(body.url):
        faults.append(BodyFault("#/url", refusal))
    if body.secret is not None and (fault := receivers.secret_fault(body.secret)):
        faults.append(BodyFault("#/secret", fault))
    story = request.app[STORIES]().get(body.story)
    if story is None:
        return [*faults, BodyFault("#/story", f"no story {body.story!r} is followed here; /v1/stories lists them")]
    wanted = {"thread": body.filters.thread, "entity": body.filters.entity}
    known = {"thread": [each.id for each in story.threads], "entity": [each.id for each in story.entities]}
    for name, value in wanted.items():
        if value is not None and value not in known[name]:
            faults.append(BodyFault(f"#/filters/{name}", f"story {story.id} has no {name} {value!r}"))
    return faults


async def delete_webhook(request: web.Request, _query: Query) -> web.StreamResponse:
    """Remove a webhook."""
    writing(request)
    name = request.match_info["webhook"]
    found(await request.app[STORE].subscribers.remove_webhook(name) or None, f"webhook {name!r}")
    return web.Response(status=204)


async def list_deliveries(request: web.Request, query: Query) -> web.StreamResponse:
    """Serve what became of the deltas a webhook was to be told."""
    store, webhook = request.app[STORE], await _webhook(request)
    state = query.text("state")
    epoch = (await store.ledger_state(webhook.story)).epoch
    scope = Scope(
        listing=f"deliveries {webhook.id}", story=webhook.story, epoch=epoch, filters=(("state", str(state)),)
    )
    cursor, limit = query.text("after"), query.limit()
    position = scope.decode(cursor) if cursor else 0
    held = await store.subscribers.deliveries(webhook.id, position, limit + 1, _STATES[state] if state else None)
    shown = held[:limit]
    next_cursor = scope.encode(shown[-1].number if shown else position)
    page = DeliveryPage(
        items=[DeliveryOut.from_model(each) for each in shown], next_cursor=next_cursor, has_more=len(held) > limit
    )
    return private_answer(page, headers=next_link(request, next_cursor))


async def resend_delivery(request: web.Request, _query: Query) -> web.StreamResponse:
    """Let a delivery be tried again from the start.

    Raises:
        Conflict: It waits to be tried anyway, or the webhook is disabled.
    """
    writing(request)
    webhook, name = await _webhook(request), request.match_info["delta"]
    subscribers = request.app[STORE].subscribers
    delivery = found(await subscribers.delivery(webhook.id, name), f"delivery of {name!r} to webhook {webhook.id}")
    _refuse_disabled(webhook)
    if delivery.state == "waiting":
        raise Conflict(f"{name} waits to be sent to webhook {webhook.id} anyway")
    again = replace(delivery, state="waiting", attempts=0, next_attempt_at=request.app[CLOCK].now())
    await subscribers.save_delivery(again)
    return private_answer(DeliveryOut.from_model(again), 202)


async def resend_dead(request: web.Request, _query: Query) -> web.StreamResponse:
    """Let all dead deliveries of a webhook be tried again from the start.

    Raises:
        Conflict: The webhook is disabled.
    """
    writing(request)
    webhook = await _webhook(request)
    _refuse_disabled(webhook)
    resent = await request.app[STORE].subscribers.resend_dead(webhook.id, request.app[CLOCK].now())
    return private_answer(ResentOut(resent=resent), 202)


async def enable_webhook(request: web.Request, _query: Query) -> web.StreamResponse:
    """Send to a disabled webhook again: what came meanwhile follows, in order. One that is active stays so."""
    writing(request)
    webhook = await _webhook(request)
    found(await request.app[STORE].subscribers.enable_webhook(webhook.id) or None, f"webhook {webhook.id!r}")
    return private_answer(WebhookOut.from_model(replace(webhook, disabled=None)))


def _refuse_disabled(webhook: Webhook) -> None:
    if webhook.disabled is not None:
        raise Conflict(
            f"webhook {webhook.id} is disabled: {webhook.disabled}; POST /v1/webhooks/{webhook.id}/enable first"
        )
