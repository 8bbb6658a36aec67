"""The polling half of a process: fetcher, job queue and steps over a store, with the configured feeds in it.

Over SQLite it works alone; over PostgreSQL it shares the work with other replicas.
"""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from service.api.metrics import Metrics
from service.core.model import Ingest, IngestBatch, Job
from service.core.polls.cadence import Cadence
from service.core.rules import Rules
from service.core.urls import is_inner_host
from service.feeds.fetch import HttpFetcher
from service.loading.access_files import read_access
from service.loading.opml_files import read_opml
from service.pipeline import Pipeline
from service.polling.batches import DueBatches, poll_batch
from service.polling.local_queue import LocalQueue
from service.polling.measured import MeasuredFetcher
from service.polling.pacing import PollPacing
from service.polling.rounds import Round
from service.polling.tick import Ticker
from service.ports import Clock, JobQueue
from service.pushing import networks
from service.replay import Nobody
from service.settings import Settings
from service.storage.opening import OpenedStore, is_shared

log = logging.getLogger(__name__)

_LINE = 4  # jobs in hand per slot: those of a slow host wait for it without holding up the rest
_SHARED_LINE = 2  # fewer where other replicas may take them: the lanes of one that dies are blocked for seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """A polling half that does what it is told."""

    store: OpenedStore
    pipeline: Pipeline
    queue: LocalQueue
    pacing: PollPacing
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A polling half that goes on by itself."""

    pipeline: Pipeline
    ticker: Ticker


class _Half:
    """What both kinds of queue have in common: the pacing of polls, and the steps."""

    def __init__(
        self, settings: Settings, store: OpenedStore, clock: Clock, build: Callable[[JobQueue], Pipeline]
    ) -> None:
        self.pacing = PollPacing(settings.poll_concurrency, settings.poll_per_host, settings.poll_host_gap_s)
        self._store = store
        self._clock = clock
        self._build = build
        self._pipeline: Pipeline | None = None
        self._addresses: dict[str, str] = {}  # feed → URL; asked once, since an address hardly ever changes host

    @property
    def pipeline(self) -> Pipeline:
        """Return the steps; `over` comes first."""
        assert self._pipeline is not None
        return self._pipeline

    def over(self, queue: JobQueue) -> Pipeline:
        """Build the steps over a queue, which may already know `run`."""
        self._pipeline = self._build(queue)
        return self._pipeline

    async def wake(self) -> None:
        """Send every wake-up."""
        await self.pipeline.wake()

    async def run(self, job: Job) -> None:
        """Do one job, unless what it would write would not be kept."""
        await self._store.check_writing()
        match job:
            case IngestBatch():
                await poll_batch(job, self._store, self._clock, self._poll)
            case Ingest():
                await self._poll(job.feed_id)
            case _:
                await self.pipeline.run(job)

    async def _poll(self, feed_id: str) -> None:
        if feed_id not in self._addresses:
            feed = await self._store.feed(feed_id)
            self._addresses[feed_id] = feed.url if feed else feed_id
        async with self.pacing.slot(self._addresses[feed_id]):
            await self.pipeline.run(Ingest(feed_id))


def fetcher_of(settings: Settings) -> HttpFetcher:
    """Build what talks to feeds; use it as a context manager."""
    return HttpFetcher(
        contact=settings.contact,
        timeout_s=settings.fetch_timeout_s,
        body_limit_bytes=settings.feed_body_limit_bytes,
        allowed=networks(settings.allow_private_networks),
        connections=settings.poll_concurrency,
        access=read_access(settings.feed_access) if settings.feed_access else None,
        proxy=settings.poll_proxy.get_secret_value() if settings.poll_proxy else None,
    )


@asynccontextmanager
async def _opened_half(
    settings: Settings, rules: Rules, store: OpenedStore, clock: Clock, metrics: Metrics, *, backfill: bool
) -> AsyncIterator[_Half]:
    """Bring the configured feeds into the store and open the fetcher."""
    subscriptions = read_opml(settings.feeds)
    for skipped in subscriptions.skipped:
        log.warning("feed left out", extra={"file": str(settings.feeds), "why": skipped})
    await store.sync_feeds(subscriptions.feeds, clock.now())
    async with fetcher_of(settings) as fetcher:
        memory = fetcher.memory
        metrics.watch_items(lambda: {"parsed": memory.parsed_items, "remembered": memory.spared_items})

        def build(queue: JobQueue) -> Pipeline:
            return Pipeline(
                store=store,
                queue=queue,
                fetcher=MeasuredFetcher(fetcher, polled=metrics.polled, not_parsed=metrics.not_parsed),
                clock=clock,
                rules=rules,
                cadence=cadence_of(settings),
                hosts_speak_for_all=lambda url: _speaks_for_all(url, settings.retry_after_scope),
                jitter=lambda: random.uniform(-1.0, 1.0),  # noqa: S311 (spreads polls, keeps no secret)
                backfill=backfill,
            )

        yield _Half(settings, store, clock, build)


@asynccontextmanager
async def opened_poller(
    settings: Settings,
    rules: Rules,
    store: OpenedStore,
    clock: Clock,
    metrics: Metrics | None = None,
    *,
    backfill: bool = False,
) -> AsyncIterator[Poller]:
    """Build what polls in this process alone, when it is told to."""
    metrics = metrics or Metrics()
    async with _opened_half(settings, rules, store, clock, metrics, backfill=backfill) as half:
        one_by_one = settings.poll_concurrency == 1  # then feeds are polled in the order of the question
        queue = LocalQueue(half.run, 1 if one_by_one else settings.poll_concurrency * _LINE + 2)
        pipeline = half.over(queue)
        metrics.watch_queue(queue.depth)
        async with queue:
            yield Poller(store=store, pipeline=pipeline, queue=queue, pacing=half.pacing, clock=clock)


@asynccontextmanager
async def opened_worker(
    settings: Settings, rules: Rules, store: OpenedStore, clock: Clock, metrics: Metrics, *, backfill: bool = False
) -> AsyncIterator[Worker]:
    """Build what polls and goes on by itself, alone or sharing the work with other replicas."""
    if not is_shared(settings.store):
        async with opened_poller(settings, rules, store, clock, metrics, backfill=backfill) as poller:
            await poller.pipeline.wake()
            ticker = Ticker(
                store, poller.queue, clock, poller.pacing, is_busy=poller.queue.is_busy, resumed=poller.pipeline.wake
            )
            async with ticker:
                yield Worker(pipeline=poller.pipeline, ticker=ticker)
        return
    async with _opened_half(settings, rules, store, clock, metrics, backfill=backfill) as half:
        from service.polling.shared_queue import SharedQueue

        workers = settings.poll_concurrency * _SHARED_LINE + 2
        queue = SharedQueue(settings.store, run=half.run, workers=workers, wake=half.wake)
        pipeline = half.over(queue)
        ticker = Ticker(store, queue, clock, half.pacing, due=DueBatches(store, queue), resumed=pipeline.wake)
        async with queue, ticker:
            yield Worker(pipeline=pipeline, ticker=ticker)


def _speaks_for_all(url: str, scope: str) -> bool:
    return scope == "host" or (scope == "auto" and not is_inner_host(url))


def cadence_of(settings: Settings) -> Cadence:
    """Return the bounds of polling that the settings ask for."""
    shortest = timedelta(seconds=settings.poll_min_interval_s)
    longest = timedelta(seconds=settings.poll_max_interval_s)
    default = min(max(timedelta(minutes=15), shortest), longest) if settings.poll_min_interval_s >= 60 else shortest
    return Cadence(shortest=shortest, longest=longest, default=default)


def offline_pipeline(rules: Rules, store: OpenedStore, clock: Clock, queue: JobQueue | None = None) -> Pipeline:
    """Build the steps without polling: the caller runs those it needs, or leaves them to who works on the queue."""
    nobody = Nobody()
    return Pipeline(
        store=store,
        queue=queue or nobody,
        fetcher=nobody,
        clock=clock,
        rules=rules,
        cadence=Cadence(),
        jitter=lambda: 0.0,
    )


async def poll_round(poller: Poller, *, everything: bool) -> dict[str, object]:
    """Poll the due feeds (or all that are not in a running back-off) once, with the steps it wakes; return the summary."""
    begun = await Round.begin(poller.store, poller.clock.now(), everything=everything)
    await poller.pipeline.wake()
    for feed_id in begun.feeds:
        await poller.queue.enqueue(Ingest(feed_id))
    await poller.queue.idle()
    return await begun.summary()
