"""Fixtures that many tests need. Add one here only when three files want it; otherwise keep it in its file."""

from __future__ import annotations

import pytest

from service.commands.setup import rules_of
from service.core.rules import Rules
from service.loading.story_files import BUNDLED_STORIES


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The bundled stories with the bundled lexicon and weights: compiled once, never changed."""
    return rules_of(BUNDLED_STORIES)
