"""Who is told of deltas, in SQLite: webhooks and their deliveries, reader tokens, positions of push."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from service.core.errors import StorageError
from service.storage.rows.subscribers import (
    delivery_from,
    delivery_params,
    token_from,
    token_params,
    webhook_from,
    webhook_params,
)
from service.storage.rows.values import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from service.core.webhooks import Delivery, DeliveryState, ReaderToken, Webhook

T = TypeVar("T")
_KEPT = 500  # delivered ones of a webhook; the dead and the waiting stay


class Run(Protocol):
    """Runs work on a connection, in a transaction."""

    def __call__(self, work: Callable[[Database], T], /) -> Awaitable[T]:
        """Return what the work returns."""
        ...


class SqliteSubscribers:
    """A `subscribers.Subscribers` on the connections of a SqliteStore."""

    def __init__(self, *, read: Run, write: Run) -> None:
        self._read = read
        self._write = write

    # -- webhooks

    async def add_webhook(self, webhook: Webhook) -> None:
        """See `subscribers.Subscribers`, as for every method below."""
        await self._write(lambda db: _add_webhook(db, webhook))

    async def webhooks(self) -> list[Webhook]:
        """Return all webhooks, oldest first."""
        return await self._read(
            lambda db: [webhook_from(row) for row in db.execute("SELECT * FROM webhooks ORDER BY created_at, id")]
        )

    async def remove_webhook(self, webhook_id: str) -> bool:
        """Forget a webhook and its deliveries."""
        return await self._write(lambda db: _changed(db, "DELETE FROM webhooks WHERE id = :id", webhook_id))

    async def lease_webhook(self, webhook_id: str, now: datetime, until: datetime) -> bool:
        """Reserve a webhook for an attempt."""
        return await self._write(lambda db: _lease(db, webhook_id, now, until))

    async def disable_webhook(self, webhook_id: str, why: str) -> None:
        """Send it nothing any more."""
        await self._write(lambda db: _disable(db, webhook_id, why))

    async def enable_webhook(self, webhook_id: str) -> bool:
        """Send to it again."""
        return await self._write(
            lambda db: _changed(db, "UPDATE webhooks SET disabled = NULL WHERE id = :id", webhook_id)
        )

    async def resend_dead(self, webhook_id: str, now: datetime) -> int:
        """Let its dead deliveries be tried again."""
        return await self._write(lambda db: _resend_dead(db, webhook_id, now))

    async def save_delivery(self, delivery: Delivery) -> None:
        """Keep what became of a delivery, and move its webhook on."""
        await self._write(lambda db: _save_delivery(db, delivery))

    async def delivery(self, webhook_id: str, delta_id: str) -> Delivery | None:
        """Return one delivery or None."""
        return await self._read(lambda db: _delivery(db, webhook_id, delta_id))

    async def deliveries(
        self, webhook_id: str, after: int, limit: int, state: DeliveryState | None = None
    ) -> list[Delivery]:
        """Return deliveries of a webhook after a position."""
        return await self._read(lambda db: _deliveries(db, webhook_id, after, limit, state))

    # -- tokens

    async def add_token(self, token: ReaderToken) -> None:
        """Keep a reader token."""
        await self._write(lambda db: _add_token(db, token))

    async def tokens(self) -> list[ReaderToken]:
        """Return all reader tokens, oldest first."""
        return await self._read(
            lambda db: [token_from(row) for row in db.execute("SELECT * FROM reader_tokens ORDER BY created_at, id")]
        )

    async def token(self, digest: str) -> ReaderToken | None:
        """Return the reader token of a digest or None."""
        return await self._read(lambda db: _token(db, digest))

    async def remove_token(self, token_id: str) -> bool:
        """Revoke a reader token."""
        return await self._write(lambda db: _changed(db, "DELETE FROM reader_tokens WHERE id = :id", token_id))

    # -- positions

    async def position(self, name: str) -> int | None:
        """Return a kept position or None."""
        return await self._read(lambda db: _position(db, name))

    async def move_position(self, name: str, seq: int) -> None:
        """Keep a position."""
        await self._write(lambda db: _move_position(db, name, seq))


def _add_webhook(db: Database, webhook: Webhook) -> None:
    db.execute(
        """
        INSERT INTO webhooks (id, url, story, filters, secret, position, disabled, created_at)
        VALUES (:id, :url, :story, :filters, :secret, :position, :disabled, :created_at)
        """,
        webhook_params(webhook),
    )


def _changed(db: Database, statement: str, key: str) -> bool:
    return bool(db.execute(statement, {"id": key}).rowcount)


def _lease(db: Database, webhook_id: str, now: datetime, until: datetime) -> bool:
    moved = db.execute(
        """
        UPDATE webhooks SET leased_until = :until
        WHERE id = :id AND disabled IS NULL AND (leased_until IS NULL OR leased_until <= :now)
        """,
        {"id": webhook_id, "now": instant_text(now), "until": instant_text(until)},
    )
    return bool(moved.rowcount)


def _disable(db: Database, webhook_id: str, why: str) -> None:
    db.execute("UPDATE webhooks SET disabled = :why WHERE id = :id", {"id": webhook_id, "why": why})


def _resend_dead(db: Database, webhook_id: str, now: datetime) -> int:
    revived = db.execute(
        """
        UPDATE deliveries SET state = 'waiting', attempts = 0, next_attempt_at = :now
        WHERE webhook = :webhook AND state = 'dead'
        """,
        {"webhook": webhook_id, "now": instant_text(now)},
    )
    return revived.rowcount


def _save_delivery(db: Database, delivery: Delivery) -> None:
    params = delivery_params(delivery)
    if not db.execute("SELECT 1 FROM webhooks WHERE id = :webhook", params).fetchone():
        raise StorageError(f"webhook {delivery.webhook} was removed meanwhile")
    db.execute(
        """
        INSERT INTO deliveries (webhook, delta, seq, state, attempts, status, error, next_attempt_at, last_attempt_at)
        VALUES (:webhook, :delta, :seq, :state, :attempts, :status, :error, :next_attempt_at, :last_attempt_at)
        ON CONFLICT (webhook, delta) DO UPDATE SET
            state = excluded.state,
            attempts = excluded.attempts,
            status = excluded.status,
            error = excluded.error,
            next_attempt_at = excluded.next_attempt_at,
            last_attempt_at = excluded.last_attempt_at
        """,
        params,
    )
    db.execute(
        """
        UPDATE webhooks SET
            leased_until = NULL,
            position = CASE :state WHEN 'waiting' THEN position ELSE max(position, :seq) END
        WHERE id = :webhook
        """,
        params,
    )
    db.execute(
        """
        DELETE FROM deliveries WHERE webhook = :webhook AND state = 'delivered' AND number <= (
            SELECT number FROM deliveries WHERE webhook = :webhook AND state = 'delivered'
            ORDER BY number DESC LIMIT 1 OFFSET :kept
        )
        """,
        {"webhook": delivery.webhook, "kept": _KEPT},
    )


def _delivery(db: Database, webhook_id: str, delta_id: str) -> Delivery | None:
    row = db.execute(
        "SELECT * FROM deliveries WHERE webhook = :webhook AND delta = :delta",
        {"webhook": webhook_id, "delta": delta_id},
    ).fetchone()
    return None if row is None else delivery_from(row)


def _deliveries(db: Database, webhook_id: str, after: int, limit: int, state: DeliveryState | None) -> list[Delivery]:
    rows = db.execute(
        """
        SELECT * FROM deliveries
        WHERE webhook = :webhook AND number > :after AND (:state IS NULL OR state = :state)
        ORDER BY number LIMIT :limit
        """,
        {"webhook": webhook_id, "after": after, "limit": limit, "state": state},
    )
    return [delivery_from(row) for row in rows]


def _add_token(db: Database, token: ReaderToken) -> None:
    db.execute(
        """
        INSERT INTO reader_tokens (id, digest, story, note, created_at)
        VALUES (:id, :digest, :story, :note, :created_at)
        """,
        token_params(token),
    )


def _token(db: Database, digest: str) -> ReaderToken | None:
    row = db.execute("SELECT * FROM reader_tokens WHERE digest = :digest", {"digest": digest}).fetchone()
    return None if row is None else token_from(row)


def _position(db: Database, name: str) -> int | None:
    row = db.execute("SELECT seq FROM cursors WHERE name = :name", {"name": name}).fetchone()
    return None if row is None else int(row["seq"])


def _move_position(db: Database, name: str, seq: int) -> None:
    db.execute(
        "INSERT INTO cursors (name, seq) VALUES (:name, :seq) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
        {"name": name, "seq": seq},
    )
