"""Our feeds on loopback as readers find them, with a record of what readers asked and got."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from api.api_builders import SCRIPTS, FakeClock, a_report, a_story, publish
from journeys.service_process import free_port
from patience import patient

from service.api.documents import feed_document
from service.api.links import Links
from service.api.site import SiteConfig, build_app
from service.ports import DeltaFilter
from service.storage.sqlite import SqliteStore

HELD = 26  # twice through every script
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Item:
    """A feed item as a reader should show it; the date to the second, UTC."""

    id: str
    title: str
    link: str
    at: datetime


@dataclass(slots=True)
class Library:
    """The site, and what was asked of it."""

    base: str
    store: SqliteStore
    asked: list[tuple[str, str, int]] = field(default_factory=list)  # method, path, status

    def url(self, fmt: str) -> str:
        return f"{self.base}/feeds/harbour.{fmt}"

    def statuses(self, fmt: str) -> list[int]:
        """Return what the GETs of a feed were answered since the last call."""
        found = [status for method, path, status in self.asked if method == "GET" and path.endswith(fmt)]
        self.asked = [each for each in self.asked if not each[1].endswith(fmt)]
        return found

    async def items(self) -> list[Item]:
        """Return what the feeds hold, newest first."""
        deltas = await self.store.deltas_after("harbour", 0, 50, DeltaFilter(), descending=True)
        links = Links.of(self.base, "aftermath.example")
        document = feed_document(deltas, story=a_story(), filters={}, links=links, demo=False)
        return [
            Item(each.id, each.title, each.link, each.created_at.astimezone(UTC).replace(microsecond=0))
            for each in document.items
        ]

    async def add(self, *numbers: int) -> list[Item]:
        """Publish more reports; return their items, newest first."""
        await publish(self.store, [a_report(number) for number in numbers])
        return (await self.items())[: len(numbers)]


@asynccontextmanager
async def a_library() -> AsyncIterator[Library]:
    """Serve feeds with items in every script."""
    assert len(SCRIPTS) * 2 <= HELD
    clock, port = FakeClock(), free_port()
    library = Library(f"http://127.0.0.1:{port}", await SqliteStore.open(":memory:", now=clock.now))
    await publish(library.store, [a_report(number) for number in range(HELD)])
    config = SiteConfig(public_base_url=library.base, tag_authority="aftermath.example", version="9.9.9")
    story = a_story()
    app = build_app(store=library.store, stories=lambda: {story.id: story}, config=config, clock=clock)

    async def record(request: web.Request, response: web.StreamResponse) -> None:
        library.asked.append((request.method, request.path, response.status))

    app.on_response_prepare.append(record)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield library
    finally:
        await runner.cleanup()
        await library.store.close()


async def run(folder: Path, *command: str | Path, stdin: bytes = b"") -> str:
    """Run a program to its end in a home of its own; return what it printed."""
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    environment |= {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=folder, env=environment
    )
    async with asyncio.timeout(patient(LIMIT_S)):
        out, problems = await process.communicate(stdin)
    assert process.returncode == 0, (command, process.returncode, out[-800:], problems[-2000:])
    return out.decode()


def at(seconds: float) -> datetime:
    """Return an instant from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
