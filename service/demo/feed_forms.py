"""A sample feed as a publisher would write it: RSS 2.0, Atom or JSON Feed, and the page behind an item.

Written by hand and not with the service's own renderers, so that what is polled does not depend on what is served.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from service.demo.samples import SampleFeed, ShownItem

CONTENT_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}
RTL = frozenset({"ar", "fa", "he"})
_NOTE = "Invented for the demonstration of Aftermath"


def feed_body(feed: SampleFeed, shown: Sequence[ShownItem], site: str) -> bytes:
    """Return a feed document.

    Args:
        feed: The feed.
        shown: What it shows, newest first.
        site: Address of the sample site, without a trailing slash.
    """
    text = {"rss": _rss, "atom": _atom, "json": _json}[feed.form](feed, shown, site)
    return text.encode()


def item_page(feed: SampleFeed, shown: ShownItem) -> str:
    """Return the page that an item links to."""
    item = shown.item
    direction = "rtl" if feed.lang in RTL else "ltr"
    return (
        f'<!doctype html><html lang="{feed.lang}" dir="{direction}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(item.title)}</title>"
        "<style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem}</style>"
        f'<p lang="en" dir="ltr"><strong>{_NOTE}.</strong> Nothing here happened.</p>'
        f"<p>{escape(feed.title)} · <time>{shown.published_at:%Y-%m-%d %H:%M}</time> UTC</p>"
        f"<h1>{escape(item.title)}</h1><p>{escape(item.summary)}</p></html>"
    )


def _link(shown: ShownItem, site: str) -> str:
    return f"{site}/{shown.item.key}"


def _rss(feed: SampleFeed, shown: Sequence[ShownItem], site: str) -> str:
    items = "".join(
        f"<item><title>{escape(each.item.title)}</title>"
        f"<description>{escape(each.item.summary)}</description>"
        f"<link>{_link(each, site)}</link>"
        f'<guid isPermaLink="false">{each.item.key}</guid>'
        f"<pubDate>{format_datetime(each.published_at, usegmt=True)}</pubDate></item>"
        for each in shown
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(feed.title)}</title><link>{site}/</link><description>{_NOTE}</description>"
        f"<language>{feed.lang}</language>{items}</channel></rss>"
    )


def _atom(feed: SampleFeed, shown: Sequence[ShownItem], site: str) -> str:
    entries = "".join(
        f"<entry><id>urn:sample:{each.item.feed}:{each.item.id}</id><title>{escape(each.item.title)}</title>"
        f'<link rel="alternate" href="{_link(each, site)}"/>'
        f"<published>{_stamp(each.published_at)}</published><updated>{_stamp(each.updated_at)}</updated>"
        f"<summary>{escape(each.item.summary)}</summary></entry>"
        for each in shown
    )
    newest = max((each.updated_at for each in shown), default=None)
    updated = f"<updated>{_stamp(newest)}</updated>" if newest else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.lang}">'
        f"<id>urn:sample:{feed.id}</id><title>{escape(feed.title)}</title><subtitle>{_NOTE}</subtitle>"
        f'<link rel="self" href="{site}{feed.path}"/>{updated}{entries}</feed>'
    )


def _json(feed: SampleFeed, shown: Sequence[ShownItem], site: str) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": _NOTE,
        "home_page_url": f"{site}/",
        "language": feed.lang,
        "items": [
            {
                "id": each.item.key,
                "url": _link(each, site),
                "title": each.item.title,
                "content_text": each.item.summary,
                "date_published": _stamp(each.published_at),
                "date_modified": _stamp(each.updated_at),
            }
            for each in shown
        ],
    }
    return json.dumps(document, ensure_ascii=False)


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
