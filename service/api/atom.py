"""A FeedDocument as Atom 1.0 (RFC 4287): threading (RFC 4685), archives (RFC 5005), tombstones (RFC 6721). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from service.api.text import rfc3339

if TYPE_CHECKING:
    from datetime import datetime

    from service.api.documents import FeedDocument, FeedItem

_NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:fh="http://purl.org/syndication/history/1.0"'
)
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # named where used: the W3C validator does not know it


def render_atom(document: FeedDocument, *, tombstones: bool = False) -> bytes:
    """Return the document as Atom bytes.

    Args:
        document: What it says.
        tombstones: Say of withdrawn items, too, that they are deleted. A reader that follows it drops an item that all
            others keep beside its retraction, so it must be asked for.
    """
    links = "".join(
        f'  <link rel="{rel}"{f" type={quoteattr(kind)}" if kind else ""} href={quoteattr(address)}/>\n'
        for rel, kind, address in document.links("atom")
    )
    archive = "  <fh:archive/>\n" if document.current else ""
    deleted = "".join(
        f"  <at:deleted-entry xmlns:at={quoteattr(_TOMBSTONES)} ref={quoteattr(item.replaces)} when={quoteattr(rfc3339(item.created_at))}/>\n"
        for item in document.items
        if tombstones and item.retracts and item.replaces
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed {_NAMESPACES} xml:lang="en">\n'
        f"  <id>{escape(document.id)}</id>\n"
        f"  <title>{escape(document.title)}</title>\n"
        f"  <subtitle>{escape(document.description)}</subtitle>\n"
        f"  <updated>{rfc3339(max(map(_told_apart, document.items), default=document.updated))}</updated>\n"
        "  <author><name>Aftermath</name></author>\n"
        "  <generator>Aftermath</generator>\n"
        f'  <link rel="alternate" type="text/html" href={quoteattr(document.home)}/>\n'
        f"{links}{archive}{deleted}{''.join(map(_entry, document.items))}</feed>\n"
    ).encode()


def _entry(item: FeedItem) -> str:
    language = f" xml:lang={quoteattr(item.title_lang)}" if item.title_lang else ""
    author = f"    <author><name>{escape(item.outlet)}</name></author>\n" if item.outlet else ""
    related = f'    <link rel="related" type="text/html" href={quoteattr(item.page)}/>\n' if item.article else ""
    reply = f"    <thr:in-reply-to ref={quoteattr(item.replaces)}/>\n" if item.replaces else ""
    at = rfc3339(_told_apart(item))
    categories = "".join(
        f"    <category scheme={quoteattr(f'urn:aftermath:{category.scheme}')} "
        f"term={quoteattr(category.term)} label={quoteattr(category.label)}/>\n"
        for category in item.categories
    )
    return (
        "  <entry>\n"
        f"    <id>{escape(item.id)}</id>\n"
        f"    <title{language}>{escape(item.title)}</title>\n"
        f'    <link rel="alternate" href={quoteattr(item.link)}/>\n'
        f"{related}{reply}"
        f"    <published>{at}</published>\n"
        f"    <updated>{at}</updated>\n"
        f"{author}{categories}{_source(item)}"
        f"    <summary>{escape(item.line)}</summary>\n"
        f'    <content type="html">{escape(item.html)}</content>\n'
        "  </entry>\n"
    )


def _source(item: FeedItem) -> str:
    """Name the feed that brought the report. Its own id is not known, its address stands for it."""
    source = item.source
    if source is None:
        return ""
    return (
        "    <source>\n"
        f"      <id>{escape(source.address)}</id>\n"
        f"      <title>{escape(source.title)}</title>\n"
        f"      <updated>{rfc3339(item.published_at or item.created_at)}</updated>\n"
        f'      <link rel="self" href={quoteattr(source.address)}/>\n'
        "    </source>\n"
    )


def _told_apart(item: FeedItem) -> datetime:
    """Return when an item was published, with its seq in the microseconds.

    What one step publishes shares an instant, and readers that sort by `updated` would shuffle it.
    """
    at = item.created_at
    return at.replace(microsecond=at.microsecond // 1000 * 1000 + item.delta.seq % 1000)
