"""Other projects' feed files, served over loopback: every one has an outcome, and what can be read is read whole.

A sample in the short form; `make suites` takes all of them.
"""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from aiohttp import web
from patience import patient
from shared_material import needs_shared
from suite_files import suite_files

from service.core.errors import ParseError
from service.core.model import Feed, Fetched
from service.feeds.document import MAX_ENTRIES
from service.feeds.fetch import HttpFetcher
from service.feeds.parse import read_document

if TYPE_CHECKING:
    from suite_files import SuiteFile

pytestmark = needs_shared
SAMPLE_EVERY = 25


@pytest.fixture(scope="module")
def files() -> list[SuiteFile]:
    found = list(suite_files(SAMPLE_EVERY))
    assert len(found) > 150
    return found


async def serve(files: list[SuiteFile]) -> tuple[web.ServerRunner, str]:
    async def answer(request: web.BaseRequest) -> web.Response:
        file = files[int(request.path[1:])]
        return web.Response(body=file.body, headers={"Content-Type": "application/xml", **file.headers})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


def plain_count(file: SuiteFile) -> int:
    headers = {"content-type": file.headers.get("content-type", "application/xml")}
    document: Any = feedparser.parse(
        io.BytesIO(file.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    return min(len(document.get("entries", [])), MAX_ENTRIES)


async def test_every_file_has_an_outcome_and_as_many_items_as_feedparser_finds(files: list[SuiteFile]) -> None:
    runner, base = await serve(files)
    outcomes: Counter[str] = Counter()
    differing: list[str] = []
    unnamed: list[str] = []
    try:
        async with (
            HttpFetcher(timeout_s=20, allowed=[ip_network("127.0.0.0/8")]) as fetcher,
            asyncio.timeout(patient(60 + len(files))),
        ):
            for number, file in enumerate(files):
                feed = Feed(id=f"f-{number}", url=f"{base}/{number}", title=file.name)
                outcome = await fetcher.fetch(feed)
                assert isinstance(outcome, Fetched), file.name
                assert outcome.body == file.body
                try:
                    await fetcher.parse(outcome, feed)
                except ParseError as error:
                    unnamed += [] if feed.url in error.message else [file.name]
                    outcomes[error.code] += 1
                    continue
                outcomes["read"] += 1
                document = read_document(file.body, outcome.headers, feed.url)
                if len(document.items) != plain_count(file):
                    differing.append(file.name)
    finally:
        await runner.cleanup()
    assert sum(outcomes.values()) == len(files)
    print(outcomes, differing)
    assert not differing
    assert not unnamed
    assert outcomes["read"] > len(files) * 0.9
