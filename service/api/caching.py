"""Validators, 304, 226, and a memory of rendered answers.

An answer's ETag is the hash of its bytes, so "same state, same bytes" makes 304 work by itself. Last-Modified
is the time of what the answer shows; where that has none, the time this process first saw these bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from service.api.encodings import best_encoding, compressed
from service.api.text import as_http_date
from service.core.instants import http_date

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Mapping

    from service.ports import Clock

FEED_POLICY = "max-age=60, stale-while-revalidate=300"
ARCHIVE_POLICY = "max-age=86400"
API_POLICY = "no-cache"
STATIC_POLICY = "max-age=86400"
PROBE_POLICY = "no-store"
_PARTIAL_POLICY = "no-store, im"  # RFC 3229 §10.5.3: for nobody but who asked

_SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Rendering:
    """The bytes of an answer with its validators; compressed variants are made when first asked for."""

    body: bytes
    content_type: str
    tag: str  # of the ETag, before the encoding
    modified_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    variants: dict[str, bytes] = field(default_factory=dict)

    def weight(self) -> int:
        """Return about how many bytes it keeps alive: all its variants together are smaller than itself."""
        return 2 * len(self.body)

    async def variant(self, encoding: str | None) -> bytes:
        """Return the bytes in a content coding, made once."""
        if encoding is None:
            return self.body
        if encoding not in self.variants:
            self.variants[encoding] = await compressed(self.body, encoding)
        return self.variants[encoding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a renderer hands over: bytes, and the time of what they show where it has one."""

    body: bytes
    content_type: str
    natural_at: datetime | None = None
    mark: str = ""  # goes into the ETag: a cursor that says up to where the client has read
    headers: Mapping[str, str] = field(default_factory=dict)  # that depend on what is shown


class RenderCache:
    """Rendered answers by key, each good for one state of what it shows; bounded by bytes, least used out first."""

    def __init__(self, clock: Clock, *, budget_bytes: int = 32_000_000, memory: int = 4096) -> None:
        self._clock = clock
        self._budget = budget_bytes
        self._memory = memory
        self._kept: OrderedDict[Hashable, tuple[Hashable, Rendering]] = OrderedDict()
        self._first_seen: OrderedDict[Hashable, tuple[str, datetime]] = OrderedDict()
        self._total = 0  # weight of all that is kept
        self._drawing: dict[Hashable, asyncio.Lock] = {}

    async def get(self, key: Hashable, state: Hashable, draw: Callable[[], Awaitable[Drawn]]) -> Rendering:
        """Return the answer for a state, drawing it when it is not there: once, however many ask at that moment."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] == state:
            self._kept.move_to_end(key)
            return kept[1]
        turn = self._drawing.setdefault(key, asyncio.Lock())
        try:
            async with turn:
                kept = self._kept.get(key)
                if kept is not None and kept[0] == state:
                    return kept[1]
                rendering = self.rendering(key, await draw())
                self._keep(key, state, rendering)
                return rendering
        finally:
            if not turn.locked():
                self._drawing.pop(key, None)

    def _keep(self, key: Hashable, state: Hashable, rendering: Rendering) -> None:
        before = self._kept.pop(key, None)
        self._kept[key] = (state, rendering)
        self._total += rendering.weight() - (before[1].weight() if before else 0)
        while self._total > self._budget and len(self._kept) > 1:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._total -= dropped.weight()

    def rendering(self, key: Hashable, drawn: Drawn) -> Rendering:
        """Return an answer with its validators, without keeping its bytes."""
        digest = hashlib.blake2b(drawn.content_type.encode() + b"\0" + drawn.body, digest_size=12).hexdigest()
        modified_at = self._modified_at(key, digest, drawn.natural_at)
        tag = f"{digest}.{drawn.mark}" if drawn.mark else digest
        return Rendering(drawn.body, drawn.content_type, tag, modified_at, drawn.headers)

    def _modified_at(self, key: Hashable, digest: str, natural_at: datetime | None) -> datetime:
        """Return a time that moves with every change of the bytes, even within a second (HTTP dates have no more)."""
        seen = self._first_seen.get(key)
        if seen is not None and seen[0] == digest:
            self._first_seen.move_to_end(key)
            return seen[1]
        now = self._clock.now().astimezone(UTC)
        modified_at = (natural_at or now).astimezone(UTC).replace(microsecond=0)
        if seen is not None and modified_at <= seen[1]:
            modified_at = max(now.replace(microsecond=0), seen[1] + _SECOND)
        self._first_seen[key] = (digest, modified_at)
        self._first_seen.move_to_end(key)
        if len(self._first_seen) > self._memory:
            self._first_seen.popitem(last=False)
        return modified_at


async def respond(
    request: web.Request,
    rendering: Rendering,
    policy: str,
    *,
    private: bool = False,
    headers: dict[str, str] | None = None,
    newer: Rendering | None = None,
) -> web.Response:
    """Return 200, 226 or 304 in the best encoding the client takes.

    Args:
        request: Its conditional headers and Accept-Encoding count.
        rendering: What to send.
        policy: Cache-Control.
        private: Shared caches must not keep it (reading needs a token).
        headers: Further headers, sent with 304 as well.
        newer: What the client has not seen yet, to be sent instead (RFC 3229).
    """
    encoding = best_encoding(request.headers.get("Accept-Encoding", ""), len(rendering.body))
    etag = f'"{rendering.tag}-{encoding}"' if encoding else f'"{rendering.tag}"'
    out = {
        "ETag": etag,
        "Last-Modified": as_http_date(rendering.modified_at),
        "Cache-Control": _private(policy) if private else policy,
        "Vary": "Accept-Encoding",
        **rendering.headers,
        **(headers or {}),
    }
    if _is_current(request, etag, rendering.modified_at):
        return web.Response(status=304, headers=out)
    sent, status = rendering, 200
    if newer is not None:
        sent, status = newer, 226
        out |= {"IM": "feed", "Cache-Control": _PARTIAL_POLICY, "Vary": f"{out['Vary']}, If-None-Match"}
    body = await sent.variant(encoding)
    if encoding:
        out["Content-Encoding"] = encoding
    return web.Response(body=body, status=status, headers={"Content-Type": rendering.content_type, **out})


def _private(policy: str) -> str:
    return policy if "no-store" in policy else f"private, {policy}"


def tags_held(request: web.Request) -> list[str]:
    """Return the entity tags of If-None-Match, without quotes and weakness."""
    lines = request.headers.getall("If-None-Match", [])
    return [tag.strip().removeprefix("W/").strip('"') for line in lines for tag in line.split(",")]


def _is_current(request: web.Request, etag: str, modified_at: datetime) -> bool:
    """Say whether the client has it already (RFC 9110 §13.2.2: If-None-Match outranks If-Modified-Since)."""
    if_none_match = request.headers.getall("If-None-Match", [])
    if if_none_match:
        tags = [tag.strip().removeprefix("W/") for line in if_none_match for tag in line.split(",")]
        return "*" in tags or etag in tags
    since = http_date(request.headers.get("If-Modified-Since", ""))
    return since is not None and since >= modified_at
