"""What somebody does not say: he declines to comment on a handover, or does not confirm a request for it.

It is told that he says nothing, and on what. What he says nothing on is neither told nor denied by that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from service.core.events.function_words import VERB_FIRST, headline_speaker, is_located, is_owner, is_possessor
from service.core.events.sides import CLAUSE_ENDS, is_no_comment
from service.core.events.talks import Topic
from service.core.matching.passages import WordHit
from service.core.matching.reading import Sentence, SpottedName
from service.core.model import ActionClass, Role
from service.core.model.entity_types import PARTIES, PEOPLE, SPEAKERS

# Grammar class → the action that is not done.
_NOT_DONE = {"silent": "state", "unconfirmed": "confirm"}
_BODIES = SPEAKERS - PEOPLE
# A comma ends no clause where what is not said comes after it: "не подтвердил, что …".
_GOES_ON = re.compile(r",\s*(?:dass|ob|что|чтобы|будто|що|чи|że|iż|czy|jakoby|ότι|πως|αν)\b", re.IGNORECASE)
_ASKED = (_BODIES, frozenset({"person"}))


class Silence(NamedTuple):
    """That somebody says nothing: which action he does not do, and where the clause stands that says so.

    Attributes:
        action: "state" or "confirm".
        word: The words that say so.
        clause: The clause; all that is told in it is what he says nothing on.
    """

    action: str
    word: WordHit
    clause: Topic


def silence_in(sentence: Sentence) -> Silence | None:
    """Return that somebody says nothing, where a sentence tells it."""
    found = ((_NOT_DONE[w.word_class], w) for w in sentence.words if w.word_class in _NOT_DONE and not w.background)
    refused = (("state", w) for w in sentence.words if w.word_class == "refuse" and is_no_comment(w, sentence))
    action, word = next(found, None) or next(refused, (None, None))
    if action is None or word is None:
        return None
    first = sentence.start
    begins = max((m.end() for m in CLAUSE_ENDS.finditer(sentence.text, 0, word.start - first)), default=0)
    rest = word.end - first
    while (opens := _GOES_ON.search(sentence.text, rest)) and not CLAUSE_ENDS.search(
        sentence.text, rest, opens.start()
    ):
        rest = opens.end()
    ends = CLAUSE_ENDS.search(sentence.text, rest)
    return Silence(action, word, Topic(first + begins, first + ends.start() if ends else sentence.end))


def who_is_silent(
    silence: Silence, names: list[SpottedName], sentence: Sentence, sides: Mapping[str, str]
) -> SpottedName | None:
    """Return who says nothing: who speaks by the form of the headline, or else the nearest who can, before the verb.

    Whom the story is about is mostly what is asked about. In Slavic a body may stand as where: "in the Kremlin they …".

    Args:
        silence: That nothing is said.
        names: The names that can take part.
        sentence: Where they stand.
        sides: Entity → the one whose side it takes: a capital speaks for its government.
    """
    speaker = headline_speaker(names, sentence)
    if speaker is not None:
        return speaker
    able = [n for n in names if n.type in PARTIES or n.entity in sides]
    able = [n for n in able if not (is_owner(n, sentence) or is_possessor(n, sentence))]
    at, first = silence.word.start, sentence.lang in VERB_FIRST
    pool = [n for n in able if n.end <= at or first] or able
    return min(pool, key=lambda n: (*_says_little(n, sentence), n.end > at, abs(n.start - at)), default=None)


def _says_little(name: SpottedName, sentence: Sentence) -> tuple[int, bool]:
    """Return how unlikely a name is the one who is asked, the likeliest first: a body, a person, a country."""
    if name.role is Role.CORE:
        return len(_ASKED) + 1, False
    place = next((i for i, types in enumerate(_ASKED) if name.type in types), len(_ASKED))
    return place, is_located(name, sentence) and name.type not in _BODIES


def unsaid(sentence: Sentence, silent: str | None, actions: Mapping[str, ActionClass]) -> tuple[str | None, str | None]:
    """Return what somebody says nothing on as (action, entity), either of which may not be said.

    Args:
        sentence: The sentence.
        silent: The entity that says nothing.
        actions: Action classes by id.
    """
    silence = silence_in(sentence)
    if silence is None:
        return None, None
    clause, classes = silence.clause, {w.word_class for w in sentence.words if silence.clause.holds(w)}
    acts = (actions[w.word_class] for w in sentence.words if w.word_class in actions and clause.holds(w))
    act = next((a for a in acts if a.family != "statements" and a.id != "refuse"), None)
    if act is not None and not classes.isdisjoint({"demand", "demanded"}):
        asks = (a for a in actions.values() if a.derived_from == act.id and a.derived_modality == "demanded")
        act = next(asks, act)
    names = (n for n in sentence.names if clause.holds(n) and n.entity != silent and n.role is not Role.PUBLISHER)
    name = min(names, key=lambda n: (n.role is not Role.CORE, n.type == "country", n.start), default=None)
    if name is None or not (act or name.role is Role.CORE):
        return None, None  # "on the future of Russia's bases": the thread's title says it better
    return act.id if act else None, name.entity
