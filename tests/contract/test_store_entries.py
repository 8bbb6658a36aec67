"""What every Store promises about entries: stored once, found by every key, searched."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import (
    ENTRY,
    MINUTE,
    NOON,
    a_feed,
    a_poll,
    an_entry,
    an_entry_write,
)
from contract.saving import save_entries, spec, the_feed

from service.core.errors import StorageError
from service.ports import Store


async def test_an_entry_comes_back_as_it_was_saved_with_its_seq(store: Store) -> None:
    entry = an_entry(
        title="Хмеймим: «ушли»?\n\U0001f6a2", pole="east", published_at=None, date_only=True, clamped=True, backlog=True
    )
    assert await store.save_poll(a_poll(entry)) == 1
    assert await store.entry(entry.id) == replace(entry, seq=1)


async def test_an_entry_seen_twice_is_stored_once(store: Store) -> None:
    assert await store.save_poll(a_poll(an_entry(), an_entry("guid-2"))) == 2
    assert await store.save_poll(a_poll(an_entry(title="other text"), an_entry("guid-3"))) == 1
    assert [entry.seq for entry in await store.unmatched_entries("x", 10)] == sorted(
        entry.seq for entry in await store.unmatched_entries("x", 10)
    )
    stored = await store.entry(ENTRY)
    assert stored is not None
    assert stored.title == an_entry().title


async def test_a_poll_without_entries_saves_the_feed(store: Store) -> None:
    assert await store.save_poll(a_poll(feed=a_feed(polls=4), entries=())) == 0
    assert await store.feed(a_feed().id) == a_feed(polls=4)


async def test_revisions_are_all_kept_and_the_newest_is_the_default(store: Store) -> None:
    first, second = an_entry(), an_entry(revision=2, title="Navy leaves both harbours", seen_at=NOON + MINUTE)
    await store.save_poll(a_poll(first))
    await store.save_poll(a_poll(second))
    assert await store.revisions(ENTRY) == [replace(first, seq=1), replace(second, seq=2)]
    assert await store.entry(ENTRY) == replace(second, seq=2)
    assert await store.entry(ENTRY, 1) == replace(first, seq=1)
    assert await store.entry(ENTRY, 3) is None
    assert await store.entry("e-none") is None
    assert await store.revisions("e-none") == []


async def test_known_entries_answers_by_every_key_the_feed_has_shown(store: Store) -> None:
    await store.save_poll(a_poll(entries=(an_entry_write(an_entry(), keys=("guid-1", "https://x/1")),)))
    known = await store.known_entries(a_feed().id, ["guid-1", "https://x/1", "guid-9"])
    assert set(known) == {"guid-1", "https://x/1"}
    assert known["guid-1"] == known["https://x/1"]
    assert (known["guid-1"].id, known["guid-1"].revision, known["guid-1"].first_seen_at) == (ENTRY, 1, NOON)


async def test_keys_belong_to_their_feed(store: Store) -> None:
    await store.save_poll(a_poll(entries=(an_entry_write(keys=("1",)),)))
    await store.add_feeds([spec("other")], NOON)
    assert await store.known_entries((await the_feed(store, "other")).id, ["1"]) == {}


async def test_a_key_keeps_its_entry(store: Store) -> None:
    second = an_entry("guid-2")
    await store.save_poll(a_poll(entries=(an_entry_write(keys=("shared",)),)))
    await store.save_poll(a_poll(entries=(an_entry_write(second, keys=("shared", "own")),)))
    known = await store.known_entries(a_feed().id, ["shared", "own"])
    assert {key: entry.id for key, entry in known.items()} == {"shared": ENTRY, "own": second.id}


async def test_a_poll_can_add_keys_to_entries_already_known(store: Store) -> None:
    await store.save_poll(a_poll())
    await store.save_poll(a_poll(entries=(), keys=(("new key", ENTRY),)))
    assert (await store.known_entries(a_feed().id, ["new key"]))["new key"].id == ENTRY


async def test_a_known_entry_tells_the_hash_of_its_newest_stored_text(store: Store) -> None:
    first, second = an_entry(), an_entry(revision=2, title="new", first_seen_at=NOON + MINUTE, backlog=True)
    await store.save_poll(a_poll(first))
    await store.save_poll(a_poll(second))
    await store.save_poll(a_poll(an_entry(revision=2, title="told again with other text")))
    known = (await store.known_entries(a_feed().id, [ENTRY]))[ENTRY]
    assert (known.revision, known.content_hash) == (2, an_entry_write(second).content_hash)
    assert (known.first_seen_at, known.backlog) == (NOON, False)


async def test_a_poll_that_fails_half_way_leaves_nothing_behind(store: Store) -> None:
    broken = an_entry("guid-2", title="\ud800 cannot be stored")
    with pytest.raises(StorageError):
        await store.save_poll(a_poll(an_entry(), broken, feed=a_feed(polls=1)))
    assert await store.feed(a_feed().id) is None
    assert await store.entry(ENTRY) is None
    assert await store.save_poll(a_poll()) == 1


@pytest.mark.parametrize("query", ["NORTHERN", "Хмеймим", "ХМЕЙМИМ", "100%", "a_b", "last ships"])
async def test_search_finds_text_in_title_or_summary_whatever_its_case(store: Store, query: str) -> None:
    wanted = an_entry(title="northern 100% a_b", summary="The last ships left Хмеймим.")
    await store.save_poll(a_poll(wanted, an_entry("guid-2", title="1000 axb", summary="Nothing.")))
    assert [entry.id for entry in await store.search_entries(query, 0, 10)] == [wanted.id]


async def test_search_sees_newest_revisions_only(store: Store) -> None:
    await store.save_poll(a_poll(an_entry(title="old words")))
    await store.save_poll(a_poll(an_entry(revision=2, title="new words")))
    assert await store.search_entries("old words", 0, 10) == []
    assert [entry.revision for entry in await store.search_entries("new words", 0, 10)] == [2]


async def test_search_pages_ascending_and_visits_every_hit_once(store: Store) -> None:
    ids = await save_entries(store, 7)
    seen: list[str] = []
    after = 0
    while page := await store.search_entries("harbour", after, 3):
        seen += [entry.id for entry in page]
        after = page[-1].seq
    assert seen == ids
