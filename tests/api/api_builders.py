"""A story, a ledger with something in it, and the real application on loopback."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession
from builders import (
    MINUTE,
    NOON,
    STORY,
    a_comparison,
    a_decision,
    a_delta,
    a_development,
    a_feed,
    a_poll,
    an_entry,
)

from service.api.server import IDLE_S, served
from service.api.site import SiteConfig, build_app
from service.core.model import (
    Attribution,
    Change,
    DeltaType,
    Entity,
    Entry,
    Fact,
    Quote,
    Role,
    Span,
    Story,
    Thread,
)
from service.storage.opening import OpenedStore
from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from service.core.model import Comparison, Delta

AS_OF = datetime(2025, 1, 20, tzinfo=UTC)

SCRIPTS = {
    "en": 'Navy leaves <b>harbour</b> & says "goodbye" ]]> &amp; 1 < 2',
    "ru": "Флот покидает гавань — «навсегда»",
    "ar": "البحرية تغادر الميناء الشمالي",
    "he": "הצי עוזב את הנמל הצפוני",
    "fa": "نیروی دریایی بندر را ترک می‌کند",
    "zh": "海军离开北部港口",
    "ja": "海軍が北の港を離れる",
    "ko": "해군, 북부 항구 떠나다",
    "hi": "नौसेना ने उत्तरी बंदरगाह छोड़ा",
    "el": "Το ναυτικό αφήνει το λιμάνι",
    "hy": "Նավատորմը լքում է նավահանգիստը",
    "th": "กองทัพเรือออกจากท่าเรือ",
}


@dataclass(slots=True)
class FakeClock:
    """A clock that moves when told."""

    at: datetime = NOON + timedelta(days=30)

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


def a_story(**over: Any) -> Story:
    values: dict[str, Any] = {
        "id": STORY,
        "title": "The navy and its harbours",
        "as_of": AS_OF,
        "headline": "How the navy came to stay",
        "outlet": "Example Post",
        "url": "https://post.example/navy",
        "published_at": AS_OF,
        "lang": "en",
        "entities": (
            Entity(id="navy", name="The Navy", type="organization", role=Role.CORE, names={"en": ("navy",)}),
            Entity(id="harbour-north", name="Northern harbour", type="facility", role=Role.CORE, names={}),
        ),
        "threads": (
            Thread(id="bases", title="The harbours", question="Will the navy keep its harbours?", belongs=()),
            Thread(id="crews", title="The crews", question="Where do the crews go?", belongs=()),
        ),
        "facts": (
            Fact(
                id="harbour-held",
                thread="bases",
                statement="The navy is there.",
                attribution=Attribution(text="two officials", origin="officials"),
                as_of=AS_OF,
            ),
            Fact(
                id="crews-stay",
                thread="crews",
                statement="The crews stay aboard.",
                attribution=Attribution(text="the admiral", origin="admiral", on_record=True),
                as_of=AS_OF,
            ),
        ),
        "digest": "digest-1",
    }
    return Story(**values | over)


def a_report(number: int, **over: Any) -> tuple[Entry, Comparison]:
    """Return the `number`th report, with the delta it makes; `over` is for the delta."""
    langs = list(SCRIPTS)
    lang = over.get("lang", langs[number % len(langs)])
    headline = over.get("headline", f"{SCRIPTS.get(lang, SCRIPTS['en'])} {number}")
    seen = NOON + number * 60 * MINUTE
    entry = an_entry(
        f"guid-{number}", title=headline, lang=lang, first_seen_at=seen, seen_at=seen, published_at=seen - MINUTE
    )
    quoted = headline[:12]
    delta = a_delta(
        **{
            "entry": entry.id,
            "threads": ("bases",) if number % 3 else ("bases", "crews"),
            "type": list(DeltaType)[number % len(DeltaType)],
            "line": f"The navy withdraws from the northern harbour (report {number})",
            "headline": headline,
            "url": entry.url,
            "lang": lang,
            "published_at": entry.published_at,
            "first_seen_at": seen,
            "created_at": seen + MINUTE,
            "score": 0.5 + (number % 5) / 10,
            "added": (Quote(quote=quoted, span=Span(field="title", start=0, end=len(quoted))),) if quoted else (),
            "entities": (),
            "development_title": headline,
        }
        | over
    )
    decision = a_decision(entry=entry.id, entry_seq=number + 1, threads=delta.threads, score=delta.score, mentions=())
    development = a_development(
        id=delta.development,
        threads=delta.threads,
        title=headline,
        lang=lang,
        line=delta.line,
        first_entry=entry.id,
        first_at=seen,
        last_at=seen,
    )
    return entry, a_comparison(delta=delta, decision=decision, development=development)


async def publish(store: OpenedStore, reports: Sequence[tuple[Entry, Comparison]]) -> list[Delta]:
    """Write entries, decisions and deltas as the steps do; return the deltas as they stand in the ledger."""
    if not reports:
        return []
    await store.save_poll(a_poll(*[entry for entry, _ in reports], feed=a_feed(failures=0, last_success_at=NOON)))
    placed = []
    for entry, comparison in reports:
        kept = await store.entry(entry.id)
        assert kept is not None
        placed.append(replace(comparison, decision=replace(comparison.decision, entry_seq=kept.seq)))
    await store.save_comparisons(placed)
    found = [await store.delta(each.delta.id) for each in placed if each.delta is not None]
    return [delta for delta in found if delta is not None]


@dataclass(slots=True)
class Site:
    """The application on loopback."""

    url: str
    store: OpenedStore
    http: ClientSession
    clock: FakeClock
    stories: dict[str, Story]

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, **headers)

    async def ask(self, method: str, path: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, self.url + path, headers=named, allow_redirects=False) as response:
            return Answer(response.status, response.headers, await response.read())


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@asynccontextmanager
async def a_site(
    reports: Sequence[tuple[Entry, Comparison]] = (),
    *,
    stories: Sequence[Story] | None = None,
    config: dict[str, Any] | None = None,
    extra_routes: Mapping[str, Any] | None = None,
    **over: Any,
) -> AsyncIterator[Site]:
    """Serve a ledger on loopback."""
    clock = FakeClock()
    store = await SqliteStore.open(":memory:", now=clock.now)
    held = {story.id: story for story in ([a_story()] if stories is None else stories)}
    await publish(store, reports)
    async with serving(store, clock, config or {}, extra_routes, stories=lambda: held, **over) as site:
        yield replace(site, stories=held)


@asynccontextmanager
async def serving(
    store: OpenedStore,
    clock: FakeClock,
    config: Mapping[str, Any],
    extra_routes: Mapping[str, Any] | None = None,
    *,
    most_connections: int = 1000,
    idle_s: float = IDLE_S,
    **parts: Any,
) -> AsyncIterator[Site]:
    """Serve a store on loopback, and close it at the end."""
    values: dict[str, Any] = {
        "public_base_url": "https://aftermath.example",
        "tag_authority": "aftermath.example",
        "version": "9.9.9",
        "stream_poll_s": 0.02,
        "heartbeat_s": 0.1,
    }
    app = build_app(store=store, config=SiteConfig(**values | dict(config)), clock=clock, **parts)
    for path, handler in (extra_routes or {}).items():
        app.router.add_get(path, handler)
    try:
        async with (
            served(
                app,
                "127.0.0.1",
                0,
                shutdown_timeout_s=1.0,
                most_connections=most_connections,
                idle_s=idle_s,
            ) as port,
            ClientSession(auto_decompress=False, headers={"Accept-Encoding": "identity"}) as http,
        ):
            yield Site(f"http://127.0.0.1:{port}", store, http, clock, {})
    finally:
        await store.close()


def a_change(fact: str = "crews-stay") -> Change:
    return Change(fact=fact, before="The crews stay aboard.", after="The crews have gone home.", stance="contradicts")


PATHS = [
    "/",
    "/stories/harbour",
    "/feeds",
    "/feeds/harbour.rss",
    "/feeds/harbour.atom",
    "/feeds/harbour.json",
    "/feeds/harbour/bases.rss",
    "/feeds/harbour/bases.atom",
    "/feeds/harbour/bases.json?lang=ar",
    "/feeds.opml",
    "/sources.opml",
    "/v1/stories",
    "/v1/stories/harbour",
    "/v1/stories/harbour/facts",
    "/v1/stories/harbour/coverage",
    "/v1/stories/harbour/deltas",
    "/v1/stories/harbour/decisions",
    "/v1/stories/harbour/developments",
    "/v1/entries?q=navy",
    "/v1/feeds",
    "/openapi.json",
    "/docs",
    "/schemas/delta.json",
    "/static/style.css",
]


async def every_path(site: Site) -> list[str]:
    delta = (await site.get("/v1/stories/harbour/deltas?limit=1")).json()["items"][0]
    entry = f"/v1/entries/{delta['entry']}"
    return [
        *PATHS,
        f"/deltas/{delta['id']}",
        f"/v1/deltas/{delta['id']}",
        entry,
        entry + "/revisions",
        entry + "/decision",
    ]


def assert_problem(answer: Answer, status: int, code: str) -> dict[str, Any]:
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["type"] == f"https://aftermath.example/docs#problem-{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"].startswith("urn:uuid:")
    return problem
