"""Content encodings: which one a client gets, and the bytes in it."""

from __future__ import annotations

import asyncio
import gzip
import importlib
import re
from typing import Any

_SMALLEST_COMPRESSED = 600  # below, headers outweigh the saving
_OFF_LOOP_BYTES = 200_000
_UNSAID = 0.001  # plain bytes are acceptable where nothing is said of them
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def _module(*names: str) -> Any:
    """Return the first module there is: encodings besides gzip are optional for packagers."""
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


_brotli = _module("brotli")
_zstd = _module("compression.zstd", "backports.zstd")  # the standard library has it from Python 3.14 on
# Where a client likes several equally, the smallest wins: on a feed of 50 KB, br beats zstd by a tenth, both beat gzip.
OFFERED = (*(("br",) if _brotli else ()), *(("zstd",) if _zstd else ()), "gzip")


def best_encoding(accepted: str, length: int) -> str | None:
    """Return the content coding for a client, None for none.

    Args:
        accepted: Its Accept-Encoding. A `*` asks for nothing by name, and so gets none, unless plain bytes are refused.
        length: Of the bytes; few are not worth compressing.

    Source: RFC 9110 §12.5.3. Where nothing that is offered is acceptable, plain bytes are better than a 406.
    """
    if not accepted:
        return None
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, rest = part.strip().partition(";")
        weights[name.strip()] = _quality(rest)
    any_other = weights.get("*", 0.0)
    plain = weights.get("identity", any_other if "*" in weights else _UNSAID)
    if length < _SMALLEST_COMPRESSED and plain > 0:
        return None
    liked = {name: weights.get(name, 0.0 if plain > 0 else any_other) for name in OFFERED}
    best = max(OFFERED, key=lambda name: liked[name])
    return best if liked[best] > 0 and liked[best] >= weights.get("identity", 0.0) else None


def _quality(parameters: str) -> float:
    """Return the q-value of a coding, 0..1; one that cannot be read refuses it."""
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0 if not parameters.strip() else 0.0
    found = _QUALITY.fullmatch(value.strip())
    return float(found[0]) if found else 0.0


async def compressed(body: bytes, encoding: str) -> bytes:
    """Return the bytes in an encoding of OFFERED; long ones are compressed off the event loop."""
    if len(body) > _OFF_LOOP_BYTES:
        return await asyncio.to_thread(_compressed, body, encoding)
    return _compressed(body, encoding)


def _compressed(body: bytes, encoding: str) -> bytes:
    squeezed: bytes
    match encoding:
        case "br":
            squeezed = _brotli.compress(body, quality=5)
        case "zstd":
            squeezed = _zstd.compress(body, 9)
        case _:
            squeezed = gzip.compress(body, compresslevel=6, mtime=0)
    return squeezed
