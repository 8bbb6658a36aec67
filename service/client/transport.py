"""One HTTP exchange with the service: the token, problems as errors, and patience where the service asks for it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from pydantic import ValidationError

from service.api.wire_pages import Problem
from service.core.errors import ServiceError
from service.core.instants import http_date

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

_BUSY = frozenset({429, 503})  # nothing was done: asking again is safe, whatever the method
_FIRST_WAIT_S = 0.5
_PROBLEM_LIMIT_BYTES = 64_000


class ProblemReceived(ServiceError):
    """The service refused; `problem` is its answer (RFC 9457), made up from the status where it sent none."""

    def __init__(self, problem: Problem, url: str, retry_after_s: float | None = None) -> None:
        super().__init__(f"{url} answered {problem.status}: {problem.detail}")
        self.problem = problem
        self.retry_after_s = retry_after_s
        self.code = problem.type.rpartition("#problem-")[2] or "internal"

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return self.problem.status


class Unreachable(ServiceError):
    """No answer came, or none that a service of this kind gives."""

    code = "unreachable"


class Transport:
    """Sends requests to one service; owns its session."""

    def __init__(
        self, base_url: str, *, token: str | None, timeout_s: float, tries: int, longest_wait_s: float
    ) -> None:
        self.base = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout_s = timeout_s
        self._tries = tries
        self.longest_wait_s = longest_wait_s
        self._session: ClientSession | None = None

    async def open(self) -> None:
        """Make the session."""
        self._session = ClientSession(headers=self._headers)

    async def close(self) -> None:
        """End the session."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def read(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: object = None
    ) -> bytes:
        """Return the body of a good answer.

        A busy service is asked again after the time it names. A lost connection is tried again for GET only: of another
        method nobody knows whether it was carried out.

        Raises:
            ProblemReceived: The service refused, or stayed busy.
            Unreachable: It does not answer.
        """
        for attempt in range(1, self._tries + 1):
            last = attempt == self._tries
            try:
                async with self.exchange(method, path, params=params, body=body) as response:
                    return await response.read()
            except ProblemReceived as error:
                wait_s = self.wait_s(error, attempt)
                if wait_s is None or last:
                    raise
            except (ClientError, TimeoutError) as error:  # the answer broke off
                if last or method != "GET":
                    raise Unreachable(f"{self.base}{path} broke off ({error or 'time-out'})") from error
                wait_s = _FIRST_WAIT_S
            except Unreachable:
                if last or method != "GET":
                    raise
                wait_s = _FIRST_WAIT_S
            await asyncio.sleep(wait_s)
        raise AssertionError("tries is at least 1")

    def wait_s(self, error: ProblemReceived, attempt: int) -> float | None:
        """Return how long to wait before asking again, None where asking again is of no use."""
        if error.status not in _BUSY:
            return None
        asked = error.retry_after_s
        wait_s = _FIRST_WAIT_S * 2 ** (attempt - 1) if asked is None else asked
        return wait_s if wait_s <= self.longest_wait_s else None

    @asynccontextmanager
    async def exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        timeout: ClientTimeout | None = None,  # noqa: ASYNC109 - aiohttp's own, of several parts
    ) -> AsyncIterator[ClientResponse]:
        """Send one request and yield a good answer.

        Redirects are not followed: the token must not go to somebody else.

        Raises:
            ProblemReceived: The service refused.
            Unreachable: It does not answer.
        """
        if self._session is None:
            raise Unreachable("the client is not open; use it as `async with Client(…) as client`")
        url = self.base + path
        try:
            response = await self._session.request(
                method,
                url,
                params=params,
                json=body,
                headers=headers,
                allow_redirects=False,
                timeout=timeout or ClientTimeout(total=self._timeout_s),
            )
        except (ClientError, TimeoutError) as error:
            raise Unreachable(f"{url} does not answer ({error or 'time-out'}); is the service running?") from error
        async with response:
            if not 200 <= response.status < 300:
                raise await _problem(response, url)
            yield response


async def _problem(response: ClientResponse, url: str) -> ProblemReceived:
    try:
        text = await response.content.read(_PROBLEM_LIMIT_BYTES)
        problem = Problem.model_validate_json(text)
    except (ValidationError, ClientError, TimeoutError):
        problem = Problem(
            type="about:blank",
            title=response.reason or "",
            status=max(400, min(599, response.status)),
            detail=f"status {response.status} without a problem document; is this address that of the service?",
            instance="",
        )
    return ProblemReceived(problem, url, _retry_after_s(response.headers.get("Retry-After", "")))


def _retry_after_s(value: str) -> float | None:
    """Return the seconds a Retry-After asks for, given in seconds or as a date (RFC 9110 §10.2.3)."""
    if value.isascii() and value.isdigit():
        return float(value)
    until = http_date(value)
    return None if until is None else max(0.0, (until - datetime.now(UTC)).total_seconds())
