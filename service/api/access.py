"""Who may read and who may write, and the headers every answer carries.

Reading is denied by default once a read token is set; writing is off until there is an admin token.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from service.api.documents import DEMO_NOTE
from service.api.keys import CONFIG, LINKS, READER_TOKEN, STORE
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


def token_digest(token: str) -> str:
    """Return what is kept of a reader token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _session(secret: str) -> str:
    return hmac.new(secret.encode(), b"aftermath read session", "sha256").hexdigest()


def bearer(request: web.Request) -> str | None:
    """Return the bearer token of a request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grant:
    """What let a request in."""

    session: str  # value of a cookie that stands for it
    story: str | None = None  # the only story it opens


async def _granted(request: web.Request, config: SiteConfig) -> _Grant | None:
    """Return what lets a request in: an operator's token, a reader's, or the cookie that stands for one."""
    assert config.read_token is not None
    everything = _Grant(session=_session(config.read_token))
    given, in_address = bearer(request), request.query.get(TOKEN)
    wanted = [token for token in (config.read_token, config.admin_token) if token]
    if given is not None and any([_same(given, token) for token in wanted]):  # noqa: C419 - no short cut, on purpose
        return everything
    if in_address is not None and _same(in_address, config.read_token):
        return everything  # and no answer repeats it: it opens all, and is nobody's own
    cookie = request.cookies.get(COOKIE)
    if cookie is not None and _same(cookie, everything.session):
        return everything
    for token in (given, in_address):
        if token and (grant := await _of_reader(request, token)):
            if token == in_address:
                request[READER_TOKEN] = token
            return grant
    return await _of_cookie(request, cookie) if cookie else None


async def _of_reader(request: web.Request, token: str) -> _Grant | None:
    digest = token_digest(token)
    kept = await request.app[STORE].subscribers.token(digest)
    if kept is None or not hmac.compare_digest(kept.digest, digest):
        return None
    return _Grant(session=f"{kept.id}.{_session(kept.digest)}", story=kept.story)


async def _of_cookie(request: web.Request, cookie: str) -> _Grant | None:
    name, _, session = cookie.partition(".")
    for kept in await request.app[STORE].subscribers.tokens():
        if kept.id == name and _same(session, _session(kept.digest)):
            return _Grant(session=cookie, story=kept.story)
    return None


async def _opens(request: web.Request, story: str) -> bool:
    """Say whether a request is about one story, or about what all pages need."""
    where = request.match_info.get("story")
    if where is None and "id" in request.match_info and "/deltas/" in request.path:
        delta = await request.app[STORE].delta(request.match_info["id"])
        where = delta.story if delta else None
    return where == story or "file" in request.match_info


def require_admin(request: web.Request) -> None:
    """Let nobody write without the admin token.

    Raises:
        Forbidden: There is no admin token, so writing is off.
        Unauthorized: The request does not carry it.
    """
    wanted = request.app[CONFIG].admin_token
    if request.app[CONFIG].demo:
        raise Forbidden(
            "a demonstration takes no changes; `python -m service run` does, with AFTERMATH_ADMIN_TOKEN set"
        )
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
    if request.method == "CONNECT":  # its target is no path
        raise web.HTTPMethodNotAllowed(request.method, {"GET", "HEAD"})
    config = request.app[CONFIG]
    path = request.path.removeprefix(request.app[LINKS].prefix)
    if config.read_token is None or path in _PROBES or request.path in _PROBES:
        return await handler(request)
    grant = await _granted(request, config)
    if grant is None:
        raise Unauthorized("reading needs a token: send `Authorization: Bearer …` or add `?token=…`")
    if grant.story is not None and not await _opens(request, grant.story):
        raise Forbidden(f"this token opens story {grant.story} only")
    response = await handler(request)
    if TOKEN in request.query and not response.prepared and response.content_type == "text/html":
        response.set_cookie(
            COOKIE,
            grant.session,
            path=request.app[LINKS].prefix or "/",
            httponly=True,
            samesite="Lax",
            secure=config.public_base_url.startswith("https:"),
        )
    return response


def _preflight(request: web.Request) -> web.Response:
    failure = request.match_info.http_exception
    if request.path == "*":  # the server as a whole (RFC 9110 §9.3.7)
        return web.Response(status=204, headers={"Allow": "DELETE, GET, HEAD, OPTIONS, POST, PUT"})
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
    headers["Server"] = "Aftermath"  # and not which versions of what
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    if response.content_type == "text/html":
        headers.setdefault("Content-Security-Policy", CSP)
    if config.read_token is None and request.method in {"GET", "HEAD", "OPTIONS"}:
        headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault("Access-Control-Expose-Headers", "ETag, Link, Retry-After")
    if config.demo:
        headers.setdefault("Aftermath-Demonstration", DEMO_NOTE)
