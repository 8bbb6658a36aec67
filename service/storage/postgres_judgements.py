"""Decisions in PostgreSQL, the commit of matching that writes them, and editors' judgements.

The caller holds the transaction. Every commit is keyed, so repeating it changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.storage.rows import (
    Row,
    decision_from,
    decision_params,
    entry_from,
    instant_text,
    judgement_from,
    judgement_params,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from service.core.model import Decision, Entry, Judgement
    from service.storage.postgres_connections import Connection

INSERT_DECISION = """
    INSERT INTO decisions (
        story, entry_id, revision, entry_seq, relevant, score, outcome, threads, reasons, mentions, type, delta,
        development, duplicate_of, origin, novelty, decided_at, rules_version, trace, compared_seq
    ) VALUES (
        %(story)s, %(entry_id)s, %(revision)s, %(entry_seq)s, %(relevant)s, %(score)s, %(outcome)s, %(threads)s,
        %(reasons)s, %(mentions)s, %(type)s, %(delta)s, %(development)s, %(duplicate_of)s, %(origin)s, %(novelty)s,
        %(decided_at)s, %(rules_version)s, %(trace)s, %(compared_seq)s
    )
"""


# --- match -------------------------------------------------------------------------------


async def save_matches(db: Connection, stories_key: str, cursor: int, decisions: Sequence[Decision]) -> None:
    """Write decisions that are not there yet, and move the cursor, which never goes back."""
    changed = set()
    for decision in decisions:
        added = await db.execute(
            f"{INSERT_DECISION} ON CONFLICT (story, entry_id, revision) DO NOTHING",
            decision_params(decision) | {"compared_seq": None},
        )
        if added.rowcount:
            changed.add(decision.story)
    await move_versions(db, changed)
    await db.execute(
        """
        INSERT INTO cursors (name, seq) VALUES (%(name)s, %(seq)s)
        ON CONFLICT (name) DO UPDATE SET seq = greatest(cursors.seq, excluded.seq)
        """,
        {"name": stories_key, "seq": cursor},
    )


async def move_versions(db: Connection, stories: Iterable[str]) -> None:
    """Say that pages of these stories have changed."""
    await db.cursor().executemany(
        """
        INSERT INTO story_versions (story, version) VALUES (%(story)s, 1)
        ON CONFLICT (story) DO UPDATE SET version = story_versions.version + 1
        """,
        [{"story": story} for story in sorted(stories)],
    )


# --- reading -----------------------------------------------------------------------------


async def pending(db: Connection, story: str, limit: int) -> list[tuple[Decision, Entry]]:
    """Return decisions with outcome `pending` in order of arrival, with their entries."""
    rows = await db.execute(
        """
        SELECT decisions.*, entries.* FROM decisions JOIN entries USING (entry_id, revision)
        WHERE story = %(story)s AND outcome = 'pending'
        ORDER BY entry_seq
        LIMIT %(limit)s
        """,
        {"story": story, "limit": limit},
    )
    return [_decision_and_entry(row) async for row in rows]


async def traces(db: Connection, story: str, since: datetime) -> list[Decision]:
    """Return compared relevant decisions decided at or after `since`, in the order they were compared."""
    rows = await db.execute(
        """
        SELECT * FROM decisions
        WHERE story = %(story)s AND compared_seq IS NOT NULL AND relevant AND outcome IN ('delta', 'repeat')
            AND decided_at >= %(since)s::timestamptz
        ORDER BY compared_seq
        """,
        {"story": story, "since": instant_text(since)},
    )
    return [decision_from(row) async for row in rows]


async def decisions(
    db: Connection, story: str, after: int, limit: int, outcome: str | None = None, min_score: float | None = None
) -> list[tuple[Decision, Entry]]:
    """Return decisions by entry seq after `after`, ascending, with their entries."""
    rows = await db.execute(
        """
        SELECT decisions.*, entries.* FROM decisions JOIN entries USING (entry_id, revision)
        WHERE story = %(story)s AND entry_seq > %(after)s
            AND (%(outcome)s::text IS NULL OR outcome = %(outcome)s::text)
            AND (%(min_score)s::float8 IS NULL OR score >= %(min_score)s::float8)
        ORDER BY entry_seq
        LIMIT %(limit)s
        """,
        {"story": story, "after": after, "limit": limit, "outcome": outcome, "min_score": min_score},
    )
    return [_decision_and_entry(row) async for row in rows]


async def decision(db: Connection, story: str, entry_id: str, revision: int | None = None) -> Decision | None:
    """Return the decision on an entry's revision, the newest decided one by default."""
    row = await (
        await db.execute(
            """
            SELECT * FROM decisions
            WHERE story = %(story)s AND entry_id = %(entry_id)s
                AND (%(revision)s::integer IS NULL OR revision = %(revision)s::integer)
            ORDER BY revision DESC
            LIMIT 1
            """,
            {"story": story, "entry_id": entry_id, "revision": revision},
        )
    ).fetchone()
    return None if row is None else decision_from(row)


def _decision_and_entry(row: Row) -> tuple[Decision, Entry]:
    # The two tables share only the names they are joined by, so one row serves both.
    return decision_from(row), entry_from(row)


# --- feedback ----------------------------------------------------------------------------


async def save_judgement(db: Connection, judgement: Judgement) -> None:
    """Write a judgement in place of an earlier one on the entry."""
    await db.execute(
        """
        INSERT INTO judgements (story, entry_id, revision, relevant, note, judged_at)
        VALUES (%(story)s, %(entry_id)s, %(revision)s, %(relevant)s, %(note)s, %(judged_at)s)
        ON CONFLICT (story, entry_id) DO UPDATE SET
            revision = excluded.revision,
            relevant = excluded.relevant,
            note = excluded.note,
            judged_at = excluded.judged_at
        """,
        judgement_params(judgement),
    )


async def judgements(db: Connection, story: str, *, waiting: bool = False) -> list[Judgement]:
    """Return the judgements of a story, or only those that its decisions do not follow, oldest first."""
    rows = await db.execute(
        """
        SELECT * FROM judgements
        WHERE story = %(story)s AND (NOT %(waiting)s OR CASE
            WHEN NOT relevant THEN EXISTS (
                SELECT 1 FROM decisions AS made
                WHERE made.story = judgements.story AND made.entry_id = judgements.entry_id AND made.relevant
            )
            ELSE coalesce((
                SELECT made.outcome FROM decisions AS made
                WHERE made.story = judgements.story AND made.entry_id = judgements.entry_id
                ORDER BY made.revision DESC
                LIMIT 1
            ), 'rejected') IN ('rejected', 'context')
        END)
        ORDER BY judged_at, entry_id
        """,
        {"story": story, "waiting": waiting},
    )
    return [judgement_from(row) async for row in rows]
