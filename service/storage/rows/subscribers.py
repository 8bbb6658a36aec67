"""Webhooks, deliveries and reader tokens."""

from __future__ import annotations

from service.core.webhooks import Delivery, ReaderToken, Webhook
from service.storage.rows.values import (
    Params,
    Row,
    from_json,
    instant_from,
    instant_text,
    optional_instant,
    optional_text,
    to_json,
)


def webhook_params(webhook: Webhook) -> Params:
    """Return the columns of a webhook."""
    return {
        "id": webhook.id,
        "url": webhook.url,
        "story": webhook.story,
        "filters": to_json(dict(webhook.filters)),
        "secret": webhook.secret,
        "position": webhook.position,
        "disabled": webhook.disabled,
        "created_at": instant_text(webhook.created_at),
    }


def webhook_from(row: Row) -> Webhook:
    """Return the webhook of a row."""
    return Webhook(
        id=row["id"],
        url=row["url"],
        story=row["story"],
        filters=from_json(row["filters"]),
        secret=row["secret"],
        position=row["position"],
        disabled=row["disabled"],
        created_at=instant_from(row["created_at"]),
    )


def delivery_params(delivery: Delivery) -> Params:
    """Return the columns of a delivery but its number."""
    return {
        "webhook": delivery.webhook,
        "delta": delivery.delta,
        "seq": delivery.seq,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "status": delivery.status,
        "error": delivery.error,
        "next_attempt_at": optional_text(delivery.next_attempt_at),
        "last_attempt_at": optional_text(delivery.last_attempt_at),
    }


def delivery_from(row: Row) -> Delivery:
    """Return the delivery of a row."""
    return Delivery(
        number=row["number"],
        webhook=row["webhook"],
        delta=row["delta"],
        seq=row["seq"],
        state=row["state"],
        attempts=row["attempts"],
        status=row["status"],
        error=row["error"],
        next_attempt_at=optional_instant(row["next_attempt_at"]),
        last_attempt_at=optional_instant(row["last_attempt_at"]),
    )


def token_params(token: ReaderToken) -> Params:
    """Return the columns of a reader token."""
    return {
        "id": token.id,
        "digest": token.digest,
        "story": token.story,
        "note": token.note,
        "created_at": instant_text(token.created_at),
    }


def token_from(row: Row) -> ReaderToken:
    """Return the reader token of a row."""
    return ReaderToken(
        id=row["id"],
        digest=row["digest"],
        story=row["story"],
        note=row["note"],
        created_at=instant_from(row["created_at"]),
    )
