"""Feeds as they start out, the same in every database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.ids import feed_id
from service.core.model import Feed, FeedSpec
from service.storage.rows import Params, feed_params

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# Also the mark by which a feed that returns to the file is told from one that was switched off by hand.
LEFT_THE_FILE = "left the feeds file"
DELETED_BY_HAND = "deleted by hand"


def new_feeds(specs: Iterable[FeedSpec], now: datetime, *, source: str | None = None) -> list[Params]:
    """Return rows for feeds as they start out; of specs with the same URL the first counts."""
    rows: dict[str, Params] = {}
    for spec in specs:
        new = Feed(
            id=feed_id(spec.url),
            url=spec.url,
            title=spec.title,
            lang=spec.lang,
            pole=spec.pole,
            source=spec.source,
            next_poll_at=now,
        )
        rows.setdefault(new.id, feed_params(new) | ({"source": source} if source else {}))
    return list(rows.values())
