"""What an operator sends to change what is followed and polled, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field, RootModel

from service.api.forms import FEED_LANG, HTTP_URL
from service.api.text import redact_url
from service.api.wire import Wire
from service.core.model import POLE

if TYPE_CHECKING:
    from service.core.changes import Changes, FeedChanges, StoryChanges
    from service.core.model import Feed


class StoryDocument(RootModel[dict[str, Any]]):
    """A story, as its file would say it; /schemas/story.json describes it."""


class FeedIn(Wire):
    """A feed to poll."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"url": "https://news.example.org/world.rss", "title": "World", "lang": "en"}]},
    )

    url: Annotated[
        str, Field(pattern=HTTP_URL, max_length=2000, description="Of RSS, Atom or JSON Feed; http or https")
    ]
    title: Annotated[str | None, Field(min_length=1, max_length=300)] = None
    lang: Annotated[str | None, Field(pattern=FEED_LANG, max_length=35, description="Of its entries")] = None
    pole: Annotated[str | None, Field(pattern=POLE, max_length=64, description="Whose view it gives")] = None


class StoryChangesOut(Wire):
    """Ids of the stories that a reload added, changed and removed."""

    added: list[str]
    changed: list[str]
    removed: list[str]

    @classmethod
    def from_model(cls, changes: StoryChanges) -> StoryChangesOut:
        """Convert what became of the stories."""
        return cls(added=list(changes.added), changed=list(changes.changed), removed=list(changes.removed))


class FeedRef(Wire):
    """A feed in few words. Credentials in the address are redacted."""

    id: str
    url: str
    title: str

    @classmethod
    def from_model(cls, feed: Feed) -> FeedRef:
        """Convert a feed."""
        return cls(id=feed.id, url=redact_url(feed.url), title=feed.title)


class FeedChangesOut(Wire):
    """What a reload did to the feeds of the OPML file."""

    added: list[FeedRef]
    paused: list[FeedRef] = Field(description="No longer in the file; their history is kept")
    resumed: list[FeedRef] = Field(description="In the file again")
    retitled: list[FeedRef] = Field(description="Title, language or pole changed")
    deleted_by_hand: list[FeedRef] = Field(description="Still in the file, and yet not polled: deleted over the API")

    @classmethod
    def from_model(cls, changes: FeedChanges) -> FeedChangesOut:
        """Convert what became of the feeds."""

        def refs(feeds: tuple[Feed, ...]) -> list[FeedRef]:
            return [FeedRef.from_model(feed) for feed in feeds]

        return cls(
            added=refs(changes.added),
            paused=refs(changes.paused),
            resumed=refs(changes.resumed),
            retitled=refs(changes.retitled),
            deleted_by_hand=refs(changes.deleted_by_hand),
        )


class SettingChangesOut(Wire):
    """Environment names of settings that a reload found changed."""

    changed: list[str] = Field(description="These count from now on")
    need_restart: list[str] = Field(description="These cannot change while the service runs")


class ReloadOut(Wire):
    """What a reload changed."""

    stories: StoryChangesOut
    feeds: FeedChangesOut
    settings: SettingChangesOut
    words_changed: bool = Field(
        description="The lexicon or the weights changed: entries from now on are judged by them"
    )
    notes: list[str] = Field(description="What was left out and why, in plain words")

    @classmethod
    def from_model(cls, changes: Changes) -> ReloadOut:
        """Convert the changes of a reload."""
        return cls(
            stories=StoryChangesOut.from_model(changes.stories),
            feeds=FeedChangesOut.from_model(changes.feeds),
            settings=SettingChangesOut(changed=list(changes.settings), need_restart=list(changes.need_restart)),
            words_changed=changes.words,
            notes=list(changes.notes),
        )
