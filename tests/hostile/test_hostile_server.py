"""The running service against a server of hostile feeds: every case is recorded, and nobody beside them is harmed."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import html5lib
import pytest
from hostile.hostile_site import CANARY_HOST, GOOD_FEEDS, HostileSite
from journeys.service_process import Service, until, write_opml
from journeys.small_story import STORY, story_folder
from patience import patient

Json = dict[str, Any]
_LIMIT_S = 150.0
_LEAST_CASES = 120
_CATCH_UP_S = 60.0
_INTERVAL_S = 5
_MORE_POLLS = 2  # of each healthy feed, once the first round is over
_HEALTH_LIMIT_S = 1.0 if os.environ.get("FAULTS") == "long" else patient(1.0)
_MEMORY_LIMIT_BYTES = 300_000_000
_DIRECT = (  # spellings of the canary as a feed's own address
    "http://127.0.0.2:{p}/", "http://2130706434:{p}/", "http://0x7f.0.0.2:{p}/", "http://0177.0.0.2:{p}/", "http://127.2:{p}/",
    "http://[::ffff:127.0.0.2]:{p}/", "http://[::ffff:7f00:2]:{p}/", "http://[::127.0.0.2]:{p}/", "http://[64:ff9b::7f00:2]:{p}/",
    "http://[2002:7f00:2::]:{p}/", "http://a:b@127.0.0.2:{p}/", "http://127。0。0。2:{p}/", "http://１２７.0.0.2:{p}/",
    "http://%31%32%37.0.0.2:{p}/", "http://①②⑦.⓪.⓪.②:{p}/", "http://127.0.0.1:1@127.0.0.2:{p}/",
)  # fmt: skip


@dataclass(slots=True)
class Watch:
    """What was seen of the service while it polled."""

    slowest_health_s: float = 0.0
    probes: int = 0
    peak_bytes: int = 0
    statuses: set[int] = field(default_factory=set)
    latest_s: float = 0.0  # how much later than planned a healthy feed was polled

    def note_lateness(self, rows: Iterable[Json]) -> None:
        planned = [datetime.fromisoformat(row["next_poll_at"]) for row in rows if row["next_poll_at"]]
        self.latest_s = max([self.latest_s, *((datetime.now(UTC) - due).total_seconds() for due in planned)])

    async def look(self, service: Service) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                begun = time.monotonic()
                async with http.get(service.address + "/healthz") as answer:
                    await answer.read()
                    self.statuses.add(answer.status)
                self.slowest_health_s = max(self.slowest_health_s, time.monotonic() - begun)
                self.probes += 1
                self.peak_bytes = max(self.peak_bytes, _resident_bytes(service))
                await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ordeal:
    """What the service recorded, served and withstood."""

    feeds: dict[str, Json]  # address → row of /v1/feeds
    entries: list[Json]
    outputs: dict[str, bytes]  # path → body
    wanted: dict[str, frozenset[str]]  # address → permitted outcomes
    direct: list[str]  # forbidden addresses given as feeds
    titles: dict[str, tuple[str, ...]]  # address → titles to be read
    good: dict[str, set[str]]  # address → titles that must be there
    canary_hits: list[bytes]
    watch: Watch
    log: str


def _resident_bytes(service: Service) -> int:
    """Return what the service and its workers hold."""
    assert service.process is not None
    total = 0
    for pid in [service.process.pid, *_children(service.process.pid)]:
        try:
            resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
        except OSError:  # ended meanwhile
            continue
        total += (int(resident) - int(shared)) * resource.getpagesize()
    return total


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


async def _endure(folder: Path) -> Ordeal:
    async with HostileSite() as site:
        port = site.url("").rpartition(":")[2]
        wanted = {site.url(f"/c/{name}"): outcomes for name, outcomes in site.outcomes.items()}
        direct = [address.replace("{p}", port) for address in _DIRECT]
        good = [site.url(f"/good/{number}") for number in range(GOOD_FEEDS)]
        settings: dict[str, object] = {
            "feeds": write_opml(folder / "feeds.opml", [*wanted, *direct, *good]),
            "stories": story_folder(folder),
            "allow_private_networks": "127.0.0.1/32",
            "fetch_timeout_s": 3,
            "feed_body_limit_bytes": 2_000_000,
            "poll_concurrency": 24,
            "poll_min_interval_s": _INTERVAL_S,
            "poll_max_interval_s": 600,
        }
        watch = Watch()
        async with Service(folder=folder, settings=settings) as service:
            await service.ready(30.0)
            looking = asyncio.create_task(watch.look(service))

            async def all_polled() -> bool:
                assert not looking.done(), looking.exception()
                rows = await _rows(service)
                return len(rows) >= len(site.outcomes) + len(good) and all(row["polls"] for row in rows)

            await until(all_polled, _LIMIT_S)
            expected = {address: site.good_titles(number) for number, address in enumerate(good)}

            begun = [row["polls"] for row in await _rows(service) if row["url"] in good]

            async def good_read() -> bool:
                rows = [row for row in await _rows(service) if row["url"] in good]
                watch.note_lateness(rows)
                if min(row["polls"] - before for row, before in zip(rows, begun, strict=True)) < _MORE_POLLS:
                    return False
                read = {entry["title"] for entry in await _pages(service, "/v1/entries?q=Good+news&limit=500")}
                return all(titles <= read for titles in expected.values())

            await until(good_read, _CATCH_UP_S)
            rows = {row["url"]: row for row in await _rows(service)}
            entries = await _pages(service, "/v1/entries?q=&limit=500")
            outputs = {path: (await service.get(path))[1] for path in await _paths(service)}
            looking.cancel()
            assert await service.end(signal.SIGTERM) == 0
            log = service.log
        return Ordeal(
            feeds=rows,
            entries=entries,
            outputs=outputs,
            wanted=wanted,
            direct=direct,
            titles={site.url(f"/c/{name}"): titles for name, titles in site.titles.items()},
            good=expected,
            canary_hits=list(site.canary_hits),
            watch=watch,
            log=log,
        )


async def _rows(service: Service) -> list[Json]:
    return await _pages(service, "/v1/feeds")


async def _pages(service: Service, path: str) -> list[Json]:
    found: list[Json] = []
    page = await service.json(path)
    while True:
        found += page["items"]
        if not page["has_more"]:
            return found
        page = await service.json(f"{path}{'&' if '?' in path else '?'}after={page['next_cursor']}")


async def _paths(service: Service) -> list[str]:
    deltas = await _pages(service, f"/v1/stories/{STORY}/deltas?limit=500")
    assert deltas
    return [
        *(f"/feeds/{STORY}.{form}" for form in ("rss", "atom", "json")),
        *("/", f"/stories/{STORY}", "/feeds", "/feeds.opml", "/sources.opml", "/v1/feeds"),
        f"/v1/stories/{STORY}/deltas?limit=500",
        f"/v1/stories/{STORY}/developments",
        "/v1/entries?q=&limit=500",
        *(f"/deltas/{delta['id']}" for delta in deltas[:60]),
    ]


@pytest.fixture(scope="module")
def ordeal(tmp_path_factory: pytest.TempPathFactory) -> Ordeal:
    return asyncio.run(_endure(tmp_path_factory.mktemp("hostile")))


def test_there_are_many_cases(ordeal: Ordeal) -> None:
    assert len(ordeal.wanted) >= _LEAST_CASES


def test_every_case_has_a_recorded_outcome_that_fits(ordeal: Ordeal) -> None:
    found = {address: ordeal.feeds[address]["error_class"] or "ok" for address in ordeal.wanted}
    wrong = {
        address: (outcome, set(ordeal.wanted[address]))
        for address, outcome in found.items()
        if outcome not in ordeal.wanted[address]
    }

    assert wrong == {}


def test_a_forbidden_address_is_no_feed_or_is_refused(ordeal: Ordeal) -> None:
    kept = [ordeal.feeds[address] for address in ordeal.direct if address in ordeal.feeds]

    assert kept
    assert {row["error_class"] for row in kept} <= {"refused", "dns"}
    assert ordeal.log.count("feed left out") == len(set(ordeal.direct) - set(ordeal.feeds))


def test_every_failure_is_one_clear_line(ordeal: Ordeal) -> None:
    for row in ordeal.feeds.values():
        if row["error_class"]:
            assert row["error"]
            assert row["error"].isprintable(), row
            assert "Traceback" not in row["error"]
            assert len(row["error"]) < 1000, row["error"]


def test_what_is_readable_is_read(ordeal: Ordeal) -> None:
    read: dict[str, set[str]] = {}
    for entry in ordeal.entries:
        read.setdefault(entry["feed"], set()).add(entry["title"])
    missing = {
        address: [title for title in titles if title not in read.get(ordeal.feeds[address]["id"], set())]
        for address, titles in ordeal.titles.items()
    }

    assert {address: titles for address, titles in missing.items() if titles} == {}


def test_healthy_feeds_lose_no_entry_and_no_interval(ordeal: Ordeal) -> None:
    for address, titles in ordeal.good.items():
        feed = ordeal.feeds[address]["id"]
        assert titles - {entry["title"] for entry in ordeal.entries if entry["feed"] == feed} == set()
        assert ordeal.feeds[address]["error_class"] is None
    assert ordeal.watch.latest_s < patient(3 * _INTERVAL_S)  # a busy machine may be late; a stuck one never polls


def test_the_service_stays_responsive_and_small(ordeal: Ordeal) -> None:
    assert ordeal.watch.statuses == {200}
    assert ordeal.watch.probes > 20
    assert ordeal.watch.slowest_health_s < _HEALTH_LIMIT_S
    assert ordeal.watch.peak_bytes < _MEMORY_LIMIT_BYTES


def test_nothing_is_asked_of_a_forbidden_address(ordeal: Ordeal) -> None:
    assert ordeal.canary_hits == []


def test_no_output_holds_anything_unsafe(ordeal: Ordeal) -> None:
    for path, body in ordeal.outputs.items():
        text = body.decode("utf-8")
        hidden = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]", text)
        assert hidden is None, (path, hidden)
        if path.endswith((".rss", ".atom")):
            for node in ET.fromstring(body).iter():
                name = node.tag.rpartition("}")[2]
                if name in {"description", "content", "summary"}:
                    assert _unsafe(node.text or "") == [], path
                links = [node.text or ""] if name in {"link", "guid"} else []
                for link in [*links, node.get("href", ""), node.get("url", ""), node.get("src", "")]:
                    assert re.match(r"(https?://|tag:|/|\s*$)", link), (path, link)
        elif path.endswith(".json"):
            assert _unsafe(text) == [] or "content_html" in text
        elif body.lstrip().startswith(b"<!"):
            assert _unsafe(text, own_page=True) == [], path


def test_json_feed_items_are_safe_html(ordeal: Ordeal) -> None:
    import json

    items = json.loads(ordeal.outputs[f"/feeds/{STORY}.json"])["items"]
    assert items
    for each in items:
        assert _unsafe(each["content_html"]) == []
        assert all(each[name].startswith(("http://", "https://")) for name in ("url", "external_url") if name in each)


def test_the_log_has_no_traceback(ordeal: Ordeal) -> None:
    assert "Traceback" not in ordeal.log
    assert "secret" not in ordeal.log


def _unsafe(markup: str, *, own_page: bool = False) -> list[str]:
    """Return what a browser would run, load or submit, by the judgement of another parser than ours."""
    return list(_dangers(html5lib.parse(markup, namespaceHTMLElements=False), own_page=own_page))


_RUNNING = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "base",
    "meta",
    "link",
    "svg",
    "math",
    "video",
    "audio",
    "img",
    "template",
}
_OF_OUR_PAGES = {"script", "style", "link", "meta", "svg", "form"}


def _is_our_icon(node: ET.Element) -> bool:
    return node.tag == "link" and node.get("rel") == "icon" and node.get("href", "").startswith("data:image/svg+xml,")


def _dangers(tree: ET.Element, *, own_page: bool) -> Iterator[str]:
    for node in tree.iter():
        name = node.tag.rpartition("}")[2]
        if own_page and _is_our_icon(node):
            continue
        if name in _RUNNING and not (own_page and name in _OF_OUR_PAGES):
            yield f"<{name}>"
        for attribute, value in node.attrib.items():
            if attribute.startswith("on") or attribute in {"srcdoc", "background", "style"}:
                yield f"{attribute}={value}"
            if attribute in {"href", "src", "action", "poster", "data", "xlink:href"}:
                plain = re.sub(r"[\x00-\x20]", "", value).lower()
                if not re.match(r"(https?://|/(?!/)|#|\?|$)", plain) or CANARY_HOST in plain:
                    yield f"{attribute}={value}"
        if own_page and name == "script" and (node.text or "").strip() and "alert" in (node.text or ""):
            yield f"script: {node.text}"
