"""Who asks: the address of a client, which only our own proxies may tell, and the access log."""

from __future__ import annotations

import logging
import time
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from aiohttp import web

from service.api.keys import CONFIG, LINKS, METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.api.problems import Handler

log = logging.getLogger("service.access")

Network = IPv4Network | IPv6Network
_UNKNOWN = "unknown"


def client_address(peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return who asks: the last address that is not one of our proxies.

    Args:
        peer: Address of the other end of the connection.
        forwarded: Values of X-Forwarded-For, in order; anyone can send them, so they count only from a trusted peer.
        trusted: Networks of our proxies.
    """
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    client = _address(peer or "")
    if client is None:
        return _UNKNOWN
    while hops and any(client in network for network in trusted):
        before = _address(hops.pop())
        if before is None:
            break  # what a proxy wrote that is no address says nothing about who comes before it
        client = before
    return str(client)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.removeprefix("[").partition("]")[0].partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_scheme(request: web.Request, trusted: Sequence[Network]) -> str:
    """Return how the client reached us, `http` or `https`, believing a trusted peer only."""
    peer = _address(request.remote or "")
    told = request.headers.get("X-Forwarded-Proto", "").strip().lower()
    is_told = peer is not None and any(peer in network for network in trusted) and told in {"http", "https"}
    return told if is_told else request.scheme


@web.middleware
async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count and, where that is asked for, log every answer. Queries are not logged: they may hold a token."""
    began = time.perf_counter()
    response = await handler(request)
    seconds = time.perf_counter() - began
    resource = request.match_info.route.resource
    links = request.app[LINKS]
    route = resource.canonical.removeprefix(links.prefix) if resource else "none"
    if not route.endswith("/stream"):
        request.app[METRICS].answered(request.method, route or "/", response.status, seconds)
    config = request.app[CONFIG]
    if config.access_log:
        facts = {
            "method": request.method,
            "path": request.path,
            "status": response.status,
            "client": client_address(
                request.remote, request.headers.getall("X-Forwarded-For", []), config.trusted_proxies
            ),
            "scheme": client_scheme(request, config.trusted_proxies),
            "ms": round(seconds * 1000, 1),
        }
        log.info("answered", extra=facts)
    return response
