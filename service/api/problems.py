"""Errors on the wire (RFC 9457). One table says which code has which status; one middleware applies it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import HttpVersion11, web

from service.api.keys import CONFIG, LINKS, PAGES
from service.api.links import Links
from service.api.wire_pages import Problem, ProblemError
from service.core.errors import CursorGone, Invalid, ServiceError

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STATUS = {
    "bad_request": 400,
    "bad_parameter": 400,
    "cursor_invalid": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "read_only": 409,
    "cursor_gone": 410,
    "too_large": 413,
    "uri_too_long": 414,
    "unsupported_media_type": 415,
    "expectation_failed": 417,
    "invalid": 422,
    "parse_error": 422,
    "headers_too_large": 431,
    "internal": 500,
    "not_implemented": 501,
    "not_ready": 503,
    "storage_unavailable": 503,
    "store_locked": 503,
    "too_many_connections": 503,
    "too_many_streams": 503,
    "version_not_supported": 505,
}
_CODE_OF_HTTP = {401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"} | {
    413: "too_large",
    415: "unsupported_media_type",
}
_WORDS = {
    "cursor_gone": "The cursor is gone",
    "cursor_invalid": "The cursor is invalid",
    "bad_parameter": "A query parameter is wrong",
    "not_ready": "Not ready",
    "read_only": "This process only reads",
    "storage_unavailable": "The store does not answer",
    "store_locked": "The store is locked",
    "too_many_connections": "Too many connections",
    "too_many_streams": "Too many streams",
    "uri_too_long": "The address is too long",
    "headers_too_large": "The headers are too large",
    "version_not_supported": "The HTTP version is not supported",
}
RETRY_AFTER_S = 10


class BadParameter(Invalid):
    """A query parameter that is unknown or has a value it cannot have."""

    code = "bad_parameter"

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class BodyFault:
    """One thing wrong with a body, and where."""

    pointer: str  # JSON pointer as a URI fragment: "#/relevant", "#" for the whole
    message: str


class BadBody(Invalid):
    """A body that is not what the operation takes."""

    def __init__(self, message: str, faults: tuple[BodyFault, ...]) -> None:
        super().__init__(message)
        self.faults = faults


class UnsupportedMediaType(ServiceError):
    """A body in a format the operation does not take."""

    code = "unsupported_media_type"


class Forbidden(ServiceError):
    """Nobody may do this here."""

    code = "forbidden"


class ReadOnly(ServiceError):
    """This process has no way to write."""

    code = "read_only"


class Unauthorized(ServiceError):
    """The request lacks a token that is asked for."""

    code = "unauthorized"


class NotReady(ServiceError):
    """The process lives but cannot do its work yet."""

    code = "not_ready"


class TooManyStreams(ServiceError):
    """As many streams are open as this process takes."""

    code = "too_many_streams"


def problem_title(code: str) -> str:
    """Return the short summary of a kind of problem."""
    return _WORDS.get(code) or HTTPStatus(STATUS[code]).phrase


def wants_html(request: web.Request) -> bool:
    """Say whether an error is for a person: a browser asking for a page, not for the API or a feed."""
    path = request.path
    machine = "/v1/" in path or path.endswith((".rss", ".atom", ".json", ".opml", "healthz", "readyz"))
    return not machine and "text/html" in request.headers.get("Accept", "")


def problem(links: Links, *, code: str, detail: str, error: Exception | None = None) -> Problem:
    """Return a problem; what the error knows of its causes goes with it."""
    return Problem(
        type=links.url(f"/docs#problem-{code}"),
        title=problem_title(code),
        status=STATUS[code],
        detail=detail,
        instance=uuid.uuid4().urn,
        errors=_faults(error, detail),
        oldest_cursor=error.oldest_cursor if isinstance(error, CursorGone) else None,
    )


def problem_response(
    request: web.Request,
    *,
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    error: Exception | None = None,
) -> web.Response:
    """Return a problem as JSON, or as a page for a browser."""
    status = STATUS[code]
    said = problem(request.app[LINKS], code=code, detail=detail, error=error)
    out = {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})}
    if status == HTTPStatus.UNAUTHORIZED:
        out["WWW-Authenticate"] = 'Bearer realm="aftermath"'
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        out["Retry-After"] = str(RETRY_AFTER_S)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and code == "internal":
        log.error("request failed", exc_info=error, extra={"path": request.path, "instance": said.instance})
    elif status == HTTPStatus.SERVICE_UNAVAILABLE and code.startswith("stor"):
        log.warning("store unavailable", extra={"path": request.path, "error": str(error)})
    if wants_html(request):
        page = request.app[PAGES].render("error.html", problem=said, title=said.title, code=code)
        return web.Response(body=page, status=status, headers={"Content-Type": "text/html; charset=utf-8", **out})
    body = said.model_dump_json(exclude_none=True).encode()
    return web.Response(body=body, status=status, headers={"Content-Type": "application/problem+json", **out})


def _faults(error: Exception | None, detail: str) -> list[ProblemError] | None:
    if isinstance(error, BadParameter):
        return [ProblemError(parameter=error.parameter, detail=detail)]
    if isinstance(error, BadBody):
        return [ProblemError(pointer=fault.pointer, detail=fault.message) for fault in error.faults]
    return None


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn everything that goes wrong into a problem. The outermost frame of a request."""
    try:
        return await handler(request)
    except ServiceError as error:
        return _of_service_error(request, error)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return _of_http_exception(request, error)
    except ConnectionResetError:
        raise  # the reader left; there is nobody to tell
    except web.RequestPayloadError:
        return problem_response(request, code="bad_request", detail="The body breaks off or cannot be decoded.")
    except Exception as error:  # noqa: BLE001 - the outermost frame; logged once, told without internals
        return problem_response(
            request, code="internal", detail="The service failed; the log has the reason.", error=error
        )


async def expectation(request: web.Request) -> web.Response | None:
    """Say that a body may come, to a client that waits for it; other expectations are not known (RFC 9110 §10.1.1)."""
    if request.version < HttpVersion11:
        return None
    if request.headers.get("Expect", "").lower() != "100-continue":
        return problem_response(request, code="expectation_failed", detail="Only `Expect: 100-continue` is known here.")
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0  # the answer proper has not begun
    return None


def _of_service_error(request: web.Request, error: ServiceError) -> web.Response:
    code = error.code if error.code in STATUS else "internal"
    if code == "internal":
        return problem_response(request, code=code, detail="The service failed; the log has the reason.", error=error)
    if code in {"storage_unavailable", "store_locked"}:
        detail = "The store does not answer just now; the log has the reason."
        return problem_response(request, code=code, detail=detail, error=error)
    return problem_response(request, code=code, detail=error.message, error=error)


def _of_http_exception(request: web.Request, error: web.HTTPException) -> web.Response:
    code = _CODE_OF_HTTP.get(error.status, "internal" if error.status >= 500 else "bad_request")
    headers = {}
    detail = error.text or error.reason
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = sorted({*error.allowed_methods, "OPTIONS"})
        headers["Allow"] = ", ".join(allowed)
        detail = f"{request.method} is not possible here; allowed: {', '.join(allowed)}."
    elif error.status == HTTPStatus.NOT_FOUND:
        start = request.app[CONFIG].public_base_url.rstrip("/")
        detail = f"There is nothing at {request.path}; {start}/docs lists what there is."
    return problem_response(request, code=code, detail=detail, headers=headers, error=error)
