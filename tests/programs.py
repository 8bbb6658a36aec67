"""The mark for tests that start a program a bare machine may lack: there they skip and say so, in CI they fail."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

NPM = Path(__file__).resolve().parent.parent / ".venv" / "npm" / "node_modules"  # `make install-dev` fills it


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip unless all programs are installed; in CI let the test run into what is missing."""
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(
        bool(missing) and not os.environ.get("CI"),
        reason=f"needs {', '.join(missing)}, which .ci/run installs",
    )


def needs_npm(*packages: str) -> pytest.MarkDecorator:
    """Skip unless the npm packages of tests/npm are installed; in CI let the test run into what is missing."""
    missing = [package for package in packages if not (NPM / package).is_dir()]
    return pytest.mark.skipif(
        bool(missing) and not os.environ.get("CI"),
        reason=f"needs {', '.join(missing)} from npm: `make install-dev` installs them where there is npm",
    )
