"""The gate: which stories a text may be of. It sees every item of every feed, so it is made to say no quickly."""

from __future__ import annotations

from collections.abc import Iterable

from service.core.language.literals import Literals
from service.core.language.phrases import PhrasePattern, match_at


class Gate:
    """Says which stories a text may be of: by the longest literal of each of their telling phrases.

    Many phrases share their longest literal ("president"). Of those that have another, only the ones whose second
    literal is there as well are tried.
    """

    def __init__(
        self, phrases: Iterable[tuple[str, PhrasePattern]], company: Iterable[tuple[str, PhrasePattern]] = ()
    ) -> None:
        """Compile the phrases.

        Args:
            phrases: (story, phrase that tells of it).
            company: (story, name in whose company a misspelt name of the story is looked for).
        """
        by_literal: dict[str, dict[str, tuple[list[tuple[str, PhrasePattern]], set[str]]]] = {}
        phrases = list(dict.fromkeys(phrases))
        for story, pattern in phrases:
            literal, second = _longest_two(pattern)
            by_literal.setdefault(literal, {}).setdefault(second, ([], set()))[0].append((story, pattern))
        for story, pattern in company:
            literal, second = _longest_two(pattern)
            by_literal.setdefault(literal, {}).setdefault(second, ([], set()))[1].add(story)
        self._literals = Literals({literal: tuple(each.items()) for literal, each in by_literal.items()})
        self._all = {story for story, _ in phrases}

    def stories(self, folded: str) -> tuple[set[str], set[str]]:
        """Return the stories any of whose phrases stands in a folded text, and of the others those that may be near.

        Near is a story whose `company` may be there: a cheap look that only ever says too much.
        """
        found: set[str] = set()
        near: set[str] = set()
        for by_second in self._literals.held(folded):
            if len(found) == len(self._all):
                break
            for second, (phrases, beside) in by_second:
                if second in folded:
                    near |= beside
                    for story, pattern in phrases:
                        if story not in found and _stands(pattern, folded):
                            found.add(story)
        return found, near - found


def _longest_two(pattern: PhrasePattern) -> tuple[str, str]:
    """Return the two longest literals of a pattern, the longer first; the second is empty where there is but one."""
    literals = sorted((token.literal for token in pattern.tokens), key=len, reverse=True)
    return literals[0], literals[1] if len(literals) > 1 else ""


def _stands(pattern: PhrasePattern, folded: str) -> bool:
    position = folded.find(pattern.anchor)
    while position >= 0:
        if match_at(pattern, folded, position) is not None:
            return True
        position = folded.find(pattern.anchor, position + 1)
    return False
