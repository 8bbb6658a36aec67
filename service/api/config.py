"""What the site needs to know about its deployment, as one value. Nothing below reads settings or the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from ipaddress import IPv4Network, IPv6Network


def _never() -> float | None:
    return None


def _another() -> str:
    return "the process that polls"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """How this process serves. Built once by the app from its settings."""

    public_base_url: str  # every link starts with it; may contain a sub-path
    tag_authority: str  # host in the `tag:` URIs of the feeds; never changes once published
    version: str
    read_token: str | None = None  # None: reading is public
    admin_token: str | None = None  # None: writing over HTTP is off
    hub: str | None = None  # WebSub hub that is told of new deltas
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()  # only they may say who asks
    access_log: bool = False  # one line an answer
    demo: bool = False  # everything is marked as a demonstration
    read_only: bool = False  # this process serves but does not write
    writer: Callable[[], str] = _another  # who writes where this process does not, for people
    polls: bool = False  # this process polls: readiness then needs a recent tick
    tick_age: Callable[[], float | None] = _never  # seconds since the last tick, None before the first
    tick_limit_s: float = 60.0
    stream_poll_s: float = 1.0
    heartbeat_s: float = 15.0
    max_streams: int = 2000  # about 11 KB each
