"""The commit of comparing in PostgreSQL: decisions, developments, deltas and facts. The caller holds the transaction.

One commit after another, over all replicas: who appends holds the delta ledger, so the check that no other comparison
of the story came between is made when none can come any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.errors import Stale
from service.storage.postgres_judgements import INSERT_DECISION, move_versions
from service.storage.postgres_positions import give_positions, lock_ledger
from service.storage.rows import decision_params, delta_params, development_params, fact_params

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.core.model import Comparison
    from service.storage.postgres_connections import Connection

CHANNEL = "aftermath_deltas"  # told the id of a story whose ledgers moved


async def save_comparisons(db: Connection, comparisons: Sequence[Comparison], *, base: int | None = None) -> None:
    """Write decisions, developments, facts and deltas, in the order given; see `Store.save_comparisons`.

    Raises:
        Stale: Comparisons of a story were committed since there were `base`.
    """
    last = await lock_ledger(db, "deltas")
    stories = sorted({each.decision.story for each in comparisons})
    if base is not None:
        await _check_base(db, stories, base)
    await _save_decisions(db, comparisons)
    await _save_developments(db, comparisons)
    await _append_deltas(db, comparisons, last)
    await _append_facts(db, comparisons)
    await move_versions(db, stories)
    await db.cursor().executemany(
        "UPDATE story_versions SET compared = compared + 1, judged = judged + %(judged)s WHERE story = %(story)s",
        [
            {"story": story, "judged": sum(each.by_editor and each.decision.story == story for each in comparisons)}
            for story in stories
        ],
    )
    for story in stories:
        await db.execute("SELECT pg_notify(%(channel)s, %(story)s)", {"channel": CHANNEL, "story": story})


async def _check_base(db: Connection, stories: Sequence[str], base: int) -> None:
    rows = await db.execute(
        "SELECT story, compared FROM story_versions WHERE story = ANY (%(stories)s)", {"stories": list(stories)}
    )
    compared = {row["story"]: row["compared"] async for row in rows}
    for story in stories:
        if compared.get(story, 0) != base:
            raise Stale(f"story {story} was compared by another process since its memory was made")


async def _save_decisions(db: Connection, comparisons: Sequence[Comparison]) -> None:
    """Write compared decisions; what is compared again keeps its place in the order."""
    places: dict[str, int] = {}
    rows = []
    for comparison in comparisons:
        for each in (*comparison.others, comparison.decision):
            if each.story not in places:
                places[each.story] = await _last_compared(db, each.story)
            places[each.story] += 1
            rows.append(decision_params(each) | {"compared_seq": places[each.story]})
    await db.cursor().executemany(
        f"""{INSERT_DECISION}
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
            compared_seq = coalesce(decisions.compared_seq, excluded.compared_seq)
        """,
        rows,
    )


async def _last_compared(db: Connection, story: str) -> int:
    row = await (
        await db.execute(
            "SELECT max(compared_seq) AS seq FROM decisions WHERE story = %(story)s AND compared_seq IS NOT NULL",
            {"story": story},
        )
    ).fetchone()
    return (row["seq"] or 0) if row else 0


async def _save_developments(db: Connection, comparisons: Sequence[Comparison]) -> None:
    await db.cursor().executemany(
        """
        INSERT INTO developments (
            id, story, threads, title, lang, line, first_entry, first_at, last_at, reports, outlets, origins
        ) VALUES (
            %(id)s, %(story)s, %(threads)s, %(title)s, %(lang)s, %(line)s, %(first_entry)s, %(first_at)s, %(last_at)s,
            %(reports)s, %(outlets)s, %(origins)s
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


async def _append_deltas(db: Connection, comparisons: Sequence[Comparison], last: int) -> None:
    """Append the deltas that are not there yet; the caller has locked the ledger."""
    told = [each.delta for each in comparisons if each.delta is not None]
    rows = await db.execute("SELECT id FROM deltas WHERE id = ANY (%(ids)s)", {"ids": [delta.id for delta in told]})
    there = {row["id"] async for row in rows}
    new = {delta.id: delta for delta in reversed(told) if delta.id not in there}
    await db.cursor().executemany(
        """
        INSERT INTO deltas (seq, id, story, type, lang, score, created_at, threads, entities, payload)
        VALUES (
            %(seq)s, %(id)s, %(story)s, %(type)s, %(lang)s, %(score)s, %(created_at)s, %(threads)s, %(entities)s,
            %(payload)s
        )
        """,
        [delta_params(delta) | {"seq": last + place} for place, delta in enumerate(reversed(new.values()), start=1)],
    )
    await give_positions(db, "deltas", last + len(new))


async def _append_facts(db: Connection, comparisons: Sequence[Comparison]) -> None:
    brought = [fact_params(fact, each.decision.story) for each in comparisons for fact in each.facts]
    if not brought:
        return
    last = await lock_ledger(db, "facts")
    rows = await db.execute(
        "SELECT story, id, delta FROM facts WHERE delta = ANY (%(deltas)s)",
        {"deltas": [row["delta"] for row in brought]},
    )
    there = {(row["story"], row["id"], row["delta"]) async for row in rows}
    new = {key: row for row in reversed(brought) if (key := (row["story"], row["id"], row["delta"])) not in there}
    await db.cursor().executemany(
        """
        INSERT INTO facts (seq, id, story, delta, payload)
        VALUES (%(seq)s, %(id)s, %(story)s, %(delta)s, %(payload)s)
        """,
        [row | {"seq": last + place} for place, row in enumerate(reversed(new.values()), start=1)],
    )
    await give_positions(db, "facts", last + len(new))
