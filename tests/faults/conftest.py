"""Which experiments belong to `make faults` alone: they need rights, programs or a former version that few machines have."""

from __future__ import annotations

import os

_LONG = os.environ.get("FAULTS") == "long"

collect_ignore = [] if _LONG else ["test_postgres_partition.py", "test_read_only_disk.py"]
if not _LONG and not os.environ.get("OLDER"):
    collect_ignore.append("test_postgres_update.py")
