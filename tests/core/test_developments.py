"""Which reports tell of one happening."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.developments import Cluster, JoinRule, best_cluster, likeness, opposed
from service.core.reports import Report, word_hashes
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


def _cluster(*reports: Report) -> Cluster:
    first = reports[0]
    cluster = Cluster(id=first.entry, reports=[first], first_at=first.dated_at, last_at=first.dated_at)
    for report in reports[1:]:
        cluster.add(report)
    return cluster


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
    title_words=st.frozensets(st.integers(0, 9), max_size=8),
    text_words=st.frozensets(st.integers(0, 30), max_size=20),
)


@settings(max_examples=300)
@given(a=REPORTS, b=REPORTS)
def test_likeness_is_symmetric(rules: Rules, a: Report, b: Report) -> None:
    actions = rules.compare["assad-exit"].words.actions

    assert likeness(a, b, actions, RULE) == pytest.approx(likeness(b, a, actions, RULE))


def _like(rules: Rules, a: Report, b: Report) -> float:
    return likeness(a, b, rules.compare["assad-exit"].words.actions, RULE)


def _joins(rules: Rules, report: Report, *clusters: Cluster) -> str | None:
    best = best_cluster(report, clusters, rules.compare["assad-exit"].words.actions, RULE)
    return best.id if best else None


def test_the_same_frame_joins_across_languages(rules: Rules) -> None:
    first = _report()

    assert _joins(rules, _report(days=0.2, lang="ru"), _cluster(first)) == first.entry


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
    actions = rules.compare["assad-exit"].words.actions
    action, other_action = frame.partition("|")[0], other.partition("|")[0]
    text = "lorries stood at the gate of the northern base since sunrise"

    assert opposed(action, other_action, actions)
    assert opposed(other_action, action, actions)
    assert _joins(rules, _report(other, text="convoys on the road"), _cluster(_report(frame, text=text))) is None


def test_an_unknown_action_opposes_nothing(rules: Rules) -> None:
    assert not opposed("unknown", "withdraw", rules.compare["assad-exit"].words.actions)


def test_twins_a_quarter_apart_are_two(rules: Rules) -> None:
    text = "the two leaders shook hands under the chandelier and spoke for an hour"
    first = _report("meet|putin|sharaa", text=text)

    assert _joins(rules, _report("meet|putin|sharaa", 1, text), _cluster(first)) == first.entry
    assert _joins(rules, _report("meet|putin|sharaa", 90, text), _cluster(first)) is None


def test_only_developments_within_the_window_are_asked(rules: Rules) -> None:
    first = _report(text="lorries at the gate")
    same_words = {"text": "lorries at the gate"}

    assert _joins(rules, _report(days=RULE.window_days + 0.1, **same_words), _cluster(first)) is None
    assert _joins(rules, _report(days=-RULE.window_days - 0.1, **same_words), _cluster(first)) is None
    assert _joins(rules, _report(days=3, **same_words), _cluster(first)) == first.entry


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

    assert _joins(rules, _report(days=0.1), _cluster(far), _cluster(near)) == near.entry
    assert _joins(rules, _report(days=0.1)) is None


def test_a_development_keeps_its_first_report_and_its_last_ones() -> None:
    reports = [_report(days=day / 10) for day in range(20)]
    cluster = _cluster(*reports)

    assert len(cluster.reports) == 12
    assert cluster.reports[0] is reports[0]
    assert cluster.reports[-1] is reports[-1]
    assert cluster.last_at == reports[-1].dated_at


def test_reports_without_events_are_judged_by_the_rest(rules: Rules) -> None:
    text = "lorries left through the eastern gate in the dark before dawn"

    assert _like(rules, _report("", text=text), _report(text=text)) > _like(rules, _report("", text=text), _report())
    assert _like(rules, _report(core=frozenset(), entities=frozenset()), _report()) < _like(rules, _report(), _report())
