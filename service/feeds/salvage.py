"""Broken XML item by item: what is wrong with one item costs that item, not those beside or behind it."""

from __future__ import annotations

import io
import re
import time
from typing import Any, Final

import feedparser

_MARK: Final = re.compile(rb"<!\[CDATA\[|<!--|<(item|entry)(?=[\s>])")
_CLOSING: Final = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
_MOST_ITEMS: Final = 500  # an item by itself takes feedparser a millisecond
_MOST_BYTES: Final = 4_000_000  # of what surrounds the items, read again with each of them
_LONGEST_S: Final = 1.0  # of processor time: what is made to take long gets no more of it


def read_xml(body: bytes, content_type: str) -> feedparser.FeedParserDict:
    """Return what feedparser makes of a document, or of its items one by one where that is more.

    Raises:
        Exception: Whatever feedparser raised for a document of which no item can be read.
    """
    headers = {"content-type": content_type}
    until = time.process_time() + _LONGEST_S
    try:
        document = _read(body, headers)
    except Exception:
        salvaged = _salvaged(body, headers, until)
        if not salvaged.entries:
            raise
        return salvaged
    if is_well_formed(document):
        return document
    salvaged = _salvaged(body, headers, until)
    return salvaged if len(salvaged.entries) > len(document.entries) else document


def is_well_formed(document: feedparser.FeedParserDict) -> bool:
    """Whether the document is XML by the rules; one that only declares another charset is."""
    return not document.get("bozo") or isinstance(document.get("bozo_exception"), feedparser.CharacterEncodingOverride)


def _read(body: bytes, headers: dict[str, str]) -> feedparser.FeedParserDict:
    return feedparser.parse(
        io.BytesIO(body),  # a str or bytes argument would be opened as URL or file name
        # No content-location: feedparser would resolve guids against it, and a feed that moves would be all new.
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _salvaged(body: bytes, headers: dict[str, str], until: float) -> feedparser.FeedParserDict:
    """Return the frame of a document with those of its items that can be read by themselves, until the time is over."""
    starts, name = _starts(body)
    nothing = feedparser.FeedParserDict(entries=[])
    if not starts:
        return nothing
    end = body.rfind(b"</%s>" % name, starts[-1])
    end = end + len(name) + 3 if end >= 0 else len(body)
    head, tail = body[: starts[0]], body[end:]
    if len(starts) > _MOST_ITEMS or len(starts) * (len(head) + len(tail)) > _MOST_BYTES or time.process_time() > until:
        return nothing
    try:
        document = _read(head + tail, headers)
    except Exception:  # noqa: BLE001 - as many kinds as there are faults; what is wrong around the items is wrong with all
        return nothing
    entries: list[Any] = []
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        if time.process_time() > until:
            break
        try:
            entries += _read(head + body[start:stop] + tail, headers).entries
        except Exception:  # noqa: BLE001, S112 - the item that costs itself
            continue
    document["entries"] = entries
    document["bozo"] = True
    return document


def _starts(body: bytes) -> tuple[list[int], bytes]:
    """Return where items begin, but for those in CDATA sections and comments, and what the first one is called."""
    starts: list[int] = []
    name, passed, unclosed = b"", 0, set()
    for mark in _MARK.finditer(body):
        if mark.start() < passed or mark[0] in unclosed:
            continue
        closing = _CLOSING.get(mark[0])
        if closing is not None:
            end = body.find(closing, mark.end())
            passed = max(passed, end)
            if end < 0:
                unclosed.add(mark[0])
        elif mark[1] == (name := name or mark[1]):
            starts.append(mark.start())
    return starts, name
