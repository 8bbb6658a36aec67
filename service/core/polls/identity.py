"""Which entries are new, which are edits, and which we have seen: everything about an item's identity.

Publishers change guids, links, dates and titles without notice, so an entry is known by several keys and the
strongest that is found wins. Dates never decide identity on their own, and text alone decides what an edit is.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from service.core.ids import entry_id
from service.core.model import Entry, EntryWrite, Feed, KnownEntry, ParsedEntry, ParsedFeed
from service.core.urls import fragment_of, is_home_page, link_key, telegram_post, without_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FUTURE_TOLERANCE: Final = timedelta(hours=1)  # CONTRACT §5.5
MIGRATION_SHARE: Final = 0.8  # of a document's items with new ids and known headlines: the feed has changed its ids
MIGRATION_LEAST: Final = 5  # items: in a shorter document that may be chance
MAX_KEY_CHARS: Final = 300  # longer keys are hashed


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """An entry with the keys by which it is recognised, strongest first."""

    entry: ParsedEntry
    keys: tuple[str, ...]
    content_hash: str
    headline: str | None  # a key that only counts when a whole feed has changed its ids; None where there is no title


class EntryDecision(NamedTuple):
    """What a poll's entries change."""

    writes: tuple[EntryWrite, ...]
    keys: tuple[tuple[str, str], ...]  # further (key, entry id) pairs of entries that did not change
    new_count: int
    revised_count: int


def content_hash(title: str, summary: str) -> str:
    """Return a fingerprint of an item's text; whitespace and Unicode composition make no difference.

    Dates, links and authors are not in it: a date-only or link-only change is no revision.
    """
    return _digest(_squeezed(title), _squeezed(summary))


def identify(entries: Sequence[ParsedEntry]) -> tuple[Identified, ...]:
    """Return the entries of one document with their keys, in document order.

    The ladder is guid, link, content: title and outlet. For entries that also have a stronger key the day belongs to
    the content, or the summary where there is no date, since headlines such as "Morning briefing" return. A guid or link that several entries of the document share
    identifies nothing alone: guid and link together may, else content does. An entry repeated word for word is
    kept once; one without any text or key is left out.
    """
    guids = _guid_keys(entries)
    links = _link_keys(entries)
    pairs = _unique([f"p:{guid} {link}" if guid and link else None for guid, link in zip(guids, links, strict=True)])
    posts = _telegram_keys(entries)
    own_guids, own_links = _unique(guids), _unique(links)
    strong = [
        tuple(key for key in candidates if key)
        for candidates in zip(own_guids, _where_shared(pairs, own_guids, own_links), own_links, posts, strict=True)
    ]
    contents = [
        _content_key(entry, dated=bool(keys)) if not _is_blank(entry) else None
        for entry, keys in zip(entries, strong, strict=True)
    ]
    shared = {key for key, uses in Counter(filter(None, contents)).items() if uses > 1}
    headlines = _unique([_headline_key(entry) for entry in entries])
    found: list[Identified] = []
    seen: set[str] = set()
    for entry, keys, content, headline in zip(entries, strong, contents, headlines, strict=True):
        if keys:
            mine = keys if content is None or content in shared else (*keys, content)
        elif content is not None and content not in seen:
            seen.add(content)
            mine = (content,)
        else:
            continue
        found.append(
            Identified(
                entry=entry,
                keys=tuple(_short(key) for key in mine),
                content_hash=content_hash(entry.title, entry.summary),
                headline=headline if keys else None,
            )
        )
    return tuple(found)


def all_keys(items: Sequence[Identified]) -> tuple[str, ...]:
    """Return every key to look up before `decide_entries`."""
    return tuple(dict.fromkeys(key for item in items for key in _with_headline(item)))


def decide_entries(
    parsed: ParsedFeed,
    items: Sequence[Identified],
    known: Mapping[str, KnownEntry],
    feed: Feed,
    now: datetime,
    *,
    backfill: bool = False,
) -> EntryDecision:
    """Return what to append and to remember after a poll.

    The last item of the document is appended first, since feeds list the newest first and the ledger is in order
    of arrival.

    Args:
        parsed: The document.
        items: Its entries as `identify` returns them.
        known: Key → entry for those keys of `all_keys(items)` that this feed has shown before.
        feed: The feed as it stood before this poll; without `first_success_at` what comes is backlog.
        now: Time of the poll, UTC.
        backfill: Nothing is backlog, also of a first poll.
    """
    is_backlog = feed.first_success_at is None and not backfill
    claims = _claims(items, known)
    _claim_by_headline(items, claims, known)
    writes: list[EntryWrite] = []
    remembered: list[tuple[str, str]] = []
    new_count = revised_count = 0
    for position in range(len(items) - 1, -1, -1):
        item, before = items[position], claims[position]
        unknown_keys = tuple(key for key in _with_headline(item) if key not in known)
        if before is None:
            if all(key in known for key in item.keys):
                continue  # all its keys belong to an entry that another item of this document stands for
            new_count += 1
            writes.append(_first_revision(item, unknown_keys, parsed, feed, now, is_backlog=is_backlog))
        elif before.content_hash != item.content_hash:
            revised_count += 1
            writes.append(_next_revision(item, unknown_keys, before, parsed=parsed, feed=feed, now=now))
        else:
            remembered.extend((key, before.id) for key in unknown_keys)
    return EntryDecision(tuple(writes), tuple(remembered), new_count, revised_count)


def split_outlet(title: str, outlet: str | None) -> str:
    """Return a Google News title without its tail ` - Outlet`."""
    tail = f" - {outlet}"
    return title[: -len(tail)].rstrip() if outlet and len(title) > len(tail) and title.endswith(tail) else title


# --- keys --------------------------------------------------------------------------------


def _guid_keys(entries: Sequence[ParsedEntry]) -> list[str | None]:
    bare = [_guid_key(without_version(entry.guid)) if entry.guid else None for entry in entries]
    uses = Counter(bare)
    # Where two versions of one guid, or two numbered posts of one page, stand together, the number is identity.
    return [
        key if key is None or uses[key] == 1 else _guid_key(entry.guid or "")
        for entry, key in zip(entries, bare, strict=True)
    ]


def _guid_key(guid: str) -> str | None:
    guid = guid.strip()
    if not guid or is_home_page(guid):
        return None
    address = link_key(guid)
    if address is None:
        return f"g:{guid}"
    part = fragment_of(guid)
    return f"g:{address}#{part}" if part else f"g:{address}"


def _link_keys(entries: Sequence[ParsedEntry]) -> list[str | None]:
    keys = [None if is_home_page(entry.url) else link_key(entry.url) for entry in entries]
    return [f"l:{key}" if key else None for key in keys]


def _telegram_keys(entries: Sequence[ParsedEntry]) -> list[str | None]:
    # RSSHub lost the channel's name for months (https://t.me//35123): within a feed of one channel the number will do.
    posts = [telegram_post(entry.url) for entry in entries]
    channels = {post[0] for post in posts if post and post[0]}
    if len(channels) > 1:
        return [None] * len(entries)
    return _unique([f"t:{post[1]}" if post else None for post in posts])


def _unique(keys: Iterable[str | None]) -> list[str | None]:
    keys = list(keys)
    uses = Counter(keys)
    return [key if key is not None and uses[key] == 1 else None for key in keys]


def _where_shared(
    pairs: Sequence[str | None], guids: Sequence[str | None], links: Sequence[str | None]
) -> list[str | None]:
    return [
        pair if guid is None or link is None else None for pair, guid, link in zip(pairs, guids, links, strict=True)
    ]


def _content_key(entry: ParsedEntry, *, dated: bool) -> str:
    text = _squeezed(split_outlet(entry.title, entry.outlet)) or _squeezed(entry.summary)
    outlet = _squeezed(entry.outlet or "")
    if not dated:
        return "c:" + _digest(text, outlet)
    day = entry.published_at.date().isoformat() if entry.published_at else _squeezed(entry.summary)
    return "d:" + _digest(text, outlet, day)


def _headline_key(entry: ParsedEntry) -> str | None:
    text = _squeezed(split_outlet(entry.title, entry.outlet))
    return "h:" + _digest(text, _squeezed(entry.outlet or "")) if text else None


def _with_headline(item: Identified) -> tuple[str, ...]:
    return item.keys if item.headline is None else (*item.keys, item.headline)


def _is_blank(entry: ParsedEntry) -> bool:
    return not entry.title.strip() and not entry.summary.strip()


@lru_cache(maxsize=512)  # a title is asked for four times, a summary twice
def _squeezed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _short(key: str) -> str:
    return key if len(key) <= MAX_KEY_CHARS else f"{key[:2]}#{_digest(key)}"


# --- decisions ---------------------------------------------------------------------------


def _claims(items: Sequence[Identified], known: Mapping[str, KnownEntry]) -> list[KnownEntry | None]:
    # Each known entry is claimed once, by the item with the strongest key to it: otherwise two items of one document
    # would turn an entry back and forth at every poll (lemon24/reader #340).
    claims: list[KnownEntry | None] = [None] * len(items)
    taken: set[str] = set()
    for rank in range(max((len(item.keys) for item in items), default=0)):
        for position, item in enumerate(items):
            if claims[position] is not None or rank >= len(item.keys):
                continue
            before = known.get(item.keys[rank])
            if before is not None and before.id not in taken:
                claims[position] = before
                taken.add(before.id)
    return claims


def _claim_by_headline(
    items: Sequence[Identified], claims: list[KnownEntry | None], known: Mapping[str, KnownEntry]
) -> None:
    """Let items claim entries by headline alone where nearly the whole document has new ids and old headlines.

    So a publisher's new software, with other guids, links and dates, brings no entry twice (lemon24/reader #322).
    """
    if len(items) < MIGRATION_LEAST:
        return
    taken = {before.id for before in claims if before is not None}
    mapped: dict[int, KnownEntry] = {}
    for position, item in enumerate(items):
        before = known.get(item.headline) if item.headline and claims[position] is None else None
        if before is not None and before.id not in taken:
            taken.add(before.id)
            mapped[position] = before
    if len(mapped) >= MIGRATION_SHARE * len(items):
        for position, before in mapped.items():
            claims[position] = before


def _first_revision(
    item: Identified, keys: tuple[str, ...], parsed: ParsedFeed, feed: Feed, now: datetime, *, is_backlog: bool
) -> EntryWrite:
    before = KnownEntry(
        id=entry_id(feed.id, keys[0]),
        revision=0,
        content_hash="",
        first_seen_at=now,
        backlog=is_backlog,
    )
    return _next_revision(item, keys, before, parsed=parsed, feed=feed, now=now)


def _next_revision(
    item: Identified, keys: tuple[str, ...], before: KnownEntry, *, parsed: ParsedFeed, feed: Feed, now: datetime
) -> EntryWrite:
    found = item.entry
    clamped = found.published_at is not None and found.published_at > now + FUTURE_TOLERANCE
    entry = Entry(
        id=before.id,
        revision=before.revision + 1,
        feed_id=feed.id,
        title=found.title,
        summary=found.summary,
        url=found.url,
        outlet=found.outlet or _outlet_in_title(found.title, feed) or named(feed, parsed).title or None,
        lang=found.lang or feed.lang or parsed.lang,
        pole=feed.pole,
        published_at=now if clamped else found.published_at,
        date_only=found.date_only and not clamped,
        clamped=clamped,
        first_seen_at=before.first_seen_at,
        seen_at=now,
        backlog=before.backlog,
    )
    return EntryWrite(entry=entry, keys=keys, content_hash=item.content_hash)


def named(feed: Feed, parsed: ParsedFeed) -> Feed:
    """Return a feed that nobody has named (its address stands for a name) under the name it gives itself."""
    nameless = not feed.title or feed.title.startswith(("http://", "https://"))
    return replace(feed, title=parsed.title) if nameless and parsed.title else feed


def _outlet_in_title(title: str, feed: Feed) -> str | None:
    if urlsplit(feed.url).hostname != "news.google.com":
        return None
    return title.rpartition(" - ")[2].strip() or None if " - " in title else None
