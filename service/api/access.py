"""Who may read and who may write, and the headers every answer carries.

Reading is denied by default once a read token is set; writing is off until there is an admin token.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from aiohttp import web

from service.api.documents import DEMO_NOTE
from service.api.keys import CONFIG, LINKS, READER_TOKEN
from service.api.params import TOKEN
from service.api.problems import Forbidden, Handler, Unauthorized

if TYPE_CHECKING:
    from service.api.config import SiteConfig

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
COOKIE = "aftermath_read"
_PROBES = ("/healthz", "/readyz")


def _same(given: str, wanted: str) -> bool:
    """Compare in a time that does not depend on where they differ, nor on their lengths."""
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, wanted)]
    return hmac.compare_digest(*digests)


def _session(token: str) -> str:
    return hmac.new(token.encode(), b"aftermath read session", "sha256").hexdigest()


def bearer(request: web.Request) -> str | None:
    """Return the bearer token of a request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _may_read(request: web.Request, config: SiteConfig) -> bool:
    wanted = [token for token in (config.read_token, config.admin_token) if token]
    given = bearer(request)
    if given is not None and any([_same(given, token) for token in wanted]):  # noqa: C419 - no short cut, on purpose
        return True
    assert config.read_token is not None
    if TOKEN in request.query and _same(request.query[TOKEN], config.read_token):
        request[READER_TOKEN] = request.query[TOKEN]
        return True
    cookie = request.cookies.get(COOKIE)
    return cookie is not None and _same(cookie, _session(config.read_token))


def require_admin(request: web.Request) -> None:
    """Let nobody write without the admin token.

    Raises:
        Forbidden: There is no admin token, so writing is off.
        Unauthorized: The request does not carry it.
    """
    wanted = request.app[CONFIG].admin_token
    if not wanted:
        raise Forbidden("writing over HTTP is off here; the operator can set AFTERMATH_ADMIN_TOKEN")
    given = bearer(request)
    if given is None or not _same(given, wanted):
        raise Unauthorized("writing needs the admin token: send `Authorization: Bearer …`")


@web.middleware
async def access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer preflights, and let nobody read without the token where there is one.

    A browser that came with `?token=` gets a cookie, so that the page's own links and stylesheet work
    without carrying the token in addresses.
    """
    if request.method == "OPTIONS":
        return _preflight(request)
    config = request.app[CONFIG]
    path = request.path.removeprefix(request.app[LINKS].prefix)
    if config.read_token is None or path in _PROBES or request.path in _PROBES:
        return await handler(request)
    if not _may_read(request, config):
        raise Unauthorized("reading needs the read token: send `Authorization: Bearer …` or add `?token=…`")
    response = await handler(request)
    if TOKEN in request.query and not response.prepared and response.content_type == "text/html":
        response.set_cookie(
            COOKIE,
            _session(config.read_token),
            path=request.app[LINKS].prefix or "/",
            httponly=True,
            samesite="Lax",
            secure=config.public_base_url.startswith("https:"),
        )
    return response


def _preflight(request: web.Request) -> web.Response:
    failure = request.match_info.http_exception
    if isinstance(failure, web.HTTPNotFound):
        raise failure
    allowed = failure.allowed_methods if isinstance(failure, web.HTTPMethodNotAllowed) else {"GET", "HEAD"}
    methods = ", ".join(sorted({*allowed, "OPTIONS"}))
    headers = {"Allow": methods}
    if request.app[CONFIG].read_token is None:
        headers |= {
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Headers": "Accept, If-Modified-Since, If-None-Match, Last-Event-ID",
            "Access-Control-Max-Age": "86400",
        }
    return web.Response(status=204, headers=headers)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add what every answer carries, errors and streams included (a signal: streams have no later moment)."""
    config = request.app[CONFIG]
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    if response.content_type == "text/html":
        headers.setdefault("Content-Security-Policy", CSP)
    if config.read_token is None and request.method in {"GET", "HEAD", "OPTIONS"}:
        headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault("Access-Control-Expose-Headers", "ETag, Link, Retry-After")
    if config.demo:
        headers.setdefault("Aftermath-Demonstration", DEMO_NOTE)
