"""A FeedDocument as JSON Feed 1.1. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from service.api.text import rfc3339

if TYPE_CHECKING:
    from service.api.documents import FeedDocument, FeedItem


def render_jsonfeed(document: FeedDocument) -> bytes:
    """Return the document as JSON Feed bytes."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "description": document.description,
        "home_page_url": document.home,
        "feed_url": document.selves["json"],
        "language": "en",
        "authors": [{"name": "Aftermath", "url": document.home}],
        **({"next_url": document.older["json"]} if document.older else {}),
        **({"hubs": [{"type": "WebSub", "url": document.hub}]} if document.hub else {}),
        "items": [_item(item, document.schema) for item in document.items],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _item(item: FeedItem, schema: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": item.id,
        "url": item.page,
        "title": item.title,
        "summary": item.line,
        "content_html": item.html,
        "date_published": rfc3339(item.created_at),
        "tags": [category.term for category in item.categories],
        "_aftermath": {"about": schema, "delta": item.delta.model_dump(mode="json")},
    }
    if item.article:
        entry["external_url"] = item.article
    if item.outlet:
        entry["authors"] = [{"name": item.outlet}]
    if item.lang:
        entry["language"] = item.lang
    return entry
