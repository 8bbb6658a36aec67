"""Export and import: the ledgers as lines and back, byte for byte; and nothing of a store is forgotten on the way."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from builders import (
    ENTRY,
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
    an_entry,
)

from service.core.errors import Conflict, Invalid
from service.ports import DeltaFilter
from service.storage.archive import Reading, written
from service.storage.ledger_tables import TABLES
from service.storage.migrations import migrate
from service.storage.postgres import PostgresStore
from service.storage.postgres_archive import load, postgres_source
from service.storage.sqlite import SqliteStore
from service.storage.sqlite_archive import sqlite_source
from service.storage.sqlite_connections import connect_memory

if TYPE_CHECKING:
    from pathlib import Path

# Left empty by an import: no ledgers, and full of secrets between this service and its subscribers. A backup has them.
NOT_CARRIED = {"webhooks", "deliveries", "reader_tokens"}


def test_every_table_and_column_of_the_schema_is_carried() -> None:
    with closing(connect_memory()) as db:
        migrate(db)
        schema = {
            table: {row["name"] for row in db.execute(f"PRAGMA table_info({table})")}
            for table in db.table_names()
            if not table.startswith(("_sqlite", "sqlite_"))
        }
    carried = {table.name: {column.name for column in table.columns} for table in TABLES}
    assert carried == {table: columns for table, columns in schema.items() if table not in NOT_CARRIED}, (
        "add what is new in the schema to service/storage/ledger_tables.py, or to NOT_CARRIED with a reason"
    )


async def opened(path: Path) -> SqliteStore:
    return await SqliteStore.open(path, now=lambda: NOON)


async def filled(path: Path) -> None:
    """Three deltas with all they rest on, a rejected entry, a feed of its own, a judgement, and a gap at the end."""
    other = a_feed(url="https://other.example/rss", title="Other")
    store = await opened(path)
    await store.save_poll(a_poll(*(an_entry(f"guid-{n}", title=f"Корабли ушли {n}") for n in range(1, 5))))
    await store.save_poll(a_poll(an_entry("elsewhere", feed_id=other.id), feed=other))
    await store.save_poll(a_poll(an_entry("guid-1", revision=2, title="Corrected", url=None)))
    ids = [an_entry(f"guid-{n}").id for n in range(1, 5)]
    await store.save_matches(
        "match:1", 5, [a_decision(entry=each, entry_seq=seq) for seq, each in enumerate(ids, start=1)]
    )
    await store.save_comparisons(
        [
            a_comparison(
                decision=a_decision(entry=each, entry_seq=seq),
                delta=a_delta(entry=each),
                development=a_development(first_entry=each),
                facts=(a_fact(id=f"fact-{seq}", delta=a_delta(entry=each).id),),
            )
            for seq, each in enumerate(ids[:3], start=1)
        ]
    )
    await store.save_judgement(a_judgement(entry=ids[3]))
    await store.setting("tag_authority", "news.example")
    await store.write(lambda db: db.execute("DELETE FROM deltas WHERE seq = 3"))  # its position stays taken
    await store.close()


def exported(path: Path, since: int = 0) -> list[str]:
    with sqlite_source(path) as source:
        return list(written(source, version="1.0", since=since))


async def imported(lines: list[str], path: Path) -> SqliteStore:
    store = await opened(path)
    try:
        await store.load(Reading([line.encode() for line in lines], "ledgers.jsonl"))
    except BaseException:
        await store.close()
        raise
    return store


async def test_what_was_exported_is_imported_as_the_same_ledgers(tmp_path: Path) -> None:
    await filled(tmp_path / "one.db")
    lines = exported(tmp_path / "one.db")
    assert lines == exported(tmp_path / "one.db")

    store = await imported(lines, tmp_path / "two.db")
    one = await opened(tmp_path / "one.db")
    try:
        assert await store.ledger_state(STORY) == await one.ledger_state(STORY)
        every = DeltaFilter()
        assert await store.deltas_after(STORY, 0, 10, every) == await one.deltas_after(STORY, 0, 10, every)
        assert await store.unmatched_entries("match:1", 10) == await one.unmatched_entries("match:1", 10)
        assert await store.traces(STORY, NOON) == await one.traces(STORY, NOON)
        assert await store.revisions(ENTRY) == await one.revisions(ENTRY)
    finally:
        await one.close()
        await store.close()
    assert exported(tmp_path / "two.db") == lines


async def test_positions_go_on_where_they_were(tmp_path: Path) -> None:
    await filled(tmp_path / "one.db")
    store = await imported(exported(tmp_path / "one.db"), tmp_path / "two.db")
    last = an_entry("guid-4").id
    await store.save_comparisons([a_comparison(decision=a_decision(entry=last), delta=a_delta(entry=last))])
    deltas = await store.deltas_after(STORY, 0, 10, DeltaFilter())
    assert [delta.seq for delta in deltas] == [1, 2, 4]
    assert await store.save_poll(a_poll(an_entry("guid-1", revision=2), an_entry("new"))) == 1
    await store.close()


async def test_an_increment_holds_later_deltas_and_what_they_rest_on(tmp_path: Path) -> None:
    await filled(tmp_path / "one.db")
    rows = [json.loads(line) for line in exported(tmp_path / "one.db", since=1)]
    second = an_entry("guid-2").id
    found: dict[str, list[Any]] = {table.name: [] for table in TABLES}
    for line in rows[1:-1]:
        found[line["table"]].append(line["row"])
    assert rows[0]["since"] == 1
    assert [row["seq"] for row in found["deltas"]] == [2]
    assert [row["entry_id"] for row in found["entries"]] == [second]
    assert [row["entry_id"] for row in found["decisions"]] == [second]
    assert [row["id"] for row in found["feeds"]] == [a_feed().id]
    assert [row["delta"] for row in found["facts"]] == [a_delta(entry=second).id]
    assert {row["id"] for row in found["developments"]} <= {a_delta(entry=second).development}
    assert found["settings"] == found["cursors"] == []
    with pytest.raises(Invalid, match="holds only what came after 1; import an export without --since"):
        await imported(exported(tmp_path / "one.db", since=1), tmp_path / "two.db")


async def test_a_store_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    await filled(tmp_path / "one.db")
    lines = exported(tmp_path / "one.db")
    with pytest.raises(Conflict, match=r"one\.db holds ledgers already"):
        await imported(lines, tmp_path / "one.db")
    assert exported(tmp_path / "one.db") == lines


async def test_ledgers_go_to_postgresql_and_back_byte_for_byte(tmp_path: Path, postgres_url: str) -> None:
    await filled(tmp_path / "one.db")
    lines = exported(tmp_path / "one.db")
    raw = [line.encode() for line in lines]
    store = await PostgresStore.open(postgres_url)
    try:
        clashing = [line.encode() for line in changed(lines, "entries", feed_id="f-none")]
        with pytest.raises(Invalid, match=r"ledgers\.jsonl:\d+: the row of entries does not fit the others"):
            load(postgres_url, Reading(clashing, "ledgers.jsonl"))
        assert await store.feeds() == []

        load(postgres_url, Reading(raw, "ledgers.jsonl"))
        with pytest.raises(Conflict, match="holds ledgers already"):
            load(postgres_url, Reading(raw, "ledgers.jsonl"))
        for since in (0, 1):
            with postgres_source(postgres_url) as source:
                assert list(written(source, version="1.0", since=since)) == exported(tmp_path / "one.db", since)

        new = an_entry("new")
        assert await store.save_poll(a_poll(new)) == 1
        await store.save_comparisons([a_comparison(decision=a_decision(entry=new.id), delta=a_delta(entry=new.id))])
        deltas = await store.deltas_after(STORY, 0, 10, DeltaFilter())
        assert [delta.seq for delta in deltas] == [1, 2, 4]
    finally:
        await store.close()


def changed(lines: list[str], table: str, **values: Any) -> list[str]:
    """Change the first row of a table; a value of `...` takes the column away."""
    for number, line in enumerate(lines):
        content = json.loads(line)
        if content.get("table") == table:
            row = {name: value for name, value in (content["row"] | values).items() if value is not ...}
            return [*lines[:number], json.dumps({"table": table, "row": row}) + "\n", *lines[number + 1 :]]
    raise AssertionError(table)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda lines: lines[:-1], "the file ends early"),
        (lambda lines: lines[:-2] + lines[-1:], "lines are missing or doubled"),
        (lambda lines: lines[1:], ":1: is no export of Aftermath"),
        (lambda _: [], ":0: is no export of Aftermath"),
        (lambda lines: [*lines[:3], lines[3][:40] + "\n", *lines[4:]], ":4: is no JSON"),
        (lambda lines: [*lines, lines[0]], "join no files"),
        (lambda lines: [lines[0], *lines[:0:-1]], ":2: lines are missing"),
        (lambda lines: [lines[0].replace('"format":1', '"format":2'), *lines[1:]], ":1: has format 2"),
        (lambda lines: changed(lines, "entries", seq="1"), r'entries\.seq is "1", not integer'),
        (lambda lines: changed(lines, "entries", seq=2**63), r"entries\.seq is 9223372036854775808, not integer"),
        (lambda lines: changed(lines, "entries", seen_at="2025-02-01"), r"entries\.seen_at is .*, not instant"),
        (lambda lines: changed(lines, "entries", backlog=0), r"entries\.backlog is 0, not boolean"),
        (lambda lines: changed(lines, "entries", title=None), r"entries\.title is null, not text"),
        (lambda lines: changed(lines, "entries", title=...), "the row of entries lacks 'title'"),
        (lambda lines: changed(lines, "entries", mood="good"), "the row of entries has, unknown here, 'mood'"),
        (lambda lines: changed(lines, "entries", feed_id="f-none"), "the row of entries does not fit the others"),
        (lambda lines: changed(lines, "deltas", seq=2), "the row of deltas does not fit the others"),
        (lambda lines: changed(lines, "deltas", payload="{}"), r"deltas\.payload is \"{}\", not json"),
        (lambda lines: changed(lines, "decisions", score=float("nan")), r"decisions\.score is NaN, not real"),
    ],
)
async def test_a_bad_file_is_refused_by_line_and_nothing_of_it_is_kept(tmp_path: Path, spoil: Any, words: str) -> None:
    await filled(tmp_path / "one.db")
    with pytest.raises(Invalid, match=rf"ledgers\.jsonl:\d+: .*|{words}") as refused:
        await imported(spoil(exported(tmp_path / "one.db")), tmp_path / "two.db")
    assert refused.match(words)
    store = await opened(tmp_path / "two.db")
    try:
        assert await store.unmatched_entries("any", 10) == []
        assert await store.feeds() == []
        assert await store.setting("epoch", "") != ""
    finally:
        await store.close()
