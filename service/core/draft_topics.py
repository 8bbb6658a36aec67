"""What a drafted story may go on about: the actions and subjects of its article, and what is told of together with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from service.core.lexicon import Lexicon
from service.core.model import ActionClass

MOST_SUBJECTS = 8
# Said of anything at any time: no reason to think that an item follows up.
SPEECH_FAMILY = "statements"
# What is told of together: one of these in an article, and the next report may tell of the others.
_TOGETHER = (
    ("insolvency", "savings", "takeover", "jobs", "fraud"),
    ("strike", "union", "jobs"),
    ("flood", "leak", "victims", "missing"),
    ("accident", "fire", "earthquake", "victims", "missing"),
    ("theft", "jewels", "artwork", "suspects"),
    ("election", "protest"),
)
OF_COURTS = frozenset({"court", "fraud", "bribery", "theft", "suspects", "inquiry", "prison"})
_TOO_GENERAL = frozenset({"office", "minister", "cost"})  # in news of every kind


def possible(classes: Collection[str], actions: Mapping[str, ActionClass]) -> tuple[str, ...]:
    """Return the actions that stand with the core, and all others of their families: what may come next."""
    families = {actions[name].family for name in classes if name in actions} - {SPEECH_FAMILY}
    return tuple(name for name, action in actions.items() if action.family in families and not action.derived_from)


def related(
    topics: Counter[str], early: Collection[str], actions: Mapping[str, ActionClass], lexicon: Lexicon
) -> tuple[str, ...]:
    """Return the subjects of an article, the most frequent first, then what is told of together with two of them."""
    own = [
        name
        for name, count in topics.most_common()
        if (count > 1 or name in early) and name not in actions and name not in _TOO_GENERAL
    ]
    own = [name for name in own if name not in lexicon.kinds]
    near = [name for group in _TOGETHER if len(topics.keys() & set(group)) > 1 for name in group]
    return tuple(dict.fromkeys([*own[:MOST_SUBJECTS], *near]))


def special(classes: Collection[str], actions: Mapping[str, ActionClass]) -> tuple[str, ...]:
    """Return the subjects that are actions and stand with the core, and what undoes them."""
    told = actions.keys() & set(classes)
    return tuple(name for name, action in actions.items() if name in told or action.opposes & told)
