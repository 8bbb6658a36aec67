"""Who takes part in an action, and as what."""

from __future__ import annotations

import pytest
from builders import NOON, an_entry

from service.core.events.extraction import read_events
from service.core.model import Event
from service.core.rules import Rules


def _event(rules: Rules, title: str, lang: str, summary: str = "") -> Event:
    story = rules.stories["assad-exit"]
    reading = rules.read(story, an_entry(title=title, summary=summary, lang=lang, published_at=NOON), anyway=True)
    assert reading is not None
    return read_events(reading, rules.compare[story.id].words)[0]


@pytest.mark.parametrize(
    ("lang", "title", "actor", "target"),
    [
        ("de", "Moskau verhandelt mit Syriens neuen Machthabern", "moscow", "syria"),
        ("en", "Moscow and Damascus open talks", "moscow", "damascus"),
        ("en", "Syria and Russia negotiate in Moscow", "syria", "russia"),
        ("en", "In Moscow, Syria negotiates with Russia", "syria", "russia"),
        ("en", "Russia says Moscow will negotiate with Syria", "russia", "syria"),
        ("he", "סוריה מנהלת משא ומתן עם רוסיה במוסקבה", "syria", "russia"),
        ("ru", "Москва ведёт переговоры с Дамаском", "moscow", "damascus"),
        ("es", "Putin recibe a Al Sharaa en el Kremlin", "putin", "sharaa"),
        ("en", "Damascus cancels Moscow's lease of Tartus", "damascus", "moscow"),
    ],
)
def test_a_capital_is_its_government_unless_it_is_the_place(
    rules: Rules, lang: str, title: str, actor: str, target: str
) -> None:
    event = _event(rules, title, lang)
    assert (event.actor, event.target) == (actor, target)


def test_nobody_talks_with_his_own_side(rules: Rules) -> None:
    event = _event(rules, "Lavrov and Putin meet Syria's Shaibani", "en")
    assert (event.actor, event.target) == ("lavrov", "shaibani")


@pytest.mark.parametrize(
    ("lang", "title", "asker", "actor"),
    [
        ("en", "Germany urges Russia to leave its bases in Syria", "germany", "russia"),
        ("en", "Moscow reacts to Germany's call on Russia to leave Tartus", "germany", "russia"),
        ("tr", "Almanya, Rusya'dan Tartus üssünden çekilmesini istedi", "germany", "russia"),
        ("tr", "Almanya, Rusya'nın Suriye'deki üslerinden çekilmesini istedi", "germany", "russia"),
        ("en", "Russia must leave its base at Tartus", None, "russia"),
    ],
)
def test_who_asks_is_told_from_who_is_to_act(
    rules: Rules, lang: str, title: str, asker: str | None, actor: str
) -> None:
    event = _event(rules, title, lang)
    assert (event.modality, event.speaker, event.actor) == ("demanded", asker, actor)


def test_a_minister_who_denies_a_pullout_does_not_pull_out(rules: Rules) -> None:
    event = _event(rules, "Lavrov denies withdrawal of Russian troops from Khmeimim", "en")
    assert (event.action, event.actor, event.target, event.modality) == ("withdraw", "russia", "khmeimim", "denied")


def test_a_name_inside_the_name_of_a_base_moves_nothing(rules: Rules) -> None:
    assert _event(rules, "Berths at Tartus naval base lie empty", "en").actor is None


def test_who_is_told_to_keep_away_is_seldom_a_country(rules: Rules) -> None:
    event = _event(rules, "Syrian fighters ordered to stay away from Russian troops", "en")
    assert (event.action, event.actor, event.target, event.modality) == ("avoid", None, "russia", "reported")


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("es", "Al Sharaa se reunirá con Putin"),
        ("en", "Sharaa is due in Moscow on Wednesday"),
        ("fr", "La Russie retirera ses troupes de Syrie"),
        ("it", "La Russia ritirerà le truppe dalla Siria"),
    ],
)
def test_a_future_is_a_plan(rules: Rules, lang: str, title: str) -> None:
    assert _event(rules, title, lang).modality == "planned"


def test_a_report_that_is_rejected_is_denied_not_refused(rules: Rules) -> None:
    event = _event(rules, "Moskau weist Berichte über Auslieferung Assads zurück", "de")
    assert (event.action, event.modality, event.negated) == ("extradite", "denied", False)


def test_what_a_headline_holds_possible_is_the_leads_speakers(rules: Rules) -> None:
    title, lead = "Russian bases in Syria may become hubs for aid", "Lavrov said that talks on it had begun."
    event = _event(rules, title, "en", lead)
    assert (event.action, event.modality, event.speaker, event.on_record) == ("repurpose", "possible", "lavrov", True)


def test_an_open_decision_is_told_rather_than_a_comment(rules: Rules) -> None:
    title, lead = "Kremlin comments on bases in Syria", "Peskov said that Russia has made no decision on the bases."
    event = _event(rules, title, "en", lead)
    assert (event.action, event.actor, event.speaker) == ("undecided", "russia", "peskov")


@pytest.mark.parametrize(
    ("lang", "title", "speaker"),
    [
        ("en", "Putin does not plan to meet Assad, according to Kremlin spokesman Dmitry Peskov", "peskov"),
        ("en", "Assad is ill, according to a doctor", None),
        ("en", "Russia will keep its bases in Syria, according to a senior official", None),
        ("de", "Assad ist laut einem Arzt krank", None),
        ("de", "Russland behält laut Lawrow seine Stützpunkte in Syrien", "lavrov"),
        ("fr", "Assad est malade selon un médecin", None),
        ("fr", "Les bases russes en Syrie resteront, selon un ministre syrien", "syria"),
        ("ru", "По словам врача, Асад болен", None),
        ("ru", "По словам Пескова, Путин не планирует встречу с Асадом", "peskov"),
        ("uk", "Росія збереже бази в Сирії, за словами посадовця", None),
    ],
)
def test_according_to_names_who_stands_behind_it(rules: Rules, lang: str, title: str, speaker: str | None) -> None:
    assert _event(rules, title, lang).speaker == speaker


def test_what_is_investigated_is_so_whatever_it_is_about(rules: Rules) -> None:
    event = _event(rules, "Prosecutors charge Assad over whether he ordered the attack on Tartus", "en")
    assert (event.action, event.modality) == ("charge", "reported")


def test_a_voice_of_its_own_after_a_comma_is_not_the_one_before(rules: Rules) -> None:
    assert _event(rules, "Assad leaves Moscow for the Gulf, fishermen say", "en").speaker is None
    assert _event(rules, "Peskov, speaking in Moscow, says troops will stay at Tartus base", "en").speaker == "peskov"


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Turkey proposes to Moscow joint use of airports in Syria"),
        ("he", "טורקיה הציעה למוסקבה שימוש משותף בשדות תעופה בסוריה"),
        ("tr", "Türkiye, Moskova'ya havaalanları için ortak kullanım teklif etti"),
    ],
)
def test_an_offer_is_told_with_whom_it_is_made_to(rules: Rules, lang: str, title: str) -> None:
    event = _event(rules, title, lang)
    assert (event.action, event.actor) == ("propose", "turkey")
