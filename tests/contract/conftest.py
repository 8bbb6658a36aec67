"""Every backend that keeps the promises of the Store port. A new one is one more entry of BACKENDS."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import pytest
from builders import (
    NOON,
)

from service.ports import Store
from service.storage.postgres import PostgresStore
from service.storage.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from postgres_server import Databases


class Backend(Protocol):
    def __call__(self, request: pytest.FixtureRequest) -> AbstractAsyncContextManager[Store]: ...


@asynccontextmanager
async def sqlite_file(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    folder: Path = request.getfixturevalue("tmp_path")
    store = await SqliteStore.open(folder / "ledger.db", now=lambda: NOON)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def sqlite_memory(request: pytest.FixtureRequest) -> AsyncIterator[Store]:  # noqa: ARG001 (a Backend is given it)
    store = await SqliteStore.open(":memory:", now=lambda: NOON)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def postgres(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    databases: Databases = request.getfixturevalue("postgres")
    with databases.database() as url:
        store = await PostgresStore.open(url)
        try:
            yield store
        finally:
            await store.close()


BACKENDS: dict[str, Backend] = {"sqlite-file": sqlite_file, "sqlite-memory": sqlite_memory, "postgres": postgres}


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    async with BACKENDS[request.param](request) as opened:
        yield opened
