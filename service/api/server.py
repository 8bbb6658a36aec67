"""Listening for HTTP, and answering what is no request: those answers are problems, too, and no errors of ours.

What the parser refuses never reaches the application, so its middlewares cannot speak. `web.RequestHandler` has one
public place for it, `handle_error`; the connections made here are such handlers, and nothing else is changed in them.
"""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import http_exceptions, web

from service.api.keys import LINKS, METRICS
from service.api.problems import STATUS, problem
from service.api.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = logging.getLogger(__name__)

LONGEST_LINE_BYTES = 8190  # of the request line, and of one header
MOST_HEADERS = 128
_LONGEST_WHY = 120

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


class Connection(web.RequestHandler):
    """One connection of a client."""

    __slots__ = ("_app",)

    def __init__(self, app: web.Application, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        none: Any = None  # the application logs its answers itself
        super().__init__(
            server,
            loop=loop,
            access_log=none,
            max_line_size=LONGEST_LINE_BYTES,
            max_field_size=LONGEST_LINE_BYTES,
            max_headers=MOST_HEADERS,
        )
        self._app = app

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
async def served(app: web.Application, host: str, port: int, *, shutdown_timeout_s: float) -> AsyncIterator[int]:
    """Answer HTTP for the length of a block; yield the port, which is chosen by the system where 0 is asked for.

    Raises:
        OSError: Nobody can listen there.
    """
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=shutdown_timeout_s)
    await runner.setup()
    try:
        loop, server = asyncio.get_running_loop(), runner.server
        assert server is not None
        listener = await loop.create_server(lambda: Connection(app, server, loop), host, port, backlog=128)
        try:
            yield listener.sockets[0].getsockname()[1]
        finally:
            listener.close()
    finally:
        await runner.cleanup()
