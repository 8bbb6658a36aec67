"""What one wants another to do, or not to do: "does not want Russia to leave" is no plan of Russia's, and no refusal.

Of a word of wanting it is told by whose name stands between it and what is wanted. Closed lists by language.
"""

from __future__ import annotations

import re

from service.core.events.function_words import is_bound_for, is_owner, is_placed, is_possessor
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence
from service.core.model import Role
from service.core.model.entity_types import PARTIES

_WISHES = frozenset({"planned", "refuse", "demanded"})  # the classes that words of wanting are in
_REACH, _REACH_CJK = 60, 16  # code points between a wish and what is wanted
_BEHIND = 3  # code points from a noun of action to whose it is: "le départ des bases russes"
_WANTS = {
    lang: re.compile(words)
    for lang, words in {
        "en": r"\bwants?\b|\bwanted\b|\bwishes\b",
        "de": r"\b(?:will|wollen|wollte|möchte)\b",
        "fr": r"\b(?:veut|veulent|voulait|voulons|souhait)",
        "es": r"\b(?:quier|quería|queremos|dese)",
        "it": r"\b(?:vuole|vogli|voleva|vorrebbe)",
        "pt": r"\b(?:quer|queremos|deseja)",
        "pl": r"\bchc",
        "ru": r"\bхо(?:чет|тят|тел|тим|чу)",
        "uk": r"\bхо(?:че|чуть|тів|чемо)",
        "el": r"\bθέλ",
        "ar": r"(?:ريد|رغب)",
        "fa": r"می[ \u200c]?خواه",
        "he": r"רוצ",
        "tr": r"\bist[ei]",
        "vi": r"\bmuốn\b",
        "zh": r"希望|想|愿",
        "ja": r"望",
    }.items()
}
# In Turkish and Japanese the verb of what is wanted, or the name before it, shows that another is to do it.
_OF_ANOTHER = {"tr": re.compile(r"m[ae]s[ıi]n[ıi]$|m[ae]l[ae]r[ıi]n[ıi]$|(?:[ıiuü]n[ıiuü])$")}


def is_wish_of_another(word: WordHit, action: WordHit, sentence: Sentence) -> bool:
    """Say whether a word says that somebody wants another to do what an action tells, or not to do it."""
    if word.word_class not in _WISHES or not is_want(word, sentence):
        return False
    reach = _REACH_CJK if sentence.lang in {"zh", "ja"} else _REACH
    if sentence.lang in {"tr", "ja"}:
        return 0 <= word.start - action.start <= reach and _shows_another(action, sentence)
    if not (word.start < action.start and action.start - word.end <= reach):
        return False
    if any(w.word_class == "permit" and word.end <= w.start <= action.start for w in sentence.words):
        return False  # "will nicht erlauben" is what one does oneself
    is_named = any(n.end <= word.start for n in sentence.names)  # who wants it; else it is somebody unknown
    return any(
        n.type in PARTIES
        and n.start > word.start
        and not (n.type == "person" and n.role is Role.CORE)  # whom it is about
        and (n.start < action.start or (not is_named and n.start <= action.end + _BEHIND))
        and (not is_owner(n, sentence) if n.start < action.start and is_named else is_owner(n, sentence))
        and not (is_placed(n, sentence) or is_bound_for(n, sentence))
        for n in sentence.names
    )


def is_want(word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word of asking is one of wanting: of that a negation says what is not wanted."""
    wants = _WANTS.get(sentence.lang)
    said = sentence.text[word.start - sentence.start : word.end - sentence.start].casefold()
    return wants is not None and wants.search(said) is not None


def _shows_another(action: WordHit, sentence: Sentence) -> bool:
    of_another = _OF_ANOTHER.get(sentence.lang)
    if of_another is not None:
        wanted = sentence.text[action.start - sentence.start : action.end - sentence.start].casefold()
        return of_another.search(wanted) is not None
    return any(n.type in PARTIES and n.end <= action.start and is_possessor(n, sentence) for n in sentence.names)
