"""The pages: whole without a script, without another host, and honest when there is nothing yet."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

from api.api_builders import a_change, a_report, a_site, a_story
from builders import NOON, a_feed
from hypothesis import given
from hypothesis import strategies as st

from service.api.languages import language_name
from service.api.pages.health_view import feeds_view
from service.api.pages.marks import Mark, stretches
from service.api.pages.sparkline import Axis, sparkline
from service.core.model import Change, DeltaType, FeedSpec, FeedState, Mention, PollWrite, Reason, Span


class Reader(HTMLParser):
    """Collects what a browser would load or follow by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.alternates: list[tuple[str, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        assert not any(name.startswith("on") for name in values), "no inline handlers"
        assert "style" not in values, "no inline style: the CSP forbids it"
        if tag == "script":
            assert values.get("src")
        if "src" in values:
            self.loads.append(values["src"])
        if tag == "link" and values.get("rel") == "alternate":
            self.alternates.append((values["type"], values["href"]))
        elif tag == "link" and values.get("rel") != "canonical":
            self.loads.append(values["href"])


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


async def test_the_story_page_can_be_subscribed_to_and_loads_nothing_from_elsewhere() -> None:
    async with a_site([a_report(number) for number in range(30)]) as site:
        answer = await site.get("/")
        assert len(answer.body) < 150_000
        reader = read(answer.text)
        base = "https://aftermath.example/feeds/harbour"
        assert reader.alternates[:3] == [
            ("application/rss+xml", f"{base}.rss"),
            ("application/atom+xml", f"{base}.atom"),
            ("application/feed+json", f"{base}.json"),
        ]
        assert ("application/atom+xml", f"{base}/crews.atom") in reader.alternates
        assert all(load.startswith(("/static/", "data:")) for load in reader.loads)
        assert 'rel="alternate"' in answer.headers["Link"]


async def test_a_change_is_shown_with_both_sides_or_its_reason_and_a_fact_with_who_reported_it() -> None:
    entry, comparison = a_report(2)
    assert comparison.delta is not None
    told = replace(comparison.delta, changes=(a_change(),), threads=("crews",))
    assert comparison.development is not None
    heard = replace(comparison.development, reports=4, outlets=("A", "B", "C"), origins=("a", "b"))
    plain_entry, plain = a_report(4, reason="First report of a new development.", changes=())
    reports = [(entry, replace(comparison, delta=told, development=heard)), (plain_entry, plain)]
    async with a_site(reports, stories=[a_story(title="الأسد في موسكو", outlet="صحيفة")]) as site:
        text = (await site.get("/stories/harbour")).text
    newest, _, _ = text.partition('id="timeline"')[0].partition('id="latest"')[2].partition("</section>")
    assert '<p class="meta">First report of a new development.</p>' in newest
    before_details = newest.partition('<dl class="sides">')[0].count("<details>")
    assert before_details == 1, "both sides stand outside what is folded away"
    facts = text.partition('id="changed"')[2].partition("</section>")[0]
    assert "4 reports · 3 outlets · 2 independent origins" in facts
    assert '<h1 dir="auto">الأسد في موسكو</h1>' in text
    assert "<bdi>صحيفة</bdi>, <time" in text
    assert 'href="/stories/harbour?lang=' in text.partition('id="coverage"')[2]


async def test_a_denial_is_not_counted_with_those_who_reported_what_it_denies() -> None:
    entry, comparison = a_report(2)
    assert comparison.delta is not None
    assert comparison.development is not None
    denied = Change(fact=comparison.delta.development, before="Ships left.", after="Denied.", stance="contradicts")
    delta = replace(comparison.delta, changes=(denied,), threads=("crews",))
    heard = replace(comparison.development, reports=3, outlets=("A", "B", "C"), origins=("a", "b", "c"))
    async with a_site([(entry, replace(comparison, delta=delta, development=heard))]) as site:
        text = (await site.get("/stories/harbour")).text
    facts = text.partition('id="changed"')[2].partition("</section>")[0]
    assert "Denied." in facts
    assert "3 reports" not in facts
    assert "3 reports" in text.partition('id="timeline"')[2], "the happening is counted where it stands"


async def test_a_withdrawn_report_is_dated_by_its_withdrawal() -> None:
    report = a_report(5, type=DeltaType.RETRACTION, revision=2, published_at=NOON, created_at=NOON + timedelta(days=5))
    async with a_site([report]) as site:
        newest = (await site.get("/stories/harbour")).text.partition('id="latest"')[2].partition("</section>")[0]
        feed = (await site.get("/feeds/harbour.rss")).text
    assert "1 Feb 2025, 12:00 UTC</time> · this version seen <time" in newest
    assert "published 1 Feb 2025, 12:00 UTC · this version seen 6 Feb 2025, 12:00 UTC" in feed


async def test_the_story_page_shows_where_each_thread_stands_and_what_changed() -> None:
    entry, comparison = a_report(2)
    assert comparison.delta is not None
    delta = replace(comparison.delta, changes=(a_change(),), lang="ar", threads=("bases",))
    async with a_site([(entry, replace(comparison, delta=delta))]) as site:
        text = (await site.get("/stories/harbour")).text
        assert "Will the navy keep its harbours?" in text
        assert delta.line in text
        assert "The crews have gone home." in text
        assert "the admiral</bdi>, on record" in text
        assert 'lang="ar" dir="auto"' in text
        assert "The navy is there." in text, "the other thread shows its baseline"
        assert '<p class="stands">The crews have gone home.</p>' in text, "the question is answered by what stands now"
        assert '<span class="label">was</span> <span>The crews stay aboard.</span>' in text
        assert "<svg" in text


async def test_hostile_text_stays_text() -> None:
    entry, comparison = a_report(1, headline='<script>alert(1)</script>" onload=x', outlet="<b>Outlet</b>")
    async with a_site([(entry, comparison)]) as site:
        assert comparison.delta is not None
        for path in ("/", f"/deltas/{comparison.delta.id}"):
            text = (await site.get(path)).text
            assert "<script>alert" not in text
            assert "<b>Outlet</b>" not in text
            read(text)


async def test_filters_are_plain_links_and_choose() -> None:
    async with a_site([a_report(number) for number in range(12)]) as site:
        text = (await site.get("/?thread=crews")).text
        assert 'href="/stories/harbour?thread=crews&amp;lang=ar#reports"' in text
        assert text.count('class="delta"') == 4
        assert "No change matches" in (await site.get("/?thread=crews&lang=ru")).text
        assert (await site.get("/?thread=none", Accept="text/html")).status == 400


async def test_the_first_run_shows_the_baseline_and_the_feeds() -> None:
    async with a_site() as site:
        text = (await site.get("/")).text
        assert "Nothing published yet" in text
        assert "The navy is there." in text
        assert "No feed is polled yet" in text
        await site.store.save_poll(PollWrite(feed=a_feed(title="Harbour Times", last_success_at=NOON)))
        text = (await site.get("/")).text
        assert "<b>1</b> feed polled" in text
        assert "<b>1</b> is quiet" in text
        assert "Harbour Times" in text


async def test_the_page_tells_quiet_feeds_from_those_that_are_down() -> None:
    async with a_site([a_report(0)]) as site:
        assert "<b>1</b> has reported</a> on this story" in (await site.get("/")).text
        for name, over in (
            ("Quiet", {"last_success_at": NOON}),
            ("Down", {"failures": 2, "last_success_at": NOON, "error": "it did not answer"}),
            ("Never", {"failures": 1}),
        ):
            feed = a_feed(url=f"https://{name}.example/rss", title=name, **over)
            await site.store.sync_feeds(
                [FeedSpec(url=each.url, title=each.title) for each in (*await site.store.feeds(), feed)], NOON
            )
            await site.store.save_poll(PollWrite(feed=feed))
        text = (await site.get("/")).text
        assert "<b>1</b> is quiet" in text
        assert "<b>2</b> are down</a>: they do not answer" in text
        assert "<bdi>Down</bdi> since <time" in text
        assert "<bdi>Never</bdi> never answered" in text
        text = (await site.get("/feeds")).text
        assert text.index('id="down"') < text.index('id="reporting"') < text.index('id="quiet"')
        assert "it did not answer" in text


async def test_a_demonstration_is_marked_on_every_page() -> None:
    async with a_site([a_report(0)], config={"demo": True}) as site:
        for path in ("/", "/feeds", "/docs", "/nothing"):
            answer = await site.get(path, Accept="text/html")
            assert "Demonstration: sample feeds, invented reports" in answer.text
            assert answer.headers["Aftermath-Demonstration"]
        assert "What to look at" in (await site.get("/")).text
        refused = await site.ask("POST", "/v1/admin/reload")
        assert (refused.status, "a demonstration takes no changes" in refused.text) == (403, True)


async def test_the_permalink_marks_words_and_lists_reasons() -> None:
    entry, comparison = a_report(1)
    assert comparison.delta is not None
    mention = Mention(entity="navy", span=Span(field="title", start=0, end=4), surface="Флот")
    delta = replace(comparison.delta, entities=(mention,))
    found = replace(comparison.decision, reasons=(Reason(feature="pattern_title", weight=2.2, text="bases: Navy"),))
    async with a_site([(entry, replace(comparison, delta=delta, decision=found))]) as site:
        text = (await site.get(f"/deltas/{delta.id}")).text
        assert '<mark><span class="entity" title="The Navy">Флот</span></mark>' in text
        assert "+2.20" in text
        assert ">what a thread asks for, in the title</td>" in text, "reasons are told in words"
        assert f"/v1/deltas/{delta.id}" in text
        site.stories.clear()
        assert (await site.get(f"/deltas/{delta.id}")).status == 200, "permalinks outlive their story file"


async def test_several_stories_are_listed_and_none_is_explained() -> None:
    async with a_site(stories=[a_story(), a_story(id="other", title="Another story")]) as site:
        text = (await site.get("/")).text
        assert "Another story" in text
        assert "/stories/harbour" in text
        site.stories.clear()
        assert "No story is followed" in (await site.get("/")).text


async def test_the_script_reads_on_from_the_page() -> None:
    async with a_site([a_report(0)]) as site:
        found = re.search(r'data-stream="([^"]+)"', (await site.get("/")).text)
        assert found
        cursor = found[1].split("after=")[1]
        page = (await site.get(f"/v1/stories/harbour/deltas?after={cursor}")).json()
        assert page["items"] == []


async def test_no_page_outgrows_its_bound_with_a_thousand_changes() -> None:
    reports = [
        a_report(n, changes=(Change(fact=f"v-{n}", before="A" * 80, after="B" * 80, stance="contradicts"),))
        for n in range(1000)
    ]
    feeds = [a_feed(url=f"https://{n}.example/a/feed/of/some/length.rss", title=f"Feed {n}") for n in range(150)]
    async with a_site(reports) as site:
        await site.store.sync_feeds([FeedSpec(url=each.url, title=each.title) for each in feeds], NOON)
        for path in ("/", "/?thread=bases", "/feeds", "/docs"):
            assert len((await site.get(path)).body) < 150_000, path


def test_feeds_in_trouble_come_first_in_plain_words() -> None:
    view = feeds_view(
        [
            a_feed(url="https://a.example", title="Good", last_success_at=NOON),
            a_feed(url="https://b.example", title="New"),
            a_feed(url="https://c.example", title="Bad", failures=3, error="it did not answer"),
            a_feed(url="https://d.example", title="Gone", state=FeedState.GONE),
            a_feed(url="https://e.example", title="Off", state=FeedState.PAUSED),
        ],
        {},
    )
    assert [row.title for row in view.rows] == ["Bad", "Gone", "New", "Good", "Off"]
    assert view.rows[0].words == "down, 3 polls in a row"
    assert [row.title for row in view.quiet] == ["Good"]


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(-2, 45), st.integers(-2, 45), st.sampled_from(["quote", "entity"])), max_size=8),
)
def test_marked_text_is_still_the_text(text: str, marks: list[tuple[int, int, str]]) -> None:
    parts = stretches(text, [Mark(start=start, end=end, kind=kind, label="x") for start, end, kind in marks])
    assert "".join(part.text for part in parts) == text


def test_a_sparkline_takes_the_finest_bars_that_fit() -> None:
    end = date(2025, 3, 1)
    for days, step, bars in (
        (1, 1, 42),
        (42, 1, 42),
        (60, 1, 60),
        (61, 7, 9),
        (420, 7, 60),
        (421, 28, 16),
        (9000, 28, 60),
    ):
        axis = Axis.over(end - timedelta(days=days - 1), end)
        assert (axis.step_days, axis.bars, axis.last) == (step, bars, end)


def test_bars_stand_for_all_reports_on_the_axis() -> None:
    axis = Axis(first=date(2025, 1, 1), step_days=1, bars=5, words="a bar is a day")
    spark = sparkline({date(2025, 1, 1): 4, date(2025, 1, 3): 2, date(2024, 1, 1): 9}, axis)
    assert spark.path == "M4 28v-28M20 28v-14"
    assert (spark.total, spark.highest) == (15, 4)
    assert sparkline({date(2025, 1, 1): 4}, axis, highest=8).path == "M4 28v-14"
    assert sparkline({}, axis).path == ""


def test_languages_have_names_and_unknown_ones_their_tag() -> None:
    assert [language_name(tag) for tag in ("ar", "zh-TW", "xx")] == ["Arabic", "Chinese (TW)", "xx"]


async def test_a_page_names_who_acts_and_whom_a_delta_rests_on() -> None:
    reports = [a_report(0, origin="navy"), a_report(1, origin="example-news")]
    async with a_site(reports) as site:
        deltas = (await site.get("/v1/stories/harbour/deltas")).json()["items"]
        named, own = [(await site.get(f"/deltas/{delta['id']}")).text for delta in deltas]
        assert "rests on <bdi>The Navy</bdi>" in named
        assert "<dd>The Navy → withdraw → Northern harbour" in named
        assert "rests on" not in own
        assert (await site.get("/stories/harbour")).text.count("rests on <bdi>") == 1
