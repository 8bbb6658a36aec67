"""`python -m service COMMAND`: the commands, one function each in service/commands/."""

from __future__ import annotations

import sys

from service.commands.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
