"""What a reload changed, worked out from before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.core.ids import feed_id
from service.core.model import Feed, FeedSpec, FeedState, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChanges:
    """Ids of stories, sorted."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChanges:
    """Feeds as they are now, by what happened to them."""

    added: tuple[Feed, ...] = ()
    paused: tuple[Feed, ...] = ()
    resumed: tuple[Feed, ...] = ()
    retitled: tuple[Feed, ...] = ()  # title, language or pole
    deleted_by_hand: tuple[Feed, ...] = ()  # the file lists them, and yet they stay deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that a reload changed, and what it could not."""

    stories: StoryChanges
    feeds: FeedChanges
    words: bool = False  # the lexicon or the weights
    settings: tuple[str, ...] = ()  # environment names of settings that now count
    need_restart: tuple[str, ...] = ()  # of settings that changed but cannot while running
    notes: tuple[str, ...] = ()  # what was left out, in plain words


def story_changes(before: Mapping[str, Story], after: Mapping[str, Story]) -> StoryChanges:
    """Return what became of the followed stories."""
    return StoryChanges(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(i for i in after.keys() & before.keys() if after[i].digest != before[i].digest)),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def feed_changes(before: Iterable[Feed], after: Sequence[Feed], listed: Iterable[FeedSpec]) -> FeedChanges:
    """Return what became of the feeds.

    Args:
        before: All feeds, deleted ones included.
        after: The same, once the file's feeds were taken over.
        listed: The feeds of the file.
    """
    known = {feed.id: feed for feed in before}
    in_file = {feed_id(spec.url) for spec in listed}
    stayed = [(known[feed.id], feed) for feed in after if feed.id in known]
    return FeedChanges(
        added=tuple(feed for feed in after if feed.id not in known),
        paused=tuple(new for old, new in stayed if new.state is FeedState.PAUSED is not old.state),
        resumed=tuple(new for old, new in stayed if old.state is FeedState.PAUSED and new.state is FeedState.ACTIVE),
        retitled=tuple(
            new for old, new in stayed if (old.title, old.lang, old.pole) != (new.title, new.lang, new.pole)
        ),
        deleted_by_hand=tuple(feed for feed in after if feed.state is FeedState.DELETED and feed.id in in_file),
    )
