"""The cursor API over HTTP: every delta once, in order, under any filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from api.api_builders import Site, a_report, a_site, a_story, publish
from builders import NOON, a_poll

from service.api.cursors import Scope
from service.api.wire import DeltaOut, EventOut
from service.core.model import Fact, Match, Reason

if TYPE_CHECKING:
    from service.core.model import Entry, Story

DELTAS = "/v1/stories/harbour/deltas"


async def read_all(site: Site, query: str, start: str | None = None) -> list[dict[str, Any]]:
    """Read page after page until there is no more."""
    items: list[dict[str, Any]] = []
    cursor = start
    while True:
        after = f"&after={cursor}" if cursor else ""
        page = (await site.get(f"{DELTAS}?{query}{after}")).json()
        items += page["items"]
        assert page["next_cursor"]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return items


@pytest.mark.parametrize("limit", [1, 7, 100])
async def test_reading_visits_every_delta_once_in_order(limit: int) -> None:
    async with a_site([a_report(number) for number in range(23)]) as site:
        items = await read_all(site, f"limit={limit}")
        assert [item["seq"] for item in items] == sorted({item["seq"] for item in items})
        assert len({item["id"] for item in items}) == 23


async def test_reading_on_brings_what_came_since() -> None:
    async with a_site([a_report(number) for number in range(3)]) as site:
        page = (await site.get(DELTAS)).json()
        assert (await site.get(f"{DELTAS}?after={page['next_cursor']}")).json()["items"] == []
        await publish(site.store, [a_report(3)])
        after = (await site.get(f"{DELTAS}?after={page['next_cursor']}")).json()
        assert [item["headline"][-1] for item in after["items"]] == ["3"]


async def test_after_now_starts_at_the_newest_position() -> None:
    async with a_site([a_report(0)]) as site:
        page = (await site.get(f"{DELTAS}?after=now")).json()
        assert page["items"] == []
        assert page["has_more"] is False
        await publish(site.store, [a_report(1)])
        assert len((await site.get(f"{DELTAS}?after={page['next_cursor']}")).json()["items"]) == 1


async def test_an_empty_cursor_is_none() -> None:
    async with a_site([a_report(0)]) as site:
        assert len((await site.get(f"{DELTAS}?after=")).json()["items"]) == 1


async def test_newest_first_pages_backwards() -> None:
    async with a_site([a_report(number) for number in range(9)]) as site:
        items = await read_all(site, "order=desc&limit=4")
        seqs = [item["seq"] for item in items]
        assert seqs == sorted(seqs, reverse=True)
        assert len(seqs) == 9


async def test_a_cursor_of_one_order_does_not_fit_the_other() -> None:
    async with a_site([a_report(number) for number in range(3)]) as site:
        up = (await site.get(DELTAS + "?limit=1")).json()["next_cursor"]
        down = (await site.get(DELTAS + "?limit=1&order=desc")).json()["next_cursor"]
        assert (await site.get(f"{DELTAS}?order=desc&after={up}")).status == 400
        assert (await site.get(f"{DELTAS}?after={down}")).status == 400
        assert (await site.get(f"{DELTAS}?order=desc&after=now")).status == 400


@pytest.mark.parametrize(
    "query", ["thread=crews", "type=correction", "lang=ar", "min_score=0.75", "thread=crews&lang=en", "entity=navy"]
)
async def test_filters_choose_and_still_read_to_the_end(query: str) -> None:
    async with a_site([a_report(number) for number in range(24)]) as site:
        wanted = dict(pair.split("=") for pair in query.split("&"))

        def fits(item: dict[str, Any]) -> bool:
            return (
                wanted.get("thread", item["threads"][0]) in item["threads"]
                and item["type"] == wanted.get("type", item["type"])
                and item["lang"] == wanted.get("lang", item["lang"])
                and item["score"] >= float(wanted.get("min_score", 0))
                and ("entity" not in wanted or wanted["entity"] in {each["id"] for each in item["entities"]})
            )

        everything = await read_all(site, "limit=500")
        chosen = await read_all(site, f"{query}&limit=2")
        assert [item["id"] for item in chosen] == [item["id"] for item in everything if fits(item)]


async def test_the_case_of_a_language_tag_chooses_nothing_else() -> None:
    async with a_site([a_report(number) for number in range(8)]) as site:
        small, capital = [await site.get(f"{DELTAS}?lang={tag}&limit=1") for tag in ("ar", "AR")]
        assert capital.body == small.body
        assert small.json()["items"]
        cursor = small.json()["next_cursor"]
        assert (await site.get(f"{DELTAS}?lang=AR&after={cursor}")).status == 200, "a cursor is bound to the language"
        feeds = [(await site.get(f"/feeds/harbour.rss?lang={tag}")).body for tag in ("ar", "AR")]
        assert feeds[0] == feeds[1], "one feed, with one address for itself"


async def test_a_cursor_is_bound_to_its_filters_and_story() -> None:
    async with a_site([a_report(0)], stories=[a_story(), a_story(id="other")]) as site:
        cursor = (await site.get(f"{DELTAS}?lang=ar")).json()["next_cursor"]
        for path in (DELTAS, f"{DELTAS}?lang=ru", "/v1/stories/other/deltas?lang=ar"):
            joint = "&" if "?" in path else "?"
            answer = await site.get(f"{path}{joint}after={cursor}")
            assert answer.status == 400
            assert answer.json()["type"].endswith("#problem-cursor_invalid")
        assert (await site.get(f"{DELTAS}?lang=ar&limit=3&after={cursor}")).status == 200


async def test_a_cursor_from_before_a_restore_is_gone() -> None:
    async with a_site([a_report(0)]) as site:
        state = await site.store.ledger_state("harbour")
        old = Scope(listing="deltas", story="harbour", epoch="another").encode(1)
        ahead = Scope(listing="deltas", story="harbour", epoch=state.epoch).encode(state.seq + 5)
        for cursor in (old, ahead):
            answer = await site.get(f"{DELTAS}?after={cursor}")
            assert answer.status == 410
            oldest = answer.json()["oldest_cursor"]
            assert len((await site.get(f"{DELTAS}?after={oldest}")).json()["items"]) == 1


async def test_the_next_page_is_linked_with_its_filters() -> None:
    async with a_site([a_report(number) for number in range(3)]) as site:
        answer = await site.get(f"{DELTAS}?limit=1&min_score=0.5")
        link = answer.headers["Link"]
        assert link.startswith("<https://aftermath.example/v1/stories/harbour/deltas?limit=1&min_score=0.5&after=")
        assert 'rel="next"' in link


async def test_a_delta_has_exactly_the_fields_of_the_contract() -> None:
    async with a_site([a_report(0)]) as site:
        item = (await site.get(DELTAS)).json()["items"][0]
        assert list(item) == [
            *("id", "seq", "story", "threads", "type", "line", "headline", "url", "outlet", "feed", "pole", "lang"),
            *("published_at", "first_seen_at", "created_at", "score", "novelty", "reason", "added", "changes", "event"),
            *("entities", "development", "origin", "entry", "supersedes", "by", "rules_version"),
        ]
        assert list(item["event"]) == list(EventOut.model_fields)
        assert item["created_at"] == "2025-02-01T12:01:00Z"
        one = await site.get(f"/v1/deltas/{item['id']}")
        assert DeltaOut.model_validate(one.json()) == DeltaOut.model_validate(item)


async def test_facts_are_the_baseline_and_what_deltas_brought_as_known_then() -> None:
    async with a_site() as site:
        entry, comparison = a_report(0)
        later = Fact(
            id="harbour-held",
            thread="bases",
            statement="It left.",
            attribution=site.stories["harbour"].facts[0].attribution,
            as_of=NOON,
            delta="d-1",
        )
        await publish(site.store, [(entry, replace(comparison, facts=(later,)))])
        path = "/v1/stories/harbour/facts"
        assert [fact["baseline"] for fact in (await site.get(path)).json()["items"]] == [True, True, False]
        assert len((await site.get(f"{path}?as_of=2025-01-31")).json()["items"]) == 2
        assert len((await site.get(f"{path}?as_of=2025-02-01")).json()["items"]) == 3
        assert len((await site.get(f"{path}?as_of=2025-02-01T11:00:00Z")).json()["items"]) == 2
        assert (await site.get(f"{path}?as_of=soon")).status == 400


async def test_decisions_page_and_filter() -> None:
    async with a_site([a_report(number) for number in range(5)]) as site:
        path = "/v1/stories/harbour/decisions"
        first = (await site.get(f"{path}?limit=3")).json()
        rest = (await site.get(f"{path}?limit=3&after={first['next_cursor']}")).json()
        assert [len(first["items"]), len(rest["items"])] == [3, 2]
        assert first["items"][0]["reasons"][0]["feature"] == "entity:core"
        assert (await site.get(f"{path}?outcome=rejected")).json()["items"] == []
        now = (await site.get(f"{path}?after=now")).json()
        assert now["items"] == []
        await publish(site.store, [a_report(5)])
        assert len((await site.get(f"{path}?after={now['next_cursor']}")).json()["items"]) == 1


async def test_developments_name_their_deltas_and_page_without_loss() -> None:
    async with a_site([a_report(number) for number in range(7)]) as site:
        path = "/v1/stories/harbour/developments"
        first = (await site.get(f"{path}?limit=4")).json()
        rest = (await site.get(f"{path}?limit=4&after={first['next_cursor']}")).json()
        ids = [item["id"] for item in first["items"] + rest["items"]]
        assert len(set(ids)) == 7
        assert all(len(item["deltas"]) == 1 for item in first["items"])
        assert first["items"][0]["independent_origins"] == 1


async def test_no_developments_have_a_cursor_all_the_same_and_it_finds_those_to_come() -> None:
    async with a_site() as site:
        path = "/v1/stories/harbour/developments"
        cursor = (await site.get(path)).json()["next_cursor"]
        assert (await site.get(f"{path}?after={cursor}")).json() == {
            "items": [],
            "next_cursor": cursor,
            "has_more": False,
        }
        await publish(site.store, [a_report(0)])
        assert len((await site.get(f"{path}?after={cursor}")).json()["items"]) == 1


async def test_developments_reported_at_once_stay_on_one_page() -> None:
    reports = []
    for number in range(5):
        entry, comparison = a_report(number)
        assert comparison.development is not None
        reports.append((entry, replace(comparison, development=replace(comparison.development, last_at=NOON))))
    async with a_site(reports) as site:
        page = (await site.get("/v1/stories/harbour/developments?limit=2")).json()
        assert len(page["items"]) == 5


async def test_entries_are_found_by_their_words() -> None:
    async with a_site([a_report(number) for number in range(4)]) as site:
        found = (await site.get("/v1/entries?q=%D0%A4%D0%BB%D0%BE%D1%82")).json()
        assert [item["lang"] for item in found["items"]] == ["ru"]
        entry = found["items"][0]["id"]
        assert (await site.get(f"/v1/entries/{entry}")).json()["title"].startswith("Флот")
        assert len((await site.get(f"/v1/entries/{entry}/revisions")).json()["items"]) == 1
        decision = (await site.get(f"/v1/entries/{entry}/decision")).json()
        assert decision["outcome"] == "delta"
        assert decision["stored"] is True
        cursor = (await site.get("/v1/entries?limit=1")).json()["next_cursor"]
        assert len((await site.get(f"/v1/entries?after={cursor}")).json()["items"]) == 3


async def test_an_entry_without_a_stored_decision_is_explained() -> None:
    async def explain(story: Story, entry: Entry) -> Match:
        assert entry.title
        return Match(
            story=story.id, relevant=False, score=0.1, threads=(), reasons=(Reason(feature="no mention", weight=-2),)
        )

    entry, _ = a_report(0)
    for judge, features in ((None, []), (explain, ["no mention"])):
        async with a_site(explain=judge) as site:
            await site.store.save_poll(a_poll(entry))
            decision = (await site.get(f"/v1/entries/{entry.id}/decision")).json()
            assert decision["relevant"] is False
            assert decision["outcome"] == "rejected"
            assert decision["stored"] is False
            assert [reason["feature"] for reason in decision["reasons"]] == features
