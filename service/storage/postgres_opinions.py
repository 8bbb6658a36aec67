"""Second opinions on deltas, in PostgreSQL."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from service.core.opinions import Opinion
from service.storage.rows import delta_from, instant_text
from service.storage.rows.opinions import opinion_from, opinion_params

if TYPE_CHECKING:
    from datetime import datetime

    from service.core.model import Delta
    from service.opinions import Refused
    from service.storage.postgres_connections import Connection, Sessions


class PostgresOpinions:
    """An `opinions.Opinions` on the sessions of a PostgresStore."""

    def __init__(self, sessions: Sessions) -> None:
        self._run = sessions.run

    async def next_unasked(self, story: str, model: str, after: int, newest: int, now: datetime) -> Delta | None:
        """See `opinions.Opinions`, as for every method below."""
        return await self._run(lambda db: _next_unasked(db, story, model, after, newest, now))

    async def claim(self, delta_id: str, model: str, now: datetime, until: datetime, budget: int) -> Opinion | Refused:
        """Count a request and reserve the question."""
        asked = Opinion(delta=delta_id, model=model, attempts=1, next_attempt_at=until, asked_at=now)
        return await self._run(lambda db: _claim(db, asked, budget))

    async def save(self, opinion: Opinion) -> None:
        """Keep what became of a question."""
        await self._run(lambda db: _save(db, opinion))

    async def opinion(self, delta_id: str) -> Opinion | None:
        """Return what was settled last on a delta."""
        return await self._run(lambda db: _opinion(db, delta_id))


async def _next_unasked(db: Connection, story: str, model: str, after: int, newest: int, now: datetime) -> Delta | None:
    found = await db.execute(
        """
        SELECT seq, payload FROM (
            SELECT seq, id, payload FROM deltas WHERE story = %(story)s AND seq > %(after)s
            ORDER BY seq DESC LIMIT %(newest)s
        ) AS recent
        WHERE NOT EXISTS (
            SELECT 1 FROM opinions
            WHERE delta = recent.id AND model = %(model)s AND (outcome <> 'waiting' OR next_attempt_at > %(now)s)
        )
        ORDER BY seq LIMIT 1
        """,
        {"story": story, "model": model, "after": after, "newest": newest, "now": instant_text(now)},
    )
    row = await found.fetchone()
    return None if row is None else delta_from(row)


async def _claim(db: Connection, asked: Opinion, budget: int) -> Opinion | Refused:
    day = {"day": asked.asked_at.astimezone(UTC).date().isoformat()}
    await db.execute("INSERT INTO opinion_days (day, requests) VALUES (%(day)s, 0) ON CONFLICT (day) DO NOTHING", day)
    # Locked to the commit: replicas take turns, and together keep to one budget.
    found = await db.execute("SELECT requests FROM opinion_days WHERE day = %(day)s FOR UPDATE", day)
    spent = await found.fetchone()
    assert spent is not None
    if spent["requests"] >= budget:
        return "spent"
    claimed = await db.execute(
        """
        INSERT INTO opinions (delta, model, outcome, verdict, error, attempts, next_attempt_at, asked_at)
        VALUES (%(delta)s, %(model)s, %(outcome)s, %(verdict)s, %(error)s, %(attempts)s, %(next_attempt_at)s, %(asked_at)s)
        ON CONFLICT (delta, model) DO UPDATE SET
            attempts = opinions.attempts + 1,
            next_attempt_at = excluded.next_attempt_at,
            asked_at = excluded.asked_at
        WHERE opinions.outcome = 'waiting' AND opinions.next_attempt_at <= excluded.asked_at
        RETURNING *
        """,
        opinion_params(asked),
    )
    row = await claimed.fetchone()
    if row is None:
        return "taken"
    await db.execute("UPDATE opinion_days SET requests = requests + 1 WHERE day = %(day)s", day)
    return opinion_from(row)


async def _save(db: Connection, opinion: Opinion) -> None:
    await db.execute(
        """
        INSERT INTO opinions (delta, model, outcome, verdict, error, attempts, next_attempt_at, asked_at)
        VALUES (%(delta)s, %(model)s, %(outcome)s, %(verdict)s, %(error)s, %(attempts)s, %(next_attempt_at)s, %(asked_at)s)
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


async def _opinion(db: Connection, delta_id: str) -> Opinion | None:
    found = await db.execute(
        """
        SELECT * FROM opinions WHERE delta = %(delta)s AND outcome <> 'waiting'
        ORDER BY asked_at DESC, model LIMIT 1
        """,
        {"delta": delta_id},
    )
    row = await found.fetchone()
    return None if row is None else opinion_from(row)
