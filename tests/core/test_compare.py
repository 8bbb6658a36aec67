"""What a follow-up adds or changes: told item after item, as a story would tell them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import an_entry
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.compare import compare, has_marker
from service.core.memory import StoryMemory
from service.core.model import Comparison, Delta, DeltaType, Entry, Outcome
from service.core.rules import Rules

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
WIRE = (
    "A Russian freighter took military equipment out of the naval base at Tartus on Sunday night, two people working "
    "in the harbour said, and sailed west along the coast with its lights switched off."
)
WIRE_TITLE = "Russian freighter takes equipment out of Tartus naval base"
KILLED = "Three Russian soldiers killed at Khmeimim air base"
LEAVES = "Russia withdraws its crews from Khmeimim air base"


class Desk:
    """One story told item after item."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.story = rules.stories["assad-exit"]
        self.memory = StoryMemory(self.story)

    def read(self, entry: Entry) -> Comparison:
        told = {self.story.id} if entry.revision > 1 else set[str]()
        [decision] = self.rules.judge(entry, told=told)
        assert decision.relevant, entry.title
        reading = self.rules.read(self.story, entry, anyway=True)
        assert reading is not None
        rules = self.rules.compare[self.story.id]
        comparison = compare(decision, entry, reading, self.memory, rules, entry.seen_at)
        self.memory.apply(comparison)
        return comparison

    def tell(
        self, key: str, title: str, summary: str = "", *, days: float = 0, lang: str = "en", outlet: str = "Agency One"
    ) -> Comparison:
        at = MONDAY + timedelta(days=days)
        return self.read(
            an_entry(
                key,
                title=title,
                summary=summary,
                lang=lang,
                outlet=outlet,
                published_at=at,
                first_seen_at=at,
                seen_at=at,
            )
        )

    def revise(self, key: str, revision: int, title: str, summary: str = "") -> Comparison:
        seen = MONDAY + timedelta(hours=revision)
        return self.read(
            an_entry(
                key,
                revision=revision,
                title=title,
                summary=summary,
                outlet="Agency One",
                published_at=MONDAY,
                first_seen_at=MONDAY,
                seen_at=seen,
            )
        )


@pytest.fixture
def desk(rules: Rules) -> Desk:
    return Desk(rules)


def _told(comparison: Comparison) -> Delta:
    assert comparison.delta is not None
    return comparison.delta


def _is_repeat(comparison: Comparison) -> bool:
    return comparison.delta is None and comparison.decision.outcome is Outcome.REPEAT


# --- first reports, repeats, copies -----------------------------------------------------------


def test_the_first_report_is_a_delta_and_the_next_a_repeat(desk: Desk) -> None:
    first = desk.tell("a", LEAVES, "Witnesses saw convoys on the coast road.")
    again = desk.tell("b", "Russian crews leave Khmeimim air base", "Trucks drove off.", days=0.2, outlet="Paper Two")

    assert _told(first).first_report
    assert _is_repeat(again)
    assert again.decision.development == first.decision.development
    assert again.decision.duplicate_of is None
    assert again.development is not None
    assert again.development.reports == 2
    assert again.development.outlets == ("Agency One", "Paper Two")
    assert len(again.development.origins) == 2


def test_a_copy_names_the_first_of_its_copies_and_adds_no_origin(desk: Desk) -> None:
    first = desk.tell("a", WIRE_TITLE, WIRE)
    second = desk.tell("b", f"{WIRE_TITLE} - Paper Two", f"(Agency One) {WIRE}", days=0.1, outlet="Paper Two")
    third = desk.tell("c", WIRE_TITLE, WIRE.replace("two people", "two men"), days=0.2, outlet="Paper Three")

    assert second.decision.duplicate_of == third.decision.duplicate_of == first.decision.entry
    assert second.decision.origin == third.decision.origin == first.decision.origin
    assert _is_repeat(second)
    assert third.development is not None
    assert third.development.reports == 3
    assert third.development.origins == (first.decision.origin,)


def test_a_copy_stays_a_copy_through_a_small_edit(desk: Desk) -> None:
    first = desk.tell("a", WIRE_TITLE, WIRE)
    desk.tell("b", WIRE_TITLE, WIRE, outlet="Paper Two")
    edited = desk.revise("b", 2, WIRE_TITLE, f"{WIRE} More follows.")

    assert _is_repeat(edited)
    assert edited.decision.duplicate_of == first.decision.entry


def test_the_same_in_another_language_is_a_repeat(desk: Desk) -> None:
    first = desk.tell("a", LEAVES)
    again = desk.tell("b", "Россия выводит войска с авиабазы Хмеймим", days=0.2, lang="ru", outlet="Газета")

    assert _is_repeat(again)
    assert again.decision.development == first.decision.development


def test_the_same_meeting_a_quarter_later_is_another_one(desk: Desk) -> None:
    first = desk.tell("a", "Putin receives Sharaa in Moscow", "They spoke for an hour.")
    second = desk.tell("b", "Putin receives Sharaa in Moscow", "They spoke for an hour.", days=95)

    assert _told(second).first_report
    assert second.decision.development != first.decision.development


# --- facts ------------------------------------------------------------------------------------


def test_a_fact_changes_once_in_the_same_way(desk: Desk) -> None:
    first = _told(desk.tell("a", "Putin has met Assad in Moscow", "The two men spoke for an hour."))
    again = desk.tell("b", "Putin met Assad at a villa in Moscow", "Guests saw them.", days=90, outlet="Paper Two")

    assert first.type is DeltaType.STATUS_CHANGE
    assert [change.fact for change in first.changes] == ["putin-meeting"]
    assert "putin-meeting" not in {change.fact for change in _told(again).changes if change.stance != "confirms"}


def test_a_denial_contradicts_a_development_once(desk: Desk) -> None:
    reported = _told(desk.tell("a", "Assad was poisoned in Moscow", "He was taken to hospital."))
    denied = _told(desk.tell("b", "Kremlin denies that Assad was poisoned", "Peskov called it untrue.", days=1))
    again = desk.tell("c", "Kremlin denies once more that Assad was poisoned", "It is a lie, Peskov said.", days=1.5)

    assert denied.type is DeltaType.CONTRADICTION
    assert denied.development == reported.development
    assert denied.changes[0].after.startswith("Denied: ")
    assert again.delta is None or again.delta.type is not DeltaType.CONTRADICTION


def test_a_figure_that_differs_changes_the_value_and_a_new_one_updates(desk: Desk) -> None:
    desk.tell("a", "Drones attack Khmeimim air base", "Explosions were heard overnight.")
    update = _told(desk.tell("b", KILLED, "The attack came at night.", days=0.5, outlet="Paper Two"))
    change = desk.tell(
        "c", "Five Russian soldiers killed in attack on Khmeimim air base", "More died later.", days=1, outlet="Three"
    )

    assert update.type is DeltaType.UPDATE
    assert not update.first_report
    assert _told(change).type is DeltaType.VALUE_CHANGE
    assert "5 soldiers, not 3 soldiers" in _told(change).reason


def test_the_first_voice_on_the_record_confirms(desk: Desk) -> None:
    desk.tell("a", "Russia moves aircraft from Khmeimim, people familiar with the matter say")
    confirmed = _told(
        desk.tell(
            "b",
            "Lavrov confirms that Russia has moved aircraft from Khmeimim",
            "It was planned long ago, he said.",
            days=0.5,
            outlet="Paper Two",
        )
    )

    assert confirmed.type in {DeltaType.CONFIRMATION, DeltaType.UPDATE, DeltaType.STATUS_CHANGE}
    assert confirmed.origin == "lavrov"
    assert not confirmed.first_report


# --- revisions --------------------------------------------------------------------------------


def test_a_trivial_revision_is_a_repeat(desk: Desk) -> None:
    first = desk.tell("a", KILLED, "Gunmen fired at the gate.")
    edited = desk.revise("a", 2, KILLED + ".", "Gunmen fired at the gate!")

    assert _is_repeat(edited)
    assert edited.decision.development == first.decision.development
    assert edited.development is not None
    assert edited.development.reports == 1


def test_a_corrected_figure_is_a_correction_that_supersedes(desk: Desk) -> None:
    first = _told(desk.tell("a", KILLED, "Gunmen fired at the gate."))
    corrected = _told(desk.revise("a", 2, f"CORRECTED: {KILLED}".replace("Three", "Two"), "Gunmen fired at the gate."))

    assert corrected.type is DeltaType.CORRECTION
    assert corrected.supersedes == first.id
    assert "3 soldiers → 2 soldiers" in corrected.reason
    assert corrected.line.startswith("Corrected: ")


def test_a_figure_changed_in_silence_is_a_value_change(desk: Desk) -> None:
    first = _told(desk.tell("a", KILLED, "Gunmen fired at the gate."))
    changed = _told(desk.revise("a", 2, KILLED.replace("Three", "Four"), "Gunmen fired at the gate."))

    assert changed.type is DeltaType.VALUE_CHANGE
    assert changed.supersedes == first.id


def test_a_withdrawal_is_told_once_and_later_polls_resurrect_nothing(desk: Desk) -> None:
    first = _told(desk.tell("a", KILLED, "Gunmen fired at the gate."))
    withdrawn = _told(desk.revise("a", 2, f"WITHDRAWN: {KILLED}", "The report was wrong."))
    later = [
        desk.revise("a", 3, f"WITHDRAWN: {KILLED}", "The report was wrong, the agency said."),
        desk.revise("a", 4, KILLED, "Gunmen fired at the gate."),
        desk.revise("a", 5, KILLED.replace("Three", "Nine"), "Gunmen fired at the gate."),
        desk.tell("z", KILLED, "Gunmen fired at the gate.", days=1, outlet="Late Paper"),
    ]

    assert withdrawn.type is DeltaType.RETRACTION
    assert withdrawn.supersedes == first.id
    assert "withdraws from" not in withdrawn.line
    assert all(_is_repeat(comparison) for comparison in later)


def test_a_revision_that_tells_of_another_fact_is_told(desk: Desk) -> None:
    desk.tell("a", "Moscow shelters Assad", "Neighbours have seen him in Moscow.")
    revised = desk.revise("a", 2, "Putin has met Assad in Moscow", "Neighbours have seen the cars.")

    assert "putin-meeting" in {change.fact for change in _told(revised).changes}


def test_another_entry_that_withdraws_a_report_supersedes_its_delta(desk: Desk) -> None:
    first = _told(desk.tell("a", KILLED, "Gunmen fired at the gate."))
    notice = _told(
        desk.tell("b", "WITHDRAWN: Soldiers dead at Khmeimim base", "The agency takes its night story back.", days=0.1)
    )

    assert notice.type is DeltaType.RETRACTION
    assert notice.supersedes == first.id
    assert notice.development == first.development


def test_two_outlets_notices_of_one_headline_are_one_retraction(desk: Desk) -> None:
    told = _told(desk.tell("a", "Assad poisoned in Moscow, hospital source says", "He is in a critical state."))
    notice = "WITHDRAWN: Assad poisoned in Moscow, hospital source says"
    first = _told(desk.tell("b", notice, "This report has been withdrawn.", days=0.1, outlet="Agency Two"))
    again = desk.tell("c", notice, "This report has been withdrawn.", days=0.2, outlet="Agency Three")

    assert (first.type, first.supersedes) == (DeltaType.RETRACTION, told.id)
    assert _is_repeat(again)


def test_a_report_rests_on_the_publisher_it_names(desk: Desk) -> None:
    comparison = desk.tell("a", "Russia withdraws its crews from Khmeimim air base, Reuters reports", outlet="Paper")

    assert comparison.decision.origin in {"reuters", "paper"}


def test_a_revision_that_tells_of_another_event_is_told(desk: Desk) -> None:
    first = desk.tell("a", LEAVES, "Witnesses saw convoys on the coast road to the port.")
    update = desk.revise("a", 2, "Israel attacks Khmeimim air base", "Witnesses saw convoys on the coast road.")

    assert _told(update).type in {DeltaType.UPDATE, DeltaType.NEW_DEVELOPMENT}
    assert _told(update).supersedes == _told(first).id
    assert update.decision.development == first.decision.development


def test_a_marker_counts_only_where_it_marks(rules: Rules) -> None:
    def marked(title: str, summary: str = "") -> bool:
        reading = rules.read(rules.stories["assad-exit"], an_entry(title=title, summary=summary), anyway=True)
        assert reading is not None
        return has_marker(reading, "withdrawn")

    assert marked("WITHDRAWN: Ships leave Tartus")
    assert marked("Withdrawn - Ships leave Tartus")
    assert marked("[WITHDRAWN] Ships leave Tartus")
    assert marked("Ships at Tartus", "This report has been withdrawn.")
    assert not marked("Withdrawn ships dock at Tartus")
    assert not marked("Ships are WITHDRAWN from Tartus")
    assert not marked("Ships at Tartus", "Crews were withdrawn.")


# --- promises of every delta ------------------------------------------------------------------

SENTENCES = (
    LEAVES,
    KILLED,
    "Putin has met Assad in Moscow",
    "Kremlin denies that Russia is leaving Khmeimim air base",
    "Syria demands that Moscow hand over Assad",
    "Assad was poisoned in Moscow",
    "Россия выводит войска с авиабазы Хмеймим",
    "روسيا تسحب قواتها من قاعدة حميميم",
    "俄罗斯从赫梅米姆基地撤军",
    WIRE_TITLE,
)


@settings(max_examples=40, deadline=None)
@given(picks=st.lists(st.tuples(st.sampled_from(SENTENCES), st.integers(0, 3), st.integers(0, 400)), max_size=8))
def test_every_delta_keeps_its_promises(rules: Rules, picks: list[tuple[str, int, int]]) -> None:
    desk, ids, clock = Desk(rules), set[str](), 0
    for number, (title, extra, hours) in enumerate(picks):
        clock += hours
        summary = ("", WIRE, KILLED + ". " + LEAVES + ".", "x" * 700)[extra]
        comparison = desk.tell(f"k{number}", title, summary, days=clock / 24, outlet=f"Paper {number % 3}")
        assert comparison.decision.novelty is not None
        assert 0 <= comparison.decision.novelty <= 1
        assert comparison.decision.development
        delta = comparison.delta
        if delta is None:
            assert comparison.decision.novelty <= 0.25
            continue
        assert delta.novelty > 0.25
        assert delta.id not in ids
        ids.add(delta.id)
        assert delta.line[0].isupper() or delta.line[0].isdigit()  # "3 killed"
        assert "  " not in delta.line
        for quote in delta.added:
            text = title if quote.span.field == "title" else summary
            assert text[quote.span.start : quote.span.end] == quote.quote
        if comparison.decision.duplicate_of is not None:
            original = desk.memory.by_entry[comparison.decision.duplicate_of]
            assert original.duplicate_of is None


def test_the_same_items_give_the_same_deltas(rules: Rules) -> None:
    def told() -> list[Delta | None]:
        desk = Desk(rules)
        return [desk.tell(f"k{i}", title, days=i).delta for i, title in enumerate(SENTENCES)]

    assert told() == told()


def test_a_repeat_is_less_new_than_a_first_report(desk: Desk) -> None:
    first = desk.tell("a", LEAVES, "Witnesses saw convoys.")
    copy = desk.tell("b", LEAVES, "Witnesses saw convoys.", days=0.1, outlet="Paper Two")
    other = desk.tell("c", "Russian crews leave Khmeimim air base", "Trucks and cars.", days=0.2, outlet="Paper Three")
    novelty = [comparison.decision.novelty or 0.0 for comparison in (copy, other, first)]

    assert novelty == sorted(novelty)
    assert novelty[0] < novelty[1] < novelty[2]


def test_a_long_sentence_is_quoted_to_a_word(desk: Desk) -> None:
    title = LEAVES + " and" + " then some more" * 40
    delta = _told(desk.tell("a", title))

    assert len(delta.added[0].quote) <= 400
    assert title.startswith(delta.added[0].quote)
    assert title[len(delta.added[0].quote)] == " "


def test_a_long_sentence_without_spaces_is_cut(desk: Desk) -> None:
    delta = _told(desk.tell("a", "俄罗斯从赫梅米姆基地撤军" + "的" * 500, lang="zh"))

    assert len(delta.added[0].quote) == 400


def test_an_item_without_events_is_told_by_its_subject(desk: Desk) -> None:
    delta = _told(desk.tell("a", "Khmeimim air base: a portrait of Russia's bases in Syria"))

    assert delta.line[0].isupper()
    assert delta.entities


def test_what_tells_nothing_is_neither_told_nor_grouped_beside_what_is_open(desk: Desk) -> None:
    told = desk.tell("a", LEAVES)
    asked = desk.tell("b", "What next for Russia's base at Khmeimim?", days=6)

    assert _is_repeat(asked)
    assert asked.decision.development != told.decision.development


def test_a_promise_below_a_headline_that_repeats_is_told_once(desk: Desk) -> None:
    desk.tell("a", "Putin receives Syria's Sharaa in the Kremlin")
    lead = "Sharaa said that Syria will honour its agreements with Russia."
    promised = desk.tell("b", "Syria's Sharaa meets Putin in Moscow", lead, days=0.2, outlet="Paper Two")
    again = desk.tell("c", "Putin and Sharaa meet in Moscow", lead, days=0.4, outlet="Paper Three")

    assert _told(promised).type is DeltaType.UPDATE
    assert "stand by agreements with Russia" in _told(promised).line
    assert _is_repeat(again)


def test_a_plan_that_comes_about_updates_its_development(desk: Desk) -> None:
    planned = desk.tell("a", "Sharaa to meet Putin in Moscow on Wednesday")
    done = desk.tell("b", "Putin meets Sharaa in Moscow", days=1, outlet="Paper Two")

    assert _told(planned).type is DeltaType.NEW_DEVELOPMENT
    assert _told(done).type is DeltaType.UPDATE
    assert done.decision.development == planned.decision.development


def test_an_item_without_an_outlet_rests_on_its_feed(desk: Desk, rules: Rules) -> None:
    entry = an_entry("a", title=LEAVES, outlet=None, published_at=MONDAY, first_seen_at=MONDAY, seen_at=MONDAY)
    comparison = desk.read(entry)

    assert comparison.decision.origin == entry.feed_id.casefold()
    assert _told(comparison).reason.split(". ")[1].startswith("A feed reports it")
    assert rules.compare["assad-exit"].rules_version == _told(comparison).rules_version


def test_comparing_changes_no_memory(desk: Desk) -> None:
    desk.tell("a", LEAVES)
    entry = an_entry("b", title=KILLED, published_at=MONDAY, first_seen_at=MONDAY, seen_at=MONDAY)
    [decision] = desk.rules.judge(entry)
    reading = desk.rules.read(desk.story, entry, anyway=True)
    assert reading is not None
    twice = [
        compare(decision, entry, reading, desk.memory, desk.rules.compare[desk.story.id], MONDAY)
        for _ in itertools.repeat(None, 2)
    ]

    assert twice[0] == twice[1]
    assert replace(twice[0].decision, novelty=None) == replace(twice[1].decision, novelty=None)


def test_a_letter_a_comment_and_a_second_flight_are_no_news(desk: Desk) -> None:
    letter = desk.tell("a", "Putin's statement to Syria's new president Sharaa", "It backs stability in Syria.")
    _told(desk.tell("b", "Putin receives Sharaa in the Kremlin", "Russia's bases in Syria are on the table.", days=1))
    comment = desk.tell("c", "Why Sharaa's trip to Moscow matters", "The visit to the Kremlin counts.", days=2)
    _told(desk.tell("d", "Thousands flee to Russian base in Syria", "They camp outside.", days=20))
    again = desk.tell("e", "Families find shelter at Khmeimim air base", "Tents stand there.", days=21)

    assert (letter.delta, comment.delta, again.delta) == (None, None, None)


def test_who_asks_next_confirms_no_fact(desk: Desk) -> None:
    _told(desk.tell("a", "Germany calls on Russia to leave its bases in Syria", ""))
    second = _told(desk.tell("b", "France calls on Russia to withdraw from Syria, Reuters reports", "", days=40))

    assert second.type is DeltaType.NEW_DEVELOPMENT
    assert second.changes == ()
