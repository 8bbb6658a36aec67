"""`python -m service COMMAND`: the commands, one function each in service/commands/."""

from __future__ import annotations

import signal
import sys


def _terminate(*_: object) -> None:
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    # before the imports, which take a second: as the first process of a container nobody else would end us
    signal.signal(signal.SIGTERM, _terminate)
    from service.commands.cli import main

    sys.exit(main(sys.argv[1:]))
