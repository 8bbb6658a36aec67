"""Which words of a sentence tell what happens: none that is undone, asked about, part of a title or said more closely."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.core.events.askers import asks_not_done, is_not_asked
from service.core.events.dealings import is_own_suit, is_said_closer
from service.core.events.event_words import EventWords
from service.core.events.function_words import is_ahead, is_setting
from service.core.events.modality import (
    OF_SOMETHING_ELSE,
    WEAK_FAMILIES,
    is_conditional,
    is_covered,
    is_denial_of_reports,
    is_lacking,
    is_of_a_site,
    is_of_halted_talks,
    is_told_earlier,
    is_unplanned_itself,
    is_wish_for,
)
from service.core.events.movers import is_who_leaves
from service.core.events.reasons import says_closer
from service.core.events.sides import (
    is_no_comment,
    is_topic,
)
from service.core.events.silence import Silence
from service.core.events.talks import Topic, is_topic_of
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence
from service.core.model import ActionClass, Role
from service.core.model.entity_types import PEOPLE

SITE_WORDS = frozenset({"base", "airport", "port"})
_ONE_PHRASE = 24  # code points; a longer one is two words with others between
_REFUSALS = frozenset({"refuse", "deny"})
_INSISTENCE = frozenset({"demanded"})  # "will not give up its demand"
_SPOKEN = frozenset({"state", "accuse", "undecided"})  # "will not comment on"
_SPOKEN_OF = frozenset({"refuge", "justice", "presence", "flight"})


# "Stay away" is no staying, "remains unclear" no presence.
# What makes of a word of staying something else: "stays silent"; in Polish it also makes a passive, "został wydany".
_NO_STAYING = {
    "en": re.compile(r"\s+(?:away|out|clear|apart|silent|quiet|unclear|open|uncertain|calm|tense)\b"),
    "pl": re.compile(r"\s+(?!w\b|na\b)\w{3,}(?:ny|na|ne|ni|no|ty|ta|te|ci|to)\b"),
}


def told_words(
    sentence: Sentence,
    words: EventWords,
    silence: Silence | None,
    talked: Topic | None,
    withdrawn: int | None,
    *,
    is_headed: bool,
) -> Iterator[tuple[WordHit, ActionClass]]:
    """Yield the words of a sentence that tell an action: none that is only spoken of, or on which nothing is said."""
    for word in sentence.words:
        action = _as_of_a_site(words.actions.get(word.word_class), sentence, words.actions)
        if action is None or (silence is not None and silence.clause.holds(word)):
            continue
        if withdrawn is not None and word.start < withdrawn and sentence.field == "title":
            continue
        if _is_longer_there(word, action, sentence, words) or _is_no_event(
            word, sentence, words.actions, is_headed=is_headed
        ):
            continue
        if words.general and is_said_closer(word, sentence, words.actions, words.general, words.own):
            continue
        if (action.family in _SPOKEN_OF and is_topic(word, sentence)) or _is_leave(word, sentence, words):
            continue
        if talked is not None and is_topic_of(talked, word):
            continue
        yield word, action
    if "demand" in words.actions and silence is None:
        yield from ((word, words.actions["demand"]) for word in asks_not_done(sentence))


def _as_of_a_site(
    action: ActionClass | None, sentence: Sentence, actions: Mapping[str, ActionClass]
) -> ActionClass | None:
    """Return the action that a word tells, where a word for handing somebody over hands over a base or an airport."""
    if action is None or action.id != "extradite" or "cede" not in actions:
        return action
    named = [n for n in sentence.names if n.oblique is None]
    is_sited = any(n.type == "facility" for n in named) or not SITE_WORDS.isdisjoint(sentence.classes())
    is_of_somebody = any(n.role is Role.CORE and n.type in PEOPLE for n in named) or "ousted" in sentence.classes()
    return actions["cede"] if is_sited and not is_of_somebody else action


def _is_longer_there(word: WordHit, action: ActionClass, sentence: Sentence, words: EventWords) -> bool:
    """Say whether a longer phrase of another class holds the word: "leaves two dead" is no leaving.

    Keeping away is never one of staying, however much of a sentence that takes in ("keep .. troops").
    """
    return action.id != "avoid" and any(
        (
            (other.start == word.start and other.end > word.end)
            or (other.start < word.start and other.end == word.end)  # its own last word: "lebt laut … zurückgezogen"
            or (other.start < word.start and other.end >= word.end and other.end - other.start <= _ONE_PHRASE)
            or (word.start < other.start < word.end < other.end and not words.general)  # "to return funds": no return
        )
        and other.word_class in words.actions
        and other.word_class != action.id
        and (other.word_class != "demand" or action.family in WEAK_FAMILIES)  # what is demanded is told
        and other.word_class not in action.counts_as
        and not says_closer(action.id, other.word_class)
        and not (action.id in words.own and other.word_class in words.general)
        and (other.start == word.start or other.word_class not in words.own)
        for other in sentence.words
    )


def _is_no_event(word: WordHit, sentence: Sentence, actions: Mapping[str, ActionClass], *, is_headed: bool) -> bool:
    """Say whether an action stands in a condition, is undone, is part of a title, or is of former times below a headline."""
    if word.word_class not in _SPOKEN and is_covered(word, sentence, OF_SOMETHING_ELSE):
        return True
    if is_lacking(word, sentence) or is_of_halted_talks(word, sentence) or is_own_suit(word, sentence):
        return True
    if is_not_asked(word, sentence) or (word.word_class == "visit" and is_setting(word, sentence)):
        return True
    if is_wish_for(word, sentence, actions) or is_who_leaves(word, sentence):
        return True
    if (actions[word.word_class].family == "measures" or word.word_class == "extend") and is_ahead(word, sentence):
        return True
    if is_denial_of_reports(word, sentence) or is_unplanned_itself(word, sentence):
        return True
    if word.word_class in _REFUSALS and (is_no_comment(word, sentence) or is_covered(word, sentence, _INSISTENCE)):
        return True
    if is_conditional(word, sentence) or _is_staying_away(word, sentence) or is_of_a_site(word, sentence):
        return True
    if any(name.is_title and name.start <= word.start and word.end <= name.end for name in sentence.names):
        return True  # "the expelled president" is who he is
    if any(o.word_class == "ousted" and o.start <= word.start and word.end <= o.end for o in sentence.words):
        return True  # so it is where a word of its own says it
    return is_headed and is_told_earlier(word, sentence)


def _is_leave(word: WordHit, sentence: Sentence, words: EventWords) -> bool:
    """Say whether a word of agreeing only gives leave to what the sentence tells: "allows Russia to stay"."""
    return (
        word.word_class == "agree"
        and any(leave.word_class == "permit" and leave.start == word.start for leave in sentence.words)
        and any(
            other.word_class in words.actions and words.actions[other.word_class].family == "presence"
            for other in sentence.words
        )
    )


def _is_staying_away(action: WordHit, sentence: Sentence) -> bool:
    """Say whether a word of staying goes on to say that nobody is there, or what remains so: "stay away"."""
    if action.word_class == "keep" and any(
        word.word_class == "avoid" and word.start < action.end and action.start < word.end for word in sentence.words
    ):
        return True
    goes_on = _NO_STAYING.get(sentence.lang)
    after = sentence.text[action.end - sentence.start :].casefold()
    return action.word_class == "keep" and goes_on is not None and goes_on.match(after) is not None
