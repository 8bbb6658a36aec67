"""A FeedDocument as RSS 2.0. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from service.api.links import FORMATS
from service.api.text import rfc822

if TYPE_CHECKING:
    from service.api.documents import FeedDocument, FeedItem

TTL_MINUTES = 5


def render_rss(document: FeedDocument) -> bytes:
    """Return the document as RSS bytes."""
    atom_links = "".join(
        f'    <atom:link rel="{"self" if fmt == "rss" else "alternate"}" '
        f'type="{FORMATS[fmt]}" href={quoteattr(document.selves[fmt])}/>\n'
        for fmt in FORMATS
    )
    channel = (
        f"    <title>{escape(document.title)}</title>\n"
        f"    <link>{escape(document.home)}</link>\n"
        f"    <description>{escape(document.description)}</description>\n"
        f"    <language>en</language>\n"
        f"    <lastBuildDate>{rfc822(document.updated)}</lastBuildDate>\n"
        f"    <generator>Aftermath</generator>\n"
        f"    <docs>https://www.rssboard.org/rss-specification</docs>\n"
        f"    <ttl>{TTL_MINUTES}</ttl>\n" + atom_links
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"  <channel>\n{channel}{''.join(map(_item, document.items))}  </channel>\n</rss>\n"
    ).encode()


def _item(item: FeedItem) -> str:
    categories = "".join(
        f"      <category domain={quoteattr(category.scheme)}>{escape(category.term)}</category>\n"
        for category in item.categories
    )
    creator = f"      <dc:creator>{escape(item.outlet)}</dc:creator>\n" if item.outlet else ""
    return (
        "    <item>\n"
        f"      <title>{escape(item.title)}</title>\n"
        f"      <link>{escape(item.link)}</link>\n"
        f'      <guid isPermaLink="false">{escape(item.id)}</guid>\n'
        f"      <pubDate>{rfc822(item.created_at)}</pubDate>\n"
        f"{creator}{categories}"
        f"      <description>{escape(item.html)}</description>\n"
        "    </item>\n"
    )
