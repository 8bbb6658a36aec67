"""Since when a story is heard, in which languages and from which poles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from service.core.model import Entity, Feed, FeedState, Outage, Role, Story
from service.core.polls.coverage import coverage_of

NOON = datetime(2024, 12, 16, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STORY = Story(
    id="harbour",
    title="Harbour",
    as_of=NOON,
    headline="h",
    outlet="o",
    url=None,
    published_at=NOON,
    lang="en",
    entities=(
        Entity(
            id="navy",
            name="Navy",
            type="organization",
            role=Role.CORE,
            names={"en": ("navy",), "fr": ("marine",), "ru": ("флот",)},
        ),
    ),
    threads=(),
    facts=(),
    digest="1",
)


def feed(name: str, lang: str | None = "en", **over: Any) -> Feed:
    values = {
        "first_success_at": NOON - 9 * DAY,
        "last_success_at": NOON - HOUR,
        "next_poll_at": NOON + HOUR,
        "lang": lang,
    }
    return Feed(**{"id": f"f-{name}", "url": f"https://{name}.test/", "title": name} | values | over)


def deaf(name: str, since: datetime, **over: Any) -> Feed:
    return feed(name, last_success_at=since, failing_since_at=since, failures=3, **over)


def test_only_feeds_in_languages_of_the_story_count_and_those_that_name_none() -> None:
    feeds = [feed("a"), feed("b", "fr"), feed("c", "ja"), feed("d", None), feed("e", state=FeedState.PAUSED)]
    found = coverage_of(STORY, feeds, (), NOON)
    assert (found.feeds, found.answering) == (3, 3)
    assert [(group.name, group.feeds) for group in found.languages] == [("en", 1), ("fr", 1), (None, 1)]


def test_covered_since_is_the_first_success_of_any_feed() -> None:
    feeds = [feed("a", first_success_at=NOON - 2 * DAY), feed("b", first_success_at=NOON - 3 * DAY)]
    assert coverage_of(STORY, feeds, (), NOON).covered_since == NOON - 3 * DAY
    assert coverage_of(STORY, [], (), NOON).covered_since is None


def test_a_language_is_down_since_its_last_feed_fell_silent_and_told_after_a_day() -> None:
    feeds = [feed("a"), deaf("b", NOON - 5 * DAY, lang="fr"), deaf("c", NOON - 2 * DAY, lang="fr")]
    found = coverage_of(STORY, feeds, (), NOON)
    french = next(group for group in found.languages if group.name == "fr")
    assert (french.answering, french.down_since) == (0, NOON - 2 * DAY)
    (notice,) = found.notices
    assert "fr" in notice
    assert "14 December 2024, 12:00 UTC" in notice
    assert coverage_of(STORY, feeds, (), NOON - DAY - HOUR).notices == ()
    assert coverage_of(STORY, [*feeds, feed("d", "fr")], (), NOON).notices == ()


def test_a_pole_that_is_down_is_told_and_all_feeds_down_is_told_once() -> None:
    feeds = [feed("a", pole="wire"), deaf("b", NOON - 2 * DAY, pole="regional")]
    (notice,) = coverage_of(STORY, feeds, (), NOON).notices
    assert "regional" in notice
    everything = [deaf("a", NOON - 2 * DAY, pole="wire"), deaf("b", NOON - 3 * DAY, pole="regional", lang="fr")]
    found = coverage_of(STORY, everything, (), NOON)
    assert found.down_since == NOON - 2 * DAY
    assert len(found.notices) == 1
    assert "None of the 2 feeds" in found.notices[0]


def test_a_feed_not_polled_yet_is_no_outage_and_one_nobody_polls_is() -> None:
    new = feed("a", first_success_at=None, last_success_at=None, next_poll_at=NOON)
    assert coverage_of(STORY, [new], (), NOON + 9 * DAY).down_since is None
    forgotten = feed("b", next_poll_at=NOON)
    assert coverage_of(STORY, [forgotten], (), NOON + HOUR / 2).down_since is None
    assert coverage_of(STORY, [forgotten], (), NOON + 2 * DAY).down_since == NOON - HOUR
    gone = feed("c", state=FeedState.GONE, next_poll_at=None, last_success_at=NOON - 4 * DAY)
    assert coverage_of(STORY, [gone], (), NOON).down_since == NOON - 4 * DAY


def test_outages_are_those_of_the_story() -> None:
    mine = Outage(feed_id="f-a", began_at=NOON, ended_at=None, error_class="dns", error="")
    other = Outage(feed_id="f-c", began_at=NOON, ended_at=None, error_class="dns", error="")
    assert coverage_of(STORY, [feed("a"), feed("c", "ja")], (mine, other), NOON).outages == (mine,)
