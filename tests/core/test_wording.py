"""The line of a delta reads as one English sentence, whatever was read."""

from __future__ import annotations

import itertools
import re

import pytest

from service.core.model import Change, DeltaType, Event
from service.core.rules import Rules
from service.core.wording import delta_line, event_phrase

NAMES = {"russia": "Russia", "qamishli": "Qamishli", "peskov": "Dmitry Peskov", "assad": "Bashar al-Assad"}
CHANGE = Change(fact="f", before="Putin has no plan to meet Assad.", after="Putin has met Assad.", stance="contradicts")


def _line(
    rules: Rules,
    event: Event | None,
    kind: DeltaType = DeltaType.NEW_DEVELOPMENT,
    changes: tuple[Change, ...] = (),
) -> str:
    actions = rules.compare["assad-exit"].words.actions
    return delta_line(kind, event, changes, actions, NAMES, "Russia's bases in Syria")


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Event(action="withdraw", actor="russia", target="qamishli"), "Russia withdraws from Qamishli (reported)"),
        (Event(action="withdraw", actor="russia"), "Russia withdraws (reported)"),
        (Event(action="withdraw", target="qamishli"), "Withdrawal: Qamishli (reported)"),
        (Event(action="withdraw"), "Withdrawal (Russia's bases in Syria) (reported)"),
        (
            Event(action="withdraw", actor="russia", target="qamishli", negated=True),
            "No withdrawal: Russia, Qamishli (reported)",
        ),
        (Event(action="withdraw", negated=True), "No withdrawal (Russia's bases in Syria) (reported)"),
        (
            Event(action="withdraw", actor="russia", target="qamishli", modality="planned"),
            "Russia withdraws from Qamishli (planned)",
        ),
        (
            Event(action="withdraw", actor="russia", place="qamishli", quantity="2 ships"),
            "Russia withdraws from Qamishli, 2 ships (reported)",
        ),
        (Event(action="attack", actor="russia", place="russia"), "Russia attacks (reported)"),
        (
            Event(action="grant_asylum", actor="russia", target="assad", speaker="peskov", on_record=True),
            "Russia grants asylum to Bashar al-Assad (says Dmitry Peskov)",
        ),
        (
            Event(action="withdraw", actor="russia", speaker="peskov", on_record=True, modality="denied"),
            "Russia withdraws (denied, says Dmitry Peskov)",
        ),
        (
            Event(action="deny", actor="peskov", speaker="peskov", on_record=True),
            "Dmitry Peskov: denial on Russia's bases in Syria",
        ),
        (Event(action="deny"), "Denial on Russia's bases in Syria (reported)"),
        (Event(action="issue_warrant", actor="russia"), "Russia issues a warrant (reported)"),
        (Event(action="no_such_action"), "No such action (reported)"),
        (None, "New report on Russia's bases in Syria"),
    ],
)
def test_an_event_reads_as_a_sentence(rules: Rules, event: Event | None, line: str) -> None:
    assert _line(rules, event) == line


def test_a_change_says_what_it_goes_against(rules: Rules) -> None:
    line = _line(rules, Event(action="meet"), DeltaType.STATUS_CHANGE, (CHANGE,))

    assert (
        line == "Meeting (Russia's bases in Syria) (reported) — against what was known: Putin has no plan to meet Assad"
    )


def test_a_retraction_and_a_correction_say_so_first(rules: Rules) -> None:
    event = Event(action="withdraw", actor="russia")

    assert _line(rules, event, DeltaType.RETRACTION, (CHANGE,)) == "Withdrawn: Russia withdraws (reported)"
    assert _line(rules, event, DeltaType.CORRECTION) == "Corrected: Russia withdraws (reported)"


def test_every_action_makes_a_clean_line_with_and_without_its_parties(rules: Rules) -> None:
    actions = rules.compare["assad-exit"].words.actions
    parties = (None, "russia", "qamishli", "gone")
    for action, actor, target, place, negated in itertools.product(actions, parties, parties, parties, (True, False)):
        event = Event(action=action, actor=actor, target=target, place=place, negated=negated, quantity="3 soldiers")
        line = _line(rules, event)

        assert line[0].isupper(), line
        assert "  " not in line, line
        assert line == line.strip(), line
        assert " ," not in line, line
        assert " :" not in line, line


def test_a_verb_without_an_object_drops_its_preposition(rules: Rules) -> None:
    actions = rules.compare["assad-exit"].words.actions
    for action in actions:
        phrase = event_phrase(Event(action=action, actor="russia"), actions, NAMES)

        assert not re.search(r" (?:from|to|on|over|at|for|of|with)$", phrase), phrase
