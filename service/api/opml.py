"""Lists of feeds as OPML 2.0: the ones we offer and the ones we poll. Pure; no dates, so same state, same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from service.api.text import clean, plain, redact_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from service.api.links import Links
    from service.core.model import Feed, Story


_VERSIONS = {"rss": "RSS2", "atom": "ATOM", "json": None}  # as OPML 2.0 and its readers name them


def _outline(text: str, **attributes: str | None) -> str:
    pairs = {"text": plain(text), "title": plain(text), **attributes}
    return "<outline " + " ".join(f"{name}={quoteattr(clean(value))}" for name, value in pairs.items() if value)


def _document(title: str, outlines: Iterable[str]) -> bytes:
    body = "".join(outlines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head>\n    <title>{escape(title)}</title>\n  </head>\n  <body>\n{body}  </body>\n</opml>\n"
    ).encode()


def our_feeds(stories: Sequence[Story], links: Links, fmt: str = "rss", token: str | None = None) -> bytes:
    """Return the output feeds in one format: one outline a story, with its threads below.

    One format, since who imports the list would otherwise read everything three times. OPML calls all of them `rss`.
    """
    outlines = []
    for story in stories:
        page = links.url(f"/stories/{story.id}")
        names: list[tuple[str, dict[str, str]]] = [(story.title, {})]
        names += [(f"{story.title}: {thread.title}", {"thread": thread.id}) for thread in story.threads]
        lines = [
            "      "
            + _outline(name, type="rss", version=_VERSIONS[fmt], xmlUrl=links.url(address), htmlUrl=page)
            + "/>\n"
            for name, filters in names
            for address in [links.feed_path(fmt, story.id, filters, more={"token": token} if token is not None else {})]
        ]
        outlines.append("    " + _outline(story.title) + ">\n" + "".join(lines) + "    </outline>\n")
    return _document("Aftermath: feeds", outlines)


def polled_feeds(feeds: Sequence[Feed]) -> bytes:
    """Return the polled feeds, credentials redacted."""
    outlines = [
        "    "
        + _outline(feed.title, type="rss", xmlUrl=redact_url(feed.url), language=feed.lang, category=feed.pole)
        + "/>\n"
        for feed in feeds
    ]
    return _document("Aftermath: polled feeds", outlines)
