"""One value for all three feed formats: deltas in, a FeedDocument out. The renderers add no facts of their own.

Everything here is a function of deltas and story file, so the same state gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

from service.api.links import FORMATS, Links, as_uri, is_web_url
from service.api.text import as_moment, clean, direction, lang_tag, plain, type_label
from service.api.wire import DeltaOut
from service.core.deltas.reporting import outlet_origin
from service.core.deltas.wording import clause
from service.core.model import Change, Delta, DeltaType, Story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LONGEST_FEED = 50
NO_SOURCES: Mapping[str, str] = MappingProxyType({})
DEMO_NOTE = "Demonstration: sample feeds, invented reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A tag of an item: what kind it is, its id, and its name for people."""

    scheme: str  # "type", "thread" or "entity"
    term: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The polled feed that brought the report."""

    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One delta as a feed item. All text is clean; `title` is plain text."""

    id: str  # tag: URI
    title: str  # what changed, in English; the headline where that names nobody who acts and no fact
    title_lang: str | None
    line: str
    link: str  # the publisher's article, else our page
    page: str
    article: str | None
    created_at: datetime
    published_at: datetime | None  # by the publisher
    outlet: str | None
    source: Source | None
    lang: str | None
    categories: tuple[Category, ...]
    html: str
    replaces: str | None  # id of the item this one supersedes
    retracts: bool
    delta: DeltaOut


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A feed before it takes a format."""

    id: str
    title: str
    description: str
    home: str
    selves: dict[str, str]  # format → address of this document in it
    older: dict[str, str]  # format → newest page of the archive that holds what comes before; empty when nothing does
    current: dict[str, str]  # format → address of the feed, for a page of its archive; empty for the feed itself
    hub: str | None  # WebSub hub that is told when this feed changes
    schema: str  # address of the delta schema
    updated: datetime  # newest item's created_at; the story's as_of when there is none
    items: tuple[FeedItem, ...]

    def links(self, fmt: str) -> list[tuple[str, str | None, str]]:
        """Return (relation, media type, address) of what the feed in one format points at."""
        found: list[tuple[str, str | None, str]] = [
            ("self" if each == fmt else "alternate", kind, self.selves[each]) for each, kind in FORMATS.items()
        ]
        found += [("current", FORMATS[fmt], self.current[fmt])] if self.current else []
        found += [("prev-archive", FORMATS[fmt], self.older[fmt])] if self.older else []
        found += [("hub", None, self.hub)] if self.hub else []
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a document stands: the feed itself (page None) or a full page of its archive, from 1 for the oldest."""

    page: int | None = None
    count: int = 0  # deltas that pass the filters, in all
    token: str | None = None  # reader token its addresses must carry, where the reader came with one
    tombstones: bool = False  # Atom readers asked to be told of withdrawn items by RFC 6721 as well

    def previous(self) -> int:
        """Return the newest full page that holds what this document does not, 0 for none.

        A page is full when 50 deltas are in it, and then never changes (RFC 5005 §4); the feed and it may overlap.
        """
        return self.page - 1 if self.page is not None else max(0, self.count - 1) // LONGEST_FEED


def is_topic(filters: dict[str, str]) -> bool:
    """Say whether a hub is told of a feed's changes: of a whole story, and of all that one filter makes of it."""
    return len(filters) <= 1


def topics(delta: Delta, links: Links) -> list[str]:
    """Return the addresses of the feeds that a delta changes and a hub is told of (`is_topic`)."""
    made: list[dict[str, str]] = [{}, {"type": delta.type.value}]
    made += [{"thread": thread} for thread in delta.threads]
    made += [{"entity": entity} for entity in dict.fromkeys(mention.entity for mention in delta.entities)]
    made += [{"lang": delta.lang}] if delta.lang else []
    return [links.url(links.feed_path(fmt, delta.story, filters)) for filters in made for fmt in FORMATS]


def feed_document(
    deltas: Sequence[Delta],
    *,
    story: Story,
    filters: dict[str, str],
    links: Links,
    demo: bool,
    notices: Sequence[str] = (),
    place: Place | None = None,
    hub: str | None = None,
    sources: Mapping[str, str] = NO_SOURCES,
) -> FeedDocument:
    """Return the feed of the newest deltas, or a page of its archive.

    Args:
        deltas: Newest first by seq, already filtered; at most 50 are used.
        story: What they belong to.
        filters: `thread`, `type`, `entity` and `lang` as asked for; part of the feed's title, id and addresses.
        links: Where things are.
        demo: Mark the feed as a demonstration.
        notices: What readers must know of the sources, in sentences; they stand in the description, since every
            surface shows the same deltas and no other items.
        place: Which document of the feed it is; absent: the feed itself, with nothing before it.
        hub: WebSub hub, where there is one and reading is public.
        sources: Polled feed → its address, for items to name; those that are missing are not named.
    """
    place = place or Place()
    shown = deltas[:LONGEST_FEED]
    threads = {thread.id: thread.title for thread in story.threads}
    entities = {entity.id: entity.name for entity in story.entities}
    names = [plain(threads.get(filters["thread"], filters["thread"]))] if "thread" in filters else []
    names += [type_label(filters["type"])] if "type" in filters else []
    names += [plain(entities.get(filters["entity"], filters["entity"]))] if "entity" in filters else []
    names += [filters["lang"]] if "lang" in filters else []

    def addresses(page: int | None) -> dict[str, str]:
        query = {"token": place.token} if place.token is not None else {}
        marked = query | ({"tombstones": "yes"} if place.tombstones else {})
        return {
            fmt: links.url(links.feed_path(fmt, story.id, filters, page=page, more=marked if fmt == "atom" else query))
            for fmt in FORMATS
        }

    title = plain(story.title) + (f" ({', '.join(names)})" if names else "")
    about = (
        f"What reports published after {story.as_of:%d %B %Y} add to or change in "
        f"“{plain(story.headline)}” ({plain(story.outlet)})."
    )
    said = [*((f"{DEMO_NOTE}.",) if demo else ()), *(notices if place.page is None else ()), about]
    return FeedDocument(
        id=links.tag(story, "/".join(["feed", *(f"{name}/{value}" for name, value in sorted(filters.items()))])),
        title=f"[Demonstration] {title}" if demo else title,
        description=" ".join(said),
        home=links.url(f"/stories/{story.id}"),
        selves=addresses(place.page),
        older=addresses(place.previous()) if place.previous() else {},
        current=addresses(None) if place.page is not None else {},
        hub=hub if place.page is None and is_topic(filters) else None,
        schema=links.url("/schemas/delta.json"),
        updated=max((delta.created_at for delta in shown), default=story.as_of),
        items=tuple(feed_item(delta, story=story, links=links, source=sources.get(delta.feed)) for delta in shown),
    )


def feed_item(delta: Delta, *, story: Story, links: Links, source: str | None = None) -> FeedItem:
    """Return one delta as a feed item; `source` is the address of the feed that brought the report."""
    entities = {entity.id: entity for entity in story.entities}
    out = DeltaOut.from_model(delta, entities)
    page = links.page(delta.id)
    outlet = plain(delta.outlet) or None if delta.outlet else None
    article = as_uri(delta.url) if delta.url and is_web_url(delta.url) else None
    threads = {thread.id: plain(thread.title) for thread in story.threads}
    origin = relied_on(delta, {entity.id: entity.name for entity in story.entities})
    said = clause(plain(delta.line))
    takes_back = delta.type in {
        DeltaType.RETRACTION,
        DeltaType.CORRECTION,
    }  # in other words, what has been told already
    says_who = takes_back or bool(delta.changes) or (delta.event is not None and delta.event.actor is not None)
    headline = "" if says_who else plain(delta.headline)  # else it says more than the line
    categories = [Category(scheme="type", term=delta.type.value, label=type_label(delta.type))]
    categories += [Category(scheme="thread", term=name, label=threads.get(name, name)) for name in delta.threads]
    for mention in out.entities:
        category = Category(scheme="entity", term=mention.id, label=plain(mention.name))
        if category not in categories:
            categories.append(category)
    return FeedItem(
        id=links.tag(story, delta.id),
        title=f"[{type_label(delta.type)}] {headline or said}",
        title_lang=lang_tag(delta.lang) if headline else "en",
        line=plain(delta.line),
        link=article or page,
        page=page,
        article=article,
        created_at=delta.created_at,
        published_at=delta.published_at,
        outlet=outlet,
        source=Source(title=outlet or "Source feed", address=as_uri(source)) if source else None,
        lang=lang_tag(delta.lang),
        categories=tuple(categories),
        html=describe(delta, threads=threads, origin=origin, page=page, article=article),
        replaces=links.tag(story, delta.supersedes) if delta.supersedes else None,
        retracts=delta.type is DeltaType.RETRACTION,
        delta=out,
    )


def _sides(change: Change) -> str:
    """Return both sides of a change; only a contradiction strikes out what was known."""
    before, after = _text(change.before), _text(change.after)
    if change.stance == "contradicts":
        return f"<p>Before: <del>{before}</del><br>Now: <ins>{after}</ins></p>"
    return f"<p>Known: {before}<br>{'Confirmed' if change.stance == 'confirms' else 'Added'}: <ins>{after}</ins></p>"


def relied_on(delta: Delta, names: Mapping[str, str]) -> str | None:
    """Return by name who a report rests on, or None where that is the outlet that prints it.

    Args:
        delta: What the report changed.
        names: Entity → name.
    """
    outlet = delta.outlet or delta.feed
    name = names.get(delta.origin, delta.origin)
    return None if delta.origin == outlet_origin(outlet) or name == outlet else name


def describe(delta: Delta, *, threads: dict[str, str], origin: str | None, page: str, article: str | None) -> str:
    """Return a delta as HTML: the English line, what changed, the words that carry it, who says so, and why.

    It says its own direction, so that it also reads well within the page of a right-to-left reader.
    """
    lang = lang_tag(delta.lang)
    spoken = (f' lang="{lang}"' if lang else "") + f' dir="{direction(lang)}"'
    parts = ['<div lang="en" dir="ltr">', f"<p><strong>{_text(delta.line)}</strong></p>"]
    parts.extend(_sides(change) for change in delta.changes)
    quotes = dict.fromkeys(_text(quote) for quote in (delta.headline, *(each.quote for each in delta.added)))
    parts.extend(f"<blockquote{spoken}>{quote}</blockquote>" for quote in quotes if quote)
    outlet = f"<bdi>{_text(delta.outlet)}</bdi>" if delta.outlet else "The report"
    facts = [f'<a href="{escape(article)}">{outlet}</a>' if article else outlet]
    if delta.published_at:
        facts.append(f"published {as_moment(delta.published_at)}")
    if delta.by == "editor":
        facts.append(f"by an editor, {as_moment(delta.created_at)}")
    elif delta.revision > 1:
        facts.append(f"this version seen {as_moment(delta.created_at)}")
    if origin:
        facts.append(f"rests on <bdi>{_text(origin)}</bdi>")
    if delta.threads:
        facts.append("threads: " + ", ".join(_text(threads.get(name, name)) for name in delta.threads))
    parts.append(f"<p>{' · '.join(facts)}</p>")
    if delta.reason:
        parts.append(f"<p>Why: {_text(delta.reason)}</p>")
    parts += [f'<p><a href="{escape(page)}">This change with its evidence</a></p>', "</div>"]
    return "\n".join(parts)


def _text(text: str) -> str:
    return escape(clean(text))
