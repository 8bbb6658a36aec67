"""Text files of operators, authors and editors: UTF-8, with or without the mark that some programs put first."""

from __future__ import annotations

import zlib
from pathlib import Path

from service.core.errors import Invalid

ENCODING = "utf-8-sig"  # reads both
UNREADABLE = (OSError, EOFError, zlib.error, UnicodeDecodeError)  # what reading text, also compressed, may raise


def read_text(path: Path) -> str:
    r"""Return the text of a file; all its ends of lines are `\n`.

    Raises:
        Invalid: It cannot be read or is not UTF-8; the message names the file and the cause.
    """
    try:
        return path.read_text(encoding=ENCODING)
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> Invalid:
    """Return what to say when reading a file raised one of `UNREADABLE`."""
    if isinstance(error, UnicodeDecodeError):
        return Invalid(f"{path}: cannot be read: byte {error.start} is not UTF-8; save it as UTF-8")
    if isinstance(error, OSError) and error.strerror:
        return Invalid(f"{path}: cannot be read ({error.strerror})")
    return Invalid(f"{path}: cannot be read ({error})")  # what gzip says
