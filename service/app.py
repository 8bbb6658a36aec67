"""Composition root: builds every object once and closes them in reverse. Only here the parts know each other."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from service import __version__
from service.api.config import SiteConfig
from service.api.keys import Judge
from service.api.links import Links
from service.api.metrics import Metrics
from service.api.server import room_for_connections, served
from service.api.site import build_app
from service.core.errors import NotFound, StorageError
from service.core.model import Entry, Match, Story
from service.core.rules import Rules
from service.pipeline import Pipeline
from service.polling.retention import Retention
from service.polling.tick import Ticker
from service.ports import Clock
from service.pushing import WebhookReceivers, networks, pushing
from service.schema_files import story_schemas
from service.settings import Settings
from service.steering import Steering, read_plan
from service.storage.opening import OpenedStore, is_shared, open_store
from service.storage.sqlite_lock import writing_process
from service.worker import cadence_of, offline_pipeline, opened_worker

log = logging.getLogger(__name__)

_SHUTDOWN_S = 8.0
_DESCRIPTORS = 200  # of the store, parsers, webhooks and all else but polls and readers


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


async def tag_authority(settings: Settings, store: OpenedStore) -> str:
    """Return the authority of feed ids: fixed at the first start with a store."""
    default = settings.tag_authority or urlsplit(settings.base_url()).hostname or "localhost"
    return await store.setting("tag_authority", default)


def _with_port(settings: Settings) -> Settings:
    """Pick a port where the settings leave it open: every link the service writes carries it."""
    if settings.port:
        return settings
    try:
        with _bound(settings) as probe:
            return settings.model_copy(update={"port": probe.getsockname()[1]})
    except OSError:  # said in full when listening fails
        return settings


def _bound(settings: Settings) -> socket.socket:
    return socket.create_server(
        (settings.host, settings.port), family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    )


def _cannot_listen(settings: Settings, error: OSError) -> StorageError:
    return StorageError(
        f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); set AFTERMATH_PORT to a free port"
    )


def _refuse_taken_port(settings: Settings) -> None:
    """Find out before anything is polled: a service that is restarted for ever would ask publishers each time.

    Raises:
        StorageError: Somebody listens there. Whatever else may be wrong with the address is said when listening fails.
    """
    try:
        _bound(settings).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise _cannot_listen(settings, error) from error


@asynccontextmanager
async def listening(
    settings: Settings,
    rules: Rules,
    store: OpenedStore,
    clock: Clock,
    *,
    ticker: Ticker | None,
    demo: bool,
    judge: Judge | None = None,
    steering: Steering | None = None,
    metrics: Metrics | None = None,
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
        trusted_proxies=tuple(networks(settings.trusted_proxies)),
        access_log=settings.access_log,
        demo=demo,
        read_only=ticker is None and judge is None,
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
        receivers=None if config.read_only else WebhookReceivers(networks(settings.allow_private_networks)),
        metrics=metrics,
        schemas=story_schemas(),
    )
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(
                served(
                    app,
                    settings.host,
                    settings.port,
                    shutdown_timeout_s=_SHUTDOWN_S,
                    most_connections=room_for_connections(_DESCRIPTORS + settings.poll_concurrency),
                )
            )
        except OSError as error:
            raise _cannot_listen(settings, error) from error
        store.announce(settings.local_url())
        yield settings.base_url()


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
    backfill: bool = False,
) -> AsyncIterator[Running]:
    """Run the service for the length of a block: serving, working or both.

    Args:
        settings: Those to begin with.
        serve: Answer HTTP.
        work: Poll, match and compare.
        hangup: When set, everything is reloaded.
        reread: Reads the settings again, for a reload.
        backfill: What a feed's first poll brings is news, however old.
    """
    clock, metrics = SystemClock(), Metrics()
    settings = _with_port(settings) if serve else settings
    async with AsyncExitStack() as stack:
        plan = await asyncio.to_thread(read_plan, settings)  # before the store: what is refused does not happen
        writes = work or is_shared(settings.store)
        store = await open_store(settings.store, read_only=not writes, now=clock.now)
        stack.push_async_callback(store.close)
        steering = Steering(plan, store, clock, writes=writes, reread=reread)
        await steering.begin()
        if serve:
            _refuse_taken_port(settings)
        ticker: Ticker | None = None
        judge: Judge | None = None
        if work:
            worker = await stack.enter_async_context(
                opened_worker(settings, steering.rules, store, clock, metrics, backfill=backfill)
            )
            steering.drive(worker.pipeline, lambda new: _apply(new, worker.pipeline))
            ticker, judge = worker.ticker, worker.pipeline.record
            if settings.retention_days:
                keep = timedelta(days=settings.retention_days)
                await stack.enter_async_context(Retention(store, lambda: steering.rules.cursor, clock, keep))
            links = Links.of(settings.base_url(), await tag_authority(settings, store))
            await stack.enter_async_context(
                pushing(
                    settings, store, clock, links=links, stories=lambda: steering.rules.stories, observed=metrics.told
                )
            )
        elif writes:  # editors and administrators are heard here, too; the replicas that work do the rest
            from service.polling.shared_queue import SharedQueue

            queue = await stack.enter_async_context(SharedQueue(settings.store))
            pipeline = offline_pipeline(steering.rules, store, clock, queue)
            steering.drive(pipeline, lambda new: _apply(new, pipeline))
            judge = pipeline.record
        address: str | None = None
        if serve:
            address = await stack.enter_async_context(
                listening(
                    settings,
                    steering.rules,
                    store,
                    clock,
                    ticker=ticker,
                    demo=False,
                    judge=judge,
                    steering=steering,
                    metrics=metrics,
                )
            )
        await stack.enter_async_context(steering.attended(hangup))
        yield Running(address=address, stories=tuple(steering.rules.stories))


def _apply(settings: Settings, pipeline: Pipeline) -> None:
    """Let settings count that were changed while running (LIVE_SETTINGS; the paths are read where they are used)."""
    pipeline.cadence = cadence_of(settings)
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
