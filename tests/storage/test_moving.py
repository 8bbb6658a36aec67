"""From SQLite to PostgreSQL: all of it arrives, and what readers hold goes on being valid."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from builders import (
    ENTRY,
    MINUTE,
    NOON,
    STORY,
    a_comparison,
    a_decision,
    a_delta,
    a_development,
    a_fact,
    a_feed,
    a_judgement,
    a_poll,
    a_regrouping,
    an_entry,
    an_opinion,
)
from psycopg.rows import dict_row

from service.core.errors import Conflict, StorageError
from service.core.model import KeptStory, Outage
from service.ports import DeltaFilter, Store
from service.storage.moving import copy_ledgers
from service.storage.opening import open_store

if TYPE_CHECKING:
    from postgres_server import Databases


async def _filled(file: Path) -> None:
    store = await open_store(str(file), now=lambda: NOON)
    second = an_entry("guid-2", title="«Хмеймим» 🚢 \\N \t tab", summary="line\nbreak \\. end", published_at=None)
    outage = Outage(feed_id=a_feed().id, began_at=NOON, ended_at=None, error_class="timeout", error="It took long.")
    await store.save_poll(a_poll(an_entry(), second, feed=a_feed(etag='W/"é"', polls=3)))
    await store.save_poll(replace(a_poll(an_entry(revision=2, title="Navy leaves both")), outages=(outage,)))
    await store.save_matches("match:1", 3, [a_decision(), a_decision(entry=second.id, entry_seq=2)])
    await store.save_comparisons([a_comparison(facts=(a_fact(),))])
    await store.save_judgement(a_judgement(note="«no»"))
    await store.save_regrouping(a_regrouping(note="«two»"))
    await store.opinions.save(an_opinion())
    assert await store.opinions.claim("d-2", "judge-1", NOON, NOON, 1) != "spent"
    await store.save_stories([KeptStory(id="s", source="api", document='{"b":1,"a":2}', changed_at=NOON)])
    await store.setting("tag_authority", "news.example")
    await store.close()


async def _seen(store: Store) -> dict[str, Any]:
    """Return what the port shows of everything."""
    return {
        "feeds": await store.feeds(deleted=True),
        "outages": await store.outages(NOON, 10),
        "entries": await store.unmatched_entries("from the start", 100),
        "unmatched": await store.unmatched_entries("match:1", 100),
        "known": dict(await store.known_entries(a_feed().id, [ENTRY, an_entry("guid-2").id])),
        "search": await store.search_entries("хмеймим", 0, 10),
        "decisions": await store.decisions(STORY, 0, 100),
        "traces": await store.traces(STORY, NOON),
        "deltas": await store.deltas_after(STORY, 0, 100, DeltaFilter()),
        "developments": await store.developments(STORY, 100),
        "facts": await store.facts(STORY),
        "judgements": await store.judgements(STORY),
        "regroupings": await store.regroupings(STORY),
        "opinion": await store.opinions.opinion("d-1"),
        "stories": await store.stories(),
        "state": await store.ledger_state(STORY),
        "counts": await store.counts(),
        "authority": await store.setting("tag_authority", "none"),
    }


async def _seen_at(place: str) -> dict[str, Any]:
    store = await open_store(place, read_only=True, now=lambda: NOON)
    try:
        return await _seen(store)
    finally:
        await store.close()


def _nothing(_table: str, _rows: int) -> None:
    pass


async def test_everything_arrives_as_it_was(tmp_path: Path, postgres_url: str) -> None:
    file = tmp_path / "news.db"
    await _filled(file)
    counts: dict[str, int] = {}
    await copy_ledgers(file, postgres_url, copied=counts.__setitem__)

    assert await _seen_at(postgres_url) == await _seen_at(str(file))
    assert (counts["entries"], counts["deltas"], counts["feeds"]) == (3, 1, 1)


async def test_positions_go_on_after_the_highest_ever_given(tmp_path: Path, postgres_url: str) -> None:
    file = tmp_path / "news.db"
    await _filled(file)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE sqlite_sequence SET seq = 70 WHERE name = 'entries'")
        db.execute("UPDATE sqlite_sequence SET seq = 40 WHERE name = 'deltas'")
    await copy_ledgers(file, postgres_url, copied=_nothing)

    store = await open_store(postgres_url, now=lambda: NOON)
    new = an_entry("guid-9")
    await store.save_poll(a_poll(new))
    told = a_comparison(
        decision=a_decision(entry=new.id, entry_seq=71),
        delta=a_delta(entry=new.id),
        development=a_development(first_entry=new.id),
    )
    await store.save_comparisons([told])
    entry = await store.entry(new.id)
    deltas = await store.deltas_after(STORY, 1, 10, DeltaFilter())
    await store.close()
    assert entry is not None
    assert entry.seq == 71
    assert [delta.seq for delta in deltas] == [41]


async def test_copying_again_brings_what_came_changed_and_went(tmp_path: Path, postgres_url: str) -> None:
    file = tmp_path / "news.db"
    await _filled(file)
    await copy_ledgers(file, postgres_url, copied=_nothing)
    store = await open_store(str(file), now=lambda: NOON)
    third = an_entry("guid-3")
    await store.save_poll(a_poll(third, feed=a_feed(polls=9, etag='"new"')))
    await store.save_comparisons(
        [
            a_comparison(
                decision=a_decision(entry=third.id, entry_seq=4),
                delta=a_delta(entry=third.id),
                development=replace(a_development(), reports=2, last_at=NOON + MINUTE),
            )
        ]
    )
    await store.close()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DELETE FROM judgements")
    await copy_ledgers(file, postgres_url, copied=_nothing)

    copy = await _seen_at(postgres_url)
    assert copy == await _seen_at(str(file))
    assert len(copy["deltas"]) == 2
    assert copy["judgements"] == []


async def test_nothing_is_copied_over_ledgers_that_a_service_has_worked_on(tmp_path: Path, postgres_url: str) -> None:
    file = tmp_path / "news.db"
    await _filled(file)
    await copy_ledgers(file, postgres_url, copied=_nothing)
    store = await open_store(postgres_url, now=lambda: NOON)
    await store.save_poll(a_poll(an_entry("guid-9")))
    before = await _seen(store)
    await store.close()
    with pytest.raises(Conflict, match="empty database"):
        await copy_ledgers(file, postgres_url, copied=_nothing)
    assert await _seen_at(postgres_url) == before


async def test_a_copy_of_another_file_is_left_alone(tmp_path: Path, postgres_url: str) -> None:
    await _filled(tmp_path / "one.db")
    await _filled(tmp_path / "other.db")
    await copy_ledgers(tmp_path / "one.db", postgres_url, copied=_nothing)
    with pytest.raises(Conflict, match="other ledgers"):
        await copy_ledgers(tmp_path / "other.db", postgres_url, copied=_nothing)


async def test_a_copy_that_fails_half_way_leaves_the_database_empty(tmp_path: Path, postgres_url: str) -> None:
    file = tmp_path / "news.db"
    await _filled(file)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE deltas SET payload = 'no JSON'")
    with pytest.raises(StorageError):
        await copy_ledgers(file, postgres_url, copied=_nothing)
    async with await psycopg.AsyncConnection.connect(postgres_url, row_factory=dict_row) as connection:
        row = await (await connection.execute("SELECT count(*) AS found FROM entries")).fetchone()
    assert row == {"found": 0}


async def test_a_database_that_was_never_used_is_prepared_first(tmp_path: Path, postgres: Databases) -> None:
    file = tmp_path / "news.db"
    await _filled(file)
    with postgres.blank_database() as url:
        await copy_ledgers(file, url, copied=_nothing)
        assert await _seen_at(url) == await _seen_at(str(file))
