"""What opens closed feeds: a TOML file with headers, user and password, or a token for each feed's address.

It is a file of its own because OPML lines are shared and served, and the store is backed up and exported. Nothing of
it reaches the store, the log, an error message or an answer of the API.
"""

from __future__ import annotations

import base64
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from service.core.errors import Invalid
from service.core.ids import feed_id
from service.core.urls import safe_link
from service.loading.text_files import ENCODING

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_KEYS: Final = frozenset({"headers", "user", "password", "token"})
_OURS: Final = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te"})


def read_access(path: Path) -> dict[str, dict[str, str]]:
    """Return feed id → the headers that open it.

    Raises:
        Invalid: The file cannot be read or says something else; the message names the feed, never a secret.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding=ENCODING))
    except OSError as error:
        raise Invalid(f"{path}: cannot be read ({error.strerror}); AFTERMATH_FEED_ACCESS names a TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The error would quote the line it stumbled over, and lines hold secrets.
        raise Invalid(f'{path}: is not TOML; a feed is a table ["https://host/path"]') from None
    found: dict[str, dict[str, str]] = {}
    for url, table in tables.items():
        link = safe_link(url)
        if link is None or not isinstance(table, dict):
            raise Invalid(f'{path}: {url!r} is no feed; write ["https://host/path"] above its keys')
        found[feed_id(link)] = _headers(table, f"{path}: {link}")
    return found


def _headers(table: Mapping[str, Any], where: str) -> dict[str, str]:
    unknown = sorted(table.keys() - _KEYS)
    if unknown:
        raise Invalid(f"{where}: unknown key {unknown[0]!r}; there are: {', '.join(sorted(_KEYS))}")
    named = table.get("headers", {})
    if not isinstance(named, dict):
        raise Invalid(f"{where}: headers must be a table, such as {{ X-Key = '…' }}")
    headers: dict[str, str] = {}
    for name, value in named.items():
        if not _NAME.fullmatch(name) or name.lower() in _OURS:
            raise Invalid(f"{where}: {name!r} is no header that can be set")
        headers[name] = _value(value, f"{where}: header {name}")
    ways = [way for way in ("token", "user") if way in table] + [n for n in headers if n.lower() == "authorization"]
    if len(ways) > 1:
        raise Invalid(f"{where}: {ways[0]} and {ways[1]} both mean Authorization; keep one")
    if ("user" in table) != ("password" in table):
        raise Invalid(f"{where}: user and password belong together")
    if "token" in table:
        headers["Authorization"] = "Bearer " + _value(table["token"], f"{where}: token")
    if "user" in table:
        pair = f"{_value(table['user'], f'{where}: user')}:{_value(table['password'], f'{where}: password')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return headers


def _value(value: object, where: str) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise Invalid(f"{where} must be a text of printable characters")
    return value
