"""Second opinions on deltas, in SQLite."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from service.core.opinions import Opinion
from service.storage.rows import delta_from, instant_text
from service.storage.rows.opinions import opinion_from, opinion_params

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from service.core.model import Delta
    from service.opinions import Refused
    from service.storage.sqlite_subscribers import Run


class SqliteOpinions:
    """An `opinions.Opinions` on the connections of a SqliteStore."""

    def __init__(self, *, read: Run, write: Run) -> None:
        self._read = read
        self._write = write

    async def next_unasked(self, story: str, model: str, after: int, newest: int, now: datetime) -> Delta | None:
        """See `opinions.Opinions`, as for every method below."""
        return await self._read(lambda db: _next_unasked(db, story, model, after, newest, now))

    async def claim(self, delta_id: str, model: str, now: datetime, until: datetime, budget: int) -> Opinion | Refused:
        """Count a request and reserve the question."""
        asked = Opinion(delta=delta_id, model=model, attempts=1, next_attempt_at=until, asked_at=now)
        return await self._write(lambda db: _claim(db, asked, budget))

    async def save(self, opinion: Opinion) -> None:
        """Keep what became of a question."""
        await self._write(lambda db: _save(db, opinion))

    async def opinion(self, delta_id: str) -> Opinion | None:
        """Return what was settled last on a delta."""
        return await self._read(lambda db: _opinion(db, delta_id))


def _next_unasked(db: Database, story: str, model: str, after: int, newest: int, now: datetime) -> Delta | None:
    row = db.execute(
        """
        SELECT seq, payload FROM (
            SELECT seq, id, payload FROM deltas WHERE story = :story AND seq > :after ORDER BY seq DESC LIMIT :newest
        ) AS recent
        WHERE NOT EXISTS (
            SELECT 1 FROM opinions
            WHERE delta = recent.id AND model = :model AND (outcome <> 'waiting' OR next_attempt_at > :now)
        )
        ORDER BY seq LIMIT 1
        """,
        {"story": story, "model": model, "after": after, "newest": newest, "now": instant_text(now)},
    ).fetchone()
    return None if row is None else delta_from(row)


def _claim(db: Database, asked: Opinion, budget: int) -> Opinion | Refused:
    day = {"day": asked.asked_at.astimezone(UTC).date().isoformat()}
    spent = db.execute("SELECT requests FROM opinion_days WHERE day = :day", day).fetchone()
    if (spent["requests"] if spent else 0) >= budget:
        return "spent"
    params = opinion_params(asked)
    claimed = db.execute(
        """
        INSERT INTO opinions (delta, model, outcome, verdict, error, attempts, next_attempt_at, asked_at)
        VALUES (:delta, :model, :outcome, :verdict, :error, :attempts, :next_attempt_at, :asked_at)
        ON CONFLICT (delta, model) DO UPDATE SET
            attempts = opinions.attempts + 1,
            next_attempt_at = excluded.next_attempt_at,
            asked_at = excluded.asked_at
        WHERE opinions.outcome = 'waiting' AND opinions.next_attempt_at <= excluded.asked_at
        """,
        params,
    )
    if not claimed.rowcount:
        return "taken"
    db.execute(
        """
        INSERT INTO opinion_days (day, requests) VALUES (:day, 1)
        ON CONFLICT (day) DO UPDATE SET requests = opinion_days.requests + 1
        """,
        day,
    )
    return opinion_from(db.execute("SELECT * FROM opinions WHERE delta = :delta AND model = :model", params).fetchone())


def _save(db: Database, opinion: Opinion) -> None:
    db.execute(
        """
        INSERT INTO opinions (delta, model, outcome, verdict, error, attempts, next_attempt_at, asked_at)
        VALUES (:delta, :model, :outcome, :verdict, :error, :attempts, :next_attempt_at, :asked_at)
        ON CONFLICT (delta, model) DO UPDATE SET
            outcome = excluded.outcome,
            verdict = excluded.verdict,
            error = excluded.error,
            attempts = excluded.attempts,
            next_attempt_at = excluded.next_attempt_at,
            asked_at = excluded.asked_at
        WHERE opinions.outcome = 'waiting'
        """,
        opinion_params(opinion),
    )


def _opinion(db: Database, delta_id: str) -> Opinion | None:
    row = db.execute(
        """
        SELECT * FROM opinions WHERE delta = :delta AND outcome <> 'waiting'
        ORDER BY asked_at DESC, model LIMIT 1
        """,
        {"delta": delta_id},
    ).fetchone()
    return None if row is None else opinion_from(row)
