"""Editors' orders to split and merge developments."""

from __future__ import annotations

from service.core.model import Regrouping
from service.storage.rows.values import Params, Row, from_json, instant_from, instant_text, to_json


def regrouping_params(order: Regrouping) -> Params:
    """Return the columns of an order, but for its place."""
    return {
        "id": order.id,
        "story": order.story,
        "kind": order.kind,
        "development": order.development,
        "target": order.into,
        "entries": to_json(order.entries),
        "note": order.note,
        "ordered_at": instant_text(order.ordered_at),
    }


def regrouping_from(row: Row) -> Regrouping:
    """Return the order of a row."""
    return Regrouping(
        id=row["id"],
        story=row["story"],
        kind=row["kind"],
        development=row["development"],
        into=row["target"],
        entries=tuple(from_json(row["entries"])),
        note=row["note"],
        ordered_at=instant_from(row["ordered_at"]),
    )
