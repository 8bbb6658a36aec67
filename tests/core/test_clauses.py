"""Background clauses in seventeen languages: a flight told in passing is not what happened; one that is told is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders import an_entry

from service.core.matching.reading import Reading, read_entry
from service.core.rules import Rules

STORY = "assad-exit"
NOW = datetime(2025, 3, 3, tzinfo=UTC)


def _read(rules: Rules, text: str, lang: str) -> Reading:
    reading = read_entry(rules.watchlist, rules.stories[STORY], text, "", lang, anyway=True)
    assert reading is not None
    return reading


def _flights(rules: Rules, text: str, lang: str) -> list[bool]:
    """Return, for every word that says "flee" or "in Russia", whether it stands in the background."""
    words = [word for sentence in _read(rules, text, lang).sentences for word in sentence.words]
    return [word.background for word in words if word.word_class in {"flee", "in_russia"}]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Assad, who fled to Moscow, left a yacht behind"),
        ("en", "The town was besieged by Assad, who now lives in Moscow"),
        ("de", "Die Stadt wurde von Assad belagert, der heute in Moskau lebt"),
        ("fr", "La ville fut assiégée par Assad, aujourd'hui réfugié à Moscou"),
        ("it", "La città fu assediata da Assad, oggi rifugiato a Mosca"),
        ("pl", "Miasto oblegał Asad, który dziś mieszka w Moskwie"),
        ("uk", "Місто обстрілював Асад, який нині живе в Москві"),
        ("fa", "این شهر را بشار اسد که در مسکو زندگی می‌کند محاصره کرده بود"),
        ("he", "העיר הופצצה בידי אסד, שמתגורר במוסקבה"),
        ("en", "The yacht was sold before Assad fled to Moscow"),
        ("fr", "Le yacht d'Assad, réfugié à Moscou, est à vendre"),
        ("de", "Die Yacht des nach Moskau geflohenen Assad wird verkauft"),
        ("es", "El yate que Asad vendió antes de huir a Rusia"),
        ("it", "Assad, fuggito a Mosca, aveva uno yacht"),
        ("pt", "O iate de Assad, refugiado em Moscou, vai a leilão"),
        ("pl", "Asad, który uciekł do Moskwy, miał jacht"),
        ("ru", "Яхту бежавшего в Россию Асада продали"),
        ("uk", "Асад, який втік до Москви, мав яхту"),
        ("ar", "يخت الأسد الهارب إلى موسكو يباع"),
        ("fa", "قایق اسد که به روسیه گریخت فروخته شد"),
        ("tr", "Moskova'ya kaçan Esad'ın yatı satıldı"),
        ("he", "היאכטה של אסד, שברח לרוסיה, נמכרה"),
        ("el", "Το γιοτ του Άσαντ, που διέφυγε στη Μόσχα, πωλείται"),
        ("zh", "逃往莫斯科的阿萨德的游艇被出售"),
        ("ja", "ロシアに逃れたアサド氏のヨット、競売へ"),
        ("vi", "Du thuyền ông Assad bỏ lại khi trốn sang Nga được bán"),
    ],
)
def test_a_flight_told_in_passing_is_background(rules: Rules, lang: str, text: str) -> None:
    flights = _flights(rules, text, lang)

    assert flights != []
    assert all(flights), text


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Assad fled to Moscow on a cargo plane"),
        ("fr", "Assad a fui à Moscou en avion-cargo"),
        ("de", "Assad ist nach Moskau geflohen"),
        ("es", "Asad huyó a Rusia en un avión de carga"),
        ("ru", "Асад бежал в Россию на грузовом самолете"),
        ("tr", "Esad Moskova'ya kaçtı"),
        ("ar", "الأسد فر إلى موسكو على متن طائرة شحن"),
        ("zh", "阿萨德乘货机逃往莫斯科"),
        ("ja", "アサド氏がモスクワに逃亡"),
    ],
)
def test_a_flight_that_is_told_is_not(rules: Rules, lang: str, text: str) -> None:
    flights = _flights(rules, text, lang)

    assert flights != []
    assert not any(flights), text


def test_a_clause_ends_with_the_place_it_leads_to(rules: Rules) -> None:
    reading = _read(rules, "Assad, who fled to Moscow last year is ill in Russia", "en")

    assert [name.oblique for name in reading.sentences[0].names if name.entity in {"moscow", "russia"}] == [
        "background",
        None,
    ]


@pytest.mark.parametrize(
    "title", ["Assad, who fled to Moscow, falls ill", "Warrant issued for Assad, who fled to Moscow"]
)
def test_news_beside_a_background_clause_is_news(rules: Rules, title: str) -> None:
    entry = an_entry(title=title, summary="", lang="en", published_at=NOW, first_seen_at=NOW, seen_at=NOW)

    assert rules.match(rules.stories[STORY], entry).relevant


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Raids hit the coast at Tartus, where Russia keeps a base, at night"),
        ("de", "Angriff nahe Tartus, wo Russland einen Stützpunkt hat, am Abend"),
        ("fr", "Frappe à Tartous, où la Russie a une base, dans la nuit"),
        ("es", "Ataque en Tartús, donde Rusia tiene una base, de noche"),
        ("pl", "Atak koło Tartusu, gdzie Rosja ma bazę, w nocy"),
        ("ru", "Удар у Тартуса, где находится российская база, ночью"),
        ("uk", "Удар біля Тартуса, де є російська база, вночі"),
        ("ar", "غارات قرب طرطوس حيث توجد قاعدة روسية"),
        ("tr", "Rus üssünün bulunduğu Tartus vuruldu"),
        ("zh", "俄军基地所在的塔尔图斯遭空袭"),
    ],
)
def test_what_is_known_of_a_place_is_background(rules: Rules, lang: str, text: str) -> None:
    words = [word for sentence in _read(rules, text, lang).sentences for word in sentence.words]

    assert [word.background for word in words if word.word_class == "base"][:1] == [True]


def test_what_happens_in_a_place_is_told_behind_where_too(rules: Rules) -> None:
    words = _read(rules, "Silence at Tartus, where Russia withdraws from its base", "en").sentences[0].words

    assert not any(word.background for word in words if word.word_class in {"base", "withdraw"})


@pytest.mark.parametrize(
    ("lang", "old", "new"),
    [
        ("en", "Assad fled to Moscow in December 2024", "Assad fled to Minsk in May 2026"),
        ("de", "Assad ist im Dezember 2024 nach Moskau geflohen", "Assad ist im Mai 2026 nach Minsk geflohen"),
        ("fr", "Assad a fui à Moscou en décembre 2024", "Assad a fui à Minsk en mai 2026"),
        ("it", "Assad è fuggito a Mosca nel 2024", "Assad è fuggito a Minsk nel 2026"),
        ("ru", "Асад бежал в Москву в декабре 2024 года", "Асад бежал в Минск в мае 2026 года"),
        ("zh", "阿萨德2024年12月逃往莫斯科，其政权被控犯罪", "阿萨德2026年5月逃往明斯克，其政权被控犯罪"),
        ("ja", "アサド前大統領は2024年12月にロシアへ逃亡した", "アサド前大統領は2026年5月にロシアから逃亡した"),
        ("vi", "Ông Assad đã chạy sang Nga tháng 12/2024", "Ông Assad đã chạy sang Minsk tháng 5/2026"),
    ],
)
def test_a_lead_that_dates_the_flight_to_the_storys_first_days_recalls_it(
    rules: Rules, lang: str, old: str, new: str
) -> None:
    def fled(text: str) -> list[bool]:
        reading = read_entry(rules.watchlist, rules.stories[STORY], "Homs", f"{text}.", lang, anyway=True)
        assert reading is not None
        return [word.background for s in reading.lead for word in s.words if word.word_class == "flee"]

    assert fled(old)
    assert all(fled(old))
    assert fled(new)
    assert not any(fled(new))


def test_what_is_told_beside_a_dated_flight_is_news(rules: Rules) -> None:
    text = "A court sentenced Assad who fled to Moscow in December 2024 to death."
    reading = read_entry(rules.watchlist, rules.stories[STORY], "Homs", text, "en", anyway=True)
    assert reading is not None
    assert [w.background for s in reading.lead for w in s.words if w.word_class == "sentence"] == [False]
