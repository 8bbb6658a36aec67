"""What a story's feeds have heard, and when they were deaf: so that silence can be told from an outage. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from service.core.model import Feed, FeedState, Outage, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NOTICE_AFTER: Final = timedelta(days=1)  # a language or pole that nothing was heard from so long is worth a notice
OVERDUE_AFTER: Final = timedelta(hours=1)  # a poll so late means that nobody polls


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The feeds of one language or pole."""

    name: str | None  # None: the feed does not say
    feeds: int
    answering: int
    covered_since: datetime | None  # the first success of any of them
    down_since: datetime | None  # since when none has answered; None while one does


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is and was heard of a story."""

    covered_since: datetime | None
    feeds: int
    answering: int
    down_since: datetime | None
    languages: tuple[Group, ...]
    poles: tuple[Group, ...]
    outages: tuple[Outage, ...]  # the one that began last first
    notices: tuple[str, ...]


def feeds_of(story: Story, feeds: Iterable[Feed]) -> list[Feed]:
    """Return the feeds that are or were polled and can report on a story: those in a language that names its entities.

    A feed that does not name its language can be in any.
    """
    spoken = {lang for entity in story.entities for lang in (*entity.names, *entity.titles)}
    polled = (FeedState.ACTIVE, FeedState.GONE)
    return [feed for feed in feeds if feed.state in polled and (feed.lang is None or feed.lang in spoken)]


def coverage_of(story: Story, feeds: Iterable[Feed], outages: Sequence[Outage], now: datetime) -> Coverage:
    """Return what is and was heard of a story.

    Args:
        story: Decides which feeds count.
        feeds: All feeds.
        outages: Of all feeds, as far back as wanted.
        now: Decides since when a feed that should have been polled was not.
    """
    own = feeds_of(story, feeds)
    ids = {feed.id for feed in own}
    languages = _groups({feed.id: feed.lang for feed in own}, own, now)
    poles = _groups({feed.id: feed.pole for feed in own}, own, now)
    whole = _group(None, own, now)
    return Coverage(
        covered_since=whole.covered_since,
        feeds=whole.feeds,
        answering=whole.answering,
        down_since=whole.down_since,
        languages=languages,
        poles=poles,
        outages=tuple(outage for outage in outages if outage.feed_id in ids),
        notices=tuple(_notices(whole, languages, poles, now)),
    )


def _notices(whole: Group, languages: Iterable[Group], poles: Iterable[Group], now: datetime) -> Iterable[str]:
    if _is_long(whole, now):
        who = "The only feed" if whole.feeds == 1 else f"None of the {whole.feeds} feeds"
        verb = "has not answered" if whole.feeds == 1 else "has answered"
        yield f"{who} of this story {verb} since {_moment(whole)}: no news may be lost news."
        return
    for kind, groups in (("language", languages), ("pole", poles)):
        for group in groups:
            if group.name and _is_long(group, now):
                count = "the only feed" if group.feeds == 1 else f"none of the {group.feeds} feeds"
                verb = "has not answered" if group.feeds == 1 else "has answered"
                yield (
                    f"Of the {kind} “{group.name}” {count} {verb} since {_moment(group)}: "
                    "silence there does not mean that nothing happened."
                )


def _is_long(group: Group, now: datetime) -> bool:
    return group.down_since is not None and now - group.down_since >= NOTICE_AFTER


def _moment(group: Group) -> str:
    assert group.down_since is not None  # only asked of groups that are down
    return f"{group.down_since:%d %B %Y, %H:%M} UTC"


def _groups(names: Mapping[str, str | None], feeds: Iterable[Feed], now: datetime) -> tuple[Group, ...]:
    members: dict[str | None, list[Feed]] = defaultdict(list)
    for feed in feeds:
        members[names[feed.id]].append(feed)
    found = [_group(name, group, now) for name, group in members.items()]
    return tuple(sorted(found, key=lambda group: (group.name is None, group.name or "")))


def _group(name: str | None, feeds: Sequence[Feed], now: datetime) -> Group:
    deaf = [_deaf_since(feed, now) for feed in feeds]
    down = [since for since in deaf if since is not None]
    return Group(
        name=name,
        feeds=len(feeds),
        answering=sum(feed.last_success_at is not None for feed, since in zip(feeds, deaf, strict=True) if not since),
        covered_since=min((feed.first_success_at for feed in feeds if feed.first_success_at), default=None),
        down_since=max(down) if feeds and len(down) == len(feeds) else None,
    )


def _deaf_since(feed: Feed, now: datetime) -> datetime | None:
    """Return since when nothing is heard from a feed; None while it answers or waits for its first poll."""
    if feed.failing_since_at is not None:
        return feed.failing_since_at
    if feed.state is FeedState.GONE:
        return feed.last_success_at or feed.last_attempt_at
    if feed.last_success_at and feed.next_poll_at and now - feed.next_poll_at > OVERDUE_AFTER:
        return feed.last_success_at
    return None
