"""Which reports tell of one happening."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import word_hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.developments.clustering import Cluster, OpenDevelopments, closeness, is_in_reach
from service.core.developments.likeness import JoinRule, Kinship, Likeness
from service.core.developments.reports import Report, Words
from service.core.rules import Rules

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
RULE = JoinRule()
ACTIONS = ("withdraw", "return", "keep", "attack", "meet", "plan_to_meet", "deny", "unknown")
PARTIES = ("", "russia", "khmeimim", "putin", "sharaa")
FRAMES = st.builds("{}|{}|{}".format, st.sampled_from(ACTIONS), st.sampled_from(PARTIES), st.sampled_from(PARTIES))


def _report(frame: str = "withdraw|russia|khmeimim", days: float = 0, text: str = "", **over: object) -> Report:
    values: dict[str, object] = {
        "entry": f"e-{frame}-{days}-{text}",
        "revision": 1,
        "dated_at": NOON + timedelta(days=days),
        "lang": "en",
        "outlet": None,
        "threads": ("bases",),
        "frames": (frame,) if frame else (),
        "polarity": ("+",) if frame else (),
        "core": frozenset({"khmeimim"}),
        "entities": frozenset({"khmeimim", "russia"}),
        "quantities": {},
        "title_words": word_hashes(text),
        "text_words": word_hashes(text),
    }
    return Report(**values | over)  # type: ignore[arg-type]


def _open(*developments: list[Report]) -> OpenDevelopments:
    """Return developments that are open, each with the reports that stand for it."""
    known = OpenDevelopments()
    for reports in developments:
        for report in reports:
            known.add(replace(report, development=reports[0].entry))
    return known


REPORTS = st.builds(
    Report,
    entry=st.just("e"),
    revision=st.just(1),
    dated_at=st.integers(0, 2000).map(lambda hours: NOON + timedelta(hours=hours)),
    lang=st.sampled_from(["en", "ru"]),
    outlet=st.none(),
    threads=st.lists(st.sampled_from(["bases", "asylum"]), max_size=2, unique=True).map(tuple),
    frames=st.lists(FRAMES, max_size=6).map(tuple),
    polarity=st.just(()),
    core=st.frozensets(st.sampled_from(PARTIES), max_size=3),
    entities=st.frozensets(st.sampled_from(PARTIES), max_size=4),
    quantities=st.dictionaries(st.sampled_from(["ships", "killed", "days"]), st.integers(1, 3), max_size=3),
    title_words=st.frozensets(st.integers(0, 9), max_size=8).map(Words.of),
    text_words=st.frozensets(st.integers(0, 30), max_size=20).map(Words.of),
    meaning=st.sampled_from([(), (), (1, 0), (3, 4)]),
)


@settings(max_examples=300)
@given(a=REPORTS, b=REPORTS)
def test_likeness_is_symmetric(rules: Rules, a: Report, b: Report) -> None:
    assert _like(rules, a, b) == pytest.approx(_like(rules, b, a))


def _like(rules: Rules, a: Report, b: Report) -> float:
    return Likeness(a, rules.compare["assad-exit"].kin, RULE).to(b)


def _joins(rules: Rules, report: Report, *developments: list[Report]) -> str | None:
    best = _open(*developments).nearest(report, rules.compare["assad-exit"].kin, RULE)
    return best.id if best else None


def test_the_same_frame_joins_across_languages(rules: Rules) -> None:
    first = _report()

    assert _joins(rules, _report(days=0.2, lang="ru"), [first]) == first.entry


@pytest.mark.parametrize(
    ("frame", "other"),
    [
        ("withdraw|russia|khmeimim", "return|russia|khmeimim"),
        ("withdraw|russia|khmeimim", "keep|russia|khmeimim"),
        ("grant_asylum|russia|bashar-assad", "extradite|russia|bashar-assad"),
        ("request_extradition|syria|bashar-assad", "refuse|russia|bashar-assad"),
        ("deny|kremlin|", "confirm|kremlin|"),
    ],
)
def test_opposed_actions_do_not_merge(rules: Rules, frame: str, other: str) -> None:
    kin = rules.compare["assad-exit"].kin
    action, other_action = frame.partition("|")[0], other.partition("|")[0]
    text = "lorries stood at the gate of the northern base since sunrise"

    assert kin.opposed(action, other_action)
    assert kin.opposed(other_action, action)
    assert _joins(rules, _report(other, text="convoys on the road"), [_report(frame, text=text)]) is None


def test_an_unknown_action_opposes_nothing(rules: Rules) -> None:
    assert not rules.compare["assad-exit"].kin.opposed("unknown", "withdraw")


def test_twins_a_quarter_apart_are_two(rules: Rules) -> None:
    text = "the two leaders shook hands under the chandelier and spoke for an hour"
    first = _report("meet|putin|sharaa", text=text)

    assert _joins(rules, _report("meet|putin|sharaa", 1, text), [first]) == first.entry
    assert _joins(rules, _report("meet|putin|sharaa", 90, text), [first]) is None


def test_only_developments_within_the_window_are_asked(rules: Rules) -> None:
    first = _report(text="lorries at the gate")
    same_words = {"text": "lorries at the gate"}

    assert _joins(rules, _report(days=RULE.window_days + 0.1, **same_words), [first]) is None
    assert _joins(rules, _report(days=-RULE.window_days - 0.1, **same_words), [first]) is None
    assert _joins(rules, _report(days=3, **same_words), [first]) == first.entry


@pytest.mark.parametrize(
    "worse",
    [
        _report(days=5),
        _report(threads=("asylum",)),
        _report(core=frozenset({"tartus-base"})),
        _report("withdraw||"),
        _report("move|russia|khmeimim"),
        _report("attack||khmeimim"),
        _report(quantities={"ships": 3}),
    ],
)
def test_likeness_falls_with_what_differs(rules: Rules, worse: Report) -> None:
    first = _report(quantities={"ships": 2})
    same = _report(quantities={"ships": 2}) if worse.quantities else _report()

    assert _like(rules, first, same) > _like(rules, first, worse)


def test_shared_words_bring_reports_together(rules: Rules) -> None:
    text = "lorries left through the eastern gate in the dark before dawn"

    assert _like(rules, _report(text=text), _report(text=text)) > _like(
        rules, _report(text=text), _report(text="a quiet day with nothing but sheep on the coast road")
    )


def test_the_best_of_several_developments_is_joined(rules: Rules) -> None:
    near, far = _report(days=0), _report("move|russia|khmeimim", days=-2)

    assert _joins(rules, _report(days=0.1), [far], [near]) == near.entry
    assert _joins(rules, _report(days=0.1)) is None


def test_a_development_keeps_its_first_report_and_its_last_ones() -> None:
    reports = [_report(days=day / 10) for day in range(20)]
    (cluster,) = _open(reports).clusters.values()

    assert [r.entry for r in cluster.reports] == [r.entry for r in (reports[0], *reports[9:])]
    assert cluster.last_at == reports[-1].dated_at


def test_reports_without_events_are_judged_by_the_rest(rules: Rules) -> None:
    text = "lorries left through the eastern gate in the dark before dawn"

    assert _like(rules, _report("", text=text), _report(text=text)) > _like(rules, _report("", text=text), _report())
    assert _like(rules, _report(core=frozenset(), entities=frozenset()), _report()) < _like(rules, _report(), _report())


def _scanned(report: Report, known: OpenDevelopments, kin: Kinship, least: float) -> Cluster | None:
    """Return what a look at every open development finds."""
    like = Likeness(report, kin, RULE)
    best: tuple[float, Cluster] | None = None
    for cluster in known.clusters.values():
        score = closeness(like, cluster)
        if is_in_reach(report, cluster, RULE) and score >= least and (best is None or score > best[0]):
            best = (score, cluster)
    return best[1] if best else None


@st.composite
def _histories(draw: st.DrawFn) -> list[tuple[Report, bool]]:
    """Return reports, and which of them join what they are nearest to; some are made of earlier ones."""
    history: list[tuple[Report, bool]] = []
    day = 0.0
    for number in range(draw(st.integers(2, 24))):
        report: Report = draw(REPORTS)
        is_like_another: bool = draw(st.booleans())
        if history and is_like_another:  # much like an earlier one, in all but some words
            earlier: Report = draw(st.sampled_from([each for each, _ in history]))
            exchanged: frozenset[int] = draw(st.frozensets(st.integers(0, 3000), max_size=4))
            words = Words.of(earlier.text_words.as_set() ^ exchanged)
            report = replace(earlier, lang=report.lang, quantities=report.quantities, text_words=words)
        day += draw(st.sampled_from([0.0, 0.0, 0.1, 1.0, 4.0, 30.0]))
        late = draw(st.sampled_from([0.0, 0.0, 0.0, 2.5, 12.0]))
        at = NOON + timedelta(days=day - late)
        history.append((replace(report, entry=f"e-{number}", dated_at=at), draw(st.booleans())))
    return history


@settings(max_examples=100, deadline=None)
@given(history=_histories(), capacity=st.integers(1, 9), least=st.sampled_from([0.0, -1.5, 2.0, -math.inf]))
def test_the_index_finds_what_a_scan_finds(
    rules: Rules, history: list[tuple[Report, bool]], capacity: int, least: float
) -> None:
    kin, known = rules.compare["assad-exit"].kin, OpenDevelopments(capacity)
    for report, joins in history:
        found = known.nearest(report, kin, RULE, least)

        assert found is _scanned(report, known, kin, least)

        known.add(replace(report, development=found.id if found and joins else report.entry))
