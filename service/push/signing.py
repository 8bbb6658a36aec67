"""How a webhook proves that it comes from here: the scheme and header names of the Standard Webhooks specification.

HMAC-SHA256 over id, timestamp and body, joined by dots; secrets are written `whsec_` and base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

PREFIX: Final = "whsec_"
_BYTES: Final = 32
_SHORTEST: Final = 24
_LONGEST: Final = 64


def new_secret() -> str:
    """Return a secret nobody can guess."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def secret_fault(secret: str) -> str | None:
    """Return what is wrong with a secret, None when nothing is."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if secret.startswith(PREFIX) and _SHORTEST <= len(key) <= _LONGEST:
        return None
    return (
        f"a secret is {PREFIX} and the base64 of {_SHORTEST} to {_LONGEST} random bytes; leave it out to be given one"
    )


def signed_headers(secret: str, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers by which a receiver checks who sent a body, and when."""
    stamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, b".".join((message_id.encode(), stamp.encode(), body)), hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
