"""Opaque cursors. One binds a position to its list, story, filters and ledger epoch.

Layout before base64url: version (1), epoch (6), story (4), filters (6), position (8), checksum (4).
Everything but the position is a hash: cursors stay short and say nothing worth parsing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from service.core.errors import CursorGone, CursorInvalid

_VERSION = b"\x01"
_LENGTH = 29
_OF_THE_PAST = 1 << 62
_NEWEST = (1 << 63) - 1
_NONE_OF_OURS = "this is not a cursor of this service; take one from `next_cursor`, or leave it out"
_FORM = re.compile(r"[A-Za-z0-9_-]{39}")


def _hash(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a cursor is bound to. `filters` are canonical (name, value) pairs, sorted by name."""

    listing: str  # "deltas", "decisions", …
    story: str
    epoch: str
    filters: tuple[tuple[str, str], ...] = ()

    def _head(self) -> tuple[bytes, bytes, bytes]:
        wanted = repr((self.listing, tuple(sorted(self.filters))))
        return _hash(self.epoch, 6), _hash(self.story, 4), _hash(wanted, 6)

    def encode(self, position: int) -> str:
        """Return the cursor that stands after `position`."""
        body = _VERSION + b"".join(self._head()) + position.to_bytes(8, "big")
        return base64.urlsafe_b64encode(body + hashlib.blake2b(body, digest_size=4).digest()).decode().rstrip("=")

    def decode(self, cursor: str, most: int = _NEWEST) -> int:
        """Return the position of a cursor made for this scope.

        Args:
            cursor: As the client sent it. Its checksum finds slips, not forgeries.
            most: The highest position there can be; by default the highest a store can count to.

        Raises:
            CursorInvalid: Garbage, or made for another list, story or other filters.
            CursorGone: Made before the ledger was restored.
        """
        raw = _unpack(cursor)
        epoch, story, wanted = self._head()
        if raw[7:11] != story or raw[11:17] != wanted:
            raise CursorInvalid("the cursor was made for another list or other filters; repeat the request without it")
        if raw[1:7] != epoch:
            raise CursorGone("the cursor is from before the ledger was restored", self.encode(0))
        position = int.from_bytes(raw[17:25], "big")
        if position > most:
            raise CursorInvalid(_NONE_OF_OURS)
        return position


def _unpack(cursor: str) -> bytes:
    if _FORM.fullmatch(cursor):
        try:
            raw = base64.urlsafe_b64decode(cursor + "=")
        except (binascii.Error, ValueError):  # pragma: no cover - the form above excludes it
            raw = b""
        body, check = raw[:-4], raw[-4:]
        if len(raw) == _LENGTH and raw[:1] == _VERSION and hashlib.blake2b(body, digest_size=4).digest() == check:
            return raw
    raise CursorInvalid(_NONE_OF_OURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetfulScope:
    """Cursors over a ledger whose old rows may be forgotten, all that led to nothing among them.

    A reader that has read on to a position misses what is forgotten behind it before the reader comes back. One that
    pages through what was kept of the past stands there, too, but has missed nothing: its cursors say so in a bit.
    """

    scope: Scope
    forgotten: int  # position up to which rows were forgotten

    def encode(self, position: int) -> str:
        """Return the cursor that stands after `position`."""
        return self.scope.encode(position | _OF_THE_PAST if position < self.forgotten else position)

    def decode(self, cursor: str) -> int:
        """Return the position of a cursor.

        Raises:
            CursorInvalid: Not a cursor for this list.
            CursorGone: Made before a restore, or what came after it may have been forgotten.
        """
        position = self.scope.decode(cursor)
        if position & _OF_THE_PAST:
            return position & ~_OF_THE_PAST
        if position < self.forgotten:
            raise CursorGone("what came after this cursor may have been forgotten; read what is kept", self.encode(0))
        return position
