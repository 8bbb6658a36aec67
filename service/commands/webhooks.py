"""webhooks list, deliveries, resend, enable: who is told of deltas, what did not arrive, and having it sent again."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from service.commands.running_service import handed_over
from service.commands.setup import opened_store, settings_of, utc_now
from service.core.errors import Conflict, NotFound, StoreLocked
from service.storage.opening import is_missing

if TYPE_CHECKING:
    from service.core.webhooks import Delivery, Webhook
    from service.settings import Settings
    from service.subscribers import Subscribers

_MOST = 1_000_000


def register(commands: Any) -> None:
    """Add the commands of this file."""
    webhooks = commands.add_parser("webhooks", help="who is told of deltas; what did not arrive, sent again")
    verbs = webhooks.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="every webhook, with what waits and what was given up")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_list)
    deliveries = verbs.add_parser("deliveries", help="what was given up for a webhook, and why")
    deliveries.add_argument("webhook", metavar="WEBHOOK", help="id, as `webhooks list` gives it")
    deliveries.add_argument("--state", choices=("dead", "waiting", "delivered"), default="dead", help="default: dead")
    deliveries.add_argument("--json", action="store_true")
    deliveries.set_defaults(run=_deliveries)
    resend = verbs.add_parser("resend", help="send again all that was given up for a webhook")
    resend.add_argument("webhook", metavar="WEBHOOK")
    resend.set_defaults(run=_resend)
    enable = verbs.add_parser("enable", help="send to a disabled webhook again, what came meanwhile included")
    enable.add_argument("webhook", metavar="WEBHOOK")
    enable.add_argument("--resend", action="store_true", help="and send again what was given up for it")
    enable.set_defaults(run=_enable)


def _refuse_missing(settings: Settings) -> None:
    if is_missing(settings.store):
        raise NotFound(f"{settings.shown_database} does not exist yet; AFTERMATH_DATABASE_URL names the store")


async def _named(subscribers: Subscribers, name: str) -> Webhook:
    for each in await subscribers.webhooks():
        if each.id == name:
            return each
    raise NotFound(f"there is no webhook {name!r}; `webhooks list` names them")


def _list(args: argparse.Namespace) -> int:
    from service.api.wire_subscribers import WebhookOut

    settings = settings_of()
    _refuse_missing(settings)

    async def look() -> list[tuple[Webhook, int, int]]:
        async with opened_store(settings.store, read_only=True) as store:
            rows = []
            for each in await store.subscribers.webhooks():
                waiting = await store.subscribers.deliveries(each.id, 0, _MOST, "waiting")
                dead = await store.subscribers.deliveries(each.id, 0, _MOST, "dead")
                rows.append((each, len(waiting), len(dead)))
            return rows

    rows = asyncio.run(look())
    if args.json:
        shown = [
            {**WebhookOut.from_model(each).model_dump(mode="json"), "waiting": waiting, "dead": dead}
            for each, waiting, dead in rows
        ]
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    for each, waiting, dead in rows:
        state = "active" if each.disabled is None else f"disabled: {each.disabled}"
        print(f"{each.id}  {each.story}  {state}\n    {each.url}\n    {waiting} waiting, {dead} given up")
    print(f"{len(rows)} webhooks")
    return 0


def _deliveries(args: argparse.Namespace) -> int:
    from service.api.wire_subscribers import DeliveryOut

    settings = settings_of()
    _refuse_missing(settings)

    async def look() -> list[Delivery]:
        async with opened_store(settings.store, read_only=True) as store:
            webhook = await _named(store.subscribers, args.webhook)
            return await store.subscribers.deliveries(webhook.id, 0, _MOST, args.state)

    held = asyncio.run(look())
    if args.json:
        print(json.dumps([DeliveryOut.from_model(each).model_dump(mode="json") for each in held], ensure_ascii=False))
        return 0
    for each in held:
        last = each.last_attempt_at.strftime("%Y-%m-%d %H:%M") if each.last_attempt_at else "never"
        print(f"{each.delta}  {each.attempts} attempts, last {last}: {each.error or each.status or 'not sent yet'}")
    print(f"{len(held)} {args.state}")
    return 0


def _resend(args: argparse.Namespace) -> int:
    settings = settings_of()
    _refuse_missing(settings)

    async def write() -> int:
        async with opened_store(settings.store) as store:
            webhook = await _named(store.subscribers, args.webhook)
            if webhook.disabled is not None:
                raise Conflict(f"webhook {webhook.id} is disabled: {webhook.disabled}; `webhooks enable {webhook.id}`")
            return await store.subscribers.resend_dead(webhook.id, utc_now())

    try:
        resent = asyncio.run(write())
    except StoreLocked as locked:
        resent = int(_by_service(settings, locked, args.webhook, "resend")["resent"])
    print(f"{resent} deliveries will be sent again")
    return 0


def _enable(args: argparse.Namespace) -> int:
    settings = settings_of()
    _refuse_missing(settings)

    async def write() -> None:
        async with opened_store(settings.store) as store:
            webhook = await _named(store.subscribers, args.webhook)
            await store.subscribers.enable_webhook(webhook.id)

    try:
        asyncio.run(write())
    except StoreLocked as locked:
        _by_service(settings, locked, args.webhook, "enable")
    print(f"webhook {args.webhook} is active")
    return _resend(args) if args.resend else 0


def _by_service(settings: Settings, locked: StoreLocked, webhook: str, verb: str) -> dict[str, Any]:
    """Have the service that holds the store do it."""
    path = f"/v1/webhooks/{quote(webhook, safe='')}/{verb}"
    return handed_over(settings, locked, "POST", path, {}, what="the request")
