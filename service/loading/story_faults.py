"""What is wrong with a story file, in the words of who writes it: what stands there, what should, what it may have meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from service.core.language.lexicon import Lexicon
from service.core.language.phrases import name_pattern
from service.core.model import Story

_PATTERNS = {
    "^[a-z]{2}$": "is no language; use its two letters, such as en or uk",
    "^[a-z0-9]+(?:[_-][a-z0-9]+)*$": "is no id; use small letters, digits and hyphens",
    "^[a-z0-9_|-]+$": "is no slot; write ids with | between, no spaces, and each slot of a line by itself: [one, two|three]",
    "^Q[1-9][0-9]*$": "is no Wikidata id; write it as Q90",
}
# What newcomers write for a language, by the country's letters.
_MEANT = {"ua": "uk", "gr": "el", "cn": "zh", "jp": "ja", "ir": "fa", "il": "he", "sa": "ar", "br": "pt", "cz": "cs"}
_TYPES = ("person", "group", "organization", "country", "place", "facility", "vessel", "object", "event", "document")


def told(fault: Mapping[str, Any], keys: Collection[str]) -> str:
    """Return one of pydantic's errors as a message that says what to do.

    Args:
        fault: The error's details.
        keys: All keys that story files know.
    """
    given, context = fault["input"], fault.get("ctx", {})
    match fault["type"]:
        case "extra_forbidden":
            return f"unknown key; remove it or correct its spelling{meant(str(fault['loc'][-1]), keys)}"
        case "missing":
            return f"is missing; add `{fault['loc'][-1]}:`"
        case "string_pattern_mismatch":
            return f"{given!r} {_PATTERNS.get(context['pattern'], 'must match ' + context['pattern'])}"
        case "list_type":
            return f"must be a list; write [{given}] or one line each, with a dash before it"
        case "string_type" if isinstance(given, bool):
            return f"{given} must be text; put quotes round words like no, yes and on"
        case "string_type" if not isinstance(given, dict | list):
            return f"{given} must be text; put it in quotes"
        case "literal_error" | "enum":
            return (
                f"{given!r} is not one of {context['expected']}{meant(str(given), context['expected'].split(chr(39)))}"
            )
        case "datetime_from_date_parsing" | "datetime_parsing" | "datetime_type":
            return f"{given!r} is no date; write 2025-01-31 or 2025-01-31T10:00:00Z"
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")


def meant(word: str, known: Iterable[str]) -> str:
    """Return a question after what a word may have been meant for; empty where nothing is like it."""
    close = get_close_matches(word, sorted(set(known) - {word}), n=1, cutoff=0.7)
    return f"; did you mean {close[0]!r}?" if close else ""


def meant_language(lang: str, lexicon: Lexicon) -> str:
    """Return what a language without words may have been meant for, else which have words."""
    return f"; did you mean {_MEANT[lang]!r}?" if lang in _MEANT else f"; known are {', '.join(lexicon.languages)}"


def owner_of(document: object, place: tuple[int | str, ...]) -> str:
    """Return the id of the innermost object that a place lies in: " (entity 'navy')"; empty where it has none."""
    found = ""
    for index, step in enumerate(place):
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
            kind = {"entities": "entity", "threads": "thread", "facts": "fact", "actions": "action"}.get(
                str(place[index - 1])
            )
            if kind and isinstance(document, dict) and isinstance(document.get("id"), str) and place[-1] != "id":
                found = f" ({kind} {document['id']!r})"
    return found


def doubts(story: Story, lexicon: Lexicon) -> list[str]:
    """Return what is sound in a story but hardly meant: names never looked for, types nobody knows."""
    found: list[str] = []
    for entity in story.entities:
        who = f"entity {entity.id!r}"
        if entity.type not in _TYPES:
            found.append(f"{who}: type {entity.type!r} is none of {', '.join(_TYPES)}{meant(entity.type, _TYPES)}")
        for lang in sorted(entity.names.keys() - lexicon.words.keys()):
            guess = meant_language(lang, lexicon)
            found.append(f"{who}: language {lang!r} has no words, so its items tell of no action{guess}")
        for lang, forms in entity.names.items():
            found += [
                f"{who}: {form!r} ({lang}) is too short to be looked for, or begins with one letter"
                for form in forms
                if name_pattern(form, lang) is None
            ]
        for lang, titles in entity.titles.items():
            found += [
                f"{who}: {title!r} ({lang}) has a bracket too many or too few"
                for title in titles
                if {"(", ")"} & {*title}
            ]
    for word_class, by_lang in story.words.items():
        if word_class in lexicon.groups:
            found.append(f"words: {word_class!r} is a class of the lexicon; give it phrases under `more_words`")
        for lang in sorted(by_lang.keys() - lexicon.words.keys()):
            found.append(f"words.{word_class}: no words are looked for in {lang!r}{meant_language(lang, lexicon)}")
    used = {part for thread in story.threads for pattern in thread.belongs for slot in pattern.slots for part in slot}
    cores = [entity.id for entity in story.entities if entity.role.value == "core"]
    if not cores:
        found.append("no entity has the role core, so titles are judged without what the story is about")
    found += [f"entity {core!r} is core, but no thread names it" for core in cores if core not in used]
    return found
