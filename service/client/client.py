"""The operations of the API as methods. Lists come as iterators that read on by themselves, page after page."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self, TypedDict, TypeVar, Unpack
from urllib.parse import quote

from aiohttp import ClientError, ClientTimeout
from pydantic import ValidationError

from service.api.wire import DecisionOut, DeltaOut, EntryOut, Wire
from service.api.wire_feedback import FeedbackIn, FeedbackOut, MergeIn, RegroupingOut, SplitIn
from service.api.wire_opinions import OpinionOut
from service.api.wire_pages import (
    DecisionPage,
    DeltaPage,
    DevelopmentPage,
    EntryPage,
    FactPage,
    FeedPage,
    Health,
    Page,
    RevisionPage,
    StoryPage,
)
from service.api.wire_stories import DevelopmentOut, FactOut, FeedOut, StoryOut
from service.client.events import EventReader, StreamedDelta
from service.client.transport import ProblemReceived, Transport, Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
    from datetime import datetime

T = TypeVar("T", bound=Wire)
PageOf = TypeVar("PageOf", bound=Page[Any])

_STREAM_SILENCE_S = 60.0  # the service speaks every 15 s, if only to say that it is there
_RETRY_S = 5.0


class Filters(TypedDict, total=False):
    """Which deltas are wanted; absent means all."""

    thread: str
    type: str
    entity: str
    lang: str
    min_score: float


class Client:
    """A running service. Use it as `async with Client(address) as client`."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        timeout_s: float = 30.0,
        tries: int = 4,
        longest_wait_s: float = 60.0,
    ) -> None:
        """Remember how to reach the service.

        Args:
            base_url: Its public address, with a sub-path where it has one.
            token: The read token where reading is private, the admin token for writing.
            timeout_s: For one exchange; the stream has its own.
            tries: How often a busy service or a lost connection is tried, at least 1.
            longest_wait_s: A service that asks for a longer wait is not waited for: the problem is raised.
        """
        self._transport = Transport(
            base_url, token=token, timeout_s=timeout_s, tries=max(1, tries), longest_wait_s=longest_wait_s
        )

    async def __aenter__(self) -> Self:
        await self._transport.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.close()

    # -- stories

    async def stories(self) -> list[StoryOut]:
        """Return the stories that are followed."""
        return (await self.ask("GET", "/v1/stories", StoryPage)).items

    async def story(self, story: str) -> StoryOut:
        """Return one story."""
        return await self.ask("GET", _path("stories", story), StoryOut)

    async def facts(self, story: str, *, as_of: datetime | None = None) -> list[FactOut]:
        """Return what is known, or was known at `as_of`."""
        params = {"as_of": as_of.isoformat()} if as_of else None
        return (await self.ask("GET", _path("stories", story, "facts"), FactPage, params=params)).items

    def developments(self, story: str, *, limit: int = 100) -> AsyncIterator[DevelopmentOut]:
        """Yield developments, the last reported first; `limit` is the size of a page."""
        return self._items(_path("stories", story, "developments"), DevelopmentPage, {"limit": str(limit)})

    # -- deltas

    async def delta(self, delta: str) -> DeltaOut:
        """Return one delta."""
        return await self.ask("GET", _path("deltas", delta), DeltaOut)

    async def opinion(self, delta: str) -> OpinionOut:
        """Return the second opinion on a delta."""
        return await self.ask("GET", _path("deltas", delta, "opinion"), OpinionOut)

    def deltas(
        self, story: str, *, after: str | None = None, limit: int = 100, **filters: Unpack[Filters]
    ) -> AsyncIterator[DeltaOut]:
        """Yield the deltas after a cursor, ascending, up to the newest; for the cursor itself see `delta_pages`."""
        return self._items(_path("stories", story, "deltas"), DeltaPage, _params(after, limit, filters))

    def delta_pages(
        self, story: str, *, after: str | None = None, limit: int = 100, **filters: Unpack[Filters]
    ) -> AsyncIterator[DeltaPage]:
        """Yield pages of deltas after a cursor, up to the newest; keep `next_cursor` and go on from there next time.

        The last page may be empty: its cursor is good all the same.
        """
        return self._pages(_path("stories", story, "deltas"), DeltaPage, _params(after, limit, filters))

    async def stream(
        self, story: str, *, after: str | None = None, **filters: Unpack[Filters]
    ) -> AsyncGenerator[StreamedDelta]:
        """Yield deltas as they come, for ever; a lost connection is made again where it broke off.

        Args:
            story: Its id.
            after: Cursor to begin after; None: from now on.
            filters: Which deltas.

        Raises:
            ProblemReceived: The service refuses; with status 410 the cursor is of a ledger that was restored.
        """
        path = _path("stories", story, "stream")
        params = _params(after, None, filters)
        reader = EventReader()
        attempt = 0
        while True:
            headers = {"Last-Event-ID": reader.last_id} if reader.last_id else {}
            timeout = ClientTimeout(total=None, sock_connect=30.0, sock_read=_STREAM_SILENCE_S)
            wait_s: float | None = None
            try:
                async with self._transport.exchange(
                    "GET", path, params=params, headers=headers, timeout=timeout
                ) as response:
                    async for piece in response.content.iter_any():
                        attempt = 0
                        for event in reader.feed(piece):
                            if event.type == "delta":
                                yield StreamedDelta(cursor=event.id, delta=_model(DeltaOut, event.data.encode(), path))
            except ProblemReceived as error:
                attempt += 1
                wait_s = self._transport.wait_s(error, attempt)
                if wait_s is None:
                    raise
            except (ClientError, TimeoutError, Unreachable):
                if not reader.last_id:
                    raise  # it was never there
            reader.restart()
            if wait_s is None:
                wait_s = _RETRY_S if reader.retry_s is None else reader.retry_s
            await asyncio.sleep(min(wait_s, self._transport.longest_wait_s))

    # -- entries and decisions

    async def entry(self, entry: str) -> EntryOut:
        """Return an entry in its newest revision."""
        return await self.ask("GET", _path("entries", entry), EntryOut)

    async def revisions(self, entry: str) -> list[EntryOut]:
        """Return all revisions of an entry, oldest first."""
        return (await self.ask("GET", _path("entries", entry, "revisions"), RevisionPage)).items

    def entries(self, query: str | None = None, *, limit: int = 100) -> AsyncIterator[EntryOut]:
        """Yield entries whose title or summary contains a text, or all."""
        params = {"limit": str(limit)} | ({"q": query} if query else {})
        return self._items("/v1/entries", EntryPage, params)

    async def decision(self, entry: str, *, story: str | None = None) -> DecisionOut:
        """Return why an entry was or was not published."""
        params = {"story": story} if story else None
        return await self.ask("GET", _path("entries", entry, "decision"), DecisionOut, params=params)

    def decisions(
        self, story: str, *, after: str | None = None, limit: int = 100, outcome: str | None = None
    ) -> AsyncIterator[DecisionOut]:
        """Yield decisions in order of arrival."""
        params = _params(after, limit, {}) | ({"outcome": outcome} if outcome else {})
        return self._items(_path("stories", story, "decisions"), DecisionPage, params)

    async def feedback(self, entry: str, *, relevant: bool, note: str = "", story: str | None = None) -> FeedbackOut:
        """Judge an entry; needs the admin token."""
        body = FeedbackIn(relevant=relevant, note=note, story=story)
        return await self.ask("POST", _path("entries", entry, "feedback"), FeedbackOut, body=body)

    async def split(self, development: str, entries: Sequence[str], *, note: str = "") -> RegroupingOut:
        """Move reports out of a development into a new one; needs the admin token."""
        body = SplitIn(entries=list(entries), note=note)
        return await self.ask("POST", _path("developments", development, "split"), RegroupingOut, body=body)

    async def merge(self, development: str, into: str, *, note: str = "") -> RegroupingOut:
        """Move all reports of a development into another; needs the admin token."""
        body = MergeIn(into=into, note=note)
        return await self.ask("POST", _path("developments", development, "merge"), RegroupingOut, body=body)

    # -- the service

    async def feeds(self) -> list[FeedOut]:
        """Return the polled feeds and their health."""
        return (await self.ask("GET", "/v1/feeds", FeedPage)).items

    async def ready(self) -> Health:
        """Return that the service can do its work.

        Raises:
            ProblemReceived: It cannot; the detail says what is missing.
        """
        return await self.ask("GET", "/readyz", Health)

    async def ask(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        params: Mapping[str, str] | None = None,
        body: Wire | None = None,
    ) -> T:
        """Return the answer to any operation: for those that have no method here.

        Raises:
            ProblemReceived: The service refused.
            Unreachable: It does not answer, or not as this kind of service does.
        """
        sent = None if body is None else body.model_dump(mode="json", exclude_none=True)
        return _model(answer, await self._transport.read(method, path, params=params, body=sent), path)

    async def send(self, method: str, path: str, body: object = None) -> Any:
        """Return the JSON answer to any operation as it came, None where the answer is empty.

        Raises:
            ProblemReceived: The service refused.
            Unreachable: It does not answer, or not with JSON.
        """
        text = await self._transport.read(method, path, body=body)
        try:
            return json.loads(text) if text else None
        except ValueError as error:
            raise Unreachable(f"{path} answered what is no JSON") from error

    async def _pages(self, path: str, page: type[PageOf], params: Mapping[str, str]) -> AsyncIterator[PageOf]:
        asked = dict(params)
        while True:
            answer = await self.ask("GET", path, page, params=asked)
            yield answer
            if not answer.has_more or answer.next_cursor is None:
                return
            asked["after"] = answer.next_cursor

    async def _items(self, path: str, page: type[Page[T]], params: Mapping[str, str]) -> AsyncIterator[T]:
        async for answer in self._pages(path, page, params):
            for item in answer.items:
                yield item


def _path(*parts: str) -> str:
    return "/v1/" + "/".join(quote(part, safe="") for part in parts)


def _params(after: str | None, limit: int | None, filters: Filters) -> dict[str, str]:
    values: dict[str, object] = {"after": after, "limit": limit, **filters}
    return {name: str(value) for name, value in values.items() if value is not None}


def _model(kind: type[T], body: bytes, path: str) -> T:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise Unreachable(f"{path} answered what is no {kind.__name__} ({error.error_count()} faults)") from error
