"""Reloading and editing what is followed: what takes effect, what is refused, and that nothing is half done."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from builders import NOON, a_feed, a_poll, an_entry
from journeys.service_process import until, write_opml
from journeys.small_story import FOLLOW_UP, SMALL_STORY, STORY, write_story

from service.core.changes import Changes
from service.core.errors import Conflict, Invalid, InvalidDocument, NotFound
from service.core.ids import feed_id
from service.core.model import Entry, KeptStory
from service.ports import DeltaFilter
from service.settings import Settings
from service.steering import Steering, read_plan
from service.storage.sqlite import SqliteStore
from service.worker import offline_pipeline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from service.pipeline import Pipeline

NOW = datetime(2025, 3, 3, tzinfo=UTC)
SECOND = SMALL_STORY.replace("id: harbour\n", "id: second\n", 1)


class FixedClock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Place:
    """A folder of files that an operator edits, a store, and what steers by them."""

    folder: Path
    store: SqliteStore
    steering: Steering
    pipeline: Pipeline
    settings: Settings
    applied: list[Settings]

    @property
    def story(self) -> Path:
        return self.folder / "stories" / f"{STORY}.yaml"

    def edit(self, old: str, new: str) -> None:
        text = self.story.read_text()
        assert old in text
        self.story.write_text(text.replace(old, new, 1))

    def feeds(self, *urls: str) -> None:
        write_opml(self.folder / "feeds.opml", urls)

    async def run(self) -> None:
        """Do what the queue of a running service would."""
        await self.pipeline.match()
        for story in self.steering.rules.stories:
            await self.pipeline.compare(story)

    async def lines(self, story: str = STORY) -> list[str]:
        return [delta.line for delta in await self.store.deltas_after(story, 0, 100, DeltaFilter())]


URLS = ("https://a.example/rss", "https://b.example/rss")


@asynccontextmanager
async def a_place(folder: Path, *, writes: bool = True) -> AsyncIterator[Place]:
    if not (folder / "stories").exists():
        write_story(folder / "stories")
        write_opml(folder / "feeds.opml", URLS)
    settings = Settings(stories=folder / "stories", feeds=folder / "feeds.opml")
    store = await SqliteStore.open(folder / "ledger.db", read_only=not writes, now=lambda: NOW)
    try:
        steering = Steering(read_plan(settings), store, FixedClock(), writes=writes, reread=lambda: place.settings)
        await steering.begin()
        pipeline = offline_pipeline(steering.rules, store, FixedClock())
        applied: list[Settings] = []
        steering.drive(pipeline, applied.append)
        place = Place(folder, store, steering, pipeline, settings, applied)
        if writes:
            await steering.reload()
        yield place
    finally:
        await store.close()


def a_report(key: str = "guid-1", title: str = FOLLOW_UP, **over: Any) -> Entry:
    values: dict[str, Any] = {"title": title, "summary": "", "published_at": NOW, "first_seen_at": NOW, "seen_at": NOW}
    return an_entry(key, **values | over)


async def wait_for(condition: Callable[[], bool]) -> None:
    async def holds() -> bool:
        return condition()

    await until(holds, 10)


def as_json(text: str) -> bytes:
    return json.dumps(yaml.safe_load(text), default=str).encode()


# --- reload --------------------------------------------------------------------------------


async def test_a_reload_of_what_did_not_change_changes_nothing(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        rules = place.steering.rules
        nothing = await place.steering.reload()
        assert nothing.stories.added == nothing.stories.changed == nothing.stories.removed == ()
        assert (nothing.feeds.added, nothing.words, nothing.settings, nothing.notes) == ((), False, (), ())
        assert place.steering.rules is rules


async def test_a_reload_says_which_stories_came_changed_and_left(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        (place.story.parent / "second.yaml").write_text(SECOND)
        place.edit("The navy and its harbour", "The navy")
        changes = await place.steering.reload()
        assert (changes.stories.added, changes.stories.changed) == (("second",), (STORY,))
        assert place.steering.rules.stories[STORY].title == "The navy"

        (place.story.parent / "second.yaml").unlink()
        assert (await place.steering.reload()).stories.removed == ("second",)
        assert list(place.steering.rules.stories) == [STORY]
        assert place.steering.ended["second"].title == "The navy and its harbour"


async def test_a_story_that_left_is_still_known_after_a_restart_and_follows_again_when_it_returns(
    tmp_path: Path,
) -> None:
    async with a_place(tmp_path) as place:
        (place.story.parent / "second.yaml").write_text(SECOND)
        await place.steering.reload()
        (place.story.parent / "second.yaml").unlink()
    async with a_place(tmp_path) as place:
        assert list(place.steering.ended) == ["second"]
        (place.story.parent / "second.yaml").write_text(SECOND)
        assert (await place.steering.reload()).stories.added == ("second",)
        assert place.steering.ended == {}


async def test_a_reload_says_what_became_of_the_feeds(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        place.feeds("https://a.example/rss", "https://c.example/rss")
        changes = (await place.steering.reload()).feeds
        assert [feed.url for feed in changes.added] == ["https://c.example/rss"]
        assert [feed.url for feed in changes.paused] == ["https://b.example/rss"]

        place.feeds("https://b.example/rss", "https://c.example/rss", "https://a.example/rss")
        changes = (await place.steering.reload()).feeds
        assert [feed.url for feed in changes.resumed] == ["https://b.example/rss"]
        assert {feed.url for feed in changes.retitled} == {"https://a.example/rss", "https://b.example/rss"}
        assert (changes.added, changes.paused) == ((), ())


async def test_a_feed_deleted_by_hand_stays_deleted_although_the_file_lists_it(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.store.delete_feed(feed_id(URLS[0]))
        changes = (await place.steering.reload()).feeds
        assert [feed.url for feed in changes.deleted_by_hand] == [URLS[0]]
        assert [feed.url for feed in await place.store.feeds()] == [URLS[1]]


@pytest.mark.parametrize(
    ("break_it", "named"),
    [
        (lambda place: place.edit("role: core", "role: hero"), r"harbour\.yaml:11: entities\[0\]\.role: "),
        (lambda place: place.edit("navy, withdraw", "navy, vanish"), r"harbour\.yaml:\d+: .*'vanish' is neither"),
        (lambda place: place.feeds(), r"feeds\.opml:1: holds no outline"),
        (lambda place: (place.folder / "feeds.opml").write_text("<opml><body>"), r"feeds\.opml:1: not well-formed"),
        (lambda place: place.story.unlink(), "holds no story file"),
    ],
)
async def test_what_is_invalid_changes_nothing_and_says_where(tmp_path: Path, break_it: Any, named: str) -> None:
    async with a_place(tmp_path) as place:
        rules, feeds = place.steering.rules, await place.store.feeds()
        (place.story.parent / "second.yaml").write_text(SECOND)  # sound, and yet not taken
        if "feeds" not in named:
            place.feeds("https://c.example/rss")
        else:
            place.edit("The navy and its harbour", "The navy")
        (place.story.parent / "second.yaml").unlink() if "no story" in named else None
        break_it(place)
        with pytest.raises(Invalid, match=named):
            await place.steering.reload()
        assert place.steering.rules is rules
        assert await place.store.feeds() == feeds


async def test_settings_that_may_change_count_at_once_and_others_are_named(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        place.settings = place.settings.model_copy(update={"log_level": "debug", "port": 9999})
        changes = await place.steering.reload()
        assert changes.settings == ("AFTERMATH_LOG_LEVEL",)
        assert changes.need_restart == ("AFTERMATH_PORT",)
        assert [(each.log_level, each.port) for each in place.applied] == [("debug", 8080)]
        assert (await place.steering.reload()).need_restart == ("AFTERMATH_PORT",)  # still so
        assert len(place.applied) == 1


async def test_a_reader_reloads_stories_but_leaves_the_feeds_to_the_writer(tmp_path: Path) -> None:
    async with a_place(tmp_path):
        pass
    async with a_place(tmp_path, writes=False) as place:
        place.feeds("https://c.example/rss")
        place.edit("The navy and its harbour", "The navy")
        changes = await place.steering.reload()
        assert (changes.stories.changed, changes.feeds.added) == ((STORY,), ())
        assert [feed.url for feed in await place.store.feeds()] == list(URLS)


# --- what the steps make of it -------------------------------------------------------------


async def test_a_new_story_is_judged_over_the_entries_already_stored(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.store.save_poll(a_poll(a_report()))
        await place.run()
        (place.story.parent / "second.yaml").write_text(SECOND)
        await place.steering.reload()
        await place.run()
        assert await place.lines("second") == await place.lines(STORY) != []


async def test_an_edited_story_finds_what_it_had_missed_and_repeats_nothing(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.store.save_poll(a_poll(a_report(), a_report("guid-2", "Blue fleet withdraws from Zenda quay")))
        await place.run()
        told = await place.lines()
        assert await place.store.decision(STORY, a_report("guid-2").id) is None
        place.edit("[Ruritanian navy, navy]", "[Ruritanian navy, navy, Blue fleet]")
        await place.steering.reload()
        await place.run()
        found = await place.store.decision(STORY, a_report("guid-2").id)
        assert found is not None
        assert found.relevant
        assert (await place.lines())[: len(told)] == told


async def test_facts_edited_while_running_are_those_compared_with(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.store.save_poll(a_poll(a_report(title="Ruritanian navy meets Admiral Hentzau")))
        await place.run()  # the story is remembered now
        place.edit("after: The navy leaves.", "after: The quay is empty.")
        await place.steering.reload()
        await place.store.save_poll(a_poll(a_report("guid-2")))
        await place.run()
        changes = [c for d in await place.store.deltas_after(STORY, 0, 9, DeltaFilter()) for c in d.changes]
        assert "The quay is empty." in [change.after for change in changes]


async def test_a_step_under_way_ends_by_the_rules_it_began_with(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        old = place.steering.rules
        await place.store.save_poll(a_poll(a_report()))
        ask = place.store.unmatched_entries

        async def reloading(stories_key: str, limit: int) -> list[Entry]:
            entries = await ask(stories_key, limit)
            if place.steering.rules is old:
                place.edit("The navy and its harbour", "The navy")
                await place.steering.reload()
            return entries

        place.store.unmatched_entries = reloading  # type: ignore[method-assign]
        await place.pipeline.match()
        decision = await place.store.decision(STORY, a_report().id)
        assert decision is not None
        assert decision.rules_version == old.versions[STORY]
        assert await ask(old.cursor, 9) == []  # its own cursor moved, and then the new one
        assert await ask(place.steering.rules.cursor, 9) == []
        assert place.steering.rules.cursor != old.cursor


# --- stories by the API --------------------------------------------------------------------


async def test_a_sent_story_is_followed_until_it_is_deleted_and_then_still_known(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        story, is_new = await place.steering.save_story(as_json(SECOND), "application/json", None)
        assert (story.id, is_new) == ("second", True)
        await place.store.save_poll(a_poll(a_report()))
        await place.run()
        assert await place.lines("second")
    async with a_place(tmp_path) as place:
        assert set(place.steering.rules.stories) == {STORY, "second"}
        await place.steering.delete_story("second")
        assert set(place.steering.rules.stories) == {STORY}
        assert set(place.steering.ended) == {"second"}
        assert await place.lines("second")
        with pytest.raises(NotFound):
            await place.steering.delete_story("second")


async def test_json_and_yaml_of_a_story_are_the_same_story(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        first, _ = await place.steering.save_story(as_json(SECOND), "application/json", "second")
        again, is_new = await place.steering.save_story(SECOND.encode(), "application/yaml", "second")
        assert (again, is_new) == (first, False)


async def test_a_story_of_a_file_is_not_touched_by_the_api(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        for named in (None, STORY):
            with pytest.raises(Conflict, match=r"comes from the file harbour\.yaml .* change the file"):
                await place.steering.save_story(as_json(SMALL_STORY), "application/json", named)
        with pytest.raises(Conflict, match="comes from the file"):
            await place.steering.delete_story(STORY)


async def test_a_file_takes_the_place_of_a_sent_story_and_says_so(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.steering.save_story(as_json(SECOND), "application/json", None)
        (place.story.parent / "second.yaml").write_text(SECOND.replace("The navy and its harbour", "The file's"))
        changes = await place.steering.reload()
        assert "made over the API; the file of that name takes its place" in changes.notes[0]
        assert place.steering.rules.stories["second"].title == "The file's"


async def test_a_sent_story_that_exists_needs_a_put(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        await place.steering.save_story(as_json(SECOND), "application/json", None)
        with pytest.raises(Conflict, match="PUT /v1/stories/second replaces it"):
            await place.steering.save_story(as_json(SECOND), "application/json", None)
        with pytest.raises(InvalidDocument, match="id: must be 'other'"):
            await place.steering.save_story(as_json(SECOND), "application/json", "other")


async def test_a_kept_story_that_is_no_longer_sound_is_left_out_not_fatal(tmp_path: Path) -> None:
    async with a_place(tmp_path) as place:
        broken = KeptStory(id="broken", source="api", document='{"id": "broken"}', changed_at=NOON)
        await place.store.save_stories([broken])
        changes = await place.steering.reload()
        assert "story broken of the store is left out: title: " in changes.notes[0]
        assert list(place.steering.rules.stories) == [STORY]


async def test_a_process_notices_what_another_one_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.steering._LOOK_S", 0.02)
    async with (
        a_place(tmp_path) as writer,
        a_place(tmp_path, writes=False) as reader,
        reader.steering.attended(asyncio.Event()),
    ):
        await writer.steering.save_story(as_json(SECOND), "application/json", None)
        await wait_for(lambda: "second" in reader.steering.rules.stories)


async def test_a_hangup_reloads_and_a_bad_file_leaves_all_as_it_was(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hangup = asyncio.Event()
    async with a_place(tmp_path) as place, place.steering.attended(hangup):
        place.edit("role: core", "role: hero")
        hangup.set()
        await wait_for(lambda: "reload refused" in caplog.text)
        assert "harbour.yaml:11" in vars(caplog.records[-1])["why"]
        place.edit("role: hero", "role: context")
        hangup.set()
        await wait_for(lambda: place.steering.rules.stories[STORY].entities[0].role == "context")


def test_changes_of_nothing_are_empty() -> None:
    from service.core.changes import FeedChanges, StoryChanges, feed_changes

    assert feed_changes([a_feed()], [a_feed()], []) == FeedChanges()
    assert Changes(stories=StoryChanges(), feeds=FeedChanges()).notes == ()
