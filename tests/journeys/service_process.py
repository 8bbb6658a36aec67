"""The service as an operator runs it: subprocesses of `python -m service`, each with settings and a folder of its own."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp
from patience import patient

from service.core.model import FeedSpec
from service.loading.opml_files import opml_of

ROOT = Path(__file__).resolve().parents[2]
Json = dict[str, Any]
_PAUSE_S = 0.05


# Below the range from which systems take ports for outgoing connections, and a share of its own for each worker of the
# suite: nobody else takes the port between its being found free and its being bound. Where in it to begin differs, for
# the sake of another run of the suite beside this one.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = (20_000 + _WORKER % 10 * 1_000 + number % 1_000 for number in itertools.count(os.getpid() * 37))


def free_port() -> int:
    for port in _PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError  # the numbers never end


def environment(folder: Path, settings: dict[str, object]) -> dict[str, str]:
    """Return the environment of a run: nobody else's settings, and by default a store in `folder`."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AFTERMATH_")}
    own = {
        "database_url": f"sqlite:///{folder / 'aftermath.db'}",
        "poll_min_interval_s": 1,
        "poll_per_host": 0,
        "allow_private_networks": "127.0.0.0/8",
    }
    named = {f"AFTERMATH_{name.upper()}": str(value) for name, value in {**own, **settings}.items()}
    return {**others, "PYTHONPATH": str(ROOT), **named}


def command(folder: Path, *arguments: str | Path, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "service", *map(str, arguments)],
        cwd=folder,
        env=environment(folder, settings),
        capture_output=True,
        text=True,
        timeout=patient(90),
        check=False,
    )


def write_opml(path: Path, urls: Sequence[str]) -> Path:
    """Write an OPML file of English feeds."""
    specs = [FeedSpec(url=url, title=f"Outlet {number}", lang="en") for number, url in enumerate(urls)]
    path.write_text(opml_of(specs, "Feeds of a test"), encoding="utf-8")
    return path


async def until(condition: Callable[[], Awaitable[bool]], limit_s: float) -> None:
    """Wait until a condition holds; at most as long as `patience` allows."""
    async with asyncio.timeout(patient(limit_s)):
        while True:
            if await condition():
                return
            await asyncio.sleep(_PAUSE_S)


@dataclass(slots=True, kw_only=True)
class Service:
    """A long-running command between `start` and its end; its log is `folder/service.log`."""

    folder: Path
    settings: dict[str, object]
    arguments: tuple[str, ...] = ("run",)
    before: tuple[str, ...] = ()  # a program that starts the service, with its options
    program: tuple[str, ...] = ("-m", "service")
    port: int = field(default_factory=free_port)
    process: Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "service.log").read_text(encoding="utf-8")

    async def start(self) -> None:
        with (self.folder / "service.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.before,
                sys.executable,
                *self.program,
                *self.arguments,
                cwd=self.folder,
                env=environment(self.folder, {"port": self.port, **self.settings}),
                stdout=log,
                stderr=log,
            )

    async def ready(self, limit_s: float) -> float:
        """Wait for /readyz to say yes; return how many seconds that took."""
        begun = time.monotonic()

        async def answers() -> bool:
            assert self.process is not None
            assert self.process.returncode is None, f"the service ended by itself:\n{self.log[-4000:]}"
            try:
                return (await self.get("/readyz"))[0] == 200
            except aiohttp.ClientError:
                return False

        await until(answers, limit_s)
        return time.monotonic() - begun

    async def get(self, path: str) -> tuple[int, bytes]:
        async with aiohttp.ClientSession() as http, http.get(self.address + path) as answer:
            return answer.status, await answer.read()

    async def json(self, path: str) -> Json:
        async with aiohttp.ClientSession() as http, http.get(self.address + path) as answer:
            assert answer.status == 200, (path, await answer.text())
            page: Json = await answer.json()
            return page

    async def end(self, by: signal.Signals, limit_s: float = 10.0) -> int:
        """Send a signal and return the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(by)
        async with asyncio.timeout(patient(limit_s)):
            return await self.process.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end(signal.SIGKILL)
