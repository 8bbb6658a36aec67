"""A catch-up brief tells what stands, each development once, and nothing that no delta says."""

from __future__ import annotations

from api.api_builders import a_story
from builders import a_delta, a_development
from hypothesis import given
from hypothesis import strategies as st

from service.core.deltas.brief import make_brief
from service.core.facts.withdrawals import Withdrawals
from service.core.model import Change, Delta, DeltaType

STORY = a_story()


def _delta(number: int, **over: object) -> Delta:
    values: dict[str, object] = {
        "id": f"d-{number}",
        "seq": number,
        "line": f"Line {number}",
        "development": f"v-{number}",
        "changes": (),
        "type": DeltaType.NEW_DEVELOPMENT,
    }
    return a_delta(**values | over)


def _told(*deltas: Delta, before: tuple[Delta, ...] = ()) -> dict[str, list[str]]:
    withdrawals = Withdrawals.of([*before, *deltas])
    brief = make_brief(STORY, deltas, withdrawals, {})
    return {thread.thread: [each.delta.line for each in thread.changed] for thread in brief.threads}


def test_nothing_new_is_an_empty_brief_with_every_question() -> None:
    brief = make_brief(STORY, [], Withdrawals(), {})
    assert brief.deltas == 0
    assert [(t.thread, t.changed, t.contested) for t in brief.threads] == [("bases", (), ()), ("crews", (), ())]


def test_a_development_is_told_once_by_its_newest_word() -> None:
    deltas = [_delta(1, development="v"), _delta(2, development="v"), _delta(3)]
    brief = make_brief(STORY, deltas, Withdrawals(), {"v": a_development(id="v", outlets=("A", "B"), origins=("x",))})
    told = {each.delta.line: each for each in brief.threads[0].changed}
    assert set(told) == {"Line 2", "Line 3"}
    assert (told["Line 2"].told, told["Line 2"].outlets, told["Line 2"].origins) == (2, 2, 1)


def test_weightier_changes_come_first() -> None:
    told = _told(_delta(1), _delta(2, type=DeltaType.STATUS_CHANGE), _delta(3, type=DeltaType.CONTRADICTION))
    assert told["bases"] == ["Line 3", "Line 2", "Line 1"]


def test_what_came_and_went_unseen_is_not_told() -> None:
    retraction = _delta(2, type=DeltaType.RETRACTION, supersedes="d-1", development="v-1")
    assert _told(_delta(1), retraction)["bases"] == []


def test_a_withdrawal_of_what_was_told_before_is_told() -> None:
    retraction = _delta(2, type=DeltaType.RETRACTION, supersedes="d-1", development="v-1")
    assert _told(retraction, before=(_delta(1),))["bases"] == ["Line 2"]


def test_a_correction_stands_for_what_it_corrects() -> None:
    correction = _delta(2, type=DeltaType.CORRECTION, supersedes="d-1", development="v-other")
    assert _told(_delta(1), correction)["bases"] == ["Line 2"]


def test_both_sides_of_a_contradiction_are_named() -> None:
    change = Change(fact="harbour-held", before="The navy is there.", after="It left.", stance="contradicts")
    brief = make_brief(STORY, [_delta(1, type=DeltaType.CONTRADICTION, changes=(change,))], Withdrawals(), {})
    assert [(c.change.before, c.change.after) for c in brief.threads[0].contested] == [
        ("The navy is there.", "It left.")
    ]


@given(st.lists(st.tuples(st.sampled_from(list(DeltaType)), st.integers(0, 4), st.sampled_from(["bases", "crews"]))))
def test_every_sentence_is_that_of_a_delta_that_stands(rows: list[tuple[DeltaType, int, str]]) -> None:
    deltas = [
        _delta(
            number,
            type=kind,
            development=f"v-{development}",
            threads=(thread,),
            supersedes=f"d-{number - 1}" if kind in {DeltaType.RETRACTION, DeltaType.CORRECTION} else None,
        )
        for number, (kind, development, thread) in enumerate(rows, 1)
    ]
    withdrawals = Withdrawals.of(deltas)
    brief = make_brief(STORY, deltas, withdrawals, {})
    lines = {delta.id: delta.line for delta in deltas}
    for thread in brief.threads:
        assert len({each.delta.development for each in thread.changed}) == len(thread.changed)
        for each in thread.changed:
            assert lines[each.delta.id] == each.delta.line
            assert each.delta.id not in withdrawals.ids
            assert thread.thread in each.delta.threads
