"""Writing through the running service: a command that finds the store in use hands its request over.

    try:
        result = asyncio.run(done_here(...))
    except StoreLocked as locked:
        result = handed_over(settings, locked, "POST", "/v1/entries/…/feedback", body, what="the judgement")

The service says in the lock file where it answers, so this works whatever port it was given; the admin token is asked
for as from anybody else.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from typing import Any

from service.core.errors import ServiceError, StoreLocked
from service.settings import Settings

_TIMEOUT_S = 30.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token must not follow a redirect to somebody else."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        """Follow none."""


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
        ServiceError: There is no token, the holder does not answer HTTP, or it refused.
    """
    if settings.admin_token is None:
        raise ServiceError(
            f"{locked.message}; to hand {what} to a running service, set AFTERMATH_ADMIN_TOKEN "
            "for it and for this command"
        )
    if locked.address is None:
        raise ServiceError(f"{locked.message}; that process does not answer HTTP, so {what} must wait until it ends")
    url = locked.address + path
    request = urllib.request.Request(  # noqa: S310 (the address is one our own process announced)
        url,
        data=json.dumps(body).encode(),
        method=method,
        headers={
            "Authorization": f"Bearer {settings.admin_token.get_secret_value()}",
            "Content-Type": "application/json",
        },
    )
    # No proxy: the address is on this machine.
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_TIMEOUT_S) as answer:
            result: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise ServiceError(f"{url} answered {error.code}: {_detail(error)}") from error
    except (OSError, ValueError) as error:
        raise ServiceError(f"{locked.message}; and {url} does not answer as the service does ({error})") from error
    sys.stderr.write(f"the store is in use; sent to {locked.address}\n")
    return result


def _detail(error: urllib.error.HTTPError) -> str:
    text = error.read(2000).decode(errors="replace")
    try:
        return str(json.loads(text)["detail"])
    except (ValueError, KeyError, TypeError):
        return " ".join(text.split())[:200] or "nothing more"
