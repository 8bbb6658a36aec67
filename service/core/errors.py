"""One tree of errors. `code` is stable and machine-readable; messages name the object and the remedy."""

from __future__ import annotations


class ServiceError(Exception):
    """Base of all errors the service raises on purpose."""

    code = "internal"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(ServiceError):
    """Input that breaks a rule: a file, a setting, a request."""

    code = "invalid"


class InvalidDocument(Invalid):
    """A document with faults; each has its place: keys and indexes from the root."""

    def __init__(self, faults: tuple[tuple[tuple[int | str, ...], str], ...]) -> None:
        super().__init__("; ".join(f"{place_text(place)}: {message}" for place, message in faults))
        self.faults = faults


def place_text(place: tuple[int | str, ...]) -> str:
    """Return a place in a document for people: `entities[0].names`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text or "the file"


class NotFound(ServiceError):
    """The named object does not exist."""

    code = "not_found"


class Conflict(ServiceError):
    """The request fights with the present state."""

    code = "conflict"


class CursorInvalid(ServiceError):
    """A cursor that is garbage or was made for other filters."""

    code = "cursor_invalid"


class CursorGone(ServiceError):
    """A cursor from another epoch of the ledger, or for a pruned position."""

    code = "cursor_gone"

    def __init__(self, message: str, oldest_cursor: str) -> None:
        super().__init__(message)
        self.oldest_cursor = oldest_cursor


class ParseError(ServiceError):
    """Bytes that are not a feed, or that could not be read within the limits."""

    code = "parse_error"


class StorageError(ServiceError):
    """The store could not answer."""

    code = "storage_unavailable"


class Stale(ServiceError):
    """Another process has committed since what this commit rests on was read; nothing was written.

    To be repeated from the beginning, or dropped.
    """

    code = "stale"


class StoreLocked(StorageError):
    """Another process already writes to this SQLite file; `address` is where it answers HTTP, if it does."""

    code = "store_locked"

    def __init__(self, message: str, address: str | None = None) -> None:
        super().__init__(message)
        self.address = address
