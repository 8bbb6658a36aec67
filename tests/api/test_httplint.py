"""Every GET as an HTTP linter sees it: nothing bad, nothing to warn of, whatever a client asks for."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from api.api_builders import Answer, Site, a_report, a_site, every_path, publish
from builders import NOON, an_opinion
from httplint import HttpRequestLinter, HttpResponseLinter
from httplint.note import levels

from service.api.operations import OPERATIONS
from service.core.webhooks import Webhook
from service.pushing import WebhookReceivers

if TYPE_CHECKING:
    from collections.abc import Mapping

ADMIN = "s3same"
HUB = "https://hub.example/"


def faults(path: str, answer: Answer, sent: Mapping[str, str]) -> list[str]:
    """Return what the linter finds bad or worth a warning."""
    request = HttpRequestLinter()
    request.process_request_topline(b"GET", f"https://aftermath.example{path}".encode(), b"1.1")
    request.process_headers([(name.encode(), value.encode()) for name, value in sent.items()])
    request.finish_content(complete=True)
    linter = HttpResponseLinter(start_time=time.time())
    linter.request = request
    linter.process_response_topline(b"HTTP/1.1", str(answer.status).encode(), b"")
    linter.process_headers([(name.encode(), value.encode()) for name, value in answer.headers.items()])
    linter.feed_content(answer.body)
    linter.finish_content(complete=True)
    return [
        f"{path} {dict(sent)} → {answer.status}: {note.summary}"
        for note in linter.notes
        if note.level in {levels.BAD, levels.WARN}
    ]


async def paths(site: Site) -> list[str]:
    hook = Webhook(id="w-1", url="https://x/", story="harbour", secret="s", position=0, created_at=NOON)
    await site.store.subscribers.add_webhook(hook)
    more = ["/healthz", "/readyz", "/metrics", "/feeds/harbour/archive/1.rss", "/v1/tokens", "/v1/webhooks"]
    more += ["/v1/webhooks/w-1", "/v1/webhooks/w-1/deliveries", "/static/live.js", "/deltas/none"]
    await site.store.opinions.save(an_opinion(delta="d-1"))
    more += ["/v1/deltas/d-1/opinion", "/v1/deltas/none/opinion"]
    named = [each.path.replace("{story}", "harbour") for each in OPERATIONS if each.method == "GET"]
    more += [path for path in named if "{" not in path and "stream" not in path]
    return list(dict.fromkeys([*await every_path(site), *more]))


async def test_the_linter_finds_nothing() -> None:
    found: list[str] = []
    config = {"admin_token": ADMIN, "hub": HUB}
    reports = [a_report(number) for number in range(55)]
    async with a_site(reports, config=config, receivers=WebhookReceivers([])) as site:
        asked = await paths(site)
        patterns = [re.compile(re.sub(r"{\w+}", "[^/]+", each.path)) for each in OPERATIONS if each.method == "GET"]
        plain = {path.partition("?")[0] for path in asked}
        left = [each.pattern for each in patterns if not any(each.fullmatch(path) for path in plain)]
        assert [path for path in left if "stream" not in path and "feeds/[^/]+" not in path] == []
        for path in asked:
            headers = {"Authorization": f"Bearer {ADMIN}"} if "tokens" in path or "webhooks" in path else {}
            first = await site.get(path, **headers)
            found += faults(path, first, headers)
            for more in (
                {"Accept_Encoding": "br"},
                {"Accept_Encoding": "zstd, gzip"},
                {"If_None_Match": first.headers.get("ETag", '"x"')},
                {"Accept": "text/html"},
            ):
                sent = {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}
                found += faults(path, await site.get(path, **headers, **more), sent)
        etag = (await site.get("/feeds/harbour.atom")).headers["ETag"]
        await publish(site.store, [a_report(99)])
        part = await site.get("/feeds/harbour.atom", A_IM="feed", If_None_Match=etag)
        assert part.status == 226
        found += faults("/feeds/harbour.atom", part, {"A-IM": "feed", "If-None-Match": etag})
    assert sorted(set(found)) == []
