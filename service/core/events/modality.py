"""How an event is meant: as done, planned, only possible, demanded or denied, and whether it is negated.

What stands in a condition ("if Russia leaves") is no event at all.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from service.core.events.function_words import VERB_LAST, is_opposed, is_told_to
from service.core.events.sides import condition_in, is_no_comment
from service.core.events.tenses import (
    is_future_verb,
    is_headline_infinitive,
    is_hearsay,
    is_negative_verb,
    is_quoted_call,
    is_to_do,
    may_be,
)
from service.core.events.wishing import is_wish_of_another
from service.core.language.small_words import PURPOSE
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence
from service.core.model import ActionClass

# Weaker kinds of events: they say that somebody spoke, not that something happened.
WEAK_FAMILIES = frozenset({"statements"})
# How far before an action a grammar word still speaks of it, in code points; Chinese and Japanese say more in fewer.
_NEAR, _FAR, _NEAR_CJK, _FAR_CJK = 36, 90, 8, 24
# Classes some of whose own phrases hold a negation ("not leaving" is to stay): inside these it negates nothing.
_NEGATIVE_PHRASES = frozenset(
    {"refuse", "keep", "terminate", "acquit", "die", "kill", "try", "move", "avoid", "undecided", "be_well", "forbid"}
)
# Classes of words that say how an action beside them is meant.
_GRAMMAR = frozenset(
    {"negation", "refuse", "denied", "deny", "demanded", "demand", "possible", "planned", "confirmed", "confirm"}
)
# Classes whose phrases say by themselves what a negation or a word of asking in them would say of an action.
OF_SOMETHING_ELSE = frozenset({"at_request", "lacking", "about", "judged"})
_HOLDS_GRAMMAR = OF_SOMETHING_ELSE | {
    "silent",
    "unconfirmed",
    "unplanned",
    "condition",
    "hinges",
    "forbid",
    "state",
    "demanded",
    "keep",
}
# What hangs on a condition is not done yet, unless it is only spoken about.
_CAN_HANG = frozenset({"presence", "refuge", "flight", "measures", "expulsion", "restitution"})
_NOT_DUE = frozenset({"meet", "visit", "call", "negotiate"})  # "Charaa doit se rendre à Moscou" is to go there
_SAYS_NOT = frozenset({"undecided"})  # its phrases hold their negation, wherever that stands
_CAN_FAIL = frozenset({"kill", "poison"})
_BINDING = frozenset({"agree", "extend", "terminate"})
_OF_TALKS = 2  # code points between what ends and the talks that end
_LACK_REACH = 20  # code points from "without" to what there is none of
_DENYING = frozenset({"refuse", "denied", "deny"})
_WITHOUT = frozenset(
    ["without", "ohne", "без", "sans", "sin", "senza", "sem", "bez", "بدون", "دون", "بدونِ", "χωρίς", "ללא", "בלי"]
)
_OBJECT_CJK = 4  # code points from a verb to its object: one name may stand between
_OWN_WISH = re.compile(r"want(?:s|ed)? to", re.IGNORECASE)
_CLAUSE_ENDS = frozenset(",;:，；：،؛、")
# Where a condition stands after its verb: "çekilmesi halinde", "撤退する場合".
_CONDITION_LAST = frozenset({"tr", "ja"})


def _governs(word: WordHit, action: WordHit, sentence: Sentence, *, far: bool = False) -> bool:
    """Say whether a grammar word stands where it speaks of the action."""
    if is_opposed(word, action, sentence):
        return False
    cjk = sentence.lang in {"zh", "ja"}
    reach = (_FAR_CJK if cjk else _FAR) if far else (_NEAR_CJK if cjk else _NEAR)
    if word.start <= action.start < word.end:
        return True  # "lehnt die Auslieferung ab", "wanted to stay"
    if word.end <= action.start:
        return action.start - word.end <= reach
    if sentence.text.startswith(("to ", "whether "), word.start - sentence.start):
        return False  # "agree to extend" plans the extension, not the agreement; "investigates whether" is at it
    is_last = sentence.lang in VERB_LAST
    return word.start >= action.end and word.start - action.end <= (reach if is_last else reach // 3)


def _covered(word: WordHit, action: WordHit) -> bool:
    return action.start <= word.start and word.end <= action.end


def is_covered(word: WordHit, sentence: Sentence, classes: Container[str]) -> bool:
    """Say whether a longer phrase of one of some classes holds a word."""
    return any(
        other.word_class in classes
        and other.start <= word.start
        and word.end <= other.end
        and (other.start, other.end) != (word.start, word.end)
        for other in sentence.words
    )


def is_lacking(action: WordHit, sentence: Sentence) -> bool:
    """Say whether an action is only what there is none of: "no handover without a trial"; talks may end so."""
    return action.word_class not in _BINDING and any(
        word.word_class == "negation"
        and 0 <= action.start - word.end <= _LACK_REACH
        and sentence.text[word.start - sentence.start : word.end - sentence.start].casefold() in _WITHOUT
        and not _is_parted(word, action, sentence)
        for word in sentence.words
    )


def _is_negated_inside(sentence: Sentence, action: WordHit, action_class: ActionClass) -> bool:
    """Say whether the phrase of an action holds its negation: "zieht keine Truppen ab", "çekilmiyoruz"."""
    if action_class.family in WEAK_FAMILIES or action_class.id in _NEGATIVE_PHRASES:
        return False
    if any(word.word_class == "negation" and _covered(word, action) for word in sentence.words):
        return True
    text = sentence.text[: action.end - sentence.start]
    after = sentence.text[action.end - sentence.start :].split(maxsplit=1)[:1]
    return is_negative_verb(text, sentence.lang) or any(is_negative_verb(word, sentence.lang) for word in after)


def _is_own_wish(word: WordHit, wishes: set[tuple[int, int]], sentence: Sentence) -> bool:
    """Say whether a word of asking says what one wants to do oneself: "wants to leave"."""
    if (word.start, word.end) in wishes:
        return True
    return _OWN_WISH.fullmatch(sentence.text[word.start - sentence.start : word.end - sentence.start]) is not None


def is_wish_for(refusal: WordHit, sentence: Sentence, actions: Mapping[str, ActionClass]) -> bool:
    """Say whether a word of refusing says what one does not want another to do: that refuses no request."""
    return refusal.word_class == "refuse" and any(
        word.word_class in actions
        and actions[word.word_class].family not in WEAK_FAMILIES
        and word.word_class != "refuse"
        and is_wish_of_another(refusal, word, sentence)
        for word in sentence.words
    )


def is_denial_of_reports(word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word of refusing refuses a report: "weist Berichte zurück" denies, and refuses nothing."""
    is_of_a_demand = any(w.word_class == "demand" and _covered(w, word) for w in sentence.words)
    return (
        word.word_class == "refuse"
        and not is_of_a_demand  # "weist die Forderung zurück" refuses
        and any(w.word_class == "denied" and (w.start, w.end) == (word.start, word.end) for w in sentence.words)
    )


def _is_lack_after(negation: WordHit, action: WordHit, sentence: Sentence) -> bool:
    """Say whether "without" stands after an action, whose negation it then is not: "trial opens without the accused"."""
    said = sentence.text[negation.start - sentence.start : negation.end - sentence.start].casefold()
    return negation.start >= action.end and said in _WITHOUT


def _goes_on(negation: WordHit, action: WordHit, sentence: Sentence) -> bool:
    """Say whether a negation begins what comes after an action: in Arabic "and" is written together with it (ولن)."""
    position = negation.start - sentence.start
    return sentence.lang == "ar" and negation.start > action.end and sentence.text[position - 1 : position] == "و"


def _is_of_telling(negation: WordHit, action: WordHit, sentence: Sentence) -> bool:
    """Say whether a negation speaks of a verb of telling: "told nobody that he would leave"; in Chinese after both."""
    tells = [word for word in sentence.words if word.word_class == "says"]
    if any(negation.end <= word.start and word.end <= action.start for word in tells):
        return True
    is_object = sentence.text[negation.end - sentence.start :].startswith(("将", "把"))
    return (
        is_object and negation.end <= action.start and any(0 <= word.start - action.end <= _NEAR_CJK for word in tells)
    )


def modality_of(sentence: Sentence, action: WordHit, action_class: ActionClass) -> tuple[str, bool]:
    """Return (modality, negated) of an action in its sentence; what hangs on a condition is planned at most."""
    modality, negated = _as_said(sentence, action, action_class)
    negated = negated and action_class.id not in _SAYS_NOT
    if modality in {"reported", "confirmed", "planned"} and action_class.id in _CAN_FAIL and not negated:
        modality = "attempted" if _is_attempt(action, sentence) else modality
    can_hang = action_class.family in _CAN_HANG or action_class.id in _BINDING
    if modality in {"reported", "confirmed"} and can_hang and condition_in(sentence) is not None:
        return "planned", negated
    return modality, negated


def _is_attempt(action: WordHit, sentence: Sentence) -> bool:
    """Say whether a deed was only tried, or survived: "tried to poison", "毒殺未遂"."""
    reach = _NEAR_CJK if sentence.lang in {"zh", "ja"} else _NEAR
    is_counted = any(word.word_class == "killed" for word in sentence.words)  # the dead of something else
    return not is_counted and any(
        word.word_class == "attempted"
        and max(word.start - action.end, action.start - word.end) <= reach
        and not _is_parted(word, action, sentence)
        for word in sentence.words
    )


def _as_said(sentence: Sentence, action: WordHit, action_class: ActionClass) -> tuple[str, bool]:
    action_id = action_class.id
    if action_class.family not in WEAK_FAMILIES and _is_unplanned(action, sentence):
        return "planned", True
    grammar = [
        word
        for word in sentence.words
        if word.word_class in _GRAMMAR
        and not _covered(word, action)
        and (
            _is_before_to(word, sentence)
            or _OWN_WISH.match(sentence.text, word.start - sentence.start)
            or not is_covered(word, sentence, _HOLDS_GRAMMAR)
        )
    ]
    wishes = {(word.start, word.end) for word in grammar if word.word_class == "planned"}
    grammar = [w for w in grammar if w.word_class != "demanded" or not _is_own_wish(w, wishes, sentence)]
    refused = {(w.start, w.end) for w in grammar if w.word_class == "refuse" and not is_denial_of_reports(w, sentence)}
    denials = {(word.start, word.end) for word in grammar if word.word_class == "denied"} - refused
    grammar = [w for w in grammar if w.word_class != "refuse" or (w.start, w.end) not in denials]
    grammar = [w for w in grammar if w.word_class != "denied" or (w.start, w.end) not in refused]
    grammar = [w for w in grammar if w.word_class not in _DENYING or not is_no_comment(w, sentence)]
    of_verb = {
        word.word_class for word in sentence.words if _covered(word, action) and _is_its_verb(word, action, sentence)
    }

    is_due = action_id not in _NOT_DUE and action_class.family not in WEAK_FAMILIES and is_told_to(action, sentence)
    if (
        not grammar and of_verb.isdisjoint(_GRAMMAR) and not is_quoted_call(action, sentence) and not is_due
    ):  # nothing beside it: the verb says all
        negated = _is_negated_inside(sentence, action, action_class)
        if may_be(action, sentence):
            return "possible", negated
        is_future = action_id != "avoid" and _is_to_come(action, sentence)
        return ("planned" if is_future else "reported"), negated

    def stands(word_class: str, *, far: bool = False) -> bool:
        return any(word.word_class == word_class and _governs(word, action, sentence, far=far) for word in grammar)

    def stands_before(*classes: str) -> bool:
        limit = _FAR_CJK if sentence.lang in {"zh", "ja"} else _FAR
        return any(
            word.word_class in classes and word.end <= action.start and action.start - word.end <= limit
            for word in grammar
        )

    negated = any(
        word.word_class == "negation"
        and _governs(word, action, sentence)
        and not _is_of_telling(word, action, sentence)
        and not _is_lack_after(word, action, sentence)
        and not _goes_on(word, action, sentence)
        and not (word.start >= action.end and _is_parted(word, action, sentence))  # "hit by drones, no casualties"
        for word in grammar
    )
    negated = negated or _is_negated_inside(sentence, action, action_class)
    if action_id != "refuse" and stands("refuse"):
        negated = True  # who refuses to hand somebody over does not
    if action_id not in {"deny", "refuse"} and (stands_before("denied", "deny") or stands("denied", far=True)):
        return "denied", negated
    is_weak = action_class.family in WEAK_FAMILIES
    is_call = is_due or (not is_weak and "demanded" in of_verb) or is_quoted_call(action, sentence)  # "hand him over!"
    is_call = is_call or (not is_weak and any(is_wish_of_another(word, action, sentence) for word in grammar))
    if action_id not in {"demand", "avoid", "refuse"} and (
        is_call or any(_asks_for(w, action, action_class, sentence) for w in grammar) or stands_before("demand")
    ):
        return "demanded", negated
    if may_be(action, sentence) or "possible" in of_verb:
        return "possible", negated
    if any(w.word_class == "possible" and _is_open(w, action, sentence) for w in grammar):
        return "possible", negated
    if any(_is_of_telling(word, action, sentence) for word in grammar if word.word_class == "negation"):
        return "reported", negated  # a plan that nobody was told of was carried out
    is_order = action_id in {"avoid", "be_well"}  # it lies in an order that it is still to be done
    if not is_order and (
        (stands("planned") and not is_hearsay(sentence))
        or ("planned" in of_verb and action_id != "propose")
        or _is_to_come(action, sentence)
    ):
        return "planned", negated
    if stands_before("confirmed", "confirm") and action_id != "confirm":
        return "confirmed", negated
    return "reported", negated


def _is_its_verb(word: WordHit, action: WordHit, sentence: Sentence) -> bool:
    """Say whether a word is the verb in the phrase of an action, which some languages put last: "üssünü … devredecek"."""
    return word.start == action.start or (sentence.lang in VERB_LAST and word.end == action.end)


def _is_unplanned(action: WordHit, sentence: Sentence) -> bool:
    """Say whether the clause of an action says that nobody means to do it: "no plans to", "не планируется"."""
    return any(
        word.word_class == "unplanned"
        and not _covered(word, action)
        and not _is_parted(word, action, sentence)
        and not is_opposed(word, action, sentence)
        for word in sentence.words
    )


def is_unplanned_itself(word: WordHit, sentence: Sentence) -> bool:
    """Say whether a word of refusing only says that something is not planned: the deed is told, not a refusal."""
    if word.word_class != "refuse":
        return False
    inside = {o.word_class for o in sentence.words if word.start <= o.start and o.end <= word.end}
    names_deed = not inside <= _GRAMMAR | {"unplanned"}  # "keine Auslieferung"
    return not names_deed and any(
        other.word_class == "unplanned" and other.start <= word.start and word.end <= other.end
        for other in sentence.words
    )


def _asks_for(word: WordHit, action: WordHit, action_class: ActionClass, sentence: Sentence) -> bool:
    """Say whether a word of asking speaks of an action; "visits Moscow, asks for …" asks for no visit."""
    is_next = action_class.family == "talks" and word.start >= action.end
    is_next = is_next and (_is_parted(word, action, sentence) or _is_what_for(word, action, sentence))
    return word.word_class == "demanded" and not is_next and _governs(word, action, sentence, far=True)


def _is_what_for(word: WordHit, action: WordHit, sentence: Sentence) -> bool:
    """Say whether somebody goes in order to ask: "a delegation in Moscow to demand …"."""
    purpose = PURPOSE.get(sentence.lang)
    before = sentence.text[action.start - sentence.start : word.start - sentence.start].casefold()
    return purpose is not None and purpose.search(before) is not None


def _is_to_come(action: WordHit, sentence: Sentence) -> bool:
    """Say whether the verb itself says that it is still to come."""
    own = sentence.text[action.start - sentence.start : action.end - sentence.start]
    return is_future_verb(own, sentence.lang) or is_headline_infinitive(action, sentence) or is_to_do(action, sentence)


def _is_before_to(word: WordHit, sentence: Sentence) -> bool:
    """Say whether it is the negation of what is asked: "tells Damascus not to host"."""
    return word.word_class == "negation" and sentence.text.startswith(
        ("not to ", "never to "), word.start - sentence.start
    )


def _is_open(word: WordHit, action: WordHit, sentence: Sentence) -> bool:
    """Say whether a word such as "may" speaks of an action in its own clause; Chinese puts much between the two."""
    far = sentence.lang in {"zh", "ja"}
    return _governs(word, action, sentence, far=far) and not _is_parted(word, action, sentence)


def _is_parted(a: WordHit, b: WordHit, sentence: Sentence) -> bool:
    first, last = (a, b) if a.start <= b.start else (b, a)
    return bool(_CLAUSE_ENDS.intersection(sentence.text[first.end - sentence.start : last.start - sentence.start]))


def is_told_earlier(action: WordHit, sentence: Sentence) -> bool:
    """Say whether a sentence of the text tells an action as one of former times: "had previously admitted"."""
    return sentence.field == "summary" and any(
        word.word_class == "earlier" and not _is_parted(word, action, sentence) for word in sentence.words
    )


def is_of_a_site(action: WordHit, sentence: Sentence) -> bool:
    """Say whether a word of sheltering is one of a site: who protects a base takes nobody in, nor does Tartus harbour."""
    reach = _OBJECT_CJK if sentence.lang in {"zh", "ja"} else 1
    if action.word_class in {"shelter", "grant_asylum"} and any(
        word.word_class == "port" and word.start == action.start for word in sentence.words
    ):
        return any(name.type == "place" and 0 <= action.start - name.end <= 1 for name in sentence.names)
    return action.word_class == "shelter" and any(
        word.word_class == "base" and 0 <= word.start - action.end <= reach for word in sentence.words
    )


def is_of_halted_talks(action: WordHit, sentence: Sentence) -> bool:
    """Say whether talks or flights are broken off or suspended, which ends no agreement and negotiates none."""
    if action.word_class not in {"terminate", "negotiate"} or "lease" in sentence.classes():
        return False
    if any(w.word_class == "aircraft" and 0 <= w.start - action.end <= _OF_TALKS for w in sentence.words):
        return True  # who suspends flights ends no agreement either
    ends = [w for w in sentence.words if w.word_class == "terminate"]
    talks = [w for w in sentence.words if w.word_class in {"negotiate", "talks_noun"}]
    return any(
        max(t.start - e.end, e.start - t.end) <= _OF_TALKS and not is_covered(e, sentence, {"close"})
        for e in ends
        for t in talks
    )


def is_conditional(action: WordHit, sentence: Sentence) -> bool:
    """Say whether an action stands in a condition, which says nothing about what happens."""
    for word in sentence.words:
        if word.word_class not in {"condition", "hinges"}:
            continue
        if sentence.lang in _CONDITION_LAST:
            first, last = action, word
        else:
            first, last = word, action
        if _covered(word, action):
            return True
        limit = _FAR_CJK if sentence.lang in {"zh", "ja"} else _FAR
        if 0 <= last.start - first.end <= limit and not _is_parted(word, action, sentence):
            return True
    return False
