"""Altered records are what replaced ones are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import word_hashes

from service.core.developments.reports import Report
from service.core.records import altered

REPORT = Report(
    entry="e-1", revision=1, dated_at=datetime(2025, 3, 3, tzinfo=UTC), lang="en", outlet=None, threads=("bases",),
    frames=(), polarity=(), core=frozenset(), entities=frozenset(), quantities={"ships": 2},
    title_words=word_hashes("ships leave"), text_words=word_hashes("two ships leave"),
)  # fmt: skip


def test_an_altered_record_is_the_replaced_one() -> None:
    assert altered(REPORT, delta="d-1", outlet="Paper") == replace(REPORT, delta="d-1", outlet="Paper")
    assert altered(REPORT) == REPORT
    assert altered(REPORT) is not REPORT


def test_an_unknown_field_is_an_error() -> None:
    with pytest.raises(TypeError, match="Report has no field outlets"):
        altered(REPORT, outlets="Paper")
