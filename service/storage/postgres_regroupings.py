"""Editors' orders to split and merge developments, in PostgreSQL. The caller holds the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.storage.rows import regrouping_from, regrouping_params

if TYPE_CHECKING:
    from service.core.model import Regrouping
    from service.storage.postgres_connections import Connection


async def save_regrouping(db: Connection, order: Regrouping) -> None:
    """Append an order unless it is there."""
    await db.execute("LOCK TABLE regroupings IN SHARE ROW EXCLUSIVE MODE")  # no place is given out twice
    await db.execute(
        """
        INSERT INTO regroupings (id, seq, story, kind, development, target, entries, note, ordered_at)
        SELECT
            %(id)s::text, coalesce(max(seq), 0) + 1, %(story)s::text, %(kind)s::text, %(development)s::text,
            %(target)s::text, %(entries)s::jsonb, %(note)s::text, %(ordered_at)s::timestamptz
        FROM regroupings
        ON CONFLICT (id) DO NOTHING
        """,
        regrouping_params(order),
    )


async def regroupings(db: Connection, story: str) -> list[Regrouping]:
    """Return the orders of a story after the last one followed, oldest first."""
    rows = await db.execute(
        """
        SELECT * FROM regroupings
        WHERE story = %(story)s AND seq > coalesce((
            SELECT max(followed.seq) FROM regroupings AS followed JOIN deltas ON deltas.id = followed.id
            WHERE followed.story = %(story)s
        ), 0)
        ORDER BY seq
        """,
        {"story": story},
    )
    return [regrouping_from(row) async for row in rows]
