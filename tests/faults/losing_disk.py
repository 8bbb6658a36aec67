"""A disk that keeps only what it was told to keep: what the files look like after a power cut at any moment.

Until a file is synced, what was written to it may be on the disk in whole, in part (by sectors of 512 bytes, in any
order) or not at all; so may its being there, until its folder is synced. What was synced stays.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from faults.disk_record import DiskCall

_SECTOR: Final = 512


@dataclass(slots=True)
class _File:
    """A file: what is safe of it, and what was done to it since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[DiskCall] = field(default_factory=list)

    def sync(self) -> None:
        for call in self.since:
            _apply(self.safe, call)
        self.since.clear()

    def after(self, kept: float, chance: random.Random) -> bytes:
        """Return the content when each sector that is not safe is kept with some probability."""
        content = bytearray(self.safe)
        for call in self.since:
            _apply(content, call, lambda: chance.random() < kept)
        return bytes(content)


def _always() -> bool:
    return True


def _apply(content: bytearray, call: DiskCall, is_kept: Callable[[], bool] = _always) -> None:
    if call.kind == "truncate":
        if is_kept():
            del content[call.offset :]
            content.extend(bytes(call.offset - len(content)))
        return
    for begin in range(0, len(call.content), _SECTOR):
        if is_kept():
            part = call.content[begin : begin + _SECTOR]
            place = call.offset + begin
            content.extend(bytes(max(0, place - len(content))))
            content[place : place + len(part)] = part


@dataclass(slots=True)
class LosingDisk:
    """Files by name, as calls leave them."""

    lies: bool = False  # says that all is safe, and keeps nothing
    _names: dict[str, _File] = field(default_factory=dict)
    _safe_names: dict[str, _File] = field(default_factory=dict)

    def hold(self, path: str, content: bytes) -> None:
        """Have a file that was there before, safe."""
        self._names[path] = self._safe_names[path] = _File(safe=bytearray(content))

    def do(self, call: DiskCall) -> None:
        """Do what a call asks for."""
        match call.kind:
            case "create":
                self._names.setdefault(call.path, _File())
            case "write" | "truncate":
                self._names[call.path].since.append(call)
            case "rename":
                self._names[call.target] = self._names.pop(call.path)
            case "remove":
                self._names.pop(call.path, None)
            case "sync" if call.path in self._names:
                if not self.lies:
                    self._names[call.path].sync()
            case "sync":  # of a folder
                if self.lies:
                    return
                of_folder = {name: file for name, file in self._names.items() if _folder(name) == call.path}
                others = {name: file for name, file in self._safe_names.items() if _folder(name) != call.path}
                self._safe_names = others | of_folder

    def after_cut(self, chance: random.Random) -> dict[str, bytes]:
        """Return the files after a power cut now: with nothing that is not safe, with half of it, or with nearly all."""
        kept = 0.0 if self.lies else chance.choice((0.0, 0.0, 0.5, 0.9, 1.0))
        names = self._safe_names if chance.random() >= kept else self._names
        return {name: file.after(kept, chance) for name, file in names.items()}

    def whole(self) -> dict[str, bytes]:
        """Return the files as programs see them."""
        return {name: file.after(1.0, random.Random(0)) for name, file in self._names.items()}


def _folder(name: str) -> str:
    return str(PurePath(name).parent)
