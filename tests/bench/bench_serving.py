"""How many requests one core answers, and how fast a delta reaches 2,000 open streams.

Run by `make bench-serving`; prints two tables. The server is a process of its own; requests are counted per second of
its CPU time, so other load on the machine matters little. Every reader of a stream drops its connection now and then;
the run fails if one of them misses a delta or gets one twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import statistics
import sys
import time
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout, TCPConnector

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parents[2])]

from api.api_builders import a_report, a_site, publish  # noqa: E402 (found by the line above)
from api.subscriber import Subscriber  # noqa: E402

from service.commands.event_loop import run_service  # noqa: E402

HELD = 200  # deltas in the ledger
CONNECTIONS, SECONDS, ROUNDS = 16, 2.0, 3
READERS, DELTAS = int(os.environ.get("READERS", "2000")), 6
TICKS = os.sysconf("SC_CLK_TCK")


async def serve() -> None:
    """Be the server: publish one more delta for every line on standard input."""
    async with a_site([a_report(number) for number in range(HELD)], config={"max_streams": 10_000}) as site:
        print(site.url, flush=True)
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        number = HELD
        while await lines.readline():
            await publish(site.store, [a_report(number)])
            number += 1


def cpu_s(pid: int) -> float:
    """Return the CPU time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6


class Caller:
    """Asks over kept-alive connections, without the cost of a client library."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.number = 0

    async def once(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], int]:
        """Return status, headers and length of one answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        answer = await self._ask(reader, writer, path, headers)
        writer.close()
        return answer

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], int]:
        self.number += 1
        lines = [f"GET {path.replace('#', str(self.number))} HTTP/1.1", "Host: x"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        told = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(told.get("content-length", "0")))
        return int(head[0].split()[1]), told, len(body)

    async def many(self, path: str, headers: dict[str, str], wanted: int) -> int:
        """Ask for some seconds; return how often."""
        until, count = time.perf_counter() + SECONDS, 0

        async def one() -> None:
            nonlocal count
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            while time.perf_counter() < until:
                status, _, _ = await self._ask(reader, writer, path, headers)
                assert status == wanted, status
                count += 1
            writer.close()

        await asyncio.gather(*[one() for _ in range(CONNECTIONS)])
        return count


async def requests(pid: int, port: int) -> None:
    """Print the table of requests."""
    caller = Caller(port)
    feed, listing = "/feeds/harbour.rss", "/v1/stories/harbour/deltas"
    _, told, size = await caller.once(feed, {})
    _, _, small = await caller.once(feed, {"Accept-Encoding": "br"})
    cases = [
        ("feed, 304", feed, {"If-None-Match": told["etag"]}, 304),
        (f"feed, 200 cached, {size / 1000:.0f} KB", feed, {}, 200),
        (f"feed, 200 cached, br, {small / 1000:.1f} KB", feed, {"Accept-Encoding": "br"}, 200),
        ("deltas, 200 cached, 100 items", listing, {}, 200),
        ("deltas, 200 not cached, 20 items", f"{listing}?limit=20&min_score=0.0#", {}, 200),
    ]
    print(f"| {'request':34} | per CPU second | per second |\n|--|--:|--:|")
    for name, path, headers, wanted in cases:
        rates, walls = [], []
        for _ in range(ROUNDS):
            began = cpu_s(pid)
            count = await caller.many(path, headers, wanted)
            rates.append(count / max(cpu_s(pid) - began, 1 / TICKS))
            walls.append(count / SECONDS)
        print(f"| {name:34} | {statistics.median(rates):14,.0f} | {statistics.median(walls):10,.0f} |", flush=True)


async def streams(pid: int, url: str, more: asyncio.StreamWriter) -> None:
    """Print how fast deltas reach many streams, and check that each came once."""
    before = memory_mb(pid)
    async with ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(total=None)) as http:
        path = f"{url}/v1/stories/harbour/stream"
        readers = [Subscriber(http, path, DELTAS, patience=2 + number % 4) for number in range(READERS)]
        began_cpu = cpu_s(pid)
        tasks = [asyncio.create_task(reader.run()) for reader in readers]
        for reader in readers:
            await reader.ready.wait()
        connect_cpu = cpu_s(pid) - began_cpu
        held = memory_mb(pid) - before
        walls, cpus = [], []
        for number in range(1, DELTAS + 1):
            began, used = time.perf_counter(), cpu_s(pid)
            more.write(b"\n")
            while any(len(reader.seqs) < number for reader in readers):  # noqa: ASYNC110 (an event each would cost more)
                await asyncio.sleep(0.01)
            walls.append(time.perf_counter() - began)
            cpus.append(cpu_s(pid) - used)
        await asyncio.gather(*tasks)
        wanted = list(range(HELD + 1, HELD + DELTAS + 1))
        wrong = sum(reader.seqs != wanted for reader in readers)
        connections = sum(reader.connections for reader in readers)
    print(
        f"\n{READERS} streams: {connect_cpu / READERS * 1000:.2f} ms CPU to connect, {held / READERS * 1000:.0f} KB each; "
        f"a delta reaches all in {statistics.median(walls):.2f} s, {statistics.median(cpus) / READERS * 1e6:.0f} µs CPU each "
        f"(reconnects included); {connections} connections, {wrong} readers with a gap or a repeat"
    )
    if wrong:
        sys.exit(1)


async def measure() -> None:
    """Start the server and measure it."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--server", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdin is not None
    assert server.stdout is not None
    url = (await server.stdout.readline()).decode().strip()
    try:
        await requests(server.pid, int(url.rpartition(":")[2]))
        await streams(server.pid, url, server.stdin)
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.kill()
        await server.wait()


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    run_service(serve() if "--server" in sys.argv else measure())
