"""`python -m service COMMAND`: the commands, one function each in service/commands/."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 128 + signal.SIGINT


def _terminate(*_: object) -> None:
    sys.exit(128 + signal.SIGTERM)


def _run() -> int:
    try:
        from service.commands.cli import main
    except KeyboardInterrupt:  # the imports take a second; from there on the commands see to it themselves
        return INTERRUPTED
    except ModuleNotFoundError as error:
        if (error.name or "service").partition(".")[0] == "service":
            raise
        print(  # there is no log yet
            f"{error.name} is not installed for {sys.executable}; `make install` does it for .venv/bin/python",
            file=sys.stderr,
        )
        return 1
    return main(sys.argv[1:])


if __name__ == "__main__":
    # before the imports: as the first process of a container nobody else would end us
    signal.signal(signal.SIGTERM, _terminate)
    code = _run()
    # The work is done; a signal that comes while the interpreter ends has nothing to interrupt but that.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(code)
