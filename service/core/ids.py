"""How things get their ids: short hashes of what identifies them, so the same thing has the same id everywhere.

Nothing here may change after a release: feed readers, cursors and links remember these ids.
"""

from __future__ import annotations

import hashlib


def feed_id(url: str) -> str:
    """Return the id of the feed at `url`."""
    return "f-" + _hash(url)[:12]


def entry_id(feed_id: str, key: str) -> str:
    """Return the id of the entry that `feed_id` first showed under `key`."""
    return "e-" + _hash(feed_id, key)[:16]


def development_id(story: str, entry: str) -> str:
    """Return the id of the development of `story` that the entry `entry` was the first to report."""
    return "v-" + _hash(story, entry)[:12]


def regrouping_ids(story: str, kind: str, what: tuple[str, ...], after: int) -> tuple[str, str]:
    """Return the ids of the delta that tells of a regrouping and of the development that a split makes.

    `after` counts the editors' changes before it: the same order sent twice is one, but given anew later another.
    """
    name = _hash(story, kind, *what, str(after))
    return "d-" + name[:16], "v-" + name[:12]


def delta_id(story: str, entry: str, revision: int, kind: str) -> str:
    """Return the id of the delta that an entry revision made in `story`; `kind` tells several such deltas apart."""
    return "d-" + _hash(story, entry, str(revision), kind)[:16]


def _hash(*parts: str) -> str:
    # JSON feeds can carry lone surrogates (\ud800), which plain UTF-8 refuses; an id must never fail.
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
