"""Publishers' text as plain text: no markup, no control or hidden characters, bounded length.

Everything that reaches the ledgers goes through here once, so nothing behind it needs to be afraid of a title.
"""

from __future__ import annotations

import html
import re
from typing import Final

import nh3

MAX_TITLE_CHARS: Final = 500
MAX_SUMMARY_CHARS: Final = 5000
_MAX_MARKUP_CHARS: Final = 100_000  # beyond it a summary of 5000 characters is long complete

_TAG_LIKE = re.compile(r"<[A-Za-z/!?]")
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|img|"
    r"li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul|video)\b)",
    re.IGNORECASE,
)
_TAG_AND_SEMICOLON = re.compile(r"(<[^<>]{0,2000}>);")
_JOINERS = "\u200c\u200d"
# Scripts in which a joiner is spelling: Arabic and its extensions, the Indic blocks, Myanmar, Khmer.
_JOINED = "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefe\u0900-\u0dff\u1000-\u109f\u1780-\u17ff"
_LOST_JOINER = re.compile(f"(?<![{_JOINED}])[{_JOINERS}]|[{_JOINERS}](?![{_JOINED}])")
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1 but the white ones
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"  # soft hyphen, zero width, marks
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"  # bidi overrides and isolates, word joiners, BOM
    "\U000e0000-\U000e007f\ud800-\udfff"  # tag characters, lone surrogates
    "]"
)


def plain_text(text: str, limit: int) -> str:
    """Return text without markup, entities, hidden characters and runs of whitespace, cut to `limit` code points.

    Feeds escape once, twice or wrongly, so stripping and unescaping repeat until no tag is left (three rounds, since
    a text may rightly speak of `&lt;b&gt;`).
    """
    text = _without_stray_semicolons(text[:_MAX_MARKUP_CHARS])
    for _ in range(3):
        before = text
        if _TAG_LIKE.search(text):
            text = nh3.clean(_BLOCK.sub(" <", text), tags=set())
        text = html.unescape(text)
        if text == before:
            break
    return shorten(visible(text), limit)


def visible(text: str) -> str:
    """Return text without characters that hide, reorder or break it; whitespace becomes single spaces."""
    return " ".join(_LOST_JOINER.sub("", _HIDDEN.sub("", text)).split())


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` code points; what is cut ends in an ellipsis, at a space if one is near."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at = head.rfind(" ", max(0, limit - 40))
    return (head[:at] if at > 0 else head).rstrip() + "…"


def _without_stray_semicolons(text: str) -> str:
    # Translated feeds carry `&lt;p>;` for `<p>` (raw-polls/scmp): a semicolon behind nearly every tag is no punctuation.
    if text.count(">;") >= 3 and text.count(">;") * 5 >= text.count(">") * 4:
        return _TAG_AND_SEMICOLON.sub(r"\1", text)
    return text
