"""What a later revision changes in what was told: repeats, corrections, withdrawals."""

from __future__ import annotations

from builders import an_entry
from core.comparing import KILLED, LEAVES, Desk, is_repeat, told

from service.core.deltas.compare import has_marker
from service.core.model import DeltaType
from service.core.rules import Rules


def test_a_trivial_revision_is_a_repeat(desk: Desk) -> None:
    first = desk.tell("a", KILLED, "Gunmen fired at the gate.")
    edited = desk.revise("a", 2, KILLED + ".", "Gunmen fired at the gate!")

    assert is_repeat(edited)
    assert edited.decision.development == first.decision.development
    assert edited.development is not None
    assert edited.development.reports == 1


def test_a_corrected_figure_is_a_correction_that_supersedes(desk: Desk) -> None:
    first = told(desk.tell("a", KILLED, "Gunmen fired at the gate."))
    corrected = told(desk.revise("a", 2, f"CORRECTED: {KILLED}".replace("Three", "Two"), "Gunmen fired at the gate."))

    assert corrected.type is DeltaType.CORRECTION
    assert corrected.supersedes == first.id
    assert "3 soldiers → 2 soldiers" in corrected.reason
    assert corrected.line.startswith("Corrected: ")


def test_a_figure_changed_in_silence_is_a_value_change(desk: Desk) -> None:
    first = told(desk.tell("a", KILLED, "Gunmen fired at the gate."))
    changed = told(desk.revise("a", 2, KILLED.replace("Three", "Four"), "Gunmen fired at the gate."))

    assert changed.type is DeltaType.VALUE_CHANGE
    assert changed.supersedes == first.id


def test_a_withdrawal_is_told_once_and_later_polls_resurrect_nothing(desk: Desk) -> None:
    first = told(desk.tell("a", KILLED, "Gunmen fired at the gate."))
    withdrawn = told(desk.revise("a", 2, f"WITHDRAWN: {KILLED}", "The report was wrong."))
    later = [
        desk.revise("a", 3, f"WITHDRAWN: {KILLED}", "The report was wrong, the agency said."),
        desk.revise("a", 4, KILLED, "Gunmen fired at the gate."),
        desk.revise("a", 5, KILLED.replace("Three", "Nine"), "Gunmen fired at the gate."),
        desk.tell("z", KILLED, "Gunmen fired at the gate.", days=1, outlet="Late Paper"),
    ]

    assert withdrawn.type is DeltaType.RETRACTION
    assert withdrawn.supersedes == first.id
    assert "withdraws from" not in withdrawn.line
    assert all(is_repeat(comparison) for comparison in later)


def test_a_revision_that_tells_of_another_fact_istold(desk: Desk) -> None:
    desk.tell("a", "Moscow shelters Assad", "Neighbours have seen him in Moscow.")
    revised = desk.revise("a", 2, "Putin has met Assad in Moscow", "Neighbours have seen the cars.")

    assert "putin-meeting" in {change.fact for change in told(revised).changes}


def test_another_entry_that_withdraws_a_report_supersedes_its_delta(desk: Desk) -> None:
    first = told(desk.tell("a", KILLED, "Gunmen fired at the gate."))
    notice = told(
        desk.tell("b", "WITHDRAWN: Soldiers dead at Khmeimim base", "The agency takes its night story back.", days=0.1)
    )

    assert notice.type is DeltaType.RETRACTION
    assert ". Agency One says so. Found by" in notice.reason
    assert notice.supersedes == first.id
    assert notice.development == first.development


def test_two_outlets_notices_of_one_headline_are_one_retraction(desk: Desk) -> None:
    poisoned = told(desk.tell("a", "Assad poisoned in Moscow, hospital source says", "He is in a critical state."))
    notice = "WITHDRAWN: Assad poisoned in Moscow, hospital source says"
    first = told(desk.tell("b", notice, "This report has been withdrawn.", days=0.1, outlet="Agency Two"))
    again = desk.tell("c", notice, "This report has been withdrawn.", days=0.2, outlet="Agency Three")

    assert (first.type, first.supersedes) == (DeltaType.RETRACTION, poisoned.id)
    assert is_repeat(again)


def test_a_report_rests_on_the_publisher_it_names(desk: Desk) -> None:
    comparison = desk.tell("a", "Russia withdraws its crews from Khmeimim air base, Reuters reports", outlet="Paper")

    assert comparison.decision.origin == "reuters"


def test_a_revision_that_tells_of_another_event_istold(desk: Desk) -> None:
    first = desk.tell("a", LEAVES, "Witnesses saw convoys on the coast road to the port.")
    update = desk.revise("a", 2, "Israel attacks Khmeimim air base", "Witnesses saw convoys on the coast road.")

    assert told(update).type in {DeltaType.UPDATE, DeltaType.NEW_DEVELOPMENT}
    assert told(update).supersedes == told(first).id
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
