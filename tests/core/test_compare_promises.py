"""What holds of every comparison, whatever is told: offsets, ids, novelty, and the same again from the same items."""

from __future__ import annotations

import itertools
from dataclasses import replace

from builders import an_entry
from core.comparing import KILLED, LEAVES, MONDAY, WIRE, WIRE_TITLE, Desk, told
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.deltas.compare import compare
from service.core.model import Delta
from service.core.rules import Rules

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
    delta = told(desk.tell("a", title))

    assert len(delta.added[0].quote) <= 400
    assert title.startswith(delta.added[0].quote)
    assert title[len(delta.added[0].quote)] == " "


def test_a_long_sentence_without_spaces_is_cut(desk: Desk) -> None:
    delta = told(desk.tell("a", "俄罗斯从赫梅米姆基地撤军" + "的" * 500, lang="zh"))

    assert len(delta.added[0].quote) == 400


def test_an_item_without_an_outlet_rests_on_its_feed(desk: Desk, rules: Rules) -> None:
    entry = an_entry("a", title=LEAVES, outlet=None, published_at=MONDAY, first_seen_at=MONDAY, seen_at=MONDAY)
    comparison = desk.read(entry)

    assert comparison.decision.origin == entry.feed_id.casefold()
    assert told(comparison).reason.split(". ")[1].startswith("A feed reports it")
    assert rules.compare["assad-exit"].rules_version == told(comparison).rules_version


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
