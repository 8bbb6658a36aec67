"""On whose side something happens: who lets whom do it, whose relative is meant, on what condition, or only spoken of.

Each of these is told by words right beside a name or an action. Without them a relative's death would be told as his
whose name stands there, and leave to stay as staying.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from service.core.events.function_words import VERB_LAST, is_bound_for, is_owner, is_placed, is_possessor, is_site_owner
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model.entity_types import PARTIES

# What may stand between "mother" and the name of whose mother she is; languages of cases and of adjacency need nothing.
_OF = {
    lang: re.compile(rf"\s*(?:{words})?\s*", re.IGNORECASE)
    for lang, words in {"el": "του|της", "vi": "của|ông|bà|của ông", "he": "של", "ru": "", "uk": "", "pl": ""}.items()
} | {
    lang: re.compile(rf"\s+(?:{words})\s*", re.IGNORECASE)
    for lang, words in {
        "en": "of|of the",
        "de": "von|des|der",
        "fr": "de|d['’]|du|de l['’]",
        "es": "de|del",
        "it": "di|del|dell['’]|d['’]",
        "pt": "de|do|da",
    }.items()
}
_OF_NONE = re.compile(r"\s*")
_POSSESSED = {
    "zh": re.compile("[的之]?"),
    "ja": re.compile("氏?|前大統領|元大統領"),
    "tr": re.compile(" "),
    "en": re.compile(r"(?:['’]s?)?\s"),
    "de": re.compile(r"(?:['’])?\s"),
}
_PEOPLE = frozenset({"relative", "circle"})
_TITLES = frozenset({"president", "ousted", "interim"})
CLAUSE_ENDS = re.compile("[,;:，；：،؛、]")
_LAST = frozenset({"tr", "ja"})  # there a condition is told by the last word of its clause
_ABOUT_REACH, _ABOUT_REACH_CJK = 16, 4  # code points from "silent on" to what is spoken of
_NO_COMMENT, _NO_COMMENT_CJK = 24, 14  # code points between "declines" and "comment"
_NAMES_A_TOPIC = frozenset({"about", "negotiate"})
_ABOUT_AFTER = frozenset({"tr", "ja"})  # "… konusunda", "…について"
_BESIDE_REQUEST = 8  # code points from "at the request" to whose it is: "of the", "властей"
_REQUEST_LAST = frozenset({"tr", "ja"})
_OF_STAYING = 8  # code points from "stay" to whose it is: "Verbleib der Russen"
_ENDS_WITHOUT = frozenset({"negotiate", "meet", "visit", "talks_noun", "call"})
_CONDITIONS = frozenset({"condition", "hinges"})


def whose_people(name: SpottedName, sentence: Sentence) -> str | None:
    """Return as what a name says whose people are meant, "relative" or "circle"; None where he is meant himself."""
    if name.type != "person":
        return None
    start, first = name.start, sentence.start
    for word in reversed(sentence.words):
        if (
            word.word_class in _TITLES
            and word.start < start
            and not sentence.text[word.end - first : start - first].strip()
        ):
            start = word.start
    of, possessed = _OF.get(sentence.lang, _OF_NONE), _POSSESSED.get(sentence.lang)
    for word in sentence.words:
        if word.word_class not in _PEOPLE or _is_inside_word(word, sentence):
            continue
        if word.end <= start and of.fullmatch(sentence.text, word.end - first, start - first):
            return word.word_class
        is_after = possessed is not None and word.start >= name.end
        if is_after and possessed and possessed.fullmatch(sentence.text, name.end - first, word.start - first):
            return word.word_class
    return None


def _is_inside_word(word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word begins inside another: in Vietnamese "statement" ends in "father"."""
    return any(other.word_class == "state" and other.start < word.start < other.end for other in sentence.words)


def is_of_his_people(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a person's name only stands inside that of his people: "Assad's son"."""
    return name.type == "person" and any(
        other.type == "group"
        and other.start <= name.start
        and name.end <= other.end
        and other.end - other.start > name.end - name.start
        for other in sentence.names
    )


def is_no_comment(refusal: WordHit, sentence: Sentence) -> bool:
    """Say whether somebody refuses no more than to comment, which denies nothing."""
    reach = _NO_COMMENT_CJK if sentence.lang in {"zh", "ja"} else _NO_COMMENT
    return any(
        word.word_class == "comment" and max(word.start - refusal.end, refusal.start - word.end) <= reach
        for word in sentence.words
    )


def is_ousted(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a group or body is the one that is no more: "the ousted government" is not the new one."""
    return name.type in {"group", "organization", "country"} and any(
        word.word_class == "ousted" and 0 <= name.start - word.end <= 1 for word in sentence.words
    )


def is_topic(action: WordHit, sentence: Sentence) -> bool:
    """Say whether an action is only what somebody speaks about, or is silent on."""
    reach = _ABOUT_REACH_CJK if sentence.lang in {"zh", "ja"} else _ABOUT_REACH
    is_after = sentence.lang in _ABOUT_AFTER
    for word in sentence.words:
        if word.word_class not in _NAMES_A_TOPIC:
            continue
        first, last = (action, word) if is_after else (word, action)
        if first.start < last.start and last.start - first.end <= reach:
            between = sentence.text[max(first.end, first.start) - sentence.start : last.start - sentence.start]
            if not CLAUSE_ENDS.search(between):
                return True
    return False


def is_behind_comma(name: SpottedName, verb: WordHit, sentence: Sentence) -> bool:
    """Say whether a name stands in a clause after that of a verb."""
    between = sentence.text[verb.end - sentence.start : max(verb.end, name.start) - sentence.start]
    return CLAUSE_ENDS.search(between) is not None


def is_inside(word: WordHit, span: tuple[int, int]) -> bool:
    """Say whether a word stands inside a stretch such as a condition."""
    return span[0] <= word.start and word.end <= span[1]


def is_hinged(sentence: Sentence) -> bool:
    """Say whether somebody makes one thing a condition of another: "ties aid to the closure of bases"."""
    return any(word.word_class == "hinges" and not word.background for word in sentence.words)


def asks_for_it(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a name is that of the party at whose request something was done: it takes no part in it."""
    for word in sentence.words:
        if word.word_class == "at_request":
            is_last = sentence.lang in _REQUEST_LAST
            beside = [n for n in sentence.names if (n.start < word.start) == is_last or n.start == word.start]
            nearest = min(beside, key=lambda n: _distance(n, word), default=None)
            if nearest is not None and nearest.start == name.start:
                return _distance(name, word) <= _BESIDE_REQUEST
    return False


def _distance(name: SpottedName, word: WordHit) -> int:
    return max(name.start - word.end, word.start - name.end)


def is_judged(sentence: Sentence) -> bool:
    """Say whether somebody says what he thinks of a demand: "calls the request political" asks for nothing."""
    return any(word.word_class == "judged" and not word.background for word in sentence.words)


def without_agreement(sentence: Sentence) -> tuple[int, int] | None:
    """Return where a sentence says that something comes if there is no agreement: "without a new deal Russia leaves".

    That talks end without one is no condition.
    """
    for word in sentence.words:
        if word.word_class == "lacking" and not any(
            talks.word_class in _ENDS_WITHOUT and talks.start < word.start for talks in sentence.words
        ):
            return word.start, word.end
    return None


def condition_in(sentence: Sentence) -> tuple[int, int] | None:
    """Return where the clause of a condition stands in a sentence, in offsets of the field; None where there is none."""
    lacking = without_agreement(sentence)
    if lacking is not None:
        return lacking
    opening = (w for w in sentence.words if w.word_class in _CONDITIONS and not w.background)
    word = min(opening, key=lambda w: w.start, default=None)
    if word is None:
        return None
    text, first = sentence.text, sentence.start
    if sentence.lang in _LAST:
        stops = [stop.end() for stop in CLAUSE_ENDS.finditer(text, 0, word.start - first)]
        return first + (stops[-1] if stops else 0), word.end
    stop = CLAUSE_ENDS.search(text, word.end - first)
    return word.start, first + (stop.start() if stop else len(text))


def _is_where(name: SpottedName, sentence: Sentence) -> bool:
    return is_placed(name, sentence) and not is_bound_for(name, sentence) and not is_possessor(name, sentence)


def who_lets_whom(
    names: Iterable[SpottedName],
    verb: WordHit,
    sentence: Sentence,
    sides: Mapping[str, str],
    demanding: str | None = None,
) -> tuple[SpottedName, SpottedName] | None:
    """Return (who allows, who is allowed to) of an action that one side lets another do.

    "Syria lets Russia stay" says so; "Syria: Russia stays" and "Russia is allowed to stay" do not say who lets it.

    Args:
        names: The names that may take part.
        verb: The word of the action.
        sentence: Where they stand.
        sides: Entity → the one whose side it takes, such as a capital → its country.
        demanding: Who asks for it, if anybody.
    """
    leave = [w for w in sentence.words if w.word_class == "permit" and not w.background]
    leave = [w for w in leave if (w.start, w.end) != (verb.start, verb.end)]  # "lasciare": to let, and to leave
    if not leave and demanding and verb.word_class == "keep":
        return _who_is_to_leave_whom(names, sentence, sides, demanding)
    if not leave:
        return None
    word = min(leave, key=lambda w: abs(w.start - verb.start))
    parties = [n for n in names if n.entity != demanding and (n.type in PARTIES or n.entity in sides)]
    parties = _one_of_each(parties, sides)
    lets = next((n for n in parties if demanding or not (is_owner(n, sentence) or _is_where(n, sentence))), None)
    if lets is None:
        return None
    others = [n for n in parties if n is not lets and not _is_where(n, sentence)]
    if not (demanding or sentence.lang in VERB_LAST or word.start >= verb.start):
        if lets.end > word.start and sentence.lang != "ar":
            return None
        others = [n for n in others if word.start <= n.start and n.start <= verb.end + _OF_STAYING]
    own = sides.get(lets.entity, lets.entity)
    allowed = next((n for n in others if sides.get(n.entity, n.entity) != own), None)
    return (lets, allowed) if allowed is not None and allowed.start >= lets.start else None


def _who_is_to_leave_whom(
    names: Iterable[SpottedName], sentence: Sentence, sides: Mapping[str, str], demanding: str
) -> tuple[SpottedName, SpottedName] | None:
    """Return (who is asked, whose it is) where one is asked for another's base to stay: "presses US to keep Russian bases"."""
    parties = _one_of_each([n for n in names if n.type in PARTIES or n.entity in sides], sides)
    owner = next((n for n in parties if is_site_owner(n, sentence) and n.entity != demanding), None)
    told = next((n for n in parties if n != owner and n.entity != demanding and not _is_where(n, sentence)), None)
    return (told, owner) if owner is not None and told is not None else None


def _one_of_each(names: Sequence[SpottedName], sides: Mapping[str, str]) -> list[SpottedName]:
    """Return the first name of each side, in order."""
    found: dict[str, SpottedName] = {}
    for name in sorted(names, key=lambda n: n.start):
        found.setdefault(sides.get(name.entity, name.entity), name)
    return list(found.values())
