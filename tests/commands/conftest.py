"""Commands called in the process of the tests, with a store and a story of their own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands.calling import Call, Done
from journeys.small_story import story_folder

from service.commands.cli import main


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Call a command in this process, with a store that does not exist yet; settings by keyword."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AFTERMATH_DATABASE_URL", f"sqlite:///{tmp_path / 'aftermath.db'}")
    monkeypatch.delenv("AFTERMATH_LOG_LEVEL", raising=False)

    def called(*arguments: str | Path, **settings: object) -> Done:
        for name, value in settings.items():
            monkeypatch.setenv(f"AFTERMATH_{name.upper()}", str(value))
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return Done(code, out, err)

    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield called
    root.handlers = before[0]  # a command that starts logging writes to this test's standard error
    root.setLevel(before[1])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a folder that holds the small story."""
    return story_folder(tmp_path)
