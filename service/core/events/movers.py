"""Who moves or stays: civilians, a ship by its name, or the forces of whoever says "our".

Families that leave a Russian base are not Russia's forces, a ship that sinks has moved nothing, and "our bases" in a
Russian minister's mouth are Russia's. Closed lists by language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from service.core.events.function_words import is_owner
from service.core.events.speakers import parties_named, speaker_of
from service.core.matching.passages import WordHit
from service.core.matching.reading import Reading, Sentence, SpottedName
from service.core.model import ActionClass
from service.core.model.entity_types import PARTIES

_CIVILIANS = "civilians"
_FORCES = frozenset({"troops", "military", "warship", "aircraft", "equipment", "convoy", "patrol", "russian_forces"})
_CROWD_DOES = {"withdraw": "flee", "keep": "shelter"}  # what civilians do that would be something else of forces
_SAILS = frozenset({"move", "withdraw", "return", "visit", "flee", "keep"})
_OWNED = frozenset({"base", "port", "airport", "troops", "military", "presence", "warship", "aircraft", "equipment"})
_NEAR_OURS, _NEAR_OURS_CJK = 2, 8  # code points between "our" and what is ours
_REST = re.compile(r"\w*")
# "Our" as a word of its own before or behind what is ours, and as the ending of that.
_OUR = {
    lang: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    for lang, words in {
        "en": "our",
        "de": "unsere[nrms]?",
        "fr": "nos|notre",
        "es": "nuestr[ao]s?",
        "it": "(?:le |i )?nostr[aeio]",
        "pt": "noss[ao]s?",
        "pl": "nasz(?:e|ych|ymi|ym|a|ej|ą)?",
        "ru": "наш(?:и|их|ими|им|а|у|ей|е)",
        "uk": "наш(?:і|их|ими|им|а|у|ої|е)",
        "el": "μας",
        "vi": "của chúng tôi|của chúng ta|của ta",
        "he": "שלנו",
        "fa": "ما",
    }.items()
} | {"zh": re.compile("我们|我方"), "ja": re.compile("我々の|わが国の|我が国の")}
_OUR_ENDING = {
    "ar": re.compile(r"\w{3,}نا$"),
    "he": re.compile(r"\w{3,}ינו$"),
    "tr": re.compile(r"\w{2,}[ıiuü]m[ıiuü]z\w{0,4}$", re.IGNORECASE),
    "fa": re.compile(r"\w{3,}[\u200c ]?(?:ما|مان)$"),
}


def with_ours(reading: Reading, sides: Mapping[str, str]) -> Reading:
    """Return a reading in which "our bases" stand as those of the country of who speaks.

    Args:
        reading: The entry as the story reads it.
        sides: Entity → the one whose side it takes.
    """
    told = tuple(_with_ours(sentence, sides) for sentence in reading.sentences)
    if all(a is b for a, b in zip(told, reading.sentences, strict=True)):
        return reading
    return replace(reading, sentences=told)


def _with_ours(sentence: Sentence, sides: Mapping[str, str]) -> Sentence:
    at = next((found for word in sentence.words if (found := _ours_beside(word, sentence)) is not None), None)
    if at is None:
        return sentence
    speaker, _ = speaker_of(sentence, parties_named(sentence))
    voice = next((n for n in sentence.names if n.entity == speaker), None)
    side = sides.get(speaker or "")
    if voice is None or side is None:
        return sentence
    ours = voice._replace(entity=side, type="country", start=at, end=at, is_title=False, is_typo=False)
    return sentence._replace(names=tuple(sorted([*sentence.names, ours], key=lambda n: n.start)))


def _ours_beside(word: WordHit, sentence: Sentence) -> int | None:
    """Return where it is said that what a word names is ours, as a name right before it would stand."""
    if word.word_class not in _OWNED:
        return None
    first, text, lang = sentence.start, sentence.text, sentence.lang
    ending = _OUR_ENDING.get(lang)
    rest = _REST.match(text, word.end - first)
    end = rest.end() if rest else word.end - first
    if ending is not None and ending.search(text[word.start - first : end]):
        return word.start
    our = _OUR.get(lang)
    for found in our.finditer(text) if our is not None else ():
        before = text[found.end() : word.start - first] if found.end() <= word.start - first else None
        behind = text[end : found.start()] if found.start() >= end else None
        reach = _NEAR_OURS_CJK if lang in {"zh", "ja"} else _NEAR_OURS
        if any(gap is not None and len(gap) <= reach for gap in (before, behind)):
            return word.start
    return None


def as_of_civilians(
    action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence, actions: Mapping[str, ActionClass]
) -> ActionClass | None:
    """Return what civilians do where it would be something else of forces; None where it is not told of civilians.

    It is told of them where they are named, no forces are, and no party stands before the verb but as whose base it is.
    """
    does = actions.get(_CROWD_DOES.get(action.id, ""))
    said = sentence.classes()
    if does is None or _CIVILIANS not in said or not said.isdisjoint(_FORCES):
        return None
    subjects = (n for n in names if n.type in PARTIES and n.end <= verb.start and n.type != "person")
    return None if any(not is_owner(n, sentence) for n in subjects) else does


def is_who_leaves(word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word of sheltering only names who leaves: "refugees leave the base"."""
    if word.word_class != "shelter" or sentence.classes().isdisjoint({"withdraw", "flee"}):
        return False
    who = {(other.start, other.end) for other in sentence.words if other.word_class == _CIVILIANS}
    return all((each.start, each.end) in who for each in sentence.words if each.word_class == "shelter")


def ship_in(action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence) -> SpottedName | None:
    """Return the ship that comes, goes or stays by its name, where it stands nearer to the verb than who could do it."""
    if action.id not in _SAILS:
        return None
    ships = [n for n in names if n.type == "vessel"]
    able = [*ships, *(n for n in names if n.type in PARTIES and not is_owner(n, sentence))]
    before = [n for n in able if n.end <= verb.end]
    nearest = max(before, key=lambda n: n.end, default=None) or min(able, key=lambda n: n.start, default=None)
    return nearest if nearest is not None and nearest.type == "vessel" else None
