"""The lexicon's YAML files to one value, checked: every class exists, every phrase is text."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from service.core.errors import Invalid
from service.core.language.lexicon import Lexicon
from service.core.model import ActionClass

_SUBJECTS = "subjects.yaml"
LEXICON_FOLDER = Path(__file__).parent.parent / "lexicon"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Invalid(f"{path}: cannot be read as YAML ({error})") from error
    if not isinstance(document, dict):
        raise Invalid(f"{path}: must be a mapping")
    return document


def _actions(classes: Mapping[str, Mapping[str, Any]]) -> dict[str, ActionClass]:
    return {
        action: ActionClass(
            id=action,
            plover=about.get("plover"),
            family=about["family"],
            active=about["line"],
            noun=about["noun"],
            in_country=about.get("in_country"),
            noun_with=about.get("noun_with", "of"),
            alone=about.get("alone"),
            passive=about.get("passive"),
            undone=about.get("undone"),
            carries=about.get("carries"),
            whose=about.get("whose", False),
            opposes=frozenset(about.get("opposes", ())),
            counts_as=frozenset(about.get("counts_as", ())),
            derived_from=about.get("derived_from"),
            derived_modality=about.get("derived_modality"),
        )
        for action, about in classes.items()
    }


@lru_cache(maxsize=4)
def load_lexicon(folder: Path = LEXICON_FOLDER) -> Lexicon:
    """Read `classes.yaml` and every language file of a folder, once in a process.

    Raises:
        Invalid: As of `read_lexicon`.
    """
    return read_lexicon(folder)


def lexicon_digest(folder: Path = LEXICON_FOLDER) -> str:
    """Return the digest that a lexicon read from the folder now would have.

    Raises:
        Invalid: A file cannot be read.
    """
    digest = hashlib.blake2b(digest_size=8)
    try:
        for path in (folder / "classes.yaml", *sorted(folder.glob(_SUBJECTS)), *sorted(folder.glob("??.yaml"))):
            digest.update(path.read_bytes())
    except OSError as error:
        raise Invalid(f"{error.filename}: cannot be read as YAML ({error.strerror})") from error
    return digest.hexdigest()


def read_lexicon(folder: Path = LEXICON_FOLDER) -> Lexicon:
    """Read `classes.yaml` and every language file of a folder.

    Raises:
        Invalid: A file is not YAML, names an unknown class, or holds something that is no phrase.
    """
    digest = lexicon_digest(folder)
    classes = _read(folder / "classes.yaml")
    actions = _actions(classes["actions"])
    groups = dict.fromkeys(actions, "action")
    for group, members in (("concept", "concepts"), ("grammar", "grammar"), ("unit", "units")):
        for word_class in classes[members]:
            groups.setdefault(word_class, group)
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    numbers: dict[str, dict[str, float | None]] = {}
    months: dict[str, dict[str, int]] = {}
    for path in sorted(folder.glob("??.yaml")):
        document = _read(path)
        lang = document.get("lang")
        if lang != path.stem:
            raise Invalid(f"{path}: `lang` must be {path.stem!r}, like the file's name")
        table: dict[str, tuple[str, ...]] = {}
        for word_class, phrases in document.get("words", {}).items():
            if word_class not in groups:
                raise Invalid(f"{path}: unknown word class {word_class!r}; classes.yaml lists them")
            table[word_class] = _phrases(phrases, f"{path}: {word_class}")
        words[lang] = table
        numbers[lang] = {str(word): value for word, value in document.get("numbers", {}).items()}
        months[lang] = {str(word): int(value) for word, value in document.get("months", {}).items()}
    subjects, subject_actions, kinds = _subjects(folder / _SUBJECTS, groups, words)
    return Lexicon(
        actions=actions,
        groups=groups,
        units=frozenset(classes["units"]),
        words=words,
        numbers=numbers,
        months=months,
        subjects=subjects,
        subject_actions=subject_actions,
        kinds=kinds,
        digest=digest,
    )


def _phrases(phrases: object, place: str) -> tuple[str, ...]:
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase for phrase in phrases):
        raise Invalid(f"{place}: must be a list of phrases; put quotes round words like no and on")
    return tuple(phrases)


_Subjects = dict[str, dict[str, tuple[str, ...]]]


def _subjects(
    path: Path, groups: Mapping[str, str], languages: Collection[str]
) -> tuple[_Subjects, dict[str, ActionClass], tuple[str, ...]]:
    """Return (words of subjects, those that are actions, those that are kinds); a folder may have none."""
    if not path.exists():
        return {}, {}, ()
    document = _read(path)
    actions = document.get("actions", {})
    kinds = document.get("kinds", {})
    tables = {**kinds, **document.get("subjects", {}), **{each: about["words"] for each, about in actions.items()}}
    subjects: _Subjects = {}
    for subject, by_lang in tables.items():
        if subject in groups:
            raise Invalid(f"{path}: {subject!r} is a class of classes.yaml already; take its words there")
        if unknown := sorted(by_lang.keys() - set(languages)):
            raise Invalid(f"{path}: {subject}: unknown language {unknown[0]!r}; each needs a file of its own")
        subjects[subject] = {lang: _phrases(words, f"{path}: {subject}: {lang}") for lang, words in by_lang.items()}
    about_actions = _actions({each: about["about"] for each, about in actions.items()})
    return subjects, about_actions, (*kinds, *document.get("also_kinds", ()))
