"""What a SQLite file holds and how it is built, read without the service."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def content(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return table → rows."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [dict(row) for row in db.execute(f"SELECT * FROM {table}")]
            for table in tables
            if not table.startswith(("_sqlite", "sqlite_"))
        }


def schema(path: Path) -> set[str]:
    """Return the statements that built it, whatever their white space."""
    with closing(sqlite3.connect(path)) as db:
        return {
            " ".join(row[0].split())
            for row in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB '*sqlite_*'")
        }


def lost(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return what of `before` is not in `after`; rows and columns that came later count for nothing."""
    gone = {}
    for table, held in before.items():
        kept = [{name: row.get(name) for name in held[0]} for row in after.get(table, [])] if held else []
        if missing := [row for row in held if row not in kept]:
            gone[table] = missing
    return gone
