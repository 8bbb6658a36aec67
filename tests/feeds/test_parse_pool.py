"""Parsers in processes of their own: what is slow or kills them holds up nobody."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from news_site import Item, rss
from patience import patient

from service.core.errors import ParseError
from service.feeds.parse import read_document
from service.feeds.parse_pool import ParsePool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

URL = "https://news.test/rss"


@pytest.fixture
async def pool() -> AsyncIterator[ParsePool]:
    parsing = ParsePool(timeout_s=2.0)
    yield parsing
    await parsing.close()


GOOD = rss([Item("Bridge closed", "For a day.", published="Fri, 13 Dec 2024 22:13:24 GMT")]).encode()
HOSTILE = (
    b"<rss version='2.0'><channel><item "
    + b" ".join(b"a%d='x'" % n for n in range(40_000))
    + b"><title>&nbsp;T</title></item></channel></rss>"
)


async def test_the_worker_returns_what_the_parser_returns(pool: ParsePool) -> None:
    assert await pool.parse(GOOD, {}, URL) == read_document(GOOD, {}, URL)
    padded = b" " * 200_000 + GOOD
    assert await pool.parse(padded, {}, URL) == read_document(padded, {}, URL)


async def test_the_worker_returns_errors_with_their_code(pool: ParsePool) -> None:
    with pytest.raises(ParseError, match="HTML page") as caught:
        await pool.parse(b"<html/>", {}, URL)
    assert caught.value.code == "not_a_feed"


async def test_a_document_that_takes_too_long_is_given_up_and_the_next_one_parsed(pool: ParsePool) -> None:
    await pool.parse(GOOD, {}, URL)
    began = time.monotonic()
    with pytest.raises(ParseError, match="longer than 2 s"):
        await pool.parse(HOSTILE, {}, URL)
    assert time.monotonic() - began < patient(30)
    assert (await pool.parse(GOOD, {}, URL)).items


async def test_documents_that_take_long_hold_up_nobody() -> None:
    pool = ParsePool(timeout_s=30.0)
    try:
        slow = [asyncio.create_task(pool.parse(HOSTILE, {}, URL)) for _ in range(2)]
        await asyncio.sleep(0)
        assert (await pool.parse(GOOD, {}, URL)).items
        assert not any(task.done() for task in slow)
        for task in slow:
            task.cancel()
        ended = await asyncio.gather(*slow, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ended)
        assert (await pool.parse(GOOD, {}, URL)).items
    finally:
        await pool.close()


async def test_of_many_documents_that_take_long_the_oldest_makes_room() -> None:
    pool = ParsePool(timeout_s=30.0)
    try:
        slow = [asyncio.create_task(pool.parse(HOSTILE, {}, URL)) for _ in range(3)]
        await asyncio.wait(slow, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(ParseError, match="others had to wait"):
            await slow[0]
        assert (await pool.parse(GOOD, {}, URL)).items
    finally:
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        await pool.close()


async def test_a_worker_that_dies_is_replaced(pool: ParsePool) -> None:
    await pool.parse(GOOD, {}, URL)
    pool._idle[0].kill()
    await pool._idle[0].wait()
    with pytest.raises(ParseError, match="died"):
        await pool.parse(GOOD, {}, URL)
    assert (await pool.parse(GOOD, {}, URL)).items


async def test_the_memory_limit_ends_a_document_and_not_the_service() -> None:
    pool = ParsePool(timeout_s=10.0, memory_limit_bytes=120_000_000)
    try:
        with pytest.raises(ParseError):
            await pool.parse(rss([Item("T" * 100, "S" * 2000)] * 20_000).encode(), {}, URL)
        assert (await pool.parse(GOOD, {}, URL)).items
    finally:
        await pool.close()


async def test_workers_are_reused(pool: ParsePool) -> None:
    await pool.parse(GOOD, {}, URL)
    first = pool._idle[0].pid
    await pool.parse(GOOD, {}, URL)
    assert pool._idle[0].pid == first
