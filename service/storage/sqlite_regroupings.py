"""Editors' orders to split and merge developments, in SQLite. The caller holds the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.storage.rows import regrouping_from, regrouping_params

if TYPE_CHECKING:
    from sqlite_utils import Database

    from service.core.model import Regrouping


def save_regrouping(db: Database, order: Regrouping) -> None:
    """Append an order unless it is there."""
    db.execute(
        """
        INSERT INTO regroupings (id, seq, story, kind, development, target, entries, note, ordered_at)
        SELECT
            :id, coalesce(max(seq), 0) + 1, :story, :kind, :development, :target, :entries, :note, :ordered_at
        FROM regroupings WHERE true
        ON CONFLICT (id) DO NOTHING
        """,
        regrouping_params(order),
    )


def regroupings(db: Database, story: str) -> list[Regrouping]:
    """Return the orders of a story after the last one followed, oldest first."""
    rows = db.execute(
        """
        SELECT * FROM regroupings
        WHERE story = :story AND seq > coalesce((
            SELECT max(followed.seq) FROM regroupings AS followed JOIN deltas ON deltas.id = followed.id
            WHERE followed.story = :story
        ), 0)
        ORDER BY seq
        """,
        {"story": story},
    )
    return [regrouping_from(row) for row in rows]
