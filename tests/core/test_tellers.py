"""What is asked of those who told something is what a scan of all would find."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from service.core.developments.reports import Report, Words
from service.core.developments.tellers import Tellers

BARE = Report(
    entry="e", revision=1, dated_at=datetime(2025, 3, 3, tzinfo=UTC), lang="en", outlet=None, threads=("bases",),
    frames=(), polarity=(), core=frozenset(), entities=frozenset(), quantities={}, title_words=Words(),
    text_words=Words(),
)  # fmt: skip
FRAMES = ("meet|a|b", "state|a|", "leave|a|c")
REPORTS = st.builds(
    replace,
    st.just(BARE),
    frames=st.lists(st.sampled_from(FRAMES), max_size=3).map(tuple),
    delta=st.sampled_from([None, "d"]),
    duplicate_of=st.sampled_from([None, None, "e-0"]),
    retracted=st.sampled_from([False, False, True]),
    on_record=st.booleans(),
    origin=st.sampled_from(["a", "b"]),
)


@given(reports=st.lists(REPORTS, max_size=12), gone=st.integers(0, 12))
def test_who_told_is_found_as_by_a_scan(reports: list[Report], gone: int) -> None:
    tellers = Tellers()
    for report in reports:
        tellers.add(report)
    for report in reports[:gone]:
        tellers.drop(report)

    told = [r for r in reports[gone:] if r.delta and not r.duplicate_of and not r.retracted]
    mains, voices = set(FRAMES[:2]) & set(tellers.main_frames()), {"b"}

    assert list(tellers) == told
    assert set(tellers.main_frames()) == {r.frames[0] for r in told if r.frames}
    assert [list(tellers.telling(f)) for f in FRAMES] == [[r for r in told if f in r.frames] for f in FRAMES]
    assert tellers.mainly_telling(mains, voices) == [
        r for r in told if r.frames and (r.frames[0] in mains or (r.on_record and r.origin in voices))
    ]
