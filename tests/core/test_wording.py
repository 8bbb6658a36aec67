"""The line of a delta reads as one English sentence, whatever was read."""

from __future__ import annotations

import itertools
import re

import pytest

from service.core.deltas.wording import delta_line, event_phrase
from service.core.model import Change, DeltaType, Event
from service.core.rules import Rules

NAMES = {
    "russia": "Russia",
    "syria": "Syria",
    "qamishli": "Qamishli",
    "khmeimim": "Khmeimim Air Base",
    "damascus": "Damascus",
    "peskov": "Dmitry Peskov",
    "assad": "Bashar al-Assad",
    "putin": "Vladimir Putin",
    "sharaa": "Ahmed al-Sharaa",
}
COUNTRIES = {"russia", "syria"}
PLACES = {*COUNTRIES, "qamishli", "khmeimim", "damascus"}
CHANGE = Change(fact="f", before="Putin has no plan to meet Assad.", after="Putin has met Assad.", stance="contradicts")


def _line(
    rules: Rules,
    event: Event | None,
    kind: DeltaType = DeltaType.NEW_DEVELOPMENT,
    changes: tuple[Change, ...] = (),
) -> str:
    actions = rules.compare["assad-exit"].words.actions
    return delta_line(kind, event, changes, actions, NAMES, "Russia's bases in Syria", COUNTRIES, PLACES)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Event(action="withdraw", actor="russia", target="qamishli"), "Russia withdraws from Qamishli (reported)"),
        (Event(action="withdraw", actor="russia"), "Russia withdraws (reported)"),
        (
            Event(action="kill", target="khmeimim", quantity="3 killed"),
            "3 killed at Khmeimim Air Base (reported)",
        ),
        (Event(action="kill", target="assad"), "Bashar al-Assad is killed (reported)"),
        (Event(action="withdraw", target="qamishli"), "Withdrawal from Qamishli (reported)"),
        (Event(action="withdraw", target="syria"), "Withdrawal from Syria (reported)"),
        (Event(action="withdraw"), "Russia's bases in Syria: withdrawal (reported)"),
        (
            Event(action="withdraw", actor="russia", target="qamishli", negated=True),
            "Russia does not withdraw from Qamishli (reported)",
        ),
        (
            Event(action="withdraw", actor="russia", target="syria", negated=True, modality="planned"),
            "Russia has no plan to withdraw from Syria",
        ),
        (Event(action="withdraw", target="qamishli", negated=True), "No withdrawal from Qamishli (reported)"),
        (
            Event(action="withdraw", target="qamishli", negated=True, modality="planned"),
            "No withdrawal from Qamishli planned",
        ),
        (Event(action="withdraw", negated=True), "Russia's bases in Syria: no withdrawal (reported)"),
        (
            Event(action="withdraw", actor="russia", target="qamishli", modality="planned"),
            "Russia is to withdraw from Qamishli (planned)",
        ),
        (
            Event(action="withdraw", actor="russia", target="syria", modality="demanded"),
            "Call for Russia's withdrawal from Syria",
        ),
        (
            Event(action="withdraw", target="syria", modality="demanded", negated=True),
            "Call against withdrawal from Syria",
        ),
        (
            Event(action="withdraw", actor="russia", place="qamishli", quantity="2 ships"),
            "Russia withdraws from Qamishli, 2 ships (reported)",
        ),
        (Event(action="keep", actor="russia", target="syria"), "Russia keeps its forces in Syria (reported)"),
        (Event(action="keep", actor="russia", target="khmeimim"), "Russia keeps Khmeimim Air Base (reported)"),
        (Event(action="keep", actor="russia"), "Russia stays (reported)"),
        (Event(action="keep", actor="russia", negated=True), "Russia does not stay (reported)"),
        (Event(action="keep", target="syria", modality="demanded"), "Call for continued presence in Syria"),
        (
            Event(action="keep", actor="russia", target="syria", modality="planned"),
            "Russia is to keep its forces in Syria (planned)",
        ),
        (Event(action="move", target="syria"), "Movement in Syria (reported)"),
        (Event(action="move", target="khmeimim"), "Movement at Khmeimim Air Base (reported)"),
        (Event(action="attack", actor="russia", place="russia"), "Russia attacks (reported)"),
        (Event(action="attack", actor="russia", target="syria"), "Russia attacks targets in Syria (reported)"),
        (Event(action="attack", target="khmeimim"), "Khmeimim Air Base is attacked (reported)"),
        (Event(action="attack", target="khmeimim", negated=True), "Khmeimim Air Base is not attacked (reported)"),
        (
            Event(action="attack", target="khmeimim", modality="planned"),
            "Khmeimim Air Base is to be attacked (planned)",
        ),
        (Event(action="attack", target="syria"), "Attack in Syria (reported)"),
        (Event(action="attack", place="khmeimim"), "Attack on Khmeimim Air Base (reported)"),
        (Event(action="flee", actor="assad", target="russia"), "Bashar al-Assad flees to Russia (reported)"),
        (Event(action="flee", actor="assad"), "Bashar al-Assad flees (reported)"),
        (
            Event(action="flee", actor="assad", place="khmeimim"),
            "Bashar al-Assad flees from Khmeimim Air Base (reported)",
        ),
        (Event(action="flee", actor="assad", negated=True, modality="planned"), "Bashar al-Assad has no plan to flee"),
        (Event(action="flee"), "Russia's bases in Syria: flight (reported)"),
        (Event(action="meet", actor="sharaa", target="putin"), "Ahmed al-Sharaa meets Vladimir Putin (reported)"),
        (
            Event(action="plan_to_meet", actor="sharaa", target="putin", modality="planned"),
            "Ahmed al-Sharaa plans to meet Vladimir Putin",
        ),
        (
            Event(action="meet", actor="sharaa", place="damascus"),
            "Ahmed al-Sharaa holds a meeting in Damascus (reported)",
        ),
        (Event(action="meet", actor="putin", target="putin"), "Vladimir Putin holds a meeting (reported)"),
        (Event(action="negotiate", actor="russia", target="syria"), "Russia negotiates with Syria (reported)"),
        (Event(action="negotiate", actor="russia", place="damascus"), "Russia negotiates in Damascus (reported)"),
        (Event(action="negotiate", target="putin"), "Talks with Vladimir Putin (reported)"),
        (Event(action="visit", actor="russia", target="syria"), "Russia visits Syria (reported)"),
        (Event(action="visit", actor="sharaa", place="damascus"), "Ahmed al-Sharaa visits Damascus (reported)"),
        (Event(action="visit", actor="sharaa"), "Ahmed al-Sharaa makes a visit (reported)"),
        (Event(action="visit", place="damascus"), "Visit to Damascus (reported)"),
        (Event(action="agree", target="russia", negated=True), "No agreement with Russia (reported)"),
        (
            Event(action="agree", actor="syria", target="russia", negated=True),
            "Syria does not agree with Russia (reported)",
        ),
        (
            Event(action="grant_asylum", actor="russia", target="assad", speaker="peskov", on_record=True),
            "Russia grants asylum to Bashar al-Assad (says Dmitry Peskov)",
        ),
        (Event(action="grant_asylum", target="assad"), "Bashar al-Assad is granted asylum (reported)"),
        (Event(action="extradite", target="assad"), "Bashar al-Assad is handed over (reported)"),
        (
            Event(action="extradite", actor="russia", target="assad", negated=True),
            "Russia does not hand over Bashar al-Assad (reported)",
        ),
        (Event(action="issue_warrant", target="assad"), "Arrest warrant for Bashar al-Assad (reported)"),
        (Event(action="issue_warrant", actor="russia"), "Russia issues a warrant (reported)"),
        (Event(action="sentence", target="assad"), "Bashar al-Assad is sentenced (reported)"),
        (Event(action="fall_ill", target="assad"), "Bashar al-Assad falls ill (reported)"),
        (Event(action="die", target="assad", negated=True), "Bashar al-Assad does not die (reported)"),
        (
            Event(action="try", actor="russia", target="assad", negated=True),
            "Russia does not try Bashar al-Assad (reported)",
        ),
        (
            Event(action="divorce", target="assad", modality="denied", speaker="peskov", on_record=True),
            "Divorce of Bashar al-Assad (denied by Dmitry Peskov)",
        ),
        (
            Event(action="withdraw", actor="russia", speaker="peskov", on_record=True, modality="denied"),
            "Russia withdraws (denied by Dmitry Peskov)",
        ),
        (Event(action="withdraw", actor="russia", modality="denied", negated=True), "Russia withdraws (denied)"),
        (Event(action="withdraw", actor="russia", modality="denied"), "Russia withdraws (denied)"),
        (
            Event(action="deny", actor="peskov", speaker="peskov", on_record=True),
            "Dmitry Peskov issues a denial on Russia's bases in Syria",
        ),
        (Event(action="state", actor="putin"), "Vladimir Putin comments on Russia's bases in Syria (reported)"),
        (Event(action="deny"), "Denial on Russia's bases in Syria (reported)"),
        (Event(action="no_such_action"), "No such action (reported)"),
        (None, "Russia's bases in Syria"),
    ],
)
def test_an_event_reads_as_a_sentence(rules: Rules, event: Event | None, line: str) -> None:
    assert _line(rules, event) == line


def test_a_change_says_what_it_goes_against(rules: Rules) -> None:
    line = _line(rules, Event(action="meet"), DeltaType.STATUS_CHANGE, (CHANGE,))

    assert (
        line == "Russia's bases in Syria: meeting (reported) — against what was known: Putin has no plan to meet Assad"
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
