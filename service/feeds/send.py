"""One POST to a receiver of deltas or to who is asked about one, under the address check of polling; all that can go wrong becomes a value."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from service import __version__
from service.core.webhooks import Sent
from service.feeds.guard import REFUSAL, Network, is_allowed, socket_factory, url_refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

_READ_BYTES: Final = 16 * 1024  # of an answer: enough to keep the connection of a receiver that says a word
_ANSWER_BYTES: Final = 256 * 1024  # where the answer counts; what is longer is cut off
log = logging.getLogger(__name__)


class HttpSender:
    """Implements `subscribers.Sender` and `opinions.Inquirer` over one client session. Use as `async with HttpSender(...) as sender`.

    Args:
        contact: Address or URL of whoever runs this, for the User-Agent.
        timeout_s: For the whole exchange.
        allowed: Networks that may be reached though they are not public.
    """

    def __init__(self, *, contact: str = "", timeout_s: float = 10.0, allowed: Sequence[Network] = ()) -> None:
        self._timeout_s = timeout_s
        self._allowed = tuple(allowed)
        contact = " ".join(contact.split())
        self._agent = f"Aftermath/{__version__}" + (f" (+{contact})" if contact else "")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, socket_factory=socket_factory(self._allowed)),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None),  # `post` bounds the whole exchange
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Do one POST; redirects are not followed, since a signed body is for the address it was promised to."""
        sent, _ = await self._exchange(url, body, headers, _first_words)
        return sent

    async def ask(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[Sent, bytes]:
        """Do one POST and return its answer, too; redirects are not followed, since they would carry a key along."""
        return await self._exchange(url, body, headers, _whole_answer)

    async def _exchange(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        read: Callable[[aiohttp.ClientResponse], Awaitable[bytes]],
    ) -> tuple[Sent, bytes]:
        assert self._session is not None
        refusal = url_refusal(url)
        if refusal is not None:
            return Sent(error=refusal), b""
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._session.post(
                    URL(url), data=body, headers={"User-Agent": self._agent, **headers}, allow_redirects=False
                ) as response,
            ):
                answer = await read(response)
                return _outcome(response), answer
        except TimeoutError:
            return Sent(error=f"no answer within {self._timeout_s:g} s"), b""
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            return Sent(error=_words(error)), b""
        except Exception as error:  # the port promises a value; a bug in a library must cost one attempt only
            log.exception("sending failed unexpectedly")
            return Sent(error=f"it could not be sent: {type(error).__name__}"), b""


async def _first_words(response: aiohttp.ClientResponse) -> bytes:
    return await response.content.read(_READ_BYTES)


async def _whole_answer(response: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    async for chunk in response.content.iter_any():
        read += chunk
        if len(read) > _ANSWER_BYTES:
            break
    return bytes(read[:_ANSWER_BYTES])


def receiver_refusal(url: str, allowed: Sequence[Network]) -> str | None:
    """Return why nothing can be sent to an address, as far as the address alone tells; else None."""
    refusal = url_refusal(url)
    if refusal is not None:
        return refusal
    host = urlsplit(url).hostname or ""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return None  # a name: checked where the connection is made
    return None if is_allowed(host, allowed) else f"{host} {REFUSAL}"


def _outcome(response: aiohttp.ClientResponse) -> Sent:
    wait = response.headers.get("Retry-After", "")
    return Sent(
        status=response.status,
        error=None if 200 <= response.status < 300 else f"the receiver answered {response.status}",
        retry_after=timedelta(seconds=int(wait)) if re.fullmatch(r"[0-9]{1,7}", wait) else None,
    )


def _words(error: Exception) -> str:
    text = " ".join(str(error).split())[:200] or type(error).__name__
    refused = re.search(rf"([\w:.%]+) {REFUSAL}", f"{error} {error.__cause__}")
    if refused:
        return f"it leads to {refused[1]}, which {REFUSAL}"
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "its name is not known"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return f"no valid TLS certificate or handshake: {text}"
        case aiohttp.ClientConnectorError() | ConnectionError():
            return f"no connection: {text}"
        case _:
            return f"it could not be sent: {text}"
