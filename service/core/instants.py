"""Instants from outside, made aware and UTC. Ours are so already."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def in_utc(moment: datetime) -> datetime:
    """Return an instant in UTC; one that names no zone is taken for UTC.

    Raises:
        ValueError: In UTC it lies outside the years 1 to 9999 (its own zone holds it there).
    """
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{moment.isoformat()} lies outside the years 1 to 9999 in UTC") from error


def http_date(text: str) -> datetime | None:
    """Return the instant of an HTTP date, None when it is none (`Expires: 0`).

    Source: RFC 9110 §5.6.7.
    """
    try:
        return in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
