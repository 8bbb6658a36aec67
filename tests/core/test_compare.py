"""What a follow-up adds or changes: told item after item, as a story would tell them."""

from __future__ import annotations

from core.comparing import KILLED, LEAVES, WIRE, WIRE_TITLE, Desk, is_repeat, told

from service.core.model import DeltaType

# --- first reports, repeats, copies -----------------------------------------------------------


def test_the_first_report_is_a_delta_and_the_next_a_repeat(desk: Desk) -> None:
    first = desk.tell("a", LEAVES, "Witnesses saw convoys on the coast road.")
    again = desk.tell("b", "Russian crews leave Khmeimim air base", "Trucks drove off.", days=0.2, outlet="Paper Two")

    assert told(first).first_report
    assert is_repeat(again)
    assert again.decision.development == first.decision.development
    assert again.decision.duplicate_of is None
    assert again.development is not None
    assert again.development.reports == 2
    assert again.development.outlets == ("Agency One", "Paper Two")
    assert len(again.development.origins) == 2


def test_a_copy_names_the_first_of_its_copies_and_adds_no_origin(desk: Desk) -> None:
    first = desk.tell("a", WIRE_TITLE, WIRE)
    second = desk.tell("b", f"{WIRE_TITLE} - Paper Two", f"(Agency One) {WIRE}", days=0.1, outlet="Paper Two")
    third = desk.tell("c", WIRE_TITLE, WIRE.replace("two people", "two men"), days=0.2, outlet="Paper Three")

    assert second.decision.duplicate_of == third.decision.duplicate_of == first.decision.entry
    assert second.decision.origin == third.decision.origin == first.decision.origin
    assert is_repeat(second)
    assert third.development is not None
    assert third.development.reports == 3
    assert third.development.origins == (first.decision.origin,)


def test_a_copy_stays_a_copy_through_a_small_edit(desk: Desk) -> None:
    first = desk.tell("a", WIRE_TITLE, WIRE)
    desk.tell("b", WIRE_TITLE, WIRE, outlet="Paper Two")
    edited = desk.revise("b", 2, WIRE_TITLE, f"{WIRE} More follows.")

    assert is_repeat(edited)
    assert edited.decision.duplicate_of == first.decision.entry


def test_the_same_in_another_language_is_a_repeat(desk: Desk) -> None:
    first = desk.tell("a", LEAVES)
    again = desk.tell("b", "Россия выводит войска с авиабазы Хмеймим", days=0.2, lang="ru", outlet="Газета")

    assert is_repeat(again)
    assert again.decision.development == first.decision.development


def test_the_same_meeting_a_quarter_later_is_another_one(desk: Desk) -> None:
    first = desk.tell("a", "Putin receives Sharaa in Moscow", "They spoke for an hour.")
    second = desk.tell("b", "Putin receives Sharaa in Moscow", "They spoke for an hour.", days=95)

    assert told(second).first_report
    assert second.decision.development != first.decision.development


# --- facts ------------------------------------------------------------------------------------


def test_a_fact_changes_once_in_the_same_way(desk: Desk) -> None:
    first = told(desk.tell("a", "Putin has met Assad in Moscow", "The two men spoke for an hour."))
    again = desk.tell("b", "Putin met Assad at a villa in Moscow", "Guests saw them.", days=90, outlet="Paper Two")

    assert first.type is DeltaType.STATUS_CHANGE
    assert [change.fact for change in first.changes] == ["putin-meeting"]
    assert "putin-meeting" not in {change.fact for change in told(again).changes if change.stance != "confirms"}


def test_a_denial_contradicts_a_development_once(desk: Desk) -> None:
    reported = told(desk.tell("a", "Assad was poisoned in Moscow", "He was taken to hospital."))
    denied = told(desk.tell("b", "Kremlin denies that Assad was poisoned", "Peskov called it untrue.", days=1))
    again = desk.tell("c", "Kremlin denies once more that Assad was poisoned", "It is a lie, Peskov said.", days=1.5)

    assert denied.type is DeltaType.CONTRADICTION
    assert denied.development == reported.development
    assert denied.changes[0].after.startswith("Denied: ")
    assert again.delta is None or again.delta.type is not DeltaType.CONTRADICTION


def test_a_figure_that_differs_changes_the_value_and_a_new_one_updates(desk: Desk) -> None:
    desk.tell("a", "Drones attack Khmeimim air base", "Explosions were heard overnight.")
    update = told(desk.tell("b", KILLED, "The attack came at night.", days=0.5, outlet="Paper Two"))
    change = desk.tell(
        "c", "Five Russian soldiers killed in attack on Khmeimim air base", "More died later.", days=1, outlet="Three"
    )

    assert update.type is DeltaType.UPDATE
    assert not update.first_report
    assert told(change).type is DeltaType.VALUE_CHANGE
    assert "5 soldiers, not 3 soldiers" in told(change).reason


def test_the_first_voice_on_the_record_confirms(desk: Desk) -> None:
    desk.tell("a", "Russia moves aircraft from Khmeimim, people familiar with the matter say")
    confirmed = told(
        desk.tell(
            "b",
            "Lavrov confirms that Russia has moved aircraft from Khmeimim",
            "It was planned long ago, he said.",
            days=0.5,
            outlet="Paper Two",
        )
    )

    assert confirmed.type in {DeltaType.CONFIRMATION, DeltaType.UPDATE, DeltaType.STATUS_CHANGE}
    assert confirmed.origin == "lavrov"
    assert not confirmed.first_report


# --- what is worth telling ---------------------------------------------------------------------


def test_an_item_without_events_is_told_by_its_subject(desk: Desk) -> None:
    delta = told(desk.tell("a", "Khmeimim air base: a portrait of Russia's bases in Syria"))

    assert delta.line[0].isupper()
    assert delta.entities


def test_what_tells_nothing_is_neither_told_nor_grouped_beside_what_is_open(desk: Desk) -> None:
    told = desk.tell("a", LEAVES)
    asked = desk.tell("b", "What next for Russia's base at Khmeimim?", days=6)

    assert is_repeat(asked)
    assert asked.decision.development != told.decision.development


def test_a_promise_below_a_headline_that_repeats_is_told_once(desk: Desk) -> None:
    desk.tell("a", "Putin receives Syria's Sharaa in the Kremlin")
    lead = "Sharaa said that Syria will honour its agreements with Russia."
    promised = desk.tell("b", "Syria's Sharaa meets Putin in Moscow", lead, days=0.2, outlet="Paper Two")
    again = desk.tell("c", "Putin and Sharaa meet in Moscow", lead, days=0.4, outlet="Paper Three")

    assert told(promised).type is DeltaType.UPDATE
    assert "stand by agreements with Russia" in told(promised).line
    assert is_repeat(again)


def test_a_plan_that_comes_about_updates_its_development(desk: Desk) -> None:
    planned = desk.tell("a", "Sharaa to meet Putin in Moscow on Wednesday")
    done = desk.tell("b", "Putin meets Sharaa in Moscow", days=1, outlet="Paper Two")

    assert told(planned).type is DeltaType.NEW_DEVELOPMENT
    assert told(done).type is DeltaType.UPDATE
    assert done.decision.development == planned.decision.development


def test_a_letter_a_comment_and_a_second_flight_are_no_news(desk: Desk) -> None:
    letter = desk.tell("a", "Putin's statement to Syria's new president Sharaa", "It backs stability in Syria.")
    told(desk.tell("b", "Putin receives Sharaa in the Kremlin", "Russia's bases in Syria are on the table.", days=1))
    comment = desk.tell("c", "Why Sharaa's trip to Moscow matters", "The visit to the Kremlin counts.", days=2)
    told(desk.tell("d", "Thousands flee to Russian base in Syria", "They camp outside.", days=20))
    again = desk.tell("e", "Families find shelter at Khmeimim air base", "Tents stand there.", days=21)

    assert (letter.delta, comment.delta, again.delta) == (None, None, None)


def test_who_asks_next_confirms_no_fact(desk: Desk) -> None:
    told(desk.tell("a", "Germany calls on Russia to leave its bases in Syria", ""))
    second = told(desk.tell("b", "France calls on Russia to withdraw from Syria, Reuters reports", "", days=40))

    assert second.type is DeltaType.NEW_DEVELOPMENT
    assert second.changes == ()


def test_the_denial_of_a_change_undoes_what_it_did_to_a_fact(desk: Desk) -> None:
    desk.tell("a", "Assad was poisoned in Moscow, exile group claims")
    assert desk.memory.facts["security-assured"].now != desk.memory.facts["security-assured"].fact.statement

    denial = desk.tell("b", "Kremlin denies that Assad was poisoned", days=1).delta

    assert denial is not None
    assert denial.type is DeltaType.CONTRADICTION
    assert [change.fact for change in denial.changes] == [denial.development, "security-assured"]
    assert desk.memory.facts["security-assured"].now.startswith("Denied: ")
    assert desk.tell("c", "Kremlin: Assad was not poisoned", days=1.2, outlet="Paper").delta is None


def test_what_is_told_in_either_form_is_not_undone_by_its_negation(desk: Desk) -> None:
    plan = "Putin: I have not met Assad yet, but I will"
    desk.tell("a", plan)

    again = desk.tell("b", plan, days=1, outlet="Paper").delta

    assert again is None or again.type is not DeltaType.CONTRADICTION


def test_what_people_want_is_done_by_nobody(desk: Desk) -> None:
    delta = desk.tell("a", "Umfrage: Mehrheit der Russen gegen Auslieferung Assads", lang="de").delta

    assert delta is None or (delta.event is None and not delta.changes)


def test_an_anniversary_tells_the_article_again(desk: Desk) -> None:
    out = "He slipped out through the Russian base at Khmeimim."

    assert is_repeat(desk.tell("a", "One year on: how Assad fled Damascus", out, days=300))
    assert desk.tell("b", "One year on, Russia withdraws from Khmeimim", days=300, outlet="Paper").delta is not None


def test_the_other_side_confirms_once_what_one_had_said(desk: Desk) -> None:
    desk.tell("a", "Путин: Россия сохранит базы в Сирии", lang="ru")

    confirmed = desk.tell("b", "Шараа подтвердил, что Россия сохранит базы в Сирии", days=1, lang="ru").delta

    assert confirmed is not None
    assert confirmed.type is DeltaType.CONFIRMATION
    assert is_repeat(desk.tell("c", "Syria confirms that Russia will keep its bases", days=1.5, outlet="Paper"))


def test_what_was_planned_is_news_when_it_is_done(desk: Desk) -> None:
    desk.tell("a", "Russia to withdraw from Qamishli by end of March")

    done = desk.tell("b", "Russia completes withdrawal from Qamishli", days=1, outlet="Paper").delta

    assert done is not None
    assert done.type is DeltaType.UPDATE


def test_a_toll_put_lower_is_another_value(desk: Desk) -> None:
    desk.tell("a", "Four Russian soldiers killed in attack on Khmeimim base")

    lower = desk.tell("b", "Number of soldiers killed at Khmeimim revised down to two", days=0.2, outlet="Paper").delta

    assert lower is not None
    assert lower.type is DeltaType.VALUE_CHANGE
    assert lower.event is not None
    assert lower.event.quantity == "2 killed"


def test_what_was_only_added_is_denied_by_the_storys_own_words_for_that(desk: Desk) -> None:
    desk.tell("a", "Asma al-Assad ha chiesto il divorzio dal marito", lang="it")

    denial = desk.tell("b", "Il Cremlino smentisce il divorzio tra Assad e la moglie", days=1, lang="it").delta

    assert denial is not None
    assert denial.type is DeltaType.CONTRADICTION
    assert [change.stance for change in denial.changes] == ["develops"]


def test_what_is_put_off_is_told_once(desk: Desk) -> None:
    desk.tell("a", "Putin and Sharaa to meet in Moscow on 12 March")

    later = desk.tell("b", "Treffen von Putin und Scharaa verschoben", days=0.5, lang="de").delta

    assert later is not None
    assert later.line.startswith("Put off: Vladimir Putin plans to meet Ahmed al-Sharaa")
    assert is_repeat(desk.tell("c", "Встреча Путина и Шараа отложена", days=0.6, lang="ru"))


def test_a_man_who_never_wanted_to_leave_contradicts_that_it_was_arranged(desk: Desk) -> None:
    delta = desk.tell("a", "Assad : « Je n'ai jamais voulu quitter la Syrie »", lang="fr").delta

    assert delta is not None
    assert (delta.type, delta.changes[0].fact) == (DeltaType.CONTRADICTION, "arranged-departure")
