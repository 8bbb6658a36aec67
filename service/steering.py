"""What may change while the service runs: stories, words, feeds and a few settings. All of it is decided here.

Everything is read and checked first; then feeds are written in one transaction and the rules are replaced by one
assignment. What is invalid changes nothing. Stories come from files and, by the API, from the store; a file wins.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from service.core.changes import Changes, FeedChanges, feed_changes, story_changes
from service.core.errors import Conflict, InvalidDocument, NotFound, ServiceError
from service.core.model import KeptStory, Story
from service.core.rules import Rules
from service.loading.lexicon_files import lexicon_digest, load_lexicon, read_lexicon
from service.loading.opml_files import Subscriptions, read_opml
from service.loading.story_documents import document_text, sent_document, story_of_text
from service.loading.story_files import StoryFile, read_story_folder
from service.loading.weight_file import load_weights
from service.semantic import Encode, load_encoder
from service.settings import LIVE_SETTINGS, PREFIX, Settings

if TYPE_CHECKING:
    from service.core.language.lexicon import Lexicon
    from service.pipeline import Pipeline
    from service.ports import Clock, Store

log = logging.getLogger(__name__)

_LOOK_S = 5.0  # how soon a process notices a story that another one wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that files and settings say, read and checked."""

    settings: Settings
    lexicon: Lexicon
    weights: Mapping[str, float]
    files: Mapping[str, tuple[Story, StoryFile]]  # story id → the story of the folder
    subscriptions: Subscriptions
    encode: Encode | None = None


def read_plan(settings: Settings, lexicon: Lexicon | None = None) -> Plan:
    """Read everything that the settings name. Blocks for a second or two.

    Args:
        settings: Where the files are.
        lexicon: The one read before; it is read again only if its files have changed.

    Raises:
        Invalid: A file is bad; names it, the line and the remedy.
    """
    if lexicon is None:
        lexicon = load_lexicon()
    else:
        load_weights.cache_clear()
        if lexicon_digest() != lexicon.digest:
            lexicon = read_lexicon()
    return Plan(
        settings=settings,
        lexicon=lexicon,
        weights=load_weights(),
        files=read_story_folder(settings.stories, lexicon),
        subscriptions=read_opml(settings.feeds),
        encode=load_encoder() if settings.semantic else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stories:
    """The stories of files and store together."""

    followed: Mapping[str, Story]
    ended: Mapping[str, Story]
    to_keep: tuple[KeptStory, ...]  # what the store does not say yet
    notes: tuple[str, ...]


def _joined(plan: Plan, kept: Iterable[KeptStory], clock: Clock) -> _Stories:
    """Join the stories of the files with those of the store."""
    followed = {story_id: story for story_id, (story, _) in plan.files.items()}
    ended: dict[str, Story] = {}
    to_keep: list[KeptStory] = []
    notes: list[str] = []
    stored = {story.id: story for story in kept}
    now = clock.now()
    for story_id, (_, file) in plan.files.items():
        wanted = KeptStory(id=story_id, source="file", document=document_text(file), changed_at=now)
        held = stored.get(story_id)
        if held is None or replace(held, changed_at=now) != wanted:
            to_keep.append(wanted)
        if held is not None and held.source == "api" and held.followed:
            notes.append(f"story {story_id} was made over the API; the file of that name takes its place")
    for held in stored.values():
        if held.id in plan.files:
            continue
        stays = held.source == "api" and held.followed
        try:
            (followed if stays else ended)[held.id] = story_of_text(held.document, plan.lexicon)
        except InvalidDocument as error:
            notes.append(f"story {held.id} of the store is left out: {error.message}; put it again, corrected")
        if held.followed and not stays:
            to_keep.append(replace(held, followed=False, changed_at=now))
    return _Stories(followed=followed, ended=ended, to_keep=tuple(to_keep), notes=tuple(notes))


class Steering:
    """The rules in force, and every way to change them.

    Args:
        plan: What was read at the start.
        store: Holds the stories made over the API, and the feeds.
        clock: The time of changes.
        writes: Whether this process may write to the store.
        reread: Reads the settings again; None keeps them.
    """

    def __init__(
        self,
        plan: Plan,
        store: Store,
        clock: Clock,
        *,
        writes: bool,
        reread: Callable[[], Settings] | None = None,
    ) -> None:
        self._plan = plan
        self._store = store
        self._clock = clock
        self._writes = writes
        self._reread = reread
        self._seen: list[KeptStory] = []
        self._one_at_a_time = asyncio.Lock()
        self._pipeline: Pipeline | None = None
        self._applied: Callable[[Settings], None] = lambda _: None
        self._rules: Rules | None = None
        self.ended: Mapping[str, Story] = {}  # followed no more; what was published is still served

    @property
    def rules(self) -> Rules:
        """Return the rules in force; replaced as a whole, so ask once for one piece of work."""
        assert self._rules is not None  # begin() comes first
        return self._rules

    @property
    def writes(self) -> bool:
        """Whether stories and feeds can be changed here."""
        return self._writes

    async def begin(self) -> None:
        """Take the stories of files and store together. To be awaited before anything else is asked."""
        joined, rules = await self._compiled(self._plan)
        await self._enforce(self._plan, joined, rules, joined.to_keep)
        for note in joined.notes:
            log.warning("story left out", extra={"why": note})

    def drive(self, pipeline: Pipeline | None, applied: Callable[[Settings], None]) -> None:
        """From now on tell a pipeline of new rules, and `applied` of settings that changed."""
        self._pipeline = pipeline
        self._applied = applied

    # -- reload

    async def reload(self) -> Changes:
        """Read files and settings again and take over what changed; say what that was.

        Raises:
            Invalid: Something is bad; nothing has changed.
            StorageError: The store refused; the rules are those of before, and asking again goes on where it ended.
        """
        async with self._one_at_a_time:
            settings, changed, need_restart = await asyncio.to_thread(self._settings_again)
            plan = await asyncio.to_thread(read_plan, settings, self._plan.lexicon)
            joined, rules = await self._compiled(plan)
            feeds = await self._sync(plan.subscriptions)
            old, before = self._plan, self.rules.stories
            await self._enforce(plan, joined, rules, joined.to_keep)
            if changed:
                self._applied(settings)
        await self._wake()
        return Changes(
            stories=story_changes(before, self.rules.stories),
            feeds=feeds,
            words=(old.lexicon.digest, old.weights) != (plan.lexicon.digest, plan.weights),
            settings=changed,
            need_restart=need_restart,
            notes=(*plan.subscriptions.skipped, *joined.notes),
        )

    def _settings_again(self) -> tuple[Settings, tuple[str, ...], tuple[str, ...]]:
        """Return (settings to go on with, names of those taken over, names of those that need a restart)."""
        old = self._plan.settings
        new = self._reread() if self._reread else old
        differing = [name for name in Settings.model_fields if getattr(old, name) != getattr(new, name)]
        live = {name: getattr(new, name) for name in differing if name in LIVE_SETTINGS}
        return (
            old.model_copy(update=live),
            tuple(PREFIX + name.upper() for name in live),
            tuple(PREFIX + name.upper() for name in differing if name not in LIVE_SETTINGS),
        )

    async def _sync(self, subscriptions: Subscriptions) -> FeedChanges:
        if not self._writes:  # the process that writes does it at its own reload
            return FeedChanges()
        before = await self._store.feeds(deleted=True)
        await self._store.sync_feeds(subscriptions.feeds, self._clock.now())
        return feed_changes(before, await self._store.feeds(deleted=True), subscriptions.feeds)

    async def _compiled(self, plan: Plan, pending: tuple[KeptStory, ...] = ()) -> tuple[_Stories, Rules]:
        """Join the stories of a plan with those of the store, as they will be with `pending`, and compile them."""
        kept = {story.id: story for story in (*await self._store.stories(), *pending)}
        joined = _joined(plan, kept.values(), self._clock)
        rules = await asyncio.to_thread(
            Rules.of, list(joined.followed.values()), plan.lexicon, plan.weights, plan.encode
        )
        return joined, rules

    async def _enforce(self, plan: Plan, joined: _Stories, rules: Rules, to_keep: tuple[KeptStory, ...]) -> None:
        """Write what is to be kept, then put plan, stories and rules in force. No await stands between the latter."""
        if self._writes and to_keep:
            await self._store.save_stories(to_keep)
        self._seen = await self._store.stories()
        self._plan, self.ended = plan, joined.ended
        if self._rules is None or rules.versions != self._rules.versions:
            self._rules = rules
            if self._pipeline is not None:
                self._pipeline.follow(rules)

    async def _wake(self) -> None:
        if self._pipeline is not None:
            await self._pipeline.wake()

    # -- stories by the API

    async def save_story(self, body: bytes, media: str, named: str | None) -> tuple[Story, bool]:
        """Follow a story that was sent; return it and whether it was not followed before.

        Args:
            body: The document.
            media: Its media type: application/json or application/yaml.
            named: The id it must have, and may then replace; None: it must be new.

        Raises:
            InvalidDocument: It is not sound.
            Conflict: It belongs to a file, or is there already and should be new.
        """
        async with self._one_at_a_time:
            plan = self._plan
            file = await asyncio.to_thread(sent_document, body, media, plan.lexicon)
            if named is not None and file.id != named:
                raise InvalidDocument(((("id",), f"must be {named!r}, the one in the address"),))
            self._refuse_file(file.id)
            is_new = file.id not in self.rules.stories
            if named is None and not is_new:
                raise Conflict(f"story {file.id} is followed already; PUT /v1/stories/{file.id} replaces it")
            row = KeptStory(id=file.id, source="api", document=document_text(file), changed_at=self._clock.now())
            await self._enforce(plan, *await self._compiled(plan, (row,)), (row,))
        log.info("story saved", extra={"story": file.id, "new": is_new})
        await self._wake()
        return self.rules.stories[file.id], is_new

    async def delete_story(self, story_id: str) -> None:
        """Follow a story no more; what was published stays readable.

        Raises:
            NotFound: It is not followed.
            Conflict: It belongs to a file.
        """
        async with self._one_at_a_time:
            self._refuse_file(story_id)
            held = next((story for story in self._seen if story.id == story_id and story.followed), None)
            if held is None:
                raise NotFound(f"no story {story_id!r} is followed here; /v1/stories lists those that are")
            row = replace(held, followed=False, changed_at=self._clock.now())
            await self._enforce(self._plan, *await self._compiled(self._plan, (row,)), (row,))
        log.info("story deleted", extra={"story": story_id})

    def _refuse_file(self, story_id: str) -> None:
        if story_id in self._plan.files:
            file = self._plan.settings.stories / f"{story_id}.yaml"
            raise Conflict(
                f"story {story_id} comes from the file {file.name} of the stories folder; change the file and "
                "POST /v1/admin/reload, or take another id"
            )

    # -- by itself

    @asynccontextmanager
    async def attended(self, hangup: asyncio.Event) -> AsyncIterator[None]:
        """For the length of a block, reload when `hangup` is set and notice stories that another process wrote."""
        tasks = [
            asyncio.create_task(self._reload_on(hangup), name="reload"),
            asyncio.create_task(self._look(), name="look-for-stories"),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _reload_on(self, hangup: asyncio.Event) -> None:
        while True:
            await hangup.wait()
            hangup.clear()
            try:
                log_changes(await self.reload())
            except ServiceError as error:
                log_refusal(error)
            except Exception:
                log.exception("reload failed; the service goes on as before")

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                if await self._store.stories() != self._seen:
                    async with self._one_at_a_time:  # not kept: two processes with other files would never agree
                        await self._enforce(self._plan, *await self._compiled(self._plan), ())
                    await self._wake()
            except ServiceError as error:
                log.warning("stories of the store could not be read", extra={"why": error.message})


def log_changes(changes: Changes) -> None:
    """Say in the log what a reload changed."""
    stories, feeds = changes.stories, changes.feeds
    log.info(
        "reloaded",
        extra={
            "stories_added": len(stories.added),
            "stories_changed": len(stories.changed),
            "stories_removed": len(stories.removed),
            "feeds_added": len(feeds.added),
            "feeds_paused": len(feeds.paused),
            "feeds_resumed": len(feeds.resumed),
            "feeds_retitled": len(feeds.retitled),
        },
    )
    for note in changes.notes:
        log.warning("left out", extra={"why": note})
    for feed in feeds.deleted_by_hand:
        log.warning("the feeds file lists a feed that was deleted by hand; it stays deleted", extra={"feed": feed.id})
    for name in changes.need_restart:
        log.warning("a setting changed that counts only after a restart", extra={"setting": name})


def log_refusal(error: ServiceError) -> None:
    """Say in the log why a reload changed nothing."""
    log.error("reload refused; everything stays as it was", extra={"why": error.message})
