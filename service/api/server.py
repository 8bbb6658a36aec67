"""Listening for HTTP, and answering what is no request: those answers are problems, too, and no errors of ours.

What the parser refuses never reaches the application, so its middlewares cannot speak. `web.RequestHandler` has one
public place for it, `handle_error`; the connections made here are such handlers, and nothing else is changed in them.
"""

from __future__ import annotations

import asyncio
import logging
import re
import resource
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from aiohttp import http_exceptions, web

from service.api.keys import LINKS, METRICS
from service.api.problems import RETRY_AFTER_S, STATUS, problem
from service.api.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = logging.getLogger(__name__)

LONGEST_LINE_BYTES = 8190  # of the request line, and of one header
MOST_HEADERS = 128
IDLE_S = 75.0  # between requests and before the first; aiohttp's hour is for proxies that reuse without asking
_LONGEST_WHY = 120
_MOST_DESCRIPTORS = 65_536
_WARNED_EVERY_S = 60.0
_LEAVE_S, _MOST_LEAVING = 0.5, 50

_HTTP_LINE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP/1\.[01]")
_TARGET = re.compile(rb"([A-Z]+ )?(/|https?://)")


def refusal(error: BaseException | None) -> tuple[str, str]:
    """Return the code and the words for what the parser refused.

    The parser tells a long address from a long header only by the words it shows, so a header that begins with a slash
    counts as an address. Both are the client's to shorten.
    """
    match error:
        case http_exceptions.LineTooLong():
            line = error.args[0] if error.args else b""
            shown = line.encode("utf-8", "replace") if isinstance(line, str) else bytes(line)
            if _TARGET.match(shown):
                return "uri_too_long", f"The address is longer than {LONGEST_LINE_BYTES} bytes."
            return "headers_too_large", f"A header is longer than {LONGEST_LINE_BYTES} bytes."
        case http_exceptions.BadHttpMethod() if _HTTP_LINE.search(error.message):
            return "not_implemented", "No such method is known here; GET and HEAD read."
    message = getattr(error, "message", "")
    if "Too many headers" in message:
        return "headers_too_large", f"There are more than {MOST_HEADERS} headers."
    if "HTTP version" in message or "PRI/Upgrade" in message:
        return "version_not_supported", "HTTP/1.1 and HTTP/1.0 are spoken here."
    why = clean(message.partition("\n")[0].rstrip(".: "))
    return "bad_request", f"This is no HTTP request that can be read ({shorten(why, _LONGEST_WHY) or 'unreadable'})."


def room_for_connections(others: int) -> int:
    """Return how many connections may be open, so that `others` descriptors stay for what else the process does.

    Asks the system for as many descriptors as it grants. Clients that connect and say nothing would otherwise take all
    of them, and polls fail for want of one.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):  # a system may grant less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    granted = _MOST_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    return max(granted - others, granted // 2)


@dataclass(slots=True)
class _Crowd:
    """The connections that are open."""

    most: int
    there: set[Connection] = field(default_factory=set)
    leaving: set[Connection] = field(default_factory=set)  # for want of room
    warned_at: float = float("-inf")  # by the loop's clock


class Connection(web.RequestHandler):
    """One connection of a client."""

    __slots__ = ("_app", "_crowd")

    def __init__(
        self, app: web.Application, server: web.Server, loop: asyncio.AbstractEventLoop, crowd: _Crowd, idle_s: float
    ) -> None:
        none: Any = None  # the application logs its answers itself
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=idle_s,
            access_log=none,
            max_line_size=LONGEST_LINE_BYTES,
            max_field_size=LONGEST_LINE_BYTES,
            max_headers=MOST_HEADERS,
        )
        self._app = app
        self._crowd = crowd

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take in a connection, or say that there is no room for it."""
        super().connection_made(transport)
        crowd = self._crowd
        if len(crowd.there) < crowd.most:
            crowd.there.add(self)
            return
        leaving = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance
        loop = asyncio.get_running_loop()
        if loop.time() - crowd.warned_at >= _WARNED_EVERY_S:
            crowd.warned_at = loop.time()
            log.warning("no room for more connections", extra={"open": crowd.most, "peer": self.peername})
        if len(crowd.leaving) >= _MOST_LEAVING:
            leaving.close()
            return
        crowd.leaving.add(self)
        leaving.pause_reading()
        leaving.write(self._no_room())
        leaving.write_eof()
        loop.call_later(_LEAVE_S, leaving.close)  # at once it would take the answer back, where a request has come

    def _no_room(self) -> bytes:
        detail = f"{self._crowd.most} connections are open, which is all there is room for."
        said = problem(self._app[LINKS], code="too_many_connections", detail=detail)
        self._app[METRICS].answered("-", "none", said.status, 0.0)
        body = said.model_dump_json(exclude_none=True).encode()
        head = (
            f"HTTP/1.1 {said.status} {HTTPStatus(said.status).phrase}",
            "Content-Type: application/problem+json",
            f"Content-Length: {len(body)}",
            f"Retry-After: {RETRY_AFTER_S}",
            "Connection: close",
        )
        return "\r\n".join([*head, "", ""]).encode() + body

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the place to another."""
        self._crowd.there.discard(self)
        self._crowd.leaving.discard(self)
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what could not be read with a problem, and close the connection."""
        if status >= STATUS["internal"]:
            super().handle_error(request, status, exc, message)  # logs, and fails where something has been sent
            code, detail = "internal", "The service failed; the log has the reason."
        else:
            code, detail = refusal(exc)
            log.debug("refused what is no request", extra={"peer": request.remote, "code": code, "error": str(exc)})
        said = problem(self._app[LINKS], code=code, detail=detail)
        self._app[METRICS].answered("-", "none", said.status, 0.0)
        response = web.Response(
            body=said.model_dump_json(exclude_none=True).encode(),
            status=said.status,
            headers={
                "Content-Type": "application/problem+json",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Log what failed, but not that a client sent a body that breaks off or cannot be decoded."""
        if isinstance(kw.get("exc_info"), web.RequestPayloadError):
            log.debug("a body could not be read", extra={"error": str(kw["exc_info"])})
        else:
            super().log_exception(*args, **kw)


@asynccontextmanager
async def served(
    app: web.Application,
    host: str,
    port: int,
    *,
    shutdown_timeout_s: float,
    most_connections: int,
    idle_s: float = IDLE_S,
) -> AsyncIterator[int]:
    """Answer HTTP for the length of a block; yield the port, which is chosen by the system where 0 is asked for.

    Args:
        app: What answers.
        host: Address to listen on.
        port: Port to listen on.
        shutdown_timeout_s: How long answers under way may take at the end.
        most_connections: Further ones are answered 503.
        idle_s: After which a connection is closed on which no request has come.

    Raises:
        OSError: Nobody can listen there.
    """
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=shutdown_timeout_s)
    await runner.setup()
    try:
        loop, server = asyncio.get_running_loop(), runner.server
        assert server is not None
        crowd = _Crowd(most_connections)
        listener = await loop.create_server(
            lambda: Connection(app, server, loop, crowd, idle_s), host, port, backlog=128
        )
        try:
            yield listener.sockets[0].getsockname()[1]
        finally:
            listener.close()
    finally:
        await runner.cleanup()
