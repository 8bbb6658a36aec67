"""How long tests wait before they call something hung.

Limits are written for a machine that has nothing else to do; the suite runs on machines that do. A limit is there so that
a test ends, never to judge speed: that is what the benchmarks are for.
"""

from __future__ import annotations

import os
from typing import Final

PATIENCE: Final = float(os.environ.get("AFTERMATH_TEST_PATIENCE", "5"))


def patient(limit_s: float) -> float:
    """Return how long to wait for what takes at most `limit_s` seconds on an idle machine."""
    return limit_s * PATIENCE
