"""Which store an address names: a SQLite file, or a PostgreSQL database that any number of processes share.

The client of PostgreSQL is loaded where one is used: on SQLite it would be a tenth of the time to start.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from service.storage.postgres import PostgresStore

OpenedStore: TypeAlias = "SqliteStore | PostgresStore"


def is_shared(place: str) -> bool:
    """Say whether several processes may write there."""
    return place.startswith(("postgresql://", "postgres://"))


def is_missing(place: str) -> bool:
    """Say whether there is nothing to open yet: a SQLite file that does not exist."""
    return not is_shared(place) and not Path(place).is_file()


async def open_store(place: str, *, read_only: bool = False, now: Callable[[], datetime]) -> OpenedStore:
    """Open a store, creating and migrating it unless `read_only`.

    Args:
        place: `postgresql://…`, the path of a SQLite file, or ":memory:".
        read_only: Leave a missing or older store as it is. A SQLite file can then be open elsewhere for writing.
        now: The clock.

    Raises:
        StorageError: It cannot be opened, or is not migrated (`read_only`).
    """
    if is_shared(place):
        from service.storage.postgres import PostgresStore

        return await PostgresStore.open(place, read_only=read_only)
    return await SqliteStore.open(place, read_only=read_only, now=now)
