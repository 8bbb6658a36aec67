"""Documents of all formats to entries; what is broken is read as far as it can be."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from news_site import Item, rss

from service.core.errors import ParseError
from service.feeds.clean import plain_text
from service.feeds.parse import NotAFeedError, read_document

if TYPE_CHECKING:
    from service.core.model import ParsedEntry, ParsedFeed

URL = "https://news.test/rss"


def parsed(document: str | bytes, **headers: str) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return read_document(body, {name.replace("_", "-"): value for name, value in headers.items()}, URL).feed()


def only(document: str | bytes) -> ParsedEntry:
    (entry,) = parsed(document).entries
    return entry


def an_item(inside: str) -> ParsedEntry:
    return only(f"<rss version='2.0'><channel><title>T</title><item>{inside}</item></channel></rss>")


# --- formats -----------------------------------------------------------------------------


def test_an_rss_item_becomes_an_entry() -> None:
    moment = datetime(2024, 12, 16, 10, 30, tzinfo=UTC)
    entry = only(rss([Item("Bridge closed", "For a day.", "https://news.test/a", "id-1", moment)]))
    assert (entry.guid, entry.url, entry.title, entry.summary, entry.published_at, entry.date_only) == (
        "id-1",
        "https://news.test/a",
        "Bridge closed",
        "For a day.",
        moment,
        False,
    )


def test_an_atom_entry_becomes_an_entry() -> None:
    feed = parsed(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Nachrichten</title>
        <entry><id>tag:news.test,2024:1</id><title type="html">Brücke &lt;b&gt;gesperrt&lt;/b&gt;</title>
        <link rel="self" href="https://news.test/1.atom"/><link href="https://news.test/1"/>
        <published>2024-12-16T10:30:00.123456+01:00</published><updated>2024-12-17T00:00:00Z</updated>
        <source><title>Agentur</title></source><summary>Für einen Tag.</summary></entry>
        <entry xml:lang="fr"><id>2</id><title>Pont fermé</title></entry></feed>"""
    )
    first, second = feed.entries
    assert (feed.title, feed.lang) == ("Nachrichten", "de")
    assert (first.guid, first.url, first.title) == ("tag:news.test,2024:1", "https://news.test/1", "Brücke gesperrt")
    assert first.published_at == datetime(2024, 12, 16, 9, 30, tzinfo=UTC)
    assert (first.outlet, first.lang, second.lang) == ("Agentur", None, "fr")


def test_rss_1_0_with_its_update_period_is_read() -> None:
    feed = parsed(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://news.test/"><title>T</title><sy:updatePeriod>daily</sy:updatePeriod>
        <sy:updateFrequency>4</sy:updateFrequency></channel>
        <item rdf:about="https://news.test/a"><title>One</title><link>https://news.test/a</link>
        <dc:date>2024-12-16</dc:date></item></rdf:RDF>"""
    )
    assert feed.hints.wait == timedelta(hours=6)
    assert (feed.entries[0].published_at, feed.entries[0].date_only) == (datetime(2024, 12, 16, tzinfo=UTC), True)


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_a_json_feed_is_read(version: str) -> None:
    feed = parsed(
        '\ufeff {"version": "' + version + '", "title": "T", "language": "en-GB", "items": ['
        '{"id": 7, "url": "https://news.test/7", "title": "Seven", "content_html": "<p>One</p><p>two</p>",'
        '"date_published": "2024-12-16T10:30:00+01:00", "language": "uk"},'
        '{"id": "8", "external_url": "https://other.test/8", "content_text": "Only text"}, "garbage", {"id": "9"}]}'
    )
    seven, eight = feed.entries
    assert (feed.lang, seven.lang, seven.guid, seven.summary) == ("en", "uk", "7", "One two")
    assert seven.published_at == datetime(2024, 12, 16, 9, 30, tzinfo=UTC)
    assert (eight.title, eight.summary, eight.url) == ("Only text", "Only text", "https://other.test/8")


@pytest.mark.parametrize("items", ["", ', "items": null', ', "items": {"1": {"id": "1", "title": "One"}}'])
def test_a_json_feed_without_a_list_of_items_is_no_feed(items: str) -> None:
    with pytest.raises(NotAFeedError, match="its `items` are missing or no list"):
        parsed('{"version": "https://jsonfeed.org/version/1.1", "title": "T"' + items + "}")


def test_google_news_names_the_outlet_in_its_source() -> None:
    assert an_item("<title>Closed - Wire</title><source url='https://wire.test'>Wire</source>").outlet == "Wire"


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl> 15</ttl>", timedelta(minutes=15)),
        ("<ttl>999999</ttl>", timedelta(hours=24)),
        ("<ttl>soon</ttl>", timedelta(0)),
        ("", timedelta(0)),
    ],
)
def test_the_ttl_is_asked_for_in_minutes_up_to_a_day(channel: str, expected: timedelta) -> None:
    assert parsed(rss([], channel=channel)).hints.wait == expected


def test_hours_and_days_to_skip_are_read() -> None:
    channel = (
        "<skipHours><hour>0</hour><hour>24</hour><hour> 23 </hour><hour>99</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>monday</day><day>Someday</day></skipDays>"
    )
    hints = parsed(rss([], channel=channel)).hints
    assert (hints.skip_hours, hints.skip_days) == ((0, 23), (0, 6))


def test_at_most_a_thousand_items_are_taken_the_first_ones() -> None:
    entries = parsed(rss([Item(f"T{n}") for n in range(1200)])).entries
    assert (len(entries), entries[0].title, entries[-1].title) == (1000, "T0", "T999")


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-16", "iso-8859-5"])
def test_old_encodings_are_read(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel><item><title>Мост закрыт</title></item></channel></rss>"
    assert only(text.encode(encoding)).title == "Мост закрыт"


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1256", "إغلاق الجسر"),
        ("gb18030", "大桥关闭"),
        ("big5", "大橋關閉"),
        ("shift_jis", "橋が閉鎖"),
        ("euc-kr", "다리 폐쇄"),
        ("windows-1255", "הגשר נסגר"),
        ("iso-8859-9", "Köprü kapandı"),
        ("utf-16-le", "Мост закрыт"),
    ],
)
def test_encodings_of_other_scripts_are_read_by_declaration_or_header(encoding: str, title: str) -> None:
    document = (
        "<?xml version='1.0' encoding='{}'?><rss version='2.0'><channel><item><title>{}</title></item></channel></rss>"
    )
    assert only(document.format(encoding, title).encode(encoding)).title == title
    if encoding != "utf-16-le":
        undeclared = document.replace(" encoding='{}'", "").format(title).encode(encoding)
        headers = {"content-type": f"text/xml; charset={encoding}"}
        assert read_document(undeclared, headers, "https://news.test/").feed().entries[0].title == title


def test_a_lying_charset_does_not_garble_utf_8() -> None:
    body = "<?xml version='1.0' encoding='windows-1251'?>" + rss([Item("Мост закрыт")]).partition("?>")[2]
    for content_type in ("text/xml; charset=ISO-8859-1", "text/html", "application/octet-stream", "text/xml"):
        assert (
            read_document(body.encode(), {"content-type": content_type}, URL).feed().entries[0].title == "Мост закрыт"
        )


def test_the_charset_of_the_header_is_believed_where_nothing_speaks_against_it() -> None:
    body = "<rss version='2.0'><channel><item><title>Мост закрыт</title></item></channel></rss>".encode("cp1251")
    headers = {"content-type": 'text/xml; charset="windows-1251"'}
    assert read_document(body, headers, URL).feed().entries[0].title == "Мост закрыт"


def test_a_character_cut_in_half_garbles_nothing_else() -> None:
    body = rss([Item("Мост закрыт до вечера, сообщили власти города X")]).encode().replace(b"X", b"\xd0")
    assert only(body).title.startswith("Мост закрыт до вечера")


# --- what is no feed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><head><title>Sign in</title></head></html>",
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
        "\n<HTML><BODY>Not found</BODY></HTML>",
        "<!-- hello --><html>",
        "<head><link rel='alternate' type='application/rss+xml' href='/rss'></head>",
    ],
)
def test_a_web_page_is_named_as_such(body: str) -> None:
    with pytest.raises(NotAFeedError, match="is an HTML page, not a feed"):
        parsed(body)


@pytest.mark.parametrize("body", ["", " \n", "\ufeff"])
def test_an_empty_body_is_not_a_feed(body: str) -> None:
    with pytest.raises(NotAFeedError, match="empty body"):
        parsed(body)


@pytest.mark.parametrize(
    "body", ["hello", "\x89PNG\r\n", "{}", '{"version": 1}', "<svg/>", "/etc/passwd", "http://127.0.0.1/"]
)
def test_other_content_is_not_a_feed(body: str) -> None:
    with pytest.raises(NotAFeedError):
        parsed(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_declarations_are_refused(encoding: str) -> None:
    bomb = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><rss><channel><title>&b;</title></channel></rss>"
    with pytest.raises(ParseError, match="entities"):
        parsed(bomb.encode(encoding))


def test_a_plain_doctype_is_accepted() -> None:
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    )
    body = f"{doctype}<rss version='0.91'><channel><title>T</title><item><title>One</title></item></channel></rss>"
    assert only(body).title == "One"


@pytest.mark.parametrize("reference", ["&#99999999999;", "&#xD800;", "&#0;", "&#xFFFFFFFFFFFFFFFFFFFF;"])
def test_an_impossible_character_does_not_cost_the_document(reference: str) -> None:
    assert an_item(f"<title>Bridge {reference} closed</title>").title.startswith("Bridge")


@pytest.mark.parametrize(
    "broken",
    [
        "<rss version='2.0'><channel><item><title>Tom & Jerry</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><title>Tom &amp; Jerry</title>",
        "<b>Warning</b>: mysql<?xml version='1.0'?><rss version='2.0'><channel><item><title>Tom &amp; Jerry</title></item></channel></rss>",
        "<RSS version='2.0'><CHANNEL><ITEM><TITLE>Tom &amp; Jerry</TITLE></ITEM></CHANNEL></RSS>",
    ],
)
def test_broken_xml_is_read_as_far_as_it_goes(broken: str) -> None:
    assert only(broken).title == "Tom & Jerry"


@pytest.mark.parametrize(
    "broken",
    [
        "<title>Two</title><link>https://news.test/b</item></link></item>",  # feedparser raises: there is no link to close
        "<title>Two<link>https://news.test/b</link></item>",
        "<title>Two</title><description>of <b>three</item>",
        "<title><![CDATA[Two</title></item>",
        "<title>Two<!-- of three</title></item>",
        "<title>Two</ti",
    ],
)
def test_a_broken_item_costs_itself_and_not_those_behind_it(broken: str) -> None:
    document = rss([Item("One"), Item("Two"), Item("Three")]).replace("<link>https://news.test/</link>", "")
    start, end = document.index("<title>Two"), document.index("</item>", document.index("<title>Two")) + len("</item>")
    entries = parsed(document[:start] + broken + document[end:]).entries
    assert [entry.title for entry in entries if not entry.title.startswith("Two")] == ["One", "Three"]


def test_a_document_in_which_no_item_can_be_read_is_an_error() -> None:
    item = "<item><title>One</title><link>https://news.test/b</item></link></item>"
    with pytest.raises(ParseError, match="could not be parsed"):
        parsed(f"<rss version='2.0'><channel><title>T</title>{item * 3}</channel></rss>")


def test_what_looks_like_an_item_inside_a_text_is_none_of_a_broken_document() -> None:
    code = "<description><![CDATA[Begin with <item> and end with </item>.]]></description><!-- <item> -->"
    items = f"<item><title>One</title>{code}</item><item><title>Two & three</title></item>"
    entries = parsed(f"<rss version='2.0'><channel>{items}</channel></rss>").entries
    assert [entry.title for entry in entries] == ["One", "Two & three"]


@given(st.binary())
def test_no_bytes_raise_anything_but_a_parse_error(body: bytes) -> None:
    for candidate in (body, b"<rss version='2.0'><channel><item><title>" + body, b'{"version":' + body):
        with contextlib.suppress(ParseError):
            assert len(read_document(candidate, {"content-type": "text/xml"}, URL).feed().entries) <= 1000


# --- text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("One<br/>two", "One two"),
        ("<b>Br</b>idge", "Bridge"),
        ("AT&amp;T", "AT&T"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("&lt;p&gt;One&lt;/p&gt;", "One"),
        ("&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;", "One"),
        ("<script>alert(1)</script>One<style>p{}</style>", "One"),
        ("<img src=x onerror=alert(1)>One", "One"),
        ("One<!-- hidden -->", "One"),
        ("<div>;<p>;One, two; three.</p>;<i>;four</i>;</div>;", "One, two; three. four"),
        ("a\x00b\x07c", "abc"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("a\u200bb\ufeffc\u00ad", "abc"),
        ("a\u200cb\u200dc", "abc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("a\t\n\u00a0\u2028 b", "a b"),
        ("lone \ud800", "lone"),
        ("«Мост» закрыт", "«Мост» закрыт"),
        ("", ""),
    ],
)
def test_text_becomes_plain(markup: str, text: str) -> None:
    assert plain_text(markup, 500) == text


def test_titles_and_summaries_are_cut_with_an_ellipsis() -> None:
    entry = an_item(f"<title>{'word ' * 400}</title><description>{'мост ' * 4000}</description>")
    assert 450 < len(entry.title) <= 500
    assert 4900 < len(entry.summary) <= 5000
    assert entry.title.endswith("word…")


@given(st.text())
def test_plain_text_holds_nothing_hidden_and_keeps_its_limit(text: str) -> None:
    clean = plain_text(text, 40)
    assert len(clean) <= 40
    assert clean == " ".join(clean.split())
    assert not any(
        ord(c) < 32 or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff" for c in clean
    )
    clean.encode()


def test_the_longer_of_summary_and_content_is_taken() -> None:
    content = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{}</content:encoded>"
    long = "A much longer text than the other one."
    assert an_item(f"<title>T</title><description>Short.</description>{content.format(long)}").summary == long
    assert an_item(f"<title>T</title><description>{long}</description>{content.format('Short.')}").summary == long


def test_an_item_without_title_takes_the_beginning_of_its_summary() -> None:
    entry = an_item(f"<description>{'word ' * 100}</description>")
    assert 80 < len(entry.title) <= 120
    assert an_item("<title></title><description>Short.</description>").title == "Short."


# --- links --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>https://news.test/a</link>", "https://news.test/a"),
        ("<link> https://news.test/a\n</link>", "https://news.test/a"),
        ("<link/> https://news.test/a<guid>x</guid>", "https://news.test/a"),
        ("<link/>https://news.test/a?x=1&amp;y=2<guid>x</guid>", "https://news.test/a?x=1&y=2"),
        ("<link/><![CDATA[https://news.test/a?x=1&y=2]]><guid>x</guid>", "https://news.test/a?x=1&y=2"),
        ("<link></link><guid isPermaLink='false'>https://news.test/a#3</guid>", "https://news.test/a"),
        ("<link>javascript:alert(1)</link><guid isPermaLink='false'>x</guid>", None),
        ("<link>javascript:alert(1)</link><guid isPermaLink='false'>https://news.test/a</guid>", "https://news.test/a"),
        ("<link/> https://news.test/a broken by spaces<guid isPermaLink='false'>x</guid>", None),
        ("<link>/a?b=1</link>", "https://news.test/a?b=1"),
        ("<link>//[news.test/a</link><guid isPermaLink='false'>https://news.test/a</guid>", "https://news.test/a"),
        ("<guid isPermaLink='false'>12</guid>", None),
        ("", None),
    ],
)
def test_a_link_is_found_or_recovered_and_otherwise_none(inside: str, url: str | None) -> None:
    assert an_item(f"<title>T</title>{inside}").url == url
