"""Servers that misbehave: each answer is a coroutine over the raw connection, bounded in bytes and time."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import brotli  # type: ignore[import-untyped]  # it has no stubs
from hostile.hostile_xml import OK, item, rss

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

Answerer = "Callable[[asyncio.StreamWriter, int], Awaitable[None]]"
_FEED: Final = rss(item()).encode()
_PATIENCE_S: Final = 8.0  # longer than the service waits
_BOMB_BYTES: Final = 120_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One way to answer.

    Args:
        name: Its path.
        give: Writes to the connection; the number says which request it is, from 0.
        outcomes: Error classes of which one must be recorded; `ok` for none.
    """

    name: str
    give: Callable[[asyncio.StreamWriter, int], Awaitable[None]]
    outcomes: frozenset[str]


def head(status: str = "200 OK", *, length: int | None = None, more: str = "") -> bytes:
    """Return the head of an answer."""
    size = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n{size}{more}\r\n".encode(
        "latin-1"
    )


def whole(body: bytes = _FEED, status: str = "200 OK", more: str = "") -> bytes:
    """Return a complete answer."""
    return head(status, length=len(body), more=more) + body


def answers(canary: str) -> list[Answer]:
    """Return every answer. `canary` is the address of a server that must never be asked for anything."""
    found = [*_statuses(), *_headers(), *_redirects(canary), *_compressed(), *_sockets(), *_changing()]
    assert len({answer.name for answer in found}) == len(found)
    return found


def _fixed(name: str, content: bytes, *outcomes: str) -> Answer:
    async def give(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(content)
        await writer.drain()

    return Answer(name=name, give=give, outcomes=frozenset(outcomes))


def _statuses() -> Iterator[Answer]:
    classes = {404: "not_found", 410: "gone", 429: "rate_limited", 503: "rate_limited"}
    for status in (
        400,
        401,
        402,
        403,
        404,
        405,
        406,
        408,
        409,
        410,
        418,
        421,
        425,
        429,
        451,
        500,
        501,
        502,
        503,
        504,
        520,
        599,
    ):
        yield _fixed(f"status-{status}", whole(b"no", f"{status} As It Is"), classes.get(status, "http"))
    yield _fixed("status-204", head("204 No Content"), "http", "not_a_feed")
    yield _fixed("status-206", whole(status="206 Partial Content", more="Content-Range: bytes 0-9/99\r\n"), "http")
    yield _fixed("status-304-unasked", head("304 Not Modified"), "http")
    yield _fixed("status-203", whole(status="203 Non-Authoritative Information"), "http", OK)
    yield _fixed("status-999", whole(status="999 Denied"), "http", "connection")
    yield _fixed("status-words", b"HTTP/1.1 OK fine\r\n\r\n", "http", "connection")
    yield _fixed("status-negative", b"HTTP/1.1 -200 OK\r\n\r\n", "http", "connection")


def _headers() -> Iterator[Answer]:
    for name, value in (
        ("huge", "99999999999999999999"), ("negative", "-5"), ("words", "soon"), ("date-far", "Fri, 31 Dec 9999 23:59:59 GMT"), ("empty", ""),
    ):  # fmt: skip
        yield _fixed(f"retry-{name}", whole(b"", "429 Too Many", f"Retry-After: {value}\r\n"), "rate_limited")
    for name, value in (
        ("max-age", "Cache-Control: max-age=99999999999999999"), ("max-age-negative", "Cache-Control: max-age=-1"),
        ("expires", "Expires: 0"), ("expires-far", "Expires: Fri, 31 Dec 9999 23:59:59 GMT"), ("age", "Age: -99\r\nCache-Control: max-age=1"),
        ("etag-huge", f"ETag: \"{'e' * 5000}\""), ("etag-odd", 'ETag: \x01\xe9"x'), ("modified", "Last-Modified: yesterday"),
        ("cookies", "\r\n".join(f"Set-Cookie: c{n}=1" for n in range(60))), ("date", "Date: never"), ("type-none", "X-A: b"),
        ("type-odd", f"Content-Type: {'x' * 500}/;;;charset"), ("link", "Link: <javascript:alert(1)>; rel=self"),
    ):  # fmt: skip
        yield _fixed(f"header-{name}", whole(more=value + "\r\n"), OK, "http", "connection")
    flood = "".join(f"X-{n}: {'v' * 50}\r\n" for n in range(20_000))
    yield _fixed("header-flood", whole(more=flood), OK, "http", "connection")
    yield _fixed("header-long", whole(more=f"X-Long: {'v' * 2_000_000}\r\n"), "http", "connection")
    yield _fixed("header-folded", whole(more="X-Folded: a\r\n b\r\n"), OK, "http", "connection")
    yield _fixed("header-no-colon", whole(more="nonsense\r\n"), "http", "connection")
    yield _fixed("header-bytes", whole().replace(b"Connection: close", b"X-\xff\xfe: \x00"), "http", "connection", OK)


def _redirects(canary: str) -> Iterator[Answer]:
    port = canary.rpartition(":")[2]
    inside = {
        "plain": canary, "decimal": f"http://2130706434:{port}/", "hex": f"http://0x7f000002:{port}/", "octal": f"http://0177.0.0.2:{port}/",
        "short": f"http://127.2:{port}/", "mapped": f"http://[::ffff:127.0.0.2]:{port}/", "mapped-hex": f"http://[::ffff:7f00:2]:{port}/",
        "compatible": f"http://[::127.0.0.2]:{port}/", "nat64": f"http://[64:ff9b::7f00:2]:{port}/", "6to4": f"http://[2002:7f00:2::]:{port}/",
        "user": f"http://a:b@127.0.0.2:{port}/", "relative": f"//127.0.0.2:{port}/", "full-width": f"http://127。0。0。2:{port}/",
        "encoded": f"http://%31%32%37.0.0.2:{port}/", "upper": f"HTTP://127.0.0.2:{port}/", "backslash": f"http:\\\\127.0.0.2:{port}\\",
        "metadata": "http://169.254.169.254/latest/meta-data/", "private": "http://10.0.0.1/", "any": f"http://0.0.0.0:{port}/",
        "six": f"http://[::1]:{port}/", "cgnat": "http://100.64.0.1/", "link-local": "http://[fe80::1]/",
    }  # fmt: skip
    for name, target in inside.items():
        for status in (302, 308):
            away = f"Location: {target}\r\n".encode().decode("latin-1")
            own_path = ("not_found",) if name == "backslash" else ()  # read as a path of the same host
            yield _fixed(f"inside-{name}-{status}", whole(b"", f"{status} Away", away), "refused", "dns", *own_path)
    for name, target in {
        "file": "file:///etc/passwd", "ftp": "ftp://127.0.0.2/x", "data": "data:text/xml,<rss/>", "script": "javascript:alert(1)",
        "gopher": "gopher://127.0.0.2/_x", "empty-host": "http:///x", "bracket": "http://[::1/x", "port": "http://127.0.0.1:999999/x",
        "control": "http://127.0.0.1:1/\x01x",
    }.items():  # fmt: skip
        yield _fixed(
            f"to-{name}",
            whole(b"", "302 Away", f"Location: {target}\r\n"),
            "refused",
            "http",
            "connection",
            "not_found",
        )
    yield _fixed("to-itself", whole(b"", "301 Away", "Location: to-itself\r\n"), "redirects")
    yield _fixed("to-nowhere", whole(b"", "302 Away"), "http")
    yield _fixed("to-far", whole(b"", "302 Away", f"Location: /{'l' * 7000}\r\n"), "http", "not_found", "connection")

    async def growing(writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(whole(b"", "302 Away", f"Location: to-growing?{'x' * (number + 1)}\r\n"))

    yield Answer(name="to-growing", give=growing, outcomes=frozenset({"redirects"}))


def _compressed() -> Iterator[Answer]:
    zeros = b"\0" * 1_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(zeros) for _ in range(_BOMB_BYTES // len(zeros))) + packer.flush()
    yield _fixed("bomb-gzip", whole(bomb, more="Content-Encoding: gzip\r\n"), "too_large")
    yield _fixed("bomb-deflate", whole(zlib.compress(zeros * 60, 9), more="Content-Encoding: deflate\r\n"), "too_large")
    yield _fixed(
        "bomb-brotli", whole(brotli.compress(zeros * 60, quality=3), more="Content-Encoding: br\r\n"), "too_large"
    )
    yield _fixed(
        "bomb-twice",
        whole(gzip.compress(bomb), more="Content-Encoding: gzip, gzip\r\n"),
        "http",
        "too_large",
        "not_a_feed",
        "parse",
        "connection",
    )
    yield _fixed(
        "gzip-of-gzip",
        whole(gzip.compress(gzip.compress(_FEED)), more="Content-Encoding: gzip\r\n"),
        "not_a_feed",
        "parse",
    )
    yield _fixed("gzip-unannounced", whole(gzip.compress(_FEED)), OK, "not_a_feed", "parse")
    yield _fixed("gzip-lie", whole(more="Content-Encoding: gzip\r\n"), "connection", "http", "parse")
    yield _fixed(
        "gzip-cut-off",
        whole(gzip.compress(_FEED)[:-30], more="Content-Encoding: gzip\r\n"),
        OK,
        "connection",
        "parse",
        "not_a_feed",
    )
    yield _fixed(
        "gzip-and-more",
        whole(gzip.compress(_FEED) + b"trailing", more="Content-Encoding: gzip\r\n"),
        OK,
        "connection",
        "parse",
    )
    yield _fixed("gzip-empty", whole(b"", more="Content-Encoding: gzip\r\n"), "not_a_feed", "connection")
    yield _fixed("brotli-lie", whole(more="Content-Encoding: br\r\n"), "connection", "http", "parse")
    yield _fixed("unknown-coding", whole(more="Content-Encoding: rot13\r\n"), "http")
    yield _fixed("coding-flood", whole(more=f"Content-Encoding: {', '.join(['gzip'] * 500)}\r\n"), "http", "connection")


def _sockets() -> Iterator[Answer]:
    yield _fixed("closed-at-once", b"", "connection")
    yield _fixed("banner", b"SSH-2.0-OpenSSH_9.2\r\n", "http", "connection")
    yield _fixed("http-0.9", _FEED, "http", "connection")
    yield _fixed("http-2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http", "connection")
    yield _fixed("bare-newlines", whole().replace(b"\r\n", b"\n"), OK, "http", "connection")
    yield _fixed("too-short", head(length=len(_FEED) + 500) + _FEED, "connection")
    yield _fixed("too-long", head(length=len(_FEED) // 2) + _FEED, OK, "parse", "connection", "http")
    yield _fixed("length-negative", head(more="Content-Length: -5\r\n") + _FEED, "http", "connection")
    yield _fixed("length-words", head(more="Content-Length: many\r\n") + _FEED, "http", "connection")
    yield _fixed(
        "length-huge",
        head(more="Content-Length: 99999999999999999999999\r\n") + _FEED,
        "http",
        "connection",
        "too_large",
        "timeout",
    )
    yield _fixed(
        "length-twice",
        head(more=f"Content-Length: 5\r\nContent-Length: {len(_FEED)}\r\n") + _FEED,
        "http",
        "connection",
        "parse",
        "not_a_feed",
        OK,
    )
    chunked = "Transfer-Encoding: chunked\r\n"
    yield _fixed("length-and-chunks", head(length=5, more=chunked) + b"0\r\n\r\n", "http", "connection", "not_a_feed")
    yield _fixed("chunk-size-odd", head(more=chunked) + b"zz\r\nabc\r\n", "http", "connection")
    yield _fixed(
        "chunk-size-huge",
        head(more=chunked) + b"ffffffffffffffff\r\n" + _FEED,
        "http",
        "connection",
        "too_large",
        "timeout",
    )
    yield _fixed("chunk-cut-off", head(more=chunked) + b"ff\r\nabc", "connection")
    yield _fixed(
        "chunk-extension",
        head(more=chunked) + f"5;{'x' * 200_000}\r\nabcde\r\n0\r\n\r\n".encode(),
        "http",
        "connection",
        "not_a_feed",
        "parse",
    )
    yield _fixed("chunked-odd", head(more="Transfer-Encoding: xchunked\r\n") + _FEED, OK, "http", "connection")
    yield _fixed("two-answers", whole() + whole(b"second"), OK, "http", "connection")

    def slowly(name: str, first: bytes, step: bytes, *outcomes: str) -> Answer:
        async def give(writer: asyncio.StreamWriter, _: int) -> None:
            writer.write(first)
            for _ in range(int(_PATIENCE_S / 0.1)):
                await writer.drain()
                await asyncio.sleep(0.1)
                writer.write(step)

        return Answer(name=name, give=give, outcomes=frozenset(outcomes))

    yield slowly("silence", b"", b"", "timeout")
    yield slowly("slow-status", b"", b"H", "timeout", "http", "connection")
    yield slowly("slow-headers", b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", "timeout", "http", "connection")
    yield slowly("slow-body", head(), b"<", "timeout")
    yield slowly("slow-chunks", head(more=chunked), b"1\r\n<\r\n", "timeout")
    yield slowly("silent-body", head(length=500), b"", "timeout")
    yield slowly("endless-continue", b"", b"HTTP/1.1 100 Continue\r\n\r\n", "timeout", "http", "connection")
    yield slowly(
        "endless-hints", b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "timeout", "http", "connection"
    )

    async def endless(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(head(more=chunked))
        for _ in range(2_000):  # 128 MB at most
            writer.write(b"10000\r\n" + b"<!-- more and more -->".ljust(65_536) + b"\r\n")
            await writer.drain()

    async def reset(writer: asyncio.StreamWriter, _: int) -> None:
        writer.transport.abort()

    async def reset_in_body(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(head(length=len(_FEED)) + _FEED[:80])
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    yield Answer(name="endless", give=endless, outcomes=frozenset({"too_large"}))
    yield Answer(name="reset", give=reset, outcomes=frozenset({"connection"}))
    yield Answer(name="reset-in-body", give=reset_in_body, outcomes=frozenset({"connection"}))


def _changing() -> Iterator[Answer]:
    """Feeds that are another one at each poll."""

    def served(name: str, made: Callable[[int], str], *outcomes: str) -> Answer:
        async def give(writer: asyncio.StreamWriter, number: int) -> None:
            writer.write(whole(made(number).encode()))

        return Answer(name=name, give=give, outcomes=frozenset(outcomes or (OK,)))

    def numbered(numbers: range) -> str:
        return "".join(item(f"Change number {n}", link=f"https://hostile.test/n{n}", guid=f"n{n}") for n in numbers)

    yield served("new-guids", lambda n: rss(item(guid=f"g{n}")))
    yield served(
        "new-links", lambda n: rss(item(link=f"https://hostile.test/a?utm_source=s{n}&sid={n}", guid="steady"))
    )
    yield served("new-dates", lambda n: rss(item(guid="g", date=f"Sat, 01 Feb 2025 12:{n % 60:02}:00 GMT")))
    yield served("shrinking", lambda n: rss(numbered(range(max(0, 6 - n)))))
    yield served("flapping", lambda n: rss(numbered(range(6)) if n % 2 else ""))
    yield served(
        "turning", lambda n: rss("".join(item(f"Turn {(m + n) % 6}", guid=f"t{(m + n) % 6}") for m in range(6)))
    )
    yield served(
        "reused-guid", lambda n: rss(item(f"Another story number {n}", link=f"https://hostile.test/r{n}", guid="one"))
    )
    yield served("now-a-page", lambda n: rss(item()) if n == 0 else "<html><body>Moved</body></html>", OK, "not_a_feed")
