"""Drafting a story from an article about anything: what is found, that the file is sound, and that it follows up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import an_entry

from service.commands.cli import main
from service.core.drafting.candidates import NameWords
from service.core.drafting.draft import Article, draft_story, guess_language
from service.core.drafting.naming import find_names
from service.core.drafting.proposal import Draft
from service.core.errors import Invalid
from service.core.model import Role
from service.core.rules import Rules
from service.loading.draft_files import draft_text, load_name_words, read_article, story_id_of
from service.loading.lexicon_files import load_lexicon
from service.loading.story_files import read_story
from service.loading.weight_file import load_weights

ARTICLES = Path(__file__).parent.parent / "data" / "articles"
PUBLISHED = datetime(2025, 2, 4, tzinfo=UTC)


@lru_cache
def drafted(name: str) -> Draft:
    article = Article(text=read_article(ARTICLES / name), published_at=PUBLISHED)
    return draft_story(article, load_lexicon(), load_name_words())


def drafted_from(text: str) -> Draft:
    return draft_story(Article(text=text, published_at=PUBLISHED), load_lexicon(), load_name_words())


def text_of(draft: Draft, **over: Any) -> str:
    values: dict[str, Any] = {
        "story_id": "draft",
        "outlet": "Example Post",
        "url": None,
        "published_at": PUBLISHED,
        "dated": "option",
    }
    return draft_text(draft, load_lexicon(), **values | over)


@dataclass(frozen=True)
class Case:
    """An article of ours, what must be found in it, and headlines of a week later."""

    lang: str
    core: dict[str, str]  # name → type
    others: dict[str, str]
    follow_up: str
    unrelated: str


CASES = {
    "bridge.en.txt": Case(
        "en",
        {"Ada Holm": "person", "Veldt Bridge": "facility"},
        {"Norrholm": "place", "Castrum": "place", "Piet Aaland": "person", "IBS": "organization"},
        "Holm and builder Stahl & Sohn agree on who pays for Veldt Bridge",
        "Ten bridges to see before you are forty",
    ),
    "schleuse.de.txt": Case(
        "de",
        {"Schleuse Brunsdorf": "facility", "Katrin Lohse": "person"},
        {"BWW": "organization"},
        "Lohse einigt sich mit Reeder auf Reparatur der Schleuse Brunsdorf",
        "Die schönsten Kanäle für den Urlaub",
    ),
    "bank.de.txt": Case(
        "de",
        {"Nordhanse Bank": "organization", "Henrik Volkerts": "person"},
        {"Marlies Tornow": "person", "Katrin Oldehoff": "person"},
        "Nordhanse Bank: Insolvenzverwalter findet keinen Käufer",
        "Sparkasse eröffnet neue Filiale",
    ),
    "minister.en.txt": Case(
        "en",
        {"Carmel Zerafa": "person", "Marsa tunnel": "facility", "Helvex": "organization"},
        {"Raymond Portelli": "person", "Stephanie Borg": "person", "Urs Lanter": "person"},
        "Zerafa jailed for seven years over Marsa tunnel bribes",
        "Malta raises tax on short-term rentals",
    ),
    "vol.fr.txt": Case(
        "fr",
        {"Luc Ferrand": "person", "Hélène Marchal": "person", "Gênes": "place", "musée de Sarrance": "facility"},
        {},
        "Luc Ferrand extradé vers la France",
        "Le musée du Louvre ouvre plus tard lundi",
    ),
    "cells.en.txt": Case(
        "en",
        {"Voltava": "organization", "Kestrel Motors": "organization"},
        {"Peter Arnesson": "person", "Maria Lindqvist": "person", "Voltava Polska": "organization"},
        "Voltava trustee closes the plant, 3,400 jobs lost",
        "Ten electric cars for the winter",
    ),
    "ferry.fr.txt": Case(
        "fr",
        {"Étoile de Brume": "vessel", "Armorlignes": "organization", "Port-Caradec": "place"},
        {"Bruno Tessier": "person", "Sophie Arnal": "person"},
        "Armorlignes : le commandant de l'Étoile de Brume condamné à deux ans de prison",
        "Les plus belles plages de la région",
    ),
    "hafen.de.txt": Case(
        "de",
        {"Erik Sandvoss": "person", "Meridian Shipping": "organization", "Nordmark": "place"},
        {"Hafen Olsund": "facility", "Karin Thalberg": "person", "Bürgerpartei": "organization"},
        "Meridian Shipping zieht Angebot für Olsund zurück",
        "Die schönsten Radwege an der Küste",
    ),
    "puente.es.txt": Case(
        "es",
        {"puente de San Telmo": "facility", "Almería del Mar": "country", "Obraluz": "organization"},
        {"Pablo Medrano": "person", "Inés Quiroga": "person"},
        "Obraluz demanda al Gobierno por el puente de San Telmo",
        "Diez recetas para el verano",
    ),
    "zavod.ru.txt": Case(
        "ru",
        {"Каменогорска": "place", "Игорь Лаптев": "person", "Северный": "organization"},
        {},
        "Инженеру завода «Северный» предъявлено обвинение, Лаптев обещал компенсации",
        "Открылась выставка кошек",
    ),
    "sadd.ar.txt": Case(
        "ar",
        {"المنارة": "place", "الحداد": "person"},
        {},
        "الحداد يطالب بتعويض سكان المنارة بعد اكتشاف تسرب",
        "افتتاح معرض الكتاب",
    ),
    "daqiao.zh.txt": Case(
        "zh",
        {"林文海": "person", "青州大桥": "facility"},
        {"白沙岛": "organization"},
        "林文海与代表就青州大桥达成协议",
        "北京举办书展",
    ),
    "minato.ja.txt": Case(
        "ja",
        {"北浜港": "facility"},
        {"ノルデン海運": "organization"},
        "北浜港の座礁で船長を起訴",
        "東京で花火大会",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_draft_names_what_the_article_is_about(name: str) -> None:
    case, draft = CASES[name], drafted(name)
    found = {form: entity for entity in draft.entities for form in entity.names}
    assert draft.lang == case.lang
    assert {form: found[form].type for form in case.core} == case.core
    assert {found[form].role for form in case.core} == {Role.CORE}
    assert {form: found[form].type for form in case.others} == case.others


@pytest.mark.parametrize("name", CASES)
def test_the_draft_is_a_sound_story_that_finds_a_follow_up(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    file = tmp_path / "draft.yaml"
    file.write_text(text_of(drafted(name)), encoding="utf-8")
    story = read_story(file, load_lexicon())
    assert (story.lang, story.as_of) == (case.lang, PUBLISHED)
    rules = Rules.of([story], load_lexicon(), load_weights())
    later = PUBLISHED + timedelta(days=7)
    for title, relevant in ((case.follow_up, True), (case.unrelated, False)):
        entry = an_entry(title, title=title, summary="", lang=case.lang, published_at=later, first_seen_at=later)
        assert rules.match(story, entry).relevant is relevant, title


@pytest.mark.parametrize("name", CASES)
def test_no_sentence_of_the_article_is_in_the_draft(name: str) -> None:
    draft = drafted(name)
    body = read_article(ARTICLES / name).partition("\n")[2]
    for fact in draft.facts:
        assert fact.statement.rstrip(".") not in body


def test_facts_are_lines_of_our_own_with_what_would_change_them() -> None:
    [meeting] = [fact for fact in drafted("bridge.en.txt").facts if fact.event.action == "meet"]
    assert meeting.statement == "Ada Holm meets Piet Aaland."
    document = yaml.safe_load(text_of(drafted("bridge.en.txt")))
    changed = next(fact for fact in document["facts"] if fact["id"] == meeting.id)["changed_by"]
    assert {change["stance"] for change in changed} == {"contradicts", "confirms"}


def test_what_nobody_said_for_certain_has_a_note_beside_it() -> None:
    text = text_of(drafted("daqiao.zh.txt"), dated=None, outlet="")
    for note in (
        "no capitals",
        "today: put when",
        "# who printed it",
        "# a guess",
        "base forms only",
        "Strike what is",
    ):
        assert note in text
    assert "TODO" not in text


def test_marks_that_turn_text_round_do_not_reach_the_file() -> None:
    article = Article(
        text="\u202eAda Holm\u2066 met Ada Holm\u2028 and Piet Aaland. Ada Holm met Piet Aaland.",
        title='He said: "stop"\x07 # not a comment',
        published_at=PUBLISHED,
    )
    text = text_of(draft_story(article, load_lexicon(), load_name_words()))
    assert not {"\u202e", "\u2066", "\u2028", "\x07"} & set(text)
    assert yaml.safe_load(text)["article"]["headline"] == 'He said: "stop" # not a comment'


@pytest.mark.parametrize("text", ["a", "nothing here has a name.", "...", "1 2 3", "🙂🙂🙂", "א"])
def test_a_text_that_names_nothing_is_refused(text: str) -> None:
    draft = draft_story(Article(text=text, published_at=PUBLISHED), load_lexicon(), load_name_words())
    with pytest.raises(Invalid, match="names nothing that could be followed"):
        text_of(draft)


def test_a_headline_is_the_first_line_or_else_the_first_sentence() -> None:
    assert drafted("bridge.en.txt").headline == "Engineers close Veldt Bridge after crack is found"
    body = "Ada Holm met Piet Aaland in Lunde. Holm left."
    draft = draft_story(Article(text=body, published_at=PUBLISHED), load_lexicon(), load_name_words())
    assert (draft.headline, draft.headline_is_guessed) == ("Ada Holm met Piet Aaland in Lunde.", True)
    assert "# its first sentence" in text_of(draft)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The house is on the hill and it was built by them", "en"),
        ("La casa está en la colina y fue construida por ellos", "es"),
        ("A casa fica na colina e foi construída por eles", "pt"),
        ("La casa è sulla collina ed è stata costruita da loro", "it"),
        ("Dom jest na wzgórzu i został zbudowany przez nich", "pl"),
        ("Ev tepede ve onlar için bir usta olarak yapıldı", "tr"),
        ("Ngôi nhà ở trên đồi và được xây bởi những người này", "vi"),
        ("Будинок стоїть на пагорбі і його збудували вони", "uk"),
        ("این خانه در تپه است و آن را ساخته اند", "fa"),
        ("הבית נמצא על הגבעה", "he"),
        ("Το σπίτι είναι στον λόφο", "el"),
    ],
)
def test_the_language_is_told_by_script_and_common_words(text: str, lang: str) -> None:
    assert guess_language(text, load_name_words()) == lang


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It hit Oslo. The Oslo mayor met the mayor of Oslo.", {"Oslo"}),
        ("They asked the IBS and, again, the IBS.", {"IBS"}),
        ("Later Later Later. Nobody came.", set()),
        ("They saw Ruritanian President Ada Holm and Ada Holm's aide.", {"Ruritanian", "Ada Holm"}),
        ("They said Ursula von Tarn met Hayat al-Rum there.", {"Ursula von Tarn", "Hayat al-Rum"}),
    ],
)
def test_capitals_make_a_name_only_where_they_must_be_one(text: str, names: set[str]) -> None:
    words = load_name_words()["en"]
    assert {candidate.name for candidate in find_names("", text, "en", words)} == names


def test_a_language_without_words_of_its_own_is_read_by_its_capitals() -> None:
    found = find_names("", "Zij zag Ada Holm. Zij zag Piet Aaland.", "nl", NameWords())
    assert {"Ada Holm", "Piet Aaland"} <= {candidate.name for candidate in found}


def test_an_id_is_the_files_name_where_it_can_be() -> None:
    draft = drafted("bridge.en.txt")
    assert story_id_of(draft, Path("veldt-bridge.yaml")) == "veldt-bridge"
    assert story_id_of(draft, Path("Veldt Bridge.yaml")) == "ada-holm-veldt-bridge"
    assert story_id_of(draft, None) == "ada-holm-veldt-bridge"


@pytest.mark.parametrize(("body", "words"), [(b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "as UTF-8")])
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, body: bytes, words: str) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(body)
    with pytest.raises(Invalid, match=words):
        read_article(file)


def test_the_command_writes_a_file_that_the_check_accepts_and_replaces_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "veldt-bridge.yaml"
    command = ["story", "draft", str(ARTICLES / "bridge.en.txt"), "--outlet", "Example Post", "-o", str(out)]
    command += ["--published", "2025-02-04", "--url", "https://post.example/bridge", "--title", "Veldt Bridge closed"]
    assert main(command) == 0
    assert "review it" in capsys.readouterr().out
    assert main(["story", "check", str(out)]) == 0
    assert "story veldt-bridge is sound" in capsys.readouterr().out
    assert main(command) == 2
    assert "replaces nothing" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value"), [("--url", "ftp://x"), ("--lang", "xx")])
def test_a_bad_option_is_named(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["story", "draft", str(ARTICLES / "bridge.en.txt"), option, value]) == 2
    assert value in capsys.readouterr().err


def test_a_draft_proposes_subjects_that_are_told_of_together() -> None:
    (first, *_) = drafted("bank.de.txt").patterns
    assert {"insolvency", "savings", "takeover", "arrest", "shut_down"} <= set(first[1].split("|"))


def test_the_command_takes_the_day_from_the_article(tmp_path: Path) -> None:
    out = tmp_path / "cells.yaml"
    assert main(["story", "draft", str(ARTICLES / "cells.en.txt"), "-o", str(out)]) == 0
    assert "as_of: 2026-03-03T00:00:00Z  # the day that the article gives" in out.read_text(encoding="utf-8")


def test_a_fact_is_told_of_who_it_happened_to_and_not_of_where_or_of_who_stands_beside() -> None:
    told = {fact.statement for fact in drafted("cells.en.txt").facts}
    assert {"Voltava files for insolvency.", "Peter Arnesson is investigated."} <= told
    assert not any("Kestrel Motors files" in statement for statement in told)
    lost = drafted_from(
        "Three dead on Mount Harrow\n\nAn avalanche killed three climbers on Mount Harrow. Ada Holm was found alive on "
        "Mount Harrow. Ada Holm is in hospital."
    )
    assert {fact.statement for fact in lost.facts} == {"3 killed at Mount Harrow.", "Ada Holm falls ill."}


def test_facts_about_the_same_are_told_apart() -> None:
    facts = [fact.id for fact in drafted("minister.en.txt").facts]
    assert len(facts) == len(set(facts))


JAPANESE = """\
白鷺ダム決壊、死者31人に

福島県霧沢町の白鷺ダムが決壊した災害で、県は死者が31人になったと発表した。
ダムを運営する東峰水力の榊原達也社長は会見で謝罪した。霧沢町の野々村和江町長は、判断の遅れを認めた。東峰水力は調査を始めた。
"""


def test_japanese_names_are_found_by_what_follows_them() -> None:
    draft = drafted_from(JAPANESE)
    found = {entity.names[0]: (entity.type, entity.role) for entity in draft.entities}

    assert found["白鷺ダム"] == ("facility", Role.CORE)
    assert found["榊原達也"][0] == found["野々村和江"][0] == "person"
    assert found["霧沢町"][0] == "place"
    assert found["東峰水力"][0] == "organization"
    assert not found.keys() & {"決壊", "災害", "死者"}
    assert next(e.names for e in draft.entities if e.names[0] == "榊原達也") == ("榊原達也", "榊原社長")


def test_the_dead_of_an_article_are_a_fact_that_another_number_changes() -> None:
    text = text_of(drafted_from(JAPANESE))
    assert 'value: "31 killed"' in text
    assert "type: value_change" in text


def test_what_has_not_happened_yet_says_what_its_happening_would_be() -> None:
    draft = drafted_from(
        "Rollomax faces lawsuit over batteries\n\nThe firm Rollomax has not recalled the VX-4 battery. Rollomax has not "
        "recalled the VX-4 in Ruritania. Ada Holm says Rollomax will be sued. Rollomax was fined.",
    )
    text = text_of(draft)
    assert "type: object" in text
    assert "negated: true" in text
    assert 'after: "Rollomax recalls VX-4."' in text
    assert "recall" in text.split("belongs:")[1].split("facts:")[0]


def test_all_faults_of_a_file_are_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "draft.yaml"
    sound = text_of(drafted("bridge.en.txt"))
    out.write_text(sound.replace("role: core", "rolle: core").replace("modality: reported", "modality: rumoured"))

    assert main(["story", "check", str(out)]) != 0
    told = capsys.readouterr().err
    assert "rolle" in told
    assert "rumoured" in told


def test_what_a_slot_may_name_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["story", "words"]) == 0
    told = capsys.readouterr().out
    assert all(word in told for word in ("sue (lawsuit)", "arrest (arrest)", "fire", "bridge", "killed", "embassy"))
