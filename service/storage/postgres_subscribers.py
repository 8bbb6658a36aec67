"""Who is told of deltas, in PostgreSQL: webhooks and their deliveries, reader tokens, positions of push."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

    from service.core.webhooks import Delivery, DeliveryState, ReaderToken, Webhook
    from service.storage.postgres_connections import Connection, Sessions

_KEPT = 500  # delivered ones of a webhook; the dead and the waiting stay


class PostgresSubscribers:
    """A `subscribers.Subscribers` on the sessions of a PostgresStore."""

    def __init__(self, sessions: Sessions) -> None:
        self._run = sessions.run

    # -- webhooks

    async def add_webhook(self, webhook: Webhook) -> None:
        """See `subscribers.Subscribers`, as for every method below."""
        await self._run(lambda db: _add_webhook(db, webhook))

    async def webhooks(self) -> list[Webhook]:
        """Return all webhooks, oldest first."""
        return await self._run(_webhooks)

    async def remove_webhook(self, webhook_id: str) -> bool:
        """Forget a webhook and its deliveries."""
        return await self._run(lambda db: _changed(db, "DELETE FROM webhooks WHERE id = %(id)s", id=webhook_id))

    async def lease_webhook(self, webhook_id: str, now: datetime, until: datetime) -> bool:
        """Reserve a webhook for an attempt."""
        return await self._run(
            lambda db: _changed(db, _LEASE, id=webhook_id, now=instant_text(now), until=instant_text(until))
        )

    async def disable_webhook(self, webhook_id: str, why: str) -> None:
        """Send it nothing any more."""
        await self._run(
            lambda db: _changed(db, "UPDATE webhooks SET disabled = %(why)s WHERE id = %(id)s", id=webhook_id, why=why)
        )

    async def enable_webhook(self, webhook_id: str) -> bool:
        """Send to it again."""
        return await self._run(
            lambda db: _changed(db, "UPDATE webhooks SET disabled = NULL WHERE id = %(id)s", id=webhook_id)
        )

    async def resend_dead(self, webhook_id: str, now: datetime) -> int:
        """Let its dead deliveries be tried again."""
        return await self._run(lambda db: _resend_dead(db, webhook_id, now))

    async def save_delivery(self, delivery: Delivery) -> None:
        """Keep what became of a delivery, and move its webhook on."""
        await self._run(lambda db: _save_delivery(db, delivery))

    async def delivery(self, webhook_id: str, delta_id: str) -> Delivery | None:
        """Return one delivery or None."""
        return await self._run(lambda db: _delivery(db, webhook_id, delta_id))

    async def deliveries(
        self, webhook_id: str, after: int, limit: int, state: DeliveryState | None = None
    ) -> list[Delivery]:
        """Return deliveries of a webhook after a position."""
        return await self._run(lambda db: _deliveries(db, webhook_id, after, limit, state))

    # -- tokens

    async def add_token(self, token: ReaderToken) -> None:
        """Keep a reader token."""
        await self._run(lambda db: _add_token(db, token))

    async def tokens(self) -> list[ReaderToken]:
        """Return all reader tokens, oldest first."""
        return await self._run(_tokens)

    async def token(self, digest: str) -> ReaderToken | None:
        """Return the reader token of a digest or None."""
        return await self._run(lambda db: _token(db, digest))

    async def remove_token(self, token_id: str) -> bool:
        """Revoke a reader token."""
        return await self._run(lambda db: _changed(db, "DELETE FROM reader_tokens WHERE id = %(id)s", id=token_id))

    # -- positions

    async def position(self, name: str) -> int | None:
        """Return a kept position or None."""
        return await self._run(lambda db: _position(db, name))

    async def move_position(self, name: str, seq: int) -> None:
        """Keep a position."""
        await self._run(lambda db: _changed(db, _MOVE, name=name, seq=seq))


_LEASE = """
    UPDATE webhooks SET leased_until = %(until)s
    WHERE id = %(id)s AND disabled IS NULL AND (leased_until IS NULL OR leased_until <= %(now)s)
"""
_MOVE = """
    INSERT INTO cursors (name, seq) VALUES (%(name)s, %(seq)s) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq
"""


async def _changed(db: Connection, statement: str, **params: str | int) -> bool:
    return bool((await db.execute(statement, params)).rowcount)


async def _resend_dead(db: Connection, webhook_id: str, now: datetime) -> int:
    revived = await db.execute(
        """
        UPDATE deliveries SET state = 'waiting', attempts = 0, next_attempt_at = %(now)s
        WHERE webhook = %(webhook)s AND state = 'dead'
        """,
        {"webhook": webhook_id, "now": instant_text(now)},
    )
    return revived.rowcount


async def _add_webhook(db: Connection, webhook: Webhook) -> None:
    await db.execute(
        """
        INSERT INTO webhooks (id, url, story, filters, secret, position, disabled, created_at)
        VALUES (
            %(id)s, %(url)s, %(story)s, %(filters)s, %(secret)s, %(position)s, %(disabled)s, %(created_at)s
        )
        """,
        webhook_params(webhook),
    )


async def _webhooks(db: Connection) -> list[Webhook]:
    return [webhook_from(row) async for row in await db.execute("SELECT * FROM webhooks ORDER BY created_at, id")]


async def _save_delivery(db: Connection, delivery: Delivery) -> None:
    params = delivery_params(delivery)
    moved = await db.execute(
        """
        UPDATE webhooks SET
            leased_until = NULL,
            position = CASE %(state)s::text WHEN 'waiting' THEN position ELSE greatest(position, %(seq)s) END
        WHERE id = %(webhook)s
        """,
        params,
    )
    if not moved.rowcount:
        raise StorageError(f"webhook {delivery.webhook} was removed meanwhile")
    await db.execute(
        """
        INSERT INTO deliveries (webhook, delta, seq, state, attempts, status, error, next_attempt_at, last_attempt_at)
        VALUES (
            %(webhook)s, %(delta)s, %(seq)s, %(state)s, %(attempts)s, %(status)s, %(error)s, %(next_attempt_at)s,
            %(last_attempt_at)s
        ) ON CONFLICT (webhook, delta) DO UPDATE SET
            state = excluded.state,
            attempts = excluded.attempts,
            status = excluded.status,
            error = excluded.error,
            next_attempt_at = excluded.next_attempt_at,
            last_attempt_at = excluded.last_attempt_at
        """,
        params,
    )
    await db.execute(
        """
        DELETE FROM deliveries WHERE webhook = %(webhook)s AND state = 'delivered' AND number <= (
            SELECT number FROM deliveries WHERE webhook = %(webhook)s AND state = 'delivered'
            ORDER BY number DESC LIMIT 1 OFFSET %(kept)s
        )
        """,
        {"webhook": delivery.webhook, "kept": _KEPT},
    )


async def _delivery(db: Connection, webhook_id: str, delta_id: str) -> Delivery | None:
    row = await (
        await db.execute(
            "SELECT * FROM deliveries WHERE webhook = %(webhook)s AND delta = %(delta)s",
            {"webhook": webhook_id, "delta": delta_id},
        )
    ).fetchone()
    return None if row is None else delivery_from(row)


async def _deliveries(
    db: Connection, webhook_id: str, after: int, limit: int, state: DeliveryState | None
) -> list[Delivery]:
    rows = await db.execute(
        """
        SELECT * FROM deliveries
        WHERE webhook = %(webhook)s AND number > %(after)s AND (%(state)s::text IS NULL OR state = %(state)s::text)
        ORDER BY number LIMIT %(limit)s
        """,
        {"webhook": webhook_id, "after": after, "limit": limit, "state": state},
    )
    return [delivery_from(row) async for row in rows]


async def _add_token(db: Connection, token: ReaderToken) -> None:
    await db.execute(
        """
        INSERT INTO reader_tokens (id, digest, story, note, created_at)
        VALUES (%(id)s, %(digest)s, %(story)s, %(note)s, %(created_at)s)
        """,
        token_params(token),
    )


async def _tokens(db: Connection) -> list[ReaderToken]:
    return [token_from(row) async for row in await db.execute("SELECT * FROM reader_tokens ORDER BY created_at, id")]


async def _token(db: Connection, digest: str) -> ReaderToken | None:
    rows = await db.execute("SELECT * FROM reader_tokens WHERE digest = %(digest)s", {"digest": digest})
    row = await rows.fetchone()
    return None if row is None else token_from(row)


async def _position(db: Connection, name: str) -> int | None:
    row = await (await db.execute("SELECT seq FROM cursors WHERE name = %(name)s", {"name": name})).fetchone()
    return None if row is None else int(row["seq"])
