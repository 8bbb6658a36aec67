"""A fetcher that says how long each fetch took and what came of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, assert_never

from service.core.errors import ParseError
from service.core.model import Fetched, FetchFailure, NotModified

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.core.model import Feed, FetchOutcome, ParsedFeed
    from service.ports import Fetcher


class MeasuredFetcher:
    """Implements `ports.Fetcher` over another one.

    Args:
        fetcher: Does the work.
        polled: Called with the outcome of each fetch and its duration in seconds.
        not_parsed: Called with the code of each ParseError.
    """

    def __init__(
        self, fetcher: Fetcher, *, polled: Callable[[str, float], None], not_parsed: Callable[[str], None]
    ) -> None:
        self._fetcher = fetcher
        self._polled = polled
        self._not_parsed = not_parsed

    async def fetch(self, feed: Feed) -> FetchOutcome:
        """Fetch, and report."""
        began = time.perf_counter()
        outcome = await self._fetcher.fetch(feed)
        self._polled(_name(outcome), time.perf_counter() - began)
        return outcome

    async def parse(self, fetched: Fetched, feed: Feed) -> ParsedFeed:
        """Parse, and report what is no feed.

        Raises:
            ParseError: As the other fetcher says.
        """
        try:
            return await self._fetcher.parse(fetched, feed)
        except ParseError as error:
            self._not_parsed(error.code)
            raise


def _name(outcome: FetchOutcome) -> str:
    match outcome:
        case Fetched():
            return "fetched"
        case NotModified():
            return "not_modified"
        case FetchFailure():
            return outcome.kind.value
        case _:
            assert_never(outcome)
