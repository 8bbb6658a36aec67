"""The lexicon's files: one value, or one line that says which file is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.core.errors import Invalid
from service.loading.lexicon_files import load_lexicon, read_lexicon

CLASSES = """\
actions:
  leave: {plover: RETREAT, family: presence, line: leaves, noun: departure, opposes: [stay]}
  stay: {family: presence, line: stays at, noun: stay}
  plan_to_leave: {family: presence, line: plans to leave, noun: plan, derived_from: leave, derived_modality: planned}
concepts:
  ships: ships
grammar:
  negation: not
units:
  ships: ships
  days: days
"""
ENGLISH = """\
lang: en
words:
  leave: ["leav*"]
  ships: [ships]
numbers: {one: 1, dozens: null}
months: {May: 5}
"""


def _folder(folder: Path, english: str = ENGLISH, classes: str = CLASSES) -> Path:
    (folder / "classes.yaml").write_text(classes, encoding="utf-8")
    (folder / "en.yaml").write_text(english, encoding="utf-8")
    return folder


def test_a_folder_becomes_a_lexicon(tmp_path: Path) -> None:
    lexicon = load_lexicon(_folder(tmp_path))

    assert lexicon.languages == ("en",)
    assert lexicon.words == {"en": {"leave": ("leav*",), "ships": ("ships",)}}
    assert lexicon.numbers == {"en": {"one": 1, "dozens": None}}
    assert lexicon.months == {"en": {"May": 5}}
    assert lexicon.units == {"ships", "days"}
    assert lexicon.groups["ships"] == "concept"
    assert lexicon.groups["days"] == "unit"
    assert lexicon.actions["leave"].opposes == {"stay"}
    assert lexicon.actions["plan_to_leave"].derived_modality == "planned"


def test_the_digest_moves_with_any_file(tmp_path: Path) -> None:
    texts = [(ENGLISH, CLASSES), (ENGLISH + "# x\n", CLASSES), (ENGLISH, CLASSES + "# x\n")]
    digests = []
    for number, (english, classes) in enumerate(texts):
        folder = tmp_path / str(number)
        folder.mkdir()
        digests.append(load_lexicon(_folder(folder, english, classes)).digest)

    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("english", "words"),
    [
        ("words: [", "cannot be read as YAML"),
        ("- en\n", "must be a mapping"),
        (ENGLISH.replace("lang: en", "lang: fr"), "`lang` must be 'en'"),
        (ENGLISH.replace("leave:", "depart:"), "unknown word class 'depart'"),
        (ENGLISH.replace("[ships]", "ships"), "ships: must be a list of phrases"),
        (ENGLISH.replace("[ships]", "[no]"), "put quotes round words like no and on"),
        (ENGLISH.replace("[ships]", '[""]'), "must be a list of phrases"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, english: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        load_lexicon(_folder(tmp_path, english))

    assert "en.yaml" in caught.value.message
    assert words in caught.value.message


def test_a_folder_without_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"classes\.yaml: cannot be read"):
        load_lexicon(tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    _folder(tmp_path)
    (tmp_path / "fr.yaml").write_bytes("lang: fr # é".encode("latin-1"))
    with pytest.raises(Invalid, match=r"fr\.yaml: cannot be read"):
        load_lexicon(tmp_path)


def test_the_bundled_lexicon_is_read_once() -> None:
    assert load_lexicon() is load_lexicon()


SUBJECTS = """\
also_kinds: [ships]
kinds:
  bank: {en: [bank]}
subjects:
  strike: {en: ["strike*"]}
actions:
  resign:
    about: {family: office, line: resigns, noun: resignation}
    words: {en: ["resign*"]}
"""


def test_subjects_are_read_beside_the_languages(tmp_path: Path) -> None:
    (tmp_path / "subjects.yaml").write_text(SUBJECTS, encoding="utf-8")
    lexicon = read_lexicon(_folder(tmp_path))

    assert lexicon.subjects["strike"] == {"en": ("strike*",)}
    assert lexicon.subject_actions["resign"].active == "resigns"
    assert lexicon.kinds == ("bank", "ships")
    assert (lexicon.kind_words("bank", "en"), lexicon.kind_words("ships", "en")) == (("bank",), ("ships",))
    assert lexicon.digest != read_lexicon(_folder_without_subjects(tmp_path)).digest


def _folder_without_subjects(folder: Path) -> Path:
    (folder / "subjects.yaml").unlink()
    return folder


@pytest.mark.parametrize(
    ("subjects", "words"),
    [
        (SUBJECTS.replace("strike:", "leave:"), "'leave' is a class of classes.yaml already"),
        (SUBJECTS.replace("{en: [bank]}", "{xx: [bank]}"), "bank: unknown language 'xx'"),
        (SUBJECTS.replace("[bank]", "bank"), "bank: en: must be a list of phrases"),
    ],
)
def test_a_bad_subject_is_named(tmp_path: Path, subjects: str, words: str) -> None:
    (tmp_path / "subjects.yaml").write_text(subjects, encoding="utf-8")
    with pytest.raises(Invalid, match=words):
        read_lexicon(_folder(tmp_path))


def test_every_bundled_subject_has_words_in_every_language() -> None:
    lexicon = load_lexicon()
    missing = [
        f"{subject}: {lang}"
        for subject, table in lexicon.subjects.items()
        for lang in lexicon.words.keys() - table.keys()
    ]
    assert missing == []
    assert all(lexicon.kind_words(kind, lang) for kind in lexicon.kinds for lang in lexicon.languages)
