"""Recorded items: one JSON object a line, checked; a bad line is an error that names file, line and remedy."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from service.core.errors import Invalid
from service.core.instants import in_utc
from service.core.items import Item
from service.loading.text_files import ENCODING, UNREADABLE, unreadable


def _is_a_day(value: object) -> bool:
    return isinstance(value, str) and len(value) == len("2024-12-11")


def _whole_day(value: object) -> object:
    return f"{value}T00:00:00Z" if _is_a_day(value) else value


_Instant = Annotated[datetime, BeforeValidator(_whole_day), AfterValidator(in_utc)]


class ItemLine(BaseModel):
    """A recorded item as JSON."""

    model_config = ConfigDict(extra="ignore", frozen=True)  # corpora carry further keys

    id: Annotated[str, Field(min_length=1, max_length=200)]
    title: str
    summary: str | None = None
    link: str | None = None
    source: str | None = None
    lang: str | None = None
    published: _Instant | None = None
    first_seen: _Instant | None = None
    date_only: bool = False  # set by the validator: `published` is a day

    @model_validator(mode="before")
    @classmethod
    def _notice_a_day(cls, row: object) -> object:
        return {**row, "date_only": _is_a_day(row.get("published"))} if isinstance(row, dict) else row

    def as_item(self) -> Item:
        """Return the item."""
        return Item(
            id=self.id,
            title=self.title,
            summary=self.summary or "",
            link=self.link,
            source=self.source,
            lang=self.lang,
            published_at=self.published,
            date_only=self.date_only,
            first_seen_at=self.first_seen,
        )


def read_items(path: Path) -> Iterator[Item]:
    """Yield the items of a .jsonl or .jsonl.gz file in order.

    Raises:
        Invalid: The file cannot be read or a line is no item.
    """
    try:
        with (
            gzip.open(path, "rt", encoding=ENCODING) if path.suffix == ".gz" else path.open(encoding=ENCODING) as lines
        ):
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _item(path, number, line)
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def _item(path: Path, number: int, line: str) -> Item:
    try:
        return ItemLine.model_validate_json(line).as_item()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the line"
        remedy = (
            'an item is {"id": …, "title": …, "summary"?, "link"?, "source"?, "lang"?, "published"?, "first_seen"?}'
        )
        raise Invalid(f"{path}:{number}: {place}: {first['msg']}; {remedy}") from error
