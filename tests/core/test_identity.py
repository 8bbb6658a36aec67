"""Which items are one entry, which a revision of it, and which new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.core.model import Feed, KnownEntry, ParsedEntry, ParsedFeed
from service.core.polls.identity import EntryDecision, all_keys, content_hash, decide_entries, identify, split_outlet

NOON = datetime(2024, 12, 16, 12, tzinfo=UTC)
FEED = Feed(id="f-1", url="https://news.test/rss", title="Test news", lang="en", pole="western", first_success_at=NOON)


def an_item(**fields: Any) -> ParsedEntry:
    values: dict[str, Any] = {
        "guid": "g1",
        "url": "https://news.test/a",
        "title": "Bridge closed",
        "summary": "For a day.",
    }
    return ParsedEntry(**{**values, **fields})


def a_document(*items: ParsedEntry) -> ParsedFeed:
    return ParsedFeed(title="Test news", lang="en", entries=items)


class Ledger:
    """What the store does with decisions: enough to poll again and again."""

    def __init__(self) -> None:
        self.known: dict[str, KnownEntry] = {}
        self.now = NOON

    def poll(self, *items: ParsedEntry, feed: Feed = FEED) -> EntryDecision:
        parsed = a_document(*items)
        self.now += timedelta(minutes=15)
        found = identify(parsed.entries)
        asked = {key: self.known[key] for key in all_keys(found) if key in self.known}
        decided = decide_entries(parsed, found, asked, feed, self.now)
        for write in decided.writes:
            entry = write.entry
            after = KnownEntry(
                id=entry.id,
                revision=entry.revision,
                content_hash=write.content_hash,
                first_seen_at=entry.first_seen_at,
                backlog=entry.backlog,
            )
            self.known = {key: after if old.id == entry.id else old for key, old in self.known.items()}
            self.known |= dict.fromkeys(write.keys, after)
        by_id = {entry.id: entry for entry in self.known.values()}
        self.known |= {key: by_id[entry_id] for key, entry_id in decided.keys}
        return decided


def counts(decided: EntryDecision) -> tuple[int, int]:
    return decided.new_count, decided.revised_count


def test_an_item_seen_twice_is_one_entry() -> None:
    ledger = Ledger()
    assert counts(ledger.poll(an_item())) == (1, 0)
    assert counts(ledger.poll(an_item())) == (0, 0)


def test_an_edited_text_is_a_revision_of_the_same_entry() -> None:
    ledger = Ledger()
    first = ledger.poll(an_item()).writes[0].entry
    second = ledger.poll(an_item(title="Bridge closed for two days")).writes[0].entry
    assert (second.id, second.revision) == (first.id, 2)
    assert second.first_seen_at == first.first_seen_at
    assert second.seen_at > first.seen_at


def test_a_text_that_returns_to_an_earlier_one_is_a_revision_too() -> None:
    ledger = Ledger()
    ledger.poll(an_item())
    ledger.poll(an_item(summary="For two days."))
    assert ledger.poll(an_item()).writes[0].entry.revision == 3


def test_a_new_date_link_tracking_or_spacing_alone_is_no_revision() -> None:
    ledger = Ledger()
    ledger.poll(an_item(published_at=NOON))
    again = an_item(
        published_at=NOON + timedelta(hours=1), url="http://www.news.test/a/?utm_source=rss", summary=" For  a day.\n"
    )
    assert counts(ledger.poll(again)) == (0, 0)


def test_a_version_suffix_on_the_guid_does_not_make_a_new_entry() -> None:
    ledger = Ledger()
    ledger.poll(an_item(guid="https://news.test/c1#0", url=None))
    assert counts(ledger.poll(an_item(guid="https://news.test/c1#1", url=None, title="Bridge open"))) == (0, 1)


def test_a_number_that_tells_two_items_apart_is_not_a_version() -> None:
    ledger = Ledger()
    page = [an_item(guid=f"https://news.test/live#{n}", url=None, title=f"Post {n}") for n in (1, 2, 3)]
    assert counts(ledger.poll(*page)) == (3, 0)
    assert counts(ledger.poll(*page)) == (0, 0)


def test_items_that_share_a_link_stay_apart() -> None:
    ledger = Ledger()
    page = [an_item(guid=None, url="https://news.test/live", title=f"Minute {n}") for n in (1, 2, 3)]
    assert counts(ledger.poll(*page)) == (3, 0)
    assert counts(ledger.poll(*reversed(page))) == (0, 0)


def test_items_that_share_a_guid_stay_apart_by_their_links() -> None:
    ledger = Ledger()
    page = [an_item(guid="0", url=f"https://news.test/{n}", title="Same headline") for n in (1, 2)]
    assert counts(ledger.poll(*page)) == (2, 0)
    assert counts(ledger.poll(*page)) == (0, 0)


def test_items_that_share_guid_and_link_stay_apart_by_their_text() -> None:
    ledger = Ledger()
    page = [an_item(guid="0", title=f"Headline {n}") for n in (1, 2)]
    assert counts(ledger.poll(*page)) == (2, 0)
    assert counts(ledger.poll(*page)) == (0, 0)


def test_an_item_repeated_word_for_word_in_a_document_is_one_entry() -> None:
    ledger = Ledger()
    assert counts(ledger.poll(an_item(), an_item())) == (1, 0)
    assert counts(ledger.poll(an_item(), an_item())) == (0, 0)


def test_the_front_page_as_link_identifies_nothing() -> None:
    ledger = Ledger()
    ledger.poll(an_item(guid=None, url="https://news.test/", title="One"))
    assert counts(ledger.poll(an_item(guid=None, url="https://news.test/", title="Two"))) == (1, 0)


def test_a_guid_that_changes_at_every_poll_gives_one_entry() -> None:
    ledger = Ledger()
    for n in range(4):
        ledger.poll(an_item(guid=f"churn-{n}"))
    assert len({known.id for known in ledger.known.values()}) == 1


def test_guid_and_link_that_both_change_give_one_entry() -> None:
    ledger = Ledger()
    for n in range(4):
        ledger.poll(an_item(guid=f"churn-{n}", url=f"https://news.test/r/{n}", outlet="Wire", published_at=NOON))
    assert len({known.id for known in ledger.known.values()}) == 1


def test_a_headline_that_returns_another_day_is_a_new_entry() -> None:
    ledger = Ledger()
    ledger.poll(an_item(guid="1", url="https://news.test/1", title="Morning briefing", published_at=NOON))
    later = NOON + timedelta(days=1)
    again = an_item(guid="2", url="https://news.test/2", title="Morning briefing", published_at=later)
    assert counts(ledger.poll(again)) == (1, 0)


def test_an_undated_headline_that_returns_with_another_text_is_a_new_entry() -> None:
    ledger = Ledger()
    ledger.poll(an_item(guid="1", url="https://news.test/1", title="Morning briefing", summary="Fog."))
    again = an_item(guid="2", url="https://news.test/2", title="Morning briefing", summary="Sun.")
    assert counts(ledger.poll(again)) == (1, 0)


def test_a_link_that_changes_under_one_guid_is_remembered() -> None:
    ledger = Ledger()
    ledger.poll(an_item(guid="1", url="https://news.test/old"))
    ledger.poll(an_item(guid="1", url="https://news.test/new"))
    assert counts(ledger.poll(an_item(guid="2", url="https://news.test/new"))) == (0, 0)


def test_two_items_with_a_claim_to_one_entry_do_not_turn_it_back_and_forth() -> None:
    ledger = Ledger()
    ledger.poll(an_item(guid="A", url="https://news.test/x", title="One"))
    page = [
        an_item(guid="A", url="https://news.test/y", title="One"),
        an_item(guid="B", url="https://news.test/x", title="Two"),
    ]
    assert counts(ledger.poll(*page)) == (1, 0)
    for _ in range(10):
        page.reverse()
        assert counts(ledger.poll(*page)) == (0, 0)


def test_an_entry_that_appears_twice_under_its_old_keys_stays_one() -> None:
    ledger = Ledger()
    ledger.poll(an_item(guid="A", url="https://news.test/x"))
    page = [an_item(guid="A", url=None), an_item(guid=None, url="https://news.test/x")]
    assert counts(ledger.poll(*page)) == (0, 0)


def test_a_telegram_post_is_one_entry_with_and_without_the_channel_in_its_link() -> None:
    ledger = Ledger()
    ledger.poll(an_item(guid="https://t.me//12", url="https://t.me//12", title="Ship seen off the coast"))
    later = an_item(guid="https://t.me/kanal/12", url="https://t.me/kanal/12", title="Ship seen off the north coast")
    assert counts(ledger.poll(later)) == (0, 1)


def test_telegram_numbers_of_two_channels_are_not_mixed_up() -> None:
    page = [an_item(guid=None, url=f"https://t.me/{name}/12", title=name) for name in ("one", "two")]
    assert not set(identify(page)[0].keys) & set(identify(page)[1].keys)


def test_an_item_without_guid_link_and_text_is_left_out() -> None:
    assert identify([an_item(guid=None, url=None, title=" ", summary="")]) == ()


def test_a_very_long_guid_makes_a_short_key() -> None:
    assert all(len(key) <= 300 for key in all_keys(identify([an_item(guid="x" * 4000)])))


def test_what_comes_with_the_first_successful_poll_is_backlog_for_good() -> None:
    ledger = Ledger()
    assert ledger.poll(an_item(), feed=replace(FEED, first_success_at=None)).writes[0].entry.backlog
    assert ledger.poll(an_item(title="Edited")).writes[0].entry.backlog
    assert not ledger.poll(an_item(guid="g2", url="https://news.test/b", title="Ferry runs")).writes[0].entry.backlog


def test_a_date_more_than_an_hour_ahead_is_clamped_and_flagged() -> None:
    soon, late = NOON + timedelta(minutes=70), NOON + timedelta(days=2)
    for published, expected in ((soon, (soon, False)), (late, (NOON + timedelta(minutes=15), True))):
        entry = Ledger().poll(an_item(published_at=published)).writes[0].entry
        assert (entry.published_at, entry.clamped) == expected


def test_language_pole_and_outlet_come_from_the_item_or_else_the_feed() -> None:
    own = Ledger().poll(an_item(lang="uk", outlet="Wire")).writes[0].entry
    assert (own.lang, own.outlet, own.pole) == ("uk", "Wire", "western")
    other = Ledger().poll(an_item()).writes[0].entry
    assert (other.lang, other.outlet) == ("en", "Test news")
    untitled = Ledger().poll(an_item(), feed=replace(FEED, title="", lang=None)).writes[0].entry
    assert (untitled.lang, untitled.outlet) == ("en", "Test news")
    nameless = Ledger().poll(an_item(), feed=replace(FEED, title=FEED.url)).writes[0].entry
    assert nameless.outlet == "Test news", "an address is nobody's name"


def test_a_google_news_title_names_the_outlet_when_the_source_is_missing() -> None:
    google = replace(FEED, url="https://news.google.com/rss/search?q=x")
    assert Ledger().poll(an_item(title="Bridge closed - The Wire"), feed=google).writes[0].entry.outlet == "The Wire"
    assert Ledger().poll(an_item(), feed=google).writes[0].entry.outlet == "Test news"


def test_the_outlet_tail_of_a_title_is_split_off_only_when_it_is_one() -> None:
    assert split_outlet("Bridge closed - Wire", "Wire") == "Bridge closed"
    assert split_outlet("Bridge closed", "Wire") == "Bridge closed"
    assert split_outlet(" - Wire", "Wire") == " - Wire"
    assert split_outlet("Bridge - closed", None) == "Bridge - closed"


def test_the_oldest_item_of_a_document_is_appended_first() -> None:
    page = [an_item(guid=str(n), url=None, title=f"T{n}") for n in (3, 2, 1)]
    assert [write.entry.title for write in Ledger().poll(*page).writes] == ["T1", "T2", "T3"]


def test_text_that_differs_has_another_hash_and_composition_makes_no_difference() -> None:
    assert content_hash("a", "b") != content_hash("ab", "")
    assert content_hash("caf\u00e9", "") == content_hash("cafe\u0301", "")


short = st.sampled_from(
    ["", "a", "b", "https://news.test/", "https://news.test/a", "https://news.test/a#1", "https://t.me//1"]
)
items = st.builds(
    ParsedEntry,
    guid=st.none() | short,
    url=st.none() | short,
    title=short,
    summary=short,
    outlet=st.none() | st.just("Wire"),
    published_at=st.none() | st.just(NOON),
)


@given(st.lists(items, max_size=6))
def test_polling_the_same_document_again_changes_nothing(page: list[ParsedEntry]) -> None:
    ledger = Ledger()
    ledger.poll(*page)
    again = ledger.poll(*page)
    assert (again.writes, again.keys) == ((), ())


@given(st.lists(st.lists(items, max_size=4), max_size=5))
def test_no_document_gives_an_entry_two_revisions_or_a_key_to_two_entries(pages: list[list[ParsedEntry]]) -> None:
    ledger = Ledger()
    for page in pages:
        decided = ledger.poll(*page)
        ids = [write.entry.id for write in decided.writes]
        keys = [key for write in decided.writes for key in write.keys] + [key for key, _ in decided.keys]
        assert len(ids) == len(set(ids))
        assert len(keys) == len(set(keys))


def numbered(number: int, **fields: Any) -> ParsedEntry:
    values = {"guid": f"g-{number}", "url": f"https://news.test/{number}", "title": f"Headline {number}"}
    return an_item(**values | fields)


def on_new_software(number: int, **fields: Any) -> ParsedEntry:
    """The same item with another guid, link, date and teaser."""
    return numbered(
        number,
        **{"guid": f"https://new.test/?p={number}", "url": f"https://new.test/{number}", "summary": "Read on."}
        | fields,
        published_at=NOON + timedelta(days=9, minutes=number),
    )


def test_a_feed_that_changes_all_its_ids_at_once_brings_no_entry_twice() -> None:
    ledger = Ledger()
    first = ledger.poll(*[numbered(n) for n in range(10)])
    moved = ledger.poll(*[on_new_software(n) for n in range(2, 12)])
    assert moved.new_count == 2  # 10 and 11, which it had not shown before
    ids = {write.entry.id for write in first.writes}
    assert {write.entry.id for write in moved.writes if write.entry.revision == 2} < ids
    assert counts(ledger.poll(*[on_new_software(n) for n in range(2, 12)])) == (0, 0)
    seen = {write.entry.id: write.entry.first_seen_at for write in (*first.writes, *moved.writes)}
    assert all(seen[write.entry.id] == write.entry.first_seen_at for write in moved.writes)


def test_headlines_that_return_in_few_items_are_new_entries() -> None:
    ledger = Ledger()
    ledger.poll(*[numbered(n) for n in range(10)])
    mostly_new = [on_new_software(n) for n in range(7)] + [on_new_software(n) for n in range(20, 23)]
    assert ledger.poll(*mostly_new).new_count == 10
    short = Ledger()
    short.poll(*[numbered(n) for n in range(3)])
    assert short.poll(*[on_new_software(n) for n in range(3)]).new_count == 3


def test_a_feed_that_shrinks_flaps_or_reorders_brings_nothing_new() -> None:
    ledger = Ledger()
    everything = [numbered(n) for n in range(12)]
    ledger.poll(*everything)
    for part in (everything[:3], everything, [], everything[::-1], everything[5:], everything):
        assert counts(ledger.poll(*part)) == (0, 0)


def test_what_is_redated_to_1970_or_far_ahead_stays_the_same_entry() -> None:
    ledger = Ledger()
    (write,) = ledger.poll(an_item(published_at=None)).writes
    for date in (NOON, NOON + timedelta(days=400), None):
        assert counts(ledger.poll(an_item(published_at=date))) == (0, 0)
    (edit,) = ledger.poll(an_item(title="Bridge open", published_at=NOON + timedelta(days=400))).writes
    assert edit.entry.first_seen_at == write.entry.first_seen_at
    assert edit.entry.clamped
