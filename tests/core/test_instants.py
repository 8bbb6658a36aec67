"""Instants from outside: aware, UTC, and never a reason to fall over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.core.instants import http_date, in_utc

NOON = datetime(2025, 2, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("given", [NOON, NOON.replace(tzinfo=None), NOON.astimezone(timezone(timedelta(hours=-5)))])
def test_an_instant_is_taken_to_utc(given: datetime) -> None:
    assert in_utc(given) == NOON
    assert in_utc(given).tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"])
def test_an_instant_that_utc_has_no_year_for_is_a_bad_value(text: str) -> None:
    with pytest.raises(ValueError, match="outside the years"):
        in_utc(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Sat, 01 Feb 2025 12:00:00 GMT", NOON),
        ("Sat, 01 Feb 2025 12:00:00 -0000", NOON),  # no zone known: not that of the machine
        ("Sat, 01 Feb 2025 07:00:00 -0500", NOON),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None),
        ("Mon, 01 Jan 99999 00:00:00 GMT", None),
        ("yesterday", None),
        ("0", None),
        ("", None),
    ],
)
def test_http_dates_are_read_or_refused(text: str, instant: datetime | None) -> None:
    assert http_date(text) == instant
