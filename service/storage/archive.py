"""The ledgers as JSON lines: how a file of them is written and read. Knows no database.

A file is one header, the rows of every table in the order of `ledger_tables.TABLES` and by key, and a last line that
counts them, so that a file that was cut off is told from a whole one. The same ledgers always give the same bytes.
Databases take part by two small interfaces, `LedgerSource` and `LedgerTarget`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from service.core.errors import Invalid
from service.storage.ledger_tables import POSITIONED, TABLES, Column, LedgerRow, Table
from service.storage.rows import instant_text, to_json

FORMAT: Final = 1
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
