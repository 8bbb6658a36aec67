"""A report: the compact form of a follow-up that later comparisons need, and how alike two reports are.

A report is stored with its decision as JSON (`trace`), so a restarted process remembers what the last one knew.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import TypeVar, cast

from service.core.language.folding import fold
from service.core.model import Event
from service.core.records import altered

# Copies are looked for in this window; a wire is re-run within days.
COPY_WINDOW = timedelta(days=7)
# Of the shorter text's words that the longer must hold: with a fifth of the words exchanged, a credit and a cut, a
# short wire keeps this much. What tells copies from twins is not this but names and numbers (tests/quality/test_copies).
_COPY_SHARE = 0.62
_COPY_SHARE_SHORT, _SHORT = 0.7, 16  # of texts with fewer words, which share more by chance
COPY_LEAST = 7  # words; shorter texts must be the same
TITLE_LEAST = 4  # words; of shorter titles two texts may have the same by chance
_KEPT_WORDS = 120
_KEPT_HASHES = 50_000
MEANING_LENGTH = 300  # code points of the text that are encoded with the title: what the event is stands there
# Chinese and Japanese give character pairs, of which any two texts on one subject share more.
_COPY_SHARE_PAIRS = 0.82


_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_Shared = TypeVar("_Shared", str, tuple[str, ...], frozenset[str], frozenset[int])


class Words(bytes):
    """A set of words: their 32-bit hashes in order, four bytes each, where a set would take some eighty."""

    __slots__ = ()

    @classmethod
    def of(cls, hashes: Iterable[int]) -> Words:
        """Pack hashes."""
        ordered = sorted(frozenset(hashes))
        return cls(_packing(len(ordered)).pack(*ordered))

    @property
    def size(self) -> int:
        """Return how many words there are."""
        return len(self) // 4

    def hashes(self) -> tuple[int, ...]:
        """Return the hashes, in order."""
        return _packing(len(self) // 4).unpack(self)

    def as_set(self) -> frozenset[int]:
        """Return the hashes as a set, which is kept for a while."""
        return unpacked(self)


@lru_cache(maxsize=256)
def _packing(size: int) -> struct.Struct:
    return struct.Struct(f"<{size}I")


@lru_cache(maxsize=1024)
def unpacked(words: Words) -> frozenset[int]:
    """Return the hashes of words as a set, which is kept for a while."""
    return frozenset(words.hashes())


class _Hashes(dict[str, int | None]):
    """The hash of a word, or None for one that is left out; fills itself."""

    def __missing__(self, word: str) -> int | None:
        if len(self) >= _KEPT_HASHES:
            self.clear()
        hashed = None
        if len(word) >= 3 or word.isdigit() or not word.isascii():
            hashed = int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big")
        self[word] = hashed
        return hashed


_HASHES = _Hashes()


def hashed(tokens: Iterable[str]) -> Words:
    """Return 32-bit hashes of folded words, of the first 120 different ones; short function words are left out."""
    kept = dict.fromkeys(map(_HASHES.__getitem__, tokens))
    kept.pop(None, None)
    ordered = sorted(islice(cast("Iterable[int]", kept), _KEPT_WORDS))
    return Words(_packing(len(ordered)).pack(*ordered))


def bare_title(title: str, outlet: str | None) -> str:
    """Return a title without the " - Outlet" ending of aggregators and wires."""
    for separator in (" - ", " – ", " — ", " | ", " · "):
        head, found, tail = title.rpartition(separator)
        if found and head and (len(tail.split()) <= 4 or (outlet and fold(tail) == fold(outlet))) and len(tail) <= 40:
            return head.strip()
    return title.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A follow-up as memory keeps it.

    Attributes:
        entry: Entry id; a later revision replaces an earlier one.
        dated_at: When it was published, else first seen.
        frames: "action|actor|target" of its events, the main one first.
        entities: Core and context entities it names directly.
        quantities: Unit → value.
        numbers: All figures and number words in title and summary, but for one.
        title_words, text_words: Hashes of the words of the title, and of title and summary.
    """

    entry: str
    revision: int
    dated_at: datetime
    lang: str
    outlet: str | None
    threads: tuple[str, ...]
    frames: tuple[str, ...]
    polarity: tuple[str, ...]  # of each frame: "+", "-" (negated), "?" (denied), "!" (planned, possible or demanded)
    core: frozenset[str]
    entities: frozenset[str]
    quantities: dict[str, int]
    title_words: Words
    text_words: Words
    development: str = ""
    origin: str = ""
    duplicate_of: str | None = None
    delta: str | None = None
    retracted: bool = False
    on_record: bool = False
    denies: bool = False  # it denies what its development reports
    numbers: frozenset[float] = frozenset()
    meaning: tuple[int, ...] = ()  # of title and first words, as the optional encoder gives it; empty without

    def to_json(self) -> str:
        """Return the stored form."""
        return _written(
            {
                **({"meaning": self.meaning} if self.meaning else {}),
                "entry": self.entry,
                "revision": self.revision,
                "dated_at": self.dated_at.isoformat(),
                "lang": self.lang,
                "outlet": self.outlet,
                "threads": self.threads,
                "frames": self.frames,
                "polarity": self.polarity,
                "core": sorted(self.core),
                "entities": sorted(self.entities),
                "quantities": self.quantities,
                "title_words": self.title_words.hashes(),
                "text_words": self.text_words.hashes(),
                "development": self.development,
                "origin": self.origin,
                "duplicate_of": self.duplicate_of,
                "delta": self.delta,
                "retracted": self.retracted,
                "on_record": self.on_record,
                "denies": self.denies,
                "numbers": sorted(self.numbers),
            }
        )

    def kept(self) -> Report:
        """Return the report as `from_json` reads it back, sharing with others what they have in common."""
        return altered(
            self,
            lang=_shared(self.lang),
            outlet=_shared(self.outlet) if self.outlet else self.outlet,
            threads=_shared(self.threads),
            frames=_shared(self.frames),
            polarity=_shared(self.polarity),
            core=_shared(self.core),
            entities=_shared(self.entities),
            quantities=_counted(tuple(sorted(self.quantities.items()))),
            development=_shared(self.development),
            origin=_shared(self.origin),
            duplicate_of=_shared(self.duplicate_of) if self.duplicate_of else self.duplicate_of,
            numbers=_shared(self.numbers),
        )

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Return the report that `to_json` stored."""
        row = json.loads(text)
        return cls(
            **{
                **row,
                "dated_at": datetime.fromisoformat(row["dated_at"]),
                "threads": tuple(row["threads"]),
                "frames": tuple(row["frames"]),
                "polarity": tuple(row["polarity"]),
                "core": frozenset(row["core"]),
                "entities": frozenset(row["entities"]),
                "title_words": Words.of(row["title_words"]),
                "text_words": Words.of(row["text_words"]),
                "numbers": frozenset(row.get("numbers", ())),
                "meaning": tuple(row.get("meaning", ())),
            }
        ).kept()


@lru_cache(maxsize=32_768)
def _shared(part: _Shared) -> _Shared:
    """Return the one of equal parts that is kept: thousands of reports have the same outlet, parties and kinds."""
    return part


@lru_cache(maxsize=4096)
def _counted(quantities: tuple[tuple[str, int], ...]) -> dict[str, int]:
    return dict(quantities)


_BY_TWO = {"negotiate": "meet"}


def frame(event: Event) -> str:
    """Return an event's frame: what is done, by whom, to what.

    Two words for one thing give one frame: two who negotiate meet. That something is a plan is its polarity, not its frame.
    """
    action = event.action.removeprefix("plan_to_")
    action = _BY_TWO.get(action, action) if event.actor and event.target else action
    return f"{action}|{event.actor or ''}|{event.target or ''}"


def polarity(event: Event) -> str:
    """Return how an event is meant: done, not done, denied, or only planned, possible or demanded."""
    if event.modality == "denied":
        return "?"
    if event.negated:
        return "-"
    return "!" if event.modality in {"planned", "possible", "demanded"} else "+"


def containment(a: Words, b: Words) -> float:
    """Return the share of the smaller set that the larger holds, 0..1."""
    smaller = min(a.size, b.size)
    return len(a.as_set() & b.as_set()) / smaller if smaller else 0.0


def likeness_of_meaning(a: tuple[int, ...], b: tuple[int, ...]) -> float | None:
    """Return the cosine of two meanings, -1..1; None where the encoder has not seen one of them."""
    if not a or len(a) != len(b):
        return None
    norms = math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / norms if norms else None


def _one_holds_other(a: AbstractSet[object], b: AbstractSet[object]) -> bool:
    return a <= b or b <= a


def _copy_share(shorter: int, lang: str) -> float:
    if lang in {"zh", "ja"}:
        return _COPY_SHARE_PAIRS
    return _COPY_SHARE_SHORT if shorter < _SHORT else _COPY_SHARE


def least_common(shorter: int, lang: str) -> int:
    """Return how many of a text's words every longer copy of it holds; 1 where `is_copy` knows no share."""
    return max(1, math.ceil(_copy_share(shorter, lang) * shorter - 1e-9))


def is_copy(a: Report, b: Report) -> bool:
    """Say whether two reports are one text: exact or near copies within the window, numbers agreeing."""
    if not (_one_holds_other(a.entities, b.entities) and _one_holds_other(a.numbers, b.numbers)):
        return False  # one base and another; the 12th and the 13th package
    if a.quantities and any(b.quantities.get(unit, value) != value for unit, value in a.quantities.items()):
        return False
    if a.lang != b.lang or abs(a.dated_at - b.dated_at) > COPY_WINDOW:
        return False
    if a.title_words == b.title_words and a.title_words.size >= TITLE_LEAST:
        return True
    shorter, longer = sorted((a.text_words.size, b.text_words.size))
    if shorter < COPY_LEAST:
        return a.text_words == b.text_words
    # a short text inside a long one on the same subject is no copy: a headline alone shares most of its words
    return shorter * 3 >= longer and containment(a.text_words, b.text_words) >= _copy_share(shorter, a.lang)


def first_copy(report: Report, earlier: Iterable[Report]) -> Report | None:
    """Return the first of the earlier reports that this one copies; never a copy itself, so no chains."""
    mine = report.entities
    for other in earlier:
        if not (mine <= other.entities or mine >= other.entities):
            continue  # as `is_copy` would find: most differ in this
        if other.entry != report.entry and is_copy(report, other):
            return other
    return None
