"""Whether a word before a name says who its bearer is, or whose servant somebody else is.

"General Orlov" is a general. "The general of Assad", which many languages write as "general Assad's" or with no word
between, is another man: rulers have generals, ministers and doctors. So an office before a name makes it a mere label
only where the story describes its bearer as one who rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.core.language.folding import fold

if TYPE_CHECKING:
    from service.core.language.lexicon import Lexicon
    from service.core.matching.passages import NameHit, Passage, WordHit
    from service.core.matching.watchlist import Watchlist
    from service.core.model import Entity, Story

_OFFICE = "office"  # the subject whose words are offices


def rulers_of(story: Story, lexicon: Lexicon) -> frozenset[str]:
    """Return the entities that a description calls a president or ruler."""
    return frozenset(entity.id for entity in story.entities if _rules(entity, lexicon))


def _rules(entity: Entity, lexicon: Lexicon) -> bool:
    for lang, titles in entity.titles.items():
        ruling = [fold(phrase.strip("*")) for phrase in lexicon.words.get(lang, {}).get("president", ())]
        if any(phrase in fold(title) for title in titles for phrase in ruling):
            return True
    return False


def introduces(watchlist: Watchlist, passage: Passage, word: WordHit, name: NameHit) -> bool:
    """Say whether a word before a name is the office of its bearer."""
    is_before = word.word_class == "background_before" and word.end <= name.start
    if not is_before or name.entity in watchlist.rulers[name.story]:
        return False
    offices = watchlist.lexicon.kind_words(_OFFICE, passage.lang)
    said = fold(passage.text[word.start : word.end]).split()
    return any(_ends_in(said, phrase) for phrase in offices)


def _ends_in(words: list[str], phrase: str) -> bool:
    parts = fold(phrase.strip("*")).split()
    return words[-len(parts) :] == parts or (phrase.endswith("*") and bool(words) and words[-1].startswith(parts[-1]))
