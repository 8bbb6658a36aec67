"""What PostgreSQL forgets, entry by entry. The caller holds the transaction; freed space is the server's own business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from service.storage.postgres_connections import Connection

_POSITION: Final = "retention"  # the cursor of what was looked at


async def age_out(db: Connection, stories_key: str, before: datetime, limit: int) -> int:
    """Look at the next entry revisions seen before `before`, delete what led to nothing; return how many were looked at."""
    await db.execute(
        "INSERT INTO cursors (name, seq) VALUES (%(name)s, 0) ON CONFLICT (name) DO NOTHING", {"name": _POSITION}
    )
    # Locked to the commit: replicas take turns.
    place = await (
        await db.execute("SELECT seq FROM cursors WHERE name = %(name)s FOR UPDATE", {"name": _POSITION})
    ).fetchone()
    assert place is not None
    found = await db.execute(
        """
        SELECT seq, entry_id, revision, seen_at FROM entries
        WHERE seq > %(after)s AND seq <= coalesce((SELECT seq FROM cursors WHERE name = %(matched)s), 0)
        ORDER BY seq
        LIMIT %(limit)s
        """,
        {"after": place["seq"], "matched": stories_key, "limit": limit},
    )
    old = []
    async for row in found:
        if row["seen_at"] >= before:
            break
        old.append(row)
    if not old:
        return 0
    # An entry goes as a whole, at the turn of its newest revision; an edit keeps its story together.
    led_nowhere = await db.execute(
        """
        SELECT entry_id FROM entry_heads JOIN unnest(%(ids)s::text[], %(revisions)s::integer[])
            AS looked (id, revision) ON looked.id = entry_id AND looked.revision = entry_heads.revision
        WHERE NOT EXISTS (SELECT 1 FROM judgements WHERE judgements.entry_id = entry_heads.entry_id)
            AND NOT EXISTS (
                SELECT 1 FROM decisions
                WHERE decisions.entry_id = entry_heads.entry_id AND (
                    relevant OR outcome NOT IN ('rejected', 'context') OR compared_seq IS NOT NULL
                )
            )
        """,
        {"ids": [row["entry_id"] for row in old], "revisions": [row["revision"] for row in old]},
    )
    gone = {"ids": [row["entry_id"] async for row in led_nowhere]}
    await db.execute(
        """
        WITH forgotten AS (DELETE FROM decisions WHERE entry_id = ANY (%(ids)s) RETURNING story)
        UPDATE story_versions SET version = version + 1 WHERE story IN (SELECT story FROM forgotten)
        """,
        gone,
    )
    await db.execute("DELETE FROM entries WHERE entry_id = ANY (%(ids)s)", gone)
    # The head stays with the keys that point to it: a feed that still shows the entry must not bring it back as new.
    await db.execute("UPDATE entry_heads SET search_text = '' WHERE entry_id = ANY (%(ids)s)", gone)
    await db.execute(
        "UPDATE cursors SET seq = %(seq)s WHERE name = %(name)s", {"name": _POSITION, "seq": old[-1]["seq"]}
    )
    return len(old)


async def forgotten_up_to(db: Connection) -> int:
    """Return up to where `age_out` has looked."""
    found = await db.execute("SELECT seq FROM cursors WHERE name = %(name)s", {"name": _POSITION})
    row = await found.fetchone()
    return int(row["seq"]) if row else 0
