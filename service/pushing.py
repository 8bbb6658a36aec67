"""Puts together what follows new deltas: webhooks and the hub over one sender, and second opinions."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from service.api.cloud_events import cloud_event
from service.api.documents import topics
from service.api.links import Links
from service.core.errors import Invalid
from service.core.model import Delta, Story
from service.feeds.guard import Network
from service.feeds.send import HttpSender, receiver_refusal
from service.ports import Clock, Store
from service.push.deliverer import Deliverer
from service.push.second_opinion import OpinionSeeker
from service.push.signing import new_secret, secret_fault
from service.push.websub import Publisher
from service.settings import Settings


def networks(named: Sequence[str]) -> list[Network]:
    """Return the networks of a setting."""
    return [ipaddress.ip_network(network, strict=False) for network in named]


@dataclass(frozen=True, slots=True)
class WebhookReceivers:
    """Where webhooks may go, and how they are signed: `api.keys.Receivers`."""

    allowed: Sequence[Network]

    def refusal(self, url: str) -> str | None:
        """Return why nothing may be sent to an address."""
        return receiver_refusal(url, self.allowed)

    def new_secret(self) -> str:
        """Return a secret to sign with."""
        return new_secret()

    def secret_fault(self, secret: str) -> str | None:
        """Return what is wrong with a secret."""
        return secret_fault(secret)


@asynccontextmanager
async def pushing(
    settings: Settings,
    store: Store,
    clock: Clock,
    *,
    links: Links,
    stories: Callable[[], Mapping[str, Story]],
    observed: Callable[[str, str], None],
) -> AsyncIterator[None]:
    """Tell webhooks and the hub of new deltas, and ask for opinions on them, for the length of a block.

    Args:
        settings: Names the hub, and who is asked for opinions.
        store: Has the ledger, and who is told.
        clock: For time stamps and waits.
        links: Where things are.
        stories: Returns the stories as followed now, by id.
        observed: Called with who was told ("webhook" or "hub") or asked ("opinion"), and what came of it.

    Raises:
        Invalid: Nothing may be sent to the endpoint that is to be asked.
    """

    def encode(delta: Delta) -> bytes:
        story = stories().get(delta.story)
        return cloud_event(delta, {entity.id: entity for entity in story.entities} if story else {}, links)

    async with AsyncExitStack() as stack:
        sender = HttpSender(contact=settings.contact, allowed=networks(settings.allow_private_networks))
        await stack.enter_async_context(sender)
        deliverer = Deliverer(
            store=store,
            sender=sender,
            clock=clock,
            encode=encode,
            observed=lambda outcome: observed("webhook", outcome),
        )
        await stack.enter_async_context(deliverer)
        if settings.websub_hub and settings.read_token is None:  # a hub could not read private feeds
            publisher = Publisher(
                store=store,
                sender=sender,
                hub=settings.websub_hub,
                stories=stories,
                topics=lambda delta: topics(delta, links),
                observed=lambda outcome: observed("hub", outcome),
            )
            await stack.enter_async_context(publisher)
        if settings.opinion_url:
            await stack.enter_async_context(_seeking_opinions(settings, store, clock, stories, observed))
        yield


@asynccontextmanager
async def _seeking_opinions(
    settings: Settings,
    store: Store,
    clock: Clock,
    stories: Callable[[], Mapping[str, Story]],
    observed: Callable[[str, str], None],
) -> AsyncIterator[None]:
    allowed = networks(settings.allow_private_networks)
    if refusal := receiver_refusal(settings.opinion_url, allowed):
        raise Invalid(f"AFTERMATH_OPINION_URL: {refusal}; AFTERMATH_ALLOW_PRIVATE_NETWORKS can allow it")
    key = settings.opinion_key
    async with (
        HttpSender(contact=settings.contact, timeout_s=settings.opinion_timeout_s, allowed=allowed) as inquirer,
        OpinionSeeker(
            store=store,
            inquirer=inquirer,
            clock=clock,
            base=settings.opinion_url,
            key=key.get_secret_value() if key else None,
            model=settings.opinion_model,
            budget=settings.opinion_daily_budget,
            timeout_s=settings.opinion_timeout_s,
            stories=stories,
            observed=lambda outcome: observed("opinion", outcome),
        ),
    ):
        yield
