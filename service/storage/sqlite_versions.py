"""A SQLite file of another version than this one: what is refused, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.errors import StorageError
from service.storage.migrations import missing_steps, unknown_steps

if TYPE_CHECKING:
    from sqlite_utils import Database


def refuse_newer(db: Database, label: str) -> None:
    """Raise StorageError if a newer version has written the file."""
    if unknown := unknown_steps(db):
        raise StorageError(f"{label} was written by a newer version ({', '.join(unknown)}); update this one")


def refuse_unmigrated(db: Database, label: str) -> None:
    """Raise StorageError if the file lacks steps."""
    if missing := missing_steps(db):
        raise StorageError(f"{label} lacks {', '.join(missing)}; run migrate")
