"""Which addresses may be polled: everything that keeps a feed's URL out of our own network.

The check sits at the socket, where the address is final: a resolver hook never sees IP literals, and a check of
the URL is outdated by the time of the connection. Behind a proxy the connection is the proxy's, and only what the URL
spells out can be checked here.
"""

from __future__ import annotations

import errno
import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052 §2.1
_COMPATIBLE: Final = IPv6Network("::/96")  # RFC 4291 §2.5.5.1, deprecated
_UNICAST: Final = IPv6Network("2000::/3")  # RFC 4291 §2.4: all of IPv6 that is given out; no fec0::, 64:ff9b:1:: …
_RELAY: Final = IPv4Network("192.88.99.0/24")  # RFC 7526, deprecated 6to4 relays


_UNSAFE: Final = re.compile(r"[\s\\\x00-\x1f\x7f]")


class AddressRefusedError(OSError):
    """A connection to an address that must not be polled."""


def effective_address(text: str) -> Address:
    """Return the address a connection ends at: what is inside an IPv4-mapped, NAT64, 6to4 or Teredo address.

    Source: RFC 4291 §2.5.5.2, RFC 6052, RFC 3056, RFC 4380.
    """
    address = ip_address(text.partition("%")[0])
    while isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is None:
            break
        address = inner
    return address


def is_public(address: Address) -> bool:
    """Whether anyone on the internet can be meant by the address."""
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return address in _UNICAST if isinstance(address, IPv6Address) else address not in _RELAY


def is_allowed(text: str, allowed: Sequence[Network]) -> bool:
    """Whether the address may be polled: it is public, or in one of the allowed networks."""
    address = effective_address(text)
    return is_public(address) or any(address in network for network in allowed)


def socket_factory(allowed: Sequence[Network] = ()) -> Callable[[tuple[Any, ...]], socket.socket]:
    """Return what `aiohttp.TCPConnector(socket_factory=…)` calls before every connection.

    The factory raises AddressRefusedError, so that nothing is ever sent to a refused address.
    """
    networks = tuple(allowed)

    def create(address_info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, destination = address_info
        if not is_allowed(str(destination[0]), networks):
            raise AddressRefusedError(errno.EACCES, f"{destination[0]} {REFUSAL}")
        return socket.socket(family=family, type=kind, proto=protocol)

    return create


def literal_refusal(url: str, allowed: Sequence[Network]) -> str | None:
    """Return why a URL that spells out an inner address may not be polled through a proxy; None otherwise."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        host = "127.0.0.1"
    try:
        # The C library also reads 0x7f.1, 2130706433 and the like as addresses, and so may a proxy.
        text = host if ":" in host else socket.inet_ntoa(socket.inet_aton(host))
        inner = not is_allowed(text, allowed)
    except (OSError, ValueError):
        return None
    return f"{url} names an address that {REFUSAL}" if inner else None


REFUSAL: Final = "is not a public address; AFTERMATH_ALLOW_PRIVATE_NETWORKS lists networks that may be polled"


def url_refusal(url: str) -> str | None:
    """Return in one sentence why the URL may not be polled, or None when only its address is left to check."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return f"{url} is not a URL; write it as https://host/path"
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return f"{url} is not an http or https URL; only these are polled"
    if "@" in parts.netloc:
        return f"the URL of {parts.scheme}://{host} carries a user name, which is refused; remove it"
    if _UNSAFE.search(url):
        return f"{url!r} contains spaces, backslashes or control characters; remove or encode them"
    return None


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    return address.teredo[1] if address.teredo is not None else None
