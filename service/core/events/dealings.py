"""Who does what to whom among firms, courts and regulators: two parties of one kind, told apart by more than type.

"Rollo sues Voltege" and "Voltege is sued by Rollo" name the same kinds in another order. So what stands beside a name is
asked first (by, against, a case ending), then who can act at all: what a story is about is fined and does not fine, is
charged and does not charge. Only then does order count. The lists of words are in `small_words`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.core.events.function_words import VERB_LAST, is_placed
from service.core.language.small_words import (
    AGAINST,
    AGAINST_AFTER,
    AGAINST_ENDING,
    BY,
    BY_AFTER,
    FOR,
    OWNS_AFTER,
    OWNS_ENDING,
)
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import ActionClass, Role
from service.core.model.entity_types import PARTIES, PEOPLE, SITES

DEALINGS = frozenset(
    {"lawsuit", "penalty", "business", "labour", "office", "findings", "rescue", "answer", "insolvency", "safety"}
)
_CHIEF = "chief"  # the subject whose words are those of who runs a firm or a town
# What befalls firms as well as people; nobody arrests one.
_OF_FIRMS = frozenset({"charge", "investigate", "try", "sentence", "acquit", "raid", "steal", "recover"})
# Verbs of going to court oneself, which stand among those of charging somebody.
_SUES = {
    lang: re.compile(words, re.IGNORECASE)
    for lang, words in {
        "en": r"(?:sues|suing|files? suit|filed suit|files? .*lawsuit|filed .*lawsuit)\b",
        "de": r"(?:verklagt|klagt gegen|reicht .*klage)",
        "fr": r"(?:porte plainte|poursuit en justice|attaque en justice)",
        "es": r"(?:demanda a|se querella|presenta .*demanda)",
        "it": r"(?:fa causa|querela|denuncia)",
        "pl": r"poz(?:wał|ywa|wie)",
        "ru": r"(?:подал\w* (?:в суд|иск)|судится с|засудил)",
        "uk": r"(?:пода\w* (?:до суду|позов)|судиться з)",
        "tr": r"dava aç",
    }.items()
}
_PASSIVE_BEFORE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got|wird|wurde|werden|est|es|fue|è|é|foi)\s*$")
_REACH = 16  # code points before a name that are looked at
_CHIEF_REACH = 14  # code points between a firm and what its head is called
_Roles = tuple[SpottedName | None, SpottedName | None]


def _stands(
    name: SpottedName,
    sentence: Sentence,
    before: dict[str, re.Pattern[str]],
    after: dict[str, re.Pattern[str]],
    ending: dict[str, re.Pattern[str]],
) -> bool:
    """Say whether a name stands as a table says: by the words before it, those after it, or its own ending."""
    lang, start, end = sentence.lang, name.start - sentence.start, name.end - sentence.start
    text = sentence.text
    return bool(
        (lang in before and before[lang].search(text[max(0, start - _REACH) : start].casefold()))
        or (lang in after and after[lang].match(text, end))
        or (lang in ending and ending[lang].search(text[start:end].casefold()))
    )


def is_own_suit(verb: WordHit, sentence: Sentence) -> bool:
    """Say whether a person or family of the story goes to court: "Assad's family sues in Dubai" charges nobody."""
    sues = _SUES.get(sentence.lang)
    return (
        verb.word_class == "charge"
        and sues is not None
        and sues.match(sentence.text, verb.start - sentence.start) is not None
        and any(n.type in PEOPLE and n.end <= verb.start for n in sentence.names)
    )


def is_of_its_chief(name: SpottedName, sentence: Sentence) -> bool:
    """Say whether a firm or a town is named only to say whose founder, head or lawyer is meant."""
    if name.type in PEOPLE:
        return False
    return any(
        word.word_class == _CHIEF
        and (0 <= word.start - name.end <= _CHIEF_REACH or 0 <= name.start - word.end <= _CHIEF_REACH)
        and ","
        not in sentence.text[min(word.end, name.end) - sentence.start : max(word.start, name.start) - sentence.start]
        for word in sentence.words
    )


def dealing_roles(action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence) -> _Roles:
    """Return (actor, target) of an action of one of the DEALINGS."""
    match action.family:
        case "office":
            return _in_office(action, names, verb, sentence)
        case "labour":
            return _at_work(names)
        case "answer":
            return _nearest([n for n in names if n.type in PEOPLE], verb) or _first(names, PARTIES, verb), None
        case "findings":
            return None, _found_on(names, verb)
        case "rescue":
            return None, _first(names, SITES, verb) or _first(names, frozenset({"person"}), verb)
        case _:
            return _between_parties(action, names, verb, sentence)


def accused(action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence) -> _Roles:
    """Return who is arrested, charged or tried by whom, where the story is about firms as well as people.

    What a story is about arrests nobody; a place where it happens does not either.
    """
    free = [n for n in names if not is_of_its_chief(n, sentence) and not (n.type in SITES and is_placed(n, sentence))]
    people = [n for n in free if n.type in PEOPLE]
    firms = [n for n in free if n.type == "organization" and n.role is Role.CORE]
    target = _nearest(people, verb) or (_nearest(firms, verb) if action.id in _OF_FIRMS else None)
    others = [n for n in free if n not in firms and n.type in {"organization", "country"} and n.role is not Role.CORE]
    actor = _nearest([n for n in others if target is None or n.entity != target.entity], verb)
    return actor, target


def who_pays(names: list[SpottedName], sentence: Sentence) -> SpottedName | None:
    """Return the firm that pays: one that the story is about, unless it is said to be paid."""
    firms = [n for n in names if n.type == "organization" and n.role is Role.CORE]
    return next((n for n in firms if not _stands(n, sentence, AGAINST, {}, AGAINST_ENDING)), None)


def _nearest(names: list[SpottedName], verb: WordHit) -> SpottedName | None:
    return min(names, key=lambda n: (n.role is not Role.CORE, abs(n.start - verb.start)), default=None)


def _first(names: list[SpottedName], types: frozenset[str], verb: WordHit) -> SpottedName | None:
    return _nearest([n for n in names if n.type in types], verb)


def _in_office(action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence) -> _Roles:
    """Return who loses or gets an office, or the firm or town whose it is as the one that acts."""
    people = [n for n in names if n.type == "person"]
    person = min(people, key=lambda n: abs(n.start - verb.start), default=None)
    if person is not None:
        return None, person
    homes = [n for n in names if n.type in PARTIES | {"place"}]
    if action.opposes & {"appoint"} and any(is_of_its_chief(n, sentence) for n in homes):
        return None, None  # who resigns is not named
    return _nearest([n for n in homes if n.type != "place"], verb), None


def _at_work(names: list[SpottedName]) -> _Roles:
    """Return who strikes, and where: what the story is about is struck."""
    firms = [n for n in names if n.type in {"organization", "group"}]
    struck = next((n for n in firms if n.role is Role.CORE), None)
    site = struck or next((n for n in names if n.type in SITES), None)
    union = next((n for n in firms if n is not struck and n.role is not Role.CORE), None)
    return union, site


def _found_on(names: list[SpottedName], verb: WordHit) -> SpottedName | None:
    things = [n for n in names if n.type not in PEOPLE | {"country", "place"}]
    return _nearest([n for n in things if n.role is Role.CORE] or things or names, verb)


def _between_parties(action: ActionClass, names: list[SpottedName], verb: WordHit, sentence: Sentence) -> _Roles:
    """Return who deals with whom."""
    offers = action.id in {"bid", "drop_bid"}
    towards = AGAINST | FOR if offers else AGAINST
    able = [n for n in names if n.type in PARTIES | {"object"} and not is_of_its_chief(n, sentence)]
    everyone = able  # "Toho's licence" is taken from Toho
    owners = {n.start for n in able if _stands(n, sentence, {}, OWNS_AFTER, OWNS_ENDING)}
    able = [n for n in able if n.start not in owners] or able
    by = None if offers else next((n for n in able if _stands(n, sentence, BY, BY_AFTER, {})), None)
    rest = [n for n in able if by is None or n.entity != by.entity]
    to = next((n for n in rest if _stands(n, sentence, towards, AGAINST_AFTER, AGAINST_ENDING)), None)
    if action.family == "penalty":
        return _punished(everyone, by, to, verb)
    if action.id == "appeal":
        return _nearest([n for n in able if n.type in PEOPLE] or able, verb), None
    if by is not None:
        return by, to or _nearest(rest, verb)
    rest = [n for n in able if (to is None or n.entity != to.entity) and n.type != "object"]
    parties = list({n.entity: n for n in reversed(rest)}.values())[::-1]
    if to is not None:
        return _before(parties, to, verb), to
    if len(parties) > 1:
        return parties[0], parties[1]
    things = [n for n in able if n.type == "object"]
    if parties:
        only = parties[0]
        if things:
            return only, things[0]
        return (None, only) if _suffers(action, only, verb, sentence) else (only, None)
    return None, (things[0] if things else None)


def _before(parties: list[SpottedName], to: SpottedName, verb: WordHit) -> SpottedName | None:
    """Return who acts on another: the party nearest before it or the verb, else any."""
    first = [n for n in parties if n.start < max(to.start, verb.start)]
    return min(first or parties, key=lambda n: abs(n.start - verb.start), default=None)


def _punished(able: list[SpottedName], by: SpottedName | None, to: SpottedName | None, verb: WordHit) -> _Roles:
    """Return who is fined or banned, and by whom: regulators and states act, what the story is about suffers."""
    can_act = [n for n in able if n.type == "country" or (n.type == "organization" and n.role is not Role.CORE)]
    hit = [n for n in able if n.role is Role.CORE or n.type in {"person", "object"}]
    target = to if to is not None and to not in can_act else _nearest([n for n in hit if n is not by], verb)
    if target is None and len(can_act) > 1:
        target = to or can_act[-1]
    actor = by or _nearest([n for n in can_act if target is None or n.entity != target.entity], verb)
    return actor, target


def _suffers(action: ActionClass, only: SpottedName, verb: WordHit, sentence: Sentence) -> bool:
    """Say whether the only party named is what something is done to: it stands after the verb, or the verb is passive."""
    if action.passive == action.alone or action.passive is None:
        return False
    text = sentence.text[: verb.start - sentence.start].casefold()
    word = sentence.text[verb.start - sentence.start : verb.end - sentence.start].casefold()
    if sentence.lang in VERB_LAST:
        return False
    passive = _PASSIVE_BEFORE.search(text) is not None or (sentence.lang == "en" and word.split()[0].endswith("ed"))
    return only.start > verb.start or (passive and only.end <= verb.start)


def is_said_closer(
    word: WordHit,
    sentence: Sentence,
    actions: Mapping[str, ActionClass],
    general: frozenset[str],
    own: frozenset[str],
) -> bool:
    """Say whether a word is part of what a closer action says: "files for bankruptcy protection" shelters nobody.

    General actions are closer than those of the lexicon, and the story's own closer than general ones.
    """
    is_general, length = word.word_class in general, word.end - word.start
    for other in sentence.words:
        if other.end <= word.start or word.end <= other.start or other.word_class == word.word_class:
            continue
        if is_general and other.word_class in own:
            return True
        if other.word_class in general and word.word_class in actions[other.word_class].counts_as:
            return True  # however much longer the wider word's phrase is
        undoes = other.word_class in general and word.word_class in actions[other.word_class].opposes
        if is_general and undoes and other.start < word.start:
            return True  # "drops takeover of"
        is_longer = other.end - other.start > length or not is_general
        is_around = other.start <= word.start and word.end <= other.end
        if is_longer and is_around and other.word_class in general and word.word_class not in own:
            return True
    return False


def where(action: ActionClass, names: list[SpottedName], party: SpottedName | None) -> str | None:
    """Return the place an event is told of; where nobody is named, the firm at whose head it happens."""
    if party is None and action.family in {"justice", "office"}:
        firm = next((n.entity for n in names if n.type == "organization" and n.role is Role.CORE), None)
        if firm is not None:
            return firm
    return next((n.entity for n in names if n.type in {"facility", "place"}), None)


def is_toll(action: ActionClass, sentence: Sentence, counted: Mapping[str, int]) -> bool:
    """Say whether a headline counts dead: of a story about victims that is what it tells."""
    return action.id == "kill" and sentence.field == "title" and "killed" in counted
