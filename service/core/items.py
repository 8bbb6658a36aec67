"""A recorded item: what `replay` and `eval` are fed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a recorded stream, plain text as it came."""

    id: str
    title: str
    summary: str = ""
    link: str | None = None
    source: str | None = None
    lang: str | None = None
    published_at: datetime | None = None
    date_only: bool = False
    first_seen_at: datetime | None = None
