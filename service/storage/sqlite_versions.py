"""A SQLite file and the version of its schema: what is refused, and how a file is brought up to date."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from service.core.errors import StorageError
from service.storage.migrations import migrate, missing_steps, newest_step, unknown_steps
from service.storage.sqlite_backup import put_aside

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

log = logging.getLogger(__name__)


def bring_up_to_date(db: Database, path: Path, now: datetime) -> None:
    """Run the steps a file lacks; one that holds something is copied first, for the way back."""
    missing, version = missing_steps(db), newest_step(db)
    if missing and version and db.execute("SELECT EXISTS (SELECT 1 FROM feeds)").fetchone()[0]:
        try:
            copy = put_aside(path.resolve(), version, now)
        except StorageError as error:
            raise StorageError(
                f"{path} lacks {', '.join(missing)} and is copied before it is migrated, but: {error.message}"
            ) from error
        log.warning("database copied before it is migrated", extra={"copy": str(copy), "steps": ", ".join(missing)})
    migrate(db)


def refuse_newer(db: Database, label: str) -> None:
    """Raise StorageError if a newer version has written the file."""
    if unknown := unknown_steps(db):
        raise StorageError(f"{label} was written by a newer version ({', '.join(unknown)}); update this one")


def refuse_unmigrated(db: Database, label: str) -> None:
    """Raise StorageError if the file lacks steps."""
    if missing := missing_steps(db):
        raise StorageError(f"{label} lacks {', '.join(missing)}; run migrate")
