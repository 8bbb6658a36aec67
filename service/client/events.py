"""Server-sent events: bytes into events, whatever pieces they come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.api.wire import DeltaOut


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedDelta:
    """A delta as it came, and the cursor to read on from."""

    cursor: str
    delta: DeltaOut


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerEvent:
    """One event; `id` is the last one sent, also by an earlier event."""

    id: str
    type: str
    data: str


@dataclass(slots=True)
class EventReader:
    """Collects pieces of a stream; keeps the last id and the wait the server asks for (WHATWG HTML, 9.2.6)."""

    last_id: str = ""
    retry_s: float | None = None
    _rest: bytes = b""
    _type: str = ""
    _data: list[str] = field(default_factory=list)

    def feed(self, piece: bytes) -> Iterator[ServerEvent]:
        """Yield the events that are complete with this piece."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            text = line.removesuffix(b"\r").decode("utf-8", "replace")
            if text:
                self._take(text)
            elif event := self._ended():
                yield event

    def restart(self) -> None:
        """Forget an event that was cut off: it comes again after a new connection."""
        self._rest, self._type, self._data = b"", "", []

    def _take(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "id" if "\0" not in value:
                self.last_id = value
            case "event":
                self._type = value
            case "data":
                self._data.append(value)
            case "retry" if value.isascii() and value.isdigit():
                self.retry_s = int(value) / 1000
            case _:
                pass  # comments and fields of the future

    def _ended(self) -> ServerEvent | None:
        kind, data = self._type, self._data
        self._type, self._data = "", []
        if not data:
            return None
        return ServerEvent(id=self.last_id, type=kind or "message", data="\n".join(data))
