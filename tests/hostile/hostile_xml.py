"""What hostile documents are made of: the record of one, and RSS around raw XML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OK: Final = "ok"
XML: Final = "application/rss+xml"
HEADLINE: Final = "Ruritanian navy withdraws from Strelsau harbour"  # follows up on the small story
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One hostile document.

    Args:
        name: Its path.
        body: What is sent.
        outcomes: Error classes of which one must be recorded for its feed; `ok` for none.
        content_type: As sent.
        titles: Titles that must be read from it, exactly.
    """

    name: str
    body: bytes
    outcomes: frozenset[str]
    content_type: str = XML
    titles: tuple[str, ...] = ()


def rss(items: str, *, head: str = "", channel: str = "") -> str:
    """Return an RSS document around raw XML."""
    return (
        f'{DECLARATION}{head}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel><title>A channel</title>'
        f"<link>https://hostile.test/</link><description>x</description>{channel}{items}</channel></rss>"
    )


def item(
    title: str = HEADLINE, *, link: str = "https://hostile.test/a", guid: str = "", date: str = "", more: str = ""
) -> str:
    """Return one item around raw XML."""
    parts = [f"<title>{title}</title>", f"<link>{link}</link>" if link else ""]
    parts += [f'<guid isPermaLink="false">{guid}</guid>' if guid else "", f"<pubDate>{date}</pubDate>" if date else ""]
    return f"<item>{''.join(parts)}{more}</item>"


def document(
    name: str, body: str | bytes, *outcomes: str, content_type: str = XML, titles: tuple[str, ...] = ()
) -> Document:
    """Return a document; without outcomes it must be read without an error."""
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return Document(
        name=name, body=content, outcomes=frozenset(outcomes or (OK,)), content_type=content_type, titles=titles
    )
