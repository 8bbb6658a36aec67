"""The index of originals answers as a scan would, and forgets with memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.developments.copies import Originals
from service.core.developments.reports import COPY_WINDOW, Report, Words, first_copy

MONDAY = datetime(2025, 3, 3, 9, tzinfo=UTC)
BARE = Report(
    entry="e", revision=1, dated_at=MONDAY, lang="en", outlet=None, threads=("bases",), frames=(), polarity=(),
    core=frozenset(), entities=frozenset(), quantities={}, title_words=Words(), text_words=Words(),
)  # fmt: skip
# Few words, so that texts share many of them; sets up to 40 beside small ones, so that all rules of size come up.
WORDS = st.one_of(st.frozensets(st.integers(0, 50), max_size=40), st.frozensets(st.integers(0, 9), max_size=9))


@st.composite
def _reports(draw: st.DrawFn) -> list[Report]:
    """Return reports of which some are made of earlier ones by exchanging words."""
    made: list[Report] = []
    for number in range(draw(st.integers(2, 14))):
        words = draw(WORDS)
        is_made_over = draw(st.booleans())
        if made and is_made_over:
            words = draw(st.sampled_from(made)).text_words.as_set() ^ draw(
                st.frozensets(st.integers(0, 50), max_size=9)
            )
        made.append(
            replace(
                BARE,
                entry=f"e-{draw(st.integers(0, number))}",
                dated_at=MONDAY + timedelta(days=draw(st.integers(0, 20))),
                lang=draw(st.sampled_from(["en", "en", "zh"])),
                title_words=Words.of(draw(st.frozensets(st.integers(0, 4), max_size=5))),
                text_words=Words.of(words),
                numbers=draw(st.sampled_from([frozenset[int](), frozenset({1}), frozenset({2})])),
                duplicate_of=draw(st.sampled_from([None, None, None, "e-0"])),
                retracted=draw(st.sampled_from([False, False, False, True])),
            )
        )
    return made


@settings(max_examples=400)
@given(reports=_reports())
def test_the_index_finds_what_a_scan_finds(reports: list[Report]) -> None:
    originals, kept = Originals(), list[Report]()
    for report in reports:
        scanned = first_copy(report, (r for r in kept if r.duplicate_of is None and not r.retracted))

        assert originals.first_copied(report) is scanned

        kept.append(report)
        originals.add(report)
        while report.dated_at - kept[0].dated_at > 2 * COPY_WINDOW:
            originals.drop(kept.pop(0))


def test_what_was_dropped_is_found_no_more() -> None:
    words = Words.of(range(30))
    first, second = (replace(BARE, entry=entry, text_words=words) for entry in ("a", "b"))
    copy = replace(BARE, entry="c", text_words=words)
    originals = Originals()
    originals.add(first)
    originals.add(replace(first, entry="x", duplicate_of="a"))
    originals.add(second)

    assert originals.first_copied(copy) is first
    originals.drop(first)
    assert originals.first_copied(copy) is second
    originals.drop(replace(first, entry="x", duplicate_of="a"))  # was never an original: nothing to forget
    assert originals.first_copied(copy) is second
    originals.drop(second)
    assert originals.first_copied(copy) is None
