"""A farm of feeds on loopback for benchmarks, in a process of its own, so that its work is not counted as ours.

`python tests/bench/feed_farm.py FEEDS ITEMS` prints its port and then answers `GET /N` with ETag and 304, and
`GET /change?share=0.1&new=2` by giving that share of the feeds new items and one edit.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Final
from urllib.parse import parse_qs, urlsplit

_EPOCH: Final = 1_740_000_000
_SOUNDS: Final = {
    "en": ["ba", "ri", "ton", "mel", "al", "ker", "son", "lu", "vi", "dan", "mo", "ster", "ly", "ing"],
    "ru": ["ба", "ри", "тон", "мел", "ал", "кер", "сон", "лу", "ви", "дан", "мо", "ской", "ла", "ный"],
    "ar": ["با", "ري", "تون", "مل", "ال", "كر", "سن", "لو", "في", "دا", "مو", "ستر", "ية", "ون"],
}
_LANGS: Final = ["en"] * 12 + ["ru"] * 5 + ["ar"] * 3


@dataclass(slots=True)
class _Item:
    number: int
    title: str
    summary: str
    body: str


@dataclass(slots=True)
class _Feed:
    number: int
    lang: str
    items: list[_Item] = field(default_factory=list)
    made: int = 0
    changes: int = 0
    answer: bytes = b""
    unchanged: bytes = b""
    etag: bytes = b""


class Farm:
    """Feeds that change when told to."""

    def __init__(self, feeds: int, items: int) -> None:
        self._random = random.Random(7)
        self._words = {
            lang: ["".join(self._random.choices(sounds, k=self._random.choice((1, 2, 2, 3)))) for _ in range(3000)]
            for lang, sounds in _SOUNDS.items()
        }
        self.feeds = [_Feed(number, self._random.choice(_LANGS)) for number in range(feeds)]
        for feed in self.feeds:
            for _ in range(items):
                self._add(feed)
            self._render(feed)

    def change(self, share: float, new: int) -> int:
        """Give a share of the feeds `new` items and one edit each; return how many feeds that were."""
        chosen = self._random.sample(self.feeds, round(len(self.feeds) * share))
        for feed in chosen:
            feed.changes += 1
            edited = self._random.choice(feed.items)
            edited.title = self._text(feed.lang, 9)
            for _ in range(new):
                self._add(feed)
                feed.items.pop()
            self._render(feed)
        return len(chosen)

    def _add(self, feed: _Feed) -> None:
        feed.made += 1
        item = _Item(feed.made, self._text(feed.lang, 9), self._text(feed.lang, 45), self._text(feed.lang, 130))
        feed.items.insert(0, item)

    def _text(self, lang: str, words: int) -> str:
        return " ".join(self._random.choices(self._words[lang], k=words)).capitalize() + "."

    def _render(self, feed: _Feed) -> None:
        site = f"https://farm-{feed.number}.test"
        items = "".join(
            f"<item><title>{item.title}</title><link>{site}/{item.number}</link>"
            f'<guid isPermaLink="false">urn:{feed.number}:{item.number}</guid>'
            f"<pubDate>{formatdate(_EPOCH + item.number * 600, usegmt=True)}</pubDate><dc:creator>Desk</dc:creator>"
            f"<description>&lt;p&gt;{item.summary}&lt;/p&gt;</description>"
            f"<content:encoded><![CDATA[<p>{item.body}</p><p><a href='/x'>more</a></p>]]></content:encoded></item>\n"
            for item in feed.items
        )
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Farm {feed.number}</title><link>{site}/</link><description>x</description>"
            f"<language>{feed.lang}</language>"
            f"<lastBuildDate>{formatdate(_EPOCH + feed.made * 600 + feed.changes, usegmt=True)}</lastBuildDate>\n"
            f"{items}</channel></rss>\n"
        ).encode()
        feed.etag = b'"' + hashlib.blake2b(body, digest_size=8).hexdigest().encode() + b'"'
        feed.answer = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %s\r\nContent-Length: %d\r\n\r\n"
            % (feed.etag, len(body))
        ) + body
        feed.unchanged = b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % feed.etag


class _Connection(asyncio.Protocol):
    def __init__(self, farm: Farm) -> None:
        self._farm = farm
        self._left = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._left += data
        while b"\r\n\r\n" in self._left and self._transport is not None:
            head, self._left = self._left.split(b"\r\n\r\n", 1)
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        url = urlsplit(head.split(b" ", 2)[1].decode())
        if url.path == "/change":
            asked = parse_qs(url.query)
            text = str(self._farm.change(float(asked["share"][0]), int(asked["new"][0]))).encode()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)
        feed = self._farm.feeds[int(url.path[1:])]
        return feed.unchanged if feed.etag in head else feed.answer


async def main() -> None:
    """Serve until the process is ended."""
    farm = Farm(int(sys.argv[1]), int(sys.argv[2]))
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(farm), "127.0.0.1", 0, backlog=1024)
    mean = sum(len(feed.answer) for feed in farm.feeds) / len(farm.feeds)
    print(server.sockets[0].getsockname()[1], round(mean), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
