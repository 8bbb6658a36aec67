"""A report: the compact form of a follow-up that later comparisons need, and how alike two reports are.

A report is stored with its decision as JSON (`trace`), so a restarted process remembers what the last one knew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from service.core.model import Event
from service.core.text import fold, words

# Copies are looked for in this window; a wire is re-run within days.
COPY_WINDOW = timedelta(days=7)
# Of the shorter text's words that the longer must hold: with a fifth of the words exchanged, a credit and a cut, a
# short wire keeps this much. What tells copies from twins is not this but names and numbers (tests/quality/test_copies).
_COPY_SHARE = 0.62
_COPY_SHARE_SHORT, _SHORT = 0.7, 16  # of texts with fewer words, which share more by chance
_COPY_LEAST = 7  # words; shorter texts must be the same
_KEPT_WORDS = 120
MEANING_LENGTH = 300  # code points of the text that are encoded with the title: what the event is stands there
# Chinese and Japanese give character pairs, of which any two texts on one subject share more.
_COPY_SHARE_PAIRS = 0.82


@lru_cache(maxsize=50_000)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big")


def word_hashes(text: str) -> frozenset[int]:
    """Return 32-bit hashes of a text's words, the first 120 different ones; short function words are left out."""
    kept: dict[int, None] = {}
    for word in words(fold(text)):
        if len(word) >= 3 or word.isdigit() or not word.isascii():
            kept[_hash(word)] = None
            if len(kept) == _KEPT_WORDS:
                break
    return frozenset(kept)


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
    title_words: frozenset[int]
    text_words: frozenset[int]
    development: str = ""
    origin: str = ""
    duplicate_of: str | None = None
    delta: str | None = None
    retracted: bool = False
    on_record: bool = False
    denies: bool = False  # it denies what its development reports
    numbers: frozenset[int] = frozenset()
    meaning: tuple[int, ...] = ()  # of title and first words, as the optional encoder gives it; empty without

    def to_json(self) -> str:
        """Return the stored form."""
        return json.dumps(
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
                "title_words": sorted(self.title_words),
                "text_words": sorted(self.text_words),
                "development": self.development,
                "origin": self.origin,
                "duplicate_of": self.duplicate_of,
                "delta": self.delta,
                "retracted": self.retracted,
                "on_record": self.on_record,
                "denies": self.denies,
                "numbers": sorted(self.numbers),
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )

    def as_stored(self) -> Report:
        """Return the report as `from_json` reads it back: units are kept in order of their names."""
        return replace(self, quantities=dict(sorted(self.quantities.items()))) if len(self.quantities) > 1 else self

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
                "title_words": frozenset(row["title_words"]),
                "text_words": frozenset(row["text_words"]),
                "numbers": frozenset(row.get("numbers", ())),
                "meaning": tuple(row.get("meaning", ())),
            }
        )


def frame(event: Event) -> str:
    """Return an event's frame: what is done, by whom, to what; two who talk with each other meet, by whatever verb."""
    action = event.action.removeprefix("plan_to_")  # that it is a plan is its polarity
    action = "meet" if action == "negotiate" and event.actor and event.target else action
    return f"{action}|{event.actor or ''}|{event.target or ''}"


def polarity(event: Event) -> str:
    """Return how an event is meant: done, not done, denied, or only planned, possible or demanded."""
    if event.modality == "denied":
        return "?"
    if event.negated:
        return "-"
    return "!" if event.modality in {"planned", "possible", "demanded"} else "+"


def containment(a: frozenset[int], b: frozenset[int]) -> float:
    """Return the share of the smaller set that the larger holds, 0..1."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


def likeness_of_meaning(a: tuple[int, ...], b: tuple[int, ...]) -> float | None:
    """Return the cosine of two meanings, -1..1; None where the encoder has not seen one of them."""
    if not a or len(a) != len(b):
        return None
    norms = math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / norms if norms else None


def _each_has_its_own(a: AbstractSet[object], b: AbstractSet[object]) -> bool:
    return not (a <= b or b <= a)


def _copy_share(shorter: int, lang: str) -> float:
    if lang in {"zh", "ja"}:
        return _COPY_SHARE_PAIRS
    return _COPY_SHARE_SHORT if shorter < _SHORT else _COPY_SHARE


def least_common(shorter: int, lang: str) -> int:
    """Return how many of a text's words every longer copy of it holds; 1 where `is_copy` knows no share."""
    return max(1, math.ceil(_copy_share(shorter, lang) * shorter - 1e-9))


def is_copy(a: Report, b: Report) -> bool:
    """Say whether two reports are one text: exact or near copies within the window, numbers agreeing."""
    if a.lang != b.lang or abs(a.dated_at - b.dated_at) > COPY_WINDOW:
        return False
    if any(b.quantities.get(unit, value) != value for unit, value in a.quantities.items()):
        return False
    if _each_has_its_own(a.numbers, b.numbers) or _each_has_its_own(a.entities, b.entities):
        return False  # the 12th and the 13th package; one base and another
    if a.title_words == b.title_words and len(a.title_words) >= 4:
        return True
    if min(len(a.text_words), len(b.text_words)) < _COPY_LEAST:
        return a.text_words == b.text_words
    longer, shorter = max(len(a.text_words), len(b.text_words)), min(len(a.text_words), len(b.text_words))
    share = _copy_share(shorter, a.lang)
    # a short text inside a long one on the same subject is no copy: a headline alone shares most of its words
    return containment(a.text_words, b.text_words) >= share and shorter * 3 >= longer


def first_copy(report: Report, earlier: Iterable[Report]) -> Report | None:
    """Return the first of the earlier reports that this one copies; never a copy itself, so no chains."""
    for other in earlier:
        if other.entry != report.entry and is_copy(report, other):
            return other
    return None
