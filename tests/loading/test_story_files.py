"""Story files: read as written, and every mistake answered with file, line, place and remedy."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.core.errors import Invalid
from service.core.model import Role, Story
from service.loading.lexicon_files import load_lexicon
from service.loading.story_faults import doubts
from service.loading.story_files import read_stories, read_story
from service.loading.yaml_files import repeated_key
from service.settings import BUNDLED_STORIES

LEXICON = load_lexicon()
FILE = """\
id: harbour
title: The northern harbour
as_of: 2025-01-01
article:
  headline: Navy to leave the harbour
  outlet: The Harbour Post
  published: 2024-12-31T10:00:00+02:00
entities:
  - id: navy
    type: organization
    role: core
    names:
      en: [Northern Navy]
      fr: [Marine du Nord]
    not:
      en: [Northern Navy Museum]
  - id: north-quay
    name: the northern quay
    type: facility
    role: context
    names:
      fr: [quai nord]
threads:
  - id: leaving
    title: The navy leaves
    question: Will it go?
    answered_by: [navy-stays]
    belongs:
      - ["navy", "withdraw|deploy|ferry"]
facts:
  - id: navy-stays
    thread: leaving
    statement: The navy stays in the harbour.
    actor: navy
    action: keep
    place: north-quay
    attribution: {text: the admiral, origin: admiral, on_record: true}
    changed_by:
      - {action: withdraw|any, with: [north-quay, port], modality: planned, type: status_change, stance: contradicts,
         after: The navy leaves.}
words:
  ferry:
    en: ["ferr* .. over"]
more_words:
  withdraw:
    en: [Navy hands back]
actions:
  - {id: ferry, family: presence, line: ferries, noun: ferrying}
"""


def _story(folder: Path, text: str = FILE) -> Story:
    path = folder / "harbour.yaml"
    path.write_text(text, encoding="utf-8")
    return read_story(path, LEXICON)


def test_a_story_file_becomes_a_story(tmp_path: Path) -> None:
    story = _story(tmp_path)

    assert story.as_of == datetime(2025, 1, 1, tzinfo=UTC)
    assert story.published_at == datetime(2024, 12, 31, 8, tzinfo=UTC)
    navy, quay = story.entities
    assert (navy.name, navy.role, navy.veto) == ("Northern Navy", Role.CORE, {"en": ("Northern Navy Museum",)})
    assert quay.name == "the northern quay"
    assert story.threads[0].answered_by == ("navy-stays",)
    assert story.threads[0].belongs[0].slots == (frozenset({"navy"}), frozenset({"withdraw", "deploy", "ferry"}))
    [fact] = story.facts
    assert (fact.attribution.origin, fact.attribution.on_record, fact.delta) == ("admiral", True, None)
    [rule] = fact.changed_by
    assert rule.actions == {"withdraw", "any"}
    assert rule.modality == {"planned"}
    assert story.words == {"ferry": {"en": ("ferr* .. over",)}}
    assert story.more_words == {"withdraw": {"en": ("Navy hands back",)}}
    assert story.actions[0].active == "ferries"


def test_alternatives_in_a_title_are_written_out(tmp_path: Path) -> None:
    text = FILE.replace("    not:\n", '    titles:\n      en: ["(old|new) northern (navy|fleet)"]\n    not:\n', 1)

    assert _story(tmp_path, text).entities[0].titles == {
        "en": ("old northern navy", "old northern fleet", "new northern navy", "new northern fleet")
    }


def test_an_entity_without_an_english_name_is_shown_by_its_first(tmp_path: Path) -> None:
    story = _story(tmp_path, FILE.replace("    name: the northern quay\n", ""))

    assert story.entities[1].name == "quai nord"


@pytest.mark.parametrize("written", ["2025-01-01", '"2025-01-01"', '"2025-01-01T00:00"', "2025-01-01T02:00:00+02:00"])
def test_an_instant_without_a_zone_is_utc(tmp_path: Path, written: str) -> None:
    story = _story(tmp_path, FILE.replace("as_of: 2025-01-01", f"as_of: {written}"))

    assert story.as_of == datetime(2025, 1, 1, tzinfo=UTC)


def test_the_digest_moves_with_the_text(tmp_path: Path) -> None:
    assert _story(tmp_path).digest == _story(tmp_path).digest
    assert _story(tmp_path).digest != _story(tmp_path, FILE + "# a comment\n").digest


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("title: The northern", "titel: The northern", "titel", "unknown key"),
        ("    type: organization\n", "    typ: organization\n", "entities[0].typ", "unknown key"),
        ("id: north-quay", "id: navy", "the file", "entity id 'navy' is there twice"),
        ("id: north-quay", "id: North Quay", "entities[1].id", "'North Quay' is no id"),
        ("id: north-quay", "id: port", "entities[1].id", "is also a word class"),
        ('"navy", "withdraw', '"fleet", "withdraw', "threads[0].belongs[0][0]", "'fleet' is neither"),
        ('"navy", "withdraw', '"|", "withdraw', "threads[0].belongs[0][0]", "names nothing"),
        ("[navy-stays]", "[navy-goes]", "threads[0].answered_by[0]", "'navy-goes' is no fact of thread 'leaving'"),
        ("role: core", "role: hero", "entities[0].role", "'core'"),
        ("en: [Northern Navy]", "english: [Northern Navy]", "entities[0].names", "'english' is no language"),
        ("en: [Northern Navy]", "en: []", "entities[0].names.en", "names nothing"),
        ("en: [Northern Navy]", "en: [no]", "entities[0].names.en[0]", "put quotes round words like no"),
        ("    thread: leaving", "    thread: arriving", "facts[0].thread", "unknown thread 'arriving'"),
        ("    actor: navy", "    actor: army", "facts[0].actor", "unknown entity 'army'"),
        ("    action: keep", "    action: juggle", "facts[0].action", "unknown action 'juggle'"),
        ("withdraw|any", "withdraw|juggle", "facts[0].changed_by[0].action", "unknown action 'juggle'"),
        ("north-quay, port]", "north-quay, prot]", "facts[0].changed_by[0].with[1]", "'prot' is neither"),
        ("modality: planned", "modality: planed", "facts[0].changed_by[0].modality", "unknown modality 'planed'"),
        ("  withdraw:", "  withdarw:", "more_words.withdarw", "no class of the lexicon; did you mean 'withdraw'?"),
        ("  withdraw:", "  museum:", "more_words.museum", "the story's own classes and of subjects go under `words`"),
        ("  withdraw:", "  plan_to_meet:", "more_words.plan_to_meet", "give them to 'meet'"),
        (
            "    en: [Navy hands",
            "    ua: [Navy hands",
            "more_words.withdraw.ua",
            "looked for in 'ua'; did you mean 'uk'?",
        ),
        ("as_of: 2025-01-01", "as_of: soon", "as_of", "'soon' is no date; write 2025-01-31"),
        ("as_of: 2025-01-01\n", "", "as_of", "is missing; add `as_of:`"),
        ("en: [Northern Navy]", "en: [2024]", "names.en[0]", "2024 must be text; put it in quotes"),
        (
            "en: [Northern Navy]",
            "en: Northern Navy",
            "(entity 'navy')",
            "must be a list; write [Northern Navy]",
        ),
        ('"navy", "withdraw', '"navvy", "withdraw', "(thread 'leaving')", "did you mean 'navy'?"),
        ('"withdraw|deploy|ferry"', '"withdraw | deploy"', "belongs[0][1]", "is no slot; write ids with | between"),
        ("    changed_by:", "    changes:", "(fact 'navy-stays')", "did you mean 'changed_by'?"),
        ("stance: contradicts", "stance: shrugs", "facts[0].changed_by[0].stance", "'contradicts'"),
        ("id: harbour\n", "id: harbour\n1: one\n", "1", ""),
    ],
)
def test_a_mistake_names_file_line_and_place(tmp_path: Path, old: str, new: str, place: str, words: str) -> None:
    text = FILE.replace(old, new, 1)
    with pytest.raises(Invalid) as caught:
        _story(tmp_path, text)

    message = caught.value.message
    found = re.match(re.escape(str(tmp_path / "harbour.yaml")) + r":(\d+): (.*)", message)
    assert found, message
    assert place in message
    assert words in message
    assert "\n" not in message
    wrong = next(number for number, line in enumerate(FILE.splitlines(), 1) if old.splitlines()[0] in line)
    if place not in {"the file", "as_of", "1"}:
        assert int(found.group(1)) == wrong


def test_a_class_has_its_words_in_one_place(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"more_words\.withdraw: 'withdraw' has words under `words` already"):
        _story(tmp_path, FILE.replace("  ferry:", "  withdraw:").replace("|ferry", ""))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: [harbour", "not valid YAML"),
        ("id: harbour\ntitle: a: b\n", ":2: not valid YAML"),
        ("id: harbour\ntitle: a: b\n", "put quotes round text that holds a colon"),
        ("id:\n\t- harbour\n", "indent with spaces, not tabs"),
        ("as_of: 2024-13-45\n", "not valid YAML: month must be in 1..12"),
        ("- id: harbour\n", "must be a mapping"),
        ("", "must be a mapping"),
        ("&a [*a]", "harbour.yaml"),
        ("id: \x07", "not valid YAML"),
    ],
)
def test_what_is_no_yaml_mapping_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Invalid, match=r"harbour\.yaml") as caught:
        _story(tmp_path, text)

    assert words in caught.value.message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"absent\.yaml: cannot be read \(No such file or directory\)$"):
        read_story(tmp_path / "absent.yaml", LEXICON)
    (tmp_path / "latin.yaml").write_bytes("title: été".encode("latin-1"))
    with pytest.raises(Invalid, match=r"latin\.yaml: cannot be read: byte 7 is not UTF-8; save it as UTF-8"):
        read_story(tmp_path / "latin.yaml", LEXICON)


def test_a_folder_gives_its_stories_by_id(tmp_path: Path) -> None:
    _story(tmp_path)
    (tmp_path / "second.yaml").write_text(FILE.replace("id: harbour", "id: second"), encoding="utf-8")
    (tmp_path / "feeds.opml").write_text("<opml/>", encoding="utf-8")

    assert list(read_stories(tmp_path, LEXICON)) == ["harbour", "second"]


def test_a_bad_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"no such folder of story files \(AFTERMATH_STORIES\)"):
        read_stories(tmp_path / "absent", LEXICON)
    with pytest.raises(Invalid, match="holds no story file"):
        read_stories(tmp_path, LEXICON)


def test_a_story_is_named_as_its_file(tmp_path: Path) -> None:
    _story(tmp_path)
    copy = tmp_path / "zz-copy.yaml"
    copy.write_text(FILE, encoding="utf-8")
    with pytest.raises(Invalid, match="already defined by another file"):
        read_stories(tmp_path, LEXICON)
    copy.write_text(FILE.replace("id: harbour", "id: other"), encoding="utf-8")
    with pytest.raises(Invalid, match="must be the file's name, 'zz-copy', not 'other'"):
        read_stories(tmp_path, LEXICON)


def test_a_general_subject_comes_with_its_words_in_every_language(tmp_path: Path) -> None:
    story = _story(tmp_path, FILE.replace('"withdraw|deploy|ferry"', '"withdraw|strike|resign|ferry"'))

    assert story.words["strike"].keys() == set(LEXICON.languages)
    assert story.words["ferry"] == {"en": ("ferr* .. over",)}
    actions = [action.id for action in story.actions]
    assert actions[-1] == "ferry"
    assert actions[:-1] == list(LEXICON.subject_actions)  # what happens next is of no one's choosing
    assert "bridge" not in story.words


def test_a_story_that_names_no_general_subject_has_its_own_actions_only(tmp_path: Path) -> None:
    assert [action.id for action in _story(tmp_path, FILE).actions] == ["ferry"]


def test_own_words_take_the_place_of_a_subject_in_their_language(tmp_path: Path) -> None:
    own = FILE.replace("\nwords:\n", '\nwords:\n  bridge:\n    en: ["crossing*"]\n')
    bridge = _story(tmp_path, own).words["bridge"]

    assert bridge["en"] == ("crossing*",)
    assert bridge["fr"] == LEXICON.subjects["bridge"]["fr"]


def test_an_entity_may_bear_the_id_of_a_subject(tmp_path: Path) -> None:
    story = _story(
        tmp_path,
        FILE.replace("id: navy\n", "id: museum\n")
        .replace('["navy"', '["museum"')
        .replace("actor: navy", "actor: museum"),
    )

    assert "museum" not in story.words


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("type: organization", "type: organisation", "did you mean 'organization'?"),
        (
            "fr: [Marine du Nord]",
            "ua: [Північний флот]",
            "language 'ua' has no words, so its items tell of no action; did you mean 'uk'?",
        ),
        ("en: [Northern Navy]", "en: [N]", "'N' (en) is too short to be looked for"),
        ("    not:\n", "    titles: {en: ['(old|new fleet']}\n    not:\n", "has a bracket too many or too few"),
        (
            "  ferry:\n",
            "  keep: {}\n  ferry:\n",
            "words: 'keep' is a class of the lexicon; give it phrases under `more_words`",
        ),
        ('    en: ["ferr', '    xx: ["ferr', "words.ferry: no words are looked for in 'xx'; known are ar, de"),
        ("role: core", "role: background", "no entity has the role core"),
        ("role: context", "role: core", "entity 'north-quay' is core, but no thread names it"),
    ],
)
def test_what_is_sound_but_hardly_meant_is_doubted(tmp_path: Path, old: str, new: str, words: str) -> None:
    told = doubts(_story(tmp_path, FILE.replace(old, new, 1)), LEXICON)
    assert len(told) == 1
    assert words in told[0]


def test_nothing_of_our_own_stories_is_doubted() -> None:
    folders = (BUNDLED_STORIES, Path(__file__).parent.parent / "data" / "stories")
    stories = [story for folder in folders for story in read_stories(folder, LEXICON).values()]
    assert [doubt for story in stories for doubt in doubts(story, LEXICON)] == []


def test_a_key_that_is_there_twice_is_found() -> None:
    assert repeated_key(FILE) is None
    assert repeated_key(FILE.replace("    role: core\n", "    role: core\n    type: group\n")) == ("type", 12)
