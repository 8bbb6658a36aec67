"""Where the material beside the checkout lies, and the mark for tests that need it.

CI has it, a user's clone has not: there such tests skip with a reason. In CI a missing folder is a failure.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir() and not os.environ.get("CI"),
    reason="needs the shared material beside the checkout (captured feeds, labels), which is not distributed",
)
