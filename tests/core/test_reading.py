"""Readings: exact spans in every language, and who is named in earnest and who in passing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.matching.reading import Reading, read_entry
from service.core.model import Role
from service.core.rules import Rules

NAMED = {
    "en": "Lorries of the Russian army roll through the gate of Khmeimim while Assad stays in Moscow",
    "ru": "Грузовики российской армии въехали на базу Хмеймим, а Асад остаётся в Москве",
    "uk": "Вантажівки російської армії в'їхали на базу Хмеймім, а Асад лишається в Москві",
    "ar": "شاحنات روسية تدخل قاعدة حميميم والأسد ما زال في موسكو",
    "fa": "کامیون‌های روسیه وارد پایگاه حمیمیم شدند و بشار اسد در مسکو است",
    "he": "משאיות רוסיות נכנסו לבסיס חמיימים ובשאר אסד נשאר במוסקבה",
    "tr": "Rus kamyonları Hmeymim üssüne girdi, Beşar Esad Moskova'da kalıyor",
    "de": "Russische Lastwagen rollen nach Hmeimim, Baschar al-Assad bleibt in Moskau",
    "fr": "Des camions russes entrent à Hmeimim, Bachar al-Assad reste à Moscou",
    "es": "Camiones rusos entran en Hmeimim y Bashar al Asad sigue en Moscú",
    "it": "Camion russi entrano a Hmeimim, Bashar al-Assad resta a Mosca",
    "pt": "Caminhões russos entram em Hmeimim e Bashar al-Assad fica em Moscou",
    "pl": "Rosyjskie ciężarówki wjechały do Hmejmim, Baszar al-Asad zostaje w Moskwie",
    "el": "Ρωσικά φορτηγά μπαίνουν στη Χμεϊμίμ, ο Μπασάρ αλ Άσαντ μένει στη Μόσχα",
    "zh": "俄罗斯卡车驶入赫梅米姆，阿萨德留在莫斯科",
    "ja": "ロシアのトラックがフメイミムに入り、アサドはモスクワにとどまる",
    "vi": "Xe tải Nga vào căn cứ Hmeimim, ông Assad ở lại Moscow",
}


def _read(rules: Rules, title: str, summary: str = "", lang: str | None = "en") -> Reading:
    reading = read_entry(rules.watchlist, rules.stories["assad-exit"], title, summary, lang, anyway=True)
    assert reading is not None
    return reading


def _how(rules: Rules, title: str, lang: str, entity: str = "bashar-assad") -> list[str | None]:
    reading = _read(rules, title, lang=lang)
    return [name.oblique for sentence in reading.sentences for name in sentence.names if name.entity == entity]


def _check_spans(reading: Reading) -> None:
    for sentence in reading.sentences:
        field = reading.text(sentence.field)
        assert field[sentence.start : sentence.end] == sentence.text
        places = [(found.start, found.end) for found in sentence.names]
        places += [(found.start, found.end) for found in sentence.words]
        assert all(sentence.start <= start < end <= sentence.end for start, end in places)
    for mention in reading.mentions():
        assert reading.text(mention.span.field)[mention.span.start : mention.span.end] == mention.surface


@pytest.mark.parametrize(("lang", "text"), NAMED.items())
def test_the_base_and_the_man_are_found_at_their_exact_place(rules: Rules, lang: str, text: str) -> None:
    reading = _read(rules, text, f"{text}. \N{PUSHPIN} {text}", lang)

    _check_spans(reading)
    assert {"khmeimim", "bashar-assad", "moscow"} <= {mention.entity for mention in reading.mentions()}
    assert {mention.span.field for mention in reading.mentions()} == {"title", "summary"}


@pytest.mark.parametrize(("lang", "text"), NAMED.items())
def test_decomposed_text_is_read_alike_and_quoted_as_it_came(rules: Rules, lang: str, text: str) -> None:
    composed, decomposed = _read(rules, text, lang=lang), _read(rules, unicodedata.normalize("NFD", text), lang=lang)

    _check_spans(decomposed)
    surfaces = [unicodedata.normalize("NFC", mention.surface) for mention in decomposed.mentions()]
    if lang != "ja":  # a voiced mark of its own is no part of a Japanese name yet
        assert surfaces == [unicodedata.normalize("NFC", mention.surface) for mention in composed.mentions()]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_spans_hold_for_any_mixture_of_texts(rules: Rules, data: st.DataObject) -> None:
    piece = st.one_of(st.sampled_from(sorted(NAMED.values())), st.text(max_size=12))
    title, summary = ("".join(data.draw(st.lists(piece, max_size=4))) for _ in range(2))

    _check_spans(_read(rules, title, summary, data.draw(st.sampled_from([None, "en", "ar", "zh", "xx", "pt-BR"]))))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Syrians rebuild a year after the fall of Assad"),
        ("en", "The Assad regime left Damascus empty tills"),
        ("ru", "Сирия после падения режима Асада"),
        ("fr", "La Syrie après la chute de Bachar al-Assad"),
        ("de", "Syrien nach dem Sturz von Baschar al-Assad"),
        ("es", "Siria tras la caída de Bashar al Asad"),
        ("ar", "سوريا بعد سقوط نظام بشار الأسد"),
        ("it", "La Siria dopo la caduta di Bashar al-Assad"),
    ],
)
def test_a_name_that_is_a_mere_time_is_background(rules: Rules, lang: str, text: str) -> None:
    assert _how(rules, text, lang) == ["background"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "After Bashar al-Assad, Putin looks for other friends"),
        ("de", "Nach Baschar al-Assad: Putin sucht neue Freunde"),
        ("ru", "После Башара Асада: Путин ищет новых друзей"),
        ("ar", "بعد بشار الأسد.. بوتين يبحث عن أصدقاء"),
        ("fr", "Après Bachar al-Assad, Poutine cherche des amis"),
        ("tr", "Beşar Esad'dan sonra Putin yeni dostlar arıyor"),
        ("zh", "巴沙尔·阿萨德之后,普京寻找新朋友"),
    ],
)
def test_a_name_that_an_opening_time_is_told_by_is_background(rules: Rules, lang: str, text: str) -> None:
    assert "background" in _how(rules, text, lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "After Bashar al-Assad's illness Moscow is silent"),
        ("en", "Police go after Bashar al-Assad, a court says"),
        ("de", "Nach Baschar al-Assad wird in Moskau gefragt"),
    ],
)
def test_a_name_behind_after_may_be_meant_itself(rules: Rules, lang: str, text: str) -> None:
    assert "background" not in _how(rules, text, lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The ruler may end like Assad, in Moscow"),
        ("en", "He fears the fate of Assad in Moscow"),
        ("ru", "Он может кончить как Асад в Москве"),
        ("fr", "Il pourrait finir comme Bachar al-Assad"),
        ("de", "Er könnte enden wie Baschar al-Assad"),
        ("es", "Podría acabar como Bashar al Asad"),
        ("zh", "在莫斯科他的命运像阿萨德"),
        ("de", "Er endet in Moskau, wie Baschar al-Assad"),
        ("pl", "Czy skończy w Moskwie jak Baszar al-Asad?"),
        ("uk", "Він опиниться в Москві, як Башар Асад"),
    ],
)
def test_a_name_that_is_an_example_is_an_analogy(rules: Rules, lang: str, text: str) -> None:
    assert "analogy" in _how(rules, text, lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Cousin of former President Bashar al-Assad on trial"),
        ("en", "Cousin of the ousted president Bashar al-Assad on trial"),
        ("ru", "Двоюродный брат бывшего президента Башара Асада под судом"),
        ("de", "Cousin von Ex-Präsident Baschar al-Assad vor Gericht"),
    ],
)
def test_a_relative_is_told_from_the_man_across_his_title(rules: Rules, lang: str, text: str) -> None:
    assert _how(rules, text, lang) == ["background"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Another arrest warrant for Bashar al-Assad"),
        ("pl", "Kolejny nakaz aresztowania Baszara al-Asada"),
        ("es", "Otra orden de arresto contra Bashar al Asad"),
    ],
)
def test_another_of_what_is_done_to_a_man_makes_him_no_example(rules: Rules, lang: str, text: str) -> None:
    assert _how(rules, text, lang) == [None]


@pytest.mark.parametrize(("lang", "text"), NAMED.items())
def test_a_name_in_earnest_is_direct(rules: Rules, lang: str, text: str) -> None:
    assert None in _how(rules, text, lang)


@pytest.mark.parametrize(
    ("lang", "text"), [("de", "Wie Baschar al-Assad in Moskau lebt"), ("ru", "Как Башар Асад бежал")]
)
def test_a_word_that_may_mean_like_also_means_how(rules: Rules, lang: str, text: str) -> None:
    assert _how(rules, text, lang) == [None]


def test_sentences_can_leave_out_who_is_named_in_passing(rules: Rules) -> None:
    sentence = _read(rules, "Khmeimim stays calm after the fall of Assad").sentences[0]

    assert sentence.entities() == {"khmeimim", "bashar-assad"}
    assert sentence.entities(oblique=False) == {"khmeimim"}


def test_a_surname_alone_needs_company(rules: Rules) -> None:
    story = rules.stories["assad-exit"]

    assert read_entry(rules.watchlist, story, "Assad opens a bakery", "", "en") is None
    assert read_entry(rules.watchlist, story, "Assad opens a bakery in Moscow", "", "en") is not None
    assert read_entry(rules.watchlist, story, "Assad opens a bakery", "Bashar al-Assad bakes.", "en") is not None


def test_an_item_that_names_nobody_is_read_only_when_wanted_anyway(rules: Rules) -> None:
    story = rules.stories["assad-exit"]

    assert read_entry(rules.watchlist, story, "Bakery opens", "", "en") is None
    assert read_entry(rules.watchlist, story, "Bakery opens", "", "en", anyway=True) is not None


def test_title_and_summary_may_differ_in_language(rules: Rules) -> None:
    reading = _read(rules, NAMED["en"], NAMED["ru"], "en")

    assert [sentence.lang for sentence in reading.sentences] == ["en", "ru"]
    assert {m.span.field for m in reading.mentions() if m.entity == "bashar-assad"} == {"title", "summary"}


def test_a_long_summary_is_read_to_its_limit_only(rules: Rules) -> None:
    filler = "Nothing of note happened at the market. " * 60
    reading = _read(rules, "Market notes", filler + "Russian troops left Khmeimim.")

    assert list(reading.names(Role.CORE)) == []
    assert max(sentence.end for sentence in reading.sentences) <= 2000
    assert reading.summary.endswith("left Khmeimim.")


def test_the_lead_is_the_first_two_sentences_of_the_summary(rules: Rules) -> None:
    reading = _read(rules, "Ships sail. Crews wave.", "One sails. Two sail. Three sail.")

    assert [sentence.text for sentence in reading.title_sentences] == ["Ships sail.", "Crews wave."]
    assert [sentence.text for sentence in reading.lead] == ["One sails.", "Two sail."]
    assert [sentence.number for sentence in reading.sentences] == [0, 1, 2, 3, 4]


def test_an_empty_text_has_no_sentences(rules: Rules) -> None:
    assert _read(rules, "", "", None).sentences == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "First words from Assad since his fall"),
        ("tr", "Esad'dan düştükten sonra ilk mesaj"),
        ("zh", "阿萨德下台后首度发声"),
        ("pl", "Asad zabrał głos po ucieczce"),
    ],
)
def test_a_phrase_of_the_story_that_holds_a_surname_vouches_for_it(rules: Rules, lang: str, text: str) -> None:
    reading = read_entry(rules.watchlist, rules.stories["assad-exit"], text, "", lang)

    assert reading is not None
    assert [name.oblique for name in reading.sentences[0].names if name.entity == "bashar-assad"] == [None]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Todesurteil gegen Assad"),
        ("fr", "Un juge délivre un mandat contre Assad"),
        ("it", "Condanna a morte per Assad"),
        ("pl", "Kara śmierci dla Asada"),
        ("zh", "法院判处阿萨德死刑"),
        ("el", "Θανατική ποινή για τον Άσαντ"),
        ("ja", "アサド氏の逮捕状取り消し"),
        ("it", "L'ultima notte di Assad"),  # a phrase of the story's own, which a thread wants beside him alone
    ],
)
def test_what_a_state_does_to_the_named_one_vouches_for_a_surname(rules: Rules, lang: str, text: str) -> None:
    assert read_entry(rules.watchlist, rules.stories["assad-exit"], text, "", lang) is not None


def test_what_stands_behind_a_comma_is_no_label_of_the_name_before(rules: Rules) -> None:
    assert _how(rules, "Esad, rejim ordusunu Moskova'da anlattı", "tr") == [None]
    assert _how(rules, "Esad rejimi Moskova'da", "tr") == ["background"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Karim Asad sentenced to life over Karachi murder"),
        ("fr", "Sofiane Assad condamné pour trafic"),
        ("de", "Rapper Tarek Asad zu Haftstrafe verurteilt"),
        ("tr", "Ünlü türkücü Mehmet Esad gözaltında, müebbet istendi"),
    ],
)
def test_a_surname_behind_another_given_name_is_somebody_elses(rules: Rules, lang: str, text: str) -> None:
    assert read_entry(rules.watchlist, rules.stories["assad-exit"], text, "", lang) is None


@pytest.mark.parametrize(
    ("lang", "anothers", "his"),
    [
        ("tr", "Esad Yılmaz hapis cezasına çarptırıldı", "Esad gıyabında hapis cezasına çarptırıldı"),
        ("es", "Asad Umar, condenado a prisión", "Asad, condenado a prisión"),
        ("fr", "Assad Traoré condamné à la prison", "Assad condamné à la prison"),
    ],
)
def test_a_given_name_before_another_surname_is_not_his(rules: Rules, lang: str, anothers: str, his: str) -> None:
    assert _how(rules, anothers, lang) == []
    assert _how(rules, his, lang) == [None]
