"""Who asks whom: the party that demands what a sentence tells, and the one it is demanded of.

"We asked Russia to hand over Assad" is asked by whoever says so. What one wants another to do, or not to do, is asked of
him, however it is put: "does not want Russia to leave" plans nothing. Closed lists by language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.core.events.function_words import (
    VERB_LAST,
    is_asked_for,
    is_asked_of,
    is_located,
    is_only_due,
    is_owner,
    says_before,
)
from service.core.events.meetings import side_of
from service.core.events.roles import nearest, roles_in
from service.core.events.wishing import is_want, is_wish_of_another
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import ActionClass, Event, Role
from service.core.model.entity_types import PARTIES

_ASKS = frozenset({"demand", "demanded"})
_SPEAKING_PLACES = PARTIES | {"place"}
_BESIDE = 1  # code points between a possessive and what it possesses
_NOT_ASKED, _NOT_ASKED_CJK = 14, 2  # code points between a negation and a word of asking: "will not yet be asking"
_OWED = frozenset({"pay"})
_CLAUSE_BEGINS = re.compile(r"[:;,.：；，。،؛«»„“”\"「『]")
# How a clause of asking shows that who says it asks himself: a pronoun before the verb, or the verb's own ending.
_FIRST_PERSON = {
    lang: re.compile(words)
    for lang, words in {
        "en": r"\b(?:we|i)\b",
        "de": r"\b(?:wir|ich)\b",
        "fr": r"(?<!-)\b(?:nous(?! (?:a|ont|avait|avaient|aurait|demande|demandent)\b)|je)\b|\bj['’]|ons$",
        "es": r"\b(?:nosotros|hemos|he)\b|(?:imos|amos|emos)$",
        "pt": r"\bnós\b|(?:imos|amos|emos)$",
        "it": r"\b(?:noi|abbiamo|ho)\b|iamo$",
        "pl": r"\bmy\b|(?:śmy|amy|imy|emy)$",
        "ru": r"\b(?:мы|я)\b|(?:ем|им)$",
        "uk": r"\b(?:ми|я)\b|(?:ємо|емо|имо)$",
        "el": r"\bεμείς\b|(?:αμε|άμε|ουμε|ούμε)$",
        "tr": r"\bbiz\b|(?:d[iıuü]k|[iıuü]z|d[iıuü]m|yorum)$",
        "ar": r"(?:طلب|طالب|ناشد|دعو)نا$|\bس?ن(?:ط|دع)\w+$",
        "fa": r"یم$",
        "he": r"(?<!\w)(?:אנחנו|אנו)(?!\w)|נו$",
        "vi": r"\b(?:chúng tôi|chúng ta|tôi)\b",
        "zh": r"我[們们方]?",
        "ja": r"我々|われわれ|我が国|私",
    }.items()
}


def asking(
    names: list[SpottedName],
    target: SpottedName | None,
    sentence: Sentence,
    otherwise: SpottedName | None = None,
    speaker: str | None = None,
) -> SpottedName | None:
    """Return who demands something: the party named first or `otherwise`, but none of whom it is demanded.

    Args:
        names: The names that may take part.
        target: Whom it is about; he demands nothing.
        sentence: Where they stand.
        otherwise: Who it is where no party is named.
        speaker: Who says it, and so who "we" are.
    """
    told = next((n for n in sentence.names if n.entity == speaker), None)
    if _is_first_person(sentence):
        return _who_we_are(sentence, speaker)
    if is_only_due(sentence):
        return told  # "Russia must hand him over" is asked by who says so
    parties = [n for n in names if n.type in _SPEAKING_PLACES and (target is None or n.entity != target.entity)]
    asker = min((n for n in parties if not is_asked_of(n, sentence)), key=lambda n: n.start, default=otherwise)
    return told if asker is None or is_asked_of(asker, sentence) else asker


def asked(
    action: ActionClass,
    names: list[SpottedName],
    verb: WordHit,
    sentence: Sentence,
    sides: Mapping[str, str],
    speaker: str | None = None,
) -> tuple[SpottedName | None, SpottedName | None, SpottedName | None]:
    """Return (actor, target, who asks) of what one side demands of another: "Germany urges Russia to leave Syria"."""
    asks = {word.start for word in sentence.words if word.word_class == "demanded"}
    wishes = (w for w in sentence.words if w.start not in asks and is_wish_of_another(w, verb, sentence))
    wish = next(wishes, None)
    if wish is not None:
        return _wished(action, names, verb, wish, sentence, sides, speaker)
    if not is_asked_for(sentence):  # "Russia must leave": who thinks so is who says it, if anybody
        return (*roles_in(action, names, verb, sentence, sides), None)
    demanding = _who_asks(names, sentence, speaker)
    others = [n for n in names if demanding is None or n.entity != demanding.entity]
    actor, target = roles_in(action, others, verb, sentence, sides)
    if action.id in _OWED and actor is None and target is not None:
        return target, None, demanding  # of whom a payment is asked pays
    if actor is None or (actor.type not in PARTIES and actor.entity not in sides):
        actor = next((n for n in others if n.type in PARTIES and (target is None or n.entity != target.entity)), actor)
    if actor is None or (target is not None and side_of(actor, sides) == side_of(target, sides)):
        return (*roles_in(action, names, verb, sentence, sides), demanding)  # it asks for something of its own
    return actor, target, demanding


def _wished(
    action: ActionClass,
    names: list[SpottedName],
    verb: WordHit,
    wish: WordHit,
    sentence: Sentence,
    sides: Mapping[str, str],
    speaker: str | None,
) -> tuple[SpottedName | None, SpottedName | None, SpottedName | None]:
    """Return (actor, target, who wants it) of what one wants another to do: he is named first after the wish."""
    before = [n for n in sentence.names if n.end <= wish.start and n.type in _SPEAKING_PLACES and n.oblique is None]
    told = next((n for n in before if n.entity == speaker), None)
    wanting = told or max(before, key=lambda n: (n.end, n.start - n.end), default=None)
    others = [n for n in names if wanting is None or side_of(n, sides) != side_of(wanting, sides)] or names
    actor, target = roles_in(action, others, verb, sentence, sides)
    doer = next((n for n in others if n.type in PARTIES and n.start > wish.start), actor)
    if doer is not None and actor is not None and doer.entity != actor.entity:
        actor, target = doer, actor if target is None or target.entity == doer.entity else target
    places = [n for n in names if n.type == "country" and (actor is None or n.entity != actor.entity)]
    return actor, target or next(iter(places), None), wanting


def _who_asks(names: list[SpottedName], sentence: Sentence, speaker: str | None) -> SpottedName | None:
    """Return the party right before the word of asking; where verbs stand last, the one named first."""
    asks = [word.start for word in sentence.words if word.word_class in _ASKS]
    if sentence.lang in VERB_LAST or not asks or _is_first_person(sentence):
        return asking(names, None, sentence, speaker=speaker)
    before = [
        n
        for n in names
        if n.end <= asks[0]
        and (asks[0] - n.end <= _BESIDE or not (is_owner(n, sentence) or is_located(n, sentence)))  # "Germany's call"
    ]
    asker = nearest(before, _SPEAKING_PLACES, asks[0], before=True)
    if asker is None and not any(n.end <= asks[0] for n in names) and says_before(asks[0], sentence):
        return None  # somebody whom the story does not know
    return asker or asking(names, None, sentence)


def who_demands(
    actor: SpottedName | None, target: SpottedName | None, sentence: Sentence, speaker: str | None
) -> tuple[SpottedName | None, SpottedName | None]:
    """Return (who makes a demand, of whom): who speaks, where he says that he does, else as it was read."""
    own = _who_we_are(sentence, speaker)
    return (own, None) if own is not None else (actor, target)


def _who_we_are(sentence: Sentence, speaker: str | None) -> SpottedName | None:
    names = (n for n in sentence.names if n.entity == speaker)
    return next(names, None) if speaker is not None and _is_first_person(sentence) else None


def is_not_asked(action: WordHit, sentence: Sentence) -> bool:
    """Say whether it is said that nobody asks for what is told: "Syria has not asked Russia to leave"."""
    ask = _unasked(sentence)
    if ask is None or action.word_class in _ASKS:
        return False
    return ask.end <= action.start or (sentence.lang in VERB_LAST and action.end <= ask.start)


def asks_not_done(sentence: Sentence) -> Iterator[WordHit]:
    """Yield the word of asking of which it is said that nobody does, where no action of its own stands there."""
    ask = _unasked(sentence)
    if ask is not None and not any(
        w.word_class == "demand" and w.start < ask.end > ask.start < w.end for w in sentence.words
    ):
        yield ask._replace(word_class="demand")


def not_asked_for(
    event: Event, sentence: Sentence, actions: Mapping[str, ActionClass], sides: Mapping[str, str]
) -> Event | None:
    """Return what somebody says nobody asks another to do; None where the sentence does not say it.

    Args:
        event: That nobody asks: a negated demand.
        sentence: Its sentence.
        actions: Action classes by id.
        sides: Entity → the one whose side it takes.
    """
    words = (w for w in sentence.words if w.word_class in actions and is_not_asked(w, sentence))
    word = next((w for w in words if actions[w.word_class].family not in {"statements", "talks"}), None)
    if word is None:
        return None
    asker = event.actor or event.speaker or ""
    asking, speaks = sides.get(asker, asker), sides.get(event.speaker or "", event.speaker)
    names = [n for n in sentence.names if n.oblique is None and n.role is not Role.PUBLISHER]
    others = [n for n in names if side_of(n, sides) not in {asking, speaks}]
    actor, target = roles_in(actions[word.word_class], others, word, sentence, sides)
    doer = actor.entity if actor else speaks if speaks != asking else None  # "has not asked us to leave"
    act = "withdraw" if word.word_class == "flee" and (actor is None or actor.type == "country") else word.word_class
    return Event(action=act, actor=doer, target=target.entity if target else None)


def _unasked(sentence: Sentence) -> WordHit | None:
    """Return the word of asking that is negated; of a wish a negation says what is not wanted."""
    reach = _NOT_ASKED_CJK if sentence.lang in {"zh", "ja"} else _NOT_ASKED
    negations = [word for word in sentence.words if word.word_class == "negation"]
    if not negations:
        return None
    asks = (word for word in sentence.words if word.word_class in _ASKS and not is_want(word, sentence))
    return next((a for a in asks if any(_is_of(negation, a, sentence, reach) for negation in negations)), None)


def _is_of(negation: WordHit, ask: WordHit, sentence: Sentence, reach: int) -> bool:
    if ask.start <= negation.start < ask.end or negation.start <= ask.start < negation.end:
        return True  # where the verb holds its negation: "نخواسته", "求めていない"
    between = sentence.text[negation.end - sentence.start : max(negation.end, ask.start) - sentence.start]
    return 0 <= ask.start - negation.end <= reach and not _CLAUSE_BEGINS.search(between)


def _is_first_person(sentence: Sentence) -> bool:
    """Say whether who speaks says that he asks himself: "we asked", "طلبنا"."""
    first_person = _FIRST_PERSON.get(sentence.lang)
    if first_person is None:
        return False
    for word in sentence.words:
        if word.word_class in _ASKS:
            begin, end = word.start - sentence.start, word.end - sentence.start
            stops = [m.end() for m in _CLAUSE_BEGINS.finditer(sentence.text, 0, begin)]
            if first_person.search(sentence.text[stops[-1] if stops else 0 : end].casefold()):
                return True
    return False
