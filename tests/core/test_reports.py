"""Reports: what memory keeps of a follow-up, and which of them are one text."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from builders import word_hashes
from hypothesis import given
from hypothesis import strategies as st

from service.core.developments.reports import (
    COPY_WINDOW,
    Report,
    Words,
    bare_title,
    containment,
    first_copy,
    frame,
    is_copy,
    polarity,
)
from service.core.model import Event

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
WIRE = (
    "A grey freighter left the northern quay before sunrise with eleven lorries on its deck, two harbour workers "
    "said, and turned west along the coast without lights. Nobody in the port office would say where it was bound, "
    "and calls to the shipping line went unanswered until late in the evening."
)
TITLE = "Freighter carries lorries away from the northern quay"
NAMES = st.text("abcdef-|", max_size=8)
HASHES = st.frozensets(st.integers(0, 2**32 - 1), max_size=6).map(Words.of)


def _report(title: str = TITLE, text: str = WIRE, **over: object) -> Report:
    values: dict[str, object] = {
        "entry": "e-1",
        "revision": 1,
        "dated_at": NOON,
        "lang": "en",
        "outlet": None,
        "threads": ("bases",),
        "frames": (),
        "polarity": (),
        "core": frozenset(),
        "entities": frozenset(),
        "quantities": {},
        "title_words": word_hashes(title),
        "text_words": word_hashes(f"{title} {text}"),
    }
    return Report(**values | over)  # type: ignore[arg-type]


@given(
    report=st.builds(
        Report,
        entry=NAMES,
        revision=st.integers(1, 99),
        dated_at=st.datetimes(timezones=st.just(UTC)),
        lang=NAMES,
        outlet=st.none() | st.text(max_size=10),
        threads=st.lists(NAMES, max_size=3).map(tuple),
        frames=st.lists(NAMES, max_size=3).map(tuple),
        polarity=st.lists(st.sampled_from("+-?!"), max_size=3).map(tuple),
        core=st.frozensets(NAMES, max_size=3),
        entities=st.frozensets(NAMES, max_size=3),
        quantities=st.dictionaries(NAMES, st.integers(0, 10**9), max_size=3),
        title_words=HASHES,
        text_words=HASHES,
        development=NAMES,
        origin=st.text(max_size=10),
        duplicate_of=st.none() | NAMES,
        delta=st.none() | NAMES,
        retracted=st.booleans(),
        on_record=st.booleans(),
    )
)
def test_a_report_comes_back_from_json_as_it_went(report: Report) -> None:
    assert Report.from_json(report.to_json()) == report == report.kept()
    assert Report.from_json(report.to_json()).to_json() == report.to_json()
    assert list(report.kept().quantities.items()) == list(Report.from_json(report.to_json()).quantities.items())


@pytest.mark.parametrize(
    ("title", "outlet", "bare"),
    [
        ("Ships sail - The Harbour Post", None, "Ships sail"),
        ("Ships sail | Harbour Post", None, "Ships sail"),
        ("Ships sail – Harbour", None, "Ships sail"),
        ("Ships sail — Harbour", None, "Ships sail"),
        ("Ships sail · Harbour", None, "Ships sail"),
        ("Корабли ушли - Портовая газета", None, "Корабли ушли"),
        ("Ships sail - News of the Great Northern Harbour", "News of the great northern harbour", None),
        ("Ships sail - and with them the last of the crews go home", None, None),
        ("  Ships sail  ", None, "Ships sail"),
        ("Anti-ship net", None, "Anti-ship net"),
        (" - Harbour Post", None, "- Harbour Post"),
        ("", None, ""),
    ],
)
def test_a_title_loses_the_outlet_at_its_end(title: str, outlet: str | None, bare: str | None) -> None:
    assert bare_title(title, outlet) == (bare if bare is not None else (title if outlet is None else "Ships sail"))


@given(title=st.text(max_size=60))
def test_a_bare_title_is_a_part_of_the_title(title: str) -> None:
    assert bare_title(title, None) in title


def _changed(text: str, share: float) -> str:
    words = text.split()
    step = max(1, round(1 / share))
    return " ".join(f"swap{i}" if i % step == step - 1 else word for i, word in enumerate(words))


@pytest.mark.parametrize("share", [0.03, 0.06, 0.09, 0.12])
@pytest.mark.parametrize("prefix", ["", "HARBOUR TOWN (Agency) - ", "URGENT. "])
@pytest.mark.parametrize("credit", ["", " Photo: archive.", " Read more at the Post."])
def test_a_wire_edited_a_little_is_still_a_copy(share: float, prefix: str, credit: str) -> None:
    copy = _report(f"Port: {TITLE}", prefix + _changed(WIRE, share) + credit, entry="e-2", dated_at=NOON)

    assert is_copy(_report(), copy)
    assert is_copy(copy, _report())


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Lorries wait at the northern quay for a second freighter",
            "Rows of lorries stood at the northern quay on Monday. A harbour worker expected a second ship that day.",
        ),
        ("Freighter seen off the coast", "A freighter passed the lighthouse at noon, heading west, fishermen said."),
        (
            "Shipping line denies that its freighter took lorries",
            "None of our ships called at the northern quay this week, the line said in a letter to the port office.",
        ),
    ],
)
def test_other_reports_on_the_subject_are_no_copies(title: str, text: str) -> None:
    assert not is_copy(_report(), _report(title, text, entry="e-2"))


def test_a_headline_alone_is_no_copy_of_the_long_text() -> None:
    assert not is_copy(_report(), _report("Freighter carries eleven lorries away from northern quay west", ""))


def test_numbers_that_disagree_make_no_copy() -> None:
    eleven, twelve = _report(quantities={"vehicles": 11}), _report(quantities={"vehicles": 12}, entry="e-2")

    assert not is_copy(eleven, twelve)
    assert is_copy(eleven, _report(quantities={"ships": 1}, entry="e-2"))


def test_a_copy_is_of_the_same_language_and_within_the_window() -> None:
    assert not is_copy(_report(), _report(lang="fr"))
    assert is_copy(_report(), _report(dated_at=NOON + COPY_WINDOW))
    assert not is_copy(_report(), _report(dated_at=NOON + COPY_WINDOW + timedelta(seconds=1)))


def test_short_texts_must_be_the_same() -> None:
    assert is_copy(_report("Ships sail", ""), _report("Ships sail!", ""))
    assert not is_copy(_report("Ships sail", ""), _report("Ships sail west", ""))


def test_the_same_full_title_is_enough() -> None:
    assert is_copy(_report(text="One thing."), _report(text="Another story altogether."))


def test_chinese_texts_share_pairs_and_need_more_of_them() -> None:
    wire = "一艘灰色货船黎明前离开北码头甲板上载有十一辆卡车两名港口工人说货船随后沿海岸向西航行"
    other = "两名港口工人说北码头星期一没有货船离开十一辆卡车仍停在岸边"

    assert is_copy(_report("货船离港", wire, lang="zh"), _report("货船离开港口", wire + "完", lang="zh"))
    assert not is_copy(_report("货船离港", wire, lang="zh"), _report("货船未离港", other, lang="zh"))


def test_the_first_of_the_copies_is_the_original_and_nothing_copies_itself() -> None:
    first, second, own = _report(entry="e-1"), _report(entry="e-2"), _report(entry="e-3")

    assert first_copy(own, [own, first, second]) == first
    assert first_copy(own, [own]) is None


@given(a=HASHES, b=HASHES)
def test_containment_is_a_symmetric_share(a: Words, b: Words) -> None:
    assert containment(a, b) == containment(b, a)
    assert 0 <= containment(a, b) <= 1
    assert containment(a, a) == (1 if a else 0)


def test_words_are_kept_up_to_a_limit_and_small_ones_left_out() -> None:
    assert word_hashes(" ".join(f"word{i}" for i in range(500))).size == 120
    assert word_hashes("to of in") == Words()
    assert word_hashes("Хмеймим, ХМЕЙМИМ") == word_hashes("хмеймим")
    assert word_hashes("7 у").size == 2


@pytest.mark.parametrize(
    ("over", "sign"),
    [
        ({}, "+"),
        ({"negated": True}, "-"),
        ({"modality": "denied", "negated": True}, "?"),
        ({"modality": "planned"}, "!"),
        ({"modality": "demanded"}, "!"),
        ({"modality": "confirmed"}, "+"),
    ],
)
def test_polarity_says_how_an_event_is_meant(over: dict[str, object], sign: str) -> None:
    event = dataclasses.replace(Event(action="withdraw", actor="russia"), **over)  # type: ignore[arg-type]

    assert polarity(event) == sign
    assert frame(event) == "withdraw|russia|"
