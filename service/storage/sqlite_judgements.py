"""Decisions in SQLite, the two commits that write them (of matching and of comparing), and editors' judgements.

The caller holds the transaction. Every commit is keyed, so repeating it changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.errors import Stale
from service.storage.rows import (
    Row,
    decision_from,
    decision_params,
    delta_params,
    development_params,
    entry_from,
    fact_params,
    instant_text,
    judgement_from,
    judgement_params,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from service.core.model import Comparison, Decision, Entry, Judgement

_INSERT_DECISION = """
    INSERT INTO decisions (
        story, entry_id, revision, entry_seq, relevant, score, outcome, threads, reasons, mentions, type, delta,
        development, duplicate_of, origin, novelty, decided_at, rules_version, trace, compared_seq
    ) VALUES (
        :story, :entry_id, :revision, :entry_seq, :relevant, :score, :outcome, :threads, :reasons, :mentions, :type,
        :delta, :development, :duplicate_of, :origin, :novelty, :decided_at, :rules_version, :trace, :compared_seq
    )
"""


# --- match -------------------------------------------------------------------------------


def save_matches(db: Database, stories_key: str, cursor: int, decisions: Sequence[Decision]) -> None:
    """Write decisions that are not there yet, and move the cursor, which never goes back."""
    changed = set()
    for decision in decisions:
        added = db.execute(
            f"{_INSERT_DECISION} ON CONFLICT (story, entry_id, revision) DO NOTHING",
            decision_params(decision) | {"compared_seq": None},
        ).rowcount
        if added:
            changed.add(decision.story)
    _move_versions(db, changed)
    db.execute(
        """
        INSERT INTO cursors (name, seq) VALUES (:name, :seq)
        ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)
        """,
        {"name": stories_key, "seq": cursor},
    )


# --- compare -----------------------------------------------------------------------------


def pending(db: Database, story: str, limit: int) -> list[tuple[Decision, Entry]]:
    """Return decisions with outcome `pending` in order of arrival, with their entries."""
    rows = db.execute(
        """
        SELECT decisions.*, entries.* FROM decisions JOIN entries USING (entry_id, revision)
        WHERE story = :story AND outcome = 'pending'
        ORDER BY entry_seq
        LIMIT :limit
        """,
        {"story": story, "limit": limit},
    )
    return [_decision_and_entry(row) for row in rows]


def traces(db: Database, story: str, since: datetime) -> list[Decision]:
    """Return compared relevant decisions decided at or after `since`, in the order they were compared."""
    rows = db.execute(
        """
        SELECT * FROM decisions
        WHERE story = :story AND compared_seq IS NOT NULL AND relevant = 1 AND outcome IN ('delta', 'repeat')
            AND decided_at >= :since
        ORDER BY compared_seq
        """,
        {"story": story, "since": instant_text(since)},
    )
    return [decision_from(row) for row in rows]


def save_comparisons(db: Database, comparisons: Sequence[Comparison], *, base: int | None = None) -> None:
    """Write decisions, developments, facts and deltas, in the order given; see `Store.save_comparisons`.

    Raises:
        Stale: Comparisons of a story were committed since there were `base`.
    """
    stories = sorted({each.decision.story for each in comparisons})
    if base is not None:
        for story in stories:
            row = db.execute("SELECT compared FROM story_versions WHERE story = :story", {"story": story}).fetchone()
            if (row["compared"] if row else 0) != base:
                raise Stale(f"story {story} was compared by another process since its memory was made")
    for comparison in comparisons:
        for each in (*comparison.others, comparison.decision):
            _save_compared(db, each)
    db.conn.executemany(
        """
        INSERT INTO developments (
            id, story, threads, title, lang, line, first_entry, first_at, last_at, reports, outlets, origins
        ) VALUES (
            :id, :story, :threads, :title, :lang, :line, :first_entry, :first_at, :last_at, :reports, :outlets, :origins
        ) ON CONFLICT (id) DO UPDATE SET
            threads = excluded.threads,
            title = excluded.title,
            lang = excluded.lang,
            line = excluded.line,
            first_entry = excluded.first_entry,
            first_at = excluded.first_at,
            last_at = excluded.last_at,
            reports = excluded.reports,
            outlets = excluded.outlets,
            origins = excluded.origins
        """,
        [development_params(each.development) for each in comparisons if each.development is not None],
    )
    db.conn.executemany(
        """
        INSERT INTO deltas (id, story, type, lang, score, created_at, threads, entities, payload)
        VALUES (:id, :story, :type, :lang, :score, :created_at, :threads, :entities, :payload)
        ON CONFLICT (id) DO NOTHING
        """,
        [delta_params(each.delta) for each in comparisons if each.delta is not None],
    )
    db.conn.executemany(
        """
        INSERT INTO facts (id, story, delta, payload) VALUES (:id, :story, :delta, :payload)
        ON CONFLICT (story, id, delta) DO NOTHING
        """,
        [fact_params(fact, each.decision.story) for each in comparisons for fact in each.facts],
    )
    _move_versions(db, stories)
    db.conn.executemany(
        "UPDATE story_versions SET compared = compared + 1 WHERE story = :story",
        [{"story": story} for story in stories],
    )
    db.conn.executemany(
        "UPDATE story_versions SET judged = judged + 1 WHERE story = :story",
        [{"story": each.decision.story} for each in comparisons if each.by_editor],
    )


def _save_compared(db: Database, decision: Decision) -> None:
    """Write one compared decision; what is compared again keeps its place in the order."""
    highest = db.execute(
        "SELECT max(compared_seq) AS seq FROM decisions WHERE story = :story AND compared_seq IS NOT NULL",
        {"story": decision.story},
    ).fetchone()["seq"]
    db.execute(
        f"""{_INSERT_DECISION}
        ON CONFLICT (story, entry_id, revision) DO UPDATE SET
            entry_seq = excluded.entry_seq,
            relevant = excluded.relevant,
            score = excluded.score,
            outcome = excluded.outcome,
            threads = excluded.threads,
            reasons = excluded.reasons,
            mentions = excluded.mentions,
            type = excluded.type,
            delta = excluded.delta,
            development = excluded.development,
            duplicate_of = excluded.duplicate_of,
            origin = excluded.origin,
            novelty = excluded.novelty,
            decided_at = excluded.decided_at,
            rules_version = excluded.rules_version,
            trace = excluded.trace,
            compared_seq = coalesce(compared_seq, excluded.compared_seq)
        """,
        decision_params(decision) | {"compared_seq": (highest or 0) + 1},
    )


# --- feedback ----------------------------------------------------------------------------


def save_judgement(db: Database, judgement: Judgement) -> None:
    """Write a judgement in place of an earlier one on the entry."""
    db.execute(
        """
        INSERT INTO judgements (story, entry_id, revision, relevant, note, judged_at)
        VALUES (:story, :entry_id, :revision, :relevant, :note, :judged_at)
        ON CONFLICT (story, entry_id) DO UPDATE SET
            revision = excluded.revision,
            relevant = excluded.relevant,
            note = excluded.note,
            judged_at = excluded.judged_at
        """,
        judgement_params(judgement),
    )


def judgements(db: Database, story: str, *, waiting: bool = False) -> list[Judgement]:
    """Return the judgements of a story, or only those that its decisions do not follow, oldest first."""
    rows = db.execute(
        """
        SELECT * FROM judgements
        WHERE story = :story AND (:waiting = 0 OR CASE relevant
            WHEN 0 THEN EXISTS (
                SELECT 1 FROM decisions AS made
                WHERE made.story = judgements.story AND made.entry_id = judgements.entry_id AND made.relevant = 1
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
        {"story": story, "waiting": int(waiting)},
    )
    return [judgement_from(row) for row in rows]


# --- reading -----------------------------------------------------------------------------


def decisions(
    db: Database, story: str, after: int, limit: int, outcome: str | None = None, min_score: float | None = None
) -> list[tuple[Decision, Entry]]:
    """Return decisions by entry seq after `after`, ascending, with their entries."""
    rows = db.execute(
        """
        SELECT decisions.*, entries.* FROM decisions JOIN entries USING (entry_id, revision)
        WHERE story = :story AND entry_seq > :after
            AND (:outcome IS NULL OR outcome = :outcome)
            AND (:min_score IS NULL OR score >= :min_score)
        ORDER BY entry_seq
        LIMIT :limit
        """,
        {"story": story, "after": after, "limit": limit, "outcome": outcome, "min_score": min_score},
    )
    return [_decision_and_entry(row) for row in rows]


def decision(db: Database, story: str, entry_id: str, revision: int | None = None) -> Decision | None:
    """Return the decision on an entry's revision, the newest decided one by default."""
    row = db.execute(
        """
        SELECT * FROM decisions
        WHERE story = :story AND entry_id = :entry_id AND (:revision IS NULL OR revision = :revision)
        ORDER BY revision DESC
        LIMIT 1
        """,
        {"story": story, "entry_id": entry_id, "revision": revision},
    ).fetchone()
    return None if row is None else decision_from(row)


def _decision_and_entry(row: Row) -> tuple[Decision, Entry]:
    # The two tables share only the names they are joined by, so one row serves both.
    return decision_from(row), entry_from(row)


def _move_versions(db: Database, stories: Iterable[str]) -> None:
    db.conn.executemany(
        """
        INSERT INTO story_versions (story, version) VALUES (:story, 1)
        ON CONFLICT (story) DO UPDATE SET version = version + 1
        """,
        [{"story": story} for story in sorted(stories)],
    )
