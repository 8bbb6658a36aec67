"""The command line: one table of commands, one place where errors become a line and an exit code.

Exit codes: 0 done, 1 failed, 2 bad usage or bad input. A traceback shows only at AFTERMATH_LOG_LEVEL=debug.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from service import __version__
from service.commands import archive, feedback, feeds, files, operations, polling, quality, stories, webhooks
from service.core.errors import Invalid, ServiceError

_GROUPS = (operations, polling, quality, feedback, stories, feeds, webhooks, files, archive)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="python -m service",
        description="Aftermath follows a story after the article has ended.",
        epilog="Settings are environment variables AFTERMATH_*; `python -m service config` shows them.",
    )
    parser.add_argument("--version", action="version", version=f"Aftermath {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in _GROUPS:
        group.register(commands)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    args = build_parser().parse_args(arguments)
    debug = os.environ.get("AFTERMATH_LOG_LEVEL") == "debug"
    try:
        code: int = args.run(args)
    except Invalid as error:
        if debug:
            raise
        sys.stderr.write(f"{error.message}\n")
        return 2
    except ServiceError as error:
        if debug:
            raise
        sys.stderr.write(f"{error.message}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `… | head`
        sys.stderr.close()
        return 0
    except Exception as error:  # the outermost frame: what nobody foresaw is one line, too
        if debug:
            raise
        cause = error
        while isinstance(cause, ExceptionGroup):
            cause = cause.exceptions[0]
        sys.stderr.write(
            f"{args.command} failed ({type(cause).__name__}: {cause}); AFTERMATH_LOG_LEVEL=debug shows where\n"
        )
        return 1
    return code
