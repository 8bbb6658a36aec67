"""Reader tokens over the API: made, listed and revoked by the operator."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from aiohttp import web

from service.api.access import token_digest
from service.api.bodies import read_body
from service.api.handlers.answers import found
from service.api.handlers.webhooks import private_answer, writing
from service.api.keys import CLOCK, LINKS, STORE, STORIES
from service.api.problems import BadBody, BodyFault
from service.api.text import clean
from service.api.wire_subscribers import NewTokenOut, TokenIn, TokenOut, TokenPage
from service.core.errors import Conflict
from service.core.webhooks import ReaderToken

if TYPE_CHECKING:
    from service.api.params import Query

MOST_TOKENS = 1000
_PREFIX = "aftermath_"  # so that scanners for leaked secrets can know it
_BYTES = 32


async def list_tokens(request: web.Request, _query: Query) -> web.StreamResponse:
    """Serve what is known of the reader tokens."""
    held = await request.app[STORE].subscribers.tokens()
    return private_answer(TokenPage(items=[TokenOut.from_model(each) for each in held]))


async def create_token(request: web.Request, _query: Query) -> web.StreamResponse:
    """Make a reader token, and show it this once.

    Raises:
        BadBody: The story is none.
        Conflict: There are as many tokens as this service takes.
    """
    writing(request)
    store = request.app[STORE]
    body = await read_body(request, TokenIn)
    if body.story is not None and body.story not in request.app[STORIES]():
        fault = BodyFault("#/story", f"no story {body.story!r} is followed here; /v1/stories lists them")
        raise BadBody(fault.message, (fault,))
    if len(await store.subscribers.tokens()) >= MOST_TOKENS:
        raise Conflict(f"there are {MOST_TOKENS} reader tokens already; revoke one first")
    secret = _PREFIX + secrets.token_urlsafe(_BYTES)
    token = ReaderToken(
        id=f"t-{secrets.token_hex(8)}",
        digest=token_digest(secret),
        story=body.story,
        note=clean(body.note),
        created_at=request.app[CLOCK].now(),
    )
    await store.subscribers.add_token(token)
    out = NewTokenOut(**TokenOut.from_model(token).model_dump(), token=secret)
    return private_answer(out, 201, {"Location": request.app[LINKS].url("/v1/tokens")})


async def delete_token(request: web.Request, _query: Query) -> web.StreamResponse:
    """Revoke a reader token."""
    writing(request)
    name = request.match_info["token"]
    found(await request.app[STORE].subscribers.remove_token(name) or None, f"reader token {name!r}")
    return web.Response(status=204)
