"""A FeedDocument as RSS 2.0, with archives (RFC 5005) through atom:link. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from service.api.text import rfc822, rfc3339

if TYPE_CHECKING:
    from service.api.documents import FeedDocument, FeedItem

TTL_MINUTES = 5
_NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:fh="http://purl.org/syndication/history/1.0"'
)


def render_rss(document: FeedDocument) -> bytes:
    """Return the document as RSS bytes."""
    atom_links = "".join(
        f'    <atom:link rel="{rel}"{f" type={quoteattr(kind)}" if kind else ""} href={quoteattr(address)}/>\n'
        for rel, kind, address in document.links("rss")
    )
    archive = "    <fh:archive/>\n" if document.current else ""
    channel = (
        f"    <title>{escape(document.title)}</title>\n"
        f"    <link>{escape(document.home)}</link>\n"
        f"    <description>{escape(document.description)}</description>\n"
        f"    <language>en</language>\n"
        f"    <lastBuildDate>{rfc822(document.updated)}</lastBuildDate>\n"
        f"    <generator>Aftermath</generator>\n"
        f"    <docs>https://www.rssboard.org/rss-specification</docs>\n"
        f"    <ttl>{TTL_MINUTES}</ttl>\n" + atom_links + archive
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rss version="2.0" {_NAMESPACES}>\n'
        f"  <channel>\n{channel}{''.join(map(_item, document.items))}  </channel>\n</rss>\n"
    ).encode()


def _item(item: FeedItem) -> str:
    categories = "".join(
        f"      <category domain={quoteattr(category.scheme)}>{escape(category.term)}</category>\n"
        for category in item.categories
    )
    written = f"      <dcterms:created>{rfc3339(item.published_at)}</dcterms:created>\n" if item.published_at else ""
    source = item.source
    named = f"      <source url={quoteattr(source.address)}>{escape(source.title)}</source>\n" if source else ""
    creator = f"      <dc:creator>{escape(item.outlet)}</dc:creator>\n" if item.outlet else ""
    return (
        "    <item>\n"
        f"      <title>{escape(item.title)}</title>\n"
        f"      <link>{escape(item.link)}</link>\n"
        f'      <guid isPermaLink="false">{escape(item.id)}</guid>\n'
        f"      <pubDate>{rfc822(item.created_at)}</pubDate>\n"
        f"{written}{creator}{named}{categories}"
        f"      <description>{escape(item.html)}</description>\n"
        "    </item>\n"
    )
