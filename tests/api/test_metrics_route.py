"""What Prometheus reads, and who asks when a proxy stands in front."""

from __future__ import annotations

import ipaddress
import logging
from typing import TYPE_CHECKING

import pytest
from api.api_builders import PATHS, a_report, a_site
from builders import NOON, a_feed, a_poll
from prometheus_client.parser import text_string_to_metric_families

from service.api.clients import client_address
from service.api.metrics import Metrics
from service.core.errors import ParseError, StorageError
from service.core.model import FailureKind, Fetched, FetchFailure, FetchOutcome, NotModified
from service.core.webhooks import Webhook
from service.polling.measured import MeasuredFetcher

if TYPE_CHECKING:
    from api.api_builders import Site

    from service.core.model import Feed, ParsedFeed

REPORTS = [a_report(number) for number in range(9)]
OURS = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")]
Samples = dict[tuple[str, tuple[str, ...]], float]


async def samples(site: Site) -> Samples:
    """Return (name, sorted label values) → value."""
    answer = await site.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    return {
        (each.name, tuple(sorted(each.labels.values()))): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


async def test_the_ledgers_feeds_and_webhooks_are_counted() -> None:
    async with a_site(REPORTS) as site:
        await site.store.save_poll(a_poll(feed=a_feed(url="https://b.example/", failures=2), entries=()))
        hook = Webhook(id="w-1", url="https://x/", story="harbour", secret="s", position=0, created_at=NOON)
        await site.store.subscribers.add_webhook(hook)
        found = await samples(site)
        assert found["aftermath_store_up", ()] == 1
        assert found["aftermath_ledger_rows", ("entries",)] == 9
        assert found["aftermath_ledger_rows", ("deltas",)] == 9
        assert sum(value for (name, _), value in found.items() if name == "aftermath_deltas") == 9
        assert found["aftermath_deltas", ("harbour", "retraction")] == 2
        assert found["aftermath_feeds", ("active",)] == 2
        assert found["aftermath_feeds_failing", ()] == 1
        assert found["aftermath_webhooks", ("active",)] == 1


async def test_requests_are_counted_by_route_and_not_by_address() -> None:
    async with a_site(REPORTS, config={"public_base_url": "https://x.example/news"}) as site:
        for path in ("/feeds/harbour.rss", "/news/feeds/harbour.rss?lang=ar", "/v1/stories/none", "/nothing/at/all"):
            await site.get(path)
        await site.ask("PROPFIND", "/feeds/harbour.rss")
        found = await samples(site)
        name = "aftermath_http_request_duration_seconds_count"
        assert found[name, ("/feeds/{story}.rss", "200", "GET")] == 2
        assert found[name, ("/v1/stories/{story}", "404", "GET")] == 1
        assert found[name, ("404", "GET", "none")] == 1
        assert found[name, ("405", "none", "other")] == 1


async def test_no_label_holds_an_address_or_an_id() -> None:
    async with a_site(REPORTS) as site:
        await site.store.save_poll(a_poll(feed=a_feed(failures=1, error="https://news.example/ is down"), entries=()))
        for path in PATHS:
            await site.get(path)
        found = await samples(site)
        labels = {label for _, values in found for label in values}
        assert not any("example" in label or label.startswith(("d-", "e-", "f-", "w-")) for label in labels)
        assert len(labels) < 120


async def test_a_store_that_does_not_answer_is_told_and_not_an_error() -> None:
    async with a_site(REPORTS) as site:
        await site.store.close()
        with pytest.raises(StorageError):
            await site.store.check()
        found = await samples(site)
        assert found["aftermath_store_up", ()] == 0


async def test_metrics_are_private_where_reading_is() -> None:
    async with a_site(config={"read_token": "sesame"}) as site:
        assert (await site.get("/metrics")).status == 401
        assert (await site.get("/metrics", Authorization="Bearer sesame")).status == 200


class Scripted:
    """A fetcher that answers as told."""

    def __init__(self, *outcomes: FetchOutcome) -> None:
        self.outcomes = list(outcomes)

    async def fetch(self, feed: Feed) -> FetchOutcome:  # noqa: ARG002 (a Fetcher is given it)
        return self.outcomes.pop(0)

    async def parse(self, fetched: Fetched, feed: Feed) -> ParsedFeed:  # noqa: ARG002
        raise ParseError("not a feed")


async def test_polls_pushes_and_jobs_are_counted_by_outcome() -> None:
    metrics = Metrics()
    fetched = Fetched(url="u", body=b"", headers={}, etag=None, last_modified=None)
    unchanged = NotModified(headers={}, etag=None, last_modified=None)
    failure = FetchFailure(kind=FailureKind.DNS, message="no such name")
    fetcher = MeasuredFetcher(
        Scripted(fetched, unchanged, failure, failure), polled=metrics.polled, not_parsed=metrics.not_parsed
    )
    for _ in range(4):
        await fetcher.fetch(a_feed())
    with pytest.raises(ParseError):
        await fetcher.parse(fetched, a_feed())
    metrics.told("webhook", "delivered")
    metrics.watch_queue(lambda: 7)
    metrics.watch_items(lambda: {"parsed": 3, "remembered": 27})
    async with a_site(metrics=metrics) as site:
        await samples(site)
        found = await samples(site)  # asking twice counts nothing twice
    counts = {
        labels[0]: value for (name, labels), value in found.items() if name == "aftermath_poll_duration_seconds_count"
    }
    assert counts == {"fetched": 1, "not_modified": 1, "dns": 2}
    assert found["aftermath_parse_failures_total", ("parse_error",)] == 1
    assert found["aftermath_push_attempts_total", ("delivered", "webhook")] == 1
    assert found["aftermath_queue_jobs", ()] == 7
    assert found["aftermath_parse_items_total", ("parsed",)] == 3
    assert found["aftermath_parse_items_total", ("remembered",)] == 27


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["garbage"], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, garbage, 10.2.2.2"], "10.2.2.2"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["[2001:db8::1]"], "2001:db8::1"),
        ("fd00::1", ["198.51.100.1"], "198.51.100.1"),
        (None, ["198.51.100.1"], "unknown"),
    ],
)
def test_only_our_proxies_say_who_asks(peer: str | None, forwarded: list[str], client: str) -> None:
    assert client_address(peer, forwarded, OURS) == client


async def test_the_access_log_has_facts_and_no_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="service.access")
    loopback = (ipaddress.ip_network("127.0.0.0/8"),)
    headers = {"X_Forwarded_For": "198.51.100.7", "X_Forwarded_Proto": "https"}
    for trusted, client, scheme in ((loopback, "198.51.100.7", "https"), ((), "127.0.0.1", "http")):
        caplog.clear()
        async with a_site(config={"access_log": True, "trusted_proxies": trusted}) as site:
            await site.get("/v1/stories?token=sesame", **headers)
        record = caplog.records[0].__dict__
        assert (record["client"], record["scheme"], record["path"], record["status"]) == (
            client,
            scheme,
            "/v1/stories",
            200,
        )
        assert "sesame" not in str(record)
    caplog.clear()
    async with a_site() as site:
        await site.get("/v1/stories")
    assert caplog.records == []
