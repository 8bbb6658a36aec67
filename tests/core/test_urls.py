"""Which links may be shown, and which mean one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.urls import (
    _split,
    _split_with_care,
    host_key,
    is_home_page,
    is_inner_host,
    link_key,
    linked_from,
    safe_link,
    telegram_post,
    without_version,
)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "javascript\\x3Aalert(1)",
        "data:text/html,<b>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://news.test/a",
        "mailto:a@news.test",
        "//news.test/a",
        "/a/b",
        "news.test/a",
        "http:news.test/a",
        "http:/news.test/a",
        "http:///a",
        "http://",
        "https://user@news.test/a",
        "https://user:secret@news.test/a",
        "https://news.test\\@evil.test/a",
        "https://news.test/a b",
        "https://news.test/a\nb",
        "https://news.test/\x00",
        "https://news.test/\u202egpj.exe",
        "https://ne\u200bws.test/",
        "https://news.test/\u2028x",
        "https://news..test/",
        "https://" + "ж" * 80 + ".test/",
        "https://%31%32%37.0.0.1/",
        "https://news.test:99999/",
        "https://news.test:port/",
        "https://[::1/",
        "https://" + "a" * 5000,
        "https://news.test/\ud800",
        "",
        "   ",
        None,
    ],
)
def test_what_is_not_a_plain_web_address_is_never_a_link(url: str | None) -> None:
    assert safe_link(url) is None
    assert link_key(url) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (" https://news.test/a\n", "https://news.test/a"),
        ("HTTPS://News.Test:443/A", "https://news.test/A"),
        ("http://news.test", "http://news.test/"),
        ("http://news.test:8080/a", "http://news.test:8080/a"),
        ("https://news.test/a?utm_source=rss&b=1#part", "https://news.test/a?utm_source=rss&b=1#part"),
        ("https://news.test/новости?q=ж", "https://news.test/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?q=%D0%B6"),
        ("https://новости.test/", "https://xn--b1amnebsh.test/"),
        ('https://news.test/a"><script>', "https://news.test/a%22%3E%3Cscript%3E"),
        ("https://news.test/%e4%zz", "https://news.test/%E4%25zz"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        ("https://news.test/a?x=1&amp;y=2", "https://news.test/a?x=1&y=2"),
    ],
)
def test_a_link_is_shown_cleaned_but_as_the_publisher_meant_it(url: str, shown: str) -> None:
    assert safe_link(url) == shown


@pytest.mark.parametrize(
    "tail",
    [
        "?utm_source=rss&utm_medium=rss",
        "?at_medium=RSS&at_campaign=rss",
        "?traffic_source=rss",
        "?oc=5",
        "?fbclid=abc",
        "?gclid=abc",
        "?mc_cid=abc&mc_eid=def",
        "?CMP=fb_gu",
        "?ref=rss",
        "?source=RSS",
        "#utm_source=RSS",
        "?&",
        "#comments",
    ],
)
def test_tracking_and_fragments_do_not_tell_pages_apart(tail: str) -> None:
    assert link_key("https://news.test/a/b" + tail) == link_key("https://news.test/a/b")


@pytest.mark.parametrize("query", ["a=1", "ref=home", "source=wire", "oc=5x&id=2"])
def test_what_is_no_tracking_tells_pages_apart(query: str) -> None:
    assert link_key(f"https://news.test/a?{query}") != link_key("https://news.test/a")


@pytest.mark.parametrize(
    "spelling",
    [
        "http://news.test/a/b?x=1&y=2",
        "https://www.news.test/a/b?x=1&y=2",
        "https://m.news.test/a/b/?x=1&y=2",
        "https://amp.news.test/a/b?x=1&y=2",
        "https://NEWS.test:443/a/b?y=2&x=1&utm_campaign=z#top",
        "http://news.test:80/a/b//?x=1&y=2",
        "https://news.test./a/b?x=1&y=2",
    ],
)
def test_spellings_of_one_page_have_one_key(spelling: str) -> None:
    assert link_key(spelling) == link_key("https://news.test/a/b?x=1&y=2")


def test_different_pages_have_different_keys() -> None:
    pages = ["https://news.test/a", "https://news.test/b", "https://news.test/a?id=1", "https://news.test/A"]
    pages += ["https://news.test:8443/a", "https://sport.news.test/a", "https://m.test/a"]
    assert len({link_key(page) for page in pages}) == len(pages)


def test_telegram_forms_of_one_post_are_one_post() -> None:
    assert link_key("https://t.me/s/kanal/12") == link_key("https://telegram.me/kanal/12?single")
    assert telegram_post("https://t.me/s/Kanal/12") == ("kanal", "12")
    assert telegram_post("https://t.me//12") == ("", "12")
    assert telegram_post("https://t.me/kanal") is None
    assert telegram_post("javascript:1") is None


def test_a_telegram_link_without_channel_is_not_taken_for_a_channel() -> None:
    assert safe_link("https://t.me//12") == "https://t.me//12"
    assert link_key("https://t.me//12") != link_key("https://t.me/12")


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://news.test/", True),
        ("https://news.test", True),
        ("https://news.test/?utm_source=rss", True),
        ("https://news.test/index.html", True),
        ("https://news.test/a", False),
        ("https://news.test/?p=12", False),
        (None, False),
        ("news", False),
    ],
)
def test_a_front_page_is_told_from_an_article(url: str | None, home: bool) -> None:
    assert is_home_page(url) is home


def test_only_a_numeric_version_is_taken_off_a_guid() -> None:
    assert without_version("https://news.test/a#12") == "https://news.test/a"
    assert without_version("https://news.test/a#top") == "https://news.test/a#top"
    assert without_version("12") == "12"


@given(st.text())
def test_no_reference_breaks_the_resolving_of_links(text: str) -> None:
    for reference in (text, "//" + text, "http://" + text):
        found = linked_from("https://news.test/a/b", reference)
        assert found is None or safe_link(found) == found


@given(st.text())
def test_no_text_breaks_the_reading_of_links(text: str) -> None:
    for candidate in (text, "https://" + text, "https://news.test/" + text):
        shown = safe_link(candidate)
        if shown is not None:
            assert shown.isascii()
            assert shown.startswith(("http://", "https://"))
            assert safe_link(shown) == shown
            assert link_key(shown) == link_key(candidate)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://News.example/a?b", "https://news.example:443"),
        ("http://news.example", "http://news.example:80"),
        ("http://news.example:8080/a", "http://news.example:8080"),
        ("http://[::1]:9/a", "http://::1:9"),
        ("http://news.example:x/", "http://news.example:x/"),
    ],
)
def test_hosts_are_told_apart_by_scheme_name_and_port(url: str, key: str) -> None:
    assert host_key(url) == key


@pytest.mark.parametrize(
    ("url", "inner"),
    [
        ("http://127.0.0.1:9/a", True),
        ("http://[fd00::1]/a", True),
        ("http://10.1.2.3/a", True),
        ("http://rsshub:1200/a", True),
        ("http://bridge.local/a", True),
        ("https://news.example/a", False),
        ("https://9.9.9.9/a", False),
        ("http://[", False),
    ],
)
def test_an_inner_host_is_known_by_its_spelling(url: str, *, inner: bool) -> None:
    assert is_inner_host(url) is inner


_PIECES = [
    "http",
    "https",
    "HTTP",
    "ftp",
    ":",
    "//",
    "/",
    "www.",
    "news",
    "-",
    ".",
    "test",
    ":443",
    "?",
    "#",
    "&amp;",
    "%",
]
_PIECES += ["a=1", ";", "[", "]", "@", "_", "~", "é", "\\", " ", "\n", "index.html", "A", "'", "|", "+", "%e4"]


@given(
    st.one_of(
        st.lists(st.sampled_from(_PIECES), max_size=12).map("".join),
        st.lists(st.sampled_from(_PIECES), max_size=12).map(lambda pieces: "https://news.test" + "".join(pieces)),
    )
)
def test_the_short_way_to_the_parts_of_a_plain_address_gives_what_the_careful_one_gives(text: str) -> None:
    assert _split(text) == _split_with_care(text.strip())
