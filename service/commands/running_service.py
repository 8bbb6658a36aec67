"""Writing through the running service: a command that finds the store in use hands its request over.

    try:
        result = asyncio.run(done_here(...))
    except StoreLocked as locked:
        result = handed_over(settings, locked, "POST", "/v1/entries/…/feedback", body, what="the judgement")

The service says in the lock file where it answers, so this works whatever port it was given; the admin token is asked
for as from anybody else.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from service.core.errors import ServiceError, StoreLocked
from service.settings import Settings


def handed_over(
    settings: Settings, locked: StoreLocked, method: str, path: str, body: dict[str, object], *, what: str
) -> dict[str, Any]:
    """Return the answer of the service that holds the store to a request with the admin token.

    Args:
        settings: Of this command; the token must be the service's.
        locked: Why the command cannot write itself; knows where the holder answers.
        method: Of the request.
        path: On the service, beginning with a slash.
        body: Sent as JSON.
        what: Is handed over, for messages: "the judgement".

    Raises:
        ServiceError: As of `all_handed_over`.
    """
    [answer] = all_handed_over(settings, locked, method, path, [body], what=what)
    return answer


def all_handed_over(
    settings: Settings, locked: StoreLocked, method: str, path: str, bodies: Sequence[dict[str, object]], *, what: str
) -> list[dict[str, Any]]:
    """Send several bodies one after another, each as `handed_over` does; the first that is refused ends it.

    Raises:
        ServiceError: There is no token, the holder does not answer HTTP, or it refused.
    """
    address, token = holder_of(settings, locked, what=what)
    answers: list[dict[str, Any]] = asyncio.run(_sent(address, token, method, path, bodies))
    sys.stderr.write(f"the store is in use; sent to {address}\n")
    return answers


def holder_of(settings: Settings, locked: StoreLocked, *, what: str) -> tuple[str, str]:
    """Return where the service answers that holds the store, and the admin token for it; `what` as in `handed_over`.

    Raises:
        ServiceError: There is no token, or the holder does not answer HTTP.
    """
    if settings.admin_token is None:
        raise ServiceError(
            f"{locked.message}; to hand {what} to a running service, set AFTERMATH_ADMIN_TOKEN "
            "for it and for this command"
        )
    if locked.address is None:
        raise ServiceError(f"{locked.message}; that process does not answer HTTP, so {what} must wait until it ends")
    return locked.address, settings.admin_token.get_secret_value()


async def _sent(address: str, token: str, method: str, path: str, bodies: Sequence[dict[str, object]]) -> list[Any]:
    from service.client import Client

    async with Client(address, token=token) as client:
        return [await client.send(method, path, body) for body in bodies]
