"""How single values are stored, whatever row they stand in: instants as text, nested values as JSON.

PostgreSQL takes the same texts into `timestamptz` and `jsonb` columns, and its driver gives them back as values.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Protocol

from service.core.model import Mention, Span

Params = dict[str, str | int | float | None]


class Row(Protocol):
    """A row whose columns are read by name, as sqlite3.Row and dict are."""

    def __getitem__(self, name: str, /) -> Any:
        """Return the value of a column."""
        ...


def instant_text(at: datetime) -> str:
    """Return an aware instant as fixed-width UTC text, `2025-02-01T09:30:00.000000Z`."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone; instants must be aware")
    at = at if at.tzinfo is UTC else at.astimezone(UTC)
    return at.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def instant_from(stored: str | datetime) -> datetime:
    """Return the instant that `instant_text` wrote, as SQLite (text) or PostgreSQL (a value) gives it back."""
    return stored.astimezone(UTC) if isinstance(stored, datetime) else datetime.fromisoformat(stored)


def to_json(value: Any) -> str:
    """Return compact JSON with sorted keys: equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def from_json(stored: Any) -> Any:
    """Return the value that `to_json` wrote, as SQLite (text) or PostgreSQL (parsed) gives it back."""
    return json.loads(stored) if isinstance(stored, str) else stored


def optional_text(at: datetime | None) -> str | None:
    """Return an instant as text, None as None."""
    return None if at is None else instant_text(at)


def optional_instant(stored: str | datetime | None) -> datetime | None:
    """Return the instant that `optional_text` wrote."""
    return None if stored is None else instant_from(stored)


def span_out(span: Span | None) -> dict[str, Any] | None:
    """Return a span as a JSON value."""
    return None if span is None else {"field": span.field, "start": span.start, "end": span.end}


def span_in(value: dict[str, Any]) -> Span:
    """Return the span that `span_out` wrote."""
    return Span(field=value["field"], start=value["start"], end=value["end"])


def optional_span_in(value: dict[str, Any] | None) -> Span | None:
    """Return the span that `span_out` wrote, None as None."""
    return None if value is None else span_in(value)


def mention_out(mention: Mention) -> dict[str, Any]:
    """Return a mention as a JSON value."""
    return {"entity": mention.entity, "span": span_out(mention.span), "surface": mention.surface}


def mention_in(value: dict[str, Any]) -> Mention:
    """Return the mention that `mention_out` wrote."""
    return Mention(entity=value["entity"], span=span_in(value["span"]), surface=value["surface"])
