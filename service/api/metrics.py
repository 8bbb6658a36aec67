"""What the process counts and measures, as Prometheus reads it.

Labels have few values, all known beforehand: stories, types, routes, outcomes; never an address or an id of an entry.
What the ledgers add up to is read from them when asked for, so it survives restarts and is the same in every process.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from service.ports import LedgerCounts

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
_LAG_PACE_S = 0.5


class Metrics:
    """The instruments of one process. Its methods are the hooks that the parts are given."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        held = self.registry
        self._requests = Histogram(
            "aftermath_http_request_duration_seconds",
            "Time to answer a request, without streams",
            ("method", "route", "status"),
            buckets=_FAST,
            registry=held,
        )
        self._streams = Gauge("aftermath_http_streams", "Event streams open", registry=held)
        self._polls = Histogram(
            "aftermath_poll_duration_seconds", "Time of a fetch, by outcome", ("outcome",), buckets=_SLOW, registry=held
        )
        self._unparsed = Counter("aftermath_parse_failures", "Documents that are no feed", ("code",), registry=held)
        self._items = Counter(
            "aftermath_parse_items",
            "Items of feed documents that had changed, by what they cost",
            ("way",),
            registry=held,
        )
        self._told = Counter(
            "aftermath_push_attempts", "Attempts to tell of deltas", ("receiver", "outcome"), registry=held
        )
        self._lag = Histogram(
            "aftermath_event_loop_lag_seconds", "How late the event loop is", buckets=_FAST, registry=held
        )
        self._queue = Gauge("aftermath_queue_jobs", "Jobs that wait or run", registry=held)
        self._store = Gauge("aftermath_store_up", "Whether the store answers and is migrated", registry=held)
        self._feeds = Gauge("aftermath_feeds", "Polled feeds, by state", ("state",), registry=held)
        self._failing = Gauge("aftermath_feeds_failing", "Active feeds whose last poll failed", registry=held)
        self._webhooks = Gauge("aftermath_webhooks", "Webhooks, by state", ("state",), registry=held)
        self._ledger = Gauge("aftermath_ledger_rows", "Rows of the ledgers", ("ledger",), registry=held)
        self._deltas = Gauge("aftermath_deltas", "Published deltas", ("story", "type"), registry=held)
        self._depth: Callable[[], float] = lambda: math.nan  # where jobs are shared, no process knows
        self._items_by_way: Callable[[], Mapping[str, int]] = dict
        self._items_counted: Mapping[str, int] = {}

    # -- what the parts report

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        named = method if method in _METHODS else "other"  # a client may invent methods
        self._requests.labels(named, route, str(status)).observe(seconds)

    def polled(self, outcome: str, seconds: float) -> None:
        """Count a fetch."""
        self._polls.labels(outcome).observe(seconds)

    def not_parsed(self, code: str) -> None:
        """Count a document that is no feed."""
        self._unparsed.labels(code).inc()

    def told(self, receiver: str, outcome: str) -> None:
        """Count an attempt to tell a webhook or a hub, or to get an opinion."""
        self._told.labels(receiver, outcome).inc()

    def watch_queue(self, depth: Callable[[], int]) -> None:
        """Ask here how many jobs wait or run."""
        self._depth = depth

    def watch_items(self, by_way: Callable[[], Mapping[str, int]]) -> None:
        """Ask here how many items of documents went each way since the start: through the parser, or remembered."""
        self._items_by_way = by_way

    # -- what is read when somebody asks

    def show_store(self, *, up: bool) -> None:
        """Take over whether the store answers."""
        self._store.set(up)

    def show_ledgers(self, counts: LedgerCounts, types: Mapping[str, Mapping[str, int]]) -> None:
        """Take over how many rows there are, and deltas by story and type."""
        for ledger in ("entries", "revisions", "matches", "deltas"):
            self._ledger.labels(ledger).set(getattr(counts, ledger))
        self._deltas.clear()
        for story, of_type in types.items():
            for name, count in of_type.items():
                self._deltas.labels(story, name).set(count)

    def show_feeds(self, states: Mapping[str, int], failing: int) -> None:
        """Take over how the polled feeds are."""
        self._feeds.clear()
        for state, count in states.items():
            self._feeds.labels(state).set(count)
        self._failing.set(failing)

    def show_webhooks(self, states: Mapping[str, int]) -> None:
        """Take over how the webhooks are."""
        for state, count in states.items():
            self._webhooks.labels(state).set(count)

    def text(self, accept: str, streams: int) -> tuple[bytes, str]:
        """Return the exposition and its content type, as the Accept header wants it."""
        self._streams.set(streams)
        self._queue.set(self._depth())
        items = self._items_by_way()
        for way, count in items.items():
            self._items.labels(way).inc(count - self._items_counted.get(way, 0))
        self._items_counted = items
        encode, content_type = choose_encoder(accept)
        body: bytes = encode(self.registry)
        return body, content_type

    async def watching_loop(self, _app: web.Application) -> AsyncIterator[None]:
        """Measure the lag of the event loop while the application runs (a `cleanup_ctx`)."""
        task = asyncio.create_task(self._watch(), name="loop-lag")
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_LAG_PACE_S)
            self._lag.observe(max(0.0, time.perf_counter() - began - _LAG_PACE_S))
