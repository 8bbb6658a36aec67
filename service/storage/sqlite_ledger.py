"""What readers are served from SQLite: the delta ledger, developments, later facts and fixed settings.

Reads only, but for a setting's first use. The caller holds the transaction.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from service.ports import DeltaFilter, LedgerCounts, LedgerState
from service.storage.rows import delta_from, development_from, fact_from, instant_from, instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from service.core.model import Delta, Development, Fact


def ledger_state(db: Database, story: str) -> LedgerState:
    """Return where the story's ledger stands."""
    newest = db.execute(
        "SELECT seq, created_at FROM deltas WHERE story = :story ORDER BY seq DESC LIMIT 1", {"story": story}
    ).fetchone()
    row = db.execute(
        """
        SELECT
            (SELECT value FROM settings WHERE name = 'epoch') AS epoch,
            coalesce((SELECT version FROM story_versions WHERE story = :story), 0) AS version,
            coalesce((SELECT judged FROM story_versions WHERE story = :story), 0) AS judged,
            coalesce((SELECT compared FROM story_versions WHERE story = :story), 0) AS compared
        """,
        {"story": story},
    ).fetchone()
    return LedgerState(
        epoch=row["epoch"],
        seq=newest["seq"] if newest else 0,
        changed_at=instant_from(newest["created_at"]) if newest else None,
        version=row["version"],
        judged=row["judged"],
        compared=row["compared"],
    )


_FILTER = """
    AND (:thread IS NULL OR EXISTS (SELECT 1 FROM json_each(threads) WHERE value = :thread))
    AND (:entity IS NULL OR EXISTS (SELECT 1 FROM json_each(entities) WHERE value = :entity))
    AND (:type IS NULL OR type = :type)
    AND (:lang IS NULL OR lang = :lang)
    AND (:min_score IS NULL OR score >= :min_score)
"""
# The text is put together from constants only, hence the two noqa: values come as parameters.
_ASCENDING = f"""
    SELECT seq, payload FROM deltas WHERE story = :story AND seq > :after {_FILTER}
    ORDER BY seq LIMIT :limit
"""  # noqa: S608
_DESCENDING = f"""
    SELECT seq, payload FROM deltas WHERE story = :story AND seq < :before {_FILTER}
    ORDER BY seq DESC LIMIT :limit
"""  # noqa: S608
_COUNT = f"SELECT count(*) AS found FROM deltas WHERE story = :story {_FILTER}"  # noqa: S608
_AT = f"""
    SELECT seq, payload FROM deltas WHERE story = :story {_FILTER}
    ORDER BY seq LIMIT :limit OFFSET :start
"""  # noqa: S608
_NO_BOUND = 2**63 - 1  # the highest seq SQLite can give


def deltas_after(
    db: Database, story: str, after: int, limit: int, where: DeltaFilter, *, descending: bool = False
) -> list[Delta]:
    """Return deltas after the position `after`, or before it when `descending` (0 for no bound)."""
    rows = db.execute(
        _DESCENDING if descending else _ASCENDING,
        {"story": story, "after": after, "before": after or _NO_BOUND, "limit": limit, **asdict(where)},
    )
    return [delta_from(row) for row in rows]


def delta_count(db: Database, story: str, where: DeltaFilter) -> int:
    """Return how many deltas of a story pass the filter."""
    return int(db.execute(_COUNT, {"story": story, **asdict(where)}).fetchone()["found"])


def deltas_at(db: Database, story: str, start: int, limit: int, where: DeltaFilter) -> list[Delta]:
    """Return deltas by their place among those that pass the filter, 0 for the oldest."""
    rows = db.execute(_AT, {"story": story, "start": start, "limit": limit, **asdict(where)})
    return [delta_from(row) for row in rows]


def delta(db: Database, delta_id: str) -> Delta | None:
    """Return one delta or None."""
    row = db.execute("SELECT seq, payload FROM deltas WHERE id = :id", {"id": delta_id}).fetchone()
    return None if row is None else delta_from(row)


def developments(db: Database, story: str, limit: int, before: datetime | None = None) -> list[Development]:
    """Return developments, newest `last_at` first, strictly before `before` when given."""
    rows = db.execute(
        """
        SELECT * FROM developments
        WHERE story = :story AND (:before IS NULL OR last_at < :before)
        ORDER BY last_at DESC, id DESC
        LIMIT :limit
        """,
        {"story": story, "before": None if before is None else instant_text(before), "limit": limit},
    )
    return [development_from(row) for row in rows]


def development(db: Database, development_id: str) -> Development | None:
    """Return one development or None."""
    row = db.execute("SELECT * FROM developments WHERE id = :id", {"id": development_id}).fetchone()
    return None if row is None else development_from(row)


def facts(db: Database, story: str) -> list[Fact]:
    """Return the facts that deltas brought, oldest first."""
    return [
        fact_from(row)
        for row in db.execute("SELECT payload FROM facts WHERE story = :story ORDER BY seq", {"story": story})
    ]


def setting(db: Database, name: str) -> str | None:
    """Return a stored value or None."""
    row = db.execute("SELECT value FROM settings WHERE name = :name", {"name": name}).fetchone()
    return None if row is None else str(row["value"])


def fix_setting(db: Database, name: str, default: str) -> None:
    """Store `default` unless there is a value."""
    db.execute(
        "INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
        {"name": name, "value": default},
    )


def counts(db: Database) -> LedgerCounts:
    """Return how many rows the ledgers hold."""
    row = db.execute(
        """
        SELECT
            (SELECT count(*) FROM entries WHERE revision = 1) AS entries,
            (SELECT count(*) FROM entries WHERE revision > 1) AS revisions,
            (SELECT count(*) FROM decisions WHERE relevant) AS matches,
            (SELECT count(*) FROM deltas) AS deltas
        """
    ).fetchone()
    return LedgerCounts(
        entries=row["entries"], revisions=row["revisions"], matches=row["matches"], deltas=row["deltas"]
    )
