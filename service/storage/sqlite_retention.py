"""What SQLite forgets, entry by entry, and how freed space goes back to the disk. The caller holds the transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from service.storage.rows import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

_POSITION: Final = "retention"  # the cursor of what was looked at
_FREE_PAGES_KEPT: Final = 1000  # 4 MB for what comes next: growing and shrinking in turn would wear the disk
_INCREMENTAL: Final = 2


def age_out(db: Database, stories_key: str, before: datetime, limit: int) -> int:
    """Look at the next entry revisions seen before `before`, delete what led to nothing; return how many were looked at."""
    rows = db.execute(
        """
        SELECT seq, entry_id, revision FROM entries
        WHERE seq > coalesce((SELECT seq FROM cursors WHERE name = :position), 0)
            AND seq <= coalesce((SELECT seq FROM cursors WHERE name = :matched), 0)
        ORDER BY seq
        LIMIT :limit
        """,
        {"position": _POSITION, "matched": stories_key, "limit": limit},
    ).fetchall()
    old = []
    for row in rows:
        seen = db.execute("SELECT seen_at FROM entries WHERE seq = :seq", {"seq": row["seq"]}).fetchone()["seen_at"]
        if seen >= instant_text(before):
            break
        old.append(row)
    if not old:
        return 0
    # An entry goes as a whole, at the turn of its newest revision; an edit keeps its story together.
    gone = [{"entry_id": row["entry_id"]} for row in old if _leads_nowhere(db, row["entry_id"], newest=row["revision"])]
    stories = {
        found["story"]
        for each in gone
        for found in db.execute("SELECT story FROM decisions WHERE entry_id = :entry_id", each)
    }
    db.conn.executemany("DELETE FROM decisions WHERE entry_id = :entry_id", gone)
    db.conn.executemany("DELETE FROM entries WHERE entry_id = :entry_id", gone)
    # The head stays with the keys that point to it: a feed that still shows the entry must not bring it back as new.
    db.conn.executemany("UPDATE entry_heads SET search_text = '' WHERE entry_id = :entry_id", gone)
    db.conn.executemany(
        "UPDATE story_versions SET version = version + 1 WHERE story = :story",
        [{"story": story} for story in sorted(stories)],
    )
    db.execute(
        """
        INSERT INTO cursors (name, seq) VALUES (:name, :seq)
        ON CONFLICT (name) DO UPDATE SET seq = excluded.seq
        """,
        {"name": _POSITION, "seq": old[-1]["seq"]},
    )
    return len(old)


def forgotten_up_to(db: Database) -> int:
    """Return up to where `age_out` has looked."""
    row = db.execute("SELECT seq FROM cursors WHERE name = :name", {"name": _POSITION}).fetchone()
    return int(row["seq"]) if row else 0


def _leads_nowhere(db: Database, entry_id: str, *, newest: int) -> bool:
    found = db.execute(
        """
        SELECT
            EXISTS (SELECT 1 FROM entry_heads WHERE entry_id = :entry_id AND revision > :newest)
            OR EXISTS (SELECT 1 FROM judgements WHERE entry_id = :entry_id)
            OR EXISTS (
                SELECT 1 FROM decisions
                WHERE entry_id = :entry_id AND (
                    relevant = 1 OR outcome NOT IN ('rejected', 'context') OR compared_seq IS NOT NULL
                )
            )
        """,
        {"entry_id": entry_id, "newest": newest},
    ).fetchone()[0]
    return not found


def give_back(db: Database, pages: int) -> bool:
    """Return up to so many free pages to the disk; say whether there are more to return.

    A file made before this was possible keeps its size: only a VACUUM, which needs the file to itself and as much room
    again, could change that. What is free in it is used for what comes next.
    """
    if db.execute("PRAGMA auto_vacuum").fetchone()[0] != _INCREMENTAL:
        return False
    spare = db.execute("PRAGMA freelist_count").fetchone()[0] - _FREE_PAGES_KEPT
    if spare <= 0:
        return False
    for _ in range(min(pages, spare)):  # one by one: Python's sqlite3 takes one step of it, however many are asked for
        db.execute("PRAGMA incremental_vacuum(1)")
    return bool(spare > pages)
