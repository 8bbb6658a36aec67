"""run, serve, work, demo, healthcheck: the service itself."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import urllib.error
import urllib.request
from typing import Any

from service.commands.event_loop import run_service
from service.commands.logs import start_logging
from service.commands.polling import add_backfill
from service.commands.setup import settings_of
from service.core.errors import ServiceError

_HEALTH_TIMEOUT_S = 5.0


def register(commands: Any) -> None:
    """Add the commands of this file."""
    for name, text, serve, work in (
        ("run", "all in one process: polling, matching, comparing, HTTP", True, True),
        ("serve", "only HTTP; on SQLite it reads only", True, False),
        ("work", "only polling and the steps", False, True),
    ):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=_run, serve=serve, work=work, backfill=False)
        if work:
            add_backfill(command)
    demo = commands.add_parser("demo", help="the whole service offline, on bundled sample feeds")
    demo.add_argument("--port", type=int, default=None, help="default: AFTERMATH_PORT or 8080")
    demo.set_defaults(run=_demo)
    health = commands.add_parser("healthcheck", help="probe the running service (for containers)")
    health.set_defaults(run=_healthcheck)


def _run(args: argparse.Namespace) -> int:
    settings = settings_of()
    start_logging(settings.log_format, settings.log_level)

    async def main() -> None:
        from service.app import running, signalled, stop_signal

        stopped, hangup = stop_signal(), signalled(signal.SIGHUP)
        async with running(
            settings,
            serve=args.serve,
            work=args.work,
            hangup=hangup,
            reread=settings_of,
            backfill=args.backfill,
        ) as started:
            if started.address:
                _say_where(started.address, started.stories)
            await stopped.wait()
            sys.stderr.write("stopping\n")
        _leave()

    run_service(main())
    return 0


def _leave() -> None:
    """End the process now that all is closed: lookups that hang on dead name servers sit in threads nobody can stop."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _say_where(address: str, stories: Any) -> None:
    lines = [f"Aftermath is running at {address}", f"  timeline  {address}/"]
    for story in stories:
        lines.append(f"  feed      {address}/feeds/{story}.rss  (.atom, .json)")
        lines.append(f"  API       {address}/v1/stories/{story}/deltas")
    lines += [f"  sources   {address}/feeds", f"  docs      {address}/docs", "  stop with Ctrl-C"]
    sys.stderr.write("\n".join(lines) + "\n")


def _demo(args: argparse.Namespace) -> int:
    settings = settings_of(port=args.port)
    start_logging(settings.log_format, "warning")

    async def main() -> None:
        from service.app import stop_signal
        from service.demo.show import demonstration

        stopped = stop_signal()

        async with demonstration(settings) as address:
            sys.stderr.write(
                f"Aftermath, a DEMONSTRATION on invented sample feeds: {address}/\n"
                "  open that page: it says what to look at; new polls follow every few seconds; stop with Ctrl-C\n"
            )
            await stopped.wait()

    run_service(main())
    return 0


def _healthcheck(_args: argparse.Namespace) -> int:
    settings = settings_of()
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 (compared)
    url = f"http://{host}:{settings.port}/readyz"
    try:
        with urllib.request.urlopen(url, timeout=_HEALTH_TIMEOUT_S) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        raise ServiceError(f"{url} answered {error.code}: {error.read(500).decode(errors='replace')}") from error
    except OSError as error:
        raise ServiceError(f"{url} does not answer ({error}); is the service running?") from error
    print("ready")
    return 0
