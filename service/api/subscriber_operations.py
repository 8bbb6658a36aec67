"""The operations about who is told of deltas and who may read. All need the admin token."""

from __future__ import annotations

from service.api import params as p
from service.api.handlers import tokens, webhooks
from service.api.operation import Operation
from service.api.wire_subscribers import (
    DeliveryOut,
    DeliveryPage,
    NewTokenOut,
    NewWebhookOut,
    TokenIn,
    TokenPage,
    WebhookIn,
    WebhookOut,
    WebhookPage,
)

_REFUSED = (401, 403)
_BODY = (409, 413, 415, 422)
_TAG = "subscribers"

SUBSCRIBER_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        path="/v1/webhooks",
        handler=webhooks.list_webhooks,
        summary="The webhooks, without their secrets",
        tag=_TAG,
        answer=WebhookPage,
        errors=_REFUSED,
        conditional=False,
        admin=True,
    ),
    Operation(
        path="/v1/webhooks",
        method="POST",
        handler=webhooks.create_webhook,
        summary="Send signed CloudEvents of the deltas that come from now on, retractions included",
        tag=_TAG,
        body=WebhookIn,
        status=201,
        answer=NewWebhookOut,
        errors=(*_REFUSED, *_BODY),
        conditional=False,
    ),
    Operation(
        path="/v1/webhooks/{webhook}",
        handler=webhooks.one_webhook,
        summary="One webhook",
        tag=_TAG,
        answer=WebhookOut,
        errors=(*_REFUSED, 404),
        conditional=False,
        admin=True,
    ),
    Operation(
        path="/v1/webhooks/{webhook}",
        method="DELETE",
        handler=webhooks.delete_webhook,
        summary="Send it nothing any more, and forget its deliveries",
        tag=_TAG,
        status=204,
        errors=(*_REFUSED, 404, 409),
        conditional=False,
    ),
    Operation(
        path="/v1/webhooks/{webhook}/deliveries",
        handler=webhooks.list_deliveries,
        summary="What became of each delta: delivered, waiting or dead; the oldest delivered ones are forgotten",
        tag=_TAG,
        params=(p.PLAIN_AFTER, p.LIMIT, p.DELIVERY_STATE),
        answer=DeliveryPage,
        errors=(*_REFUSED, 404, 410),
        conditional=False,
        admin=True,
    ),
    Operation(
        path="/v1/webhooks/{webhook}/deliveries/{delta}/resend",
        method="POST",
        handler=webhooks.resend_delivery,
        summary="Send a delivery again, out of turn: a dead one, or one the receiver has lost",
        tag=_TAG,
        status=202,
        answer=DeliveryOut,
        errors=(*_REFUSED, 404, 409),
        conditional=False,
    ),
    Operation(
        path="/v1/tokens",
        handler=tokens.list_tokens,
        summary="The reader tokens: what is known of them, not the tokens",
        tag=_TAG,
        answer=TokenPage,
        errors=_REFUSED,
        conditional=False,
        admin=True,
    ),
    Operation(
        path="/v1/tokens",
        method="POST",
        handler=tokens.create_token,
        summary="Let one more reader in, by `?token=` in an address or as bearer; shown this once",
        tag=_TAG,
        body=TokenIn,
        status=201,
        answer=NewTokenOut,
        errors=(*_REFUSED, *_BODY),
        conditional=False,
    ),
    Operation(
        path="/v1/tokens/{token}",
        method="DELETE",
        handler=tokens.delete_token,
        summary="Revoke a reader token: it opens nothing from the next request on",
        tag=_TAG,
        status=204,
        errors=(*_REFUSED, 404, 409),
        conditional=False,
    ),
)
