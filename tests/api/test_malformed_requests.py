"""What is no request, or none that can be read: a problem with the right status, and no error in our log."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

import pytest
from api.api_builders import Site, a_report, a_site

from service.pushing import WebhookReceivers

ADMIN = "s3same"
HOST = b"Host: x\r\n"
JSON = b"Authorization: Bearer s3same\r\nContent-Type: application/json\r\n"
WAIT_S = 120


async def tell(site: Site, *parts: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are; return status, headers (lower case) and what else came until the connection closed."""
    at = urlsplit(site.url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    try:
        async with asyncio.timeout(WAIT_S):
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)
            head = await reader.readuntil(b"\r\n\r\n")
            status, *lines = head.decode("latin-1").strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            return int(status.split()[1]), headers, await reader.read()
    finally:
        writer.close()


def request(line: bytes, headers: bytes = HOST, body: bytes = b"") -> bytes:
    return line + b"\r\n" + headers + b"\r\n" + body


LONG = b"a" * 9000
REFUSED = {
    "an address that is too long": (request(b"GET /" + LONG + b" HTTP/1.1"), 414, "uri_too_long"),
    "a query that is too long": (request(b"GET /?q=" + LONG * 8 + b" HTTP/1.1"), 414, "uri_too_long"),
    "a header that is too long": (request(b"GET / HTTP/1.1", HOST + b"X: " + LONG + b"\r\n"), 431, "headers_too_large"),
    "the name of one": (request(b"GET / HTTP/1.1", HOST + LONG + b": x\r\n"), 431, "headers_too_large"),
    "too many headers": (request(b"GET / HTTP/1.1", HOST + b"X: a\r\n" * 200), 431, "headers_too_large"),
    "a method nobody knows": (request(b"FOLLOW / HTTP/1.1"), 501, "not_implemented"),
    "a method in small letters": (request(b"get / HTTP/1.1"), 501, "not_implemented"),
    "another version": (request(b"GET / HTTP/3.0"), 505, "version_not_supported"),
    "HTTP/2 without asking": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_not_supported"),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, "bad_request"),
    "no host": (request(b"GET / HTTP/1.1", b""), 400, "bad_request"),
    "two hosts": (request(b"GET / HTTP/1.1", HOST + HOST), 400, "bad_request"),
    "two lengths": (
        request(b"POST /v1/feeds HTTP/1.1", HOST + b"Content-Length: 3\r\nContent-Length: 4\r\n", b"abc"),
        400,
        "bad_request",
    ),
    "a length beside chunks": (
        request(
            b"POST /v1/feeds HTTP/1.1", HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", b"0\r\n\r\n"
        ),
        400,
        "bad_request",
    ),
    "a folded header": (request(b"GET / HTTP/1.1", HOST + b"X: a\r\n b\r\n"), 400, "bad_request"),
    "a space before the colon": (request(b"GET / HTTP/1.1", HOST + b"X : a\r\n"), 400, "bad_request"),
    "an address that is none": (request(b"GET http://[::1/ HTTP/1.1"), 400, "bad_request"),
    "letters in an address": (request("GET /ф HTTP/1.1".encode()), 400, "bad_request"),
    "something after a request": (request(b"GET /healthz HTTP/1.1")[:-2] + b"\x00\r\n\r\n", 400, "bad_request"),
}


async def test_what_is_no_request_is_answered_with_a_problem(caplog: pytest.LogCaptureFixture) -> None:
    async with a_site() as site:
        for name, (sent, status, code) in REFUSED.items():
            answered, headers, body = await tell(site, sent)
            assert answered == status, name
            assert_problem_came(answered, headers, body, status, code)
            assert len(body) < 1000, name
        assert (await site.get("/healthz")).status == 200
    assert errors(caplog) == []


def assert_problem_came(answered: int, headers: dict[str, str], body: bytes, status: int, code: str) -> None:
    assert answered == status
    assert headers["content-type"] == "application/problem+json"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    problem: dict[str, Any] = json.loads(body)
    assert problem["status"] == status
    assert problem["type"] == f"https://aftermath.example/docs#problem-{code}"
    assert problem["instance"].startswith("urn:uuid:")


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"Content-Encoding: gzip\r\nContent-Length: 3\r\n", b"abc"),
        (b"Transfer-Encoding: chunked\r\n", b"ZZ\r\nabc\r\n"),
    ],
)
async def test_a_body_that_cannot_be_decoded_is_the_clients_fault(
    headers: bytes, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    closing = b"Connection: close\r\n"
    async with a_site(config={"admin_token": ADMIN}, receivers=WebhookReceivers([])) as site:
        answered = await tell(site, request(b"POST /v1/webhooks HTTP/1.1", HOST + JSON + closing + headers), body)
    assert_problem_came(*answered, 400, "bad_request")
    assert errors(caplog) == []


async def test_a_client_may_ask_whether_to_send_its_body_and_expect_nothing_else() -> None:
    headers = HOST + JSON + b"Connection: close\r\nContent-Length: 2\r\nExpect: "
    async with a_site(config={"admin_token": ADMIN}, receivers=WebhookReceivers([])) as site:
        status, _, rest = await tell(site, request(b"POST /v1/webhooks HTTP/1.1", headers + b"100-continue\r\n"), b"{}")
        assert status == 100
        assert rest.startswith(b"HTTP/1.1 4")
        strange = HOST + b"Connection: close\r\nExpect: a-miracle\r\n"
        answered = await tell(site, request(b"GET /healthz HTTP/1.1", strange))
        assert_problem_came(*answered, 417, "expectation_failed")
        old = request(b"GET /healthz HTTP/1.0", b"Expect: a-miracle\r\n")
        assert (await tell(site, old))[0] == 200


async def test_methods_that_ask_for_no_page_are_answered() -> None:
    async with a_site([a_report(1)]) as site:
        for line, status in ((b"OPTIONS *", 204), (b"CONNECT x:1", 405), (b"TRACE /", 405)):
            answered, headers, _ = await tell(site, request(line + b" HTTP/1.1", HOST + b"Connection: close\r\n"))
            assert answered == status, line
            assert "GET" in headers["allow"], line


async def test_a_connection_too_many_is_told_so_and_the_others_are_answered(caplog: pytest.LogCaptureFixture) -> None:
    async with a_site(most_connections=2, idle_s=3600.0) as site:
        at = urlsplit(site.url)
        _, silent = await asyncio.open_connection(at.hostname, at.port)
        answers, asking = await asyncio.open_connection(at.hostname, at.port)
        for _ in range(2):
            status, headers, body = await tell(site, request(b"GET /healthz HTTP/1.1"))
            assert (status, headers["retry-after"], headers["connection"]) == (503, "10", "close")
            assert json.loads(body)["type"] == "https://aftermath.example/docs#problem-too_many_connections"
        async with asyncio.timeout(WAIT_S):
            asking.write(request(b"GET /healthz HTTP/1.1"))
            assert b" 200 " in await answers.readline()
            silent.close()
            await silent.wait_closed()
            status = 0
            while status != 200:  # until its place is free
                status, _, _ = await tell(site, request(b"GET /healthz HTTP/1.1", HOST + b"Connection: close\r\n"))
        asking.close()
    assert errors(caplog) == ["no room for more connections"]


def test_readers_are_not_given_the_descriptors_that_polls_need() -> None:
    code = (
        "import resource as r; from service.api.server import room_for_connections as room;"
        "r.setrlimit(r.RLIMIT_NOFILE, (100, 300)); print(room(50), room(200), r.getrlimit(r.RLIMIT_NOFILE)[0])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["250", "150", "300"]


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_connection_on_which_no_request_comes_is_closed(said: bytes) -> None:
    async with a_site(idle_s=0.1) as site:
        at = urlsplit(site.url)
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        writer.write(said)
        async with asyncio.timeout(WAIT_S):
            assert await reader.read() == b""
        writer.close()
