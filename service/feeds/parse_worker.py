"""The process that parses: reads documents on standard input, writes values on standard output, until the input ends.

Started by `parse_pool.py`. It holds no secret and no socket, and the kernel bounds its memory and processor time:
a hostile document can only kill this process. JSON in both directions, since an answer must not be able to do more
than be read.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from service.core.errors import ParseError
from service.feeds.document import Document, document_from, document_to

if TYPE_CHECKING:
    from collections.abc import Mapping

LENGTH: Final = struct.Struct("!II")  # of the head and of the body, in bytes


def request(body: bytes, headers: Mapping[str, str], url: str) -> bytes:
    """Return one request as bytes."""
    head = json.dumps({"url": url, "content-type": headers.get("content-type", "")}).encode()
    return LENGTH.pack(len(head), len(body)) + head + body


def read_answer(head: bytes, body: bytes) -> tuple[Document, int]:
    """Return the document and the memory the worker holds, in bytes.

    Raises:
        ParseError: What the worker raised.
    """
    answer = json.loads(head)
    if "code" in answer:
        error = ParseError(answer["message"])
        error.code = answer["code"]
        raise error
    return document_from(json.loads(body)), answer["resident_bytes"]


def serve(source: BinaryIO, sink: BinaryIO, cpu_limit_s: int) -> None:
    """Answer requests until the input ends."""
    from service.feeds.parse import read_document

    while head := source.read(LENGTH.size):
        head_length, body_length = LENGTH.unpack(head)
        asked = json.loads(source.read(head_length))
        body = source.read(body_length)
        _limit_cpu(cpu_limit_s)
        answer: dict[str, Any]
        document = b""
        try:
            document = json.dumps(document_to(read_document(body, asked, asked["url"]))).encode()
            answer = {"resident_bytes": _resident_bytes()}
        except ParseError as error:
            answer = {"code": error.code, "message": error.message}
        encoded = json.dumps(answer).encode()
        sink.write(LENGTH.pack(len(encoded), len(document)) + encoded + document)
        sink.flush()


def main() -> None:
    """Run the worker; arguments are the limits of memory (bytes) and of processor time a document (seconds)."""
    memory_limit, cpu_limit_s = int(sys.argv[1]), int(sys.argv[2])
    import service.feeds.parse  # noqa: F401 - before the limits, so that a small one fails documents, not the start

    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)  # it writes to a pipe only
    if memory_limit and sys.platform.startswith("linux"):  # macOS refuses or ignores it
        _limit(resource.RLIMIT_AS, memory_limit)
    serve(sys.stdin.buffer, sys.stdout.buffer, cpu_limit_s)


def _limit(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (soft, hard))


def _limit_cpu(seconds: int) -> None:
    # The limit counts the whole life of the process, so it moves on with every document.
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds + 1)


def _resident_bytes() -> int:
    # Not ru_maxrss: after fork and exec it starts with the memory of our parent.
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):  # not Linux
        return 0
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
