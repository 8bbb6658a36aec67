"""The ledgers as JSON lines: what a line may hold, and how a file of them is written and read. Knows no database.

A file is one header, the rows of every table in `TABLES` order and by key, and a last line that counts them, so that a
file that was cut off is told from a whole one. The same ledgers always give the same bytes. Databases take part by two
small interfaces, `LedgerSource` and `LedgerTarget`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from service.core.errors import Invalid
from service.storage.rows import instant_text, to_json

FORMAT: Final = 1
Kind = Literal["text", "integer", "real", "boolean", "instant", "json"]
LedgerRow = dict[str, Any]  # by column; instants as text of fixed width, JSON columns as values


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it stands in a line."""

    name: str
    kind: Kind
    is_optional: bool = False  # may be null


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the store, with the columns that name its rows in order."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _columns(**kinds: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, kind.rstrip("?"), kind.endswith("?"))  # type: ignore[arg-type]  # the kinds below
        for name, kind in kinds.items()
    )


# In an order in which every row comes after those it refers to. What is no ledger (indexes, SQLite's own tables) is
# made anew; a test says when a table or column of the schema is missing here.
TABLES: Final = (
    Table("settings", ("name",), _columns(name="text", value="text")),
    Table(
        "feeds",
        ("id",),
        _columns(
            id="text",
            url="text",
            title="text",
            lang="text?",
            pole="text?",
            source="text",
            state="text",
            etag="text?",
            last_modified="text?",
            body_hash="text?",
            last_attempt_at="instant?",
            last_success_at="instant?",
            first_success_at="instant?",
            next_poll_at="instant?",
            next_poll_reason="text",
            failures="integer",
            error_class="text?",
            error="text?",
            entries_seen="integer",
            polls="integer",
            host="text",
            hints="json",
            failing_since_at="instant?",
            moved_to="text?",
            moved_since_at="instant?",
            items_per_day="real",
        ),
    ),
    Table(
        "outages",
        ("feed_id", "began_at"),
        _columns(feed_id="text", began_at="instant", ended_at="instant?", error_class="text", error="text"),
    ),
    Table(
        "entries",
        ("seq",),
        _columns(
            seq="integer",
            entry_id="text",
            revision="integer",
            feed_id="text",
            title="text",
            summary="text",
            url="text?",
            outlet="text?",
            lang="text?",
            pole="text?",
            published_at="instant?",
            date_only="boolean",
            clamped="boolean",
            first_seen_at="instant",
            seen_at="instant",
            backlog="boolean",
        ),
    ),
    Table(
        "entry_heads",
        ("entry_id",),
        _columns(
            entry_id="text",
            feed_id="text",
            revision="integer",
            content_hash="text",
            search_text="text",
            first_seen_at="instant",
            backlog="boolean",
        ),
    ),
    Table("entry_keys", ("feed_id", "key"), _columns(feed_id="text", key="text", entry_id="text")),
    Table("cursors", ("name",), _columns(name="text", seq="integer")),
    Table(
        "decisions",
        ("story", "entry_id", "revision"),
        _columns(
            story="text",
            entry_id="text",
            revision="integer",
            entry_seq="integer",
            relevant="boolean",
            score="real",
            outcome="text",
            threads="json",
            reasons="json",
            mentions="json",
            type="text?",
            delta="text?",
            development="text?",
            duplicate_of="text?",
            origin="text?",
            novelty="real?",
            decided_at="instant",
            rules_version="text",
            trace="text?",
            compared_seq="integer?",
        ),
    ),
    Table(
        "developments",
        ("id",),
        _columns(
            id="text",
            story="text",
            threads="json",
            title="text",
            lang="text?",
            line="text",
            first_entry="text",
            first_at="instant",
            last_at="instant",
            reports="integer",
            outlets="json",
            origins="json",
        ),
    ),
    Table(
        "deltas",
        ("seq",),
        _columns(
            seq="integer",
            id="text",
            story="text",
            type="text",
            lang="text?",
            score="real",
            created_at="instant",
            threads="json",
            entities="json",
            payload="json",
        ),
    ),
    Table("facts", ("seq",), _columns(seq="integer", id="text", story="text", delta="text", payload="json")),
    Table(
        "judgements",
        ("story", "entry_id"),
        _columns(
            story="text", entry_id="text", revision="integer", relevant="boolean", note="text", judged_at="instant"
        ),
    ),
    Table(
        "regroupings",
        ("seq",),
        _columns(
            seq="integer",
            id="text",
            story="text",
            kind="text",
            development="text",
            target="text",
            entries="json",
            note="text",
            ordered_at="instant",
        ),
    ),
    Table(
        "opinions",
        ("delta", "model"),
        _columns(
            delta="text",
            model="text",
            outcome="text",
            verdict="json?",
            error="text?",
            attempts="integer",
            next_attempt_at="instant?",
            asked_at="instant",
        ),
    ),
    Table("opinion_days", ("day",), _columns(day="text", requests="integer")),
    Table(
        "story_versions", ("story",), _columns(story="text", version="integer", judged="integer", compared="integer")
    ),
    Table(
        "stories",
        ("id",),
        _columns(id="text", source="text", document="text", followed="boolean", changed_at="instant"),
    ),
)
# Tables whose `seq` is never given out twice: the next position outlives the rows.
POSITIONED: Final = ("entries", "deltas", "facts")
_BY_NAME: Final = {table.name: table for table in TABLES}
_INTEGER_BOUND: Final = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first line says of the ledgers."""

    version: str  # of the service that wrote it
    since: int  # only deltas after this seq, with what they rest on; 0 for everything
    positions: dict[str, int]  # highest seq ever given out, by table


class RowClash(Invalid):
    """A row that cannot stand beside those before it."""


class LedgerSource(Protocol):
    """Ledgers to read: everything is of one moment, however long reading takes."""

    def positions(self) -> dict[str, int]:
        """Return the highest `seq` ever given out, for each of POSITIONED."""
        ...

    def rows(self, table: Table, since: int) -> Iterator[LedgerRow]:
        """Return the rows of a table by key, never all of them in memory.

        With `since` above 0, those of deltas after that seq, and of the feeds, entries, decisions, developments, facts,
        judgements, regroupings and opinions that those deltas rest on; of other tables none.
        """
        ...


class LedgerTarget(Protocol):
    """An empty store to fill."""

    def load(self, rows: Iterable[tuple[Table, LedgerRow]], positions: Callable[[], dict[str, int]]) -> None:
        """Write all rows as they are in one transaction; what the iterable raises undoes it.

        Args:
            rows: In an order in which each row comes after those it refers to.
            positions: Asked after the last row: the highest `seq` ever given out, for each of POSITIONED.

        Raises:
            RowClash: A row is there twice, or refers to one that is not there.
        """
        ...


# --- writing -----------------------------------------------------------------------------


def written(source: LedgerSource, *, version: str, since: int = 0) -> Iterator[str]:
    """Return the lines of a file, each with its newline."""
    header = {"aftermath": "ledgers", "format": FORMAT, "version": version, "since": since}
    yield to_json(header | {"positions": source.positions()}) + "\n"
    counts = {}
    for table in TABLES:
        count = 0
        for row in source.rows(table, since):
            yield to_json({"table": table.name, "row": row}) + "\n"
            count += 1
        counts[table.name] = count
    yield to_json({"end": counts}) + "\n"


# --- reading -----------------------------------------------------------------------------


class Reading:
    """Reads a file line by line. Every error names the file and the line it stands in.

    Args:
        lines: Of the file.
        name: Of the file.
    """

    def __init__(self, lines: Iterable[bytes], name: str) -> None:
        self._lines = iter(lines)
        self._name = name
        self.line = 0
        self.counts: dict[str, int] = {table.name: 0 for table in TABLES}
        self.header = self._header()

    def fault(self, message: str) -> Invalid:
        """Return an error about the line that was read last."""
        return Invalid(f"{self._name}:{self.line}: {message}")

    def rows(self) -> Iterator[tuple[Table, LedgerRow]]:
        """Return the rows in the order of the file.

        Raises:
            Invalid: A line is not what it should be, or the file was cut off.
        """
        place = 0
        while (value := self._next()) is not None:
            if "end" in value:
                if value["end"] != self.counts:
                    raise self.fault(
                        f"lines are missing or doubled: the file held {value['end']}, here is {self.counts}"
                    )
                if self._next() is not None:
                    raise self.fault("stands after the end of the ledgers; join no files")
                return
            table = _BY_NAME.get(str(value.get("table")))
            if table is None or set(value) != {"table", "row"}:
                raise self.fault('is no row; a row is {"row": {…}, "table": "…"} with a table this version knows')
            if TABLES.index(table) < place:
                raise self.fault(f"a row of {table.name} stands after tables that refer to it")
            place = TABLES.index(table)
            self.counts[table.name] += 1
            yield table, self._row(table, value["row"])
        raise self.fault("the file ends early: its last line is missing; export it again")

    def _header(self) -> Header:
        value = self._next()
        if value is None or value.get("aftermath") != "ledgers":
            raise self.fault("is no export of Aftermath; `export` writes one")
        if value.get("format") != FORMAT:
            raise self.fault(f"has format {value.get('format')!r}, this version reads {FORMAT}; update it")
        positions = value.get("positions")
        if not isinstance(positions, dict) or not all(
            isinstance(positions.get(name), int) and positions[name] >= 0 for name in POSITIONED
        ):
            raise self.fault(f"`positions` must give the highest seq of {', '.join(POSITIONED)}")
        if value.get("since") != 0:
            raise self.fault(f"holds only what came after {value.get('since')!r}; import an export without --since")
        return Header(
            version=str(value.get("version")), since=0, positions={name: positions[name] for name in POSITIONED}
        )

    def _next(self) -> dict[str, Any] | None:
        raw = next(self._lines, None)
        if raw is None:
            return None
        self.line += 1
        try:
            value = json.loads(raw)
        except ValueError as error:
            raise self.fault(f"is no JSON ({error})") from error
        if not isinstance(value, dict):
            raise self.fault("is no JSON object")
        return value

    def _row(self, table: Table, row: object) -> LedgerRow:
        if not isinstance(row, dict):
            raise self.fault("`row` is no JSON object")
        names = {column.name for column in table.columns}
        if strange := sorted(set(row) ^ names):
            what = "lacks" if strange[0] in names else "has, unknown here,"
            raise self.fault(f"the row of {table.name} {what} {strange[0]!r}")
        for column in table.columns:
            if not _fits(row[column.name], column):
                raise self.fault(f"{table.name}.{column.name} is {_shown(row[column.name])}, not {column.kind}")
        return row


def read_into(target: LedgerTarget, reading: Reading) -> None:
    """Fill an empty store from a file, all or nothing.

    Raises:
        Invalid: With file and line of what is wrong.
    """
    try:
        target.load(reading.rows(), lambda: reading.header.positions)
    except RowClash as error:
        raise reading.fault(error.message) from error


def _fits(value: object, column: Column) -> bool:
    if value is None:
        return column.is_optional
    match column.kind:
        case "text":
            return isinstance(value, str)
        case "integer":
            return type(value) is int and -_INTEGER_BOUND <= value < _INTEGER_BOUND
        case "real":
            return type(value) in {int, float} and math.isfinite(value)  # type: ignore[arg-type]  # a number
        case "boolean":
            return isinstance(value, bool)
        case "instant":
            return isinstance(value, str) and _is_instant(value)
        case "json":
            return isinstance(value, dict | list)


def _is_instant(text: str) -> bool:
    try:
        return instant_text(datetime.fromisoformat(text)) == text
    except ValueError:
        return False


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
