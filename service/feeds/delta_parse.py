"""Parse of a feed document only what the last one did not hold: everything about the delta parse is in this file.

A document is cut into head, items and tail. An item whose bytes were seen last time keeps the entry it had; head,
unseen items and tail are a document of their own for the parser. `cut` and `ParseMemory.parse` check the conditions
under which that gives what a full parse gives; where one fails, the whole document is parsed (DESIGN 23).
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from service.core.errors import ParseError
from service.feeds.document import MAX_ENTRIES, Document, entry_from, entry_to

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from service.core.model import ParsedEntry, PollHints

_LARGEST_BYTES: Final = 1_000_000  # cutting takes a millisecond for some 200 kB, on the event loop
_DIGEST_BYTES: Final = 12
_OPENING: Final = {name: re.compile(rb"<%s(?=[\s>])" % name) for name in (b"item", b"entry")}
_FIRST: Final = re.compile(rb"<(item|entry)(?=[\s>])")
_SPACE: Final = re.compile(rb"\s*")
_TAG: Final = re.compile(rb"<[^>]*>")
_MOMENT: Final = re.compile(rb"<(lastBuildDate|pubDate|updated|dc:date)>[^<]{0,80}</")
_PAIRS: Final = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"))
_XHTML: Final = (b'xmlns="http://www.w3.org/1999/xhtml"', b"xmlns='http://www.w3.org/1999/xhtml'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A document in pieces; between the items was nothing but white space."""

    head: bytes
    items: tuple[bytes, ...]
    digests: tuple[bytes, ...]  # one for each item
    tail: bytes

    def context(self) -> bytes:
        """Return a fingerprint of the markup around the items: what can change how an item is read."""
        return _digest(b"".join(_TAG.findall(self.head)) + b"\0" + b"".join(_TAG.findall(self.tail)))

    def frame(self) -> bytes:
        """Return a fingerprint of all around the items but the moments at which it was written."""
        return _digest(_MOMENT.sub(rb"<\1></", self.head) + b"\0" + self.tail)

    def only(self, wanted: set[int]) -> bytes:
        """Return the document with the items at these positions only."""
        return b"".join([self.head, *(item for at, item in enumerate(self.items) if at in wanted), self.tail])


def cut(body: bytes) -> Cut | None:
    """Return the document in pieces, or None where its items may depend on each other or on more than markup.

    Refused are: encodings that are not UTF-8 throughout, a DOCTYPE, base addresses and namespaces declared inside items
    (the parser carries them on to the next one), markup between items, and CDATA or comments that an item does not close.
    """
    first = _FIRST.search(body)
    if first is None or len(body) > _LARGEST_BYTES or b"<!DOCTYPE" in body or b"base=" in body:
        return None
    name = first[1]
    closing, opening = b"</%s>" % name, _OPENING[name]
    items: list[bytes] = []
    at = first.start()
    while opening.match(body, at):
        end = body.find(closing, at)
        if end < 0:
            return None
        end += len(closing)
        items.append(body[at:end])
        after = _SPACE.match(body, end)
        at = after.end() if after else end
    head, tail = body[: first.start()], body[at:]
    if len(items) > MAX_ENTRIES or len(opening.findall(body)) != len(items) or closing in tail:
        return None
    if not (_is_closed(head) and _is_closed(tail) and all(map(_stands_alone, items))):
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return Cut(head=head, items=tuple(items), digests=tuple(map(_digest, items)), tail=tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remembered:
    context: bytes
    frame: bytes
    title: str
    lang: str | None
    hints: PollHints
    digests: bytes  # of all items, one behind the other
    entries: bytes  # in the same order, as compressed JSON

    def weight(self) -> int:
        return len(self.digests) + len(self.entries) + 500


class ParseMemory:
    """The entries of the last document of each feed, in bounded memory; the least used feed is forgotten first.

    Args:
        budget_bytes: Of what is kept. A feed of 30 items takes some 8 kB.
    """

    def __init__(self, budget_bytes: int = 32_000_000) -> None:
        self._budget = budget_bytes
        self._kept: OrderedDict[str, _Remembered] = OrderedDict()
        self._weight = 0
        self.parsed_items = 0  # went through the parser
        self.spared_items = 0  # did not have to

    async def parse(
        self,
        feed: str,
        body: bytes,
        headers: Mapping[str, str],
        url: str,
        parse: Callable[[bytes, Mapping[str, str], str], Awaitable[Document]],
    ) -> Document:
        """Return what `parse(body, headers, url)` returns, asking for as little as possible.

        Args:
            feed: Name under which to remember.
            body: The document.
            headers: Of the answer; only the content type matters.
            url: Where it came from: relative links are resolved against it.
            parse: Parses a document.

        Raises:
            ParseError: What `parse` raised for the whole document.
        """
        pieces = cut(body)
        if pieces is None:
            self._forget(feed)
            return await self._whole(body, headers, url, parse)
        # A document beyond ASCII is read as UTF-8 whatever it declares; its part must be, also where it is in ASCII.
        content_type = headers.get("content-type", "") if body.isascii() else "application/xml; charset=utf-8"
        context = _digest(b"\0".join([pieces.context(), url.encode(), content_type.encode()]))
        document = await self._by_delta(feed, pieces, context, {"content-type": content_type}, url, parse)
        if document is None:
            document = await self._whole(body, headers, url, parse)
        if document.sound and len(document.items) == len(pieces.items):
            self._remember(feed, pieces, context, document)
        else:
            self._forget(feed)
        return document

    async def _whole(
        self,
        body: bytes,
        headers: Mapping[str, str],
        url: str,
        parse: Callable[[bytes, Mapping[str, str], str], Awaitable[Document]],
    ) -> Document:
        document = await parse(body, headers, url)
        self.parsed_items += len(document.items)
        return document

    async def _by_delta(
        self,
        feed: str,
        pieces: Cut,
        context: bytes,
        headers: Mapping[str, str],
        url: str,
        parse: Callable[[bytes, Mapping[str, str], str], Awaitable[Document]],
    ) -> Document | None:
        kept = self._kept.get(feed)
        if kept is None or kept.context != context:
            return None
        known = dict(zip(_split(kept.digests), json.loads(zlib.decompress(kept.entries)), strict=True))
        unseen = {at for at, digest in enumerate(pieces.digests) if digest not in known}
        if len(unseen) == len(pieces.items):
            return None
        fresh: list[ParsedEntry | None] = []
        title, lang, hints = kept.title, kept.lang, kept.hints
        if unseen or pieces.frame() != kept.frame:
            try:
                part = await parse(pieces.only(unseen), headers, url)
            except ParseError:  # what is wrong with the whole is for the whole to say
                return None
            if not part.sound or len(part.items) != len(unseen) or part.lang != kept.lang:
                return None
            fresh, title, lang, hints = list(part.items), part.title, part.lang, part.hints
        self.parsed_items += len(unseen)
        self.spared_items += len(pieces.items) - len(unseen)
        read = iter(fresh)
        items: list[ParsedEntry | None] = []
        for at, digest in enumerate(pieces.digests):
            values = None if at in unseen else known[digest]
            items.append(next(read) if at in unseen else None if values is None else entry_from(values))
        return Document(title=title, lang=lang, hints=hints, items=tuple(items), sound=True)

    def _remember(self, feed: str, pieces: Cut, context: bytes, document: Document) -> None:
        self._forget(feed)
        values = [None if entry is None else entry_to(entry) for entry in document.items]
        kept = _Remembered(
            context=context,
            frame=pieces.frame(),
            title=document.title,
            lang=document.lang,
            hints=document.hints,
            digests=b"".join(pieces.digests),
            entries=zlib.compress(json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass"), 1),
        )
        self._kept[feed] = kept
        self._weight += kept.weight()
        while self._weight > self._budget:
            self._forget(next(iter(self._kept)))

    def _forget(self, feed: str) -> None:
        kept = self._kept.pop(feed, None)
        if kept is not None:
            self._weight -= kept.weight()


def _stands_alone(item: bytes) -> bool:
    if b"xmlns" in item:
        for harmless in _XHTML:
            item = item.replace(harmless, b"")
        if b"xmlns" in item:
            return False
    return _is_closed(item)


def _is_closed(text: bytes) -> bool:
    return all(text.count(begin) == text.count(end) for begin, end in _PAIRS)


def _split(digests: bytes) -> list[bytes]:
    return [digests[at : at + _DIGEST_BYTES] for at in range(0, len(digests), _DIGEST_BYTES)]


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()
