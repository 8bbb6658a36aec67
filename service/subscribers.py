"""The ports behind telling others of deltas: who is told, and how something is sent. Promises stand in docstrings.

As in `ports.py` one method is one transaction, instants are aware and UTC, and every method of Subscribers may raise
StorageError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from service.core.webhooks import Delivery, DeliveryState, ReaderToken, Sent, Webhook


class Sender(Protocol):
    """Outbound HTTP to receivers of deltas. Failures are values; it raises nothing but CancelledError."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Do one POST within the limits; redirects are not followed."""
        ...


class Subscribers(Protocol):
    """Who is told of deltas: webhooks and their deliveries, reader tokens, and how far a hub was told."""

    # -- webhooks
    async def add_webhook(self, webhook: Webhook) -> None:
        """Keep a webhook; its id must be new."""
        ...

    async def webhooks(self) -> list[Webhook]:
        """Return all webhooks, oldest first."""
        ...

    async def remove_webhook(self, webhook_id: str) -> bool:
        """Forget a webhook with its deliveries; return whether there was one."""
        ...

    async def lease_webhook(self, webhook_id: str, now: datetime, until: datetime) -> bool:
        """Reserve a webhook for one attempt; False when another process holds it, or when it is disabled or gone."""
        ...

    async def disable_webhook(self, webhook_id: str, why: str) -> None:
        """Send it nothing any more."""
        ...

    async def enable_webhook(self, webhook_id: str) -> bool:
        """Send to a disabled webhook again, from the position it had; return whether there is such a webhook."""
        ...

    async def resend_dead(self, webhook_id: str, now: datetime) -> int:
        """Let all dead deliveries of a webhook wait for a first attempt, due at `now`; return how many there were."""
        ...

    async def save_delivery(self, delivery: Delivery) -> None:
        """Commit a delivery in place of an earlier state of it, and end the lease of its webhook.

        One that is delivered or dead moves the webhook's position to its seq, never back. The oldest delivered ones
        are forgotten. StorageError when the webhook was removed meanwhile.
        """
        ...

    async def delivery(self, webhook_id: str, delta_id: str) -> Delivery | None:
        """Return one delivery or None."""
        ...

    async def deliveries(
        self, webhook_id: str, after: int, limit: int, state: DeliveryState | None = None
    ) -> list[Delivery]:
        """Return deliveries of a webhook with a number after `after`, ascending."""
        ...

    # -- tokens
    async def add_token(self, token: ReaderToken) -> None:
        """Keep a reader token; its id and digest must be new."""
        ...

    async def tokens(self) -> list[ReaderToken]:
        """Return all reader tokens, oldest first."""
        ...

    async def token(self, digest: str) -> ReaderToken | None:
        """Return the reader token of a digest or None."""
        ...

    async def remove_token(self, token_id: str) -> bool:
        """Revoke a reader token; return whether there was one."""
        ...

    # -- positions
    async def position(self, name: str) -> int | None:
        """Return the seq kept under a name, None when there is none."""
        ...

    async def move_position(self, name: str, seq: int) -> None:
        """Keep a seq under a name."""
        ...
