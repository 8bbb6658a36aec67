"""Whether an item follows up on a story: the sum of its reasons, its date, and where its words stand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import an_entry
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.language.folding import fold
from service.core.matching.match import before, logistic, threads_of
from service.core.matching.patterns import LEVELS, PatternHit, pattern_hits
from service.core.model import Match, Outcome, Pattern, Story
from service.core.rules import Rules, pending

AS_OF = datetime(2024, 12, 11, tzinfo=UTC)
LATER = AS_OF + timedelta(days=90)
LEAVE = "Russia withdraws its crews from Khmeimim air base"
FRAGMENTS = (
    *("Russia", "Khmeimim", "Assad", "in Moscow", "withdraws from", "asylum", "Putin", "meets", "Sharaa", "Tartus"),
    *("like Qaddafi", "the fall of Assad", "a year on", "live updates", "the market", ". ", "Libya", "is not", "1,200"),
    *("Россия", "выводит войска", "Хмеймим", "قاعدة حميميم", "روسيا", "阿萨德", "俄罗斯", "撤军", "Asad", "Rusya"),
)


def _story(rules: Rules) -> Story:
    return rules.stories["assad-exit"]


def _match(rules: Rules, title: str, summary: str = "", *, backlog_counts: bool = False, **over: Any) -> Match:
    values: dict[str, Any] = {"published_at": LATER, "first_seen_at": LATER} | over
    entry = an_entry(title=title, summary=summary, **values)
    return rules.match(_story(rules), entry, backlog_counts=backlog_counts)


@settings(max_examples=150, deadline=None)
@given(
    title=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=8).map(" ".join),
    summary=st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(" ".join),
    days=st.integers(min_value=-5, max_value=400),
)
def test_the_reasons_add_up_to_the_log_odds_of_the_score(rules: Rules, title: str, summary: str, days: int) -> None:
    match = _match(rules, title, summary, published_at=AS_OF + timedelta(days=days))
    total = sum(reason.weight for reason in match.reasons)

    assert match.score == pytest.approx(logistic(total), abs=1e-4)
    assert match.relevant == (match.score >= 0.5)
    for reason in match.reasons:
        if reason.span is not None and not reason.feature.startswith("pattern_") and reason.text is not None:
            field = title if reason.span.field == "title" else summary
            assert field[reason.span.start : reason.span.end] == reason.text


def test_no_mention_is_no_match_and_is_not_stored(rules: Rules) -> None:
    match = _match(rules, "Bakery opens")

    assert (match.relevant, match.touched, match.outcome) == (False, False, Outcome.REJECTED)
    assert match.score < 0.01
    assert [reason.feature for reason in match.reasons] == ["no_mention"]


def test_before_as_of_is_context_and_not_relevant(rules: Rules) -> None:
    match = _match(rules, LEAVE, published_at=AS_OF - timedelta(minutes=1))

    assert (match.relevant, match.outcome) == (False, Outcome.CONTEXT)
    assert match.score < 0.5
    assert match.reasons[-1].feature == "before_as_of"
    assert pending(match, an_entry(), "v").relevant is False


def test_what_is_off_the_story_stays_rejected_whatever_its_date(rules: Rules) -> None:
    old = _match(rules, "Tartus holds a song contest", published_at=AS_OF - timedelta(days=9))

    assert (old.relevant, old.outcome) == (False, Outcome.REJECTED)


def test_a_date_without_a_time_is_the_whole_day(rules: Rules) -> None:
    assert _match(rules, LEAVE, published_at=AS_OF, date_only=True).outcome is Outcome.PENDING
    day_before = AS_OF - timedelta(days=1)
    assert _match(rules, LEAVE, published_at=day_before, date_only=True).outcome is Outcome.CONTEXT
    late = AS_OF - timedelta(hours=12)
    assert not before(late, date_only=True, line=AS_OF)
    assert before(late, date_only=False, line=AS_OF)


def test_undated_is_not_old(rules: Rules) -> None:
    assert _match(rules, LEAVE, published_at=None).outcome is Outcome.PENDING
    seen_early = _match(rules, LEAVE, published_at=None, first_seen_at=AS_OF - timedelta(days=1))
    assert seen_early.outcome is Outcome.CONTEXT


@pytest.mark.parametrize(
    ("backlog", "age", "backlog_counts", "outcome"),
    [
        (True, timedelta(days=8), False, Outcome.CONTEXT),
        (True, timedelta(days=6), False, Outcome.PENDING),
        (True, timedelta(days=8), True, Outcome.PENDING),
        (False, timedelta(days=300), False, Outcome.PENDING),
    ],
)
def test_a_first_poll_brings_news_of_the_last_week_only(
    rules: Rules, *, backlog: bool, age: timedelta, backlog_counts: bool, outcome: Outcome
) -> None:
    seen = AS_OF + timedelta(days=400)
    match = _match(
        rules, LEAVE, first_seen_at=seen, published_at=seen - age, backlog=backlog, backlog_counts=backlog_counts
    )

    assert match.outcome is outcome
    assert match.relevant
    assert pending(match, an_entry(), "v").relevant


def test_the_nearer_to_the_title_the_higher_the_score(rules: Rules) -> None:
    filler = "Nothing else of note happened. "
    items = [
        ("Russia withdraws its crews from Khmeimim", ""),
        ("Notes from the coast", "Russia withdraws its crews from Khmeimim."),
        ("Notes from the coast", filler * 3 + "Russia withdraws its crews from Khmeimim."),
    ]
    scores = [_match(rules, title, summary).score for title, summary in items]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def _levels(rules: Rules, title: str, summary: str) -> dict[str, str]:
    story = _story(rules)
    reading = rules.read(story, an_entry(title=title, summary=summary), anyway=True)
    assert reading is not None
    return {hit.pattern.text: hit.level for hit in pattern_hits(story, reading)}


@pytest.mark.parametrize(
    ("title", "summary", "level"),
    [
        ("Putin meets Sharaa", "", "title"),
        ("Putin in a new suit", "He meets Sharaa at noon.", "headline"),
        ("A new suit", "Putin meets Sharaa at noon.", "lead"),
        ("A new suit", "It is grey. It fits. Putin meets Sharaa at noon.", "sentence"),
        ("A new suit", "Putin wears it. It is grey. It fits. He meets somebody. Sharaa does not care.", "item"),
    ],
)
def test_a_pattern_has_the_level_of_where_it_is_filled(rules: Rules, title: str, summary: str, level: str) -> None:
    found = _levels(rules, title, summary)

    assert {found[text] for text in found if "putin + meet|" in text} == {level}


def test_a_pattern_that_two_threads_share_is_one(rules: Rules) -> None:
    shared = _match(rules, "Bogdanov on Syria")
    assert set(shared.threads) == {"bases", "asylum"}
    assert "several_patterns" not in {reason.feature for reason in shared.reasons}


def test_what_a_lead_puts_earlier_weighs_less(rules: Rules) -> None:
    told = _match(rules, "Markets close lower", "Russian troops left Qamishli.")
    recalled = _match(rules, "Markets close lower", "Earlier, Russian troops left Qamishli.")
    assert recalled.score < told.score


def test_one_word_cannot_fill_two_slots(rules: Rules) -> None:
    story = _story(rules)
    twice = Pattern(slots=(frozenset({"moscow", "kremlin"}), frozenset({"moscow"})), text="twice")
    double = PatternStory(story, twice)

    assert double.hits(rules, "Moscow sleeps") == []
    assert double.hits(rules, "Kremlin calm, Moscow sleeps") == ["title"]


class PatternStory:
    """A story with one pattern of its own."""

    def __init__(self, story: Story, pattern: Pattern) -> None:
        self.story = replace(story, threads=(replace(story.threads[0], belongs=(pattern,)),))

    def hits(self, rules: Rules, title: str, summary: str = "") -> list[str]:
        reading = rules.read(self.story, an_entry(title=title, summary=summary), anyway=True)
        assert reading is not None
        return [hit.level for hit in pattern_hits(self.story, reading)]


def test_an_oblique_name_fills_a_slot_less_well_than_a_direct_one(rules: Rules) -> None:
    story = _story(rules)
    pattern = Pattern(slots=(frozenset({"bashar-assad"}),), text="he")
    own = PatternStory(story, pattern).story

    def hit(title: str, summary: str) -> PatternHit:
        reading = rules.read(own, an_entry(title=title, summary=summary), anyway=True)
        assert reading is not None
        return pattern_hits(own, reading)[0]

    assert not hit("After the fall of Bashar al-Assad", "").direct
    direct = hit("After the fall of Bashar al-Assad", "Bashar al-Assad walks in the park.")
    assert direct.direct
    assert direct.level in {"headline", "lead"}


def _hit(thread: str, level: str, *, direct: bool = True) -> PatternHit:
    return PatternHit(thread, Pattern(slots=(), text=""), level, direct, found=())


@pytest.mark.parametrize(
    ("hits", "threads"),
    [
        ([], ()),
        ([_hit("asylum", "title")], ("asylum",)),
        ([_hit("asylum", "title"), _hit("bases", "headline")], ("bases", "asylum")),
        ([_hit("asylum", "title"), _hit("bases", "item")], ("asylum",)),
        ([_hit("asylum", "title"), _hit("bases", "title", direct=False)], ("asylum",)),
        ([_hit("asylum", "lead"), _hit("bases", "item")], ("bases", "asylum")),
        ([_hit("asylum", "item", direct=False), _hit("bases", "item", direct=False)], ("bases", "asylum")),
    ],
)
def test_threads_are_those_on_the_table_in_the_storys_order(
    rules: Rules, hits: list[PatternHit], threads: tuple[str, ...]
) -> None:
    assert threads_of(_story(rules), hits) == threads


@pytest.mark.parametrize(
    ("title", "summary", "feature"),
    [
        ("Khmeimim a year on", "", "anniversary_in_title"),
        ("Khmeimim: live updates", "", "roundup_in_title"),
        ("Live updates: bread prices", "Russia holds talks on Khmeimim.", "roundup_names_nobody"),
        ("Russia sends wheat to Syria", "", "trade_in_title"),
        ("Bread prices", "Prices rose. The ousted president of Syria lives in Moscow.", "lead_after_other_news"),
        ("Khmeimim", "It is one year after the change.", "anniversary_in_summary"),
        ("Khmeimim and Tartus naval base", "", "several_core"),
        ("Russia and Syria talk", "", "two_context_in_title"),
        ("Bread prices", "Moscow pays.", "title_names_nobody"),
        ("Russia and Libya", "", "background_in_title"),
        ("Russia pays", "Libya pays too.", "background_entity"),
        ("Khmeimim", "word " * 200, "long_summary"),
        ("Russia and Syria talk", "Khmeimim is quiet.", "lead_told_by_title"),
        ("Bread prices", "Khmeimim pays.", "unmistakable_name_in_lead"),
        ("Putin sends Sharaa holiday greetings", "", "courtesy_in_title"),
        ("Zoo mourns a lioness called Khmeimim", "", "beast_in_title"),
        ("After the fall of Bashar al-Assad", "", "core_in_title_oblique"),
        ("He may end like Bashar al-Assad", "", "core_as_example"),
        ("Russia bakes", "", "no_core"),
        ("Khmeimim attacked by drones", "", "core_and_action_in_title"),
        ("Russia dreams of Tartus", "", "pattern_unread"),
        ("Maduro is no Bashar al-Assad", "", "person_beside_another"),
        ("Bread prices", "Judges sentence Bashar al-Assad.", "lead_with_action"),
        ("Grave found near Damascus", "The ousted president of Syria lives in exile in Moscow.", "lead_without_action"),
        ("Grave found near Damascus", "The ousted president of Syria lives in exile in Moscow.", "several_in_lead"),
    ],
)
def test_a_feature_is_named_among_the_reasons(rules: Rules, title: str, summary: str, feature: str) -> None:
    assert feature in {reason.feature for reason in _match(rules, title, summary).reasons}


@pytest.mark.parametrize(
    ("title", "feature"),
    [
        ("One year on, Russia keeps Khmeimim", "anniversary_in_title"),
        ("Putin and Sharaa trade jokes over wheat", "trade_in_title"),
        ("Khmeimim takes in wheat", "trade_in_title"),
        ("Live updates: Putin hosts Sharaa", "roundup_names_nobody"),
        (f"Putin shelters Assad. {'Nothing else is known of it so far. ' * 6}Maduro is silent.", "background_in_title"),
    ],
)
def test_a_feature_is_not_named_where_the_title_tells_more(rules: Rules, title: str, feature: str) -> None:
    assert feature not in {reason.feature for reason in _match(rules, title).reasons}


def test_a_look_back_is_one_with_what_it_recalls_behind_a_colon(rules: Rules) -> None:
    match = _match(rules, "One year on: how Assad fled to Moscow")

    assert "anniversary_in_title" in {reason.feature for reason in match.reasons}
    assert not match.relevant


def test_two_countries_make_a_headline_of_a_lead_one_does_not(rules: Rules) -> None:
    lead = "The question is who pays for the naval base."

    def levels(title: str) -> set[str]:
        return {reason.feature for reason in _match(rules, title, lead).reasons}

    assert "pattern_headline" in levels("What Russia wants in Syria")
    assert "pattern_headline" not in levels("What the world wants in Syria")


def test_where_something_happens_makes_no_headline_of_a_lead(rules: Rules) -> None:
    title, lead = "Damascus buys buses", "The ousted president of Syria lives in exile in Moscow."

    assert "pattern_lead" in {reason.feature for reason in _match(rules, title, lead).reasons}
    assert "pattern_headline" not in {reason.feature for reason in _match(rules, title, lead).reasons}


def test_sentences_of_a_post_as_its_own_title_are_read_one_by_one(rules: Rules) -> None:
    post = (
        f"The envoy of Russia came home. {'Nothing else is known of it so far. ' * 8}Crews repair the pier of Tartus."
    )

    assert "pattern_title" not in {reason.feature for reason in _match(rules, post).reasons}
    assert "pattern_title" in {reason.feature for reason in _match(rules, "Crews of Russia leave Tartus").reasons}


@pytest.mark.parametrize(
    ("title", "lead", "lang"),
    [
        ("Give us back the fugitive, Damascus tells Moscow", "A third extradition request was sent.", "en"),
        ("Damaskus an Moskau: Gebt uns den Flüchtigen zurück", "Der Antrag auf Auslieferung ist der dritte.", "de"),
        ("Дамаск — Москве: верните беглеца", "Это третий запрос о выдаче.", "ru"),
        ("دمشق لموسكو: أعيدوا إلينا الهارب", "الطلب الثالث لتسليمه.", "ar"),
    ],
)
def test_who_is_asked_back_need_not_be_named(rules: Rules, title: str, lead: str, lang: str) -> None:
    assert _match(rules, title, lead, lang=lang).threads == ("asylum",)
    assert _match(rules, title, lead, lang=lang).relevant


@pytest.mark.parametrize(
    ("lang", "goods", "base"),
    [
        ("fr", "Moscou et Damas signent un accord sur le gaz", "Moscou et Damas signent un accord sur la base"),
        ("es", "Rusia y Siria firman un acuerdo energético", "Rusia y Siria firman un acuerdo militar"),
        ("zh", "俄罗斯与叙利亚签署能源协议", "俄罗斯与叙利亚签署基地协议"),
        ("vi", "Nga và Syria ký thỏa thuận năng lượng", "Nga và Syria ký thỏa thuận căn cứ"),
        ("ar", "وصول باخرة قمح روسية إلى طرطوس", "وصول قوات روسية إلى طرطوس"),
        ("pt", "Petroleiro russo chega ao porto sírio", "Navio militar russo chega ao porto sírio"),
        ("tr", "Rus turistler Lazkiye'ye dönüyor", "Rus askerleri Lazkiye'ye dönüyor"),
    ],
)
def test_business_between_places_is_no_news_of_a_base(rules: Rules, lang: str, goods: str, base: str) -> None:
    assert not _match(rules, goods, lang=lang).relevant
    assert _match(rules, base, lang=lang).relevant


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("ar", "الرئيس السوري يلتقي نظيره الروسي"),
        ("fr", "Poutine reçoit son homologue syrien"),
        ("es", "Al Sharaa, con su homólogo ruso"),
        ("tr", "Şara, Rus mevkidaşıyla görüştü"),
        ("it", "Al Sharaa dal suo omologo russo"),
        ("fr", "Le fils de Bachar al-Assad soutient sa thèse"),
        ("ja", "アサド氏の長男、SNSで近況"),
        ("tr", "Esad yıllar sonra ilk kez görüntülendi"),
        ("es", "Moscú negocia quedarse en la costa siria"),
    ],
)
def test_who_is_meant_need_not_be_said(rules: Rules, lang: str, title: str) -> None:
    assert _match(rules, title, lang=lang).relevant


def test_a_misspelt_name_weighs_less_than_an_exact_one(rules: Rules) -> None:
    exact = _match(rules, "Russia withdraws its crews from Khmeimim air base")
    misspelt = _match(rules, "Russia withdraws its crews from Khmeimmim air base")

    assert misspelt.relevant
    assert misspelt.score < exact.score
    assert [reason.text for reason in misspelt.reasons if reason.feature == "name_typo"] == ["Khmeimmim"]
    assert "name_typo" not in {reason.feature for reason in exact.reasons}


def test_a_misspelt_name_alone_is_not_heard(rules: Rules) -> None:
    assert not _match(rules, "Crews withdraw from Khmeimmim air base").touched


def test_the_gate_lets_a_misspelt_name_in_company_through(rules: Rules) -> None:
    assert "assad-exit" in rules.watchlist.concerned(fold("Russia withdraws its crews from Khmeimmim"))
    assert not rules.watchlist.concerned(fold("Crews withdraw from Khmeimmim"))


def test_a_comparison_scores_below_the_news_itself(rules: Rules) -> None:
    news = _match(rules, "Russia shelters Bashar al-Assad in Moscow")
    comparison = _match(rules, "He may end in exile like Bashar al-Assad")

    assert news.score > comparison.score


@given(x=st.floats(min_value=-500, max_value=500))
def test_the_logistic_function_is_symmetric(x: float) -> None:
    assert logistic(x) + logistic(-x) == pytest.approx(1)
    assert math.isclose(logistic(0), 0.5)
    assert LEVELS[0] == "title"
