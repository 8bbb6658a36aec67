"""A parsed document with its items in their places, and its form on the pipe between us and the parsing process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from service.core.model import ParsedEntry, ParsedFeed, PollHints

MAX_ENTRIES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was read: one item for each in the document, None for an item without text."""

    title: str
    lang: str | None
    items: tuple[ParsedEntry | None, ...]
    hints: PollHints = field(default_factory=PollHints)
    sound: bool = False  # well-formed XML with no more than MAX_ENTRIES items

    def feed(self) -> ParsedFeed:
        """Return it as the steps know it."""
        entries = tuple(item for item in self.items if item is not None)
        return ParsedFeed(title=self.title, lang=self.lang, entries=entries, hints=self.hints)


def document_to(document: Document) -> dict[str, Any]:
    """Return a document as JSON values."""
    hints = document.hints
    return {
        "title": document.title,
        "lang": document.lang,
        "hints": [hints.wait.total_seconds(), hints.skip_hours, hints.skip_days],
        "sound": document.sound,
        "items": [None if item is None else entry_to(item) for item in document.items],
    }


def document_from(values: dict[str, Any]) -> Document:
    """Return the document that `document_to` wrote."""
    wait_s, hours, days = values["hints"]
    return Document(
        title=values["title"],
        lang=values["lang"],
        hints=PollHints(wait=timedelta(seconds=wait_s), skip_hours=tuple(hours), skip_days=tuple(days)),
        sound=values["sound"],
        items=tuple(None if item is None else entry_from(item) for item in values["items"]),
    )


def entry_to(entry: ParsedEntry) -> dict[str, Any]:
    """Return an entry as JSON values."""
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "lang": entry.lang,
        "outlet": entry.outlet,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "date_only": entry.date_only,
    }


def entry_from(values: dict[str, Any]) -> ParsedEntry:
    """Return the entry that `entry_to` wrote."""
    published = values["published_at"]
    return ParsedEntry(**{**values, "published_at": datetime.fromisoformat(published) if published else None})
