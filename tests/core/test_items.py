"""A recorded item as a value."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from service.core.items import Item


def test_an_item_needs_only_an_id_and_a_title() -> None:
    item = Item(id="1", title="Ships leave the harbour")

    assert (item.summary, item.link, item.source, item.lang) == ("", None, None, None)
    assert (item.published_at, item.date_only, item.first_seen_at) == (None, False, None)


def test_items_with_the_same_values_are_the_same_and_never_change() -> None:
    values = {"id": "1", "title": "Ships leave", "published_at": datetime(2025, 1, 1, tzinfo=UTC)}
    item = Item(**values)  # type: ignore[arg-type]

    assert item == Item(**values)  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.title = "Ships stay"  # type: ignore[misc]
