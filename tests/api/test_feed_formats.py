"""The three formats carry the same items, and read back as written whatever a headline holds."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

import feedparser
import pytest
from api.api_builders import AS_OF, SCRIPTS, a_report, a_story
from builders import NOON, a_delta
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.api.atom import render_atom
from service.api.documents import FeedDocument, feed_document
from service.api.jsonfeed import render_jsonfeed
from service.api.links import Links
from service.api.opml import our_feeds
from service.api.rss import render_rss
from service.api.text import plain, redact_url, rfc822
from service.core.model import Change, Delta, DeltaType

LINKS = Links.of("https://aftermath.example/news/", "aftermath.example")
HOSTILE = [
    *SCRIPTS.values(),
    "<script>alert(1)</script> plain",
    "a < b and c > d",
    "&lt;b&gt;escaped twice&lt;/b&gt;",
    "R&amp;D &#x202e; &unknown; &#zz;",
    "<<b>/b> nested",
    "]]> ends CDATA",
    "\x00\x08control\x1f\ufffe",
    "rlo \u202e override",
    "line\nbreak\ttab\r\n",
    "\U0001f6f3 emoji \U00010348",
    "--> <!-- comment",
]


def document(*deltas: Delta, demo: bool = False, **filters: str) -> FeedDocument:
    return feed_document(deltas, story=a_story(), filters=filters, links=LINKS, demo=demo)


def parsed(body: bytes) -> Any:
    feed = feedparser.parse(io.BytesIO(body))
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def placed(count: int) -> list[Delta]:
    reports = [a_report(number) for number in range(count)]
    return [each.delta for _, each in reversed(reports) if each.delta is not None]


def test_all_formats_have_the_same_ids_order_and_titles() -> None:
    doc = document(*placed(60))
    rss, atom, feed = parsed(render_rss(doc)), parsed(render_atom(doc)), json.loads(render_jsonfeed(doc))
    wanted = [item.id for item in doc.items]
    assert len(wanted) == 50
    assert [entry.id for entry in rss.entries] == wanted
    assert [entry.id for entry in atom.entries] == wanted
    assert [item["id"] for item in feed["items"]] == wanted
    titles = [item.title for item in doc.items]
    assert [entry.title for entry in rss.entries] == titles
    assert [entry.title for entry in atom.entries] == titles
    assert [item["title"] for item in feed["items"]] == titles
    assert [entry.link for entry in rss.entries] == [entry.link for entry in atom.entries]


@pytest.mark.parametrize("headline", HOSTILE)
def test_a_hostile_headline_reads_the_same_everywhere(headline: str) -> None:
    check_headline(headline)


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.text("<>&;#/bai!-]\"' \x00\u202e", max_size=40)
)
def test_any_headline_reads_the_same_everywhere(headline: str) -> None:
    assume(not looks_double_encoded(plain(headline)))
    check_headline(headline)


def looks_double_encoded(text: str) -> bool:
    """Say whether feedparser would "repair" the text: it takes `Â¡` for UTF-8 that was read as Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8") != text
    except UnicodeError:
        return False


def check_headline(headline: str) -> None:
    doc = document(a_delta(headline=headline, reason=headline, outlet=headline, line=f"line {headline}"))
    title = doc.items[0].title
    rss, atom = parsed(render_rss(doc)), parsed(render_atom(doc))
    assert rss.entries[0].title == title
    assert atom.entries[0].title == title
    assert json.loads(render_jsonfeed(doc))["items"][0]["title"] == title
    assert title.startswith("[status change] ")
    assert "<script" not in title
    for feed in (rss, atom):
        body = feed.entries[0].get("summary", "") + str(feed.entries[0].get("content", ""))
        assert "<script" not in body
        assert "<img" not in body


def test_a_title_says_in_english_what_changed() -> None:
    doc = document(
        a_delta(headline="Флот уходит", lang="ru", line="The fleet leaves (reported) — adds to what was known: X")
    )

    item = doc.items[0]
    assert item.title == "[status change] The fleet leaves (reported)"
    assert '<title xml:lang="en">' in render_atom(doc).decode()
    assert "Флот уходит" in item.html


def test_a_title_is_the_headline_where_the_line_names_nobody_who_acts_and_no_fact() -> None:
    doc = document(a_delta(headline="Флот и море", lang="ru", line="New report on the fleet", event=None, changes=()))

    assert doc.items[0].title == "[status change] Флот и море"
    assert '<title xml:lang="ru">' in render_atom(doc).decode()


def test_what_is_taken_back_is_titled_in_the_words_in_which_it_was_told() -> None:
    doc = document(a_delta(type=DeltaType.CORRECTION, line="Corrected: the base is attacked", event=None, changes=()))

    assert doc.items[0].title == "[correction] Corrected: the base is attacked"


def test_a_title_keeps_ordinary_words_of_every_script() -> None:
    for headline in list(SCRIPTS.values())[1:]:
        assert plain(headline) == headline


def test_a_delta_without_an_article_links_to_our_page() -> None:
    doc = document(a_delta(url=None), a_delta(url="javascript:alert(1)", entry="e-2"))
    for item in doc.items:
        assert item.link == item.page
        assert item.link.startswith("https://aftermath.example/news/deltas/d-")
    items = json.loads(render_jsonfeed(doc))["items"]
    assert all("external_url" not in item for item in items)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://a.example/x?b=1&c=%20#d", "https://a.example/x?b=1&c=%20#d"),
        ('https://a.example/a"b<c>|{d}?e[]=\u0444', "https://a.example/a%22b%3Cc%3E%7C%7Bd%7D?e%5B%5D=%D1%84"),
        ("https://a.example", "https://a.example"),
        ("https://a.example/#a#b", "https://a.example/#a%23b"),
    ],
)
def test_a_link_holds_only_what_a_uri_may(url: str, written: str) -> None:
    doc = document(a_delta(url=url))
    assert doc.items[0].link == written
    assert parsed(render_rss(doc)).entries[0].link == written


def test_rss_says_what_the_contract_asks() -> None:
    delta = a_delta()
    body = render_rss(document(delta))
    channel = ET.fromstring(body)[0]
    item = channel.find("item")
    assert item is not None
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    assert guid.text == f"tag:aftermath.example,{AS_OF.date()}:harbour/{delta.id}"
    assert item.findtext("pubDate") == rfc822(delta.created_at)
    assert item.findtext("link") == delta.url
    assert channel.findtext("lastBuildDate") == rfc822(delta.created_at)
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Example News"
    self_link = channel.find("{http://www.w3.org/2005/Atom}link[@rel='self']")
    assert self_link is not None
    assert self_link.get("href") == "https://aftermath.example/news/feeds/harbour.rss"
    assert {(each.get("domain"), each.text) for each in item.findall("category")} == {
        ("type", "status_change"),
        ("thread", "bases"),
        ("entity", "navy"),
    }


def test_the_description_puts_the_line_before_the_evidence() -> None:
    html = document(a_delta()).items[0].html
    order = [html.index(words) for words in ("withdraws from", "The navy is there.", "It left.", "<blockquote", "Why:")]
    assert order == sorted(order)
    assert 'lang="en" dir="ltr"' in html


def test_quotes_of_a_right_to_left_language_say_so() -> None:
    assert 'lang="ar" dir="rtl"' in document(a_delta(lang="ar")).items[0].html


def test_markup_in_facts_is_escaped() -> None:
    change = Change(fact="f", before="<img src=x onerror=1>", after="<b>", stance="develops")
    html = document(a_delta(changes=(change,))).items[0].html
    assert "<img" not in html
    assert "&lt;img" in html


def test_an_empty_feed_is_valid_and_dated_by_the_story() -> None:
    doc = document()
    assert parsed(render_rss(doc)).entries == []
    assert parsed(render_atom(doc)).entries == []
    assert json.loads(render_jsonfeed(doc))["items"] == []
    assert doc.updated == AS_OF


def test_json_feed_follows_its_specification() -> None:
    delta = a_delta()
    feed = json.loads(render_jsonfeed(document(delta, thread="bases")))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://aftermath.example/news/feeds/harbour/bases.json"
    item = feed["items"][0]
    assert isinstance(item["id"], str)
    assert item["url"].endswith(f"/deltas/{delta.id}")
    assert item["external_url"] == delta.url
    assert item["content_html"]
    assert item["date_published"] == "2025-02-01T12:01:00Z"
    extension = item["_aftermath"]
    assert extension["about"] == "https://aftermath.example/news/schemas/delta.json"
    assert extension["delta"]["id"] == delta.id


def test_a_retraction_says_what_it_replaces_and_leaves_a_tombstone_where_one_is_wanted() -> None:
    doc = document(a_delta(type=DeltaType.RETRACTION, supersedes="d-old"))
    for tombstones in (False, True):
        body = render_atom(doc, tombstones=tombstones)
        root = ET.fromstring(body)
        assert root.find(".//{http://purl.org/syndication/thread/1.0}in-reply-to") is not None
        tomb = root.find("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
        assert (tomb is not None) is tombstones
        assert (b"tombstones" in body) is tombstones
        assert tomb is None or str(tomb.get("ref")).endswith("/d-old")


def test_items_name_the_feed_that_brought_them() -> None:
    delta = a_delta(outlet="صحيفة & Co", feed="f-1", published_at=NOON)
    address = "https://news.example/feed?a=1&b=2"
    doc = feed_document([delta], story=a_story(), filters={}, links=LINKS, demo=False, sources={"f-1": address})
    for body in (render_rss(doc), render_atom(doc)):
        [entry] = parsed(body).entries
        assert entry.source.title == "صحيفة & Co"
        assert entry.source.href == address if b"<rss" in body else entry.source.id == address
        assert entry.id == doc.items[0].id
        assert entry.title == doc.items[0].title
        assert entry.link == doc.items[0].link
    for body in (render_rss(document(delta)), render_atom(document(delta))):
        assert "source" not in parsed(body).entries[0], "where the feed is not known, none is named"


def test_what_one_step_publishes_is_told_apart_in_atom_within_a_millisecond() -> None:
    at = NOON.replace(microsecond=999_999)
    doc = document(*[a_delta(entry=f"e-{seq}", seq=seq, created_at=at) for seq in (1003, 1002, 1001)])
    root = ET.fromstring(render_atom(doc))
    stamps = [datetime.fromisoformat(str(each.text)) for each in root.iterfind(".//{*}entry/{*}updated")]
    assert len(set(stamps)) == 3
    assert stamps == sorted(stamps, reverse=True)
    assert {each.replace(microsecond=0) for each in stamps} == {at.replace(microsecond=0)}


def test_filters_make_other_feeds_with_other_ids() -> None:
    ids = {document().id, document(thread="bases").id, document(thread="bases", lang="ar").id, document(lang="ar").id}
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("origin", "said"),
    [("navy", "rests on <bdi>The Navy</bdi>"), ("officials", "rests on <bdi>officials</bdi>"), ("example-news", None)],
)
def test_an_item_names_whom_it_rests_on_but_not_its_own_outlet(origin: str, said: str | None) -> None:
    (item,) = document(a_delta(outlet="Example News", origin=origin)).items
    assert said in item.html if said else "rests on" not in item.html


def test_the_same_deltas_give_the_same_bytes() -> None:
    deltas = placed(5)
    for render in (render_rss, render_atom, render_jsonfeed):
        assert render(document(*deltas)) == render(document(*deltas))


def test_a_demonstration_says_so() -> None:
    doc = document(a_delta(), demo=True)
    assert b"Demonstration" in render_rss(doc)
    assert b"invented reports" in render_atom(doc)


def test_our_opml_lists_every_feed() -> None:
    root = ET.fromstring(our_feeds([a_story()], LINKS))
    addresses = [each.get("xmlUrl") for each in root.iter("outline") if each.get("xmlUrl")]
    base = "https://aftermath.example/news/feeds/harbour"
    assert addresses == [f"{base}.rss", f"{base}/bases.rss", f"{base}/crews.rss"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/rss", "https://a.example/rss"),
        ("https://me:pw@a.example/rss", "https://REDACTED@a.example/rss"),
        ("https://a.example/rss?api_key=abc&n=1", "https://a.example/rss?api_key=REDACTED&n=1"),
    ],
)
def test_credentials_are_redacted(url: str, shown: str) -> None:
    assert redact_url(url) == shown
