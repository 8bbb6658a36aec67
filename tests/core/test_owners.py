"""Whose troops are meant, who is only called on, and what is but trade."""

from __future__ import annotations

import pytest
from builders import an_entry

from service.core.rules import Rules

ANOTHERS = [
    ("en", "Russia calls on Israel to withdraw forces from Syria"),
    ("ru", "Россия призвала Израиль вывести войска из Сирии"),
    ("uk", "Росія закликала Ізраїль вивести війська із Сирії"),
    ("pl", "Rosja wzywa Izrael do wycofania wojsk z Syrii"),
    ("el", "Η Ρωσία ζητά αποχώρηση των ισραηλινών δυνάμεων από τη Συρία"),
    ("fa", "روسیه خواستار خروج نیروهای اسرائیلی از سوریه شد"),
    ("en", "US to keep troops in Syria; Moscow protests"),
    ("pl", "USA utrzymają wojska w Syrii, Moskwa protestuje"),
    ("fa", "آمریکا نیروهایش را در سوریه نگه می‌دارد؛ مسکو اعتراض کرد"),
    ("ru", "Военная база США в Сирии закрыта, сообщили российские СМИ"),
    ("en", "Moscow welcomes US withdrawal from Syria"),
    ("ru", "Кремль приветствует вывод войск США из Сирии"),
    ("es", "Moscú celebra la retirada estadounidense de Siria"),
    ("en", "Foreign fighters must leave Syria, Russia tells UN"),
    ("de", "Russland: Ausländische Kämpfer sollen Syrien verlassen"),
    ("en", "Sharaa invited to Washington; Russia wary"),
    ("de", "Al-Scharaa nach Washington eingeladen, Moskau reagiert zurückhaltend"),
]
TRADE = [
    ("en", "Russia and Syria sign deal on wheat supplies"),
    ("en", "Ship carrying Russian wheat docks at Tartus"),
    ("de", "Russland und Syrien unterzeichnen Abkommen über Weizenlieferungen"),
    ("fa", "روسیه و سوریه قرارداد گندم امضا کردند"),
    ("de", "Russische Hubschrauber löschen Waldbrände bei Latakia"),
    ("pl", "Rosja wysyła do Syrii nawozy przez Tartus"),
    ("pl", "Rosyjskie śmigłowce gaszą lasy w Latakii"),
]
OURS = [
    ("en", "Israel asks US to let Russia keep its bases in Syria"),
    ("en", "Russian and Turkish troops patrol near Qamishli"),
    ("uk", "Кремль просить Ізраїль вмовити Вашингтон залишити бази РФ у Сирії"),
    ("ru", "Россия заплатит за Тартус пшеницей"),
    ("fa", "روسیه اجاره طرطوس را با گندم می‌پردازد"),
    ("en", "US troops gone, Russia moves into Syrian base"),
    ("en", "US welcomes Russian withdrawal from Syria"),
    ("fr", "Washington salue le retrait russe de Syrie"),
    ("en", "Sharaa flies to Ankara and Moscow"),
    ("en", "All foreign troops must leave, Sharaa says, but Russian bases may stay"),
]


@pytest.mark.parametrize(("lang", "title"), ANOTHERS + TRADE)
def test_what_is_anothers_or_trade_is_no_follow_up(rules: Rules, lang: str, title: str) -> None:
    entry = an_entry(title=title, summary="", lang=lang)
    assert not rules.match(rules.stories["assad-exit"], entry).relevant


@pytest.mark.parametrize(("lang", "title"), OURS)
def test_what_is_asked_of_another_about_its_own_is_one(rules: Rules, lang: str, title: str) -> None:
    entry = an_entry(title=title, summary="", lang=lang)
    assert rules.match(rules.stories["assad-exit"], entry).relevant


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "It became known where Assad's family settled in Moscow"),
        ("uk", "Стало відомо, де в Москві оселилася родина Асада"),
        ("pl", "Wiadomo, gdzie w Moskwie mieszka rodzina Asada"),
    ],
)
def test_where_he_is_counts_when_that_is_what_became_known(rules: Rules, lang: str, title: str) -> None:
    entry = an_entry(title=title, summary="", lang=lang)
    assert rules.match(rules.stories["assad-exit"], entry).relevant


@pytest.mark.parametrize(
    ("lang", "title", "summary"),
    [
        ("en", "Sharaa arrives in Washington", "The Syrian president visited Moscow last month."),
        ("es", "Al Sharaa, recibido en Berlín", "El presidente sirio ya visitó Moscú en enero."),
        (
            "de",
            "Gespräche in Ankara: Syriens Präsident eingetroffen",
            "Zuvor hatte Al-Scharaa Putin in Moskau besucht.",
        ),
        ("ru", "Аш-Шараа прилетел в Париж", "Сирийский лидер посещал Москву в октябре."),
    ],
)
def test_a_journey_elsewhere_is_none_to_where_the_summary_recalls(
    rules: Rules, lang: str, title: str, summary: str
) -> None:
    entry = an_entry(title=title, summary=summary, lang=lang)
    assert not rules.match(rules.stories["assad-exit"], entry).relevant


@pytest.mark.parametrize(
    ("lang", "title", "is_his"),
    [
        ("ru", "Судьба Асада решается в Москве", True),
        ("de", "Schicksal von Assad in Moskau ungewiss", True),
        ("de", "Droht Maduro das Schicksal von Assad?", False),
        ("uk", "Доля Асада чекає і на Лукашенка", False),
        ("fa", "کسی به سرنوشت اسد دچار نمی‌شود", False),
    ],
)
def test_whose_fate_is_told(rules: Rules, lang: str, title: str, is_his: bool) -> None:
    entry = an_entry(title=title, summary="", lang=lang)
    assert rules.match(rules.stories["assad-exit"], entry).relevant is is_his
