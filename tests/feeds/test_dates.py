"""Publishers' dates: read as they are meant, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feeds.dates import read_date
from service.feeds.parse import read_document


@pytest.mark.parametrize(
    ("text", "moment", "date_only"),
    [
        ("Fri, 13 Dec 2024 22:13:24 GMT", datetime(2024, 12, 13, 22, 13, 24, tzinfo=UTC), False),
        ("Fri, 13 Dec 2024 22:13:24 +0800", datetime(2024, 12, 13, 14, 13, 24, tzinfo=UTC), False),
        ("2024 年 12 月 13 日星期五 22:13:24 GMT", datetime(2024, 12, 13, 22, 13, 24, tzinfo=UTC), False),
        ("2024年12月13日 下午3:05", datetime(2024, 12, 13, 15, 5, tzinfo=UTC), False),
        ("2024年12月13日 10:00:00 +08:00", datetime(2024, 12, 13, 2, tzinfo=UTC), False),
        ("2024年12月13日", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("2024-12-13T22:13:24.123456+07:00", datetime(2024, 12, 13, 15, 13, 24, tzinfo=UTC), False),
        ("2024-12-13", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("2024/12/13", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("2024/12/3 22:13", datetime(2024, 12, 3, 22, 13, tzinfo=UTC), False),
        ("2024.12.13 22:13:24 +0300", datetime(2024, 12, 13, 19, 13, 24, tzinfo=UTC), False),
        ("13.12.2024", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("13.12.2024, 22:13", datetime(2024, 12, 13, 22, 13, tzinfo=UTC), False),
        ("Fri, 13 Dec 2024 22:13:24 +03:00", datetime(2024, 12, 13, 19, 13, 24, tzinfo=UTC), False),
        ("Fri, 13 Dec 2024 22:13:24 -3:30", datetime(2024, 12, 14, 1, 43, 24, tzinfo=UTC), False),
        (
            "Fri Dec 13 2024 22:13:24 GMT+0300 (Moscow Standard Time)",
            datetime(2024, 12, 13, 19, 13, 24, tzinfo=UTC),
            False,
        ),
        ("Fri, 13 Dec 2024 22:13:24 UTC+3", datetime(2024, 12, 13, 19, 13, 24, tzinfo=UTC), False),
        ("Fri, 13 Dec 2024 22:13:24 MSK", datetime(2024, 12, 13, 19, 13, 24, tzinfo=UTC), False),
        ("Fri, 13 Dec 2024 22:13:24 EST", datetime(2024, 12, 14, 3, 13, 24, tzinfo=UTC), False),
        ("Fri, 13 Dec 2024 22:13:24 AEDT", datetime(2024, 12, 13, 11, 13, 24, tzinfo=UTC), False),
        ("Fri, 13 Dec 2024 22:13 cest", datetime(2024, 12, 13, 20, 13, tzinfo=UTC), False),
        ("Fri Dec 13 22:13:24 MSK 2024", datetime(2024, 12, 13, 19, 13, 24, tzinfo=UTC), False),
        ("2024-12-13T22:13:24 MSK", datetime(2024, 12, 13, 19, 13, 24, tzinfo=UTC), False),
        ("December 13, 2024 10:13 PM EST", datetime(2024, 12, 14, 3, 13, tzinfo=UTC), False),
        ("Fri, 13 Dec 2024 22:13:24 IST", datetime(2024, 12, 13, tzinfo=UTC), True),  # of India, Israel, Ireland
        ("Fri, 13 Dec 2024 22:13:24 BST", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("Fri, 13 Dec 2024 22:13:24 AST", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("Fri Dec 13 22:13:24 IST 2024", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("2024-12-13T22:13:24 Europe/Moscow", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("13.12.2024 22:13 Uhr", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("1734127999", datetime(2024, 12, 13, 22, 13, 19, tzinfo=UTC), False),
        ("17341279990", None, False),
        ("December 13, 2024 10:13 PM", datetime(2024, 12, 13, 22, 13, tzinfo=UTC), False),
        ("December 13, 2024 12:13 a.m.", datetime(2024, 12, 13, 0, 13, tzinfo=UTC), False),
        ("2024-12-13T22:13:24-08:00", datetime(2024, 12, 14, 6, 13, 24, tzinfo=UTC), False),
        ("2024-12", None, False),
        ("2024", None, False),
        ("2024/13/45", None, False),
        ("12/13/2024", None, False),
        ("Fri, 13 Dec 2024", datetime(2024, 12, 13, tzinfo=UTC), True),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None, False),
        ("yesterday", None, False),
        ("Fri, 99 Foo 99999 99:99:99", None, False),
        ("2024年13月45日", None, False),
        ("", None, False),
    ],
)
def test_dates_are_utc_and_what_is_no_date_is_none(text: str, moment: datetime | None, *, date_only: bool) -> None:
    item = f"<item><title>T</title><pubDate>{text}</pubDate></item>"
    document = f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>"
    [entry] = read_document(document.encode(), {}, "https://news.test/rss").feed().entries
    assert (entry.published_at, entry.date_only) == (moment, date_only)


@given(st.text())
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for candidate in (text, f"2024 年 {text} 月", f"2024-12-13T{text}"):
        moment, _ = read_date(candidate)
        assert moment is None or moment.utcoffset() == timedelta(0)
