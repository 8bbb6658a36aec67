"""Composition root: builds every object once and closes them in reverse. Only here the parts know each other."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aiohttp import web

from service import __version__
from service.api.config import SiteConfig
from service.api.keys import Judge
from service.api.links import Links
from service.api.site import build_app
from service.core.cadence import Cadence
from service.core.errors import NotFound, StorageError
from service.core.model import Entry, Ingest, Job, Match, Story
from service.core.rules import Rules
from service.core.urls import is_inner_host
from service.feeds.fetch import HttpFetcher
from service.loading.access_files import read_access
from service.loading.opml_files import read_opml
from service.pipeline import Pipeline
from service.polling.local_queue import LocalQueue
from service.polling.pacing import PollPacing
from service.polling.tick import Ticker
from service.ports import Clock
from service.pushing import WebhookReceivers, allowed_networks, pushing
from service.replay import Nobody
from service.schema_files import story_schemas
from service.settings import Settings
from service.steering import Steering, read_plan
from service.storage.sqlite import SqliteStore
from service.storage.sqlite_lock import writing_process

log = logging.getLogger(__name__)

_SHUTDOWN_S = 8.0
_LINE = 4  # jobs in hand per slot: those of a slow host wait for it without holding up the rest


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """The polling half of a process."""

    store: SqliteStore
    pipeline: Pipeline
    queue: LocalQueue
    pacing: PollPacing
    clock: Clock


def fetcher_of(settings: Settings) -> HttpFetcher:
    """Build what talks to feeds; use it as a context manager."""
    return HttpFetcher(
        contact=settings.contact,
        timeout_s=settings.fetch_timeout_s,
        body_limit_bytes=settings.feed_body_limit_bytes,
        allowed=allowed_networks(settings),
        connections=settings.poll_concurrency,
        access=read_access(settings.feed_access) if settings.feed_access else None,
        proxy=settings.poll_proxy.get_secret_value() if settings.poll_proxy else None,
    )


@asynccontextmanager
async def opened_poller(settings: Settings, rules: Rules, store: SqliteStore, clock: Clock) -> AsyncIterator[Poller]:
    """Build what polls: fetcher, queue and pipeline over a store, with the configured feeds in it."""
    subscriptions = read_opml(settings.feeds)
    for skipped in subscriptions.skipped:
        log.warning("feed left out", extra={"file": str(settings.feeds), "why": skipped})
    await store.sync_feeds(subscriptions.feeds, clock.now())
    pacing = PollPacing(settings.poll_concurrency, settings.poll_per_host)
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(fetcher_of(settings))
        pipeline: Pipeline

        addresses: dict[str, str] = {}  # feed → URL; asked once, since an address hardly ever changes host

        async def run(job: Job) -> None:
            await store.check_writing()
            if isinstance(job, Ingest):
                if job.feed_id not in addresses:
                    feed = await store.feed(job.feed_id)
                    addresses[job.feed_id] = feed.url if feed else job.feed_id
                async with pacing.slot(addresses[job.feed_id]):
                    await pipeline.run(job)
            else:
                await pipeline.run(job)

        one_by_one = settings.poll_concurrency == 1  # then feeds are polled in the order of the question
        queue = LocalQueue(run, 1 if one_by_one else settings.poll_concurrency * _LINE + 2)
        pipeline = Pipeline(
            store=store,
            queue=queue,
            fetcher=fetcher,
            clock=clock,
            rules=rules,
            cadence=_cadence(settings),
            hosts_speak_for_all=lambda url: _speaks_for_all(url, settings.retry_after_scope),
            jitter=lambda: random.uniform(-1.0, 1.0),  # noqa: S311 (spreads polls, keeps no secret)
        )
        await stack.enter_async_context(queue)
        yield Poller(store=store, pipeline=pipeline, queue=queue, pacing=pacing, clock=clock)


def _speaks_for_all(url: str, scope: str) -> bool:
    return scope == "host" or (scope == "auto" and not is_inner_host(url))


def _cadence(settings: Settings) -> Cadence:
    shortest = timedelta(seconds=settings.poll_min_interval_s)
    longest = timedelta(seconds=settings.poll_max_interval_s)
    default = min(max(timedelta(minutes=15), shortest), longest) if settings.poll_min_interval_s >= 60 else shortest
    return Cadence(shortest=shortest, longest=longest, default=default)


def offline_pipeline(rules: Rules, store: SqliteStore, clock: Clock) -> Pipeline:
    """Build the steps without polling: the caller runs those it needs."""
    nobody = Nobody()
    return Pipeline(
        store=store,
        queue=nobody,
        fetcher=nobody,
        clock=clock,
        rules=rules,
        cadence=Cadence(),
        jitter=lambda: 0.0,
    )


async def poll_round(poller: Poller, *, everything: bool) -> dict[str, object]:
    """Poll the due feeds (or all that are not in a running back-off) once, with the steps it wakes; return the summary."""
    now = poller.clock.now()
    before = {feed.id: feed for feed in await poller.store.feeds()}
    held = await poller.store.counts()
    chosen = [
        feed.id
        for feed in before.values()
        if feed.state == "active"
        and (feed.next_poll_at is None or feed.next_poll_at <= now or (everything and not feed.failures))
    ]
    await poller.pipeline.wake()
    for feed_id in chosen:
        await poller.queue.enqueue(Ingest(feed_id))
    await poller.queue.idle()
    after = {feed.id: feed for feed in await poller.store.feeds()}
    polled = [after[i] for i in chosen if i in after and after[i].polls > before[i].polls]
    new = await poller.store.counts()
    return {
        "feeds": {
            "polled": len(polled),
            "not_modified": sum(
                1 for feed in polled if feed.error_class is None and feed.body_hash == before[feed.id].body_hash
            ),
            "failed": sum(feed.error_class is not None for feed in polled),
        },
        "entries": {"new": new.entries - held.entries, "revised": new.revisions - held.revisions},
        "matches": new.matches - held.matches,
        "deltas": new.deltas - held.deltas,
    }


async def tag_authority(settings: Settings, store: SqliteStore) -> str:
    """Return the authority of feed ids: fixed at the first start with a store."""
    default = settings.tag_authority or urlsplit(settings.base_url()).hostname or "localhost"
    return await store.setting("tag_authority", default)


def _with_port(settings: Settings) -> Settings:
    """Pick a port where the settings leave it open: every link the service writes carries it."""
    if settings.port:
        return settings
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        try:
            probe.bind((settings.host, 0))
        except OSError:  # said in full when listening fails
            return settings
        return settings.model_copy(update={"port": probe.getsockname()[1]})


@asynccontextmanager
async def listening(
    settings: Settings,
    rules: Rules,
    store: SqliteStore,
    clock: Clock,
    *,
    ticker: Ticker | None,
    demo: bool,
    judge: Judge | None = None,
    steering: Steering | None = None,
) -> AsyncIterator[str]:
    """Serve HTTP for the length of a block; yield the address readers use.

    With `steering` its rules count, which may change meanwhile.
    """
    settings = _with_port(settings)

    def in_force() -> Rules:
        return rules if steering is None else steering.rules

    def tick_age() -> float | None:
        if ticker is None or ticker.last_tick_at is None:
            return None
        return (clock.now() - ticker.last_tick_at).total_seconds()

    async def explain(story: Story, entry: Entry) -> Match:
        now = in_force()
        if story.id not in now.stories:
            raise NotFound(f"story {story.id} is followed no more, and no decision on this entry was kept")
        return await asyncio.to_thread(now.match, now.stories[story.id], entry)

    config = SiteConfig(
        public_base_url=settings.base_url(),
        tag_authority=await tag_authority(settings, store),
        version=__version__,
        read_token=settings.read_token.get_secret_value() if settings.read_token else None,
        admin_token=settings.admin_token.get_secret_value() if settings.admin_token else None,
        hub=settings.websub_hub or None,
        demo=demo,
        read_only=ticker is None,
        writer=lambda: writing_process(settings.sqlite_path),
        polls=ticker is not None,
        tick_age=tick_age,
    )
    app = build_app(
        store=store,
        stories=lambda: in_force().stories,
        ended=lambda: steering.ended if steering else {},
        steering=steering if steering and steering.writes else None,
        config=config,
        clock=clock,
        explain=explain,
        judge=judge,
        receivers=None if config.read_only else WebhookReceivers(allowed_networks(settings)),
        schemas=story_schemas(),
    )
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_S)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            raise StorageError(
                f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); set AFTERMATH_PORT to a free port"
            ) from error
        store.announce(settings.local_url())
        yield settings.base_url()
    finally:
        await runner.cleanup()


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What a started service says of itself."""

    address: str | None  # None without HTTP
    stories: tuple[str, ...]


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    serve: bool,
    work: bool,
    hangup: asyncio.Event,
    reread: Callable[[], Settings] | None = None,
) -> AsyncIterator[Running]:
    """Run the service for the length of a block: serving, working or both.

    Args:
        settings: Those to begin with.
        serve: Answer HTTP.
        work: Poll, match and compare.
        hangup: When set, everything is reloaded.
        reread: Reads the settings again, for a reload.
    """
    clock = SystemClock()
    settings = _with_port(settings) if serve else settings
    async with AsyncExitStack() as stack:
        plan = await asyncio.to_thread(read_plan, settings)  # before the store: what is refused does not happen
        store = await SqliteStore.open(settings.sqlite_path, read_only=not work, now=clock.now)
        stack.push_async_callback(store.close)
        steering = Steering(plan, store, clock, writes=work, reread=reread)
        await steering.begin()
        ticker: Ticker | None = None
        judge: Judge | None = None
        if work:
            poller = await stack.enter_async_context(opened_poller(settings, steering.rules, store, clock))
            steering.drive(poller.pipeline, lambda new: _apply(new, poller.pipeline))
            await poller.pipeline.wake()
            ticker = Ticker(
                store, poller.queue, clock, poller.pacing, is_busy=poller.queue.is_busy, resumed=poller.pipeline.wake
            )
            await stack.enter_async_context(ticker)
            judge = poller.pipeline.record
            links = Links.of(settings.base_url(), await tag_authority(settings, store))
            await stack.enter_async_context(
                pushing(
                    settings, store, clock, links=links, stories=lambda: steering.rules.stories, observed=_unobserved
                )
            )
        address: str | None = None
        if serve:
            address = await stack.enter_async_context(
                listening(
                    settings, steering.rules, store, clock, ticker=ticker, demo=False, judge=judge, steering=steering
                )
            )
        await stack.enter_async_context(steering.attended(hangup))
        yield Running(address=address, stories=tuple(steering.rules.stories))


def _unobserved(_who: str, _outcome: str) -> None:
    pass


def _apply(settings: Settings, pipeline: Pipeline) -> None:
    """Let settings count that were changed while running (LIVE_SETTINGS; the paths are read where they are used)."""
    pipeline.cadence = _cadence(settings)
    logging.getLogger().setLevel(settings.log_level.upper())


def signalled(*signals: signal.Signals) -> asyncio.Event:
    """Return an event that these signals set.

    To be called before anything else is built: the first process of a container ignores what it does not handle.
    """
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in signals:
        loop.add_signal_handler(each, event.set)
    return event


def stop_signal() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    return signalled(signal.SIGTERM, signal.SIGINT)
