"""What operators send and get about webhooks and reader tokens. Secrets are shown once, when they are made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from service.api.forms import HTTP_URL, LANG
from service.api.wire import Instant, Share, Wire
from service.api.wire_pages import Page
from service.core.model import DeltaType
from service.core.webhooks import Delivery, DeliveryState, ReaderToken, Webhook

_LONGEST_URL = 2000
_NAME = Field(max_length=200)


class WebhookFilters(Wire):
    """Which deltas are told; absent means all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    thread: Annotated[str, _NAME] | None = None
    type: DeltaType | None = None
    entity: Annotated[str, _NAME] | None = None
    lang: Annotated[str, Field(pattern=LANG, max_length=40)] | None = None
    min_score: Share | None = None


class WebhookIn(Wire):
    """A standing request to be told of a story's deltas."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"url": "https://desk.example/hooks/aftermath", "story": "assad-exit"}]},
    )

    url: Annotated[
        str, Field(pattern=HTTP_URL, max_length=_LONGEST_URL, description="http or https, at a public address")
    ]
    story: Annotated[str, _NAME]
    filters: WebhookFilters = WebhookFilters()
    secret: Annotated[
        str | None, Field(max_length=200, description="`whsec_` and base64; absent: one is made and shown once")
    ] = None


class WebhookOut(Wire):
    """A webhook as it stands."""

    id: str
    url: str
    story: str
    filters: WebhookFilters
    state: Literal["active", "disabled"]
    reason: str | None  # why it is disabled
    created_at: Instant

    @classmethod
    def from_model(cls, webhook: Webhook) -> WebhookOut:
        """Convert a webhook; its secret stays behind."""
        return cls(
            id=webhook.id,
            url=webhook.url,
            story=webhook.story,
            filters=WebhookFilters.model_validate(dict(webhook.filters)),
            state="active" if webhook.disabled is None else "disabled",
            reason=webhook.disabled,
            created_at=webhook.created_at,
        )


class NewWebhookOut(WebhookOut):
    """A webhook that was just made, with the secret its receiver checks signatures by."""

    secret: str


class DeliveryOut(Wire):
    """What became of one delta on its way to one webhook."""

    delta: str
    seq: int
    state: DeliveryState
    attempts: int
    status: int | None  # of the last answer
    error: str | None
    last_attempt_at: Instant | None
    next_attempt_at: Instant | None

    @classmethod
    def from_model(cls, delivery: Delivery) -> DeliveryOut:
        """Convert a delivery."""
        return cls(
            delta=delivery.delta,
            seq=delivery.seq,
            state=delivery.state,
            attempts=delivery.attempts,
            status=delivery.status,
            error=delivery.error,
            last_attempt_at=delivery.last_attempt_at,
            next_attempt_at=delivery.next_attempt_at,
        )


class ResentOut(Wire):
    """How many dead deliveries are tried again."""

    resent: int


class WebhookPage(Page[WebhookOut]):
    """All webhooks, oldest first."""


class DeliveryPage(Page[DeliveryOut]):
    """Deliveries in the order of their first attempts; `next_cursor` is there also when `items` is empty."""


class TokenIn(Wire):
    """A token for one reader."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"note": "Desk phone", "story": "assad-exit"}]}
    )

    story: Annotated[str, _NAME] | None = None
    note: Annotated[str, Field(max_length=200, description="Whose it is, for the list")] = ""


class TokenOut(Wire):
    """A reader token as it is kept: the token itself is nowhere."""

    id: str
    story: str | None  # the only story it opens; null: all
    note: str
    created_at: Instant

    @classmethod
    def from_model(cls, token: ReaderToken) -> TokenOut:
        """Convert a reader token; its digest stays behind."""
        return cls(id=token.id, story=token.story, note=token.note, created_at=token.created_at)


class NewTokenOut(TokenOut):
    """A reader token that was just made: shown this once."""

    token: str


class TokenPage(Page[TokenOut]):
    """All reader tokens, oldest first."""
