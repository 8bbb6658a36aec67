"""What readers are served from PostgreSQL: the delta ledger, developments, later facts and fixed settings.

Reads only, but for a setting's first use. The caller holds the transaction.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from service.ports import DeltaFilter, LedgerCounts, LedgerState
from service.storage.rows import delta_from, development_from, fact_from, instant_from, instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from service.core.model import Delta, Development, Fact
    from service.storage.postgres_connections import Connection


async def ledger_state(db: Connection, story: str) -> LedgerState:
    """Return where the story's ledger stands, all of it from one snapshot."""
    row = await (
        await db.execute(
            """
            SELECT settings.value AS epoch, newest.seq, newest.created_at,
                coalesce(versions.version, 0) AS version,
                coalesce(versions.judged, 0) AS judged,
                coalesce(versions.compared, 0) AS compared
            FROM settings
            LEFT JOIN LATERAL (
                SELECT seq, created_at FROM deltas WHERE story = %(story)s ORDER BY seq DESC LIMIT 1
            ) AS newest ON true
            LEFT JOIN story_versions AS versions ON versions.story = %(story)s
            WHERE settings.name = 'epoch'
            """,
            {"story": story},
        )
    ).fetchone()
    assert row is not None  # the first migration named the ledger
    return LedgerState(
        epoch=row["epoch"],
        seq=row["seq"] or 0,
        changed_at=None if row["created_at"] is None else instant_from(row["created_at"]),
        version=row["version"],
        judged=row["judged"],
        compared=row["compared"],
    )


_FILTER = """
    AND (%(thread)s::text IS NULL OR threads ? %(thread)s::text)
    AND (%(entity)s::text IS NULL OR entities ? %(entity)s::text)
    AND (%(type)s::text IS NULL OR type = %(type)s::text)
    AND (%(lang)s::text IS NULL OR lang = %(lang)s::text)
    AND (%(min_score)s::float8 IS NULL OR score >= %(min_score)s::float8)
"""
# The text is put together from constants only, hence the noqa: values come as parameters.
_ASCENDING = f"""
    SELECT seq, payload FROM deltas WHERE story = %(story)s AND seq > %(after)s {_FILTER}
    ORDER BY seq LIMIT %(limit)s
"""  # noqa: S608
_DESCENDING = f"""
    SELECT seq, payload FROM deltas WHERE story = %(story)s AND seq < %(after)s {_FILTER}
    ORDER BY seq DESC LIMIT %(limit)s
"""  # noqa: S608
_COUNT = f"SELECT count(*) AS found FROM deltas WHERE story = %(story)s {_FILTER}"  # noqa: S608
_AT = f"""
    SELECT seq, payload FROM deltas WHERE story = %(story)s {_FILTER}
    ORDER BY seq LIMIT %(limit)s OFFSET %(start)s
"""  # noqa: S608
COPY_MARK = "copy_of"  # a setting: these ledgers are a copy (storage/moving.py) on which no service has worked yet
_NO_BOUND = 2**63 - 1  # the highest bigint


async def deltas_after(
    db: Connection, story: str, after: int, limit: int, where: DeltaFilter, *, descending: bool = False
) -> list[Delta]:
    """Return deltas after the position `after`, or before it when `descending` (0 for no bound)."""
    bound = (after or _NO_BOUND) if descending else after
    rows = await db.execute(
        _DESCENDING if descending else _ASCENDING,
        {"story": story, "after": bound, "limit": limit, **asdict(where)},
    )
    return [delta_from(row) async for row in rows]


async def delta_count(db: Connection, story: str, where: DeltaFilter) -> int:
    """Return how many deltas of a story pass the filter."""
    row = await (await db.execute(_COUNT, {"story": story, **asdict(where)})).fetchone()
    return int(row["found"]) if row else 0


async def deltas_at(db: Connection, story: str, start: int, limit: int, where: DeltaFilter) -> list[Delta]:
    """Return deltas by their place among those that pass the filter, 0 for the oldest."""
    rows = await db.execute(_AT, {"story": story, "start": start, "limit": limit, **asdict(where)})
    return [delta_from(row) async for row in rows]


async def delta(db: Connection, delta_id: str) -> Delta | None:
    """Return one delta or None."""
    row = await (await db.execute("SELECT seq, payload FROM deltas WHERE id = %(id)s", {"id": delta_id})).fetchone()
    return None if row is None else delta_from(row)


async def developments(db: Connection, story: str, limit: int, before: datetime | None = None) -> list[Development]:
    """Return developments, newest `last_at` first, strictly before `before` when given."""
    rows = await db.execute(
        """
        SELECT * FROM developments
        WHERE story = %(story)s AND (%(before)s::timestamptz IS NULL OR last_at < %(before)s::timestamptz)
        ORDER BY last_at DESC, id DESC
        LIMIT %(limit)s
        """,
        {"story": story, "before": None if before is None else instant_text(before), "limit": limit},
    )
    return [development_from(row) async for row in rows]


async def development(db: Connection, development_id: str) -> Development | None:
    """Return one development or None."""
    row = await (await db.execute("SELECT * FROM developments WHERE id = %(id)s", {"id": development_id})).fetchone()
    return None if row is None else development_from(row)


async def facts(db: Connection, story: str) -> list[Fact]:
    """Return the facts that deltas brought, oldest first."""
    rows = await db.execute("SELECT payload FROM facts WHERE story = %(story)s ORDER BY seq", {"story": story})
    return [fact_from(row) async for row in rows]


async def setting(db: Connection, name: str, default: str) -> str:
    """Return a stored value; store `default` if there is none."""
    await db.execute(
        "INSERT INTO settings (name, value) VALUES (%(name)s, %(value)s) ON CONFLICT (name) DO NOTHING",
        {"name": name, "value": default},
    )
    row = await (await db.execute("SELECT value FROM settings WHERE name = %(name)s", {"name": name})).fetchone()
    return default if row is None else str(row["value"])


async def end_copying(db: Connection) -> None:
    """Make a copy a ledger in its own right: from now on nothing may be copied over it."""
    await db.execute("DELETE FROM settings WHERE name = %(name)s", {"name": COPY_MARK})


async def counts(db: Connection) -> LedgerCounts:
    """Return how many rows the ledgers hold."""
    row = await (
        await db.execute(
            """
            SELECT
                (SELECT count(*) FROM entries WHERE revision = 1) AS entries,
                (SELECT count(*) FROM entries WHERE revision > 1) AS revisions,
                (SELECT count(*) FROM decisions WHERE relevant) AS matches,
                (SELECT count(*) FROM deltas) AS deltas
            """
        )
    ).fetchone()
    assert row is not None  # a query of counts has one row
    return LedgerCounts(
        entries=row["entries"], revisions=row["revisions"], matches=row["matches"], deltas=row["deltas"]
    )
