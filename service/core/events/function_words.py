"""How a name stands in its sentence: as a place, as whose forces are meant, inside a relative clause, as who speaks.

It asks the closed lists of `small_words`; what a language has no entry for is simply not told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from service.core.language.small_words import (
    AHEAD,
    BOUND_ENDING,
    BOUND_FOR,
    BUT,
    COMING_FROM,
    GENITIVE_ENDING,
    MEDIA,
    OUGHT,
    PLACED_AFTER,
    PLACED_BEFORE,
    PLACED_ENDING,
    RELATIVE,
    SETTING,
    TOWARDS,
    WITH,
)
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model.entity_types import SPEAKERS

_FROM_TOO = frozenset({"pl", "ru", "uk"})
_REACH = 16  # code points before a name that are looked at
VERB_LAST = frozenset({"tr", "ja", "fa"})
VERB_FIRST = VERB_LAST | {"ar", "he"}  # there who does something may well stand after another word
_TELLING, _THAT = frozenset({"says", "confirm", "deny"}), 8  # code points of "that" with an article
_FAR_OFF = 2  # words between the subject of a relative clause and a verb that is no longer its own
# What belongs to whose name stands beside it: "Russian troops", "troupes russes".
_FORCES = frozenset({"troops", "military", "presence", "warship", "aircraft", "equipment", "convoy", "patrol"})
_BESIDE = 2  # code points between
_DONE_TO = frozenset({"grant_asylum", "extradite", "shelter", "meet", "arrest", "naturalise", "evacuate", "poison"})
_TRAILS = re.compile(r"(?:[,—–、]|\s-)(?:\s*\w+){0,2}$")  # "…, Lavrov", "…, según Peskov", "… - Захарова"
_QUOTED = re.compile(r"[^\s、。「」]{0,7}「")  # "ラブロフ外相「…」"
_QUOTES = frozenset("'\"«„“‘‹")
_SITES = frozenset({"base", "port", "airport", *_FORCES})
_ADJECTIVE_LAST = frozenset({"fr", "es", "it", "pt", "ar", "he", "fa", "vi"})
_JOINTS = frozenset({"", "的", "の", "ال", "ה", "của"})  # what may stand between whose it is and what it is
_LOCAL = frozenset({"base", "port", "airport"})
_OWNED = {"base": "bases", "port": "ports", "airport": "airports"}
# Who is asked, where the verb is one of asking; "Şam'dan çağrı" is a call by Damascus.
_ABLATIVE, _ASKS_OF = re.compile(r"(?:(?<=['’])|['’])[dt][ae]n\b"), re.compile(r"iste|talep e", re.IGNORECASE)
_POSSESSIVE = ("'s", "\N{RIGHT SINGLE QUOTATION MARK}s", "s'", "s\N{RIGHT SINGLE QUOTATION MARK}")


def is_asked_for(sentence: Sentence) -> bool:
    """Say whether somebody asks for what a sentence demands, rather than that it only ought to be."""
    return any(not due for due in _dues(sentence))


def is_only_due(sentence: Sentence) -> bool:
    """Say whether a sentence says that somebody ought to do what it tells, and nothing of who asks for it."""
    ought = OUGHT.get(sentence.lang)
    return not is_asked_for(sentence) and ought is not None and ought.search(sentence.text.casefold()) is not None


def is_told_to(action: WordHit, sentence: Sentence) -> bool:
    """Say whether somebody says of another that he ought to do what an action tells: "Sharaa: Russia must leave"."""
    ought = OUGHT.get(sentence.lang)
    if ought is None or headline_speaker(sentence.names, sentence) is None:
        return False
    at, text = action.start - sentence.start, sentence.text.casefold()
    is_before = sentence.lang not in VERB_LAST and ought.search(text, max(0, at - _REACH), at) is not None
    return is_before or ought.search(text, at, action.end - sentence.start + _REACH) is not None


def _dues(sentence: Sentence) -> Iterator[bool]:
    """Yield of each word of asking whether it says only what ought to be; a phrase says so by its first word."""
    ought = OUGHT.get(sentence.lang)
    for word in sentence.words:
        if word.word_class in {"demand", "demanded"}:
            said = sentence.text[word.start - sentence.start : word.end - sentence.start].casefold()
            found = ought.match(said) if ought is not None else None
            yield found is not None


def _before(name: SpottedName, sentence: Sentence) -> str:
    at = name.start - sentence.start
    return sentence.text[max(0, at - _REACH) : at].casefold()


@lru_cache(maxsize=1024)  # the same is asked of a name for each action beside it
def _ends_placed(lang: str, before: str) -> bool:
    return PLACED_BEFORE[lang].search(before) is not None


def is_placed(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands as where something happens, not as who does it: "in Syria", "Suriye'den"."""
    lang, end = sentence.lang, name.end - sentence.start
    if lang in PLACED_BEFORE:
        return _ends_placed(lang, _before(name, sentence))
    if lang in PLACED_AFTER:
        return PLACED_AFTER[lang].match(sentence.text, end) is not None
    ending = PLACED_ENDING.get(lang)
    return ending is not None and ending.search(sentence.text[name.start - sentence.start : end].casefold()) is not None


def is_companion(name: SpottedName, sentence: Sentence, *, of_talks: bool = True) -> bool:
    """Say whether a name stands as with whom something is done: "talks with Damascus".

    Slavic says "with" and "from" in one word; of what is no talks, it is "from".
    """
    if not of_talks and sentence.lang in _FROM_TOO:
        return False
    companion = WITH.get(sentence.lang)
    return companion is not None and companion.search(_before(name, sentence)) is not None


def is_located(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands as where something happens; with whom somebody talks is no place."""
    return is_placed(name, sentence) and not is_companion(name, sentence)


def is_opposed(a: WordHit, b: WordHit, sentence: Sentence) -> bool:
    """Say whether a word such as "but" stands between two words: "has not met him but plans to"."""
    but = BUT.get(sentence.lang)
    first, last = (a, b) if a.start <= b.start else (b, a)
    between = sentence.text[first.end - sentence.start : last.start - sentence.start]
    return but is not None and but.search(between.casefold()) is not None


def is_where_to(name: SpottedName, verb: WordHit, sentence: Sentence) -> bool:
    """Say whether a place after a verb of going is where one goes to."""
    towards = TOWARDS.get(sentence.lang)
    if towards is None or name.start < verb.start:
        return False
    return (
        towards.search(sentence.text[verb.start - sentence.start : name.start - sentence.start].casefold()) is not None
    )


def is_bound_for(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands as where to: "to Libya", "в Ливию"; the word before it, or the ending, says so."""
    ending = BOUND_ENDING.get(sentence.lang)
    if ending is not None:
        text = sentence.text[name.start - sentence.start : name.end - sentence.start + 2].casefold()
        return ending.search(text) is not None
    towards = BOUND_FOR.get(sentence.lang)
    return towards is not None and towards.search(_before(name, sentence)) is not None


def is_from(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands as where from: "from Syria", "из Сирии"."""
    leaving = COMING_FROM.get(sentence.lang)
    return leaving is not None and leaving.search(_before(name, sentence)) is not None


def is_asked_of(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether something is asked of a name: in Turkish in the ablative, in Japanese before "ni"."""
    end = name.end - sentence.start
    if sentence.lang == "ja":
        return sentence.text.startswith("に", end)
    return (
        sentence.lang == "tr"
        and (_ABLATIVE.match(sentence.text, end) or _ABLATIVE.search(sentence.text, max(0, end - 4), end)) is not None
        and any(
            word.word_class == "demanded" and _ASKS_OF.match(sentence.text, word.start - sentence.start)
            for word in sentence.words
        )
    )


def says_before(position: int, sentence: Sentence) -> bool:
    """Say whether words stand before a verb in its sentence, of whom it may be the verb."""
    return sentence.lang not in VERB_FIRST and any(map(str.isalpha, sentence.text[: position - sentence.start]))


def is_setting(verb: WordHit, sentence: Sentence) -> bool:
    """Say whether an action is only the setting of what is told: "after an offensive", "nach dem Angriff"."""
    sets = SETTING.get(sentence.lang)
    at = verb.start - sentence.start
    return sets is not None and sets.search(sentence.text[max(0, at - _REACH) : at].casefold()) is not None


def is_ahead(verb: WordHit, sentence: Sentence) -> bool:
    """Say whether an action is only what something else comes before: "before lifting sanctions"."""
    ahead = AHEAD.get(sentence.lang)
    at = verb.start - sentence.start
    return ahead is not None and ahead.search(sentence.text[max(0, at - _REACH) : at].casefold()) is not None


def is_possessor(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name stands in a genitive that shows: of his handover another speaks, not he."""
    if sentence.lang == "ja":
        return sentence.text.startswith(("の", "氏の"), name.end - sentence.start)
    surface = sentence.text[name.start - sentence.start : name.end - sentence.start]
    ending = GENITIVE_ENDING.get(sentence.lang)
    return ending is not None and ending.search(surface.casefold()) is not None


def is_owner(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name only says whose something is: "Russian bases", "Assad's cruelty"."""
    surface = sentence.text[name.start - sentence.start : name.end - sentence.start]
    if sentence.lang == "en" and surface.endswith(_POSSESSIVE):
        return True
    return name.type == "country" and any(
        word.word_class in _SITES and _is_beside(name, word, sentence) for word in sentence.words
    )


def whose_things(name: SpottedName, sentence: Sentence) -> str:
    """Return what of a country is meant where its name only says whose it is: "bases" of "Russian bases"; else empty."""
    beside = (w.word_class for w in sentence.words if w.word_class in _OWNED and _is_beside(name, w, sentence))
    return _OWNED[next(beside)] if name.type == "country" and is_site_owner(name, sentence) else ""


def is_site_owner(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a country's name only says whose base or port is meant: "the Russian base"."""
    return name.type == "country" and is_site(name, sentence)


def is_site(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a place's name says which base or port is meant: "Tartus base"."""
    return any(word.word_class in _LOCAL and _is_beside(name, word, sentence) for word in sentence.words)


def _is_beside(name: SpottedName, word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word follows a name at once, or stands right before it where adjectives follow their nouns."""
    if name.start <= word.start and word.end > name.end:
        begin, end = name.end, max(name.end, word.start)
    elif sentence.lang in _ADJECTIVE_LAST and word.start < name.start:
        begin, end = word.end, max(word.end, name.start)
    else:
        return False
    between = sentence.text[begin - sentence.start : end - sentence.start]
    return between.strip(" -\u00a0\u200c") in _JOINTS


def is_apart(name: SpottedName, verb: WordHit, sentence: Sentence) -> bool:
    """Say whether a name is the subject of a relative clause before the verb, and so not the verb's own."""
    opens = RELATIVE.get(sentence.lang)
    if opens is None or verb.start < name.end or opens.search(_before(name, sentence)) is None:
        return False
    if any(w.word_class in _TELLING and 0 <= name.start - w.end <= _THAT for w in sentence.words):
        return False  # "dice que Putin …": that is what is said
    between = sentence.text[name.end - sentence.start : verb.start - sentence.start]
    return len(between.split()) > _FAR_OFF


def whose_forces(names: Iterable[SpottedName], sentence: Sentence) -> SpottedName | None:
    """Return the country whose troops, ships or equipment the sentence names."""
    forces = [word for word in sentence.words if word.word_class in _FORCES]
    for name in names:
        if name.type == "country" and any(
            0 <= word.start - name.end <= _BESIDE
            or 0 <= name.start - word.end <= _BESIDE
            or _is_beside(name, word, sentence)
            for word in forces
        ):
            return name
    return None


def is_of_media(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a country's name only says whose paper or channel it is: "Turkish daily"."""
    media = MEDIA.get(sentence.lang)
    if media is None or name.type != "country":
        return False
    start, end = name.start - sentence.start, name.end - sentence.start
    if sentence.lang in _ADJECTIVE_LAST:
        before = list(media.finditer(sentence.text, 0, start))
        return bool(before) and not sentence.text[before[-1].end() : start].strip()
    return media.match(sentence.text, end + (sentence.text[end : end + 1] == " ")) is not None


def _has_verb_before(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a clause with a verb of its own ends in a name: "…, that it takes in Assad" is not said by him."""
    comma = max(sentence.text.rfind(mark, 0, name.start - sentence.start) for mark in ",—–、")
    return any(
        comma <= word.start - sentence.start and word.end <= name.start and word.word_class in _DONE_TO
        for word in sentence.words
    )


def _tells_afterwards(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether only when he says so comes after who says it: "…, says Novak after Kremlin talks"."""
    sets = SETTING.get(sentence.lang)
    end = name.end - sentence.start
    following = sentence.text[end : end + _REACH].casefold()
    is_said = any(w.word_class == "says" and 0 <= name.start - w.end <= 1 for w in sentence.words)
    return is_said and sets is not None and sets.search(f"{following.partition(' ')[2].partition(' ')[0]} ") is not None


def headline_speaker(names: Sequence[SpottedName], sentence: Sentence) -> SpottedName | None:
    """Return who speaks where the form alone says so: "Peskov: …", "…, Lavrov", in Japanese "ペスコフ氏「…」"."""
    for name in names:
        if name.type not in SPEAKERS or is_placed(name, sentence):
            continue
        before = sentence.text[: name.start - sentence.start].strip()
        after = sentence.text[name.end - sentence.start :].lstrip()
        if sentence.lang == "ja" and not before and _QUOTED.match(after):
            return name
        if after[:1] in {":", "："} and len(before.split()) <= _FAR_OFF and before[:1] not in _QUOTES:
            return name  # who is quoted does not stand in the quote: "'Give us Assad': Damascus …"
        is_last = not after.strip(".") or _tells_afterwards(name, sentence)
        if is_last and _TRAILS.search(before) and not _has_verb_before(name, sentence):
            return name
    return None
