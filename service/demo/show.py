"""The demonstration: the same service on invented feeds, in a folder that is thrown away, with a clock of their time.

Nothing is faked below the feeds: they are polled over HTTP, judged, compared and served as any other. Only the clock
is set by the timeline, because a first poll years after the fact would rightly be called a backlog.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from service.app import listening
from service.core.model import FeedSpec
from service.core.rules import Rules
from service.demo.sample_site import HOST, SampleSite
from service.demo.samples import load_samples
from service.loading.lexicon_files import load_lexicon
from service.loading.opml_files import opml_of
from service.loading.story_files import read_stories
from service.loading.weight_file import load_weights
from service.settings import Settings
from service.storage.sqlite import SqliteStore
from service.worker import Poller, opened_poller, poll_round

log = logging.getLogger(__name__)

PAUSE_S = 6.0  # between the editions that come in while somebody looks on
_BEFORE_OPENING = 3  # editions polled before the page is served, so that it opens full


class EditionClock:
    """Stands at an edition's date and runs on from there with the machine's."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def set(self, at: datetime) -> None:
        """Move to an instant."""
        self._at = at
        self._since = time.monotonic()

    def now(self) -> datetime:
        """Return the present instant of the timeline."""
        return self._at + timedelta(seconds=time.monotonic() - self._since)


@asynccontextmanager
async def demonstration(
    settings: Settings, *, pause_s: float = PAUSE_S, finished: asyncio.Event | None = None
) -> AsyncIterator[str]:
    """Run the service on the sample feeds for the length of a block; yield the address readers use.

    Args:
        settings: Those of this process: where to listen is taken from them. Their store, stories, feeds and tokens are
            not touched.
        pause_s: Between the editions that follow while the page is served.
        finished: Set when the last edition has been polled.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aftermath-demo-")))
        site = await stack.enter_async_context(SampleSite(load_samples()))
        private = _settings_within(folder, settings)
        private.feeds.write_text(opml_of(_specs(site), "Sample feeds of the demonstration"), encoding="utf-8")
        rules = _bundled_rules(private)
        clock = EditionClock(site.edition.at)
        store = await SqliteStore.open(private.sqlite_path, now=clock.now)
        stack.push_async_callback(store.close)
        poller = await stack.enter_async_context(opened_poller(private, rules, store, clock))
        await _poll(poller, site)
        for _ in range(_BEFORE_OPENING - 1):
            await _next_edition(poller, site, clock)
        address = await stack.enter_async_context(listening(private, rules, store, clock, ticker=None, demo=True))
        following = asyncio.create_task(_follow(poller, site, clock, pause_s, finished), name="demo-editions")
        try:
            yield address
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _follow(
    poller: Poller, site: SampleSite, clock: EditionClock, pause_s: float, finished: asyncio.Event | None
) -> None:
    """Bring the remaining editions, one after another."""
    try:
        for _ in range(site.number + 1, len(site.samples.editions)):
            await asyncio.sleep(pause_s)
            await _next_edition(poller, site, clock)
    except Exception:
        log.exception("the demonstration's polling failed; the page stays as it is")
        return
    if finished is not None:
        finished.set()


async def _next_edition(poller: Poller, site: SampleSite, clock: EditionClock) -> None:
    """Turn to the next edition and poll it."""
    site.advance()
    clock.set(site.edition.at)
    await _poll(poller, site)


async def _poll(poller: Poller, site: SampleSite) -> None:
    summary = await poll_round(poller, everything=True)
    log.info("edition polled", extra={"edition": site.number + 1, "about": site.edition.about, **summary})


def _settings_within(folder: Path, settings: Settings) -> Settings:
    """Return settings whose every file lies in a folder, and which may poll loopback and nothing else that is private."""
    private = settings.model_copy(
        update={
            "database_url": f"sqlite:///{folder / 'aftermath.db'}",
            "stories": Settings.model_fields["stories"].default,
            "feeds": folder / "feeds.opml",
            "port": settings.port or _free_port(),
            "tag_authority": "demonstration.invalid",  # its ids must never be those of a real feed
            "admin_token": None,
            "read_token": None,
            "allow_private_networks": (f"{HOST}/32",),
            "poll_min_interval_s": 1,
            "poll_max_interval_s": 60,
            "poll_concurrency": 1,  # one feed after another: the same order of arrival, and so the same page, every time
            "poll_per_host": 0,
        }
    )
    return Settings.model_validate(private.model_dump())


def _free_port() -> int:
    # picked before listening, because every link the service writes carries it
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _specs(site: SampleSite) -> list[FeedSpec]:
    return [
        FeedSpec(url=site.address + feed.path, title=feed.title, lang=feed.lang, pole=feed.pole)
        for feed in site.samples.feeds
    ]


def _bundled_rules(settings: Settings) -> Rules:
    lexicon = load_lexicon()
    return Rules.of(list(read_stories(settings.stories, lexicon).values()), lexicon, load_weights())
