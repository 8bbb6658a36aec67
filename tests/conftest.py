"""Fixtures that many tests need. Add one here only when three files want it; otherwise keep it in its file."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
from postgres_server import Databases, databases

from service.commands.setup import rules_of
from service.core.rules import Rules
from service.settings import BUNDLED_STORIES

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The bundled stories with the bundled lexicon and weights: compiled once, never changed."""
    return rules_of(BUNDLED_STORIES)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """A PostgreSQL server that hands out databases: started when the first test asks, stopped at the end."""
    with databases() as made:
        yield made


@pytest.fixture
def postgres_url(postgres: Databases) -> Iterator[str]:
    """A migrated database of the test's own."""
    with postgres.database() as url:
        yield url
