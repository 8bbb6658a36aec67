"""A process that writes a SQLite file: run as a program, it is started, locked out and killed by the tests."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from builders import (
    NOON,
    a_poll,
    an_entry,
)

from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


ROOT = Path(__file__).parents[2]
ENTRIES_PER_POLL = 5


async def write_polls(path: str, first: int) -> None:
    """Save polls one after the other; print each one's number once it is acknowledged."""
    store = await SqliteStore.open(path, now=lambda: NOON)
    print("open", flush=True)
    for number in range(first, sys.maxsize):
        await store.save_poll(a_poll(*(an_entry(f"{number}-{part}") for part in range(ENTRIES_PER_POLL))))
        print(number, flush=True)


async def hold_and_fork(path: str) -> None:
    """Hold the store with a forked child alive, which prints its process id when it has begun."""
    await SqliteStore.open(path, now=lambda: NOON)
    if os.fork() == 0:
        print(os.getpid(), flush=True)
    signal.pause()


@contextmanager
def running(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """This file as a program, killed at the end if it still lives."""
    process = subprocess.Popen(
        [sys.executable, __file__, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@asynccontextmanager
async def opened(path: Path | str, *, read_only: bool = False) -> AsyncIterator[SqliteStore]:
    store = await SqliteStore.open(path, read_only=read_only, now=lambda: NOON)
    try:
        yield store
    finally:
        await store.close()


if __name__ == "__main__":
    if sys.argv[1] == "write":
        asyncio.run(write_polls(sys.argv[2], int(sys.argv[3])))
    else:
        asyncio.run(hold_and_fork(sys.argv[2]))
