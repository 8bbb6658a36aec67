"""The lexicon's files: one value, or one line that says which file is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.core.errors import Invalid
from service.loading.lexicon_files import load_lexicon

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
