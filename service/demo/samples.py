"""The sample feeds as values: who publishes them, and what each shows at each edition of the timeline.

The texts are in `samples.yaml`, with what the service should make of every one of them (`expect`); the demonstration
serves them, and its test holds the service to them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from service.core.model import DeltaType, Outcome

_FILE = Path(__file__).with_name("samples.yaml")
_SHOWN = 12  # items a feed shows, as a small newsroom's feed does
_APART = timedelta(minutes=7)  # between the items of one edition that name no time of their own
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Sample(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expectation(_Sample):
    """What the service should make of an item; what is not named is left open.

    Attributes:
        relevant: Whether it follows up on the story.
        outcome: What becomes of it.
        type: The delta type, where it becomes a delta.
        copy_of: "feed/id" of an item it is one text with, so that of the two at most one is a delta.
        same_as: "feed/id" of an item that reports the same happening in other words or another language.
        told_as: Delta type of the first report of this item's happening, whichever outlet is polled first.
    """

    relevant: bool
    outcome: Outcome | None = None
    type: DeltaType | None = None
    copy_of: str | None = None
    same_as: str | None = None
    told_as: DeltaType | None = None


class SampleFeed(_Sample):
    """An invented outlet and the form of its feed."""

    id: Slug
    title: str
    lang: str
    pole: str
    form: Literal["rss", "atom", "json"] = "rss"

    @property
    def path(self) -> str:
        """Return where the sample site serves it."""
        return f"/{self.id}/feed.{self.form}"


class SampleItem(_Sample):
    """One item as an edition shows it; the same feed and id in a later edition is a revision of it."""

    feed: Slug
    id: Slug
    title: str
    summary: str
    published: AwareDatetime | None = None
    expect: Expectation

    @property
    def key(self) -> str:
        """Return the name by which expectations refer to it."""
        return f"{self.feed}/{self.id}"


class Edition(_Sample):
    """A moment of the timeline and the items that are new or changed at it."""

    at: AwareDatetime
    about: str
    items: tuple[SampleItem, ...]


class ShownItem(_Sample):
    """An item with its dates, as a feed shows it."""

    item: SampleItem
    published_at: datetime
    updated_at: datetime


class Samples(_Sample):
    """All sample feeds and their timeline."""

    feeds: tuple[SampleFeed, ...]
    editions: Annotated[tuple[Edition, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        feeds = {feed.id for feed in self.feeds}
        seen: set[str] = set()
        for edition in self.editions:
            keys = [item.key for item in edition.items]
            if len(keys) != len(set(keys)):
                raise ValueError(f"the edition of {edition.at} shows an item twice")
            seen.update(keys)
            for item in edition.items:
                if item.feed not in feeds:
                    raise ValueError(f"{item.key}: there is no feed {item.feed!r}")
                unknown = {item.expect.copy_of, item.expect.same_as} - {None} - seen
                if unknown:
                    raise ValueError(f"{item.key}: refers to {unknown.pop()!r}, which is not there yet")
        instants = [edition.at for edition in self.editions]
        if instants != sorted(set(instants)):
            raise ValueError("the editions must follow one another in time")
        return self

    def feed(self, feed_id: str) -> SampleFeed | None:
        """Return a feed or None."""
        return next((feed for feed in self.feeds if feed.id == feed_id), None)

    def showing(self, feed_id: str, edition: int) -> list[ShownItem]:
        """Return what a feed shows at an edition, newest first.

        Args:
            feed_id: The feed.
            edition: Number of the edition, 0 for the first.
        """
        shown: dict[str, ShownItem] = {}
        for told in self.editions[: edition + 1]:
            for position, item in enumerate(told.items):
                if item.feed != feed_id:
                    continue
                before = shown.get(item.id)
                at = before.published_at if before else item.published or told.at - _APART * (position + 1)
                shown[item.id] = ShownItem(
                    item=item, published_at=at.astimezone(UTC), updated_at=told.at if before else at.astimezone(UTC)
                )
        return sorted(shown.values(), key=lambda each: each.published_at, reverse=True)[:_SHOWN]


def load_samples(path: Path = _FILE) -> Samples:
    """Read the bundled sample feeds.

    Raises:
        ValueError: The file breaks its own rules; only a change to it can cause that.
    """
    return Samples.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506 (a safe loader)
