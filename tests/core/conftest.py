"""A desk for the tests of comparing. Files whose desk is another one define their own."""

from __future__ import annotations

import pytest
from core.comparing import Desk

from service.core.rules import Rules


@pytest.fixture
def desk(rules: Rules) -> Desk:
    return Desk(rules)
