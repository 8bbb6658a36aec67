"""One value for all three feed formats: deltas in, a FeedDocument out. The renderers add no facts of their own.

Everything here is a function of deltas and story file, so the same state gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from service.api.links import FORMATS, Links, is_web_url
from service.api.text import clean, direction, lang_tag, plain, rfc3339, type_label
from service.api.wire import DeltaOut
from service.core.model import Change, Delta, DeltaType, Story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LONGEST_FEED = 50
DEMO_NOTE = "Demonstration: sample feeds, invented reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A tag of an item: what kind it is, its id, and its name for people."""

    scheme: str  # "type", "thread" or "entity"
    term: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One delta as a feed item. All text is clean; `title` is plain text."""

    id: str  # tag: URI
    title: str
    line: str
    link: str  # the publisher's article, else our page
    page: str
    article: str | None
    created_at: datetime
    outlet: str | None
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
    selves: dict[str, str]  # format → address of this feed in it
    schema: str  # address of the delta schema
    updated: datetime  # newest item's created_at; the story's as_of when there is none
    items: tuple[FeedItem, ...]


def feed_document(
    deltas: Sequence[Delta], *, story: Story, filters: dict[str, str], links: Links, demo: bool
) -> FeedDocument:
    """Return the feed of the newest deltas.

    Args:
        deltas: Newest first by seq, already filtered; at most 50 are used.
        story: What they belong to.
        filters: `thread`, `type` and `lang` as asked for; part of the feed's title, id and addresses.
        links: Where things are.
        demo: Mark the feed as a demonstration.
    """
    shown = deltas[:LONGEST_FEED]
    threads = {thread.id: thread.title for thread in story.threads}
    names = [plain(threads.get(filters["thread"], filters["thread"]))] if "thread" in filters else []
    names += [type_label(filters["type"])] if "type" in filters else []
    names += [filters["lang"]] if "lang" in filters else []
    title = plain(story.title) + (f" ({', '.join(names)})" if names else "")
    about = (
        f"What reports published after {story.as_of:%d %B %Y} add to or change in "
        f"“{plain(story.headline)}” ({plain(story.outlet)})."
    )
    return FeedDocument(
        id=links.tag(story, "/".join(["feed", *(f"{name}/{value}" for name, value in sorted(filters.items()))])),
        title=f"[Demonstration] {title}" if demo else title,
        description=f"{DEMO_NOTE}. {about}" if demo else about,
        home=links.url(f"/stories/{story.id}"),
        selves={fmt: links.url(links.feed_path(fmt, story.id, filters)) for fmt in FORMATS},
        schema=links.url("/schemas/delta.json"),
        updated=max((delta.created_at for delta in shown), default=story.as_of),
        items=tuple(feed_item(delta, story=story, links=links) for delta in shown),
    )


def feed_item(delta: Delta, *, story: Story, links: Links) -> FeedItem:
    """Return one delta as a feed item."""
    entities = {entity.id: entity for entity in story.entities}
    out = DeltaOut.from_model(delta, entities)
    page = links.page(delta.id)
    article = delta.url if is_web_url(delta.url) else None
    threads = {thread.id: plain(thread.title) for thread in story.threads}
    categories = [Category(scheme="type", term=delta.type.value, label=type_label(delta.type))]
    categories += [Category(scheme="thread", term=name, label=threads.get(name, name)) for name in delta.threads]
    for mention in out.entities:
        category = Category(scheme="entity", term=mention.id, label=plain(mention.name))
        if category not in categories:
            categories.append(category)
    return FeedItem(
        id=links.tag(story, delta.id),
        title=f"[{type_label(delta.type)}] {plain(delta.headline) or plain(delta.line)}",
        line=plain(delta.line),
        link=article or page,
        page=page,
        article=article,
        created_at=delta.created_at,
        outlet=plain(delta.outlet) or None if delta.outlet else None,
        lang=lang_tag(delta.lang),
        categories=tuple(categories),
        html=describe(delta, threads=threads, page=page),
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


def describe(delta: Delta, *, threads: dict[str, str], page: str) -> str:
    """Return a delta as a fragment of HTML: the English line, what changed, the words that carry it, and why."""
    lang = lang_tag(delta.lang)
    spoken = (f' lang="{lang}"' if lang else "") + f' dir="{direction(lang)}"'
    parts = [f"<p><strong>{_text(delta.line)}</strong></p>"]
    parts.extend(_sides(change) for change in delta.changes)
    parts.extend(f"<blockquote{spoken}>{_text(quote.quote)}</blockquote>" for quote in delta.added)
    facts = [_text(delta.outlet)] if delta.outlet else []
    if delta.published_at:
        facts.append(f"published {rfc3339(delta.published_at)}")
    if delta.threads:
        facts.append("threads: " + ", ".join(_text(threads.get(name, name)) for name in delta.threads))
    if facts:
        parts.append(f"<p>{' · '.join(facts)}</p>")
    if delta.reason:
        parts.append(f"<p>Why: {_text(delta.reason)}</p>")
    parts.append(f'<p><a href="{escape(page)}">This change with its evidence</a></p>')
    return "\n".join(parts)


def _text(text: str) -> str:
    return escape(clean(text))
