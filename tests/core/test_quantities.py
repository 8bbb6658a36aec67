"""Numbers with what they count, in the languages and scripts that feeds write them in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.events.quantities import main_quantity, quantities
from service.core.language.number_words import NumberWords
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, read_entry
from service.core.rules import Rules

UNITS = frozenset({"ships", "days", "soldiers", "killed"})
NUMBERS = {"en": NumberWords({"two": 2, "six": 6, "dozens": None, "hundred": 100})}
ARABIC_INDIC, PERSIAN, DEVANAGARI, FULL_WIDTH = "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "０１２３４５６７８９"


def _counted(rules: Rules, text: str, lang: str) -> dict[str, int]:
    story = rules.stories["assad-exit"]
    words = rules.compare[story.id].words
    reading = read_entry(rules.watchlist, story, text, "", lang, anyway=True)
    assert reading is not None
    found: dict[str, int] = {}
    for sentence in reading.sentences:
        found.update(quantities(sentence, words.units, words.numbers))
    return found


def _sentence(text: str, unit: str, word: str) -> Sentence:
    start = text.index(word)
    hit = WordHit(unit, start, start + len(word))
    return Sentence("title", 0, len(text), text, "en", number=0, names=(), words=(hit,), ids=frozenset({unit}))


@pytest.mark.parametrize(
    ("lang", "text", "unit", "value"),
    [
        ("en", "Three soldiers guard the gate", "soldiers", 3),
        ("en", "A dozen soldiers guard the gate", "soldiers", 12),
        ("en", "Two dozen soldiers guard the gate", "soldiers", 24),
        ("en", "Twenty-five soldiers guard the gate", "soldiers", 25),
        ("en", "Two hundred and fifty soldiers guard the gate", "soldiers", 250),
        ("en", "One thousand two hundred soldiers guard the gate", "soldiers", 1200),
        ("en", "3 thousand soldiers guard the gate", "soldiers", 3000),
        ("en", "A bill of two million dollars", "dollars", 2_000_000),
        ("en", "A bill of $150.5 billion", "dollars", 150_500_000_000),
        ("en", "A bill of US$ 4.3bn", "dollars", 4_300_000_000),
        ("en", "A bill of up to 1900 million dollars", "dollars", 1_900_000_000),
        ("en", "A bill of $12m", "dollars", 12_000_000),
        ("en", "5.5 million people fled Syria", "people", 5_500_000),
        ("de", "Ein Schaden von 88 Mio. €", "euros", 88_000_000),
        ("de", "Ein Schaden von 150,5 Milliarden Dollar", "dollars", 150_500_000_000),
        ("es", "Una factura de 1.500 millones de dólares", "dollars", 1_500_000_000),
        ("es", "Una factura de 1,5 mil millones de dólares", "dollars", 1_500_000_000),
        ("pt", "Uma conta de 1,2 mil milhões de euros", "euros", 1_200_000_000),
        ("fr", "Une facture de 2,5 millions d'euros", "euros", 2_500_000),
        ("ru", "Счёт на 3 млн рублей", "roubles", 3_000_000),
        ("zh", "赔偿1500亿美元", "dollars", 150_000_000_000),
        ("ja", "1500億ドルの賠償", "dollars", 150_000_000_000),
        ("vi", "Hóa đơn 1,5 tỷ USD", "dollars", 1_500_000_000),
        ("ru", "Трое военных ранены у ворот", "soldiers", 3),
        ("ru", "Двадцать пять солдат у ворот", "soldiers", 25),
        ("ru", "Тридцать два грузовика у ворот", "vehicles", 32),
        ("uk", "Біля воріт загинули троє солдатів", "soldiers", 3),
        ("ar", "مقتل ثلاثة جنود عند البوابة", "soldiers", 3),
        ("ar", "خمسة وعشرون جنديا عند البوابة", "soldiers", 25),
        ("ar", "ثلاثة آلاف جندي عند البوابة", "soldiers", 3000),
        ("he", "שלושה חיילים ליד השער", "soldiers", 3),
        ("zh", "大门口有三名士兵", "soldiers", 3),
        ("zh", "至少三名士兵受伤", "soldiers", 3),
        ("zh", "十二艘俄罗斯军舰", "ships", 12),
        ("zh", "二百五十名士兵", "soldiers", 250),
        ("zh", "一千二百名士兵", "soldiers", 1200),
        ("zh", "3万名士兵", "soldiers", 30_000),
        ("zh", "三万五千名士兵", "soldiers", 35_000),
        ("fr", "Quatre-vingt douze soldats à la porte", "soldiers", 92),
        ("en", "On the 20 five soldiers leave", "soldiers", 5),
        ("en", "In one, two soldiers leave", "soldiers", 2),
        ("ja", "三人の兵士が門に立つ", "soldiers", 3),
        ("de", "Zwölf Soldaten am Tor", "soldiers", 12),
        ("de", "Zweitausend Soldaten am Tor", "soldiers", 2000),
        ("tr", "Kapıda üç asker", "soldiers", 3),
        ("tr", "Kapıda yirmi beş asker", "soldiers", 25),
        ("fr", "Quatre-vingt-dix soldats à la porte", "soldiers", 90),
        ("fr", "Soixante-quinze soldats à la porte", "soldiers", 75),
        ("fr", "Deux cents soldats à la porte", "soldiers", 200),
        ("es", "Treinta y cinco soldados en la puerta", "soldiers", 35),
        ("it", "Tre soldati alla porta", "soldiers", 3),
        ("pt", "Três soldados no portão", "soldiers", 3),
        ("pl", "Trzech żołnierzy przy bramie", "soldiers", 3),
        ("el", "Τρεις στρατιώτες στην πύλη", "soldiers", 3),
        ("vi", "Hai mươi binh sĩ ở cổng", "soldiers", 20),
    ],
)
def test_number_words_count(rules: Rules, lang: str, text: str, unit: str, value: int) -> None:
    assert _counted(rules, text, lang).get(unit) == value


@pytest.mark.parametrize("digits", ["0123456789", ARABIC_INDIC, PERSIAN, DEVANAGARI, FULL_WIDTH])
@given(figure=st.integers(min_value=0, max_value=1899))
def test_digits_of_any_script_count(digits: str, figure: int) -> None:
    written = "".join(digits[int(digit)] for digit in str(figure))

    found = quantities(_sentence(f"About {written} soldiers left", "soldiers", "soldiers"), UNITS, NUMBERS)

    assert found == {"soldiers": figure}


@pytest.mark.parametrize("separator", [",", ".", " ", "\u00a0", "’"])
@given(figure=st.integers(min_value=1000, max_value=99_999_999))
def test_thousands_separators_belong_to_the_number(separator: str, figure: int) -> None:
    written = f"{figure:,}".replace(",", separator)

    found = quantities(_sentence(f"About {written} soldiers left", "soldiers", "soldiers"), UNITS, NUMBERS)

    assert found == {"soldiers": figure}


@given(year=st.integers(min_value=1900, max_value=2100))
def test_a_year_is_no_figure(year: int) -> None:
    assert quantities(_sentence(f"Since {year} soldiers left", "soldiers", "soldiers"), UNITS, NUMBERS) == {}


@pytest.mark.parametrize("text", ["At 10:30 soldiers left", "On 12/12 soldiers left", "A share of 2.5 soldiers left"])
def test_clock_times_dates_and_fractions_count_nothing(text: str) -> None:
    assert quantities(_sentence(text, "soldiers", "soldiers"), UNITS, NUMBERS) == {}


def test_the_nearest_number_wins(rules: Rules) -> None:
    assert _counted(rules, "On 20 May five soldiers left on 3 ships", "en") == {"soldiers": 5, "ships": 3}
    assert _counted(rules, "Five or six soldiers left", "en") == {"soldiers": 6}


def test_a_number_counts_one_thing(rules: Rules) -> None:
    assert _counted(rules, "Five drones hit the base", "en") == {"drones": 5}
    assert _counted(rules, "Five drones hit two bases", "en") == {"drones": 5, "bases": 2}
    assert _counted(rules, "Three soldiers killed at the base", "en") == {"soldiers": 3, "killed": 3}
    assert _counted(rules, "П'ять безпілотників атакували базу", "uk") == {"drones": 5}


def test_what_flies_without_a_crew_is_no_plane(rules: Rules) -> None:
    assert _counted(rules, "خمس طائرات مسيرة فوق المدينة", "ar") == {"drones": 5}
    assert _counted(rules, "خمس طائرات فوق المدينة", "ar") == {"planes": 5}


def test_two_warships_after_six_days(rules: Rules) -> None:
    found = _counted(rules, "Two warships sail after six days", "en")

    assert found == {"ships": 2, "days": 6}
    assert main_quantity(found) == "2 ships"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Dozens of soldiers left"),
        ("en", "Three days ago dozens of soldiers left"),
        ("en", "Several soldiers left"),
        ("en", "Three dozens of soldiers left"),
        ("ru", "Десятки солдат ушли"),
        ("de", "Dutzende Soldaten ziehen ab"),
        ("fr", "Des dizaines de soldats sont partis"),
        ("ar", "عشرات الجنود غادروا"),
        ("zh", "数十名士兵离开"),
        ("tr", "Onlarca asker ayrıldı"),
    ],
)
def test_a_vague_number_is_none_and_hides_the_one_before_it(rules: Rules, lang: str, text: str) -> None:
    assert "soldiers" not in _counted(rules, text, lang)


def test_a_number_too_far_before_counts_nothing(rules: Rules) -> None:
    assert "ships" not in _counted(rules, "Five old and very rusty grey freighters with ships left", "en")


def test_an_ordinal_is_no_number(rules: Rules) -> None:
    assert _counted(rules, "第三艘军舰离开", "zh") == {}
    assert _counted(rules, "The third soldier left", "en") == {}


def test_a_half_is_no_whole_number(rules: Rules) -> None:
    assert _counted(rules, "Yarım asker", "tr") == {}


def test_a_number_that_begins_far_back_is_not_cut() -> None:
    text = "Some 15000 " + "counterrevolutionary-paramilitary-mountaineering-and-coastal soldiers left"

    assert quantities(_sentence(text, "soldiers", "soldiers"), UNITS, NUMBERS) == {}


def test_the_first_of_each_unit_counts(rules: Rules) -> None:
    assert _counted(rules, "Two ships sail, three ships stay", "en") == {"ships": 2}


def test_a_language_without_number_words_still_has_digits() -> None:
    sentence = _sentence("7 soldiers left", "soldiers", "soldiers")

    assert quantities(sentence, UNITS, {}) == {"soldiers": 7}


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ({}, None),
        ({"soldiers": 3, "killed": 2}, "2 killed"),
        ({"soldiers": 3, "wounded": 1}, "1 wounded"),
        ({"days": 6, "ships": 2}, "2 ships"),
        ({"days": 1}, "1 day"),
        ({"people": 1}, "1 person"),
        ({"soldiers": 0}, "0 soldiers"),
    ],
)
def test_the_quantity_to_show_reads_as_english(found: dict[str, int], shown: str | None) -> None:
    assert main_quantity(found) == shown


@pytest.mark.parametrize(
    ("lang", "text", "killed"),
    [
        ("en", "Death toll from the blast in Khmeimim rises to 33", 33),
        ("en", "Death toll of the 2024 strike rises to 33", 33),
        ("de", "Zahl der Toten in Khmeimim steigt auf 33", 33),
        ("fr", "Khmeimim : le bilan monte à 15 morts", 15),
        ("es", "El número de muertos en Tartús sube a 33", 33),
        ("ru", "Число погибших в Хмеймиме выросло до 33", 33),
        ("tr", "Hmeymim'de ölü sayısı 15'e yükseldi", 15),
        ("vi", "Số người chết ở Tartus tăng lên 33", 33),
        ("ja", "タルトゥースの死者数は33人に", 33),
        ("pl", "Liczba ofiar w Tartus wzrosła do 33", 33),
        ("en", "The toll road to Tartus", None),
    ],
)
def test_a_death_toll_counts_what_follows_it(rules: Rules, lang: str, text: str, killed: int | None) -> None:
    assert _counted(rules, text, lang).get("killed") == killed


@pytest.mark.parametrize(
    ("lang", "text", "counted"),
    [
        ("en", "Russia pays Syria $500 million for base access at Khmeimim", {"dollars": 500_000_000}),
        ("de", "Russland zahlt 500 € für den Stützpunkt Khmeimim", {"euros": 500}),
        ("en", "Russia withdraws 80% of its soldiers from Syria", {}),
        ("en", "Russia withdraws 800 soldiers from Syria", {"soldiers": 800}),
        ("de", "Russland hat 80 Prozent seiner Soldaten aus Syrien abgezogen", {}),
        ("tr", "Rusya Suriye'deki askerlerin yüzde 80'ini geri çekti", {}),
        ("ar", "روسيا سحبت 80 في المئة من جنودها من سوريا", {}),
        ("zh", "俄罗斯已从叙利亚撤出百分之80的士兵", {}),
        ("ru", "Россия вывела из Сирии 80 процентов солдат", {}),
    ],
)
def test_sums_and_shares_count_nothing_else(rules: Rules, lang: str, text: str, counted: dict[str, int]) -> None:
    assert _counted(rules, text, lang) == counted
