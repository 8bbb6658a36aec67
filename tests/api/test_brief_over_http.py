"""The catch-up brief over HTTP: it maps to the deltas that the cursor API reads on from the same cursor."""

from __future__ import annotations

from api.api_builders import Answer, a_change, a_report, a_site, assert_problem
from builders import STORY

from service.core.model import DeltaType

PATH = f"/v1/stories/{STORY}/brief"
REPORTS = [a_report(number, type=DeltaType.NEW_DEVELOPMENT, changes=()) for number in range(5)]


def _lines(answer: Answer) -> set[str]:
    return {each["line"] for thread in answer.json()["threads"] for each in thread["changed"]}


async def test_the_brief_says_what_the_deltas_say() -> None:
    async with a_site(REPORTS) as site:
        brief = await site.get(PATH)
        deltas = (await site.get(f"/v1/stories/{STORY}/deltas")).json()["items"]
        assert brief.status == 200
        assert brief.json()["deltas"] == 5
        assert _lines(brief) == {delta["line"] for delta in deltas}
        assert [thread["question"] for thread in brief.json()["threads"]] == [
            "Will the navy keep its harbours?",
            "Where do the crews go?",
        ]


async def test_reading_on_brings_only_what_is_new() -> None:
    async with a_site(REPORTS) as site:
        page = (await site.get(f"/v1/stories/{STORY}/deltas?limit=3")).json()
        rest = await site.get(f"{PATH}?after={page['next_cursor']}")
        assert rest.json()["deltas"] == 2
        assert not rest.json()["has_more"]
        assert _lines(rest).isdisjoint(delta["line"] for delta in page["items"])
        done = (await site.get(f"{PATH}?after={rest.json()['next_cursor']}")).json()
        assert (done["deltas"], done["has_more"]) == (0, False)
        assert all(thread["changed"] == thread["contested"] == [] for thread in done["threads"])


async def test_a_long_absence_is_read_in_stretches() -> None:
    async with a_site(REPORTS) as site:
        first = (await site.get(f"{PATH}?limit=4")).json()
        assert (first["deltas"], first["has_more"]) == (4, True)
        second = (await site.get(f"{PATH}?limit=4&after={first['next_cursor']}")).json()
        assert (second["deltas"], second["has_more"]) == (1, False)


async def test_what_is_contested_names_both_sides() -> None:
    async with a_site([a_report(0, type=DeltaType.CONTRADICTION, changes=(a_change(),))]) as site:
        [contest] = (await site.get(PATH)).json()["threads"][0]["contested"]
        assert (contest["change"]["before"], contest["change"]["after"]) == (
            "The crews stay aboard.",
            "The crews have gone home.",
        )


async def test_bad_cursors_and_stories_are_refused() -> None:
    async with a_site(REPORTS) as site:
        assert_problem(await site.get(f"{PATH}?after=nonsense"), 400, "bad_parameter")
        assert_problem(await site.get("/v1/stories/none/brief"), 404, "not_found")


async def test_the_same_ledger_gives_the_same_bytes() -> None:
    async with a_site(REPORTS) as site:
        first, second = await site.get(PATH), await site.get(PATH)
        assert first.body == second.body
        assert (await site.get(PATH, If_None_Match=first.headers["ETag"])).status == 304
