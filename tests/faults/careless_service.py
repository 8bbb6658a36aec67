"""The service over a store that does not wait for the disk: what an experiment with power cuts must find fault with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from service.storage import sqlite_connections

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

_as_written = sqlite_connections.connect_writer


def _connect(path: Path) -> Database:
    db = _as_written(path)
    db.execute("PRAGMA synchronous = NORMAL")
    return db


if __name__ == "__main__":
    sqlite_connections.connect_writer = _connect
    from service.commands.cli import main  # only now: the store takes the function from there

    sys.exit(main(sys.argv[1:]))
