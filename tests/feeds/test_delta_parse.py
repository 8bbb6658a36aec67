"""A delta parse gives what a full parse gives, or is not made: on hand-made traps, at random, and on real feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from news_site import Item, rss
from shared_material import needs_shared
from suite_files import raw_polls, suite_files

from service.core.errors import ParseError
from service.feeds.delta_parse import ParseMemory, cut
from service.feeds.document import MAX_ENTRIES, Document
from service.feeds.parse import read_document

if TYPE_CHECKING:
    from collections.abc import Mapping

URL = "https://news.test/rss"
THREE = [Item(f"Title {number}", f"Text {number}", guid=f"g-{number}") for number in range(3)]


class Parser:
    """The parser itself, in this process; counts what it is given."""

    def __init__(self) -> None:
        self.given: list[int] = []

    async def __call__(self, body: bytes, headers: Mapping[str, str], url: str) -> Document:
        document = read_document(body, headers, url)
        self.given.append(len(document.items))
        return document


async def parsed(memory: ParseMemory, body: bytes, headers: Mapping[str, str] | None = None) -> Document | str:
    try:
        return await memory.parse("f-1", body, headers or {}, URL, Parser())
    except ParseError as error:
        return error.code


def full(body: bytes, headers: Mapping[str, str] | None = None) -> Document | str:
    try:
        return read_document(body, headers or {}, URL)
    except ParseError as error:
        return error.code


async def test_only_unseen_items_reach_the_parser() -> None:
    memory, parser = ParseMemory(), Parser()
    first = rss(THREE).encode()
    second = rss([Item("Brand new", guid="g-9"), *THREE[:2], Item("Title 2, edited", guid="g-2")]).encode()
    for body in (first, second, second, rss(THREE[1:]).encode()):
        assert await memory.parse("f-1", body, {}, URL, parser) == read_document(body, {}, URL)
    assert parser.given == [3, 2, 1]  # "Title 2" in its first wording was not in the last document
    assert (memory.parsed_items, memory.spared_items) == (6, 7)


async def test_a_new_build_date_alone_parses_nothing_and_a_new_title_only_the_head() -> None:
    memory, parser = ParseMemory(), Parser()
    for stamp, title in (("Mon", "Old"), ("Tue", "Old"), ("Tue", "New")):
        body = rss(THREE, title=title, channel=f"<lastBuildDate>{stamp}</lastBuildDate>").encode()
        assert await memory.parse("f-1", body, {}, URL, parser) == read_document(body, {}, URL)
    assert parser.given == [3, 0]


ITEM = "<item><title>{}</title><guid>{}</guid>{}</item>"
FRAME = '<?xml version="1.0" encoding="{enc}"?><rss version="2.0" {root}><channel><title>T</title>{head}{items}{tail}</channel></rss>'


def document(*items: str, enc: str = "UTF-8", root: str = "", head: str = "", tail: str = "") -> bytes:
    return FRAME.format(enc=enc, root=root, head=head, items="".join(items), tail=tail).encode()


def item(number: int, extra: str = "") -> str:
    return ITEM.format(f"Title {number}", f"g-{number}", extra)


DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
OTHER = 'xmlns:dc="http://www.w3.org/1999/xhtml"'
MEDIA = '<dc:title xmlns:dc="http://search.yahoo.com/mrss/">media</dc:title>'
TRAPS = {
    "another namespace in the root": (
        document(item(1, "<dc:date>2025-01-01T00:00:00Z</dc:date>"), root=DC),
        document(item(1, "<dc:date>2025-01-01T00:00:00Z</dc:date>"), item(2), root=OTHER),
    ),
    "a namespace declared inside an item": (
        document(item(1), item(2, "<dc:title>two</dc:title>"), root=DC),
        document(item(1), item(3, MEDIA), item(2, "<dc:title>two</dc:title>"), root=DC),
    ),
    "a base address that leaks into the next item": (
        document(item(1), item(2, "<link>/two</link>")),
        document(item(3, '<source xml:base="https://other.test/">s</source>'), item(2, "<link>/two</link>")),
    ),
    "an end tag in CDATA": (
        document(item(1, "<description><![CDATA[a</item><item>b]]></description>"), item(2)),
        document(item(1, "<description><![CDATA[a</item><item>b]]></description>"), item(3), item(2)),
    ),
    "items in a comment": (
        document(item(1), head="<!-- <item><title>no</title></item> -->"),
        document(item(1), item(2), head="<!-- <item><title>no</title></item> -->"),
    ),
    "an item that is not well-formed": (
        document(item(1, "<description>a &amp; b</description>"), item(2)),
        document(item(1, "<description>a &amp; b</description>"), item(3, "<description>a <br> b</description>")),
    ),
    "the head loses its form": (document(item(1), item(2)), document(item(1), item(2), item(3), head="<image>")),
    "markup between items": (document(item(1), item(2)), document(item(1), "<ttl>90</ttl>", item(2))),
    "markup behind the items": (document(item(1)), document(item(1), item(2), tail="<ttl>90</ttl>")),
    "the language of the feed": (
        document(item(1, "<dc:language>ru</dc:language>"), head="<language>ru</language>", root=DC),
        document(item(1, "<dc:language>ru</dc:language>"), item(2), head="<language>en</language>", root=DC),
    ),
    "UTF-8 under another name": (
        document(item(1), item(2), enc="windows-1251"),
        document(item(1), item(5), enc="koi8-r"),
    ),
    "the first letter beyond ASCII": (
        document(item(1), enc="UTF-7"),
        document(item(1), item(2, "<description>+AGE- Асад</description>"), enc="UTF-7"),
    ),
    "an entity": (document(item(1)), b"<!DOCTYPE rss [<!ENTITY x 'y'>]>" + document(item(1), item(2, "&x;"))),
    "an item in an item": (document(item(1)), document(item(1), f"<item>{item(2)}</item>")),
    "an item that closes itself": (document(item(1)), document(item(1), "<item />", item(2))),
    "the same item twice": (document(item(1)), document(item(1), item(2), item(2), item(1))),
    "an item without text": (
        document(item(1), "<item><guid>x</guid></item>"),
        document("<item><guid>x</guid></item>", item(2)),
    ),
    "a link as bare text": (
        document(item(1, "<link/>https://news.test/1?a=1&b=2<x/>")),
        document(item(1, "<link/>https://news.test/1?a=1&b=2<x/>"), item(2, "<link/>https://news.test/2")),
    ),
    "an impossible character": (
        document(item(1, "<a>&#xD800;</a>")),
        document(item(1, "<a>&#xD800;</a>"), item(2, "&#0;")),
    ),
    "no feed any more": (document(item(1), item(2)), b"<html><body>" + document(item(1), item(3)) + b"</body></html>"),
    "cut off": (document(item(1), item(2)), document(item(1), item(2), item(3))[:-30]),
}


@pytest.mark.parametrize("trap", TRAPS)
async def test_no_trap_makes_a_difference(trap: str) -> None:
    before, after = TRAPS[trap]
    for order in ((before, after), (after, before), (before, after, before, after)):
        memory = ParseMemory()
        for body in order:
            assert await parsed(memory, body) == full(body)


async def test_another_charset_or_address_starts_anew() -> None:
    memory = ParseMemory()
    body, longer = document(item(1, "<link>/a</link>")), document(item(1, "<link>/a</link>"), item(2))
    await parsed(memory, body)
    headers = {"content-type": "application/xml; charset=utf-16"}
    assert await parsed(memory, longer, headers) == full(longer, headers)
    await parsed(memory, body)
    elsewhere = await memory.parse("f-1", longer, {}, "https://elsewhere.test/", Parser())
    assert elsewhere == read_document(longer, {}, "https://elsewhere.test/")


def test_what_is_too_much_is_not_cut() -> None:
    assert cut(document(*map(item, range(MAX_ENTRIES)))) is not None
    assert cut(document(*map(item, range(MAX_ENTRIES + 1)))) is None
    assert cut(document(item(1, "x" * 1_000_000))) is None


async def test_memory_is_bounded_and_forgets_the_feed_used_least() -> None:
    memory, body = ParseMemory(budget_bytes=5_000), rss(THREE).encode()
    for number in range(50):
        await memory.parse(f"f-{number}", body, {}, URL, Parser())
    assert memory._weight <= 5_000
    assert "f-49" in memory._kept
    assert "f-0" not in memory._kept


PIECES = st.sampled_from(
    [
        *(item(number) for number in range(4)),
        item(4, "<link>/four</link>"),
        item(5, "<description><![CDATA[<p>five</p>]]></description>"),
        item(6, "<description>шесть</description>"),
        item(7, "<description>a & b</description>"),
        item(8, '<content xmlns="http://www.w3.org/1999/xhtml"><div>eight</div></content>'),
        item(9, '<title xml:lang="ru">девять</title>'),
        "<item/>",
        "<!-- comment -->",
        " \n ",
        "text",
    ]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.lists(PIECES, max_size=5), st.sampled_from(["", "<ttl>9</ttl>", "<item>"])), max_size=4))
async def test_any_row_of_documents_is_read_as_if_each_were_the_first(rows: list[tuple[list[str], str]]) -> None:
    memory = ParseMemory()
    for pieces, head in rows:
        body = document(*pieces, head=head)
        assert await parsed(memory, body) == full(body)


@needs_shared
async def test_captured_polls_are_read_the_same_one_after_the_other() -> None:
    polls = spared = 0
    for name, bodies in raw_polls(feeds=6, polls=4):
        memory = ParseMemory()
        for body in bodies:
            assert await parsed(memory, body) == full(body), name
            polls += 1
        spared += memory.spared_items
    assert polls >= 20
    assert spared > 50


@needs_shared
async def test_public_feed_files_are_read_the_same_after_any_part_of_them() -> None:
    compared = 0
    for file in suite_files(every=30):
        pieces = cut(file.body)
        if pieces is None or len(pieces.items) < 2:
            continue
        want, count = full(file.body, file.headers), len(pieces.items)
        for kept in (set(range(count // 2)), set(range(count // 2, count)), set(range(0, count, 2))):
            memory = ParseMemory()
            await parsed(memory, pieces.only(kept), file.headers)
            assert await parsed(memory, file.body, file.headers) == want, file.name
        compared += 1
    assert compared >= 3
