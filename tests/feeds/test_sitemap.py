"""News sitemaps, read as feeds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.core.errors import ParseError
from service.feeds.parse import read_document

URL = "https://news.test/news-sitemap.xml"
NEWS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>'
)
PAGE = (
    "<url><loc>https://news.test/{n}</loc><news:news><news:publication><news:name>Harbour Post</news:name>"
    "<news:language>{lang}</news:language></news:publication>"
    "<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title></news:news></url>"
)


def page(
    n: int, lang: str = "en", date: str = "2025-02-01T10:30:00+02:00", title: str = "Ferry &amp; crew safe"
) -> str:
    return PAGE.format(n=n, lang=lang, date=date, title=title)


def test_pages_with_news_become_entries_and_others_are_left_out() -> None:
    plain = "<url><loc>https://news.test/about</loc></url>"
    feed = read_document(
        NEWS.format(page(1) + plain + page(2, lang="zh-cn", date="2025-02-01")).encode(), {}, URL
    ).feed()
    assert (feed.title, feed.lang) == ("Harbour Post", "en")
    first, second = feed.entries
    assert (first.title, first.url, first.guid) == ("Ferry & crew safe", "https://news.test/1", "https://news.test/1")
    assert (first.outlet, first.lang, first.date_only) == ("Harbour Post", None, False)
    assert first.published_at == datetime(2025, 2, 1, 8, 30, tzinfo=UTC)
    assert (second.lang, second.date_only) == ("zh", True)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (NEWS.format("<url><loc>https://news.test/about</loc></url>"), "without news"),
        ('<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "index"),
        (NEWS.format("<url>"), "broken XML"),
        (f"<!DOCTYPE x [<!ENTITY a 'b'>]>{NEWS.format(page(1))[38:]}", "entities"),
    ],
)
def test_a_sitemap_that_tells_no_news_says_so(body: str, word: str) -> None:
    with pytest.raises(ParseError, match=word):
        read_document(body.encode(), {}, URL).feed()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
def test_its_encoding_is_read(encoding: str) -> None:
    body = NEWS.format(page(1, title="Паром")).replace("UTF-8", encoding)
    assert read_document(body.encode(encoding), {}, URL).feed().entries[0].title == "Паром"
