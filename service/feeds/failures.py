"""What went wrong with a fetch, as a `FetchFailure` in plain words."""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp

from service.core.instants import http_date
from service.core.model import FailureKind, FetchFailure
from service.feeds.guard import REFUSAL

if TYPE_CHECKING:
    from collections.abc import Mapping


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Source: RFC 9110 §10.2.3: seconds or a date."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", text):
        return timedelta(seconds=int(text))
    if text.isdigit():
        return timedelta(days=365)
    moment = http_date(text) if text else None
    return max(timedelta(0), moment - datetime.now(UTC)) if moment else None


def status_failure(url: str, status: int, headers: Mapping[str, str]) -> FetchFailure:
    """Return what a status that is neither 200 nor an expected 304 means."""
    retry_after = _retry_after(headers)
    match status:
        case 429 | 503:
            kind, words = FailureKind.RATE_LIMITED, "asks to be polled less often or is busy; polling slows down"
        case 404:
            kind, words = FailureKind.NOT_FOUND, "was not found; check the address"
        case 410:
            kind, words = FailureKind.GONE, "is gone for good; remove it or find its new address"
        case 401 | 403:
            kind, words = FailureKind.HTTP, "refuses us; the publisher may block pollers or want a login"
        case _ if status >= 500:
            kind, words = FailureKind.HTTP, "has a server error; nothing to do but wait"
        case _:
            kind, words = FailureKind.HTTP, "answered something else than a feed; check the address"
    return FetchFailure(kind=kind, message=f"{url} {words} (status {status})", status=status, retry_after=retry_after)


def as_failure(url: str, error: Exception) -> FetchFailure:
    """Return what an exception of the HTTP client means."""
    text = one_line(str(error))[:200] or type(error).__name__
    refused = re.search(rf"([\w:.%]+) {REFUSAL}", f"{error} {error.__cause__}")  # several addresses: joined
    if refused:
        return failure(FailureKind.REFUSED, f"{url} leads to {refused[1]}, which {REFUSAL}")
    match error:
        case aiohttp.ClientConnectorDNSError():
            return failure(FailureKind.DNS, f"the name in {url} is not known; check the address or the DNS server")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return failure(FailureKind.TLS, f"{url} has no valid TLS certificate or handshake: {text}")
        case aiohttp.InvalidURL() | ValueError():
            return failure(FailureKind.REFUSED, f"{url} is or leads to something that is not a URL: {text}")
        case aiohttp.ClientResponseError():
            return failure(FailureKind.HTTP, f"{url} answered what is not valid HTTP: {text}")
        case aiohttp.ClientPayloadError():
            return failure(FailureKind.CONNECTION, f"{url} broke off or garbled its answer: {text}")
        case _:
            return failure(FailureKind.CONNECTION, f"no connection to {url}: {text}")


def failure(kind: FailureKind, message: str, status: int | None = None) -> FetchFailure:
    """Return a failure whose message is one line."""
    return FetchFailure(kind=kind, message=one_line(message), status=status)


def one_line(text: str) -> str:
    """Return text without line breaks and what cannot be printed."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
